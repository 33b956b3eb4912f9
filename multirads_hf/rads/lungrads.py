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


def _history(nodule: dict[str, Any], draw: Draw) -> None:
    """Give a nodule with a history its prior sizes: growth 1.7 mm and more, otherwise within its size row."""
    status, mean, component = nodule.get("status"), tenths(nodule["mean_mm"]), nodule.get("solid_mean_mm")
    if nodule.get("solid_component_status") == "growing" and component is not None:
        nodule["prior_solid_mean_mm"] = (tenths(component) - int(draw.between(17, min(34, tenths(component) - 10)))) / 10
    if status == "growing" and nodule.get("nodule_type") != "airway":
        nodule["prior_mean_mm"] = (mean - int(draw.between(17, min(42, mean - 20)))) / 10
    elif status == "slow_growing":
        nodule["prior_mean_mm"] = (mean - int(draw.between(17, 26))) / 10
    elif status in ("stable", "decreased") and "interval_months" in nodule and nodule.get("nodule_type") in ("solid", "part_solid"):
        low, high = (4, 16) if status == "decreased" else (-3, 3)
        row = sum(mean >= bound * 10 for bound in SOLID_MM)
        befores = [b for b in range(mean + low, mean + high + 1) if sum(b >= bound * 10 for bound in SOLID_MM) == row]
        nodule |= {"prior_mean_mm": draw.pick(befores) / 10} if befores else {"status": "stable"}


def _sizes(nodule: dict[str, Any], draw: Draw) -> None:
    """Tell the mean as both axes, as itself, or both, now and then with the volume; raw means keep off the bounds."""
    mean = tenths(nodule["mean_mm"])
    apart, way = int(draw.between(1, max(1, mean // 6))), draw.random()
    odd = int("prior_mean_mm" not in nodule and mean % 10 > 1 and draw.chance(0.4))
    if way < 0.7:
        nodule |= {"long_mm": (mean + apart) / 10, "short_mm": (mean - apart - odd) / 10}
    if way < 0.25:
        del nodule["mean_mm"]
    elif way > 0.93 and nodule.get("nodule_type") == "solid":
        nodule["volume_mm3"] = math.floor(math.pi / 6 * nodule["mean_mm"] ** 3 + 0.5)


def _place(lesions: list[dict[str, Any]], draw: Draw) -> None:
    """Give every nodule a lobe of its own."""
    free = [LOBES[place] for place in draw.order(len(LOBES))]
    for nodule in lesions:
        nodule["lobe"] = nodule["lobe"] if nodule["lobe"] in free else free[0]
        free.remove(nodule["lobe"])


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Add other findings, and what follows from size and change; no mean lies within 0.1 mm below a bound."""
    way = draw.random()
    if way < DENIED:
        study["s_finding"] = draw.pick(S_FINDINGS[1:]) if way < KNOWN else "none"
    if way < KNOWN:
        study["s_modifier"] = way < SIGNIFICANT
    _place(study["lesions"], draw)
    first = {"available": ("stable", 0.9), "none": ("baseline", 0.6)}.get(study["comparison"])
    for nodule in study["lesions"]:
        for name in ("mean_mm", "solid_mean_mm"):
            if name in nodule and tenths(nodule[name]) + 1 in BOUNDS:
                nodule[name] = (tenths(nodule[name]) - 1) / 10
        told = {"status", "calcification", "fat", "cyst_wall", "cyst_loculation", "prior_mean_mm", "solid_component_status"} & nodule.keys()
        if first and not told - ({"calcification"} if nodule.get("calcification") in ("none", "other") else set()) and draw.chance(first[1]):
            nodule["status"] = first[0]
        if "spiculation" in (nodule.get("suspicious_features") or ()):
            nodule["margin"] = "spiculated"
        if "mean_mm" in nodule:
            _history(nodule, draw)
            _sizes(nodule, draw)
    return study


_ADVICE_0 = "Depends on the reason: comparison with the prior CT, additional images, or LDCT in 1 to 3 months."
# code, meaning, risk (v1.x figures; v2022 prints prevalence alone), rank
_BASE = (
    ("0", "incomplete", "", 2), ("1", "negative: no nodule, or definitely benign nodules", "< 1%", 0),
    ("2", "benign by imaging features or indolent behavior", "< 1%", 1), ("3", "probably benign", "1-2%", 3),
    ("4A", "suspicious", "5-15%", 4), ("4B", "very suspicious", "> 15%", 5),
    ("4X", "category 3 or 4 nodule with additional suspicious features", "> 15%", 6),
)  # fmt: skip
CATEGORIES = tuple(
    Category(f"{code}{s}", meaning + (", and a significant other finding" if s else ""), ADVICE.get(code, _ADVICE_0) + (OTHER_FINDING if s else ""),
             rank, risk, (f"Lung-RADS {code}{s}", f"LungRADS {code}{s}", f"category {code}{s}", *((f"{code}-S", f"{code} S", f"{code} with S modifier") if s else ())))
    for s in ("", "S") for code, meaning, risk, rank in _BASE
)  # fmt: skip


def split(label: str) -> dict[str, str]:
    """Return category and modifier of a whole label."""
    return {"category": label.removesuffix("S"), "modifier": "S" if label.endswith("S") else ""}


_MM = {"unit": "mm", "step": 0.1, "low": 0.1, "high": 200}
FIELDS = (
    Field("modality", "enum", "always low-dose screening CT", values=("ct",), derived=True),
    Field("exam_type", "enum", "first screen, yearly screen, or short-interval CT within the program", values=("baseline", "annual", "interval"),
          aliases={"baseline": ("initial", "initial screen", "first screen"), "annual": ("yearly", "12-month"), "interval": ("follow-up", "3-month", "6-month")}),
    Field("comparison", "enum", "prior chest CT", values=("none", "available", "being_located"), aliases={"being_located": ("requested", "pending")}),
    Field("coverage", "enum", "whether all of the lungs can be evaluated", values=("complete", "incomplete"), default="complete"),
    Field("infectious_pattern", "enum", "findings that suggest infection or inflammation", values=("none", *INFECTIOUS), default="none"),
    Field("s_finding", "enum", "finding other than lung cancer that may matter", values=S_FINDINGS,
          aliases={"moderate_cac": ("moderate coronary calcification",), "severe_cac": ("severe coronary calcification",), "interstitial_lung_disease": ("ILD", "pulmonary fibrosis")}),
    Field("s_modifier", "bool", "whether that finding is significant and new, or changed unexpectedly (known ones do not count)", default=False),
    Field("nodule_type", "enum", "kind of nodule", "lesion", ("solid", "part_solid", "ground_glass", "airway", "cyst", "cavitary"),
          aliases={"part_solid": ("mixed", "PSN"), "ground_glass": ("nonsolid", "non-solid", "GGN", "pure ground glass"), "airway": ("endobronchial", "endotracheal"), "cyst": ("cystic airspace",)}),
    Field("lobe", "enum", "lobe in which it lies", "lesion", LOBES, aliases={"RUL": ("right upper lobe",), "RML": ("right middle lobe", "middle lobe"),
          "RLL": ("right lower lobe",), "LUL": ("left upper lobe",), "LLL": ("left lower lobe",)}),
    Field("long_mm", "float", "long axis", "lesion", **_MM), Field("short_mm", "float", "short axis", "lesion", **_MM),
    Field("mean_mm", "float", "mean of long and short axis, the total of a part-solid nodule", "lesion", **_MM),
    Field("volume_mm3", "int", "volume", "lesion", unit="mm3", low=1, high=4_000_000),
    Field("solid_mean_mm", "float", "mean diameter of the solid component of a part-solid nodule", "lesion", **_MM),
    Field("status", "enum", "what the nodule did since the prior exam", "lesion", ("baseline", "new", "growing", "stable", "decreased", "slow_growing", "resolved"),
          aliases={"stable": ("unchanged",), "growing": ("enlarged", "increased"), "decreased": ("smaller",)}),
    Field("prior_mean_mm", "float", "earlier mean diameter", "lesion", **_MM),
    Field("prior_solid_mean_mm", "float", "earlier mean diameter of the solid component", "lesion", **_MM),
    Field("interval_months", "float", "time from the earlier measurement to this exam", "lesion", unit="months", high=240),
    Field("prior_category", "enum", "category given at the prior exam", "lesion", ORDER),
    Field("solid_component_status", "enum", "what the solid component did", "lesion", ("none", "new", "growing", "stable")),
    Field("calcification", "enum", "pattern of calcification", "lesion", ("none", *CALCIFIED, "other"), default="none",
          aliases={"other": ("eccentric", "stippled"), "concentric_rings": ("concentric", "laminated"), "complete": ("diffuse", "dense")}),
    Field("fat", "bool", "macroscopic fat", "lesion", default=False),
    Field("juxtapleural", "bool", "perifissural or on the costal, mediastinal or diaphragmatic pleura", "lesion", default=False),
    Field("margin", "enum", "edge", "lesion", ("smooth", "lobulated", "irregular", "spiculated")),
    Field("shape", "enum", "shape", "lesion", ("oval", "lentiform", "triangular", "round", "irregular")),
    Field("airway_level", "enum", "level of the airway", "lesion", ("subsegmental", "segmental_or_more_proximal")),
    Field("airway_air_or_secretions", "bool", "contains air or secretions, no soft-tissue nodule", "lesion", default=False),
    Field("cyst_wall", "enum", "thin below 2 mm, thick from 2 mm on", "lesion", ("thin", "thick")),
    Field("cyst_loculation", "enum", "one cavity or several", "lesion", ("unilocular", "multilocular")),
    Field("cyst_change", "enum", "what the cyst did", "lesion", ("baseline", "stable", "cystic_component_growing", "wall_or_nodularity_growing", "growing_multilocular",
          "became_multilocular", "increased_loculation_or_opacity")),
    Field("suspicious_features", "list", "features that add suspicion", "lesion", ("spiculation", "lymphadenopathy", "frank_metastases", "ggn_doubled_in_1y")),
    Field("category", "enum", "category of this nodule", "lesion", ORDER, derived=True),
)  # fmt: skip

_YEARLY = {"exam_type": Maybe("annual", 0.85), "comparison": "available"}
_EARLY = {"exam_type": Maybe("interval", 0.85), "comparison": "available"}
_FIRST = {"exam_type": Maybe("baseline", 0.85), "comparison": "none"}
_S, _P, _G = {"nodule_type": "solid"}, {"nodule_type": "part_solid"}, {"nodule_type": "ground_glass"}
_EDGE = {"margin": Maybe(OneOf(("smooth", "smooth", "lobulated", "irregular")), 0.45), "shape": Maybe(OneOf(("round", "oval", "irregular")), 0.2)}
_BARE = {"calcification": Maybe("none", 0.15)}
_YEAR = {"interval_months": OneOf((12, 12, 11))}


def _mm(low: float, high: float, *component: float) -> dict[str, Any]:
    return {"mean_mm": Between(low, high)} | ({"solid_mean_mm": Between(*component)} if component else {})


_GRANULOMA = {"nodule_type": Maybe("solid", 0.2), "calcification": OneOf(("complete", "complete", "central", "concentric_rings")), **_mm(2.5, 7.8)}
_SMALL, _HAZE = {**_S, **_mm(2.0, 3.8)}, {**_G, **_mm(5, 17.8)}
_FISSURAL = {**_S, "juxtapleural": True, "margin": "smooth", "shape": OneOf(("triangular", "lentiform", "oval")), **_mm(3, 6.8)}
_BULLA = {"nodule_type": "cyst", "cyst_wall": "thin", "cyst_loculation": "unilocular", "mean_mm": Maybe(Between(8, 30), 0.6)}
_DULL, _CLEAR = (_GRANULOMA, _SMALL, _HAZE, _FISSURAL), (_GRANULOMA, _BULLA)
_CYST, _THICK, _MANY = {"nodule_type": "cyst", "mean_mm": Maybe(Between(9, 34), 0.8)}, {"cyst_wall": "thick", "cyst_loculation": "unilocular"}, {"cyst_loculation": "multilocular", "cyst_wall": Maybe("thick", 0.5)}
_AIRWAY = {"nodule_type": "airway", "mean_mm": Maybe(Between(4, 11.8), 0.7), "airway_level": "segmental_or_more_proximal"}
_FEATURES = OneOf((["spiculation"], ["spiculation"], ["lymphadenopathy"], ["spiculation", "lymphadenopathy"], ["frank_metastases"], ["lymphadenopathy", "frank_metastases"]))
_PERSISTENT = {**_EARLY, "status": OneOf(("stable", "growing")), "interval_months": 3, "prior_category": Maybe("4A", 0.8)}


def _kept(category: str, months: int, **other: Any) -> dict[str, Any]:
    exam = _YEARLY if months > 6 else _EARLY
    return {**exam, "prior_category": category, "interval_months": OneOf((months, months, months - 1 if months > 3 else 3)), "status": "stable", **other}


SCENARIOS = (
    Scenario("no_nodules", companions=(_BULLA,), companion_chance=0.15, variants=(_FIRST, _YEARLY)),
    Scenario("definitely_benign_nodule", lesions=({**_GRANULOMA, **_mm(3, 18)},), companions=_CLEAR, variants=({}, _YEARLY, {"calcification": OneOf((None, "popcorn")), "fat": True, **_mm(7, 28)})),
    Scenario("small_ground_glass", lesions=(_G,), companions=_DULL, variants=(
        _mm(4, 28.8), {**_YEARLY, "status": "new", **_mm(4, 21.8)}, {**_YEARLY, **_YEAR, "status": "growing", **_mm(9, 28.8)})),
    Scenario("large_ground_glass", lesions=({**_G, **_mm(30, 39)},), companions=(_GRANULOMA, _SMALL), variants=(
        {}, {**_YEARLY, "status": "new"}, {**_YEARLY, **_YEAR, "status": "stable"})),
    Scenario("juxtapleural_benign_shape", lesions=({**_FISSURAL, **_mm(4.2, 9.8)},), companions=_DULL, variants=({}, {**_YEARLY, "status": "new"})),
    Scenario("solid_at_baseline", lesions=({**_S, **_EDGE},), companions=_DULL, variants=(
        _mm(2, 5.8), _mm(6, 7.8), _mm(8, 14.8), _mm(15, 28), {**_mm(6, 7.8), "calcification": "other"},
        {**_FISSURAL, "margin": OneOf(("lobulated", "irregular")), **_mm(8, 14.8)}, {**_FISSURAL, **_mm(10, 14.8)})),
    Scenario("new_nodule", exam=_YEARLY, lesions=({**_S, **_EDGE, "status": "new"},), companions=_DULL, variants=(
        _mm(2, 3.8), _mm(4, 5.8), _mm(6, 7.8), _mm(8, 22), {**_P, **_mm(4, 5.8, 1.5, 2.8)})),
    Scenario("growing_solid", lesions=({**_S, **_EDGE, "status": Maybe("growing", 0.85)},), companions=_DULL, variants=(
        {**_YEARLY, **_YEAR, **_mm(4.2, 7.8)}, {**_EARLY, "interval_months": OneOf((3, 6)), **_mm(6, 7.8)}, {**_YEARLY, **_YEAR, **_mm(8, 24)})),
    Scenario("part_solid_at_baseline", lesions=(_P,), companions=_DULL, variants=(
        _mm(4, 5.8, 1.5, 3.2), _mm(7, 24, 2, 5.8), _mm(10, 24, 6, 7.8), _mm(15, 28, 8, 12.8))),
    Scenario("solid_component_changed", exam=_YEARLY, lesions=({**_P, **_YEAR, "prior_category": Maybe("2", 0.4)},), companions=_DULL, variants=(
        {"solid_component_status": "growing", **_mm(8, 20, 3, 3.8)}, {"solid_component_status": "growing", **_mm(10, 24, 4.2, 7.8)},
        {"solid_component_status": "new", **_mm(8, 20, 1.8, 3.8)}, {"solid_component_status": "new", **_mm(9, 24, 4, 6.8)})),
    Scenario("stable_steps_down", lesions=({**_S, **_EDGE},), companions=_DULL, variants=(
        _kept("3", 6, **_mm(6, 7.8)), _kept("3", 6, **_mm(8.2, 13.8)), _kept("3", 6, **_P, **_mm(8, 20, 2, 5.8)), _kept("2", 12, **_mm(6, 13.8)),
        _kept("4A", 3, **_mm(8.2, 14.8)), _kept("4A", 3, **_mm(8.2, 13), status="decreased"), _kept("4A", 3, **_P, **_mm(11, 20, 6, 7.8)))),
    Scenario("airway_nodule", lesions=(_AIRWAY,), companions=(_GRANULOMA, _SMALL), variants=(
        {}, {"airway_level": "subsegmental"}, {**_YEARLY, "airway_level": "subsegmental", "status": OneOf(("new", "stable"))}, _PERSISTENT,
        {"airway_air_or_secretions": True})),
    Scenario("atypical_cyst", lesions=(_CYST,), companions=(_GRANULOMA, _SMALL), variants=(
        {**_THICK, "cyst_change": Maybe("baseline", 0.6)}, {**_MANY, "cyst_change": Maybe("baseline", 0.6)},
        {**_YEARLY, **_THICK, "cyst_change": "cystic_component_growing"}, {**_YEARLY, **_THICK, "cyst_change": "wall_or_nodularity_growing"},
        {**_YEARLY, **_MANY, "cyst_change": OneOf(("growing_multilocular", "increased_loculation_or_opacity"))},
        {**_YEARLY, "cyst_wall": OneOf(("thin", "thick")), "cyst_loculation": "multilocular", "cyst_change": "became_multilocular"})),
    Scenario("suspected_infection", exam=_YEARLY, companions=_DULL, variants=tuple({"infectious_pattern": pattern} for pattern in INFECTIOUS)),
    Scenario("prior_being_located", exam={"comparison": "being_located", "exam_type": Maybe("annual", 0.8)}, lesions=({**_S, **_EDGE},), companions=_DULL,
             variants=(_mm(2, 7.8), _mm(8, 18), {**_G, **_mm(6, 28.8)})),
    Scenario("solid_with_suspicious_features", lesions=({**_S, **_mm(8.2, 32), "suspicious_features": _FEATURES},), companions=_DULL, variants=(
        {}, {**_YEARLY, "status": "new"}, {**_YEARLY, **_YEAR, "status": "growing"})),
    Scenario("incomplete_coverage", exam={"coverage": "incomplete"}, companions=_DULL, companion_chance=0.6, variants=(_FIRST, _YEARLY), unseen=True),
    Scenario("resolved_nodule", lesions=({"status": "resolved", "nodule_type": OneOf(("solid", "ground_glass")), "prior_mean_mm": Between(4.2, 12.8), "prior_category": Maybe(OneOf(("3", "4A")), 0.6)},),
             companions=_CLEAR, variants=({**_EARLY, "interval_months": OneOf((3, 6))}, {**_YEARLY, **_YEAR}), unseen=True),
    Scenario("threshold_crossed_without_growth", exam=_YEARLY, lesions=({**_S, **_EDGE, **_YEAR, "prior_category": Maybe("2", 0.4)},), companions=_DULL, unseen=True,
             variants=({**_mm(6, 6.6), "prior_mean_mm": Between(5.2, 5.8)}, {**_mm(8, 8.6), "prior_mean_mm": Between(7.2, 7.8)}, {**_mm(15, 15.6), "prior_mean_mm": Between(14.2, 14.8)})),
    Scenario("slow_growth", exam=_YEARLY, lesions=({"status": "slow_growing", "interval_months": OneOf((24, 36))},), companions=_DULL, unseen=True, variants=(
        {**_G, **_mm(12, 28.8)}, {**_G, **_mm(30, 38)}, {**_S, **_EDGE, **_mm(6, 14.8)}, {**_P, **_mm(8, 20, 2, 5.8)})),
    Scenario("cavitary_nodule", lesions=({"nodule_type": "cavitary"},), companions=_DULL, unseen=True, variants=(_mm(6.2, 7.8), _mm(8, 14.8), _mm(15, 30), {**_YEARLY, "status": "new", **_mm(8, 22)})),
    Scenario("part_solid_with_suspicious_features", lesions=({**_P, "suspicious_features": _FEATURES, **_mm(13, 28, 8, 11.8)},), companions=_DULL, unseen=True, variants=(
        {}, {**_YEARLY, "solid_component_status": "new", **_mm(13, 28, 5, 9)})),
)  # fmt: skip

DOCUMENT = Document(
    key="lungrads",
    system="lungrads",
    system_names=("Lung-RADS", "ACR Lung-RADS", "LungRADS"),
    title="ACR Lung-RADS, lung cancer screening on low-dose CT",
    edition="v2022",
    source="ACR Lung-RADS v2022; Christensen J et al. J Am Coll Radiol 2024;21:473-488",
    modalities=("ct",),
    categories=CATEGORIES,
    fields=FIELDS,
    scenarios=SCENARIOS,
    rule=rule,
    complete=complete,
    exam_plan={**_FIRST, "coverage": Maybe("complete", 0.2), "infectious_pattern": Maybe("none", 0.12)},
    lesion_plan={"lobe": OneOf(("RUL", "RUL", "LUL", "LUL", "RML", "RLL", "LLL", "lingula"))},
    ages=(50, 80),
    part_names=("category", "modifier"),
    split=split,
    join="".join,
    core=lambda label: label.removesuffix("S"),
)
