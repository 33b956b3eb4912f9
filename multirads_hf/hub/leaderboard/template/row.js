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
