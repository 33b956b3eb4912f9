"""ACR Lung-RADS (v2022): lung cancer screening on low-dose chest CT.

Issued by the American College of Radiology. The exam takes the category of its most suspicious
nodule. Size is the mean of long and short axis, to 0.1 mm; a bound belongs to the column on its right:

=============  =====  ========  ========  =========  ========
solid nodule   < 4    4 to < 6  6 to < 8  8 to < 15  15 mm on
=============  =====  ========  ========  =========  ========
baseline       2      2         3         4A         4B
new            2      3         4A        4B         4B
growing        4A     4A        4A        4B         4B
=============  =====  ========  ========  =========  ========

Growth is more than 1.5 mm within 12 months. Category 0 stands before all others (prior being located,
lungs not covered, suspected infection); ``S`` joins any category for a new significant finding other
than lung cancer. 4X is a category of its own, never a modifier.

Not in the grid, settled here and never generated: a new part-solid nodule of 6 mm or more has a new
solid component; a ground-glass nodule that grows to 30 mm or more is 3, by size; a part-solid nodule
that grows without its solid component goes by size; a 3 or 4A stable before its interval, or a 4B
stable without workup, keeps its category.

Source: ACR Lung-RADS v2022, November 2022; Christensen J et al. J Am Coll Radiol 2024;21:473-488.

>>> from multirads_hf.rads import get
>>> nodule = {"nodule_type": "solid", "mean_mm": 7.0}
>>> get("lungrads").categorise({"lesions": [nodule | {"status": "baseline"}]})
'3'
>>> get("lungrads").categorise({"s_modifier": True, "lesions": [nodule | {"status": "growing"}]})
'4AS'
>>> get("lungrads").categorise({"lesions": [{"nodule_type": "solid", "status": "new"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: lungrads: lesions[].mean_mm is missing. A new solid nodule needs it.
"""
# ruff: noqa: E501 (tables of fields and scenarios are wider than prose)

from __future__ import annotations

import math
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.schema import Between, Category, Decision, Document, Field, Maybe, OneOf, Scenario, Study

# Note 1: least to most concern.
ORDER = ("1", "2", "3", "4A", "4B", "4X")
# v2022 grid, solid: mean diameter in mm; a bound belongs to the column on its right.
SOLID_MM = (4, 6, 8, 15)
SOLID = {"baseline": ("2", "2", "3", "4A", "4B"), "new": ("2", "3", "4A", "4B", "4B"), "growing": ("4A", "4A", "4A", "4B", "4B")}  # fmt: skip
# v2022 grid, part-solid: total, then solid component; bound for a new or growing component.
PART_SOLID_MM, COMPONENT_MM, COMPONENT, CHANGED_MM = 6, (6, 8), ("3", "4A", "4B"), 4
GROUND_GLASS_MM = 30
# v2022 grid, categories 1 and 2: benign calcification; juxtapleural nodules.
CALCIFIED = ("complete", "central", "popcorn", "concentric_rings")
JUXTAPLEURAL_MM, JUXTAPLEURAL_SHAPES = 10, ("oval", "lentiform", "triangular")
# Note 5: growth is an increase of the mean diameter of more than 1.5 mm within 12 months.
GROWTH_TENTHS, GROWTH_MONTHS = 15, 12
# Stepped management: category before -> category now, and the interval in months (tolerance: this corpus).
STEPS, TOLERANCE_MONTHS = {"3": ("2", 6), "4A": ("3", 3)}, 1
# Note 12: what a change makes of a cyst.
CYSTS = {"wall_or_nodularity_growing": "4B", "growing_multilocular": "4B", "increased_loculation_or_opacity": "4B", "became_multilocular": "4A"}  # fmt: skip
# Note 10: patterns for which LDCT in 1 to 3 months is advised.
INFECTIOUS = ("segmental_or_lobar_consolidation", "more_than_6_new_nodules", "large_solid_rapid", "new_nodules_immunocompromised")  # fmt: skip
WORKUP = "Diagnostic chest CT with or without contrast, tissue sampling and/or referral."
YEARLY = "LDCT in 12 months."
ADVICE = {"1": YEARLY, "2": YEARLY, "3": "LDCT in 6 months.", "4A": "LDCT in 3 months.", "4B": WORKUP, "4X": WORKUP}
PET_MM, PET = 8, " PET/CT may be considered (solid nodule or component of 8 mm or more)."
OTHER_FINDING = " Manage the additional significant finding as appropriate to it."


def tenths(mm: float) -> int:
    """Return a length as whole tenths of a mm, half up."""
    return math.floor(mm * 10 + 0.5)


def _missing(name: str, what: str) -> StudyError:
    return StudyError(f"lungrads: lesions[].{name} is missing. {what} needs it.")


def _wrong(name: str, value: object, allowed: str) -> StudyError:
    return StudyError(f"lungrads: lesions[].{name}: got {value!r}. Allowed: {allowed}.")


def mean_diameter(nodule: Study) -> float | None:
    """Return the mean diameter in mm: as reported, of both axes, or of a sphere of the volume.

    Raises:
        StudyError: the short axis exceeds the long one, or the mean does not fit the axes.
    """
    mean, long, short, volume = (nodule.get(n) for n in ("mean_mm", "long_mm", "short_mm", "volume_mm3"))
    if long is not None and short is not None:
        axes = (tenths(long) + tenths(short) + 1) // 2
        if short > long:
            raise _wrong("short_mm", short, f"up to long_mm, {long}")
        if mean is not None and abs(tenths(mean) - axes) > 1:
            raise _wrong("mean_mm", mean, f"{axes / 10}, the mean of the axes")
        mean = axes / 10 if mean is None else mean
    if mean is None and volume is not None:
        return tenths((6 * volume / math.pi) ** (1 / 3)) / 10
    return mean


def grew(nodule: Study, now: float | None, before: float | None) -> bool | None:
    """Return whether a size in mm grew by the definition; None where that cannot be told."""
    if now is None or before is None:
        return None
    if tenths(now) - tenths(before) <= GROWTH_TENTHS:
        return False
    return True if (nodule.get("interval_months") or GROWTH_MONTHS) <= GROWTH_MONTHS else None


def trend(nodule: Study) -> str:
    """Return baseline, new, growing, slow_growing or stable. Sizes outweigh the word beside them."""
    status, before = nodule.get("status"), nodule.get("prior_mean_mm")
    if status in ("baseline", "new") and before is not None:
        raise _wrong("status", status, "growing, stable, decreased, slow_growing, resolved (prior_mean_mm is given)")
    growth = grew(nodule, mean_diameter(nodule), before)
    if growth:
        return "growing"
    if status is None:
        return "baseline" if before is None and nodule.get("prior_category") is None else "stable"
    return "stable" if status == "decreased" or (status == "growing" and growth is False) else str(status)


def stepped(nodule: Study, now: str | None, before: str | None) -> tuple[str, str]:
    """Return the category of a nodule that did not grow. ``now``, ``before``: its size rows at baseline."""
    prior, months = nodule.get("prior_category"), nodule.get("interval_months")
    if now and before and ORDER.index(now) > ORDER.index(before):
        return now, "crosses a size threshold without growth"
    if prior is None:
        if now is None:
            raise _missing("mean_mm", "A stable nodule of unknown earlier category")
        return now, "no growth, by size"
    code, after = STEPS.get(prior, (prior, 0))
    if not after or (months is not None and months < after - TOLERANCE_MONTHS):
        return prior, f"no growth, category {prior} kept"
    return code, f"category {prior}, no growth after {after} months"


def grid(kind: str, size: float | None, component: float | None, change: str) -> str | None:
    """Return the category by size in mm of a nodule that is baseline, new or growing; None without size."""
    if kind == "ground_glass":
        return None if size is None else "3" if size >= GROUND_GLASS_MM else "2"
    if kind != "part_solid":
        return None if size is None else SOLID[change][sum(size >= bound for bound in SOLID_MM)]
    if size is not None and size < PART_SOLID_MM:
        return "3" if change == "new" else "2"
    return None if size is None or component is None else COMPONENT[sum(component >= b for b in COMPONENT_MM)]


def component_change(nodule: Study, size: float | None, change: str) -> str | None:
    """Return what the solid component of a part-solid nodule did: new, growing, or as reported."""
    component, reported = nodule.get("solid_mean_mm"), nodule.get("solid_component_status")
    if component is not None and size is not None and component > size:
        raise _wrong("solid_mean_mm", component, f"up to the total, {size} mm")
    if change == "new":
        return None if size is not None and size < PART_SOLID_MM else "new"
    growth = grew(nodule, component, nodule.get("prior_solid_mean_mm"))
    return "growing" if growth else None if growth is False and reported == "growing" else reported


def parenchymal(nodule: Study) -> tuple[str, str]:
    """Solid, cavitary (as solid), part-solid and ground-glass nodules: growth, slow growth, steps, size."""
    kind, size, component, change = nodule["nodule_type"], mean_diameter(nodule), nodule.get("solid_mean_mm"), trend(nodule)
    named = kind.replace("_", "-")
    state = component_change(nodule, size, change) if kind == "part_solid" else None
    if state in ("new", "growing"):
        if component is None:
            raise _missing("solid_mean_mm", f"A {state} solid component")
        return ("4B" if component >= CHANGED_MM else "4A"), f"part-solid, {state} solid component, {component} mm"
    if kind == "ground_glass" and change in ("stable", "slow_growing"):
        return "2", f"ground-glass, {change.replace('_', ' ')}"
    if change == "slow_growing":
        return "4B", f"{named}, slow growth over several screens"
    now = grid(kind, size, component, "baseline" if change == "stable" else change)
    if change == "stable":
        before = grid(kind, nodule.get("prior_mean_mm"), nodule.get("prior_solid_mean_mm"), "baseline")
        code, why = stepped(nodule, now, before)
        return code, f"{named}, {why}"
    if now is None:
        raise _missing("mean_mm" if size is None else "solid_mean_mm", f"A {change} {named} nodule")
    return now, f"{named}, {change}, {size} mm" + (f", solid component {component} mm" if component else "")


def airway(nodule: Study) -> tuple[str, str]:
    """Airway nodules (note 11): a proximal one is 4A, and 4B when it is still there."""
    level, change = nodule.get("airway_level"), trend(nodule)
    if nodule.get("airway_air_or_secretions"):
        return "2", "airway, air or secretions, no soft-tissue nodule"
    if level is None:
        raise _missing("airway_level", "An airway nodule")
    first = change in ("baseline", "new")
    if level == "segmental_or_more_proximal":
        return ("4A", f"proximal airway, {change}") if first else ("4B", "proximal airway, persistent")
    if not first and change != "stable":
        raise _wrong("status", change, "baseline, new, stable (the grid has no growing subsegmental airway nodule)")
    return "2", f"subsegmental airway, {change}"


def cyst(nodule: Study) -> tuple[str, str]:
    """Cysts (note 12): a thin-walled unilocular one is not classified; alone it leaves the exam at 1."""
    wall, change, multilocular = nodule.get("cyst_wall"), nodule.get("cyst_change"), nodule.get("cyst_loculation") == "multilocular"
    if change in CYSTS:
        return CYSTS[change], f"cyst, {change.replace('_', ' ')}"
    if wall is None and not multilocular:
        raise _missing("cyst_wall", "A cyst that is not multilocular")
    if wall == "thin" and not multilocular:
        return "1", "cyst, thin-walled, unilocular: not classified"
    if change == "cystic_component_growing":
        return ("4B", "cyst, growing, multilocular") if multilocular else ("3", "cyst, thick-walled, cystic part growing")
    if change == "stable" or trend(nodule) == "stable":
        code, why = stepped(nodule, "4A", None)
        return code, f"cyst, {why}"
    return "4A", "cyst, multilocular" if multilocular else "cyst, thick-walled"


def benign(nodule: Study) -> tuple[str, str] | None:
    """Return category and reason of a nodule that is gone or looks benign, or None."""
    calcification, size = nodule.get("calcification"), mean_diameter(nodule)
    if nodule.get("status") == "resolved":
        return "1", "resolved"
    if nodule.get("fat") or calcification in CALCIFIED:
        return "1", "fat" if nodule.get("fat") else f"{calcification} calcification".replace("_", " ")
    shaped = nodule.get("margin") == "smooth" and nodule.get("shape") in JUXTAPLEURAL_SHAPES
    small = nodule.get("nodule_type") == "solid" and size is not None and size < JUXTAPLEURAL_MM
    if nodule.get("juxtapleural") and shaped and small and trend(nodule) not in ("growing", "slow_growing"):
        return "2", "juxtapleural, solid, smooth, of benign shape, below 10 mm"
    return None


def classify(nodule: Study) -> tuple[str, str]:
    """Return category and reason of one nodule: benign features, its type's table, then 4X (note 14)."""
    if found := benign(nodule):
        return found
    kind = nodule.get("nodule_type")
    if kind is None:
        raise _missing("nodule_type", "A nodule without definitely benign features")
    code, reason = cyst(nodule) if kind == "cyst" else airway(nodule) if kind == "airway" else parenchymal(nodule)
    spiculated = ["spiculation"] if nodule.get("margin") == "spiculated" else []
    features = dict.fromkeys([*spiculated, *(nodule.get("suspicious_features") or ())])
    if features and code in ("3", "4A", "4B"):
        return "4X", f"{reason}: {code}, with {' and '.join(features)}".replace("_", " ")
    return code, reason


def management(code: str, nodule: Study) -> str:
    """Return what v2022 advises for a category and the nodule that decided it."""
    kind = nodule.get("nodule_type")
    size = nodule.get("solid_mean_mm") if kind == "part_solid" else mean_diameter(nodule)
    pet = kind in ("solid", "cavitary", "part_solid") and code in ("4A", "4B", "4X") and size is not None and size >= PET_MM
    return ADVICE[code] + (PET if pet else "")


def judge(study: Study) -> tuple[str, str, str]:
    """Return category without ``S``, reason, management: incomplete exam (notes 9, 10), then the worst nodule."""
    if study.get("comparison") == "being_located":
        return "0", "prior CT being located", "Comparison with the prior chest CT."
    if study.get("coverage") == "incomplete":
        return "0", "part of the lungs not evaluable", "Additional lung cancer screening CT images."
    if (pattern := study.get("infectious_pattern")) in INFECTIOUS:
        return "0", f"suspected infection, {pattern}".replace("_", " "), "LDCT in 1 to 3 months."
    judged = [(*classify(nodule), nodule) for nodule in study.get("lesions") or ()]
    code, reason, nodule = max(judged, key=lambda j: (ORDER.index(j[0]), mean_diameter(j[2]) or 0), default=("1", "no nodule", {}))
    return code, reason, management(code, nodule)


def rule(study: Study) -> Decision:
    """Apply v2022, and add ``S`` for a significant other finding."""
    code, reason, advice = judge(study)
    if study.get("s_modifier") is not True:
        return Decision(code, (f"{reason}: {code}",), advice)
    if study.get("s_finding") == "none":
        raise StudyError("lungrads: s_finding: got 'none' with s_modifier true. Allowed: the significant finding.")
    return Decision(f"{code}S", (f"{reason}: {code}", "new significant other finding: S"), advice + OTHER_FINDING)
