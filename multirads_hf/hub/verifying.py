"""Whether published figures hold: every run is scored again from its answers, against a corpus made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from multirads_hf import __version__
from multirads_hf.errors import MultiradsError, UnknownNameError, allowed, shown
from multirads_hf.hub.checks import Problem, miscounted, overridable, problems_of, read_typed_details
from multirads_hf.hub.figures import Figure, compared, drops_beside, drops_of, parts_of, rescored
from multirads_hf.hub.results_repo import PublishedRun, folder_ids, read_run, results_path, run_ids, table_path
from multirads_hf.hub.results_row import details_hash, published_id, results_hash, row_of
from multirads_hf.hub.submitting import checked_results
from multirads_hf.running.results import ScoredRun, environment

# What tells runs of one model apart.
SETTING = ("prompt", "task", "split", "condition")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one published run.

    Attributes:
        run_id: its id.
        model: as it is published, empty where that cannot be read.
        setting: prompt, task, split and condition by name, empty where they cannot be read.
        figures: the published ones beside those found.
        problems: what does not hold, figures apart.
        unchecked: figures that need another run, which is not in the repository.
        versions: package -> versions under which it was scored then and now, where they differ.
    """

    run_id: str
    model: str = ""
    setting: Mapping[str, str] = field(default_factory=dict)
    figures: Sequence[Figure] = ()
    problems: Sequence[Problem] = ()
    unchecked: Sequence[str] = ()
    versions: Mapping[str, tuple[str, str]] | None = None

    @property
    def wrong(self) -> list[Figure]:
        """The figures that do not hold."""
        return [figure for figure in self.figures if not figure.holds]

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return not (self.problems or self.wrong)

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings and lists."""
        figures = [
            {"figure": own.name, "published": own.published, "found": own.found, "holds": own.holds}
            for own in self.figures
        ]
        return {
            "run_id": self.run_id, "model": self.model, "setting": dict(self.setting), "holds": self.holds,
            "problems": [problem.to_json() for problem in self.problems], "figures": figures,
            "unchecked": list(self.unchecked), "versions": dict(self.versions or {}),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Checked:
    """A run that could be scored again."""

    verdict: Verdict
    scored: ScoredRun


def verify(folder: Path, wanted: Sequence[str] = (), *, progress: bool = False) -> list[Verdict]:
    """Score the runs of a downloaded results repository again and compare.

    Args:
        folder: the repository.
        wanted: ids of runs, or starts of them; all runs by default.
        progress: whether to show a bar in a terminal.

    Raises:
        UnknownNameError: a run is named that is not there.
    """
    there = sorted({*folder_ids(folder), *_lost(folder)})
    chosen = [run_id for run_id in there if not wanted or any(run_id.startswith(name) for name in wanted)]
    for name in wanted:
        if not any(run_id.startswith(name) for run_id in there):
            raise UnknownNameError(f"Unknown run {shown(name)}. {allowed(name, there)}")
    return [_verdict(folder, run_id) for run_id in _bar(chosen, progress)]


def _bar(run_ids: Sequence[str], progress: bool) -> Iterable[str]:
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415 (heavy)

    shown_in_terminal = None
    hidden = shown_in_terminal if progress else True
    bar: Iterable[str] = tqdm(run_ids, unit=" runs", desc="Verifying", disable=hidden)  # type: ignore[no-untyped-call]
    return bar


def _lost(folder: Path) -> list[str]:
    """Return the ids of runs of which rows or details are left."""
    tables = (path for table in ("results", "details") for path in folder.glob(f"{table}/**/*.parquet"))
    return run_ids(results_path(path.stem) for path in tables)


def _verdict(folder: Path, run_id: str) -> Verdict:
    own = _checked(folder, run_id)
    if isinstance(own, Verdict):
        return own
    published = drops_of(own.scored.results)
    return _with_drops(own, _twins(folder, own)) if published else own.verdict


def _checked(folder: Path, run_id: str) -> Verdict | _Checked:
    """Check one run, noise apart; a verdict where it cannot be read."""
    superseded = not (folder / table_path("results", run_id)).is_file()
    lacking = [path for path in (results_path(run_id), *_tables(run_id, superseded)) if not (folder / path).is_file()]
    if lacking:
        return Verdict(run_id, _model(folder, run_id), problems=[Problem("missing", path) for path in lacking])
    try:
        run = read_run(folder, run_id)
        rows = read_typed_details(run.details)
        results = checked_results(folder / results_path(run_id))
        return _scored(run, results, rows, list(_edited(folder, run, rows)))
    except MultiradsError as error:
        return Verdict(run_id, _model(folder, run_id), problems=[Problem("unreadable", run_id, str(error))])


def _tables(run_id: str, superseded: bool) -> tuple[str, str]:
    return table_path("results", run_id, superseded), table_path("details", run_id, superseded)


def _model(folder: Path, run_id: str) -> str:
    try:
        return str(checked_results(folder / results_path(run_id))["model"])
    except MultiradsError:
        return ""


def _scored(run: PublishedRun, results: dict[str, Any], rows: Sequence[Row], edited: list[Problem]) -> _Checked:
    again, reports = rescored(results, rows)
    # Another version may score more than this run was published with, and is not held against it.
    same = parts_of(results["signature"]).get("version") == __version__
    figures = [own for own in compared(results, again) if same or own.published is not None]
    known = environment()
    versions = {
        name: (was, known[name])
        for name, was in results["environment"].items()
        if name not in ("python", "platform") and known.get(name, was) != was
    }
    problems = [*edited, *problems_of(results, rows), *miscounted(rows, reports)]
    setting = {name: results[name] for name in SETTING}
    verdict = Verdict(run.run_id, results["model"], setting, figures, problems, versions=versions)
    return _Checked(verdict, ScoredRun(results, (), rows, reports))


def _edited(folder: Path, run: PublishedRun, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield which of the files of a run are not as they were published, by the hashes that its id is made of."""
    row = run.row
    kept = published_id(row["results_sha256"], row["details_sha256"]) == run.run_id
    if not kept:
        yield Problem("row", "results_sha256, details_sha256", "changed", f"what makes {run.run_id}")
    content = (folder / results_path(run.run_id)).read_bytes()
    for kind, name, found in (
        ("results", "results_sha256", results_hash(content)),
        ("answers", "details_sha256", details_hash(rows)),
    ):
        if kept and row[name] != found:
            yield Problem(kind, name, found, row[name])
    if kept and row["results_sha256"] != results_hash(content):
        return  # the row is that of other results
    made = {**row_of(content, row["details_sha256"], tuple(overridable(rows))), "run_id": run.run_id}
    for name, value in made.items():
        # A row of an earlier version may lack a column.
        if name in row and not name.endswith("_sha256") and row[name] != value:
            yield Problem("row", name, row[name], value)


def _twins(folder: Path, own: _Checked) -> Iterator[ScoredRun]:
    """Yield the published runs over the studies without noise from which scores dropped."""
    for run_id in folder_ids(folder):
        path = folder / results_path(run_id)
        if f'"{own.scored.results.get("clean_run")}"' in path.read_text(encoding="utf-8", errors="replace"):
            other = _checked(folder, run_id)
            if isinstance(other, _Checked) and other.scored.results["run_id"] == own.scored.results["clean_run"]:
                yield other.scored


def _with_drops(own: _Checked, twins: Iterable[ScoredRun]) -> Verdict:
    """Return the verdict with the figures of what noise cost, against the twin that fits best."""
    fits = [drops_beside(own.scored, twin) for twin in twins]
    if not fits:
        return replace(own.verdict, unchecked=tuple(drops_of(own.scored.results)))
    best = max(fits, key=lambda figures: sum(one.holds for one in figures))
    return replace(own.verdict, figures=[*own.verdict.figures, *best])
