"""Subgroups of patients, for which a model should read equally well: age bands and sexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from multirads_hf.errors import ScoringError, shown
from multirads_hf.schema import SEXES

# Names of the breakdowns.
AGE_BAND, SEX = "age_band", "sex"
# First year of each band; the last one is open.
BANDS = (0, 18, 40, 60, 75)


def age_band(age: object) -> str:
    """Return the band of an age in years, such as ``40-59``; an empty text for None.

    Raises:
        ScoringError: it is no age.

    >>> age_band(59), age_band(75.5), age_band(None)
    ('40-59', '75+', '')
    """
    if age is None:
        return ""
    if isinstance(age, bool) or not isinstance(age, (int, float)) or not age >= 0:
        raise ScoringError(f"ages: got {shown(age)}. Allowed: years, 0 or more, or None.")
    place = max(place for place, first in enumerate(BANDS) if first <= age)
    return f"{BANDS[place]}-{BANDS[place + 1] - 1}" if place + 1 < len(BANDS) else f"{BANDS[place]}+"


def sex_name(sex: object) -> str:
    """Return the name of a sex, given as such or as the dataset's class number; an empty text for None.

    Raises:
        ScoringError: it is neither.

    >>> sex_name("male"), sex_name(0)
    ('male', 'female')
    """
    if sex is None or sex == "":
        return ""
    if sex in SEXES:
        return str(sex)
    if isinstance(sex, int) and not isinstance(sex, bool) and 0 <= sex < len(SEXES):
        return SEXES[sex]
    raise ScoringError(f"sexes: got {shown(sex)}. Allowed: {', '.join(SEXES)}, or their class numbers, or None.")


def subgroups(ages: Iterable[object] | None, sexes: Iterable[object] | None) -> dict[str, Sequence[str]]:
    """Return the groups of each report by the name of the breakdown, of those columns that are given."""
    found: dict[str, Sequence[str]] = {}
    if ages is not None:
        found[AGE_BAND] = [age_band(age) for age in ages]
    if sexes is not None:
        found[SEX] = [sex_name(sex) for sex in sexes]
    return found
