"""CAD-RADS 2.0 (2022): coronary artery disease on coronary CT angiography.

Issued by SCCT, ACC, ACR and NASCI. The label of a patient is ``category[/plaque burden][/modifiers]``, for
example ``3/P2/HRP/I+``. The category is that of the worst lesion that counts, in whole per cent:

========  ==================================  ====================================================
category  stenosis                            plaque burden, the highest of what is given
========  ==================================  ====================================================
0         none, no plaque                     P1: calcium score 1-100, 1-2 segments, mild in 1-2
1         1-24%, or plaque without stenosis   vessels
2         25-49%                              P2: 101-300, 3-4 segments, moderate in 1-2 vessels or
3         50-69%                              mild in 3
4A        70-99% in one or two vessels        P3: 301-999, 5-7 segments, moderate in 3 or severe in 1
4B        left main >= 50%, or >= 70% in      P4: above that, 8 segments or more, severe in 2-3
          LAD, LCX and RCA
5         100%
N         unreadable segment, no stenosis of
          50% or more elsewhere
========  ==================================  ====================================================

Not counted: segments of 1.5 mm or less, and native disease bypassed by a patent graft. Modifiers, in this order: ``N``
(segment unreadable beside a stenosis of 50% or more), ``HRP`` (two high-risk features in one plaque), ``I+ I- I±``
(CT-FFR, stress CT perfusion), ``S`` stent, ``G`` graft, ``E`` exception. A grade word stands for its band where no per
cent is given; a per cent outweighs the word. An entry with ``nondiagnostic_reason`` is an unreadable segment;
``graft_target`` says which vessel a graft feeds (its lesions have vessel GRAFT), and the ``visual_plaque_*`` fields
are the visual sheet, without the left main. The modality is always CT and no field.

The sources differ on a left main of exactly 50%, on 70% in three vessels and on a calcium score of 1000: here 4B, 4B
and P4. None of them is generated; nor are an occlusion beside a left main stenosis, an occluded graft, exceptions
that narrow the lumen (dissection, vasculitis, compression), and tests that disagree (the worst decides). The number of
labels is kept finite: those of ``TOGETHER``, at most one modifier, or two that often meet. Other combinations are refused.

Source: Cury RC et al. J Cardiovasc Comput Tomogr 2022;16:536-557 (also JACC Cardiovasc Imaging 2022).

>>> from multirads_hf.rads import get
>>> lesion = {"vessel": "LAD", "segment": "mid", "stenosis_pct": 55}
>>> get("cadrads").categorise({"sis": 3, "lesions": [lesion]})
'3/P2'
>>> get("cadrads").categorise({"agatston_score": 340, "sis": 3, "lesions": [lesion | {"vessel": "LM"}]})
'4B/P3'
>>> get("cadrads").categorise({"lesions": [lesion]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: cadrads: sis is missing. With plaque, the plaque burden needs it, a calcium score above 0, or the visual sheet.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Some, Study

# Table 2: lowest per cent of each grade and the category of the worst lesion.
GRADES = ((100, "occluded", "5"), (70, "severe", "4A"), (50, "moderate", "3"), (25, "mild", "2"), (1, "minimal", "1"), (0, "none", "1"))  # fmt: skip
LOWEST = {word: pct for pct, word, _ in GRADES}
OBSTRUCTIVE, SEVERE, OCCLUDED = LOWEST["moderate"], LOWEST["severe"], LOWEST["occluded"]
# Segments of this diameter or less are not graded.
UNGRADED_MM = 1.5
# Branch -> major vessel; PDA and PLB go by dominance.
MAJOR = {"LAD": "LAD", "D1": "LAD", "D2": "LAD", "LCX": "LCX", "OM1": "LCX", "OM2": "LCX", "RI": "LCX", "RCA": "RCA"}
POSTERIOR, VESSELS, LOOKS = ("PDA", "PLB"), ("LAD", "LCX", "RCA"), ("none", "mild", "moderate", "severe")
# Table 4: lowest calcium score (Agatston units) and number of segments with plaque (SIS) of each level.
CALCIUM, INVOLVED = ((1000, "P4"), (301, "P3"), (101, "P2"), (1, "P1")), ((8, "P4"), (5, "P3"), (3, "P2"), (1, "P1"))
VISUAL = ("visual_plaque_lad", "visual_plaque_lcx", "visual_plaque_rca")
# Modifier HRP: this many features in one plaque. Modifier I: CT-FFR in hundredths, highest of I+ and of I±.
HIGH_RISK, POSITIVE_FFR, UNCERTAIN_FFR = 2, 75, 80
PERFUSION = {"normal": "I-", "fixed_defect": "I-", "reversible_defect": "I+", "inconclusive": "I±"}
TESTED = ("I+", "I±", "I-")
# Management, Tables 5 (stable chest pain) and 6 (acute chest pain).
STABLE = {
    "0": "Reassurance; consider non-coronary causes of the symptoms.", "1": "Consider non-coronary causes; preventive therapy by plaque burden.",
    "2": "Preventive therapy, its intensity by plaque burden; consider non-coronary causes.", "3": "Functional assessment and guideline-directed medical therapy; invasive angiography if ischemia is shown or symptoms persist.",
    "4A": "Invasive coronary angiography or functional assessment; guideline-directed medical therapy.", "4B": "Invasive coronary angiography recommended; guideline-directed medical therapy.",
    "5": "Invasive coronary angiography, functional and/or viability testing; guideline-directed medical therapy.", "N": "Other or repeat test; obstructive coronary disease is not excluded.",
}  # fmt: skip
ACUTE = {
    "0": "No further workup for acute coronary syndrome; look for other causes if troponin is raised.", "1": "No further workup for acute coronary syndrome; preventive care.",
    "2": "Preventive care; admission or consultation only if acute coronary syndrome is strongly suspected, troponin is positive or high-risk plaque is present.",
    "3": "Consider admission, cardiology consultation and functional testing.", "4A": "Admission and cardiology consultation; invasive angiography or functional testing.",
    "4B": "Admission; invasive coronary angiography.", "5": "Admission; rapid invasive angiography when acute occlusion is suspected.", "N": STABLE["N"],
}  # fmt: skip
UNREAD, NAMED = " Other test for the unreadable segment.", " Manage the non-atherosclerotic finding by its cause."


def grade(pct: float) -> str:
    """Return the grade word for a stenosis in per cent of the diameter."""
    return next(word for lowest, word, _ in GRADES if pct >= lowest)


def wide(lesion: Study) -> bool:
    """Return whether a segment is wide enough to be graded; one of unknown diameter is."""
    diameter = lesion.get("segment_diameter_mm")
    return diameter is None or diameter > UNGRADED_MM


def counts(lesion: Study) -> bool:
    """Return whether a lesion is graded: readable, in a wide segment, not bypassed by a patent graft."""
    given = [lesion[n] for n in ("stenosis_pct", "stenosis_grade_words") if lesion.get(n) is not None]
    if lesion.get("nondiagnostic_reason") is None:
        return wide(lesion) and not lesion.get("bypassed_by_patent_graft")
    if given:
        raise StudyError(f"cadrads: lesions[].nondiagnostic_reason: got {shown(lesion['nondiagnostic_reason'])} beside a stenosis, {shown(given[0])}. Allowed: null.")  # fmt: skip
    return False


def stenosis(lesion: Study) -> int:
    """Return the per cent of a lesion, or the lowest of the band that its word stands for."""
    pct, word = lesion.get("stenosis_pct"), lesion.get("stenosis_grade_words")
    if pct is None and word is None:
        raise StudyError("cadrads: lesions[].stenosis_pct is missing. A lesion that counts needs it or stenosis_grade_words.")  # fmt: skip
    return LOWEST[str(word)] if pct is None else int(pct)


def territory(lesion: Study, dominance: str) -> str | None:
    """Return the major vessel to which a lesion belongs; None for the left main and where it is not said."""
    vessel = lesion.get("vessel")
    if vessel in POSTERIOR:
        return "LCX" if dominance == "left" else "RCA"
    return lesion.get("graft_target") if vessel == "GRAFT" else MAJOR.get(str(vessel))


def severity(found: list[tuple[Study, int]], dominance: str, plaque: bool) -> tuple[str, str]:
    """Return the category by stenosis and the reason, from the lesions that count and their per cents."""
    if not found:
        return ("1", "plaque without stenosis") if plaque else ("0", "no plaque and no stenosis")
    worst, pct = max(found, key=lambda one: one[1])
    left_main = max((p for lesion, p in found if lesion.get("vessel") == "LM"), default=0)
    diseased = [v for v in VESSELS if any(p >= SEVERE and territory(lesion, dominance) == v for lesion, p in found)]
    if pct < OCCLUDED and left_main >= OBSTRUCTIVE:
        return "4B", f"left main stenosis of 50% or more ({grade(left_main)})"
    if pct < OCCLUDED and len(diseased) == len(VESSELS):
        return "4B", "stenosis of 70% or more in LAD, LCX and RCA"
    code = next(code for lowest, _, code in GRADES if pct >= lowest)
    return code, f"worst lesion {worst.get('vessel') or 'coronary'} {grade(pct)}"


def burden(study: Study) -> dict[str, str]:
    """Return what each method that is given makes of the plaque burden; a score of 0 gives no level."""
    calcium, segments = study.get("agatston_score") or 0, study.get("sis") or 0
    mild, moderate, severe = ([study.get(name) for name in VISUAL].count(look) for look in LOOKS[1:])
    look = "P4" if severe > 1 else "P3" if severe or moderate == 3 else "P2" if moderate or mild == 3 else "P1"
    levels = {
        f"calcium score {calcium}": next((level for lowest, level in CALCIUM if calcium >= lowest), None),
        f"SIS {segments}": next((level for lowest, level in INVOLVED if segments >= lowest), None),
        "plaque by eye": look if mild + moderate + severe else None,
    }
    return {method: level for method, level in levels.items() if level}


def modifiers(study: Study, found: list[tuple[Study, int]]) -> list[str]:
    """Return the modifiers after ``N``, in their order; of several tests the worst result."""
    risky = any(len(set(lesion.get("hrp_features") or ())) >= HIGH_RISK for lesion, _ in found)
    tests = [PERFUSION[str(lesion["ctp"])] for lesion, _ in found if lesion.get("ctp") in PERFUSION]
    ratios = [round(100 * lesion["ct_ffr"]) for lesion, _ in found if lesion.get("ct_ffr") is not None]
    tests += ["I+" if ratio <= POSITIVE_FFR else "I±" if ratio <= UNCERTAIN_FFR else "I-" for ratio in ratios]
    present = (("S", study.get("stent_present")), ("G", study.get("graft_present")), ("E", study.get("exceptions")))
    worst = sorted(tests, key=TESTED.index)[:1]
    return ["HRP"] * risky + worst + [name for name, holds in present if holds]


def management(core: str, added: list[str], setting: str | None = None) -> str:
    """Return what the guideline advises for a category with modifiers in a clinical setting."""
    advice = (ACUTE if setting == "acute_chest_pain" else STABLE)[core]
    if core == "3" and "I+" in added:
        advice = "Invasive coronary angiography and guideline-directed medical therapy."
    return advice + (UNREAD if "N" in added else "") + (NAMED if "E" in added else "")


def rule(study: Study) -> Decision:
    """Grade the lesions that count, then unreadable segments, plaque burden and modifiers."""
    lesions = study.get("lesions") or []
    found = [(lesion, stenosis(lesion)) for lesion in lesions if counts(lesion)]
    levels = burden(study)
    core, reason = severity(found, study.get("dominance") or "right", bool(found or levels))
    reasons, added = [f"{reason}: {core}"], modifiers(study, found)
    if any(lesion.get("nondiagnostic_reason") is not None and wide(lesion) for lesion in lesions):
        bare = max((pct for _, pct in found), default=0) < OBSTRUCTIVE
        core, added = ("N", added) if bare else (core, ["N", *added])
        reasons.append(f"segment above 1.5 mm unreadable: {'N' if bare else 'modifier N'}")
    if core not in ("0", "N") and not levels:
        raise StudyError("cadrads: sis is missing. With plaque, the plaque burden needs it, a calcium score above 0, or the visual sheet.")  # fmt: skip
    reasons += [f"{method}: {level}" for method, level in levels.items()]
    reasons += [f"modifier {name}" for name in added if name != "N"]
    parts = {"category": core, "plaque_burden": max(levels.values(), default=""), "modifiers": "/".join(added)}
    if (label := _join(parts)) not in BY_CODE:
        raise StudyError(f"cadrads: modifiers: got {shown(parts['modifiers'])} with category {core}. Allowed: {', '.join(TOGETHER[core][1:])}.")  # fmt: skip
    return Decision(label, tuple(reasons), management(core, added, study.get("clinical_setting")))


def _join(parts: Any) -> str:
    return "/".join(part for part in (parts["category"], parts["plaque_burden"], parts["modifiers"]) if part)


def _split(label: str) -> dict[str, str]:
    core, _, rest = label.partition("/")
    level, _, further = rest.partition("/") if rest.startswith("P") else ("", "", rest)
    return {"category": core, "plaque_burden": level, "modifiers": further}


# fmt: off
# Segments in which a lesion of each vessel is placed; branches are often named without one.
ALONG, PARTS = ("LM", "LAD", "D1", "D2", "RI", "LCX", "OM1", "OM2", "RCA", "PDA", "PLB", "GRAFT"), ("ostial", "proximal", "body", "mid", "distal")
BRANCH, PLACES = (None, "proximal", "mid"), {
    "LM": ("distal", "ostial"), "PDA": (None, "proximal"), "LAD": ("proximal", "mid", "distal"), "LCX": ("proximal", "mid", "distal"), "RCA": ("proximal", "mid", "distal", "ostial"), "PLB": (None,), "GRAFT": ("body",)}
# Segments of a vessel; thinner than this in mm only distal in a main vessel; calcium scores (never 1000, nor too low for a lesion), numbers of segments and looks drawn for P1 to P4.
IN_VESSEL, THIN_MM, LEAST_CALCIUM, LEVELS, SCORES, NUMBERS = 5, 2.2, 25, ("P1", "P2", "P3", "P4"), ((1, 100), (101, 300), (301, 999), (1001, 2400)), ((1, 2), (3, 4), (5, 7), (8, 13))
_FEATURES = ("spotty_calcification", "low_attenuation_lt30hu", "positive_remodelling_gt1_1", "napkin_ring")
SHEETS = ((("mild",), ("mild", "mild")), (("moderate",), ("moderate", "mild"), ("mild",) * 3, ("moderate", "moderate", "mild")),
          (("moderate",) * 3, ("severe",), ("severe", "mild"), ("severe", "moderate", "mild")), (("severe",) * 2, ("severe",) * 3, ("severe", "severe", "mild")))


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Place the lesions, word their grades, and add a plaque burden that suits them."""
    taken: set[tuple[str, str | None]] = set()
    for lesion in study["lesions"]:
        _placed(lesion, taken, draw)
        _worded(lesion, draw)
        if "hrp_features" in lesion and "plaque_type" in lesion:
            lesion["plaque_type"] = "mixed" if _FEATURES[0] in lesion["hrp_features"] else draw.pick(("noncalcified", "mixed"))
    study["lesions"].sort(key=lambda one: (ALONG.index(one["vessel"]), PARTS.index(one.get("segment", "mid"))))
    if "agatston_score" not in study and "sis" not in study:
        _add_burden(study, draw)
    if any("nondiagnostic_reason" in lesion for lesion in study["lesions"]) and study.get("study_quality") in ("excellent", "good"):
        study["study_quality"] = "limited"
    study["lesions"] = [{f.name: one[f.name] for f in FIELDS if f.name in one} for one in study["lesions"]]
    return {name: study[name] for name in (*(f.name for f in FIELDS), "lesions") if name in study}


def _placed(lesion: dict[str, Any], taken: set[tuple[str, str | None]], draw: Draw) -> None:
    """Give a lesion a segment of its own; a branch that is taken gives way to another branch."""
    vessel, used = lesion["vessel"], {v for v, _ in taken}
    if vessel in used and vessel not in VESSELS:
        vessel = lesion["vessel"] = draw.pick([v for v in ("OM1", "D1", "D2", "OM2", "RI") if v not in used])
    if "segment" not in lesion or (vessel, lesion["segment"]) in taken:
        lesion["segment"] = draw.pick([place for place in PLACES.get(vessel, BRANCH) if (vessel, place) not in taken])
    taken.add((vessel, lesion["segment"]))
    if vessel in VESSELS and lesion["segment"] != "distal" and lesion.get("segment_diameter_mm", THIN_MM) < THIN_MM:
        lesion["segment_diameter_mm"] = round(lesion["segment_diameter_mm"] + 1, 1)
    if lesion["segment"] is None or (vessel == "GRAFT" and lesion.get("stenosis_pct") == 0):
        del lesion["segment"]


def _worded(lesion: dict[str, Any], draw: Draw) -> None:
    """Say the grade as a per cent, as a word, or as both; values at a bound and those of the left main keep their number."""
    pct, way = lesion.get("stenosis_pct"), draw.random()
    if pct is None:
        return
    fixed = "stenosis_grade_words" in lesion or lesion["vessel"] == "LM" or any(abs(pct - lowest) <= 1 for lowest, _, _ in GRADES)
    plain = pct in (0, OCCLUDED)
    if way < 0.25 or plain or "stenosis_grade_words" in lesion or (way < 0.5 and not fixed):
        lesion["stenosis_grade_words"] = grade(pct)
    if pct == 0 or (plain and way < 0.6) or (0.25 < way < 0.5 and not fixed):
        del lesion["stenosis_pct"]


def _add_burden(study: dict[str, Any], draw: Draw) -> None:
    """Give one method the level of the study and the others that or less; treated vessels have no calcium score."""
    graded = [one for one in study["lesions"] if one.get("nondiagnostic_reason", "calcium_blooming") == "calcium_blooming" and one["vessel"] != "GRAFT"]
    soft, way = all(one.get("plaque_type") == "noncalcified" for one in graded), draw.random()
    least = max(2 if "graft_present" in study else 0, int(len(graded) > NUMBERS[0][1]))
    top = draw.pick((least, least, *range(least, len(LEVELS))))
    leads = way < 0.3 and not soft
    lower = int(draw.between(max(least, top - (1 if leads else 2)), top)) if draw.chance(0.4) else top
    ways = {"agatston_score": (SCORES[top if leads else lower], LEAST_CALCIUM), "sis": (NUMBERS[lower if leads else top], len(graded))}
    drawn = {name: int(draw.pick((max(least, low), high)) if draw.chance(0.3) else draw.between(max(least, low), high)) for name, ((low, high), least) in ways.items()}
    if way < 0.7 and not ("stent_present" in study or "graft_present" in study):
        study["agatston_score"] = 0 if soft else drawn["agatston_score"]
    if "agatston_score" not in study or soft or way > 0.15:
        study["sis"] = drawn["sis"]
    if draw.chance(0.25):
        _add_sheet(study, SHEETS[lower], draw)


def _add_sheet(study: dict[str, Any], sheets: tuple[tuple[str, ...], ...], draw: Draw) -> None:
    """Add the look of LAD, LCX and RCA where a sheet fits: every vessel with a lesion holds plaque."""
    found = {territory(one, study.get("dominance") or "right") for one in study["lesions"] if one.get("nondiagnostic_reason", "calcium_blooming") == "calcium_blooming"}
    diseased = [vessel for vessel in VESSELS if vessel in found]
    fit = [sheet for sheet in sheets if len(diseased) <= len(sheet) <= study.get("sis", len(VESSELS)) <= IN_VESSEL * len(sheet)]
    if fit and diseased:
        looks = dict(zip([*diseased, *(v for v in VESSELS if v not in diseased)], (*draw.pick(fit), "none", "none"), strict=False))
        study |= {name: looks[vessel] for name, vessel in zip(VISUAL, VESSELS, strict=True)}


# The modifiers that may stand with each category.
_BESIDE, _HOW = ("HRP", "S", "G", "E"), {"I+": "I positive", "I±": "I indeterminate", "I-": "I negative"}
_STENOSED, _CRITICAL = ("", "N", *_BESIDE, *_HOW, *(f"HRP/{test}" for test in _HOW), "HRP/S", "N/S"), ("", "N", *_BESIDE)
TOGETHER: dict[str, tuple[str, ...]] = {
    "0": ("", "S", "G", "E"), "1": ("", *_BESIDE), "2": ("", *_BESIDE, *_HOW), "N": ("", "S", "G", "E"), "3": _STENOSED, "4A": _STENOSED, "4B": _CRITICAL, "5": _CRITICAL}
MEANING = {"0": "no CAD", "1": "minimal", "2": "mild", "3": "moderate", "4A": "severe", "4B": "severe, LM/3V", "5": "occluded", "N": "unreadable"}


def _category(core: str, level: str, added: str) -> Category:
    code, names = "/".join(filter(None, (core, level, added))), added.split("/")
    spoken = [code.replace(test, words) for test, words in _HOW.items() if test in names]
    return Category(code, MEANING[core], management(core, names), list(TOGETHER).index(core), "", (f"CAD-RADS {code}", f"CADRADS {code}", *spoken))


CATEGORIES = tuple(
    _category(core, level, added) for core, allowed in TOGETHER.items() for level in ("", *LEVELS) for added in allowed
    if core == "N" or (level == "") == (core == "0") or not (level or added)  # a report may print the category alone; the rule never does
)
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("clinical_setting", "enum", "why the exam is done", values=("stable_chest_pain", "acute_chest_pain", "other"), aliases={"acute_chest_pain": ("ACP", "acute"), "stable_chest_pain": ("SCP", "stable")}),
    Field("dominance", "enum", "vessel that gives PDA and PLB", values=("right", "left", "codominant"), default="right", aliases={"codominant": ("balanced",)}),
    Field("heart_rate_bpm", "int", "heart rate", unit="bpm", low=30, high=140), Field("study_quality", "enum", "image quality", values=("excellent", "good", "limited", "nondiagnostic")),
    Field("agatston_score", "int", "calcium score, Agatston units", high=10_000), Field("sis", "int", "number of segments with plaque", unit="segments", high=18),
    *(Field(name, "enum", f"amount of plaque in the {name[-3:].upper()} by eye", values=LOOKS) for name in VISUAL),
    Field("stent_present", "bool", "any coronary stent", default=False), Field("graft_present", "bool", "any bypass graft", default=False),
    Field("exceptions", "list", "non-atherosclerotic findings", values=("dissection", "anomalous_origin", "aneurysm", "vasculitis", "fistula", "extrinsic_compression", "avm", "other"), default=[]),
    Field("vessel", "enum", "vessel", "lesion", ALONG, aliases={
        "LM": ("left main", "LMCA", "LMS"), "LCX": ("circumflex",), "RI": ("ramus", "ramus intermedius"), "PLB": ("PLV",), "GRAFT": ("bypass graft", "LIMA", "SVG"),
        "D1": ("first diagonal",), "D2": ("second diagonal",), "OM1": ("first obtuse marginal",), "OM2": ("second obtuse marginal",)}),
    Field("segment", "enum", "part of the vessel", "lesion", PARTS, aliases={"proximal": ("prox",), "ostial": ("ostium",)}),
    Field("segment_diameter_mm", "float", "diameter of the segment", "lesion", unit="mm", low=0.5, high=12, step=0.1),
    Field("nondiagnostic_reason", "enum", "why the segment cannot be read", "lesion", ("motion", "step_artifact", "calcium_blooming", "stent_blooming", "noise", "poor_opacification")),
    Field("stenosis_pct", "int", "diameter stenosis", "lesion", unit="%", high=100),
    Field("stenosis_grade_words", "enum", "stenosis as a word", "lesion", tuple(LOWEST), aliases={"none": ("no stenosis",), "occluded": ("total occlusion",)}),
    Field("plaque_type", "enum", "plaque", "lesion", ("calcified", "noncalcified", "mixed"), aliases={"mixed": ("partly calcified",), "noncalcified": ("soft", "non-calcified")}),
    Field("hrp_features", "list", "high-risk features", "lesion", _FEATURES, default=[], aliases={
        "low_attenuation_lt30hu": ("LAP", "low attenuation"), "positive_remodelling_gt1_1": ("positive remodeling", "PR"), "napkin_ring": ("NRS", "napkin-ring sign")}),
    Field("in_stent", "bool", "lies in a stent", "lesion", default=False), Field("graft_target", "enum", "major vessel that the graft feeds", "lesion", VESSELS),
    Field("bypassed_by_patent_graft", "bool", "native, bypassed by a patent graft", "lesion", default=False),
    Field("ct_ffr", "float", "CT-FFR beyond the lesion", "lesion", low=0.3, high=1, step=0.01), Field("ctp", "enum", "stress CT perfusion", "lesion", ("not_done", *PERFUSION), default="not_done"),
    Field("cadrads_core", "enum", "category", values=tuple(TOGETHER), derived=True), Field("plaque_burden", "enum", "plaque burden", values=LEVELS, derived=True),
    Field("modifiers", "list", "modifiers", values=("N", "HRP", *_HOW, "S", "G", "E"), derived=True),
)


def _at(spec: Any) -> dict[str, Any]:
    return {"stenosis_pct": spec}


_MIN_, _MILD_, _MOD_, _SEV_ = OneOf((24, 20, 15, Between(5, 24))), *(OneOf((low, high, high, *(Between(low, high),) * 2)) for low, high in ((25, 49), (50, 69), (70, 99)))
_CLEAN, _MIN, _MILD, _MOD, _SEV, _OCC = _at(0), _at(_MIN_), _at(_MILD_), _at(_MOD_), _at(_SEV_), _at(OCCLUDED)
_FFR, _LOW, _MIDDLE, _GRADED = _at(OneOf((70, 75, Between(70, 90)))), (_CLEAN, _MIN, _MIN), (_MIN, _MILD, _MILD), (_MIN, _MILD, _MOD, _SEV)
# Deciding per cents that the sources agree on, and their word beside them, so that no single edit touches 50 or 70.
_ABOVE, _BELOW = ({**_at(spec), "stenosis_grade_words": "severe"} for spec in (OneOf((71, 72, 75, 80, Between(71, 95))), OneOf((69, 69, 65, Between(55, 69)))))
_MAJOR, _UNREAD = {"vessel": OneOf(("LAD", "LAD", "RCA", "LCX"))}, {"vessel": OneOf(("RCA", "RCA", "LCX", "LAD")), "plaque_type": None, "segment": OneOf(("mid", "distal")),
    "nondiagnostic_reason": OneOf(("motion", "motion", "step_artifact", "noise", "poor_opacification")), "segment_diameter_mm": Maybe(OneOf((1.6, 1.8, 2.0, Between(1.6, 3.2))), 0.7)}
_POOR = {"study_quality": Maybe(OneOf(("limited", "limited", "nondiagnostic")), 0.7)}
_TINY = {"vessel": OneOf(("D2", "OM2", "D2", "PLB")), "segment_diameter_mm": OneOf((1.5, 1.4, 1.3, 1.2, 1.1))}
_RISKY, _HINT = {**_MAJOR, "hrp_features": OneOf((Some(_FEATURES, 2, 3), Some(_FEATURES, 2, 2)))}, {**_MAJOR, "hrp_features": Some(_FEATURES, 1, 1)}
_RATIOS = {"I+": OneOf((0.75, 0.74, 0.72, 0.68, 0.61)), "I±": OneOf((0.8, 0.76, 0.77, 0.78, 0.79, 0.8)), "I-": OneOf((0.81, 0.82, 0.84, 0.86, 0.89, 0.92))}
_STENT = {"vessel": OneOf(("LAD", "LAD", "RCA", "LCX")), "segment": OneOf(("proximal", "mid")), "in_stent": True, "plaque_type": None}
_LIMA, _VEIN = {"vessel": "GRAFT", "graft_target": "LAD", "plaque_type": None}, {"vessel": "GRAFT", "graft_target": OneOf(("LCX", "RCA")), "segment": OneOf(("body", "distal", "ostial")), "plaque_type": Maybe("noncalcified", 0.6)}
_NO_CALCIUM, _ODD = ({"agatston_score": 0}, {"agatston_score": 0, "sis": 0}, {"sis": 0}), {"exceptions": OneOf((["anomalous_origin"], ["anomalous_origin"], ["aneurysm"], ["fistula"]))}

SCENARIOS = (
    Scenario("no_plaque", variants=_NO_CALCIUM),
    Scenario("plaque_without_stenosis", lesions=(_CLEAN,), companions=(_CLEAN,)),
    Scenario("nonobstructive_stenosis", lesions=({},), companions=_LOW, variants=(_MIN, _MILD)),
    Scenario("obstructive_stenosis", lesions=({},), companions=_MIDDLE, companion_chance=0.6, variants=(_MOD, _SEV)),
    Scenario("two_severe_vessels", lesions=({**_ABOVE, "vessel": "LAD"}, {**_ABOVE, "vessel": OneOf(("RCA", "PDA"))}, {**_BELOW, "vessel": OneOf(("LCX", "OM1"))})),
    Scenario("left_main", lesions=({"vessel": "LM"},), companions=_MIDDLE, companion_chance=0.7, variants=(_at(OneOf((51, 52, 55, Between(51, 69)))), _at(Between(70, 90)), _at(OneOf((49, 48, 45, Between(30, 49)))))),
    Scenario("three_severe_vessels", lesions=({**_ABOVE, "vessel": OneOf(("LAD", "D1"))}, {**_ABOVE, "vessel": OneOf(("LCX", "OM1", "RI"))}, {**_ABOVE, "vessel": OneOf(("RCA", "RCA", "PDA"))}), exam={"dominance": Maybe("right", 0.6)}),
    Scenario("occlusion", lesions=({**_OCC, **_MAJOR},), companions=(_MILD, _MOD, _SEV), companion_chance=0.6),
    Scenario("unreadable_segment", exam=_POOR, lesions=({}, _UNREAD), companions=_LOW, variants=(_CLEAN, _MIN, _MILD)),
    Scenario("unreadable_segment_without_plaque", exam={**_POOR, "agatston_score": 0, "sis": Maybe(0, 0.3)}, lesions=(_UNREAD,)),
    Scenario("unreadable_segment_with_stenosis", exam={"study_quality": Maybe("limited", 0.8)}, lesions=({**_MAJOR, "plaque_type": "calcified"}, {**_UNREAD, "vessel": OneOf(("OM1", "OM2", "D1", "PDA")), "segment": None, "nondiagnostic_reason": OneOf(("motion", "calcium_blooming", "calcium_blooming", "noise"))}), variants=(_MOD, _SEV, _OCC, {"vessel": "LM", **_at(Between(51, 69))})),
    Scenario("tiny_branch", lesions=({**_MAJOR}, {**_TINY, **_at(OneOf((70, 75, 80, 60, 90)))}), variants=(_MIN, _MILD, _MOD, _CLEAN)),
    Scenario("high_risk_plaque", lesions=(_MAJOR,), companions=_LOW, variants=({**_RISKY, **_MIN}, {**_RISKY, **_MILD}, {**_RISKY, **_MOD}, {**_RISKY, **_SEV}, {**_HINT, **_MILD}, {**_HINT, **_MOD}, {**_RISKY, **_MOD, "ct_ffr": OneOf((_RATIOS["I+"], _RATIOS["I-"]))})),
    Scenario("ischemia_test", lesions=(_MAJOR,), companions=_LOW, variants=(*({"ct_ffr": _RATIOS[sign], **one} for sign, one in (("I-", _at(Between(40, 49))), ("I-", _MOD), ("I±", _MOD), ("I+", _MOD), ("I+", _FFR), ("I±", _FFR))), {"ctp": OneOf(tuple(PERFUSION)), **_MOD}, {"ctp": OneOf(tuple(PERFUSION)), **_FFR})),
    Scenario("patent_stent", exam={"stent_present": True}, lesions=({}, {**_STENT, **_at(OneOf((0, 0, Between(5, 20))))}), companions=_LOW, variants=(_MIN, _MILD, _MOD, _SEV, {**_RISKY, **_MOD})),
    Scenario("bypass_grafts", exam={"graft_present": True}, lesions=({"vessel": OneOf(("RCA", "LCX", "OM1"))}, {**_LIMA, **_CLEAN}, {"vessel": "LAD", "segment": OneOf(("proximal", "mid")), "bypassed_by_patent_graft": True, **_at(OneOf((80, 90, 95, 99, 100, 100)))}), variants=(_MIN, _MILD, _MOD, _SEV)),
    Scenario("exception_without_plaque", exam=_ODD, variants=_NO_CALCIUM, unseen=True),
    Scenario("exception_with_plaque", exam=_ODD, lesions=({},), companions=_LOW, variants=_GRADED, unseen=True),
    Scenario("remodelled_plaque_without_stenosis", lesions=({**_MAJOR, **_CLEAN, "hrp_features": OneOf((["positive_remodelling_gt1_1"], ["positive_remodelling_gt1_1"], ["low_attenuation_lt30hu", "positive_remodelling_gt1_1"]))},), companions=_LOW, unseen=True),
    Scenario("in_stent_restenosis", exam={"stent_present": True}, lesions=(_STENT,), companions=_MIDDLE, variants=(_MILD, _MOD, _SEV, _OCC), unseen=True),
    Scenario("left_dominant_disease", exam={"dominance": OneOf(("left", "left", "right", "codominant"))}, unseen=True, lesions=({**_ABOVE, "vessel": "LAD"}, {**_ABOVE, "vessel": "RCA", "segment": OneOf(("proximal", "mid"))}, {**_ABOVE, "vessel": OneOf(("PDA", "PLB"))})),
    Scenario("unreadable_stent", exam={"stent_present": True, **_POOR}, lesions=({}, {**_STENT, "nondiagnostic_reason": "stent_blooming", "segment_diameter_mm": Between(2.2, 2.8)}), variants=(_CLEAN, _MIN, _MILD, _MOD), unseen=True),
    Scenario("unreadable_tiny_segment", lesions=({}, {**_UNREAD, **_TINY, "segment": None}), variants=_GRADED, unseen=True),
    Scenario("graft_stenosis", exam={"graft_present": True}, lesions=(_VEIN, {"vessel": "LAD", "segment": OneOf(("mid", "distal")), **_MILD}), variants=(_MILD, _MOD, _SEV), unseen=True),
)
# Findings that may be changed alone. Per cents are exchanged where no word, test or further modifier depends on them.
_FREE = {"stenosis_grade_words": None, "ct_ffr": None, "ctp": None, "stent_present": None, "graft_present": None, "exceptions": None, "vessel": ("LAD", "LCX", "RCA", "RI", "D1", "D2", "OM1", "OM2", "PDA", "PLB")}
EDITS = (
    *(Edit("stenosis_pct", values=values, where=_FREE) for values in ((15, 18, 20, 24, 25, 28, 30), (40, 42, 45, 48, 49, 50, 52, 55), (62, 65, 68, 69, 70, 72, 75), (90, 95, 99, 100))),
    Edit("stenosis_pct", values=(42, 45, 48, 49, 51, 52, 55, 60), where={**_FREE, "vessel": "LM"}), Edit("stenosis_pct", values=(30, 40, 48, 49, 50, 55, 65, 69, 70, 80), where={"in_stent": True, "stenosis_grade_words": None, "segment_diameter_mm": None}),
    Edit("stenosis_grade_words", values=("minimal", "mild", "moderate", "severe"), where={**_FREE, "stenosis_pct": None, "stenosis_grade_words": ("minimal", "mild", "moderate", "severe")}),
    *(Edit("segment_diameter_mm", values=(1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0), where={"stent_present": None, "graft_present": None, "exceptions": None, **thin}) for thin in ({"segment": "distal"}, {"vessel": ("D1", "D2", "OM1", "OM2", "RI", "PDA", "PLB")})),
    *(Edit("agatston_score", values=values, where={"agatston_score": Between(1, 10_000)}) for values in ((72, 90, 100, 101, 112, 140), (240, 288, 300, 301, 320, 360), (820, 940, 999, 1001, 1080, 1250))),
    Edit("hrp_features", values=(["positive_remodelling_gt1_1"], ["napkin_ring"], ["low_attenuation_lt30hu", "positive_remodelling_gt1_1"], ["low_attenuation_lt30hu", "napkin_ring"]), where={"ct_ffr": None}),
    Edit("ct_ffr", values=(0.72, 0.74, 0.75, 0.76, 0.78, 0.79, 0.8, 0.81, 0.83, 0.86), where={"hrp_features": None, "stenosis_pct": Between(50, 90)}),
    Edit("ctp", values=("normal", "fixed_defect", "reversible_defect", "inconclusive")), Edit("heart_rate_bpm", steps=(2, 4)),
    Edit("plaque_type", values=("calcified", "mixed", "noncalcified"), where={"agatston_score": None, "hrp_features": None, "in_stent": None}),
    Edit("dominance", values=("right", "left", "codominant"), where={"visual_plaque_lad": None}), Edit("clinical_setting", values=("stable_chest_pain", "acute_chest_pain", "other")),
    Edit("exceptions", values=(["anomalous_origin"], ["aneurysm"], ["fistula"])), Edit("sis", values=(4, 5, 6, 7, 8, 9), where={"sis": Between(3, 18)}),
)

DOCUMENT = Document(
    key="cadrads", system="cadrads", system_names=("CAD-RADS", "CADRADS"), title="CAD-RADS 2.0, coronary artery disease on coronary CT angiography", edition="2022",
    source="Cury RC et al. J Cardiovasc Comput Tomogr 2022;16:536-557", modalities=("ct",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, ages=(40, 86),
    part_names=("category", "plaque_burden", "modifiers"), split=_split, join=_join, core=lambda label: label.partition("/")[0], edits=EDITS,
    exam_plan={"clinical_setting": Maybe(OneOf(("stable_chest_pain", "stable_chest_pain", "acute_chest_pain", "other")), 0.92), "dominance": Maybe(OneOf(("right", "right", "right", "right", "left", "codominant")), 0.85),
               "heart_rate_bpm": Maybe(Between(48, 78), 0.65), "study_quality": Maybe(OneOf(("excellent", "good", "good", "limited")), 0.5)},
    lesion_plan={"vessel": OneOf(("LAD", "LAD", "RCA", "LCX", "D1", "OM1", "RI", "PDA")), "plaque_type": Maybe(OneOf(("calcified", "calcified", "mixed", "noncalcified")), 0.85)},
)
