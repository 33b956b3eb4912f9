// What can be chosen. A view is kept in the address, so that it can be passed on.
const rows = [...given.runs];
// For whoever looks at them in the console.
window.leaderboardRows = rows;
// Boards with ranks stand first, the largest before others.
const boards = () => unique([...given.boards, ...rows].map(({ setting }) => JSON.stringify(setting))).map((key) => {
  const setting = JSON.parse(key);
  const ranked = given.boards.find((own) => JSON.stringify(own.setting) === key);
  return { key, setting, ranks: ranked ? ranked.ranks : {}, signature: ranked ? ranked.signature : null };
});
const reports = ({ setting }) => {
  const [split, config] = [setting[SETTING.split], setting[SETTING.config]];
  return config === ALL ? split : `${split} · ${config}`;
};
const variant = ({ setting }) => `${count(Number(setting[SETTING.n]))} reports · seed ${setting[SETTING.seed]} · ${setting[SETTING.dataset_fingerprint]}`;
const ASKED = [
  ["task", "Task", (board) => board.setting[SETTING.task]],
  ["split", "Reports", reports],
  ["condition", "Condition", (board) => board.setting[SETTING.condition]],
  ["version", "Version of the reports", variant],
];
const PLAIN = ["rads", "by", "prompt", "size", "weights", "sort"];
let state = {};
const read = () => { state = Object.fromEntries(new URLSearchParams(location.hash.slice(1))); };
const keep = () => {
  const hash = String(new URLSearchParams(Object.entries(state).filter(([, value]) => value)));
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  // A Space stands in a frame of the Hub, which keeps the address.
  if (window.parent !== window) window.parent.postMessage({ queryString: "", hash }, source.endpoint);
};
const option = ([value, label]) => {
  const element = make("option", label);
  element.value = value;
  return element;
};
const select = (name, label, options, chosen, names = []) => {
  const element = make("label", label, ["pick", ...names]);
  const own = make("select");
  own.name = name;
  for (const [value, title, inside] of options) {
    if (!inside) own.append(option([value, title]));
    else {
      const group = document.createElement("optgroup");
      group.label = title;
      group.append(...inside.map(option));
      own.append(group);
    }
  }
  own.value = chosen;
  own.addEventListener("change", () => { state[name] = own.value; draw(name); });
  element.append(own);
  return element;
};
const chosenBoard = () => {
  let left = boards();
  const picks = [];
  for (const [name, label, of] of ASKED) {
    const values = unique(left.map(of));
    const value = values.includes(state[name]) ? state[name] : values[0];
    if (name !== "version" || values.length > 1) picks.push(select(name, label, values.map((own) => [own, own]), value));
    left = left.filter((board) => of(board) === value);
  }
  return [left[0], picks];
};
const radsOptions = (own) => {
  const there = given.scopes.filter(({ key, documents }) => own.some((row) => row.scores[key] || (key !== ALL && documents.some((one) => row.scores[one]))));
  return there.filter((scope) => !scope.of).map(({ key, title }) => {
    const inside = there.filter((scope) => scope.of === key);
    return inside.length ? [key, title, [[key, `${title}, together`], ...inside.map((scope) => [scope.key, scope.title])]] : [key, title];
  });
};
const sizeName = (row) => (row.size === null ? "unknown" : (SIZES.find(([, low, high]) => row.size > low && row.size <= high) || [""])[0]);
const fits = (row) => (!state.prompt || row.prompt === state.prompt)
  && (!state.size || sizeName(row) === state.size)
  && (!state.weights || (row.weights || "unknown") === state.weights)
  && (!state.find || row.model.toLowerCase().includes(state.find.toLowerCase()));
