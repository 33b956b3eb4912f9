"use strict";
(() => {
  const given = JSON.parse(document.getElementById("leaderboard").textContent);
  const { rules, source } = given;
  const ALL = "all";
  const MISSING = "–";
  const ID = /^[0-9a-f]{16}$/;
  // Runs that are read from the Hub: at once, and in all.
  const AT_ONCE = 6;
  const MOST = 200;
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
  const metric = (key) => given.metrics.find((own) => own.key === key) || { key, title: key, about: key, higher: true };
  const repo = `${source.endpoint}/datasets/${source.repo}`;

  // A row of a results file, as hub/leaderboard/rows.py makes it.
  const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  const text = (value) => (typeof value === "string" ? value : null);
  const scores = (found, names) => Object.fromEntries(Object.entries(found || {})
    .filter(([key, own]) => (!names || names.includes(key)) && own && typeof own === "object" && number(own.value) !== null)
    .map(([key, own]) => [key, [own.value, number(own.low), number(own.high)]]));
  const sizeOf = (model) => {
    const found = new RegExp(rules.size).exec(model);
    return found && Number(found[1] || 1) * Number(found[2]) * rules.units[found[3].toLowerCase()];
  };
  const weightsOf = (model) => (rules.weights.find(([, pattern]) => new RegExp(pattern).test(model)) || [""])[0];
  const rowOf = (id, results) => {
    if (text(results.model) === null || !Number.isInteger(results.n) || !results.scores) throw new TypeError("no results");
    const parts = Object.entries(results.by_document || {});
    const { usage = {}, states = {}, environment = {} } = results;
    return {
      id,
      ...Object.fromEntries(["model", "revision", "prompt", "task", "split", "config", "condition", "created", "signature"]
        .map((key) => [key, text(results[key])])),
      seed: number(results.seed),
      n: results.n,
      setting: rules.setting.map((key) => String(results[key])),
      fingerprint: text(results.dataset_fingerprint),
      version: text(environment["multirads-hf"]),
      size: sizeOf(results.model),
      weights: weightsOf(results.model),
      truncated: number(states.truncated) || 0,
      errors: number(states.error) || 0,
      cost: number(usage.cost),
      seconds: number(usage.latency_s_p50),
      settings: results.settings || {},
      scores: Object.fromEntries([[ALL, scores(results.scores)], ...parts.map(([key, own]) => [key, scores(own.scores, rules.columns)])]),
      reports: Object.fromEntries([[ALL, results.n], ...parts.map(([key, own]) => [key, number(own.n)])]),
    };
  };

  // What can be chosen. A view is kept in the address, so that it can be passed on.
  const rows = [...given.runs];
  // For whoever looks at them in the console.
  window.leaderboardRows = rows;
  const boards = () => unique(rows.map((row) => JSON.stringify(row.setting))).map((key) => {
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
    const hash = `#${new URLSearchParams(Object.entries(state).filter(([, value]) => value))}`;
    history.replaceState(null, "", hash);
    // A Space stands in a frame of the Hub, which keeps the address.
    if (window.parent !== window) window.parent.postMessage({ queryString: "", hash: hash.slice(1) }, source.endpoint);
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
  const mark = ([value, low, high], { at, ticks }, label, dot = "dot") => {
    const element = svg("svg", { class: "mark", width: "100%", height: 28, role: "img", "aria-label": label });
    for (const tick of ticks) element.append(svg("line", { class: "grid", x1: at(tick), x2: at(tick), y1: 0, y2: 28 }));
    if (value === null) return element;
    if (low !== null && high !== null) {
      for (const [x1, x2, y1, y2] of [[low, high, 14, 14], [low, low, 9, 19], [high, high, 9, 19]]) {
        element.append(svg("line", { class: "whisker", x1: at(x1), x2: at(x2), y1, y2 }));
      }
    }
    element.append(svg("circle", { class: dot, cx: at(value), cy: 14, r: 5 }));
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
  const modelCell = (row) => {
    const element = make("th");
    element.scope = "row";
    const button = make("button", "", ["open"]);
    button.type = "button";
    button.append(...row.model.split(/(?<=[_:/#-])/).flatMap((piece) => [piece, make("wbr")]));
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
    wide.append(mark(main, view.scale, `${row.model}: ${whole(main)}`), make("span", whole(main), ["under-mark"]));
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
    if (main[0] !== null) wide.append(mark(main, view.scale, `${row.model}, published: ${fixed(main[0])}`, "published-mark"));
    wide.append(make("span", main[0] === null ? `no ${metric(view.by).title} published` : fixed(main[0]), ["under-mark"]),
      make("span", `${count(row.predictions)} answers, no interval stated. ${given.published.source}`, ["sub"]));
    const cut = make("td", MISSING, ["number"]);
    cut.dataset.label = "Cut off";
    element.append(place, head, wide, ...view.beside.map((key) => cell(stated(key), metric(key).title)), cut);
    return element;
  };
  const value = (row, key, view) => (key === "model" ? row.model : key === "cut" ? row.truncated / row.n : score(row, key, view.scope)[0]);
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
    const stated = view.scope === ALL ? given.published.rows.filter((row) => !state.prompt || row.prompt === state.prompt) : [];
    view.scale = scaleOf([...shown.flatMap((row) => score(row, view.by, view.scope)), ...stated.map((row) => row.scores[view.by] ?? null)]);
    heads(view);
    let before = null;
    const lines = shown.map((row) => {
      const element = line(row, view);
      const place = standing(row, view);
      const group = place ? place[0] : "none";
      if (view.sort[0] === view.by && before !== null && group !== before) element.classList.add("next-group");
      before = group;
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
    const tested = ranked > 1 ? "Places and groups come from paired tests on the same reports: runs of one group cannot be told apart, all of one differ from all of the next. Places count all ranked runs of this table, filtered or not." : "A run that stands alone is compared with nothing.";
    part("about").textContent = `${shown.length} of ${own.length} runs, ${count(total)} reports. ${metric(view.by).title}: ${metric(view.by).about}; the line is its 95% interval. ${tested}`;
    part("caption").textContent = `Runs by ${metric(view.by).title}, ${scope.title}`;
  };
  const flags = (board) => {
    const at = (name) => board.setting[SETTING[name]];
    const most = Math.max(...boards().filter((other) => reports(other) === reports(board)).map((other) => Number(other.setting[SETTING.n])));
    const limit = Number(at("n")) < most ? ` --limit ${at("n")}` : "";
    return `multirads run MODEL --task ${at("task")} --split ${at("split")} --config ${at("config")} --condition ${at("condition")} --seed ${at("seed")}${limit}`;
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
    const every = Object.entries(row.scores[ALL]).map(([key, own]) => [metric(key).title, own, metric(key).higher ? "" : "lower is better"]);
    const scopes = given.scopes.filter(({ key }) => key !== ALL && row.scores[key]);
    const { by } = current.view;
    part("scores").replaceChildren(scoreTable("All reports", "Score", every),
      scoreTable(metric(by).title, "RADS", scopes.map(({ key, title }) => [title, score(row, by, key), row.reports[key] ? `${count(row.reports[key])} reports` : ""])));
    if (move) { section.focus({ preventScroll: true }); section.scrollIntoView({ block: "start" }); }
  };

  // Runs that were published since.
  const fetched = async (address) => {
    const answer = await fetch(address, { credentials: "omit" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer;
  };
  const latest = async () => {
    const found = new Set();
    let next = `${source.endpoint}/api/datasets/${source.repo}/tree/main/results`;
    while (next) {
      const answer = await fetched(next);
      for (const { path } of await answer.json()) {
        const id = String(path).replace(/^results\//, "").replace(/\.parquet$/, "");
        if (ID.test(id)) found.add(id);
      }
      next = (/<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") || "") || [])[1];
    }
    return found;
  };
  const status = (words) => part("status").append(` ${words}`);
  const update = async () => {
    const there = await latest();
    for (const row of rows) row.gone = !there.has(row.id);
    const known = new Set(rows.map((row) => row.id));
    const fresh = [...there].filter((id) => !known.has(id));
    const queue = fresh.slice(0, MOST);
    let unread = fresh.length - queue.length;
    const work = async () => {
      for (let id = queue.pop(); id; id = queue.pop()) {
        try {
          const answer = await fetched(`${repo}/resolve/main/runs/${id}/results.json`);
          rows.push({ ...rowOf(id, await answer.json()), problem: "", fresh: true });
        } catch { unread += 1; }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const added = rows.filter((row) => row.fresh).length;
    status(added ? `${count(added)} published since, not ranked yet.` : "No other run was published since.");
    if (unread) status(`${count(unread)} more could not be read.`);
    draw();
  };

  read();
  window.addEventListener("hashchange", () => { read(); draw(); });
  part("close").addEventListener("click", () => {
    const id = state.run;
    delete state.run;
    keep();
    about(false);
    const opener = document.querySelector(`tr[data-run="${CSS.escape(id)}"] button`);
    if (opener) opener.focus();
  });
  part("board").hidden = false;
  draw();
  update().catch(() => status("The Hub could not be reached, so runs published since are missing."))
    .finally(() => { document.documentElement.dataset.read = "done"; });
})();
