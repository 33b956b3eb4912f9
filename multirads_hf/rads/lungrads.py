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

Growth is more than 1.5 mm within 12 months. Category 0 (prior being located, lungs not covered,
suspected infection) stands before all others; ``S`` joins any for a new significant finding other than
lung cancer; 4X is a category, never a modifier. Not in the grid, settled here and never generated: a
new part-solid nodule of 6 mm or more has a new solid component; ground glass that grows to 30 mm is 3;
a part-solid nodule that grows without its solid component goes by size; a 3 or 4A stable before its
interval, or a 4B stable without workup, is kept.

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
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

ORDER, COMPONENT = ("1", "2", "3", "4A", "4B", "4X"), ("3", "4A", "4B")  # note 1: least to most concern
# v2022 grid, sizes in mm; a bound belongs to the column on its right. Part-solid: total, then solid component.
SOLID_MM, GROUND_GLASS_MM, PART_SOLID_MM, COMPONENT_MM, CHANGED_COMPONENT_MM = (4, 6, 8, 15), 30, 6, (6, 8), 4
SOLID = {"baseline": ("2", "2", "3", "4A", "4B"), "new": ("2", "3", "4A", "4B", "4B"), "growing": ("4A", "4A", "4A", "4B", "4B")}  # fmt: skip
# v2022 grid, categories 1 and 2: benign calcification; juxtapleural nodules.
CALCIFIED, JUXTAPLEURAL_MM, JUXTAPLEURAL_SHAPES = ("complete", "central", "popcorn", "concentric_rings"), 10, ("oval", "lentiform", "triangular")  # fmt: skip
# Note 5: growth is more than 1.5 mm within 12 months. Steps: category before -> now, after months (tolerance: ours).
GROWTH_TENTHS, GROWTH_MONTHS, STEPS, TOLERANCE_MONTHS = 15, 12, {"3": ("2", 6), "4A": ("3", 3)}, 1
# Note 12: what a change makes of a cyst. Note 10: patterns for which LDCT in 1 to 3 months is advised.
CYSTS = {"wall_or_nodularity_growing": "4B", "growing_multilocular": "4B", "increased_loculation_or_opacity": "4B", "became_multilocular": "4A"}  # fmt: skip
INFECTIOUS = ("segmental_or_lobar_consolidation", "more_than_6_new_nodules", "large_solid_rapid", "new_nodules_immunocompromised")  # fmt: skip
ADVICE = {
    "0": "Comparison with the prior chest CT, additional CT images, or LDCT in 1 to 3 months, depending on the reason.", "3": "LDCT in 6 months.", "4A": "LDCT in 3 months.",
    **dict.fromkeys(("1", "2"), "LDCT in 12 months."), **dict.fromkeys(("4B", "4X"), "Diagnostic chest CT with or without contrast, tissue sampling and/or referral."),
}  # fmt: skip
PET_MM, PET, OTHER_FINDING = 8, " PET/CT may be considered (solid nodule or component of 8 mm or more).", " Manage the additional significant finding as appropriate to it."  # fmt: skip
LOBES, S_FINDINGS = ("RUL", "RML", "RLL", "LUL", "LLL", "lingula"), ("none", "aortic_aneurysm", "moderate_cac", "severe_cac", "thyroid_nodule", "renal_mass", "pericardial_effusion", "interstitial_lung_disease")  # fmt: skip
# This corpus: cumulative shares of exams with a new significant, a known, a denied other finding; in tenths of a mm the changes,
# least prior size, bounds just below which no mean lies, last digits of means with axes of just that mean; fields that date.
CHANGE, LEAST = {"growing": (17, 42), "slow_growing": (17, 26), "stable": (-3, 3), "decreased": (-16, -4)}, 20
DATED = {"status", "prior_mean_mm", "solid_component_status", "fat", "cyst_wall", "cyst_loculation"}
EVEN_ENDS, SIGNIFICANT, KNOWN, DENIED, BOUNDS = (0, 1, 4, 6), 0.115, 0.2, 0.4, tuple(10 * mm for mm in (*SOLID_MM, JUXTAPLEURAL_MM, GROUND_GLASS_MM))  # fmt: skip


def tenths(mm: float) -> int:
    """Return a length as whole tenths of a mm, half up."""
    return math.floor(mm * 10 + 0.5)


def _refused(name: str, problem: str) -> StudyError:
    return StudyError(f"lungrads: lesions[].{name}{problem}.")


def mean_diameter(nodule: Study) -> float | None:
    """Return the mean diameter in mm: as reported, of both axes (which must fit it), or of a sphere of the volume."""
    mean, long, short, volume = (nodule.get(n) for n in ("mean_mm", "long_mm", "short_mm", "volume_mm3"))
    if long is not None and short is not None:
        axes = (tenths(long) + tenths(short) + 1) // 2
        if short > long:
            raise _refused("short_mm", f": got {short!r}. Allowed: up to long_mm, {long}")
        if mean is not None and abs(tenths(mean) - axes) > 1:
            raise _refused("mean_mm", f": got {mean!r}. Allowed: {axes / 10}, the mean of the axes")
        mean = axes / 10 if mean is None else mean
    if mean is None and volume is not None:
        return float(math.floor(10 * (6 * (volume + 0.5) / math.pi) ** (1 / 3)) / 10)  # 113 mm3 is 6.0 mm, 112 is not
    return None if mean is None else float(mean)


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
        raise _refused("status", f": got {status!r}. Allowed: that of an earlier nodule (prior_mean_mm is given)")
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
    if prior is None and now is None:
        raise _refused("mean_mm", " is missing. A stable nodule of unknown earlier category needs it")
    if prior is None:
        return str(now), "no growth, by size"
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
        raise _refused("solid_mean_mm", f": got {component!r}. Allowed: up to the total, {size} mm")
    if change == "new":
        return None if size is not None and size < PART_SOLID_MM else "new"
    growth = grew(nodule, component, nodule.get("prior_solid_mean_mm"))
    return "growing" if growth else None if growth is False and reported == "growing" else reported


def parenchymal(nodule: Study) -> tuple[str, str]:
    """Solid, cavitary (as solid), part-solid and ground-glass nodules: growth, slow growth, steps, size."""
    size, change, component = mean_diameter(nodule), trend(nodule), nodule.get("solid_mean_mm")
    kind, named = nodule["nodule_type"], nodule["nodule_type"].replace("_", "-")
    state = component_change(nodule, size, change) if kind == "part_solid" else None
    if state in ("new", "growing"):
        if component is None:
            raise _refused("solid_mean_mm", f" is missing. A {state} solid component needs it")
        return (
            "4B" if component >= CHANGED_COMPONENT_MM else "4A"
        ), f"part-solid, {state} solid component, {component} mm"
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
        name = "mean_mm" if size is None else "solid_mean_mm"
        raise _refused(name, f" is missing. A {change} {named} nodule needs it")
    return now, f"{named}, {change}, {size} mm" + (f", solid component {component} mm" if component else "")


def airway(nodule: Study) -> tuple[str, str]:
    """Airway nodules (note 11): a proximal one is 4A, and 4B when it is still there."""
    level, change = nodule.get("airway_level"), trend(nodule)
    if nodule.get("airway_air_or_secretions"):
        return "2", "airway, air or secretions, no soft-tissue nodule"
    if level is None:
        raise _refused("airway_level", " is missing. An airway nodule needs it")
    if level == "segmental_or_more_proximal":
        first = change in ("baseline", "new")
        return ("4A", f"proximal airway, {change}") if first else ("4B", "proximal airway, persistent")
    if change in ("growing", "slow_growing"):
        raise _refused("status", f": got {change!r}. Allowed: baseline, new, stable (subsegmental airway nodule)")
    return "2", f"subsegmental airway, {change}"


def cyst(nodule: Study) -> tuple[str, str]:
    """Cysts (note 12): a thin-walled unilocular one is not classified; alone it leaves the exam at 1."""
    wall, change = nodule.get("cyst_wall"), nodule.get("cyst_change")
    multilocular = nodule.get("cyst_loculation") == "multilocular"
    if change in CYSTS:
        return CYSTS[change], f"cyst, {change.replace('_', ' ')}"
    if wall is None and not multilocular:
        raise _refused("cyst_wall", " is missing. A cyst that is not multilocular needs it")
    if wall == "thin" and not multilocular:
        return "1", "cyst, thin-walled, unilocular: not classified"
    if change == "cystic_component_growing":
        return (
            ("4B", "cyst, multilocular, growing") if multilocular else ("3", "cyst, thick-walled, cystic part growing")
        )
    if change == "stable" or trend(nodule) == "stable":
        code, why = stepped(nodule, "4A", None)
        return code, f"cyst, {why}"
    return "4A", "cyst, multilocular" if multilocular else "cyst, thick-walled"


def classify(nodule: Study) -> tuple[str, str]:
    """Return category and reason of one nodule: gone or benign, its type's table, then 4X (note 14)."""
    kind, calcification, size = nodule.get("nodule_type"), nodule.get("calcification"), mean_diameter(nodule)
    if nodule.get("status") == "resolved":
        return "1", "resolved"
    if nodule.get("fat") or calcification in CALCIFIED:
        return "1", "fat" if nodule.get("fat") else f"{calcification} calcification".replace("_", " ")
    if kind is None:
        raise _refused("nodule_type", " is missing. A nodule without definitely benign features needs it")
    smooth = kind == "solid" and nodule.get("margin") == "smooth" and nodule.get("shape") in JUXTAPLEURAL_SHAPES
    still = trend(nodule) not in ("growing", "slow_growing")
    if nodule.get("juxtapleural") and smooth and still and size is not None and size < JUXTAPLEURAL_MM:
        return "2", "juxtapleural, solid, smooth, of benign shape, below 10 mm"
    code, reason = {"cyst": cyst, "airway": airway}.get(kind, parenchymal)(nodule)
    spiculated = ["spiculation"] if nodule.get("margin") == "spiculated" else []
    features = dict.fromkeys([*spiculated, *(nodule.get("suspicious_features") or ())])
    if features and code in ("3", "4A", "4B"):
        return "4X", f"{reason}: {code}, with {' and '.join(features)}".replace("_", " ")
    return code, reason


def judge(study: Study) -> tuple[str, str, str]:
    """Return category without ``S``, reason, management: incomplete exam (notes 9, 10), then the worst nodule."""
    if study.get("comparison") == "being_located":
        return "0", "prior CT being located", "Comparison with the prior chest CT."
    if study.get("coverage") == "incomplete":
        return "0", "part of the lungs not evaluable", "Additional lung cancer screening CT images."
    if (pattern := study.get("infectious_pattern")) in INFECTIOUS:
        return "0", f"suspected infection, {pattern}".replace("_", " "), "LDCT in 1 to 3 months."
    judged = [(*classify(nodule), nodule) for nodule in study.get("lesions") or ()] or [("1", "no nodule", {})]
    code, reason, nodule = max(judged, key=lambda j: (ORDER.index(j[0]), mean_diameter(j[2]) or 0))
    kind, size = nodule.get("nodule_type"), mean_diameter(nodule)
    solid = nodule.get("solid_mean_mm") if kind == "part_solid" else size if kind in ("solid", "cavitary") else None
    return code, reason, ADVICE[code] + (PET if code in ("4A", "4B", "4X") and (solid or 0) >= PET_MM else "")


def rule(study: Study) -> Decision:
    """Apply v2022, and add ``S`` for a significant other finding."""
    code, reason, advice = judge(study)
    if study.get("s_modifier") is not True:
        return Decision(code, (f"{reason}: {code}",), advice)
    if study.get("s_finding") == "none":
        raise StudyError("lungrads: s_finding: got 'none' with s_modifier true. Allowed: the significant finding.")
    return Decision(f"{code}S", (f"{reason}: {code}", "new significant other finding: S"), advice + OTHER_FINDING)


def _fitted(nodule: dict[str, Any], comparison: str, draw: Draw) -> None:
    """Add what follows from the exam and from the other fields; no mean lies within 0.1 mm below a bound."""
    nodule |= {n: (tenths(nodule[n]) - (tenths(nodule[n]) + 1 in BOUNDS)) / 10 for n in ("mean_mm", "solid_mean_mm") if n in nodule}  # fmt: skip
    undated = not DATED & nodule.keys() and nodule.get("calcification") not in CALCIFIED
    if undated and comparison != "being_located" and draw.chance(0.75):
        nodule["status"] = "stable" if comparison == "available" else "baseline"
    if "spiculation" in nodule.get("suspicious_features", ()):
        nodule["margin"] = "spiculated"
    if "mean_mm" not in nodule:
        return
    mean, component, status = tenths(nodule["mean_mm"]), tenths(nodule.get("solid_mean_mm", 0)), nodule.get("status")
    if nodule.get("solid_component_status") == "growing":
        nodule["prior_solid_mean_mm"] = (component - int(draw.between(17, min(34, component - 10)))) / 10
    if status in CHANGE and "interval_months" in nodule and nodule["nodule_type"] not in ("airway", "cyst"):
        (least, most), row = CHANGE[status], grid("solid", mean / 10, None, "baseline")
        before = [b for b in range(mean - most, mean - least + 1) if b >= LEAST]
        before = [b for b in before if least > 0 or grid("solid", b / 10, None, "baseline") == row]
        nodule["prior_mean_mm"] = draw.pick(before) / 10
        if status == "growing" and draw.chance(0.15):
            del nodule["status"]
    _told(nodule, mean, draw)


def _told(nodule: dict[str, Any], mean: int, draw: Draw) -> None:
    """Tell the mean as both axes, as itself, or both, now and then with the volume; raw means keep off the bounds."""
    apart, way = int(draw.between(1, max(1, mean // 6))), draw.random()
    odd = int("prior_mean_mm" not in nodule and mean % 10 not in EVEN_ENDS and draw.chance(0.4))
    if way < 0.7:
        nodule |= {"long_mm": (mean + apart) / 10, "short_mm": (mean - apart - odd) / 10}
    if way < 0.25:
        del nodule["mean_mm"]
    elif way > 0.93 and nodule.get("nodule_type") == "solid":
        nodule["volume_mm3"] = math.floor(math.pi / 6 * nodule["mean_mm"] ** 3 + 0.5)


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Add other findings, give every nodule a lobe of its own, and what follows from its size and change."""
    way, free = draw.random(), [LOBES[place] for place in draw.order(len(LOBES))]
    if way < DENIED:
        study["s_finding"] = draw.pick(S_FINDINGS[1:]) if way < KNOWN else "none"
    if way < KNOWN:
        study["s_modifier"] = way < SIGNIFICANT
    for nodule in study["lesions"]:
        nodule["lobe"] = nodule["lobe"] if nodule["lobe"] in free else free[0]
        free.remove(nodule["lobe"])
        _fitted(nodule, study["comparison"], draw)
    return study


# Code, meaning, risk (v1.x figures; v2022 prints the prevalence alone), rank.
_BASE = (
    ("0", "incomplete", "", 2), ("1", "negative: no nodule, or definitely benign nodules", "< 1%", 0), ("2", "benign by imaging features or indolent behavior", "< 1%", 1),
    ("3", "probably benign", "1-2%", 3), ("4A", "suspicious", "5-15%", 4), ("4B", "very suspicious", "> 15%", 5), ("4X", "category 3 or 4 nodule with additional suspicious features", "> 15%", 6),
)  # fmt: skip
CATEGORIES = tuple(
    Category(code + s, meaning + (", and a significant other finding" if s else ""), ADVICE[code] + (OTHER_FINDING if s else ""), rank, risk,
             (f"Lung-RADS {code}{s}", f"LungRADS {code}{s}", f"category {code}{s}", *((f"{code}-S", f"{code} S", f"{code} with S modifier") if s else ())))
    for s in ("", "S") for code, meaning, risk, rank in _BASE
)  # fmt: skip

# fmt: off
_MM: dict[str, Any] = {"unit": "mm", "step": 0.1, "low": 0.1, "high": 200}
_STATUS, _KIND = ("baseline", "new", "growing", "stable", "decreased", "slow_growing", "resolved"), ("solid", "part_solid", "ground_glass", "airway", "cyst", "cavitary")
FIELDS = (
    Field("modality", "enum", "low-dose CT, always", values=("ct",), aliases={"ct": ("LDCT",)}), Field("coverage", "enum", "whether all of the lungs can be evaluated", values=("complete", "incomplete"), default="complete"),
    Field("exam_type", "enum", "first screen, yearly screen, or short-interval CT within the program", values=("baseline", "annual", "interval"), aliases={"baseline": ("initial",), "annual": ("yearly", "12-month"), "interval": ("follow-up",)}),
    Field("comparison", "enum", "whether a prior chest CT is at hand", values=("none", "available", "being_located"), aliases={"being_located": ("requested", "pending")}),
    Field("infectious_pattern", "enum", "findings that suggest infection or inflammation", values=("none", *INFECTIOUS), default="none"), Field("s_modifier", "bool", "whether that finding is significant and new or changed unexpectedly (false: known)", default=False),
    Field("s_finding", "enum", "finding other than lung cancer", values=S_FINDINGS, aliases={"moderate_cac": ("moderate coronary calcification",), "severe_cac": ("severe coronary calcification",), "interstitial_lung_disease": ("ILD", "pulmonary fibrosis")}),
    Field("nodule_type", "enum", "kind of nodule", "lesion", _KIND, aliases={"part_solid": ("mixed", "PSN"), "ground_glass": ("nonsolid", "non-solid", "GGN", "pure ground glass"), "airway": ("endobronchial", "endotracheal"), "cyst": ("cystic airspace",)}),
    Field("lobe", "enum", "lobe", "lesion", LOBES, aliases={"RUL": ("right upper lobe",), "RML": ("right middle lobe", "middle lobe"), "RLL": ("right lower lobe",), "LUL": ("left upper lobe",), "LLL": ("left lower lobe",)}),
    Field("long_mm", "float", "long axis", "lesion", **_MM), Field("short_mm", "float", "short axis", "lesion", **_MM), Field("solid_mean_mm", "float", "mean diameter of the solid component of a part-solid nodule", "lesion", **_MM),
    Field("mean_mm", "float", "mean of long and short axis (of the whole nodule where it is part-solid)", "lesion", **_MM), Field("volume_mm3", "int", "volume", "lesion", unit="mm3", low=1, high=4_000_000),
    Field("status", "enum", "what the nodule did since the prior exam", "lesion", _STATUS, aliases={"stable": ("unchanged",), "growing": ("enlarged", "increased"), "decreased": ("smaller",)}),
    Field("prior_mean_mm", "float", "earlier mean diameter", "lesion", **_MM), Field("prior_solid_mean_mm", "float", "earlier mean diameter of the solid component", "lesion", **_MM),
    Field("interval_months", "float", "time since the earlier measurement", "lesion", unit="months", high=240), Field("prior_category", "enum", "category given at the prior exam", "lesion", ORDER),
    Field("solid_component_status", "enum", "what the solid component did", "lesion", ("none", "new", "growing", "stable")), Field("cyst_change", "enum", "what the cyst did", "lesion", ("baseline", "stable", "cystic_component_growing", *CYSTS)),
    Field("calcification", "enum", "pattern of calcification", "lesion", ("none", *CALCIFIED, "other"), default="none", aliases={"other": ("eccentric", "stippled"), "concentric_rings": ("laminated",), "complete": ("diffuse",)}),
    Field("fat", "bool", "macroscopic fat", "lesion", default=False), Field("juxtapleural", "bool", "perifissural or on the costal, mediastinal or diaphragmatic pleura", "lesion", default=False),
    Field("margin", "enum", "edge", "lesion", ("smooth", "lobulated", "irregular", "spiculated")), Field("shape", "enum", "shape", "lesion", ("oval", "lentiform", "triangular", "round", "irregular")),
    Field("airway_level", "enum", "level of the airway", "lesion", ("subsegmental", "segmental_or_more_proximal")), Field("airway_air_or_secretions", "bool", "contains air or secretions, no soft-tissue nodule", "lesion", default=False),
    Field("cyst_wall", "enum", "thin: below 2 mm, thick: from 2 mm on", "lesion", ("thin", "thick")), Field("cyst_loculation", "enum", "one cavity or several", "lesion", ("unilocular", "multilocular")),
    Field("suspicious_features", "list", "features that add suspicion", "lesion", ("spiculation", "lymphadenopathy", "frank_metastases", "ggn_doubled_in_1y")), Field("category", "enum", "category of this nodule", "lesion", ORDER, derived=True),
)


def _mm(low: float, high: float, *component: float) -> dict[str, Any]:
    return {"mean_mm": Between(low, high)} | ({"solid_mean_mm": Between(*component)} if component else {})


_FIRST, _YEARLY, _EARLY = ({"exam_type": Maybe(kind, 0.85), "comparison": prior} for kind, prior in (("baseline", "none"), ("annual", "available"), ("interval", "available")))
(_S, _P, _G, _C), _YEAR, _KEPT, _NEW, _GREW = ({"nodule_type": kind} for kind in ("solid", "part_solid", "ground_glass", "cyst")), {"interval_months": OneOf((12, 12, 11))}, {"status": "stable"}, {"status": "new"}, {"status": "growing"}
_EDGE = _S | {"margin": Maybe(OneOf(("smooth", "smooth", "lobulated", "irregular")), 0.45), "shape": Maybe(OneOf(("round", "oval", "irregular")), 0.2), "calcification": Maybe("none", 0.15)}
_GRANULOMA = {"nodule_type": Maybe("solid", 0.2), "calcification": OneOf(("complete", "complete", "central", "concentric_rings")), **_mm(2.5, 7.8)}
_FISSURAL = _S | {"juxtapleural": True, "margin": "smooth", "shape": OneOf(("triangular", "lentiform", "oval")), **_mm(3, 6.8)}
_BULLA, _AIRWAY = _C | {"cyst_wall": "thin", "cyst_loculation": "unilocular", "mean_mm": Maybe(Between(8, 30), 0.6)}, {"nodule_type": "airway", "mean_mm": Maybe(Between(4, 11.8), 0.7), "airway_level": "segmental_or_more_proximal"}
_CLEAR, _FEW = (_GRANULOMA, _BULLA), (_GRANULOMA, _S | _mm(2, 3.8))
_DULL = (*_FEW, _G | _mm(5, 17.8), _FISSURAL)
_THICK, _MANY = {"cyst_wall": "thick", "cyst_loculation": "unilocular"}, {"cyst_loculation": "multilocular", "cyst_wall": Maybe("thick", 0.5)}
_FEATURES = OneOf((["spiculation"], ["spiculation"], ["lymphadenopathy"], ["spiculation", "lymphadenopathy"], ["frank_metastases"], ["lymphadenopathy", "frank_metastases"]))
_SIX, _THREE = _EARLY | _KEPT | {"prior_category": "3", "interval_months": OneOf((6, 6, 5, 7))}, _EARLY | _KEPT | {"prior_category": "4A", "interval_months": 3}

SCENARIOS = (
    Scenario("no_nodules", companions=(_BULLA,), companion_chance=0.15, variants=(_FIRST, _YEARLY)),
    Scenario("definitely_benign_nodule", lesions=(_GRANULOMA | _mm(3, 18),), companions=_CLEAR, variants=({}, _YEARLY | {"status": Maybe("stable")}, _mm(7, 28) | {"calcification": OneOf((None, "popcorn")), "fat": True})),
    Scenario("small_ground_glass", lesions=(_G,), companions=_DULL, variants=(_mm(4, 28.8), _YEARLY | _NEW | _mm(4, 21.8), _YEARLY | _YEAR | _GREW | _mm(9, 28.8))),
    Scenario("large_ground_glass", lesions=(_G | _mm(30, 39),), companions=_FEW, variants=({}, _YEARLY | _NEW, _YEARLY | _YEAR | _KEPT)),
    Scenario("juxtapleural_benign_shape", lesions=(_FISSURAL | _mm(4.2, 9.8),), companions=_DULL, variants=({}, _YEARLY | _NEW)),
    Scenario("solid_at_baseline", lesions=(_EDGE,), companions=_DULL, variants=(_mm(2, 5.8), _mm(6, 7.8), _mm(8, 14.8), _mm(15, 28), _mm(6, 7.8) | {"calcification": "other"},
        _FISSURAL | {"margin": OneOf(("lobulated", "irregular")), **_mm(8, 14.8)}, _FISSURAL | _mm(10, 14.8))),
    Scenario("new_nodule", exam=_YEARLY, lesions=(_EDGE | _NEW,), companions=_DULL, variants=(_mm(2, 3.8), _mm(4, 5.8), _mm(6, 7.8), _mm(8, 22), _P | {"margin": None, "shape": None, "calcification": None, **_mm(4, 5.8, 1.5, 2.8)})),
    Scenario("growing_solid", lesions=(_EDGE | _GREW,), companions=_DULL, variants=(_YEARLY | _YEAR | _mm(4.2, 7.8), _EARLY | {"interval_months": OneOf((3, 6)), **_mm(6, 7.8)}, _YEARLY | _YEAR | _mm(8, 24))),
    Scenario("part_solid_at_baseline", lesions=(_P,), companions=_DULL, variants=(_mm(4, 5.8, 1.5, 3.2), _mm(7, 24, 2, 5.8), _mm(10, 24, 6, 7.8), _mm(15, 28, 8, 12.8))),
    Scenario("solid_component_changed", exam=_YEARLY, lesions=(_P | _YEAR | {"prior_category": Maybe("2", 0.4)},), companions=_DULL, variants=tuple(sizes | {"solid_component_status": change} for change, sizes in (
            ("growing", _mm(8, 20, 3, 3.8)), ("growing", _mm(10, 24, 4.2, 7.8)), ("new", _mm(8, 20, 1.8, 3.8)), ("new", _mm(9, 24, 4, 6.8))))),
    Scenario("stable_steps_down", lesions=(_EDGE,), companions=_DULL, variants=(_SIX | _mm(6, 7.8), _SIX | _mm(8.2, 13.8), _YEARLY | _YEAR | _KEPT | {"prior_category": "2", **_mm(6, 13.8)}, _THREE | _mm(8.2, 14.8), _THREE | {"status": "decreased", **_mm(8.2, 13)})),
    Scenario("stable_part_solid_steps_down", lesions=(_P,), companions=_DULL, variants=(_SIX | _mm(8, 20, 2, 5.8), _THREE | _mm(11, 20, 6, 7.8))),
    Scenario("airway_nodule", lesions=(_AIRWAY,), companions=_FEW, variants=({}, {"airway_level": "subsegmental"}, _YEARLY | {"airway_level": "subsegmental", "status": OneOf(("new", "stable"))},
        _THREE | {"status": OneOf(("stable", "growing"))}, {"airway_air_or_secretions": True})),
    Scenario("atypical_cyst", exam=_YEARLY, lesions=(_C | {"mean_mm": Maybe(Between(9, 34), 0.8)},), companions=_FEW, variants=(_FIRST | _THICK | {"cyst_change": Maybe("baseline", 0.6)}, _FIRST | _MANY | {"cyst_change": Maybe("baseline", 0.6)}, _THICK | {"cyst_change": "cystic_component_growing"},
        _THICK | {"cyst_change": "wall_or_nodularity_growing"}, _MANY | {"cyst_change": OneOf(("growing_multilocular", "increased_loculation_or_opacity"))},
        _MANY | {"cyst_change": "became_multilocular"}, _EARLY | _MANY | {"cyst_change": "stable", "prior_category": "4A", "interval_months": 3})),
    Scenario("suspected_infection", exam=_YEARLY, companions=_DULL, variants=tuple({"infectious_pattern": pattern} for pattern in INFECTIOUS)),
    Scenario("prior_being_located", exam={"comparison": "being_located", "exam_type": Maybe("annual", 0.8)}, companions=_DULL, lesions=(_EDGE,), variants=(_mm(2, 7.8), _mm(8, 18))),
    Scenario("solid_with_suspicious_features", lesions=(_S | {"suspicious_features": _FEATURES, **_mm(8.2, 32)},), companions=_DULL, variants=({}, _YEARLY | _NEW, _YEARLY | _YEAR | _GREW)),
    Scenario("incomplete_coverage", exam={"coverage": "incomplete"}, companions=_DULL, companion_chance=0.6, variants=(_FIRST, _YEARLY), unseen=True),
    Scenario("resolved_nodule", lesions=(_S | {"status": "resolved", "prior_mean_mm": Between(4.2, 12.8)},), companions=_CLEAR,
             variants=(_EARLY | {"interval_months": OneOf((3, 6)), "prior_category": OneOf(("3", "4A"))}, _YEARLY | _YEAR | {"nodule_type": OneOf(("solid", "ground_glass"))}), unseen=True),
    Scenario("threshold_crossed_without_growth", exam=_YEARLY, lesions=(_EDGE | _YEAR | {"prior_category": Maybe("2", 0.4)},), companions=_DULL, unseen=True, variants=tuple(
        _mm(bound, bound + 0.6) | {"prior_mean_mm": Between(bound - 0.8, bound - 0.2)} for bound in SOLID_MM[1:])),
    Scenario("slow_growth", exam=_YEARLY, lesions=({"status": "slow_growing", "interval_months": OneOf((24, 36))},), companions=_DULL, unseen=True, variants=(_G | _mm(12, 28.8), _G | _mm(30, 38), _EDGE | _mm(6, 14.8), _P | _mm(8, 20, 2, 5.8))),
    Scenario("cavitary_nodule", lesions=({"nodule_type": "cavitary"},), companions=_DULL, unseen=True, variants=(_mm(6.2, 7.8), _mm(8, 14.8), _mm(15, 30), _YEARLY | _NEW | _mm(8, 22))),
    Scenario("part_solid_with_suspicious_features", lesions=(_P | {"suspicious_features": _FEATURES, **_mm(13, 28, 8, 11.8)},), companions=_DULL, unseen=True, variants=({}, _YEARLY | _YEAR | {"solid_component_status": "new", **_mm(13, 28, 5, 9)})),
)
_UNDATED, _ALONE, _FAR = {"status": None, "comparison": ("none", "being_located")}, {"volume_mm3": None, "prior_mean_mm": None, "prior_category": None, "suspicious_features": None, "fat": None}, tuple(m / 10 for m in range(10, 450) if not {m + step + 1 for step in (-10, -4, 4, 10)} & {*BOUNDS})
EDITS = (*(Edit("mean_mm", steps=(0.4, 1), also=("long_mm", "short_mm"), where=_ALONE | {"mean_mm": _FAR, "nodule_type": ("solid", "ground_glass"), "calcification": (None, "none", "other")} | dated) for dated in ({"status": ("baseline", "new", "stable")}, _UNDATED)), Edit("s_modifier", (True, False)), Edit("lobe", LOBES[:5], where={"nodule_type": _KIND[:3]}),
    Edit("margin", ("smooth", "lobulated", "irregular"), where={"juxtapleural": (None, False), "nodule_type": "solid"}), Edit("calcification", ("none", "other"), where={"nodule_type": "solid"}), Edit("calcification", ("none", "central", "complete"), where=_ALONE | _UNDATED | {"nodule_type": "solid", "status": (None, "baseline"), "margin": (None, "smooth")}), Edit("airway_level", ("subsegmental", "segmental_or_more_proximal"), where={"status": (None, "baseline")}), Edit("solid_mean_mm", steps=(0.4, 1), where=_ALONE | {"solid_mean_mm": _FAR, "prior_solid_mean_mm": None, "solid_component_status": None, "mean_mm": Between(12, 40)}))
DOCUMENT = Document(
    key="lungrads", system="lungrads", system_names=("Lung-RADS", "ACR Lung-RADS", "LungRADS"), title="ACR Lung-RADS, lung cancer screening on low-dose CT", edition="v2022",
    source="ACR Lung-RADS v2022; Christensen J et al. J Am Coll Radiol 2024;21:473-488", modalities=("ct",), categories=CATEGORIES, fields=FIELDS,
    scenarios=SCENARIOS, edits=EDITS, rule=rule, complete=complete, exam_plan={**_FIRST, "coverage": Maybe("complete", 0.2), "infectious_pattern": Maybe("none", 0.12)},
    lesion_plan={"lobe": OneOf(("RUL", "RUL", "LUL", "LUL", "RML", "RLL", "LLL", "lingula"))}, ages=(50, 80), part_names=("category", "modifier"),
    split=lambda label: {"category": label.removesuffix("S"), "modifier": "S" if label.endswith("S") else ""}, join=lambda parts: parts["category"] + parts["modifier"], core=lambda label: label.removesuffix("S"),
)
