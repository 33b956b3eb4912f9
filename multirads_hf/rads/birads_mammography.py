"""BI-RADS mammography (5th edition, 2013): assessment of a mammogram.

Issued by the American College of Radiology. Definitions, management and the choice of the exam's
category are rules (``_birads.py``); for categories 2 to 5 the atlas describes patterns, and these count:

=====  =================================================================================================
 2     typically benign calcifications; round or punctate ones, diffuse or regional in both breasts
       (no laterality given); fat-containing or other typical finding (lipoma, node, clip, scar);
       circumscribed mass stable for 24 months; three or more alike in both breasts; global asymmetry
 3     on a first study after a complete workup, or stable for 6 or 12 months, not palpable: solitary
       oval or round circumscribed mass of low or equal density, focal asymmetry, punctate group
 4A    oval mass of equal density, circumscribed but partly obscured, new or growing
 4B    group of amorphous, new coarse heterogeneous or fine pleomorphic calcifications; oval or round
       mass of equal density with indistinct margin
 4C    new irregular mass of high density with indistinct margin; new group of fine linear branching ones
 4     architectural distortion without mass, surgery or trauma; category 4 is not divided here
 5     irregular spiculated mass of high density; irregular or spiculated mass with fine linear branching
       calcifications in a line or segment
 6     proven by biopsy and not yet removed
=====  =================================================================================================

A screening mammogram never ends in 3, 4 or 5: such a lesion is recalled, 0. So is a technically
inadequate exam without a suspicious lesion, and one that still needs images or earlier studies.
A focal asymmetry or a punctate group that is stable for 24 months is 2, as every finding of category 3
is. What is seen before the evaluation is complete may fit no pattern (an asymmetry on one view): 0. An
implant is a lesion with a special case. Left out: 13 to 23 months, a finding that shrinks, a palpable
finding of category 3, round grouped calcifications, an abnormal node alone, the categories of each side.

Source: D'Orsi CJ et al. ACR BI-RADS Atlas, 5th edition. American College of Radiology, Reston VA, 2013.

>>> from multirads_hf.rads import get
>>> group = {"finding_type": "calcifications", "calc_morphology": "amorphous", "calc_distribution": "grouped"}
>>> get("birads_mammography").categorise({"exam_purpose": "diagnostic", "lesions": [group]})
'4B'
>>> get("birads_mammography").categorise({"exam_purpose": "screening", "lesions": [group]})
'0'
>>> get("birads_mammography").categorise({"lesions": [{"finding_type": "asymmetry", "asymmetry_type": "developing"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: birads_mammography: lesions[0]: got finding_type asymmetry, asymmetry_type developing. Allowed: the patterns of the table.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.rads._birads import (
    CODES,
    EXAM_FIELDS,
    LESION_FIELDS,
    QUADRANTS,
    RECALLED,
    SIDES,
    SOURCE,
    SYSTEM_NAMES,
    Row,
    Table,
    categories,
    compare,
    decide,
    settle,
    treated,
)  # fmt: skip
from multirads_hf.schema import Between, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Some, Study

BENIGN_CALCIFICATIONS = (
    "skin",
    "vascular",
    "coarse_popcorn",
    "large_rod_like",
    "rim",
    "dystrophic",
    "milk_of_calcium",
    "suture",
)
FAT_CONTAINING = ("lipoma", "hamartoma", "oil_cyst")
BENIGN_CASES = (
    *FAT_CONTAINING,
    "intramammary_lymph_node",
    "postsurgical_scar_stable",
    "implant",
    "skin_lesion",
    "clip",
)
MULTIPLE = "multiple_bilateral_circumscribed_masses"
# Atlas 2013, guidance chapter: surveillance of category 3 at 6 and 12 months, benign once stable for two years.
FOLLOW_UP_MONTHS, BENIGN_MONTHS = (6, 12), Between(24, 360)
# Atlas 2013, distribution of calcifications: a group of many lies within 2 cm.
GROUP_MM = 20
# Signs that make a spiculated mass no more suspicious than it is.
BESIDE_CANCER = ("skin_retraction", "nipple_retraction", "skin_thickening", "axillary_adenopathy")

_MASS, _CALC, _ASYMMETRY = (
    {"finding_type": ("mass",)},
    {"finding_type": ("calcifications",)},
    {"finding_type": ("asymmetry",)},
)
_CASE, _ANY_ROUND = (
    {"finding_type": ("special_case",)},
    {"mass_shape": (None, "oval", "round"), "mass_margin": (None, "circumscribed")},
)
_SMOOTH = {
    **_MASS,
    "mass_shape": ("oval", "round"),
    "mass_margin": ("circumscribed",),
    "mass_density": ("low", "equal"),
    "calc_morphology": (None,),
}
_FOCAL = {**_ASYMMETRY, "asymmetry_type": ("focal",)}
_PUNCTATE = {**_CALC, "calc_morphology": ("punctate",), "calc_distribution": ("grouped",)}
_GROUP = {**_CALC, "calc_distribution": ("grouped",)}
_STABLE_2Y = {"temporal_change": ("stable",), "stable_months": BENIGN_MONTHS}
_STABLE, _FIRST = (
    {"temporal_change": ("stable",), "stable_months": FOLLOW_UP_MONTHS, "palpable": (False,)},
    {"temporal_change": ("baseline",), "palpable": (False,)},
)
_LINEAR = {**_MASS, "calc_morphology": ("fine_linear_branching",), "calc_distribution": ("linear", "segmental")}
_SPICULATED = {**_MASS, "mass_shape": ("irregular",), "mass_margin": ("spiculated",), "mass_density": ("high",)}

ROWS = (
    Row("MG-2a", "2", "typically benign calcifications", {**_CALC, "calc_morphology": BENIGN_CALCIFICATIONS}),
    Row("MG-2b", "2", "round or punctate calcifications, diffuse or regional in both breasts",
        {**_CALC, "calc_morphology": ("round", "punctate"), "calc_distribution": ("diffuse", "regional"), "laterality": (None,)}),
    Row("MG-2c", "2", "typically benign finding", {**_CASE, **_ANY_ROUND, "special_case": BENIGN_CASES, "mass_density": (None, "fat_containing")}),
    Row("MG-2c", "2", "fat-containing circumscribed mass", {**_MASS, **_ANY_ROUND, "mass_margin": ("circumscribed",), "mass_density": ("fat_containing",)}),
    Row("MG-2d", "2", "circumscribed mass stable for at least 24 months",
        {**_MASS, **_ANY_ROUND, "mass_margin": ("circumscribed",), "mass_density": (None, "low", "equal", "high"), **_STABLE_2Y}),
    Row("MG-2e", "2", "multiple similar circumscribed masses in both breasts", {**_CASE, **_ANY_ROUND, "special_case": (MULTIPLE,), "mass_density": (None, "low", "equal")}),
    Row("MG-2f", "2", "global asymmetry alone", {**_ASYMMETRY, "asymmetry_type": ("global",), "palpable": (False,), "temporal_change": ("stable", "baseline")}),
    Row("MG-3b", "2", "focal asymmetry stable for at least 24 months", {**_FOCAL, **_STABLE_2Y, "palpable": (False,)}),
    Row("MG-3c", "2", "punctate group stable for at least 24 months", {**_PUNCTATE, **_STABLE_2Y, "palpable": (False,)}),
    Row("MG-3a", "3", "solitary circumscribed mass on a first study", {**_SMOOTH, **_FIRST}),
    Row("MG-3b", "3", "focal asymmetry on a first study", {**_FOCAL, **_FIRST}),
    Row("MG-3c", "3", "group of punctate calcifications on a first study", {**_PUNCTATE, **_FIRST}),
    Row("MG-3d", "3", "circumscribed mass stable for 6 or 12 months", {**_SMOOTH, **_STABLE}),
    Row("MG-3d", "3", "focal asymmetry stable for 6 or 12 months", {**_FOCAL, **_STABLE}),
    Row("MG-3d", "3", "punctate group stable for 6 or 12 months", {**_PUNCTATE, **_STABLE}),
    Row("MG-4Aa", "4A", "oval mass, partly obscured, new or enlarging", {**_MASS, "mass_shape": ("oval",), "mass_margin": ("obscured",),
        "mass_density": ("equal",), "temporal_change": ("new", "enlarging")}),
    Row("MG-4Ba", "4B", "grouped amorphous calcifications", {**_GROUP, "calc_morphology": ("amorphous",), "temporal_change": ("baseline", "new")}),
    Row("MG-4Bb", "4B", "new grouped coarse heterogeneous calcifications", {**_GROUP, "calc_morphology": ("coarse_heterogeneous",), "temporal_change": ("new",)}),
    Row("MG-4Bc", "4B", "grouped fine pleomorphic calcifications", {**_GROUP, "calc_morphology": ("fine_pleomorphic",)}),
    Row("MG-4Bd", "4B", "oval or round mass with indistinct margin", {**_MASS, "mass_shape": ("oval", "round"), "mass_margin": ("indistinct",), "mass_density": ("equal",)}),
    Row("MG-4Ca", "4C", "new irregular mass of high density with indistinct margin",
        {**_MASS, "mass_shape": ("irregular",), "mass_margin": ("indistinct",), "mass_density": ("high",), "temporal_change": ("new",)}),
    Row("MG-4Cb", "4C", "new grouped fine linear branching calcifications", {**_GROUP, "calc_morphology": ("fine_linear_branching",), "temporal_change": ("new",)}),
    Row("MG-4x", "4", "architectural distortion without mass, surgery or trauma", {"finding_type": ("architectural_distortion",)}),
    Row("MG-5a", "5", "irregular spiculated mass of high density", _SPICULATED),
    Row("MG-5b", "5", "irregular mass with linear or segmental fine linear branching calcifications",
        {**_LINEAR, "mass_shape": ("irregular",), "mass_margin": (None, "indistinct", "spiculated"), "mass_density": (None, "equal", "high")}),
    Row("MG-5b", "5", "spiculated mass with linear or segmental fine linear branching calcifications",
        {**_LINEAR, "mass_shape": (None, "oval", "round"), "mass_margin": ("spiculated",), "mass_density": (None, "equal", "high")}),
    Row("MG-5c", "5", "irregular spiculated mass of high density with associated features", {**_SPICULATED, "associated_features": BESIDE_CANCER}),
)  # fmt: skip
# What a row that does not name the field lets pass.
HARMLESS = {
    "finding_type": (), "mass_shape": (), "mass_margin": (), "mass_density": (), "calc_morphology": BENIGN_CALCIFICATIONS, "asymmetry_type": (),
    "special_case": (), "associated_features": (),
}  # fmt: skip
CATEGORIES = categories(*CODES)
_COMMON = EXAM_FIELDS | LESION_FIELDS


def _shared(*names: str) -> tuple[Field, ...]:
    return tuple(_COMMON[name] for name in names)


FIELDS = (
    *_shared("exam_purpose", "comparison_available"),
    Field("breast_composition", "enum", "breast composition: a fatty, b scattered fibroglandular density, c heterogeneously dense, d extremely dense", values=("a", "b", "c", "d"),
          aliases={"a": ("almost entirely fatty", "fatty"), "b": ("scattered fibroglandular densities",), "c": ("heterogeneously dense",), "d": ("extremely dense",)}),
    *_shared("technically_adequate", "additional_imaging_needed", "prior_comparison_needed", "laterality", "location_quadrant", "location_depth", "location_clock", "distance_from_nipple_cm"),
    Field("finding_type", "enum", "kind of finding; special_case for those with a name of their own", "lesion",
          ("mass", "calcifications", "architectural_distortion", "asymmetry", "special_case"),
          aliases={"mass": ("nodule",), "calcifications": ("microcalcifications", "calcs"), "architectural_distortion": ("distortion", "AD")}),
    *_shared("size_mm", "prior_size_mm", "mass_shape"),
    Field("mass_margin", "enum", "margin of a mass", "lesion", ("circumscribed", "obscured", "microlobulated", "indistinct", "spiculated"),
          aliases={"circumscribed": ("well-defined", "sharply marginated"), "obscured": ("partly obscured", "partially obscured", "partly hidden"),
                   "indistinct": ("ill-defined", "hazy"), "spiculated": ("stellate",)}),
    Field("mass_density", "enum", "density of a mass", "lesion", ("high", "equal", "low", "fat_containing"),
          aliases={"high": ("hyperdense",), "equal": ("isodense",), "fat_containing": ("radiolucent", "fat-containing")}),
    Field("calc_morphology", "enum", "form of calcifications", "lesion", (*BENIGN_CALCIFICATIONS, "round", "punctate", "amorphous", "coarse_heterogeneous", "fine_pleomorphic", "fine_linear_branching"),
          aliases={"rim": ("lucent-centered", "eggshell"), "large_rod_like": ("secretory",), "coarse_popcorn": ("popcorn", "popcorn-like"), "amorphous": ("powdery",),
                   "fine_pleomorphic": ("pleomorphic",), "fine_linear_branching": ("casting", "fine linear", "branching"), "milk_of_calcium": ("layering", "teacup")}),
    Field("calc_distribution", "enum", "distribution of calcifications", "lesion", ("diffuse", "regional", "grouped", "linear", "segmental"),
          aliases={"diffuse": ("scattered",), "grouped": ("clustered", "cluster")}),
    Field("asymmetry_type", "enum", "kind of asymmetry; asymmetry is one that is seen on one view only", "lesion", ("asymmetry", "global", "focal", "developing"),
          aliases={"asymmetry": ("one-view asymmetry",), "focal": ("focal asymmetry",), "global": ("global asymmetry",), "developing": ("developing asymmetry",)}),
    Field("special_case", "enum", "finding with a name of its own", "lesion", (*BENIGN_CASES, MULTIPLE),
          aliases={"intramammary_lymph_node": ("intramammary node", "IMLN"), "postsurgical_scar_stable": ("postsurgical scar", "lumpectomy scar"), "clip": ("biopsy marker",),
                   "hamartoma": ("fibroadenolipoma",), "implant": ("prosthesis",), "skin_lesion": ("mole",)}),
    Field("associated_features", "list", "every associated feature", "lesion", (*BESIDE_CANCER, "trabecular_thickening", "architectural_distortion", "calcifications"),
          default=[], aliases={"skin_retraction": ("tethering",), "nipple_retraction": ("nipple inversion",)}),
    *_shared("temporal_change", "stable_months", "palpable", "biopsy_proven"),
)  # fmt: skip
DEFAULTS = {f.name: f.default for f in FIELDS if f.level == "lesion" and f.default is not None}
TABLE = Table("birads_mammography", ROWS, HARMLESS, DEFAULTS, solitary=("MG-3a",))


def rule(study: Study) -> Decision:
    """Grade the lesions by the table; a screening exam recalls what is not benign."""
    return decide(study, TABLE, RECALLED if study.get("exam_purpose") == "screening" else ())


# Where typically benign calcifications lie: distributions that occur, none for those that follow a structure.
_DISTRIBUTIONS = {
    "skin": ("grouped", "regional"), "large_rod_like": ("regional", "diffuse"), "dystrophic": ("regional", "grouped"), "milk_of_calcium": ("regional", "diffuse"),
    "rim": ("grouped", "regional"),
}  # fmt: skip


# Exams that follow earlier ones, so that nothing is seen for the first time without a comparison.
FOLLOWING = ("category_3_follow_up", "neoadjuvant_response", "post_treatment_surveillance")


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Let places, priors and sizes agree, and put the fields in order; a lump is no matter of screening."""
    settle(study, draw)
    for lesion in study["lesions"]:
        if lesion.get("palpable") and study.get("exam_purpose") == "screening":
            del lesion["palpable"]
    _tell_history(study)
    if (
        any(lesion.get("mass_margin") == "obscured" for lesion in study["lesions"])
        and study.get("breast_composition") == "a"
    ):
        study["breast_composition"] = "b"
    for lesion in study["lesions"]:
        _fit(lesion, draw)
    if len(study["lesions"]) > 1 and draw.chance(0.5):
        study["lesions"].reverse()
    order = [f.name for f in FIELDS]
    lesions = [{name: lesion[name] for name in order if name in lesion} for lesion in study["lesions"]]
    return {**{name: study[name] for name in order if name in study}, "lesions": lesions}


def _tell_history(study: dict[str, Any]) -> None:
    """Let what is said of earlier studies agree with the purpose of the exam, with the change and with what was done before."""
    if study.get("exam_purpose") in FOLLOWING:
        study["comparison_available"] = True
        for lesion in study["lesions"]:
            if lesion.get("temporal_change") == "baseline":
                lesion["temporal_change"] = "new"
    if any(lesion.get("temporal_change") == "baseline" for lesion in study["lesions"]):
        study["lesions"] = [lesion for lesion in study["lesions"] if lesion.get("special_case") != "clip"]
    unsaid = any(map(_first_seen, study["lesions"]))
    for lesion in study["lesions"] if unsaid else ():
        if lesion.get("temporal_change") == "stable":
            del lesion["temporal_change"]
    compare(study)
    after = any(map(treated, study["lesions"])) and study.get("comparison_available") is False
    if after or (unsaid and study.get("comparison_available")):
        study.pop("comparison_available", None)


def _first_seen(lesion: Study) -> bool:
    """Return whether a lesion is probably benign only because no earlier study shows it, and nobody says so."""
    smooth = lesion.get("mass_margin") == "circumscribed" and lesion.get("mass_density") in ("low", "equal")
    watched = smooth or lesion.get("asymmetry_type") == "focal" or lesion.get("calc_morphology") == "punctate"
    return watched and "laterality" in lesion and not lesion.get("temporal_change")


def _fit(lesion: dict[str, Any], draw: Draw) -> None:
    """Give benign calcifications their distribution and a changed lesion its earlier size."""
    form, change, size = lesion.get("calc_morphology"), lesion.get("temporal_change"), lesion.get("size_mm")
    if form in BENIGN_CALCIFICATIONS and "calc_distribution" in lesion:
        apart = "diffuse" if "location_quadrant" in lesion else "grouped"
        fit = tuple(d for d in _DISTRIBUTIONS.get(form, ()) if d != apart)
        if not fit:
            del lesion["calc_distribution"]
        elif lesion["calc_distribution"] not in fit:
            lesion["calc_distribution"] = draw.pick(fit)
    if size is None or change not in ("enlarging", "decreasing"):
        lesion.pop("prior_size_mm", None)
    elif "prior_size_mm" in lesion and change == "enlarging":
        lesion["prior_size_mm"] = draw.between(max(3, ceil(size * 0.5)), int(size * 0.8))
    elif "prior_size_mm" in lesion:
        lesion["prior_size_mm"] = draw.between(ceil(size * 1.3), int(size * 2.2))


# fmt: off
_SCREEN, _WORKUP, _FOLLOWED = {"exam_purpose": "screening"}, {"exam_purpose": "diagnostic", "additional_imaging_needed": Maybe(False, 0.2)}, {"exam_purpose": "category_3_follow_up"}
_EITHER = {"exam_purpose": OneOf(("screening", "screening", "diagnostic"))}
_WATCHED, _CLINIC = {"exam_purpose": OneOf(("diagnostic", "diagnostic", "post_treatment_surveillance"))}, {"exam_purpose": "diagnostic"}
_NO_PLACE = {"laterality": None, "location_quadrant": None, "location_depth": None, "location_clock": None, "distance_from_nipple_cm": None}
_SIDE_ONLY = {**_NO_PLACE, "laterality": OneOf(SIDES)}
_ONLY_QUADRANT = {"location_depth": None, "location_clock": None, "distance_from_nipple_cm": None}
_UNCHANGED = {"temporal_change": Maybe("stable", 0.4)}
_BENIGN_CALC = {"finding_type": "calcifications", "calc_morphology": OneOf(("skin", "coarse_popcorn", "rim", "dystrophic", "milk_of_calcium", "coarse_popcorn", "suture", "vascular")),
                "calc_distribution": "grouped", **_UNCHANGED}
_BOTH_BREASTS = {**_NO_PLACE, "finding_type": "calcifications", "calc_morphology": OneOf(("vascular", "large_rod_like", "milk_of_calcium", "skin")), "calc_distribution": OneOf(("diffuse", "regional")), **_UNCHANGED}
_SCATTERED = {**_NO_PLACE, "finding_type": "calcifications", "calc_morphology": OneOf(("round", "punctate")), "calc_distribution": OneOf(("diffuse", "regional")), **_UNCHANGED}
_NODE = {"finding_type": "special_case", "special_case": "intramammary_lymph_node", "location_quadrant": OneOf(("upper_outer", "upper_outer", "axillary_tail")), "size_mm": Between(4, 9), **_UNCHANGED}
_FAT = {"finding_type": "special_case", "special_case": OneOf(FAT_CONTAINING), "size_mm": Between(8, 42), "mass_density": Maybe("fat_containing", 0.6), "palpable": Maybe(OneOf((True, False)), 0.25), **_UNCHANGED}
_CLIP = {**_ONLY_QUADRANT, "finding_type": "special_case", "special_case": "clip"}
_MOLE = {**_ONLY_QUADRANT, "finding_type": "special_case", "special_case": "skin_lesion"}
_SCAR = {**_ONLY_QUADRANT, "finding_type": "special_case", "special_case": "postsurgical_scar_stable"}
_IMPLANT = {**_NO_PLACE, "finding_type": "special_case", "special_case": "implant"}
_SEVERAL = {**_NO_PLACE, "finding_type": "special_case", "special_case": MULTIPLE, "size_mm": Maybe(Between(6, 19), 0.7)}
_SMOOTH_MASS = {"finding_type": "mass", "size_mm": Between(5, 19), "mass_shape": OneOf(("oval", "oval", "round")), "mass_margin": "circumscribed", "mass_density": OneOf(("equal", "equal", "low")),
                "palpable": Maybe(False, 0.25)}
_BASELINE = {"temporal_change": Maybe("baseline", 0.8)}
_STABLE_MASS = {**_SMOOTH_MASS, "temporal_change": "stable", "stable_months": OneOf((24, 24, 30, 36, 48, 60))}
_GLOBAL = {**_SIDE_ONLY, "finding_type": "asymmetry", "asymmetry_type": "global", "temporal_change": Maybe(OneOf(("stable", "baseline")), 0.7), "palpable": Maybe(False, 0.5)}
_FOCAL_ASYMMETRY = {"finding_type": "asymmetry", "asymmetry_type": "focal", "size_mm": Maybe(Between(7, 28), 0.6), "palpable": Maybe(False, 0.25)}
_PUNCTATE_GROUP = {"finding_type": "calcifications", "calc_morphology": "punctate", "calc_distribution": "grouped", "size_mm": Between(3, 9), "palpable": Maybe(False, 0.1)}
_OBSCURED = {"finding_type": "mass", "size_mm": Between(6, 24), "prior_size_mm": Maybe(1, 0.7), "mass_shape": "oval", "mass_margin": "obscured", "mass_density": "equal",
             "temporal_change": OneOf(("new", "enlarging")), "palpable": Maybe(OneOf((True, False)), 0.4)}
_AMORPHOUS = {"finding_type": "calcifications", "calc_morphology": "amorphous", "calc_distribution": "grouped", "size_mm": Between(4, 18), "temporal_change": OneOf(("baseline", "new", "new"))}
_COARSE = {**_AMORPHOUS, "calc_morphology": "coarse_heterogeneous", "temporal_change": "new"}
_PLEOMORPHIC = {**_AMORPHOUS, "calc_morphology": "fine_pleomorphic", "temporal_change": Maybe(OneOf(("baseline", "new", "new")), 0.8)}
_INDISTINCT = {"finding_type": "mass", "size_mm": Between(6, 26), "mass_shape": OneOf(("oval", "round")), "mass_margin": "indistinct", "mass_density": "equal",
               "temporal_change": Maybe(OneOf(("baseline", "new", "enlarging")), 0.7), "prior_size_mm": Maybe(1, 0.5), "palpable": Maybe(OneOf((True, False)), 0.4)}
_IRREGULAR = {"finding_type": "mass", "size_mm": Between(7, 32), "mass_shape": "irregular", "mass_margin": "indistinct", "mass_density": "high", "temporal_change": "new", "palpable": Maybe(OneOf((True, False)), 0.5)}
_BRANCHING = {**_AMORPHOUS, "calc_morphology": "fine_linear_branching", "temporal_change": "new", "size_mm": Between(5, GROUP_MM)}
_DISTORTION = {"finding_type": "architectural_distortion", "size_mm": Maybe(Between(8, 32), 0.6), "temporal_change": Maybe(OneOf(("new", "baseline", "new")), 0.8), "palpable": Maybe(False, 0.25)}
_STELLATE = {"finding_type": "mass", "size_mm": Between(8, 46), "mass_shape": "irregular", "mass_margin": "spiculated", "mass_density": "high",
             "temporal_change": Maybe(OneOf(("baseline", "new", "enlarging")), 0.6), "palpable": Maybe(OneOf((True, True, False)), 0.5)}
_CASTING = {**_STELLATE, "size_mm": Between(12, 44), "calc_morphology": "fine_linear_branching", "calc_distribution": OneOf(("segmental", "linear"))}
_FEATURES = {"associated_features": Some(BESIDE_CANCER, 1, 2)}
_CANCER = {"finding_type": "mass", "size_mm": Between(8, 48), "mass_shape": Maybe(OneOf(("irregular", "irregular", "oval", "round")), 0.9), "mass_margin": Maybe(OneOf(("spiculated", "indistinct")), 0.85),
           "mass_density": Maybe(OneOf(("high", "high", "equal")), 0.6), "palpable": Maybe(OneOf((True, False)), 0.4), "biopsy_proven": "malignant", **_ONLY_QUADRANT, "location_clock": Maybe(1, 0.5)}
_CANCER_CALC = {**_ONLY_QUADRANT, "finding_type": "calcifications", "calc_morphology": OneOf(("fine_pleomorphic", "amorphous", "fine_linear_branching")), "calc_distribution": "segmental", "size_mm": Between(16, 52),
                "mass_shape": None, "mass_margin": None, "mass_density": None, "palpable": None, "associated_features": None}
_CANCER_GROUP = {"calc_distribution": "grouped", "size_mm": Between(5, GROUP_MM)}
_STAGING, _CHEMO = {"exam_purpose": "known_cancer_staging", "comparison_available": Maybe(True, 0.8)}, {"exam_purpose": "neoadjuvant_response"}
_SMALL = (_BENIGN_CALC, _BOTH_BREASTS, _NODE, _SCATTERED)
_BENIGN = (*_SMALL, _FAT, _CLIP, _MOLE)
_SUSPECT = (_OBSCURED, _OBSCURED, _PLEOMORPHIC, _BRANCHING, _DISTORTION, _DISTORTION, _STELLATE)

SCENARIOS = (
    Scenario("negative_screening", {**_SCREEN, "prior_comparison_needed": Maybe(False, 0.1)}),
    Scenario("negative_workup", {"exam_purpose": "diagnostic", "additional_imaging_needed": Maybe(False, 0.3)}),
    Scenario("benign_calcifications", _EITHER, (_BENIGN_CALC,), (_NODE, _FAT, _CLIP, _MOLE, _BENIGN_CALC), variants=({}, {"calc_morphology": "vascular"}, _BOTH_BREASTS, _SCATTERED)),
    Scenario("typical_benign_finding", _EITHER, (_FAT,), _SMALL, variants=({}, {**_NODE, "mass_density": None, "palpable": None}, *({"size_mm": None, "mass_density": None, "palpable": None, **case} for case in (_MOLE, _IMPLANT, _CLIP)))),
    Scenario("screening_recall", _SCREEN, ({},), _BENIGN, variants=({**_SMOOTH_MASS, **_BASELINE, "palpable": None}, *({**mass, "palpable": None} for mass in (_OBSCURED, _INDISTINCT, _IRREGULAR, _STELLATE)),
             _AMORPHOUS, _COARSE, _PLEOMORPHIC, _BRANCHING)),
    Scenario("screening_asymmetry", {**_SCREEN, "additional_imaging_needed": True}, ({"finding_type": "asymmetry", "asymmetry_type": "asymmetry", "size_mm": Maybe(Between(6, 24), 0.4), **_ONLY_QUADRANT, "location_quadrant": None},), _BENIGN,
             variants=({"temporal_change": Maybe("baseline", 0.5)}, {"asymmetry_type": "focal", "location_quadrant": OneOf(QUADRANTS[:4]), "temporal_change": Maybe(OneOf(("baseline", "new")), 0.8)}, {"asymmetry_type": "developing", "location_quadrant": OneOf(QUADRANTS[:4]), "size_mm": Between(8, 28), "temporal_change": OneOf(("new", "enlarging"))})),
    Scenario("inadequate_images", {"exam_purpose": OneOf(("screening", "diagnostic")), "technically_adequate": False}, companions=_SMALL, companion_chance=0.6),
    Scenario("probably_benign_workup", _WORKUP, ({**_SMOOTH_MASS, **_BASELINE},), _BENIGN, variants=({}, {"mass_shape": "round"}, {**_PUNCTATE_GROUP, "mass_shape": None, "mass_margin": None, "mass_density": None})),
    Scenario("interval_follow_up", _FOLLOWED, ({**_SMOOTH_MASS, "temporal_change": "stable", "stable_months": OneOf((6, 12))},), _BENIGN,
             variants=({}, {"stable_months": OneOf((24, 24, 36))}, {**_PUNCTATE_GROUP, "mass_shape": None, "mass_margin": None, "mass_density": None})),
    Scenario("partly_obscured_mass", _WATCHED, (_OBSCURED,), _BENIGN, variants=({}, {"temporal_change": "enlarging", "exam_purpose": "category_3_follow_up"})),
    Scenario("indistinct_mass", _WATCHED, (_INDISTINCT,), _BENIGN),
    Scenario("calcification_workup", _WORKUP, (_AMORPHOUS,), _BENIGN, variants=({}, _COARSE, _PLEOMORPHIC)),
    Scenario("high_suspicion", _WATCHED, (_IRREGULAR,), _BENIGN, variants=({}, {**_BRANCHING, "mass_shape": None, "mass_margin": None, "mass_density": None, "palpable": None})),
    Scenario("distortion", _WORKUP, (_DISTORTION,), _BENIGN, variants=({}, {"temporal_change": "new"})),
    Scenario("spiculated_mass", _CLINIC, (_STELLATE,), _BENIGN, variants=({}, _FEATURES)),
    Scenario("known_cancer", _STAGING, (_CANCER,), _BENIGN, variants=({}, _CANCER_CALC, {**_CANCER_CALC, **_CANCER_GROUP}, {"associated_features": Some(BESIDE_CANCER, 1, 1), "mass_margin": "spiculated"})),
    Scenario("second_lesion_beside_cancer", _STAGING, ({**_INDISTINCT, "temporal_change": "new"}, _CANCER), variants=({}, {**_DISTORTION, "temporal_change": "new", **dict.fromkeys(("mass_shape", "mass_margin", "mass_density", "palpable"))}, _OBSCURED, _IRREGULAR, {**_STELLATE, "temporal_change": "new", "palpable": None})),
    Scenario("outside_priors", {**_SCREEN, "comparison_available": False}, companions=tuple({**one, "temporal_change": None, "palpable": None} for one in (*_SMALL, _SMOOTH_MASS)), unseen=True, companion_chance=0.4,
             variants=({"prior_comparison_needed": True}, {"prior_comparison_needed": Maybe(False, 0.6)})),
    Scenario("many_masses", _EITHER, (_SEVERAL,), _SMALL, unseen=True),
    Scenario("three_masses", _WORKUP, tuple({**_SMOOTH_MASS, "laterality": side, "mass_shape": "oval", "mass_density": "equal", **_ONLY_QUADRANT, "location_quadrant": OneOf(QUADRANTS[:4]), **_BASELINE} for side in (*SIDES, "left")), unseen=True),
    Scenario("asymmetry_workup", {"exam_purpose": "diagnostic"}, (_FOCAL_ASYMMETRY,), _SMALL, unseen=True, variants=(_BASELINE, {**_GLOBAL, "size_mm": None},
             {"temporal_change": "stable", "stable_months": OneOf((6, 12))}, {"temporal_change": "stable", "stable_months": OneOf((24, 36))})),
    Scenario("hidden_among_benign", _CLINIC, (_STELLATE, _BOTH_BREASTS, _NODE), unseen=True,
             variants=tuple({**dict.fromkeys(("mass_shape", "mass_margin", "mass_density", "palpable")), **one} for one in _SUSPECT)),
    Scenario("new_beside_scar", {"exam_purpose": "post_treatment_surveillance"}, (_IRREGULAR, _SCAR), unseen=True, variants=({}, _CASTING, {**_PLEOMORPHIC, "mass_shape": None, "mass_margin": None, "mass_density": None, "palpable": None})),
    Scenario("chemotherapy_response", _CHEMO, ({**_CANCER, "temporal_change": OneOf(("decreasing", "decreasing", "stable")), "prior_size_mm": Maybe(1, 0.9)},), _SMALL, unseen=True),
)
_PLAIN = {"biopsy_proven": None, "associated_features": None}
EDITS = (
    Edit("exam_purpose", ("screening", "diagnostic"), where={"additional_imaging_needed": None, "prior_comparison_needed": None, "palpable": (None, False)}),
    Edit("prior_comparison_needed", (True, False), where={"comparison_available": False}),
    Edit("breast_composition", ("b", "c", "d")),
    Edit("stable_months", (6, 12, 24, 36), where={"temporal_change": "stable", "exam_purpose": ("category_3_follow_up", "diagnostic")}),
    Edit("mass_margin", ("indistinct", "spiculated"), where={"mass_shape": "irregular", "mass_density": "high", "temporal_change": "new", **_PLAIN}),
    Edit("mass_margin", ("circumscribed", "indistinct"), where={"mass_density": "equal", "mass_shape": ("oval", "round"), "temporal_change": "baseline", "palpable": (None, False), **_PLAIN}),
    Edit("mass_margin", ("obscured", "indistinct"), where={"mass_density": "equal", "mass_shape": "oval", "temporal_change": ("new", "enlarging"), "breast_composition": ("b", "c", "d"), **_PLAIN}),
    Edit("mass_density", ("equal", "low"), where={"mass_margin": "circumscribed"}),
    Edit("mass_shape", ("oval", "round"), where={"mass_margin": ("circumscribed", "indistinct"), "biopsy_proven": None}),
    Edit("calc_morphology", ("punctate", "amorphous", "fine_pleomorphic"), where={"calc_distribution": "grouped", "temporal_change": "baseline", **_PLAIN}),
    Edit("calc_morphology", ("amorphous", "coarse_heterogeneous", "fine_pleomorphic", "fine_linear_branching"), where={"finding_type": "calcifications", "calc_distribution": "grouped", "temporal_change": "new", **_PLAIN}),
    Edit("asymmetry_type", ("focal", "global"), where={"temporal_change": "baseline", "size_mm": None, "exam_purpose": "diagnostic"}),
    Edit("temporal_change", ("new", "enlarging"), where={"mass_margin": ("obscured", "indistinct"), "mass_density": "equal", "prior_size_mm": None}),
    Edit("size_mm", steps=(1, 2, 4), where={"prior_size_mm": None, "size_mm": Between(8, 40)}),
)

DOCUMENT = Document(
    key="birads_mammography", system="birads", system_names=SYSTEM_NAMES, title="BI-RADS mammography", edition="5th edition (2013)", source=SOURCE,
    modalities=("mammography",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, sexes=("female",), ages=(40, 84),
    exam_plan={"breast_composition": OneOf(("a", "b", "b", "b", "c", "c", "c", "d")), "comparison_available": Maybe(OneOf((True, True, False)), 0.85), "technically_adequate": Maybe(True, 0.2)},
    lesion_plan={"laterality": OneOf(SIDES), "location_quadrant": OneOf((*QUADRANTS[:6], "upper_outer", "upper_outer", "upper_inner")), "location_depth": Maybe(OneOf(("anterior", "middle", "middle", "posterior")), 0.6),
                 "location_clock": Maybe(1, 0.25), "distance_from_nipple_cm": Maybe(Between(2, 9), 0.3)},
    edits=EDITS,
)
