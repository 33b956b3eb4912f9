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
