// The table.
const score = (row, key, scope) => ((row.scores[scope] || {})[key] || [null, null, null]);
const standing = (row, view) => ((view.board.ranks[view.scope] || {})[view.by] || {})[row.id];
const svg = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const scaleOf = (bounds) => {
  const known = bounds.filter((value) => value !== null);
  const [least, most] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const step = [0.02, 0.05, 0.1, 0.2, 0.5].find((own) => most - least <= 5 * own) || 0.5;
  const first = Math.floor(least / step + 1e-6);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-6));
  const [low, high] = [first * step, last * step];
  const at = (value) => `${(100 * (value - low)) / (high - low)}%`;
  return { at, ticks: Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(4))) };
};
const axis = ({ at, ticks }) => {
  const element = svg("svg", { class: "axis", width: "100%", height: 20, "aria-hidden": "true" });
  ticks.forEach((tick, i) => {
    const anchor = i === 0 ? "start" : i === ticks.length - 1 ? "end" : "middle";
    const label = svg("text", { x: at(tick), y: 11, "text-anchor": anchor });
    label.textContent = String(tick);
    element.append(svg("line", { x1: at(tick), x2: at(tick), y1: 15, y2: 20 }), label);
  });
  return element;
};
// The score stands beside it in words.
const mark = ([value, low, high], { at, ticks }, dot = "dot") => {
  const element = svg("svg", { class: "mark", width: "100%", height: 28, "aria-hidden": "true" });
  for (const tick of ticks) element.append(svg("line", { class: "grid", x1: at(tick), x2: at(tick), y1: 0, y2: 28 }));
  if (value === null) return element;
  if (low !== null && high !== null) {
    for (const [x1, x2, y1, y2] of [[low, high, 14, 14], [low, low, 9, 19], [high, high, 9, 19]]) {
      element.append(svg("line", { class: "whisker", x1: at(x1), x2: at(x2), y1, y2 }));
    }
  }
  element.append(svg("circle", { class: dot, cx: at(value), cy: 14, r: 4.5 }));
  return element;
};
const interval = ([, low, high]) => (low === null || high === null ? "" : `${fixed(low)}–${fixed(high)}`);
const whole = (own) => `${fixed(own[0])}${interval(own) && ` [${interval(own)}]`}`;
const cell = (own, label) => {
  const element = make("td", fixed(own[0]), ["number"]);
  element.dataset.label = label;
  if (interval(own)) element.append(make("span", interval(own), ["sub"]));
  return element;
};
const places = ([, best, worst]) => (best === null ? MISSING : best === worst ? String(best) : `${best}–${worst}`);
const placeCell = (row, view) => {
  const own = standing(row, view);
  const element = make("td", "", ["rank"]);
  if (own && own[0] !== null) element.append(make("strong", `${places(own)}`), make("span", `group ${own[0]}`, ["sub"]));
  else element.append(make("span", row.problem ? "not ranked" : row.fresh ? "not ranked yet" : MISSING, row.problem || row.fresh ? ["badge"] : []));
  if (row.problem) element.append(make("span", row.problem, ["sub", "alarm"]));
  if (row.gone) element.append(make("span", "superseded since", ["sub"]));
  return element;
};
// A model on a server goes by its name there; the panel of the run has the whole address.
const called = (model) => model.replace(/^openai:(?:[^#]*#)?(?=.)/, "");
const modelCell = (row) => {
  const element = make("th");
  element.scope = "row";
  const button = make("button", "", ["open"]);
  button.type = "button";
  button.append(...called(row.model).split(/(?<=[_:/#-])/).flatMap((piece) => [piece, make("wbr")]));
  button.addEventListener("click", () => { state.run = row.id; keep(); about(true); });
  const known = [row.prompt, row.weights && row.weights !== "none" ? `${row.weights} weights` : null];
  element.append(button, make("span", known.filter(Boolean).join(" · "), ["sub"]));
  return element;
};
const line = (row, view) => {
  const element = make("tr");
  element.dataset.run = row.id;
  const main = score(row, view.by, view.scope);
  const wide = make("td", "", ["wide"]);
  wide.append(mark(main, view.scale), make("span", whole(main), ["under-mark"]));
  const cut = make("td", row.truncated ? `${((100 * row.truncated) / row.n).toFixed(1)}%` : "0%", ["number"]);
  cut.dataset.label = "Cut off";
  element.append(placeCell(row, view), modelCell(row), wide, ...view.beside.map((key) => cell(score(row, key, view.scope), metric(key).title)), cut);
  return element;
};
const publishedLine = (row, view) => {
  const stated = (key) => [row.scores[key] === undefined ? null : row.scores[key], null, null];
  const element = make("tr", "", ["reference"]);
  const head = make("th", `${given.published.name}: ${row.model}`);
  head.scope = "row";
  head.append(make("span", [row.prompt, row.about].join(" · "), ["sub"]));
  const place = make("td", "", ["rank"]);
  place.append(make("span", given.published.note, ["sub"]));
  const wide = make("td", "", ["wide"]);
  const main = stated(view.by);
  if (main[0] !== null) wide.append(mark(main, view.scale, "published-mark"));
  wide.append(make("span", main[0] === null ? `no ${metric(view.by).title} published` : fixed(main[0]), ["under-mark"]),
    make("span", `${count(row.predictions)} answers, no interval stated. ${given.published.source}`, ["sub"]));
  const cut = make("td", MISSING, ["number"]);
  cut.dataset.label = "Cut off";
  element.append(place, head, wide, ...view.beside.map((key) => cell(stated(key), metric(key).title)), cut);
  return element;
};
const value = (row, key, view) => (key === "model" ? called(row.model) : key === "cut" ? row.truncated / row.n : score(row, key, view.scope)[0]);
const better = (key) => (key === "model" || key === "cut" || !metric(key).higher ? 1 : -1);
const sorted = (own, view) => {
  const [key, turned] = view.sort;
  const sign = better(key) * (turned ? -1 : 1);
  const compare = (a, b) => {
    const [x, y] = [value(a, key, view), value(b, key, view)];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
  };
  return [...own].sort((a, b) => compare(a, b) || a.model.localeCompare(b.model) || a.id.localeCompare(b.id));
};
const header = (key, label, title, view, names = []) => {
  const element = make("th", "", names);
  element.scope = "col";
  const [current, turned] = view.sort;
  if (key === current) element.setAttribute("aria-sort", (better(key) > 0) === !turned ? "ascending" : "descending");
  const button = make("button", label, ["sort", "head"]);
  button.type = "button";
  button.title = title;
  button.dataset.sort = key;
  button.addEventListener("click", () => { state.sort = key === current && !turned ? `-${key}` : key; draw(key, "sort"); });
  element.append(button);
  return element;
};
const heads = (view) => {
  const place = make("th", "Place");
  place.scope = "col";
  const wide = header(view.by, metric(view.by).title, metric(view.by).about, view, ["wide"]);
  wide.append(axis(view.scale));
  part("heads").replaceChildren(place, header("model", "Model", "Sort by model", view), wide,
    ...view.beside.map((key) => header(key, metric(key).title, metric(key).about, view, ["number"])),
    header("cut", "Cut off", "Answers cut off at the longest length", view, ["number"]));
};
const picks = (own, view) => {
  const any = (values) => [["", "all"], ...values];
  const scopes = radsOptions(own);
  const prompts = unique(own.map((row) => row.prompt)).filter(Boolean).sort();
  const sizes = [...SIZES.map(([name]) => name), "unknown"].filter((name) => own.some((row) => sizeName(row) === name));
  const weights = WEIGHTS.filter(([name]) => own.some((row) => (row.weights || "unknown") === name));
  const find = make("label", "Model name contains", ["pick"]);
  const box = make("input");
  box.type = "search";
  box.name = "find";
  box.value = state.find || "";
  box.addEventListener("input", () => { state.find = box.value; table(); keep(); });
  find.append(box);
  const reset = make("button", "Reset");
  reset.type = "button";
  reset.addEventListener("click", () => { for (const name of [...PLAIN, "find"]) delete state[name]; draw(); });
  const columns = [view.by, ...view.beside, "cut", "model"];
  return [
    select("rads", "RADS", scopes, view.scope),
    select("by", "Ranked by", view.metrics.map((key) => [key, metric(key).title]), view.by),
    select("prompt", "Prompt", any(prompts.map((name) => [name, name])), state.prompt || ""),
    select("size", "Model size", any(sizes.map((name) => [name, name === "unknown" ? "not stated" : name])), state.size || ""),
    select("weights", "Weights", any(weights), state.weights || ""),
    select("sort", "Sorted by", columns.map((key) => [key, key === "model" ? "Model" : key === "cut" ? "Cut off" : metric(key).title]), view.sort[0], ["only-small"]),
    find, reset,
  ];
};
const viewOf = (board, own) => {
  const keys = given.scopes.map(({ key }) => key);
  const scope = keys.includes(state.rads) && radsOptions(own).flatMap(([key, , inside]) => [key, ...(inside || []).map(([one]) => one)]).includes(state.rads) ? state.rads : ALL;
  const has = (key) => own.some((row) => score(row, key, scope)[0] !== null);
  const metrics = given.rank_by.filter(has);
  const by = metrics.includes(state.by) ? state.by : metrics[0] || given.rank_by[0];
  const beside = rules.columns.filter((key) => key !== by && has(key));
  const wanted = (state.sort || "").replace(/^-/, "");
  const sort = [by, ...beside, "cut", "model"].includes(wanted) ? [wanted, state.sort.startsWith("-")] : [by, false];
  return { board, scope, by, metrics, beside, sort };
};
let current = null;
const table = () => {
  const { board, own, view } = current;
  const shown = sorted(own.filter(fits), view);
  // What was published of all RADS together stands beside such tables alone, and fits no filter of models.
  const beside = view.scope === ALL && board.setting[SETTING.config] === ALL && !state.size && !state.weights && !state.find;
  const stated = beside ? given.published.rows.filter((row) => !state.prompt || row.prompt === state.prompt) : [];
  view.scale = scaleOf([...shown.flatMap((row) => score(row, view.by, view.scope)), ...stated.map((row) => row.scores[view.by] ?? null)]);
  heads(view);
  let before = null;
  const lines = shown.map((row) => {
    const element = line(row, view);
    const place = standing(row, view);
    if (view.sort[0] === view.by && place) {
      if (before !== null && place[0] !== before) element.classList.add("next-group");
      [before] = place;
    }
    return element;
  });
  part("rows").replaceChildren(...lines);
  part("published").replaceChildren(...stated.map((row) => publishedLine(row, view)));
  part("none").hidden = shown.length > 0;
  told(own, shown, view);
  part("fingerprint").textContent = board.setting[SETTING.dataset_fingerprint];
  part("signature").textContent = board.signature || MISSING;
};
const told = (own, shown, view) => {
  const scope = given.scopes.find(({ key }) => key === view.scope);
  const ranked = own.filter((row) => standing(row, view)).length;
  const n = scope.documents.reduce((sum, key) => sum + (own[0].reports[key] || 0), 0);
  const total = view.scope === ALL ? own[0].n : n;
  const tested = {
    0: "None of these runs is ranked yet.",
    1: "A run that stands alone is compared with nothing.",
  }[ranked] || "Places and groups come from paired tests on the same reports: runs of one group cannot be told apart, all of one differ from all of the next. Places count all ranked runs of this table, filtered or not.";
  part("about").textContent = `${shown.length} of ${own.length} runs, ${count(total)} reports. ${metric(view.by).title}: ${metric(view.by).about}; the line is its 95% interval. ${tested}`;
  part("caption").textContent = `Runs by ${metric(view.by).title}, ${scope.title}`;
};
const flags = (board) => {
  const at = (name) => board.setting[SETTING[name]];
  return `multirads run MODEL --task ${at("task")} --split ${at("split")} --config ${at("config")} --condition ${at("condition")} --seed ${at("seed")} --limit ${at("n")}`;
};
const draw = (changed, kind = "name") => {
  const focused = changed || document.activeElement.name;
  const [board, asked] = chosenBoard();
  const own = rows.filter((row) => JSON.stringify(row.setting) === board.key);
  const view = viewOf(board, own);
  current = { board, own, view };
  part("asked").replaceChildren(...asked);
  part("shown").replaceChildren(...picks(own, view));
  part("run-command").textContent = flags(board);
  table();
  about(false);
  keep();
  // What had the focus keeps it, though it was drawn anew.
  const again = focused && document.querySelector(kind === "sort" ? `button[data-sort="${focused}"]` : `[name="${focused}"]`);
  if (again) again.focus();
};
