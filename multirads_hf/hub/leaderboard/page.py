"""The page of a static Space: one file with its own styles, data and script.

Its content policy lets it ask the Hub alone, for runs that were published after it was made. Whatever a run
brought in is escaped here and goes in as text there. Without its script it still shows the ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from multirads_hf.hub.leaderboard.rows import ALL
from multirads_hf.reporting import dashboard, results
from multirads_hf.reporting.comparing import places
from multirads_hf.reporting.results import Estimate

PACKAGE = "multirads_hf.hub.leaderboard"
HUB = "huggingface.co"
# The Hub itself answers for small files, or points to these.
STORES = ("https://*.huggingface.co", "https://*.hf.co")
# Parts of the script, each of which uses those before it.
SCRIPTS = ("facts", "row", "choices", "table", "run", "since", "start")
TABLED = ("multirads_f1", "category_accuracy", "validity")
Board = Mapping[str, Any]


def render(board: Board, space: str) -> str:
    """Return the page of a leaderboard; the same leaderboard gives the same page, byte for byte.

    Args:
        board: from ``leaderboard``.
        space: ``OWNER/NAME`` of the Space, for the guide.
    """
    source = board["source"]
    css = dashboard.part("page.css") + dashboard.part("leaderboard.css", PACKAGE)
    js = _script()
    first = board["boards"][0]
    asked = dict(zip(board["rules"]["setting"], first["setting"], strict=True))
    return dashboard.template("leaderboard.html.j2", PACKAGE).render(
        board=board, space=space, source=source, day=source["date"][:10], css=css, js=js,
        css_hash=dashboard.digest(css), js_hash=dashboard.digest(js), sources=" ".join(_sources(source["endpoint"])),
        repo_url=f"{source['endpoint']}/datasets/{source['repo']}",
        tables=[_table(board, own) for own in board["boards"]],
        flags=flags(asked), first={"setting": asked, "signature": first["signature"]}, missing=results.MISSING,
    )  # fmt: skip


def flags(asked: Mapping[str, str]) -> str:
    """Return the options of ``multirads run`` that ask for the reports of a board."""
    given = "".join(f" --{name} {asked[name]}" for name in ("task", "split", "config", "condition", "seed"))
    return f"{given} --limit {asked['n']}"


def standing(own: Mapping[str, Any], run_id: str, metric: str, scope: str = ALL) -> dict[str, Any]:
    """Return place and rank group of a run as they are printed."""
    group, best, worst = own["ranks"].get(scope, {}).get(metric, {}).get(run_id) or (None, None, None)
    place = places({"best_rank": best, "worst_rank": worst})
    return {"place": place, "group": results.MISSING if group is None else group}


def _script() -> str:
    """Return the parts of the page's script as one."""
    return f'"use strict";\n(() => {{\n{"".join(dashboard.part(f"{name}.js", PACKAGE) for name in SCRIPTS)}}})();\n'


def _sources(endpoint: str) -> tuple[str, ...]:
    return (endpoint, *(STORES if urlsplit(endpoint).hostname == HUB else ()))


def _table(board: Board, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ranking of one board as a table that needs no script."""
    rows = [row for row in board["runs"] if row["setting"] == own["setting"]]
    metrics = [key for key in TABLED if any(key in row["scores"][ALL] for row in rows)]
    by = next((key for key in board["rank_by"] if key in metrics), metrics[0])
    rows.sort(key=lambda row: (-(row["scores"][ALL].get(by) or [-1])[0], row["model"], row["id"]))
    shown = [
        {**standing(own, row["id"], by), "model": row["model"], "prompt": row["prompt"],
         "scores": [results.text(estimate(row["scores"][ALL].get(key))) for key in metrics]}
        for row in rows
    ]  # fmt: skip
    return {"title": own["title"], "metrics": [results.metric_of(key).title for key in metrics], "rows": shown}


def estimate(found: Sequence[float | None] | None) -> Estimate | None:
    """Return a score of a row, ``[value, low, high]``, as an estimate."""
    value, low, high = found or (None, None, None)
    return None if value is None else Estimate(value, low, high)
