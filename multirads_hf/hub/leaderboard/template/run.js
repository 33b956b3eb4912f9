// One run: where it comes from, and all its scores.
const fact = (name, content) => {
  const held = make("dd");
  held.append(content);
  return [make("dt", name), held];
};
const scoreTable = (title, first, lines) => {
  const element = make("table", "", ["plain"]);
  const body = make("tbody");
  const head = make("tr");
  for (const [i, label] of [first, "Score", "95% interval"].entries()) {
    const own = make("th", label, i ? ["number"] : []);
    own.scope = "col";
    head.append(own);
  }
  body.append(...lines.map(([label, own, more]) => {
    const row = make("tr");
    const name = make("th", label);
    name.scope = "row";
    if (more) name.append(make("span", more, ["sub"]));
    row.append(name, make("td", fixed(own[0]), ["number"]), make("td", interval(own) || MISSING, ["number"]));
    return row;
  }));
  const top = make("thead");
  top.append(head);
  element.append(make("caption", title), top, body);
  const around = make("div", "", ["scroll"]);
  around.append(element);
  return around;
};
const about = (move) => {
  const section = document.getElementById("run");
  const row = rows.find((own) => own.id === state.run);
  section.hidden = !row;
  if (!row) return;
  document.getElementById("run-h").textContent = row.model;
  const files = link(`runs/${row.id}`, `${repo}/tree/main/runs/${row.id}`);
  part("facts").replaceChildren(...[
    ["Standing", row.problem ? `not ranked: ${row.problem}` : row.fresh ? "published after this leaderboard was made, not ranked yet" : "ranked"],
    ["Files", files], ["Revision", row.revision || MISSING], ["Prompt", row.prompt || MISSING],
    ["Settings", JSON.stringify(row.settings)], ["Began", row.created || MISSING],
    ["Failed calls", count(row.errors)], ["Cut off", `${count(row.truncated)} of ${count(row.n)}`],
    ["Median call", row.seconds === null ? MISSING : `${row.seconds.toPrecision(3)} s`],
    ["Cost", row.cost === null ? MISSING : `${row.cost.toFixed(2)} US dollars`], ["Signature", row.signature || MISSING],
  ].flatMap(([name, content]) => fact(name, content)));
  const order = given.metrics.map(({ key }) => key);
  const place = (key) => (order.includes(key) ? order.indexOf(key) : order.length);
  const every = Object.entries(row.scores[ALL]).sort(([a], [b]) => place(a) - place(b)).map(([key, own]) => [metric(key).title, own, metric(key).higher ? "" : "lower is better"]);
  const scopes = given.scopes.filter(({ key }) => key !== ALL && row.scores[key]);
  const { by } = current.view;
  part("scores").replaceChildren(scoreTable("All reports", "Score", every),
    scoreTable(metric(by).title, "RADS", scopes.map(({ key, title }) => [title, score(row, by, key), row.reports[key] ? `${count(row.reports[key])} reports` : ""])));
  if (move) { section.focus({ preventScroll: true }); section.scrollIntoView({ block: "start" }); }
};
