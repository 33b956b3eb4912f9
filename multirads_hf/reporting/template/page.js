"use strict";
(() => {
  const SHADES = 9;
  const DENSE = 16; // columns beyond which cells get smaller
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const part = (root, role) => root.querySelector(`[data-role="${role}"]`);
  const make = (tag, text, names = []) => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.classList.add(...names);
    return element;
  };

  // A select with data-switch="x" shows the one element with data-pane="x" and its value.
  const show = (select) => {
    for (const pane of all("[data-pane]")) {
      if (pane.dataset.pane === select.dataset.switch) pane.hidden = pane.dataset.value !== select.value;
    }
  };
  for (const select of all("[data-switch]")) {
    select.addEventListener("change", () => show(select));
    show(select);
  }

  // A box with data-intervals shows the intervals in the tables of its section.
  for (const box of all("[data-intervals]")) {
    const toggle = () => box.closest("section").classList.toggle("with-intervals", box.checked);
    box.addEventListener("change", toggle);
    toggle();
  }

  // Tables with data-sortable sort by their heads; rows without a number stay last.
  const sort = (table, head, column) => {
    const numeric = head.dataset.kind === "number";
    const before = head.getAttribute("aria-sort");
    const first = numeric && column > 0 ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = before === first ? other : first;
    for (const each of all("th[aria-sort]", table)) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const key = (row) => row.children[column].dataset.sort;
    const compare = (a, b) => {
      if (key(a) === "" || key(b) === "") return (key(a) === "") - (key(b) === "");
      return sign * (numeric ? Number(key(a)) - Number(key(b)) : key(a).localeCompare(key(b)));
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
  };
  for (const table of all("[data-sortable]")) {
    all("thead th", table).forEach((head, column) => {
      const label = head.querySelector(".head");
      if (!label) return;
      const button = make("button", label.textContent, ["sort", "head"]);
      button.type = "button";
      button.title = label.title || `Sort by ${label.textContent}`;
      button.addEventListener("click", () => sort(table, head, column));
      label.replaceWith(button);
    });
  }

  // Confusion matrices: rows and columns that hold nothing are left out.
  const settings = JSON.parse(document.getElementById("matrices").textContent);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const shape = ({ labels, counts }) => {
    const used = labels.map((label, i) => sum(counts[i] || []) + sum(counts.map((row) => row[i])) > 0);
    const places = labels.map((_, i) => i);
    return {
      rows: places.filter((i) => counts[i] && sum(counts[i]) > 0),
      columns: places.filter((i) => used[i] || labels[i] === "INVALID"),
    };
  };
  const heading = (matrix, columns) => {
    const tall = columns.length > 8 || columns.some((i) => matrix.labels[i].length > 7);
    const head = make("thead", "");
    const names = make("tr", "");
    names.append(make("td", "by the rule ↓  answered →", ["axis-name"]));
    for (const i of columns) {
      const cell = make("th", matrix.labels[i], tall ? ["tall"] : []);
      if (matrix.labels[i] === "INVALID") cell.classList.add("invalid");
      cell.scope = "col";
      names.append(cell);
    }
    const last = make("th", "n", ["axis-name"]);
    last.scope = "col";
    names.append(last);
    head.append(names);
    return head;
  };
  const line = (matrix, row, columns, share, open) => {
    const total = sum(matrix.counts[row]);
    const element = make("tr", "");
    const head = make("th", matrix.labels[row]);
    head.scope = "row";
    element.append(head);
    for (const column of columns) {
      const count = matrix.counts[row][column];
      const part = count / total;
      const said = count === 0 ? "" : share ? `${(100 * part).toFixed(0)}%` : String(count);
      const spoken = `${matrix.labels[row]} answered as ${matrix.labels[column]}: ${count} of ${total}`;
      const cell = make("td", open && count ? "" : said);
      if (open && count) {
        const button = make("button", said);
        button.setAttribute("aria-label", spoken);
        button.type = "button";
        button.addEventListener("click", () => open([[matrix.labels[row], matrix.labels[column]]]));
        cell.append(button);
      }
      cell.classList.add(`q${Math.min(SHADES - 1, Math.floor(part * SHADES))}`);
      if (row === column) cell.classList.add("right");
      if (matrix.labels[column] === "INVALID") cell.classList.add("invalid");
      cell.title = spoken;
      element.append(cell);
    }
    element.append(make("td", String(total), ["total"]));
    return element;
  };
  const summary = (name, file, matrix) => {
    const total = sum(matrix.counts.map(sum));
    const right = sum(matrix.counts.map((row, i) => row[i] || 0));
    const invalid = matrix.labels.indexOf("INVALID");
    const unread = invalid < 0 ? 0 : sum(matrix.counts.map((row) => row[invalid]));
    return `${name} on ${file}: ${right} of ${total} right, ${unread} invalid.`;
  };

  // Reports behind a cell: everything goes in as text, so that no answer can become part of the page.
  // They are compressed, and unpacked when the first cell is opened.
  const packed = (setting) => document.getElementById(`${setting}-behind`);
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };
  const unpacked = {};
  const known = (setting) => (unpacked[setting] ??= unpack(packed(setting).textContent));
  const listed = (lines) => {
    const element = make("ul", "");
    element.append(...lines.map((line) => make("li", line)));
    return element;
  };
  const state = (fields, name) => {
    if (fields === null) return "plain";
    return fields[name] ? (fields[name][0] ? "partly" : "missed") : "right";
  };
  const told = (fields, name) => {
    if (fields === null) return "not asked for";
    return fields[name] ? fields[name][1] : "read right";
  };
  const marked = (report, fields) => {
    const element = make("p", "", ["report"]);
    for (const [words, places] of report.parts) {
      const own = places.map((i) => report.facts[i]);
      const worst = ["missed", "partly", "right", "plain"].find((name) => own.some(([field]) => state(fields, field) === name));
      const piece = worst ? make("mark", words, ["fact", worst]) : document.createTextNode(words);
      if (worst) piece.title = own.map(([field, value]) => `${field}: ${value} (${told(fields, field)})`).join("; ");
      element.append(piece);
    }
    return element;
  };
  const answer = (entry) => {
    const element = make("pre", entry.text || "(nothing)", ["answer"]);
    if (entry.cut) element.append(make("em", ` … ${entry.cut} more characters`));
    return element;
  };
  const card = (expected, given, entry, report, open) => {
    const element = make("details", "", ["card"]);
    element.open = open;
    element.append(make("summary", `${entry.id}: ${expected} by the rule, answered ${given}`), make("p", report.about, ["note"]));
    const columns = make("div", "", ["columns"]);
    const [left, right] = [make("div", ""), make("div", "")];
    left.append(make("h4", "Report"), marked(report, entry.fields));
    const wrong = Object.entries(entry.fields || {}).map(([name, [, words]]) => `${name} (${words})`);
    right.append(make("h4", given === expected ? "What the answer missed" : "Why it is wrong"));
    if (entry.why.length) right.append(listed(entry.why));
    if (wrong.length) right.append(make("p", `Findings: ${wrong.join(", ")}.`, ["findings"]));
    if (!entry.why.length && !wrong.length) right.append(make("p", "Nothing: the answer is right.", ["findings"]));
    if (report.reasons.length) right.append(make("h4", `Why the rule gives ${expected}`), listed(report.reasons));
    right.append(make("h4", "Answer"), answer(entry));
    columns.append(left, right);
    element.append(columns);
    return element;
  };
  let turn = 0; // of the cell opened last: an earlier one that is still being unpacked is not shown
  const list = async (section, run, file, matrix, cells, go = true) => {
    const place = part(section, "behind");
    const mine = ++turn;
    let own;
    try {
      own = await known(section.dataset.confusion);
    } catch (error) {
      place.replaceChildren(make("p", `This browser cannot unpack the reports: ${error.message}`, ["note"]));
      return;
    }
    if (mine !== turn) return;
    const entries = (own.cells[file] || [])[run] || {};
    const at = (label) => matrix.labels.indexOf(label);
    const total = sum(cells.map(([expected, given]) => matrix.counts[at(expected)][at(given)]));
    const found = cells.flatMap(([expected, given]) => (entries[`${expected}\n${given}`] || []).map((entry) => [expected, given, entry]));
    const name = settings[section.dataset.confusion].names[run];
    const what = cells.length === 1 ? `${cells[0][0]} answered as ${cells[0][1]}` : "wrong answers";
    place.replaceChildren(make("h4", `${name} on ${file}, ${what}: ${found.length} of ${total} reports shown`));
    place.append(...found.map(([expected, given, entry], i) => card(expected, given, entry, own.reports[entry.id], i === 0)));
    if (!go) return;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  };
  const wrong = (matrix) => matrix.labels.flatMap((expected, i) => matrix.labels
    .map((given, j) => [expected, given, i !== j && (matrix.counts[i] || [])[j]])
    .filter((cell) => cell[2]).map(([one, other]) => [one, other]));

  const draw = (section) => {
    const own = settings[section.dataset.confusion];
    const run = Number(part(section, "run").value);
    const file = part(section, "document").value;
    const matrix = (own.matrices[file] || [])[run];
    const place = part(section, "matrix");
    place.replaceChildren();
    if (!matrix) {
      part(section, "summary").textContent = `${own.names[run]} has no answers on ${file}.`;
      return;
    }
    part(section, "summary").textContent = summary(own.names[run], file, matrix);
    const { rows, columns } = shape(matrix);
    const table = make("table", "", columns.length > DENSE ? ["matrix", "dense"] : ["matrix"]);
    const body = make("tbody", "");
    const open = packed(section.dataset.confusion) ? (cells) => list(section, run, file, matrix, cells) : null;
    turn += 1;
    if (open) part(section, "behind").replaceChildren();
    body.append(...rows.map((row) => line(matrix, row, columns, part(section, "share").checked, open)));
    const caption = make("caption", `Confusion of ${own.names[run]} on ${file}`, ["apart"]);
    table.append(caption, heading(matrix, columns), body);
    place.append(table);
  };
  for (const section of all("[data-confusion]")) {
    for (const control of all("select, input", section)) control.addEventListener("change", () => draw(section));
    draw(section);
  }
  for (const button of all("button[data-setting]")) {
    button.addEventListener("click", () => {
      const section = document.getElementById(`${button.dataset.setting}-confusion`);
      part(section, "run").value = button.dataset.run;
      part(section, "document").value = button.dataset.document;
      draw(section);
      const { setting, run, document: file } = button.dataset;
      const matrix = (settings[setting].matrices[file] || [])[Number(run)];
      if (packed(setting) && matrix) list(section, Number(run), file, matrix, wrong(matrix), false);
      section.scrollIntoView();
      part(section, "run").focus({ preventScroll: true });
    });
  }
})();
