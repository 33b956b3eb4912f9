"""A comparison of runs for the terminal: rank groups, then the difference between every two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from multirads_hf.reporting import results
from multirads_hf.reporting.tables import Interval, new_table, plain

# Beside the metric that ranks, where a run has them.
BESIDE = ("category_accuracy", "validity")
# A p-value below this is shown as less than it.
SMALLEST_P = 0.001
SIGNIFICANT = 0.05


def rank_groups(made: Mapping[str, Any], called: Mapping[str, str]) -> Table:
    """Return the runs by rank group, best first, with their places and scores.

    Args:
        made: a comparison of runs as plain mappings; its models are ids of runs.
        called: id of a run -> how it is called.
    """
    metric = results.metric_of(made["rank_by"])
    keys = list(dict.fromkeys((metric.key, *BESIDE)))
    table = new_table("group", "place", "run")
    for key in keys:
        table.add_column(results.metric_of(key).title, justify="right")
    table.caption = f"{results.count(made['n'] - made['n_error'])} reports that every run answered; {metric.title}: "
    table.caption += "runs of one group cannot be told apart, all of one differ from all of the next"
    before = None
    for own in made["ranking"]:
        if before not in (None, own["group"]):
            table.add_section()
        before = own["group"]
        scores = (Interval(results.read_estimate(made["scores"][own["model"]].get(key))) for key in keys)
        group = results.MISSING if own["group"] is None else str(own["group"])
        table.add_row(group, places(own), plain(called[own["model"]]), *scores)
    return table


def places(standing: Mapping[str, Any]) -> str:
    """Return the places that a run may hold, such as ``1`` or ``2–4``.

    >>> places({"best_rank": 2, "worst_rank": 4})
    '2–4'
    """
    best, worst = standing.get("best_rank"), standing.get("worst_rank")
    if best is None:
        return results.MISSING
    return str(best) if best == worst else f"{best}–{worst}"


def run_pairs(made: Mapping[str, Any], called: Mapping[str, str]) -> Table:
    """Return every two runs with the difference in the metric that ranks, and whether it is more than luck.

    Args:
        made: as for ``rank_groups``.
        called: id of a run -> how it is called.
    """
    title = results.metric_of(made["rank_by"]).title
    table = new_table("higher", "lower")
    for heading in (f"difference in {title}", "p", "p adjusted", "detectable", "p of McNemar"):
        table.add_column(heading, justify="right")
    for pair in made["pairs"]:
        own = pair["differences"][made["rank_by"]]
        found = (p_text(own["p_value"]), p_text(own["p_adjusted"], star=True), _number(own["detectable"]))
        table.add_row(
            plain(called[pair["first"]]), plain(called[pair["second"]]), Interval(results.read_estimate(own)), *found,
            p_text(pair["mcnemar"]["p_adjusted"]),
        )  # fmt: skip
    table.caption = "p: two-sided; adjusted over all pairs (*: below 0.05). Detectable: found four times out of five."
    return table


def p_text(value: float | None, star: bool = False) -> str:
    """Return a p-value as it is printed, never as 0.

    >>> p_text(0.0001), p_text(0.0312, star=True), p_text(None)
    ('<0.001', '0.031*', '–')
    """
    if value is None:
        return results.MISSING
    shown = f"<{SMALLEST_P}" if value < SMALLEST_P else f"{value:.3f}"
    return shown + "*" * (star and value < SIGNIFICANT)


def _number(value: float | None) -> str:
    return results.MISSING if value is None else f"{value:.3f}"
