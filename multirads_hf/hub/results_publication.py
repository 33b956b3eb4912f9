"""The publication of runs: what one commit adds to a results repository, beside what others have put there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from multirads_hf import __version__
from multirads_hf.errors import PublishError
from multirads_hf.hub.plan import is_initial
from multirads_hf.hub.publication import Content, Publication, Snapshot
from multirads_hf.hub.results_repo import PATH, Table, fetch, results_path, table_path
from multirads_hf.hub.results_row import Submission, read_row

if TYPE_CHECKING:
    from multirads_hf.hub.remote import Hub

CARD = "README.md"
TABLES: tuple[Table, ...] = ("results", "details")
_TEXT = Path(__file__).with_name("results_card.md")
# In the card, by which a repository of results is known.
_MARK = "<!-- multirads results -->"
_TITLE = f"MultiRADS results {__version__}"


def card() -> str:
    """Return the card: the same text for everybody."""
    return _TEXT.read_text(encoding="utf-8")


@contextmanager
def results(repo: str, submissions: Sequence[Submission], hub: Hub, **how: Any) -> Iterator[Publication]:
    """Yield the publication of runs.

    It owns the files of its own runs alone, and the card of a repository that has none. A run that is there stays
    as it is; one whose setting was run again later moves to ``superseded``.

    Args:
        repo: ``OWNER/NAME``.
        submissions: the runs.
        hub: the connection, for what stands there.
        **how: ``private`` and ``overwrite``.
    """
    with TemporaryDirectory(prefix="multirads-") as temporary:
        own = [_Files(submission, Path(temporary) / str(place)) for place, submission in enumerate(submissions)]
        empty = Publication(repo, "dataset", {}, (), (CARD, _MARK), _TITLE, **how)

        def rebased(there: Snapshot | None) -> Publication:
            found = _Repository(empty, hub, there, Path(temporary))
            return replace(found.publication(own), rebased=rebased)

        yield replace(empty, rebased=rebased)


class _Files:
    """The files of one run, and where they go."""

    def __init__(self, submission: Submission, folder: Path) -> None:
        self.row: Mapping[str, Any] = submission.row
        self.run_id = str(self.row["run_id"])
        self._results = Content(submission.results)
        row, details = submission.write(folder)
        self._tables: dict[Table, Content] = {"results": Content(row), "details": Content(details)}

    def placed(self, superseded: bool) -> dict[str, Content]:
        tables = {table_path(table, self.run_id, superseded): content for table, content in self._tables.items()}
        return {results_path(self.run_id): self._results, **tables}


class _Repository:
    """What stands in the repository, and what a publication does there."""

    def __init__(self, empty: Publication, hub: Hub, there: Snapshot | None, temporary: Path) -> None:
        self.empty, self.hub, self.there = empty, hub, there
        self.paths = there.files if there else {}
        self.folder = temporary / (there.commit if there else "new")

    def publication(self, own: Sequence[_Files]) -> Publication:
        """Return the publication of runs against what is there."""
        rows = self._latest()
        new = [run.row for run in own if not self._has(run.run_id)]
        last = _last(rows, new)
        stale = [str(row["run_id"]) for row in rows if row["run_id"] not in last]
        files = {**self._card(), **self._moved(stale)}
        for run in own:
            later = run.run_id in stale or (run.row in new and run.run_id not in last)
            placed = run.placed(later or self._is_superseded(run.run_id))
            files |= {path: content for path, content in placed.items() if self._fits(path, content)}
        left = tuple(table_path(table, run_id) for run_id in stale for table in TABLES)
        return replace(self.empty, files=files, owned=left)

    def _has(self, run_id: str) -> bool:
        return table_path("results", run_id) in self.paths or self._is_superseded(run_id)

    def _is_superseded(self, run_id: str) -> bool:
        return table_path("results", run_id, superseded=True) in self.paths

    def _fits(self, path: str, content: Content) -> bool:
        return path not in self.paths or content.is_at(self.paths[path])

    def _latest(self) -> list[dict[str, Any]]:
        """Return the rows of the split ``latest``."""
        paths = [path for path in self.paths if PATH.fullmatch(path) and path == table_path("results", Path(path).stem)]
        return [{**read_row(path), "run_id": path.stem} for path in self._read(paths)]

    def _moved(self, run_ids: Sequence[str]) -> dict[str, Content]:
        """Return the rows and details that move to ``superseded``."""
        ends = [(table_path(table, name), table_path(table, name, True)) for name in run_ids for table in TABLES]
        ends = [(old, new) for old, new in ends if old in self.paths]
        return {new: Content(path) for (_, new), path in zip(ends, self._read([old for old, _ in ends]), strict=True)}

    def _read(self, paths: Sequence[str]) -> list[Path]:
        if self.there is None or not paths:
            return []
        fetch(self.empty.repo, self.folder, self.there.commit, paths)
        return [self.folder / path for path in paths]

    def _card(self) -> dict[str, Content]:
        """Return the card where there is none; one that somebody has edited is theirs.

        Raises:
            PublishError: the repository is one of something else.
        """
        own = {CARD: Content(card().encode())}
        if self.there is None or CARD not in self.paths:
            return own
        text = self.hub.text(self.empty, self.there.commit, CARD)
        if _MARK in text and not self.empty.overwrite:
            return {}
        if self.empty.overwrite or is_initial(self.there, lambda _: text):
            return own
        raise PublishError(
            f"{self.empty.where}: its {CARD!r} is no card of results. Allowed: a repository of its own, or --overwrite."
        )


def _last(there: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the last run of each setting; of equal ones what is new, and of these the one given last."""
    last: dict[str, tuple[str, str]] = {}
    for row in (*there, *new):
        setting, run = row["setting_id"], (row["created"], row["run_id"])
        if setting not in last or run[0] >= last[setting][0]:
            last[setting] = run
    return {run_id for _, run_id in last.values()}
