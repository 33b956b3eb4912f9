"""From the folder of a run to what is published of it; what does not hold is refused before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from multirads_hf.errors import PublishError, RunError, shown
from multirads_hf.hub.checks import Problem, miscounted, overridable, problems_of, read_typed_details
from multirads_hf.hub.figures import compared, drops_beside, rescored
from multirads_hf.hub.naming import public_name, require_known
from multirads_hf.hub.privacy import public_results, public_row, require_public
from multirads_hf.hub.results_row import Submission
from multirads_hf.running.details import read_results
from multirads_hf.running.results import DETAILS_FILE, RESULTS_FILE, ScoredRun, results_schema
from multirads_hf.scoring import Counts

Row = Mapping[str, Any]

_SENTENCES = {
    "incomplete": "{published} of {found} reports are answered. Allowed: all of them; the same `multirads run` goes on",
    "dataset": "{what} is not that of the published corpus: {published}, there {found}. Allowed: runs over the corpus "
    "of this version",
    "examples": "the prompt about {what} showed {published}. Allowed: {found}",
    "counts": "its details do not match its answers: {what} is {published}, the answer gives {found}. Allowed: what "
    "`multirads score` wrote",
    "figure": "its results.json does not match its details: {what} is {published}, the answers give {found}. Allowed: "
    "what `multirads score` wrote, by this version; the same command does it anew",
}


def run_folders(given: Sequence[str]) -> list[Path]:
    """Return the folders of runs that are named, each itself or the folder that holds them.

    Raises:
        RunError: one holds no results.
    """
    found: dict[Path, None] = {}
    for name in given:
        place = Path(name)
        own = [place] if (place / RESULTS_FILE).is_file() else sorted(p.parent for p in place.glob(f"*/{RESULTS_FILE}"))
        if not own:
            raise RunError(
                f"RUN {name!r}: it holds no {RESULTS_FILE}. Allowed: a folder of `multirads score`, such as "
                "multirads_runs/results, or one of a run in it."
            )
        found |= dict.fromkeys(own)
    return list(found)


def submissions(folders: Sequence[Path], names: Mapping[str, str], *, force: bool = False) -> list[Submission]:
    """Return runs ready to be published, each once.

    Args:
        folders: of runs, as ``multirads score`` writes them.
        names: model spec -> name under which it is published.
        force: let failed calls and answers cut short pass; what was found is noted in the published row.

    Raises:
        PublishError: a run that must not be published.
        RunError: files that are none of a run.
        UnknownNameError: a name is given to a model that no run is of.
    """
    require_known(names, [str(read_results(folder / RESULTS_FILE)["model"]) for folder in folders])
    found = [_submission(folder, names, force) for folder in folders]
    _require_drops({str(own.results["run_id"]): own for _, own in found})
    return list({own.row["run_id"]: own for own, _ in found}.values())


def _require_drops(runs: Mapping[str, ScoredRun]) -> None:
    """Check what noise cost a run, where the run without noise is published with it."""
    for name, own in runs.items():
        clean = runs.get(str(own.results.get("clean_run")))
        wrong = next((one for one in drops_beside(own, clean) if not one.holds), None) if clean else None
        if wrong:
            raise PublishError(f"run {name}: {_sentence(Problem('figure', wrong.name, wrong.published, wrong.found))}.")


def _submission(folder: Path, names: Mapping[str, str], force: bool) -> tuple[Submission, ScoredRun]:
    content = (folder / RESULTS_FILE).read_bytes()
    results = checked_results(folder / RESULTS_FILE)
    where = f"run {results['run_id']} ({folder})"
    rows: list[dict[str, Any]] = read_typed_details(folder / DETAILS_FILE)
    strangers = {row["run_id"] for row in rows} - {results["run_id"]}
    if strangers:
        raise PublishError(
            f"{where}: its {DETAILS_FILE} is of run {strangers.pop()!r}. Allowed: both files of one run."
        )
    name = public_name(where, results, names)
    rows = [public_row(row, results["model"], name) for row in rows]
    published = public_results(results, name)
    if published != results:
        content = (json.dumps(published, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
        results = published
    require_public(where, results, rows)
    forced = _forced(where, rows, force)
    again, reports = rescored(results, rows)
    problem = next(_problems(results, rows, again, reports), None)
    if problem:
        raise PublishError(f"{where}: {_sentence(problem)}.")
    return Submission(content, rows, forced), ScoredRun(results, (), rows, reports)


def checked_results(path: Path) -> dict[str, Any]:
    """Return what a results file holds.

    Raises:
        RunError: it cannot be read, or does not keep to the schema.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (slow to import)

    results = read_results(path)
    error = next(Draft202012Validator(results_schema()).iter_errors(results), None)
    if error:
        place = ".".join(map(str, error.absolute_path)) or "it"
        raise RunError(f"Results {path}: {place}: {shown(error.message, 200)}. Allowed: what `multirads score` wrote.")
    return results


def _forced(where: str, rows: Sequence[Row], force: bool) -> tuple[str, ...]:
    found = overridable(rows)
    if found and not force:
        raise PublishError(f"{where}: {next(iter(found.values()))}, or --force, which is noted in what is published.")
    return tuple(found)


def _problems(
    results: Mapping[str, Any], rows: Sequence[Row], again: Mapping[str, Any], reports: Sequence[Counts]
) -> Iterator[Problem]:
    """Yield what does not hold of a run."""
    yield from problems_of(results, rows)
    for own in compared(results, again):
        if not own.holds:
            yield Problem("figure", own.name, own.published, own.found)
    yield from miscounted(rows, reports)


def _sentence(problem: Problem) -> str:
    parts = {name: shown(value) if isinstance(value, list) else value for name, value in problem.to_json().items()}
    return _SENTENCES[problem.kind].format(**parts)
