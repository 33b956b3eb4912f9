"""The counts of one report as JSON and back: what a harness keeps of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multirads_hf.scoring import Agreement, Counts, Scores, Settings, score_counts


def to_json(counts: Counts) -> dict[str, Any]:
    """Return counts as a plain mapping that `from_json` reads; ``fields`` holds tp, fp and fn by field."""
    if counts.agreement is None:
        return counts.to_json()
    return {**counts.to_json(), "fields": {name: list(own) for name, own in counts.agreement.fields.items()}}


def from_json(kept: Mapping[str, Any]) -> Counts:
    """Return the counts that `to_json` made a mapping of; further entries are passed over."""
    own = {name: kept[name] for name in ("document", "state", "expected", "given")}
    if "tp" not in kept:
        return Counts(**own)
    fields = {name: (tp, fp, fn) for name, (tp, fp, fn) in kept.get("fields", {}).items()}
    agreement = Agreement(kept["tp"], kept["fp"], kept["fn"], fields)
    return Counts(**own, agreement=agreement, **{name: kept[name] for name in ("exact", "consistent", "fault")})


def scores_of(kept: Iterable[Mapping[str, Any]], settings: Settings, pair_ids: Iterable[str] = ()) -> Scores:
    """Return the scores that kept counts make.

    Raises:
        ScoringError: there are none, or a pair of more than two.
    """
    return score_counts([from_json(own) for own in kept], settings, list(pair_ids))
