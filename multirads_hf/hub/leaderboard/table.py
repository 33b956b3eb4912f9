"""What the gradio app shows: the runs of a board that fit its filters, each score with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf import __version__
from multirads_hf.hub.leaderboard.page import estimate, standing
from multirads_hf.hub.leaderboard.rows import ALL, COLUMNS, Row, row_of
from multirads_hf.hub.results_repo import PATH, results_path
from multirads_hf.reporting import results

ANY = "all"
UNSTATED = "not stated"
# Parameters of a model: name, more than, up to.
SIZES = (
    ("up to 3B", 0.0, 3e9),
    ("3B to 10B", 3e9, 1e10),
    ("10B to 40B", 1e10, 4e10),
    ("above 40B", 4e10, float("inf")),
)
HEADS = ("Place", "Group", "Model", "Prompt", "Weights")
Board = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown of a board.

    Attributes:
        board: its title, see ``titles``.
        scope: key of a RADS or document, ``all`` for all reports.
        by: the metric that ranks.
        prompt: a prompt, or ``all``.
        size: a name of ``SIZES``, ``not stated`` or ``all``.
        weights: ``open``, ``closed``, ``none``, ``not stated`` or ``all``.
        name: part of the model's name.
    """

    board: str
    scope: str = ALL
    by: str = COLUMNS[0]
    prompt: str = ANY
    size: str = ANY
    weights: str = ANY
    name: str = ""

    def fit(self, row: Row) -> bool:
        """Whether a run is shown."""
        return (
            self.prompt in (ANY, row["prompt"])
            and self.size in (ANY, size_name(row["size"]))
            and self.weights in (ANY, row["weights"] or UNSTATED)
            and self.name.lower() in row["model"].lower()
        )


def titles(board: Board, rows: Iterable[Row]) -> dict[str, list[str]]:
    """Return title -> setting of every board, those that hold ranked runs first."""
    ranked = {own["title"]: own["setting"] for own in board["boards"]}
    known = list(ranked.values())
    others = [row["setting"] for row in rows if row["setting"] not in known]
    return ranked | {_title(board, own): own for own in others}


def _title(board: Board, setting: Sequence[str]) -> str:
    asked = dict(zip(board["rules"]["setting"], setting, strict=True))
    title = results.setting_title({**asked, "n": int(asked["n"])})
    known = {own["title"] for own in board["boards"]}
    return f"{title} · {asked['dataset_fingerprint']}" if title in known else title


def size_name(size: float | None) -> str:
    """Return the class of a number of parameters.

    >>> size_name(8e9), size_name(None)
    ('3B to 10B', 'not stated')
    """
    return next((name for name, low, high in SIZES if size is not None and low < size <= high), UNSTATED)


def table(board: Board, rows: Sequence[Row], asked: Filters) -> tuple[list[str], list[list[str]]]:
    """Return headings and lines, best first; scores are texts with their intervals.

    Args:
        board: what ``leaderboard.json`` holds.
        rows: its runs, and those that were published since.
        asked: what is shown.
    """
    setting = titles(board, rows).get(asked.board)
    own = [row for row in rows if row["setting"] == setting]
    ranked: Mapping[str, Any] = next((one for one in board["boards"] if one["setting"] == setting), {"ranks": {}})
    metrics = [key for key in COLUMNS if any(_score(row, asked.scope, key) for row in own)]
    metrics.sort(key=lambda key: key != asked.by)
    shown = ordered([row for row in own if asked.fit(row)], asked)
    lines = [
        [*_standing(ranked, row, asked), row["model"], row["prompt"] or "", row["weights"] or UNSTATED,
         *(results.text(estimate(_score(row, asked.scope, key))) for key in metrics)]
        for row in shown
    ]  # fmt: skip
    return [*HEADS, *(results.metric_of(key).title for key in metrics)], lines


def ordered(rows: Sequence[Row], asked: Filters) -> list[Row]:
    """Return runs by the metric that ranks, best first, those without it last."""

    def place(row: Row) -> tuple[Any, ...]:
        found = _score(row, asked.scope, asked.by)
        return (found is None, -(found or [0.0])[0], row["model"], row["id"])

    return sorted(rows, key=place)


def _score(row: Row, scope: str, key: str) -> list[float] | None:
    return (row["scores"].get(scope) or {}).get(key)


def _standing(ranked: Mapping[str, Any], row: Row, asked: Filters) -> list[str]:
    found = standing(ranked, row["id"], asked.by, asked.scope)
    if row.get("fresh"):
        return ["not ranked yet", results.MISSING]
    return [f"not ranked: {row['problem']}" if row["problem"] else found["place"], str(found["group"])]


def published_since(board: Board) -> list[Row]:
    """Return rows of the runs that the results repository holds now and the leaderboard does not.

    A run whose results cannot be read is left out.

    Raises:
        Exception: that of the Hub's client, where it cannot be reached.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415
    from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415

    repo = board["source"]["repo"]
    api = HfApi(endpoint=board["source"]["endpoint"], library_name="multirads-hf", library_version=__version__)
    tree = api.list_repo_tree(repo, "results", repo_type="dataset")
    paths = [own.path for own in tree if isinstance(own, RepoFile) and PATH.fullmatch(own.path)]
    known = {row["id"] for row in board["runs"]}
    found = []
    for run_id in (path.removeprefix("results/").removesuffix(".parquet") for path in paths):
        if run_id not in known:
            found += _read(api, repo, run_id)
    return found


def _read(api: Any, repo: str, run_id: str) -> list[Row]:
    from multirads_hf.errors import RunError  # noqa: PLC0415
    from multirads_hf.running.details import read_results  # noqa: PLC0415

    try:
        path = api.hf_hub_download(repo, results_path(run_id), repo_type="dataset")
        return [{**row_of(run_id, read_results(path)), "problem": "", "fresh": True}]
    except (RunError, OSError, KeyError, TypeError, AttributeError):
        return []
