"""The verb verify: published results scored again from their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import json_option, quiet_option
from multirads_hf.cli.output import note, print_json, print_rich

if TYPE_CHECKING:
    from multirads_hf.hub.verifying import Verdict

DOES_NOT_HOLD = 1
# Wrong figures of a run that the table lists; --json has all.
MOST_WRONG = 10
# Figures of every run that the table lists, where it has them.
HEADLINES = ("multirads_f1", "category_accuracy", "category_macro_f1", "validity")


@click.command(short_help="Score published results again from their answers.")
@click.argument("repo")
@click.option("--run", "runs", multiple=True, help="Id of a run, or its start; may be given several times.")
@click.option("--revision", help="Branch, tag or commit of the repository.  [default: the newest]")
@quiet_option
@json_option
def verify(repo: str, runs: tuple[str, ...], revision: str | None, quiet: bool, as_json: bool) -> None:
    """Score published results again from the answers that stand beside them; no model is asked.

    REPO is OWNER/NAME of `multirads publish results`, or a folder that holds a copy of it. The reports are made anew
    and compared by their hashes. Counts must agree exactly, numbers to within 1e-9, bounds of intervals and p-values,
    which are drawn again by the same seed, to within 1e-6. It exits with 1 when a run does not hold.

    \b
    Examples
      $ multirads verify alice/multirads-results
      $ multirads verify alice/multirads-results --run 5575cad7 --json
      $ multirads verify ./snapshot
    """  # noqa: D301
    from multirads_hf.errors import RunError  # noqa: PLC0415
    from multirads_hf.hub.verifying import verify as check  # noqa: PLC0415

    with _snapshot(repo, revision, quiet) as folder:
        verdicts = check(folder, runs, progress=not quiet)
    if not verdicts:
        raise RunError(f"{repo}: it holds no runs. Allowed: what `multirads publish results` made.")
    if as_json:
        print_json([verdict.to_json() for verdict in verdicts])
    else:
        _print(verdicts)
    wrong = sum(not verdict.holds for verdict in verdicts)
    note(f"{len(verdicts) - wrong} of {len(verdicts)} runs hold.")
    if wrong:
        click.get_current_context().exit(DOES_NOT_HOLD)


@contextmanager
def _snapshot(repo: str, revision: str | None, quiet: bool) -> Iterator[Path]:
    """Yield the folder of a repository: itself, or one into which it is downloaded."""
    if Path(repo).is_dir():
        yield Path(repo)
        return
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415 (heavy)

    from multirads_hf.hub.results_repo import download  # noqa: PLC0415

    if quiet:
        disable_progress_bars()
    with TemporaryDirectory(prefix="multirads-") as temporary:
        download(repo, Path(temporary), revision=revision)
        yield Path(temporary)


def _print(verdicts: Sequence[Verdict]) -> None:
    from rich.table import Table  # noqa: PLC0415 (slow to import)
    from rich.text import Text  # noqa: PLC0415

    table = Table(title="Published results, scored again")
    for head in ("run", "model", "setting", "what", "published", "found", "holds"):
        table.add_column(head, justify="right" if head in ("published", "found") else "left")
    for verdict in verdicts:
        for cells in _lines(verdict):
            table.add_row(*(Text(cell) for cell in cells))
        table.add_section()
    print_rich(table)


def _lines(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one run: what is wrong, the figures that everybody looks at, and how many there are."""
    head = (verdict.run_id, verdict.model, " · ".join(verdict.setting.values()))
    for problem in verdict.problems:
        yield (*head, f"{problem.kind}: {problem.what}", _text(problem.published), _text(problem.found), "no")
    wrong = verdict.wrong
    shown = [own for own in verdict.figures if own.name in {f"scores.{name}.value" for name in HEADLINES} and own.holds]
    for figure in (*wrong[:MOST_WRONG], *shown):
        line = (figure.name, _text(figure.published), _text(figure.found), "yes" if figure.holds else "no")
        yield (*head, *line)
    count = len(verdict.figures)
    if count:
        yield (*head, "all figures", str(count), str(count - len(wrong)), "no" if wrong else "yes")
    for name in verdict.unchecked:
        yield (*head, name, "", "its run without noise is not here", "not checked")
    for package, (then, now) in (verdict.versions or {}).items():
        yield (*head, f"version of {package}", then, now, "")


def _text(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.6f}" if isinstance(value, float) else str(value)
