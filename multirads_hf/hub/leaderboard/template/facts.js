const given = JSON.parse(document.getElementById("leaderboard").textContent);
const { rules, source } = given;
const ALL = "all";
const MISSING = "–";
const ID = /^[0-9a-f]{16}$/;
// Runs that are read from the Hub: at once, and in all.
const AT_ONCE = 6;
const MOST = 50;
const SETTING = Object.fromEntries(rules.setting.map((name, i) => [name, i]));
const SIZES = [["up to 3B", 0, 3e9], ["3B to 10B", 3e9, 1e10], ["10B to 40B", 1e10, 4e10], ["above 40B", 4e10, Infinity]];
const WEIGHTS = [["open", "open"], ["closed", "closed"], ["none", "none: baseline"], ["unknown", "not stated"]];
const part = (role) => document.querySelector(`[data-role="${role}"]`);
// Whatever came from a run goes in as text.
const make = (tag, text = "", names = []) => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.classList.add(...names);
  return element;
};
const link = (text, address) => {
  const element = make("a", text);
  element.href = address;
  return element;
};
const unique = (values) => [...new Set(values)];
const count = (value) => (typeof value === "number" ? value.toLocaleString("en") : MISSING);
const fixed = (value) => (value === null || value === undefined ? MISSING : value.toFixed(3));
const metric = (key) => given.metrics.find((own) => own.key === key) || { key, title: key.replaceAll("_", " "), about: key, higher: true };
const repo = `${source.endpoint}/datasets/${source.repo}`;
