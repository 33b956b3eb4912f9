"""The content of a leaderboard: rows and boards of a results repository as it stood at one commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from multirads_hf import __version__, rads
from multirads_hf.errors import OptionError, PublishError, RunError, shown
from multirads_hf.hub.leaderboard.answers import Judged, judge
from multirads_hf.hub.leaderboard.ranking import board, groups, scopes
from multirads_hf.hub.leaderboard.rows import RULES
from multirads_hf.hub.results_repo import PublishedRun, download, folder_ids, read_run
from multirads_hf.reporting import published
from multirads_hf.reporting.results import HEADLINES, METRICS
from multirads_hf.running.results import results_schema

TITLE = "MultiRADS leaderboard"
Board = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """The results repository at one commit.

    Attributes:
        repo: ``OWNER/NAME``.
        commit: its id.
        date: when it was made, ISO 8601.
        endpoint: address of the Hub.
        private: whether others cannot read it.
    """

    repo: str
    commit: str
    date: str
    endpoint: str
    private: bool = False


def _bar(steps: Sequence[T], what: str, unit: str, progress: bool) -> Iterable[T]:
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415 (heavy)

    return tqdm(steps, desc=what, unit=unit, disable=not progress)  # type: ignore[no-untyped-call]


@contextmanager
def _downloaded(repo: str) -> Iterator[tuple[Source, Path]]:
    from huggingface_hub import HfApi  # noqa: PLC0415

    from multirads_hf.hub.refusals import insist  # noqa: PLC0415

    api = HfApi(library_name="multirads-hf", library_version=__version__)
    with TemporaryDirectory(prefix="multirads-") as folder:
        commit = download(repo, Path(folder))
        about = insist(lambda: api.repo_info(repo, repo_type="dataset", revision=commit), f"dataset {repo}")
        date = about.last_modified.strftime("%Y-%m-%dT%H:%M:%SZ") if about.last_modified else ""
        yield Source(repo, commit, date, str(api.endpoint), bool(about.private)), Path(folder)


def leaderboard(repo: str, title: str = TITLE, progress: bool = True) -> Board:
    """Read a results repository and rank its runs: the last one of each setting.

    Args:
        repo: ``OWNER/NAME`` of the results repository.
        title: heading of the page.
        progress: whether to draw progress bars.

    Returns:
        What ``leaderboard.json`` holds. The same commit under the same version gives the same content.

    Raises:
        OptionError: the title is empty.
        PublishError: there is no such repository that may be read, it holds no run, or none that can be ranked.
    """
    if not title.strip():
        raise OptionError(f"title: got {shown(title)}. Allowed: a text that is not empty.")
    with _downloaded(repo) as (source, folder):
        latest, unread = _latest(folder)
        if not latest:
            raise PublishError(
                f"dataset {repo}: it holds no run{' that can be read' if unread else ''} (commit {source.commit[:8]}). "
                "Allowed: a repository of `multirads publish results RUN --to REPO`."
            )
        return content(source, judged(latest, progress), title, unread, progress)


def _latest(folder: Path) -> tuple[list[PublishedRun], int]:
    """Return the runs that were not superseded, and the number of those that cannot be read."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (slow to import)

    schema = Draft202012Validator(results_schema())
    found, unread = [], 0
    for run_id in folder_ids(folder):
        try:
            run = read_run(folder, run_id)
        except RunError:
            unread += 1
            continue
        unread += not schema.is_valid(run.results)
        found += [run] if schema.is_valid(run.results) and not run.superseded else []
    return found, unread


def judged(runs: list[PublishedRun], progress: bool = True) -> list[Judged]:
    """Return the runs with their answers counted again."""
    return [judge(run) for run in _bar(runs, "Scoring", " runs", progress)]


def content(source: Source, runs: list[Judged], title: str, unread: int = 0, progress: bool = True) -> Board:
    """Return the content of a leaderboard.

    Raises:
        PublishError: no run can be ranked.
    """
    fit = [run.scored for run in runs if run.scored is not None]
    if not fit:
        said = "; ".join(sorted({f"{run.row['model']}: {run.problem}" for run in runs})[:3])
        raise PublishError(f"dataset {source.repo}: none of its {len(runs)} runs can be ranked ({said}).")
    rows = [run.row for run in runs]
    stated = published.stated()
    return {
        "title": title,
        "version": __version__,
        "source": asdict(source),
        "unread": unread,
        "rules": RULES,
        "rank_by": list(HEADLINES),
        "metrics": [
            {"key": own.key, "title": own.title, "about": own.about, "higher": own.higher_is_better}
            for own in METRICS
        ],
        "scopes": scopes(rads.keys()),
        "published": {key: stated[key] for key in ("name", "source", "reports", "documents", "note", "rows")},
        "boards": [board(group, lambda steps: _bar(steps, "Ranking", " RADS", progress)) for group in groups(fit)],
        "runs": rows,
    }  # fmt: skip


def notes(board: Board) -> list[str]:
    """Return what whoever publishes a leaderboard should know: runs that are not ranked, and boards of one."""
    said = [f"Not ranked: {row['model']} ({row['id']}), {row['problem']}." for row in board["runs"] if row["problem"]]
    if board["unread"]:
        said.append(f"Left out: {board['unread']} runs whose files cannot be read.")
    if board["source"]["private"]:
        said.append(f"{board['source']['repo']} is private: the Space shows its scores to all who may see the Space.")
    if all(own["signature"] is None for own in board["boards"]):
        said.append(
            "No two runs answered the same reports under the same conditions, so none is compared with another."
        )
    return said
