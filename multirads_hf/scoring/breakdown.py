"""Scores by groups of reports: systems, documents, fields, or whatever is given beside the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multirads_hf import rads
from multirads_hf.errors import OptionError, allowed, shown
from multirads_hf.scoring.aggregate import field_f1, scores_over
from multirads_hf.scoring.gaps import gaps, shuffled_gaps
from multirads_hf.scoring.result import Estimate, Gap
from multirads_hf.scoring.settings import GROUPS, Settings
from multirads_hf.scoring.subgroups import AGE_BAND, SEX
from multirads_hf.scoring.table import Table, tables_of
from multirads_hf.scoring.tally import Tally

Breakdown = dict[str, dict[str, Estimate]]


def breakdowns(
    reports: Tally,
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
    reports: Tally,
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
    import numpy as np  # noqa: PLC0415

    if name == "field" and name not in groups:
        fields = sorted({field for table in tables.values() for field in table.fields})
        return {field: {"multirads_f1": field_f1(field, list(tables.values()), settings)} for field in fields}
    members: dict[str, list[int]] = {}
    for place, value in enumerate(group_of(name, reports, groups)):
        members.setdefault(value, []).append(place)
    found = {}
    for value in filter(None, sorted(members)):
        own = tables_of(
            reports.take(np.array(members[value])), settings, [clusters[p] for p in members[value]] if clusters else ()
        )
        found[value] = scores_over(list(own.values()), settings)
    return found


def group_of(name: str, reports: Tally, groups: Mapping[str, Sequence[str]]) -> Sequence[str]:
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
    known = [key if name == "document" else rads.get(key).system for key in reports.keys]
    return [known[document] for document in reports.document.tolist()]
