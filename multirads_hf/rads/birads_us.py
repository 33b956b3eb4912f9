"""BI-RADS ultrasound (5th edition, 2013): breast lesions on hand-held or whole-breast ultrasound.

Issued by the American College of Radiology. The atlas defines the categories and leaves most of the
choice among 3 to 5 to the reader; this module holds the patterns on which readers agree and refuses
the rest. A field that a row does not name must be missing or harmless. *Oval mass* means oval,
circumscribed, parallel, hypo- or isoechoic, without shadowing or calcification, not hard.

===========  =================================================================================  ====
US-2a        simple cyst (anechoic, circumscribed, posterior enhancement)                       2
US-2b        intramammary node, lipoma, implant, skin lesion, unchanged scar                    2
US-2d        three or more alike in both breasts: oval masses, or simple and complicated cysts  2
US-3a        oval mass, solitary, not palpable, no older study                                  3
US-3b        complicated cyst, solitary, not palpable, no older study                           3
US-3c        clustered microcysts, not palpable, no older study                                 3
US-3d        any of US-3a to US-3c, unchanged at 6 to 12 months                                 3
US-2c        any of US-3a to US-3c, unchanged at 24 months or more, or smaller                  2
US-4Aa       oval hypoechoic mass, still circumscribed, grown by 30% or more and 3 mm or more   4A
US-4Ab       oval, parallel, hypoechoic, margin microlobulated, no older study                  4A
US-4Ac       complicated cyst, palpable                                                         4A
US-4Ba       complex cystic and solid mass with internal flow, oval or round                    4B
US-4Bb       oval or round, parallel, hypoechoic, indistinct margin, no posterior features      4B
US-4Ca       irregular, hypoechoic, indistinct or angular, not parallel, none or shadowing      4C
US-5a        irregular, hypoechoic, spiculated, not parallel, shadowing                         5
US-5b        US-5a with an abnormal axillary node, skin thickening or distortion                5
===========  =================================================================================  ====

Biopsy comes first: proven malignancy is 6, a concordant benign result without growth 2. An
inadequate exam without a lesion of 4 to 6, or one that waits for other imaging or earlier studies,
is 0. The exam takes the first of 5, 4C, 4B, 4A, 0, 6, 3, 2, 1 among its lesions. A complete
screening ultrasound may end in 3 to 5.

Readings of this module: stability for less than 6 or for 13 to 23 months, growth below the bound,
two descriptors of different rows and complicated cysts with flow are refused. What is larger by the
bound counts as grown whatever is said. Lesions that are fewer than three, or all in one breast, are
judged one by one. Elasticity short of *hard* changes nothing; a hard mass is refused below 5. Nothing raises
US-5a, so flow, calcification and every associated feature are taken there. Palpable decides in US-3
and US-4Ac alone. Undivided 4 is not a label here: every suspicious row is 4A, 4B or 4C. Left out:
implants of the exam, the type of finding and the categories of the sides.

Source: D'Orsi CJ et al. ACR BI-RADS Atlas, 5th edition. American College of Radiology, Reston VA, 2013.

>>> from multirads_hf.rads import get
>>> mass = {"mass_shape": "oval", "mass_margin": "circumscribed", "us_echo_pattern": "hypoechoic", "size_mm": 11}
>>> get("birads_us").categorise({"lesions": [mass]})
'3'
>>> get("birads_us").categorise({"lesions": [mass | {"temporal_change": "stable", "stable_months": 24}]})
'2'
>>> get("birads_us").categorise({"lesions": [mass | {"palpable": True}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: birads_us: lesions[0]: got palpable True, mass_shape oval, mass_margin circumscribed, us_echo_pattern hypoechoic, course baseline. Allowed: the patterns of the table.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads import _birads as birads
from multirads_hf.rads._birads import EXAM_FIELDS, LESION_FIELDS, Row, Table, compare, decide, settle
from multirads_hf.schema import Between, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

KEY = "birads_us"
# Follow-up of a probably benign lesion (atlas 2013, assessment category 3): 6 and 12 months, released from 24.
FOLLOWED_MONTHS, RELEASED_MONTHS = (6, 12), 24
# Growth of a circumscribed mass that calls for a biopsy: at least 30% of the longest diameter, and 3 mm so that
# it exceeds the error of measurement.
GROWTH_PERCENT, GROWTH_MM = 30, 3
# Multiple: at least three in total and one in each breast.
CYSTS = ("simple_cyst", "complicated_cyst")
DISMISSED = ("intramammary_lymph_node", "lipoma", "implant", "skin_lesion", "postsurgical_scar_stable")
ATYPICAL = ("complicated_cyst", "clustered_microcysts")
MIRROR = {"right": "left", "left": "right"}
MULTIPLE = "multiple_bilateral_circumscribed_masses"
DESCRIPTORS = ("mass_shape", "mass_margin", "us_echo_pattern")

# fmt: off
_FOLLOWED, _RELEASED = "stable for 6 to 12 months", "stable for 24 months or more"
_UNCHANGED = ("baseline", "stable", _FOLLOWED, _RELEASED, "decreasing")
_FLOW, _SEEN = ("absent", "internal"), ("baseline", "new")
DEFAULTS: dict[str, Any] = {
    "us_orientation": "parallel", "us_posterior_features": "none", "us_calcifications": "none", "us_vascularity": "absent", "us_elasticity": "not_done",
    "associated_features": [], "temporal_change": "baseline", "palpable": False, "biopsy_proven": "none",
}
# What fits every row that does not name the field.
HARMLESS: dict[str, Any] = {
    "special_case": (), "mass_shape": ("oval", "round"), "mass_margin": ("circumscribed",), "us_orientation": ("parallel",),
    "us_echo_pattern": ("anechoic", "hyperechoic", "isoechoic", "hypoechoic"), "us_posterior_features": ("none", "enhancement"),
    "us_calcifications": ("none",), "us_vascularity": ("absent",), "us_elasticity": ("not_done", "soft", "intermediate"),
    "associated_features": (), "palpable": (False, True), "course": ("baseline",), "company": (),
}

_OVAL: dict[str, Any] = {
    "mass_shape": ("oval",), "mass_margin": ("circumscribed",), "us_echo_pattern": ("hypoechoic", "isoechoic"), "us_vascularity": _FLOW,
}
_HYPOECHOIC = {**_OVAL, "us_echo_pattern": ("hypoechoic",)}
_PROBABLY_BENIGN = (
    ("US-3a", "oval circumscribed parallel mass", _OVAL),
    ("US-3b", "complicated cyst", {"special_case": ("complicated_cyst",)}),
    ("US-3c", "clustered microcysts", {"special_case": ("clustered_microcysts",)}),
)
_INDIFFERENT: dict[str, Any] = {"us_vascularity": _FLOW, "course": _SEEN}
_IRREGULAR_ROW: dict[str, Any] = {"mass_shape": ("irregular",), "us_echo_pattern": ("hypoechoic",), "us_orientation": ("not_parallel",)}
_SPICULATED: dict[str, Any] = {
    **_IRREGULAR_ROW, "mass_margin": ("spiculated",), "us_posterior_features": ("shadowing",), "us_vascularity": (*_FLOW, "rim"),
    "us_calcifications": ("none", "in_mass", "outside_mass", "intraductal"), "us_elasticity": ("not_done", "soft", "intermediate", "hard"), "course": (*_SEEN, "enlarging", "grown"),
}
ROWS = (
    Row("US-2d", "2", "one of several cysts in both breasts", {"special_case": CYSTS, "company": ("several cysts",), "course": _UNCHANGED}),
    Row("US-2d", "2", "multiple similar circumscribed masses in both breasts", {"special_case": (MULTIPLE,), "course": _UNCHANGED}),
    Row("US-2a", "2", "simple cyst", {"special_case": ("simple_cyst",), "us_echo_pattern": (None, "anechoic"), "course": (*_UNCHANGED, "new", "enlarging", "grown")}),
    *(Row("US-2b", "2", case.replace("_", " "), {"special_case": (case,), "us_vascularity": _FLOW, "us_posterior_features": ("none", "enhancement", "shadowing"), "course": _UNCHANGED})
      for case in DISMISSED),
    *(Row("US-2c", "2", f"{about}, {course}", {**pattern, "course": (course,)}) for course in (_RELEASED, "decreasing") for _, about, pattern in _PROBABLY_BENIGN),
    *(Row(name, "3", f"{about}, solitary, not palpable", {**pattern, "palpable": (False,)}) for name, about, pattern in _PROBABLY_BENIGN),
    *(Row("US-3d", "3", f"{about}, {_FOLLOWED}", {**pattern, "palpable": (False,), "course": (_FOLLOWED,)}) for _, about, pattern in _PROBABLY_BENIGN),
    Row("US-4Aa", "4A", "oval mass, still circumscribed, grown by 30% and 3 mm or more", {**_HYPOECHOIC, "course": ("grown",)}),
    Row("US-4Ab", "4A", "oval parallel mass with a partly microlobulated margin", {**_HYPOECHOIC, "mass_margin": ("microlobulated",)}),
    Row("US-4Ac", "4A", "palpable complicated cyst", {"special_case": ("complicated_cyst",), "palpable": (True,)}),
    Row("US-4Ba", "4B", "complex cystic and solid mass with internal flow", {**_INDIFFERENT, "us_echo_pattern": ("complex_cystic_solid",), "us_vascularity": ("internal",)}),
    Row("US-4Bb", "4B", "oval or round mass with an indistinct margin", {**_INDIFFERENT, "mass_shape": ("oval", "round"), "mass_margin": ("indistinct",),
        "us_echo_pattern": ("hypoechoic",), "us_posterior_features": ("none",)}),
    Row("US-4Ca", "4C", "irregular mass, not parallel, indistinct or angular", {**_INDIFFERENT, **_IRREGULAR_ROW, "mass_margin": ("indistinct", "angular"), "us_posterior_features": ("none", "shadowing")}),
    Row("US-5a", "5", "irregular spiculated mass, not parallel, shadowing", _SPICULATED),
    Row("US-5b", "5", "irregular spiculated shadowing mass with an associated feature", {**_SPICULATED, "associated_features": birads.FEATURES}),
)
# fmt: on


def course(lesion: Study) -> str:
    """Return how a lesion behaved: what is measured overrules what is said about growth."""
    size, prior, months = (lesion.get(name) for name in ("size_mm", "prior_size_mm", "stable_months"))
    change = lesion.get("temporal_change") or "baseline"
    if size and prior:
        if size - prior >= GROWTH_MM and 100 * (size - prior) >= GROWTH_PERCENT * prior:
            return "grown"
        if change == "baseline":
            change = "enlarging" if size > prior else "decreasing" if size < prior else "stable"
    if months and change in ("baseline", "stable"):
        followed = FOLLOWED_MONTHS[0] <= months <= FOLLOWED_MONTHS[1]
        return _FOLLOWED if followed else _RELEASED if months >= RELEASED_MONTHS else f"stable for {months} months"
    return str(change)


def prepared(lesion: dict[str, Any]) -> dict[str, Any]:
    """Add the course of a lesion; growth beyond the bound is growth whatever is said."""
    found = course(lesion)
    return {**lesion, "course": found, **({"temporal_change": "enlarging"} if found == "grown" else {})}


TABLE = Table(KEY, ROWS, HARMLESS, DEFAULTS, solitary=("US-3a",), prepared=prepared)


def biopsied(lesion: Study) -> bool:
    """Return whether a biopsy has told what a lesion is."""
    return (lesion.get("biopsy_proven") or "none") != "none"


def _refuse_undescribed(study: Study) -> None:
    """Raise StudyError when a mass that no biopsy decides lacks what every row asks for."""
    for place, lesion in enumerate(study.get("lesions") or []):
        decided = (
            lesion.get("special_case") or biopsied(lesion) or lesion.get("us_echo_pattern") == "complex_cystic_solid"
        )
        missing = [name for name in DESCRIPTORS if lesion.get(name) is None]
        if missing and not decided:
            raise StudyError(f"{KEY}: lesions[{place}].{missing[0]} is missing. A mass cannot be graded without it.")


def rule(study: Study) -> Decision:
    """Grade every lesion by biopsy or table, ask whether the exam is complete, take the highest rank."""
    if not (study.get("additional_imaging_needed") or study.get("prior_comparison_needed")):
        _refuse_undescribed(study)
    lesions = study.get("lesions") or []
    sides = [lesion.get("laterality") for lesion in lesions if lesion.get("special_case") in CYSTS]
    if len(sides) >= birads.LEAST_MULTIPLE and {"right", "left"} <= set(sides):
        lesions = [{**one, "company": "several cysts"} if one.get("special_case") in CYSTS else one for one in lesions]
    return decide({**study, "lesions": lesions}, TABLE)


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Let places, sizes, earlier studies and the purpose of the exam agree."""
    lesions = study["lesions"]
    if draw.chance(0.5):
        for lesion in (one for one in lesions if "laterality" in one):
            lesion["laterality"] = MIRROR[lesion["laterality"]]
    settle(study, draw)
    for lesion in lesions:
        _fit_place(lesion, len(lesions) == 1, draw)
        _fit_prior(lesion, draw)
    if study.get("exam_purpose") == "screening" and any(lesion.get("palpable") for lesion in lesions):
        study["exam_purpose"] = "diagnostic"
    if study.get("technically_adequate") is False and not study.get("additional_imaging_needed"):
        study.pop("additional_imaging_needed", None)
    _fit_comparison(study)
    return study


def _fit_place(lesion: dict[str, Any], alone: bool, draw: Draw) -> None:
    """Drop the quadrant now and then where the clock position tells it; a lone lesion may lie between two."""
    quadrant = lesion.get("location_quadrant")
    if quadrant == "retroareolar":
        lesion.pop("distance_from_nipple_cm", None)
    if "location_clock" not in lesion or quadrant == "axillary_tail" or draw.chance(0.4):
        return
    lesion.pop("location_quadrant", None)
    if alone and lesion.get("special_case") != "intramammary_lymph_node" and draw.chance(0.4):
        lesion["location_clock"] = draw.pick((3, 6, 9, 12))


def _fit_prior(lesion: dict[str, Any], draw: Draw) -> None:
    """Give the earlier study a size that goes with the change: on or beyond the bound of growth, equal, or larger."""
    if "prior_size_mm" not in lesion:
        return
    size, change = lesion["size_mm"], lesion["temporal_change"]
    if change == "enlarging":
        most = min(size - GROWTH_MM, 100 * size // (100 + GROWTH_PERCENT))
        lesion["prior_size_mm"] = most if draw.chance(0.4) else draw.between(ceil(size / 2), most)
    elif change == "stable":
        lesion["prior_size_mm"] = size
    else:
        lesion["prior_size_mm"] = draw.between(ceil(1.3 * size), ceil(1.7 * size))


def _first_seen(lesion: Study) -> bool:
    """Return whether a lesion is probably benign only because no earlier study shows it."""
    mass = "special_case" not in lesion and lesion.get("mass_margin") == "circumscribed" and not biopsied(lesion)
    return (mass or lesion.get("special_case") in ATYPICAL) and lesion.get("temporal_change") in (None, "baseline")


def _fit_comparison(study: dict[str, Any]) -> None:
    """Who was treated, followed, biopsied or recalled has been imaged before; who waits for earlier studies cannot compare."""
    lesions = study["lesions"]
    awaited = study.get("prior_comparison_needed")
    first = any(map(_first_seen, lesions))
    if first:
        study.pop("comparison_available", None)
    purpose, felt = study.get("exam_purpose"), any(one.get("palpable") for one in lesions)
    imaged = purpose not in ("screening", "diagnostic") or any(map(biopsied, lesions))
    for lesion in lesions:
        change = lesion.get("temporal_change")
        if awaited or (change == "baseline" and imaged) or (change == "stable" and first):
            lesion.pop("temporal_change", None)
    compare(study)
    if awaited or ((imaged or (purpose == "diagnostic" and not felt)) and study.get("comparison_available") is False):
        study.pop("comparison_available", None)
    if purpose in ("category_3_follow_up", "neoadjuvant_response"):
        study["comparison_available"] = True


# fmt: off
CATEGORIES = birads.categories("0", "1", "2", "3", "4A", "4B", "4C", "5", "6")
_own, _exam = LESION_FIELDS, EXAM_FIELDS
FIELDS = (
    *(_exam[name] for name in ("exam_purpose", "technically_adequate", "additional_imaging_needed", "prior_comparison_needed", "comparison_available")),
    Field("us_tissue_composition", "enum", "background echotexture", values=("homogeneous_fat", "homogeneous_fibroglandular", "heterogeneous"),
          aliases={"heterogeneous": ("mixed",), "homogeneous_fat": ("fatty",), "homogeneous_fibroglandular": ("fibroglandular",)}),
    *(_own[name] for name in ("laterality", "location_quadrant", "location_clock", "location_depth", "distance_from_nipple_cm", "size_mm")),
    Field("special_case", "enum", "what the lesion is where its appearance is typical", "lesion", (*CYSTS, "clustered_microcysts", *DISMISSED, MULTIPLE), aliases={
        "simple_cyst": ("benign cyst", "cyst", "SC"), "complicated_cyst": ("cyst with debris", "cyst with low-level echoes"), "intramammary_lymph_node": ("IMLN", "intramammary node"),
        "implant": ("prosthesis",), "postsurgical_scar_stable": ("scar", "surgical scar"), MULTIPLE: ("multiple bilateral masses",)}),
    _own["mass_shape"],
    Field("mass_margin", "enum", "margin of a mass", "lesion", ("circumscribed", "indistinct", "angular", "microlobulated", "spiculated"), aliases={
        "circumscribed": ("well-defined", "sharply marginated", "well-circumscribed"), "indistinct": ("ill-defined", "hazy"), "spiculated": ("stellate",)}),
    Field("us_orientation", "enum", "orientation to the skin", "lesion", ("parallel", "not_parallel"), default="parallel", aliases={
        "parallel": ("wider than tall", "horizontal"), "not_parallel": ("taller than wide", "vertical", "non-parallel", "antiparallel")}),
    Field("us_echo_pattern", "enum", "echo pattern against fat", "lesion", ("anechoic", "hyperechoic", "isoechoic", "hypoechoic", "heterogeneous", "complex_cystic_solid"), aliases={
        "hypoechoic": ("hypo", "echo-poor"), "complex_cystic_solid": ("complex", "mixed cystic-solid", "cyst with mural nodule")}),
    Field("us_posterior_features", "enum", "what lies behind the lesion", "lesion", ("none", "enhancement", "shadowing", "combined"), default="none", aliases={
        "none": ("no posterior features",), "enhancement": ("PAE", "through transmission"), "shadowing": ("PAS", "acoustic shadow")}),
    Field("us_calcifications", "enum", "calcifications", "lesion", ("none", "in_mass", "outside_mass", "intraductal"), default="none"),
    Field("us_vascularity", "enum", "flow on Doppler", "lesion", ("absent", "internal", "rim"), default="absent", aliases={"absent": ("avascular", "no flow"), "internal": ("internal flow",), "rim": ("peripheral flow",)}),
    Field("us_elasticity", "enum", "stiffness on elastography", "lesion", ("not_done", "soft", "intermediate", "hard"), default="not_done", aliases={"hard": ("stiff",)}),
    *(_own[name] for name in ("associated_features", "temporal_change", "prior_size_mm", "stable_months", "palpable", "biopsy_proven")),
)

_USUAL = OneOf(("screening", "screening", "diagnostic", "diagnostic", "diagnostic", "post_treatment_surveillance"))
_FIRST, _NOT_FELT = {"temporal_change": Maybe("baseline", 0.6)}, {"palpable": Maybe(False, 0.35)}
_FELT = {"palpable": Maybe(OneOf((False, True, True)), 0.5)}
_SITE = {"location_quadrant": None, "location_clock": None, "location_depth": None, "distance_from_nipple_cm": None}
_CYST = {"special_case": "simple_cyst", "size_mm": Between(4, 32), "us_echo_pattern": Maybe("anechoic", 0.5), "mass_margin": Maybe("circumscribed", 0.4),
         "us_posterior_features": Maybe("enhancement", 0.45), "us_vascularity": Maybe("absent", 0.25), "palpable": Maybe(OneOf((False, False, True)), 0.2)}
_DEBRIS = {"special_case": "complicated_cyst", "size_mm": Between(5, 24), "mass_margin": Maybe("circumscribed", 0.4), "us_posterior_features": Maybe(OneOf(("none", "enhancement")), 0.4),
           "us_vascularity": Maybe("absent", 0.5), **_FIRST, "palpable": Maybe(False, 0.6)}
_MICROCYSTS = {"special_case": "clustered_microcysts", "size_mm": Between(5, 18), "us_vascularity": Maybe("absent", 0.4), **_FIRST, **_NOT_FELT}
_NODE = {"special_case": "intramammary_lymph_node", "size_mm": Between(4, 9), "location_quadrant": OneOf(("upper_outer", "upper_outer", "axillary_tail"))}
_LIPOMA = {"special_case": "lipoma", "location_quadrant": OneOf(birads.QUADRANTS[:4]), "size_mm": Between(8, 42), "us_echo_pattern": Maybe(OneOf(("hyperechoic", "isoechoic")), 0.6), "mass_margin": Maybe("circumscribed", 0.5), **_FELT}
_SCAR = {"special_case": "postsurgical_scar_stable", "us_posterior_features": Maybe("shadowing", 0.4), "temporal_change": "stable", "stable_months": Maybe(OneOf((12, 24)), 0.4)}
_SKIN = {"special_case": "skin_lesion", "size_mm": Between(4, 14), "us_vascularity": Maybe("absent", 0.3), "distance_from_nipple_cm": None, "location_depth": None, **_FELT}
_IMPLANT = {**_SITE, "special_case": "implant"}
_MANY = {**_SITE, "laterality": None, "special_case": MULTIPLE, "size_mm": Between(6, 19)}
_MASS = {
    "mass_shape": "oval", "mass_margin": "circumscribed", "us_orientation": Maybe("parallel", 0.85), "us_echo_pattern": OneOf(("hypoechoic", "hypoechoic", "isoechoic")), "size_mm": Between(5, 28),
    "us_posterior_features": Maybe(OneOf(("none", "enhancement")), 0.55), "us_calcifications": Maybe("none", 0.25), "us_vascularity": Maybe(OneOf(("absent", "absent", "internal")), 0.5),
    "us_elasticity": Maybe(OneOf(("not_done", "soft", "soft", "intermediate")), 0.2),
}
_SOLITARY = {**_MASS, **_FIRST, **_NOT_FELT}
_HYPO = {**_SOLITARY, "us_echo_pattern": "hypoechoic"}
_STABLE = {"temporal_change": "stable", "stable_months": OneOf((6, 6, 12, 12, 24, 24, 30, 36, 48, 60)), "prior_size_mm": Maybe(1, 0.35)}
_SMALLER = {"temporal_change": "decreasing", "prior_size_mm": 1, "stable_months": None}
_GROWN = {**_MASS, "us_echo_pattern": "hypoechoic", "size_mm": Between(8, 31), "temporal_change": "enlarging", "prior_size_mm": 1, "palpable": Maybe(False, 0.25)}
_LOBULATED = {**_HYPO, "mass_margin": "microlobulated"}
_WORRYING = {"temporal_change": Maybe(OneOf(("baseline", "baseline", "new")), 0.5), "biopsy_proven": Maybe("none", 0.25), **_FELT}
_COMPLEX = {**_MASS, **_WORRYING, "mass_shape": OneOf(("oval", "round")), "mass_margin": Maybe("circumscribed", 0.5), "us_echo_pattern": "complex_cystic_solid", "us_vascularity": "internal", "size_mm": Between(9, 38), "us_elasticity": None}
_INDISTINCT = {**_HYPO, **_WORRYING, "mass_margin": "indistinct", "us_posterior_features": Maybe("none", 0.6)}
_IRREGULAR = {
    **_HYPO, **_WORRYING, "mass_shape": "irregular", "mass_margin": OneOf(("indistinct", "angular")), "us_orientation": "not_parallel", "us_posterior_features": OneOf((None, "none", "shadowing", "shadowing")),
    "size_mm": Between(6, 33), "us_elasticity": Maybe(OneOf(("not_done", "intermediate")), 0.25), "us_vascularity": Maybe(OneOf(("absent", "internal", "internal")), 0.5),
}
_STELLATE = {**_IRREGULAR, "mass_margin": "spiculated", "us_posterior_features": "shadowing", "size_mm": Between(7, 44), "us_elasticity": Maybe(OneOf(("not_done", "intermediate", "hard")), 0.3)}
_ADVANCED = {"associated_features": OneOf( ( ["axillary_adenopathy"], ["skin_thickening"], ["architectural_distortion"], ["skin_thickening", "axillary_adenopathy"], ) ), "size_mm": Between(16, 52)}
_PROVEN = {"biopsy_proven": "malignant", "temporal_change": None}
_CANCER = {**_STELLATE, **_PROVEN, "size_mm": Between(9, 46)}
_LESSER = {**_IRREGULAR, **_PROVEN}
_RIGHT, _LEFT = {"laterality": "right"}, {"laterality": "left"}
_BENIGN = (_CYST, _NODE, _LIPOMA)
_PLAIN = {"exam_purpose": OneOf(("diagnostic", "diagnostic", "screening"))}
_FOLLOW = {"exam_purpose": OneOf(("category_3_follow_up", "category_3_follow_up", "diagnostic", "screening"))}
_STAGING = {"exam_purpose": OneOf(("known_cancer_staging", "known_cancer_staging", "diagnostic"))}
_WORKUP = {"exam_purpose": OneOf(("diagnostic", "diagnostic", "diagnostic", "screening", "post_treatment_surveillance"))}
_ANY_QUALITY = {"technically_adequate": Maybe(OneOf((True, True, False)), 0.3)}
_WAITING = {"additional_imaging_needed": True, "exam_purpose": OneOf(("diagnostic", "diagnostic", "screening"))}
_LIMITED = {"technically_adequate": False, "additional_imaging_needed": None}

SCENARIOS = (
    Scenario("negative", variants=({}, {}, {"exam_purpose": "category_3_follow_up"})),
    Scenario("simple_cyst", lesions=(_CYST,), companions=_BENIGN),
    Scenario("bilateral_cysts", lesions=({**_CYST, **_RIGHT}, {**_CYST, **_LEFT}, {**_CYST, "special_case": OneOf(("simple_cyst", "complicated_cyst", "complicated_cyst")), "us_echo_pattern": None, "palpable": None})),
    Scenario("benign_entity", lesions=(_NODE,), companions=(_CYST,), variants=({}, {**_LIPOMA, "location_quadrant": "lower_outer"}, {**_SCAR, "size_mm": None, "exam_purpose": "post_treatment_surveillance"},
             {**_SKIN, "location_quadrant": "lower_inner"}, {**_IMPLANT, "size_mm": None}, _MANY)),
    Scenario("biopsied_benign", lesions=({**_MASS, "biopsy_proven": "benign_concordant", "temporal_change": Maybe(OneOf(("stable", "stable", "decreasing")), 0.7), **_FELT},), companions=_BENIGN),
    Scenario("solitary_mass", _PLAIN, lesions=(_SOLITARY,), companions=_BENIGN),
    Scenario("followed_mass", _FOLLOW, lesions=({**_SOLITARY, **_STABLE},), companions=_BENIGN, variants=({}, {}, _SMALLER)),
    Scenario("atypical_cyst", _PLAIN, lesions=(_DEBRIS,), companions=(_NODE, _LIPOMA), variants=({}, _MICROCYSTS)),
    Scenario("growing_mass", {**_FOLLOW, **_ANY_QUALITY}, lesions=(_GROWN,), companions=_BENIGN),
    Scenario("microlobulated_mass", {**_WORKUP, **_ANY_QUALITY}, lesions=(_LOBULATED,), companions=_BENIGN),
    Scenario("complex_mass", {**_WORKUP, **_ANY_QUALITY}, lesions=(_COMPLEX,), companions=_BENIGN),
    Scenario("indistinct_mass", {**_WORKUP, **_ANY_QUALITY}, lesions=(_INDISTINCT,), companions=_BENIGN),
    Scenario("irregular_mass", {**_WORKUP, **_ANY_QUALITY}, lesions=(_IRREGULAR,), companions=_BENIGN),
    Scenario("spiculated_mass", {**_WORKUP, **_ANY_QUALITY}, lesions=(_STELLATE,), companions=_BENIGN, variants=({}, _ADVANCED)),
    Scenario("known_cancer", {**_STAGING, **_ANY_QUALITY}, lesions=(_CANCER,), companions=_BENIGN, variants=({}, _LESSER, _ADVANCED)),
    Scenario("second_lesion", _STAGING, lesions=({**_LOBULATED, **_RIGHT}, {**_CANCER, **_LEFT}), variants=({}, _INDISTINCT, _IRREGULAR, {**_COMPLEX, "us_orientation": "parallel"})),
    Scenario("incomplete", _WAITING, companions=(_CYST, _SOLITARY, _NODE), companion_chance=0.5, variants=({}, _LIMITED, {"additional_imaging_needed": None, "prior_comparison_needed": True})),
    Scenario("multiple_masses", _PLAIN, lesions=({**_SOLITARY, **_RIGHT}, {**_SOLITARY, **_LEFT}, _SOLITARY), companion_chance=0.2, companions=(_SOLITARY,), unseen=True),
    Scenario("priors_awaited", {"prior_comparison_needed": True}, companions=(_CYST, _NODE, _SOLITARY), companion_chance=0.4, variants=({}, {"prior_comparison_needed": False}), unseen=True),
    Scenario("followed_microcysts", _FOLLOW, lesions=({**_MICROCYSTS, **_STABLE},), companions=(_NODE, _LIPOMA), variants=({}, _DEBRIS | _STABLE), unseen=True),
    Scenario("palpable_cyst", {"exam_purpose": "diagnostic"}, lesions=({**_DEBRIS, "special_case": OneOf(CYSTS), "size_mm": Between(9, 26), "palpable": True},), companions=(_NODE, _LIPOMA), unseen=True),
    Scenario("suspicious_among_cysts", _WORKUP, lesions=(_INDISTINCT | {"mass_shape": "round"}, _CYST, _CYST), variants=({}, _COMPLEX, {**_IRREGULAR, "size_mm": Between(5, 9)}), unseen=True),
    Scenario("second_cancer", _STAGING, lesions=({**_STELLATE, **_RIGHT, "biopsy_proven": None}, {**_LESSER, **_LEFT}), companions=(_CYST, _NODE), unseen=True),
    Scenario("neoadjuvant", {"exam_purpose": "neoadjuvant_response"}, lesions=({**_CANCER, "size_mm": Between(6, 24), "temporal_change": "decreasing", "prior_size_mm": 1},), companions=_BENIGN, unseen=True),
)

_MASS_EDIT = {"special_case": None, "prior_size_mm": None, "biopsy_proven": (None, "none")}
# An exam that still waits for something holds nothing suspicious.
_COMPLETE = {"additional_imaging_needed": (None, False), "prior_comparison_needed": (None, False)}
EDITS = (
    Edit("mass_margin", ("circumscribed", "microlobulated", "indistinct"), where={**_MASS_EDIT, **_COMPLETE, "comparison_available": (None, False), "mass_shape": "oval", "us_echo_pattern": "hypoechoic"}),
    Edit("mass_margin", ("indistinct", "angular", "spiculated"), where={"special_case": None, "mass_shape": "irregular"}),
    Edit("stable_months", (6, 12, 24, 36), where={"special_case": (None, "clustered_microcysts", "complicated_cyst")}),
    Edit("special_case", CYSTS, where={**_COMPLETE, "comparison_available": (None, False), "us_echo_pattern": None, "us_posterior_features": (None, "enhancement")}),
    Edit("special_case", ("complicated_cyst", "clustered_microcysts"), where={"mass_margin": None, "us_posterior_features": None}),
    Edit("palpable", (False, True), where={**_COMPLETE, "size_mm": Between(birads.LEAST_FELT, 60), "exam_purpose": ("diagnostic", "known_cancer_staging")}),
    Edit("biopsy_proven", ("none", "malignant"), where={"exam_purpose": "diagnostic", "temporal_change": (None, "baseline")}),
    Edit("technically_adequate", (True, False), where={"additional_imaging_needed": None}),
    Edit("additional_imaging_needed", (True, False), where={"lesions": ([],)}),
    Edit("prior_comparison_needed", (True, False), where={"lesions": ([],)}),
    Edit("us_vascularity", ("absent", "internal"), where={"special_case": None}),
    Edit("us_posterior_features", ("none", "enhancement"), where={**_MASS_EDIT, "mass_margin": ("circumscribed", "microlobulated")}),
    Edit("us_posterior_features", ("none", "shadowing"), where={"special_case": None, "mass_shape": "irregular"}),
    Edit("us_echo_pattern", ("hypoechoic", "isoechoic"), where={**_MASS_EDIT, "mass_margin": "circumscribed"}),
    Edit("size_mm", steps=(1, 2, 4), where={**_MASS_EDIT, "size_mm": Between(9, 26)}),
    Edit("us_tissue_composition", ("homogeneous_fat", "homogeneous_fibroglandular", "heterogeneous")),
)

DOCUMENT = Document(
    key=KEY, system="birads", system_names=birads.SYSTEM_NAMES, title="ACR BI-RADS, breast ultrasound", edition="5th edition (2013)", source=birads.SOURCE,
    modalities=("ultrasound",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, sexes=("female",), ages=(28, 84), edits=EDITS,
    exam_plan={"exam_purpose": _USUAL, "technically_adequate": Maybe(True, 0.2), "additional_imaging_needed": Maybe(False, 0.12), "prior_comparison_needed": Maybe(False, 0.08), "us_tissue_composition": Maybe(OneOf(("homogeneous_fat", "homogeneous_fibroglandular", "homogeneous_fibroglandular", "heterogeneous")), 0.55),
               "comparison_available": Maybe(OneOf((True, False)), 0.45)},
    lesion_plan={"laterality": OneOf(birads.SIDES), "location_quadrant": OneOf(("upper_outer", "upper_outer", "upper_outer", "upper_inner", "lower_outer", "lower_inner", "retroareolar")), "location_clock": Maybe(1, 0.88), "location_depth": Maybe(OneOf(birads.DEPTHS), 0.15),
                 "distance_from_nipple_cm": Maybe(Between(1, 9), 0.85), "temporal_change": Maybe("stable", 0.12)},
)
