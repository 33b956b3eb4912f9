"""Scores by groups of reports: systems, documents, fields, or whatever is given beside the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multirads_hf import rads
from multirads_hf.errors import OptionError, allowed, shown
from multirads_hf.scoring.aggregate import field_f1, scores_over
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.gaps import gaps, shuffled_gaps
from multirads_hf.scoring.result import Estimate, Gap
from multirads_hf.scoring.settings import GROUPS, Settings
from multirads_hf.scoring.subgroups import AGE_BAND, SEX
from multirads_hf.scoring.table import Table

Breakdown = dict[str, dict[str, Estimate]]


def breakdowns(
    reports: Sequence[Counts],
    tables: Mapping[str, Table],
    settings: Settings,
    groups: Mapping[str, Sequence[str]],
    clusters: Sequence[str] = (),
) -> tuple[dict[str, Breakdown], dict[str, dict[str, Gap]]]:
    """Return the breakdowns that the settings name, and the widest gaps of each; see ``breakdown``."""
    by = {name: breakdown(name, reports, tables, settings, groups, clusters=clusters) for name in settings.by}
    chance = {
        name: shuffled_gaps(name, reports, group_of(name, reports, groups), clusters, settings)
        for name in by
        if name in groups
    }
    return by, {name: gaps(found, chance.get(name)) for name, found in by.items()}


def breakdown(
    name: str,
    reports: Sequence[Counts],
    tables: Mapping[str, Table],
    settings: Settings,
    groups: Mapping[str, Sequence[str]],
    *,
    clusters: Sequence[str] = (),
) -> Breakdown:
    """Return group -> scores of its reports; failed calls are left out.

    Args:
        name: ``system``, ``document``, ``field``, or a name in ``groups``.
        reports: the counts of every report.
        tables: the same summed, by document.
        settings: how to aggregate.
        groups: name -> the group of each report, an empty text for none.
        clusters: the cluster of each report, an empty text for none.

    Raises:
        OptionError: no such group.
    """
    if name == "field" and name not in groups:
        fields = sorted({field for table in tables.values() for field in table.fields})
        return {field: {"multirads_f1": field_f1(field, list(tables.values()), settings)} for field in fields}
    members: dict[str, list[tuple[Counts, str]]] = {}
    units = clusters or [""] * len(reports)
    for report, value, unit in zip(reports, group_of(name, reports, groups), units, strict=True):
        members.setdefault(value, []).append((report, unit))
    return {value: scores_over(_tables(members[value], settings), settings) for value in sorted(members) if value}


def group_of(name: str, reports: Sequence[Counts], groups: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the group of each report, an empty text for none.

    Raises:
        OptionError: no such group.
    """
    if name in groups:
        return [str(value) for value in groups[name]]
    if name in (AGE_BAND, SEX):
        raise OptionError(f"by: got {shown(name)} without {'ages' if name == AGE_BAND else 'sexes'}. Allowed: both.")
    if name not in GROUPS:
        raise OptionError(f"by: got {shown(name)}. {allowed(name, (*GROUPS, *groups))}")
    return [report.document if name == "document" else rads.get(report.document).system for report in reports]


def _tables(reports: Sequence[tuple[Counts, str]], settings: Settings) -> list[Table]:
    own: dict[str, list[tuple[Counts, str]]] = {}
    for report, unit in reports:
        if report.state != "error":
            own.setdefault(report.document, []).append((report, unit))
    return [Table(key, [r for r, _ in mine], settings, [u for _, u in mine]) for key, mine in sorted(own.items())]
