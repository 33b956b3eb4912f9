"""BI-RADS MRI (5th edition, 2013): contrast-enhanced breast MRI.

Issued by the American College of Radiology. The atlas defines the categories and leaves most of the
choice among 3 to 5 to the reader; this module holds the patterns on which readers agree and refuses
the rest. A field that a row does not name must be missing, normal or benign. *Smooth mass* means
oval, circumscribed, homogeneous, T2 hyperintense, persistent. Category 4 is never divided in MRI.

==========  ====================================================================================  ==
MR-2a       nonenhancing finding (cyst, scar, seroma, duct), clip, implant, skin lesion           2
MR-2b       intramammary lymph node with fatty hilum; fat necrosis with internal fat              2
MR-2c       oval circumscribed mass, dark septations, T2 hyperintense, unchanged for 24 months    2
MR-2d       smooth mass, unchanged for 24 months or more, or smaller                              2
MR-2e       focus, T2 hyperintense, persistent, unchanged                                         2
MR-3a       smooth mass, first MRI                                                                3
MR-3b       smooth mass, unchanged at 6 to 12 months                                              3
MR-4a       irregular mass, irregular margin, heterogeneous, plateau, no associated feature       4
MR-4b       linear or segmental clumped non-mass enhancement                                      4
MR-4c       focal non-mass enhancement with clustered rings                                       4
MR-4d       new oval mass with an irregular margin and washout                                    4
MR-5a       irregular spiculated mass, rim or heterogeneous enhancement, washout                  5
MR-5b       MR-5a with an associated feature (invasion, axillary adenopathy)                      5
==========  ====================================================================================  ==

Biopsy comes first: proven malignancy is 6, a concordant benign result without growth 2. An
inadequate exam without a lesion of 4 to 6, or one that waits for other imaging or earlier studies,
is 0. The exam takes the first of 5, 4, 0, 6, 3, 2, 1 among its lesions; without lesions it is 1.

Readings of this module: stability for less than 6 or for 13 to 23 months, growth of a smooth mass,
an unchanged suspicious lesion and mixtures of two rows are refused. Sizes decide nothing: the
stated change counts. Initial enhancement is free beside plateau and washout, slow or medium
elsewhere. No associated feature lowers MR-5a, so each is taken there. MR-2d and MR-2e stand in the
text of the atlas, not in its list of patterns. Because readers differ on a smooth mass in a first
MRI (some call it 2), scenarios draw MR-3b alone, and a focus only beside another lesion. Left out:
implants of the exam, simple and complicated cysts (nonenhancing findings here), the categories of
the sides, ``not_reported`` of the T2 signal (a missing field says so).

Source: D'Orsi CJ et al. ACR BI-RADS Atlas, 5th edition. American College of Radiology, Reston VA, 2013.

>>> from multirads_hf.rads import get
>>> mass = {"mass_shape": "oval", "mass_margin": "circumscribed", "mri_internal_enhancement": "homogeneous",
...         "t2_signal": "hyperintense", "kinetics_delayed": "persistent", "temporal_change": "stable"}
>>> get("birads_mri").categorise({"lesions": [mass | {"stable_months": 12}]})
'3'
>>> get("birads_mri").categorise({"lesions": [mass | {"stable_months": 24}]})
'2'
>>> get("birads_mri").categorise({"lesions": [{"finding_type": "nme", "nme_distribution": "regional"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: birads_mri: lesions[0]: got finding_type nme, nme_distribution regional, course baseline. Allowed: the patterns of the table.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.rads import _birads as birads
from multirads_hf.rads._birads import EXAM_FIELDS, LESION_FIELDS, Row, Table, compare, decide, settle, treated
from multirads_hf.schema import Between, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

KEY = "birads_mri"
# Follow-up of a probably benign lesion (atlas 2013, assessment category 3): 6 and 12 months, released from 24.
FOLLOWED_MONTHS, RELEASED_MONTHS = (6, 12), 24
# Atlas 2013, MRI: routine advice depends on the cumulative lifetime risk.
ROUTINE = "Routine breast MRI screening if the cumulative lifetime risk is 20% or more."
NONENHANCING, DISMISSED, FATTY = (
    "nonenhancing_finding",
    ("clip", "implant", "skin_lesion"),
    ("intramammary_lymph_node", "fat_necrosis_typical"),
)
# Associated features of the MRI lexicon; those of MR-5b are what scenarios of category 5 draw.
INVASION = ("nipple_invasion", "skin_invasion", "pectoralis_invasion", "chest_wall_invasion", "axillary_adenopathy")
FEATURES = (
    "skin_retraction",
    "nipple_retraction",
    "skin_thickening",
    "axillary_adenopathy",
    "architectural_distortion",
    "edema",
    *INVASION[:4],
)

FOLLOWED, RELEASED = "stable for 6 to 12 months", "stable for 24 months or more"
_UNCHANGED, _SEEN = ("baseline", "stable", FOLLOWED, RELEASED, "decreasing"), ("baseline", "new", "enlarging")
DEFAULTS: dict[str, Any] = {
    "associated_features": [],
    "temporal_change": "baseline",
    "palpable": False,
    "biopsy_proven": "none",
}
# What fits every row that does not name the field.
HARMLESS: dict[str, Any] = {
    "finding_type": (), "special_case": (), "mass_shape": (), "mass_margin": (), "mri_internal_enhancement": (), "nme_distribution": (), "nme_internal_enhancement": (),
    "kinetics_initial": ("slow", "medium"), "kinetics_delayed": ("persistent",), "associated_features": (), "course": ("baseline",),
}  # fmt: skip
_MASS: dict[str, Any] = {"finding_type": (None, "mass")}
_CASE, _NME = {"finding_type": (None, "special_case")}, {"finding_type": (None, "nme"), "course": _SEEN}
_OVAL = {**_MASS, "mass_shape": ("oval",), "mass_margin": ("circumscribed",), "t2_signal": ("hyperintense",)}
_SMOOTH = {**_OVAL, "mri_internal_enhancement": ("homogeneous",), "kinetics_delayed": ("persistent",)}
_ANY_RISE = {"kinetics_initial": (None, "slow", "medium", "fast")}
_IRREGULAR_ROW = {
    **_MASS,
    **_ANY_RISE,
    "mass_shape": ("irregular",),
    "mass_margin": ("irregular",),
    "mri_internal_enhancement": ("heterogeneous",),
    "kinetics_delayed": ("plateau",),
    "course": _SEEN,
}
_SPICULATED_ROW = {
    **_IRREGULAR_ROW,
    "mass_margin": ("spiculated",),
    "mri_internal_enhancement": ("rim", "heterogeneous"),
    "kinetics_delayed": ("washout",),
}
ROWS = (
    Row("MR-2a", "2", "nonenhancing finding", {**_CASE, "special_case": (NONENHANCING,), "course": (*_UNCHANGED, *_SEEN)}),
    *(Row("MR-2a", "2", case.replace("_", " "), {**_CASE, "special_case": (case,), "course": (*_UNCHANGED, "new")}) for case in DISMISSED),
    Row("MR-2b", "2", "intramammary lymph node with fatty hilum", {**_CASE, "special_case": FATTY[:1], "course": _UNCHANGED}),
    Row("MR-2b", "2", "fat necrosis with internal fat", {**_CASE, "special_case": FATTY[1:], "mri_internal_enhancement": (None, "rim"), "course": _UNCHANGED}),
    Row("MR-2c", "2", f"oval circumscribed T2 hyperintense mass with dark septations, {RELEASED}", {**_OVAL, "mri_internal_enhancement": ("dark_internal_septations",), "course": (RELEASED,)}),
    *(Row("MR-2d", "2", f"oval circumscribed homogeneous T2 hyperintense mass, {course}", {**_SMOOTH, "course": (course,)}) for course in (RELEASED, "decreasing")),
    Row("MR-2e", "2", "stable T2 hyperintense focus, persistent", {"finding_type": ("focus",), "t2_signal": ("hyperintense",), "kinetics_delayed": ("persistent",), "course": ("stable", FOLLOWED, RELEASED)}),
    Row("MR-3a", "3", "oval circumscribed homogeneous T2 hyperintense mass, persistent, first MRI", _SMOOTH),
    Row("MR-3b", "3", f"oval circumscribed homogeneous T2 hyperintense mass, {FOLLOWED}", {**_SMOOTH, "course": (FOLLOWED,)}),
    Row("MR-4a", "4", "irregular mass with irregular margin, heterogeneous, plateau", _IRREGULAR_ROW),
    Row("MR-4b", "4", "linear or segmental clumped non-mass enhancement", {**_NME, "nme_distribution": ("linear", "segmental"), "nme_internal_enhancement": ("clumped",)}),
    Row("MR-4c", "4", "focal clustered ring non-mass enhancement", {**_NME, "nme_distribution": ("focal",), "nme_internal_enhancement": ("clustered_ring",)}),
    Row("MR-4d", "4", "new oval mass with irregular margin and washout", {**_MASS, **_ANY_RISE, "mass_shape": ("oval",), "mass_margin": ("irregular",),
        "mri_internal_enhancement": (None, "homogeneous"), "kinetics_delayed": ("washout",), "course": ("new",)}),
    Row("MR-5a", "5", "irregular spiculated mass, rim or heterogeneous, washout", _SPICULATED_ROW),
    Row("MR-5b", "5", "irregular spiculated mass with washout and an associated feature", {**_SPICULATED_ROW, "associated_features": FEATURES}),
)  # fmt: skip


def course(lesion: Study) -> str:
    """Return how a lesion behaved; stability of a length that the table does not have is plain ``stable``."""
    change, months = lesion.get("temporal_change") or "baseline", lesion.get("stable_months")
    if not months or change not in ("baseline", "stable"):
        return str(change)
    low, high = FOLLOWED_MONTHS
    return FOLLOWED if low <= months <= high else RELEASED if months >= RELEASED_MONTHS else "stable"


def prepared(lesion: dict[str, Any]) -> dict[str, Any]:
    """Add the course of a lesion."""
    return {**lesion, "course": course(lesion)}


TABLE = Table(KEY, ROWS, HARMLESS, DEFAULTS, routine=ROUTINE, prepared=prepared)


def rule(study: Study) -> Decision:
    """Grade every lesion by biopsy or table, ask whether the exam is complete, take the highest rank."""
    return decide(study, TABLE)


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Let places, sizes, earlier studies and the purpose of the exam agree, and put the fields in order."""
    lesions = study["lesions"]
    for lesion in lesions:
        _reach_features(lesion)
    _keep_nodes_lateral(lesions)
    settle(study, draw)
    for lesion in lesions:
        if lesion.get("location_quadrant") == "retroareolar":
            lesion.pop("distance_from_nipple_cm", None)
        if lesion.get("location_quadrant") == "central":
            lesion.pop("location_depth", None)
        if lesion.get("mass_margin") == "spiculated":
            lesion["mass_shape"] = "irregular"
        if lesion.get("palpable") and study.get("exam_purpose") == "screening":
            del lesion["palpable"]
        _fit_prior(lesion, draw)
    _fit_comparison(study)
    if "mri_bpe" not in study:
        study.pop("mri_bpe_symmetry", None)
    order = [field.name for field in FIELDS]
    study["lesions"] = [{name: lesion[name] for name in order if name in lesion} for lesion in lesions]
    return {name: study[name] for name in (*order, "lesions") if name in study}


def _reach_features(lesion: dict[str, Any]) -> None:
    """Put a mass where it can reach what it invades."""
    features = lesion.get("associated_features") or []
    if "nipple_invasion" in features or "nipple_retraction" in features:
        lesion["location_quadrant"] = "retroareolar"
    elif {"pectoralis_invasion", "chest_wall_invasion"} & set(features):
        lesion["location_depth"] = "posterior"
        if lesion["location_quadrant"] in ("central", "retroareolar"):
            lesion["location_quadrant"] = "upper_outer"
    elif {"skin_invasion", "skin_retraction", "skin_thickening"} & set(features):
        lesion["location_depth"] = "anterior"
        if lesion["location_quadrant"] == "axillary_tail":
            lesion["location_quadrant"] = "upper_outer"


def _keep_nodes_lateral(lesions: list[dict[str, Any]]) -> None:
    """Give an intramammary node the axillary tail or the upper outer quadrant, whichever is free on its side."""
    for node in lesions:
        if node.get("special_case") == FATTY[0]:
            taken = [
                one.get("location_quadrant")
                for one in lesions
                if one is not node and one["laterality"] == node["laterality"]
            ]
            node["location_quadrant"] = next(
                (q for q in (node["location_quadrant"], "axillary_tail", "upper_outer") if q not in taken),
                "axillary_tail",
            )


def _fit_prior(lesion: dict[str, Any], draw: Draw) -> None:
    """Give the earlier study a size that goes with the change; a lesion that has no size has none there."""
    size, change = lesion.get("size_mm"), lesion.get("temporal_change")
    if change != "stable":
        lesion.pop("stable_months", None)
    if size is None or change not in ("enlarging", "stable", "decreasing"):
        lesion.pop("prior_size_mm", None)
    elif "prior_size_mm" in lesion:
        lows_highs = {
            "enlarging": (ceil(0.45 * size), int(0.75 * size)),
            "stable": (size, size),
            "decreasing": (ceil(1.3 * size), int(2.2 * size)),
        }
        lesion["prior_size_mm"] = draw.between(*lows_highs[change])


def _fit_comparison(study: dict[str, Any]) -> None:
    """Only a first screening MRI has a baseline finding; who awaits earlier studies cannot compare."""
    lesions, first = study["lesions"], study.get("exam_purpose") == "screening"
    awaited = study.get("prior_comparison_needed")
    followed = any(
        one.get("temporal_change") in ("stable", "decreasing") and one.get("finding_type") in ("mass", "focus")
        for one in lesions
    )
    imaged = followed or any(map(treated, lesions))
    for lesion in lesions:
        if awaited or (lesion.get("temporal_change") == "baseline" and (imaged or not first)):
            for name in ("temporal_change", "stable_months", "prior_size_mm"):
                lesion.pop(name, None)
    compare(study)
    if awaited or (study.get("comparison_available") is False and (imaged or not first)):
        study.pop("comparison_available", None)
    if study.get("exam_purpose") in ("category_3_follow_up", "neoadjuvant_response"):
        study["comparison_available"] = True


CATEGORIES = birads.categories("0", "1", "2", "3", "4", "5", "6", routine=ROUTINE)
_own = LESION_FIELDS
FIELDS = (
    *(EXAM_FIELDS[name] for name in ("exam_purpose", "comparison_available", "technically_adequate")),
    Field("mri_fgt", "enum", "amount of fibroglandular tissue: a almost entirely fat, b scattered, c heterogeneous, d extreme", values=("a", "b", "c", "d"),
          aliases={"a": ("almost entirely fat", "fatty"), "b": ("scattered",), "c": ("heterogeneous",), "d": ("extreme",)}),
    Field("mri_bpe", "enum", "background parenchymal enhancement", values=("minimal", "mild", "moderate", "marked")),
    Field("mri_bpe_symmetry", "enum", "symmetry of the background parenchymal enhancement", values=("symmetric", "asymmetric")),
    *(EXAM_FIELDS[name] for name in ("additional_imaging_needed", "prior_comparison_needed")),
    *(_own[name] for name in ("laterality", "location_quadrant", "location_clock", "location_depth", "distance_from_nipple_cm")),
    Field("finding_type", "enum", "kind of finding; special_case for those with a name of their own", "lesion", ("mass", "focus", "nme", "special_case"),
          aliases={"nme": ("non-mass enhancement", "nonmass enhancement", "NME"), "focus": ("enhancing focus",), "mass": ("enhancing mass",)}),
    Field("special_case", "enum", "finding with a name of its own", "lesion", (NONENHANCING, *DISMISSED, *FATTY), aliases={
        NONENHANCING: ("cyst", "simple cyst", "seroma", "nonenhancing scar", "nonenhancing mass"), "intramammary_lymph_node": ("intramammary node", "IMLN"),
        "clip": ("biopsy marker",), "implant": ("prosthesis",), "fat_necrosis_typical": ("fat necrosis",)}),
    _own["size_mm"], _own["mass_shape"],
    Field("mass_margin", "enum", "margin of a mass", "lesion", ("circumscribed", "irregular", "spiculated"), aliases={"circumscribed": ("smooth", "well-defined"), "spiculated": ("stellate",)}),
    Field("mri_internal_enhancement", "enum", "internal enhancement of a mass", "lesion", ("homogeneous", "heterogeneous", "rim", "dark_internal_septations"),
          aliases={"rim": ("rim enhancement", "ring"), "dark_internal_septations": ("nonenhancing internal septations",)}),
    Field("nme_distribution", "enum", "distribution of non-mass enhancement", "lesion", ("focal", "linear", "segmental", "regional", "multiple_regions", "diffuse"), aliases={"linear": ("ductal",)}),
    Field("nme_internal_enhancement", "enum", "internal pattern of non-mass enhancement", "lesion", ("homogeneous", "heterogeneous", "clumped", "clustered_ring"),
          aliases={"clumped": ("cobblestone",), "clustered_ring": ("clustered rings", "clustered ring enhancement")}),
    Field("kinetics_initial", "enum", "enhancement in the first two minutes", "lesion", ("slow", "medium", "fast"), aliases={"fast": ("rapid",)}),
    Field("kinetics_delayed", "enum", "course of the curve after two minutes", "lesion", ("persistent", "plateau", "washout"),
          aliases={"persistent": ("type 1", "type I"), "plateau": ("type 2", "type II"), "washout": ("type 3", "type III")}),
    Field("t2_signal", "enum", "signal on T2-weighted images", "lesion", ("hyperintense", "isointense", "hypointense"), aliases={"hyperintense": ("bright",), "hypointense": ("dark",)}),
    Field("associated_features", "list", "every associated feature", "lesion", FEATURES, default=[],
          aliases={"skin_retraction": ("tethering",), "nipple_retraction": ("nipple inversion",), "axillary_adenopathy": ("axillary lymphadenopathy",), "edema": ("peau d'orange",)}),
    *(_own[name] for name in ("temporal_change", "stable_months", "prior_size_mm", "palpable", "biopsy_proven")),
)  # fmt: skip

# fmt: off
_SCREEN, _DIAGNOSTIC = {"exam_purpose": "screening"}, {"exam_purpose": "diagnostic"}
_USUAL = {"exam_purpose": OneOf(("screening", "screening", "diagnostic"))}
_ANY = {"exam_purpose": OneOf(("screening", "screening", "diagnostic", "diagnostic", "diagnostic", "post_treatment_surveillance"))}
_FOLLOW = {"exam_purpose": OneOf(("category_3_follow_up", "category_3_follow_up", "diagnostic", "screening")), "additional_imaging_needed": Maybe(False, 0.1)}
_STAGING = {"exam_purpose": OneOf(("known_cancer_staging", "diagnostic"))}
_SETTLED = {"additional_imaging_needed": Maybe(False, 0.15)}
_NO_PLACE = dict.fromkeys(("location_quadrant", "location_clock", "location_depth", "distance_from_nipple_cm"))
_ROUGH_PLACE = {"location_clock": Maybe(1, 0.3), "location_depth": None, "distance_from_nipple_cm": None}
_MAYBE_STABLE = {"temporal_change": Maybe("stable", 0.35), "stable_months": Maybe(OneOf((6, 12, 24, 36, 48)), 0.5)}
_FELT, _UNBIOPSIED = {"palpable": Maybe(OneOf((True, True, False)), 0.2)}, {"biopsy_proven": Maybe("none", 0.4)}
_SPECIAL = {"finding_type": "special_case"}
_CYST = {**_SPECIAL, "special_case": NONENHANCING, "size_mm": Between(4, 31), "t2_signal": Maybe("hyperintense", 0.6), **_MAYBE_STABLE}
_CLIP = {**_SPECIAL, **_ROUGH_PLACE, "special_case": "clip"}
_SKIN = {**_SPECIAL, **_ROUGH_PLACE, "special_case": "skin_lesion", "size_mm": Maybe(Between(4, 13), 0.5), "location_quadrant": OneOf(("upper_inner", "lower_inner", "lower_outer"))}
_IMPLANT = {**_SPECIAL, **_NO_PLACE, "special_case": "implant"}
_NODE = {**_SPECIAL, "special_case": FATTY[0], "size_mm": Between(4, 9), "location_quadrant": OneOf(("upper_outer", "upper_outer", "axillary_tail")), **_MAYBE_STABLE}
_FAT = {**_SPECIAL, "special_case": FATTY[1], "size_mm": Between(7, 34), "mri_internal_enhancement": Maybe("rim", 0.35), **_MAYBE_STABLE, "stable_months": Maybe(OneOf((6, 12, 24)), 0.5)}
_FOCUS = {"finding_type": "focus", "size_mm": Between(2, 4), "kinetics_delayed": "persistent", "t2_signal": "hyperintense", "temporal_change": "stable", "stable_months": Maybe(OneOf((12, 24, 36)), 0.5)}
_RISE = {"kinetics_initial": Maybe(OneOf(("slow", "medium")), 0.6)}
_FIBROADENOMA = {"finding_type": "mass", "size_mm": Between(5, 27), "mass_shape": "oval", "mass_margin": "circumscribed", "mri_internal_enhancement": "homogeneous", **_RISE, "kinetics_delayed": "persistent",
                 "t2_signal": "hyperintense", "palpable": Maybe(False, 0.2)}
_FOLLOWED = {**_FIBROADENOMA, "temporal_change": "stable", "stable_months": OneOf((6, 12)), "prior_size_mm": Maybe(1, 0.35), **_UNBIOPSIED}
_RELEASED = {**_FOLLOWED, "stable_months": OneOf((24, 24, 24, 30, 36, 48, 60))}
_SEPTATE = {"mri_internal_enhancement": "dark_internal_septations", "kinetics_delayed": Maybe("persistent", 0.6)}
_SMALLER = {"temporal_change": "decreasing", "stable_months": None, "prior_size_mm": Maybe(1, 0.7)}
_BIOPSIED = {**_FIBROADENOMA, "mri_internal_enhancement": OneOf(("homogeneous", "dark_internal_septations", "heterogeneous")), "kinetics_delayed": OneOf((None, "persistent", "plateau")),
             "t2_signal": Maybe(OneOf(("hyperintense", "isointense")), 0.7), "temporal_change": Maybe(OneOf(("stable", "stable", "decreasing")), 0.6), "biopsy_proven": "benign_concordant"}
_RAPID, _DARK = {"kinetics_initial": Maybe(OneOf(("medium", "fast", "fast")), 0.6)}, {"t2_signal": Maybe(OneOf(("isointense", "isointense", "hypointense")), 0.5)}
_ONSET = {"temporal_change": Maybe(OneOf(("baseline", "new", "new", "enlarging")), 0.6), "prior_size_mm": Maybe(1, 0.7), **_FELT, **_UNBIOPSIED}
_IRREGULAR = {"finding_type": "mass", "size_mm": Between(5, 33), "mass_shape": "irregular", "mass_margin": "irregular", "mri_internal_enhancement": "heterogeneous", **_RAPID, "kinetics_delayed": "plateau", **_DARK, **_ONSET}
_CLUMPED = {"finding_type": "nme", "size_mm": Between(9, 68), "nme_distribution": OneOf(("linear", "segmental")), "nme_internal_enhancement": "clumped", **_RISE, "kinetics_delayed": Maybe("persistent", 0.45),
            "temporal_change": Maybe(OneOf(("baseline", "new", "enlarging")), 0.5), "prior_size_mm": Maybe(1, 0.6), **_UNBIOPSIED}
_RINGS = {**_CLUMPED, "size_mm": Between(7, 24), "nme_distribution": "focal", "nme_internal_enhancement": "clustered_ring"}
_NEW_OVAL = {"finding_type": "mass", "size_mm": Between(5, 17), "mass_shape": "oval", "mass_margin": "irregular", "mri_internal_enhancement": Maybe("homogeneous", 0.5), **_RAPID, "kinetics_delayed": "washout", **_DARK,
             "temporal_change": "new", **_UNBIOPSIED}
_STELLATE = {**_IRREGULAR, "size_mm": Between(7, 46), "mass_margin": "spiculated", "mri_internal_enhancement": OneOf(("rim", "heterogeneous")), "kinetics_delayed": "washout"}
_ADVANCED = {"size_mm": Between(19, 74), "associated_features": OneOf((*([feature] for feature in INVASION), ["axillary_adenopathy"], ["axillary_adenopathy", "skin_invasion"], ["axillary_adenopathy", "nipple_invasion"],
             ["pectoralis_invasion", "chest_wall_invasion"], ["axillary_adenopathy", "pectoralis_invasion"]))}
_PROVEN = {"biopsy_proven": "malignant", "temporal_change": None, "prior_size_mm": None}
_CANCER = {**_STELLATE, **_PROVEN, "size_mm": Between(8, 58), "mass_shape": OneOf(("irregular", "irregular", "oval", "round")), "mass_margin": OneOf(("irregular", "spiculated")),
           "kinetics_delayed": Maybe(OneOf(("washout", "plateau")), 0.8), "mri_internal_enhancement": Maybe(OneOf(("rim", "heterogeneous")), 0.85),
           "associated_features": Maybe(OneOf((["nipple_retraction"], ["skin_thickening"], ["axillary_adenopathy"], ["skin_retraction"], ["axillary_adenopathy", "edema"])), 0.3)}
_LOCAL = {**_CANCER, "size_mm": Between(5, 26), "associated_features": None, **_PROVEN}
_CANCER_NME = {**_CLUMPED, **_PROVEN, "size_mm": Between(14, 84), "nme_distribution": OneOf(("segmental", "linear", "regional")), "nme_internal_enhancement": OneOf(("clumped", "heterogeneous", "clustered_ring")),
               "kinetics_delayed": Maybe(OneOf(("persistent", "plateau", "washout")), 0.6)}
_TREATED = {"size_mm": Between(5, 32), "temporal_change": "decreasing", "prior_size_mm": Maybe(1, 0.85), "kinetics_initial": Maybe(OneOf(("slow", "medium")), 0.4),
            "kinetics_delayed": Maybe(OneOf(("persistent", "plateau")), 0.6), "associated_features": None}
_AS_STELLATE = {"mass_shape": "irregular", "mass_margin": "spiculated", "mri_internal_enhancement": OneOf(("rim", "heterogeneous")), "kinetics_delayed": "washout", "associated_features": None}
# What could be a lymph node or fat necrosis, and is neither until a mammogram or ultrasound shows it.
_NODE_LIKE = {"finding_type": "mass", "size_mm": Between(5, 9), "mass_shape": "oval", "mass_margin": "circumscribed", "mri_internal_enhancement": "homogeneous", "kinetics_initial": Maybe("fast", 0.5),
              "kinetics_delayed": "washout", "t2_signal": "hyperintense", "location_quadrant": OneOf(("upper_outer", "upper_outer", "axillary_tail")), "biopsy_proven": Maybe("none", 0.2)}
_FAT_LIKE = {"exam_purpose": "post_treatment_surveillance", "size_mm": Between(7, 24), "mass_shape": OneOf(("oval", "round")), "mri_internal_enhancement": "rim", "kinetics_initial": None, "kinetics_delayed": Maybe("persistent", 0.5),
             "t2_signal": None, "location_quadrant": OneOf(birads.QUADRANTS[:4])}
_UNKNOWN_COURSE = {"finding_type": "mass", "size_mm": Between(5, 22), "mass_shape": OneOf(("oval", "oval", "round")), "mass_margin": "circumscribed", "mri_internal_enhancement": "homogeneous", "kinetics_initial": Maybe("medium", 0.4),
                   "kinetics_delayed": Maybe(OneOf(("persistent", "plateau")), 0.7), "t2_signal": "isointense", "palpable": Maybe(False, 0.2)}
_SMALL, _BENIGN = (_CYST, _CLIP, _SKIN, _NODE), (_CYST, _CYST, _CLIP, _NODE, _FOCUS, _SKIN)
_BESIDE = (_CYST, _CYST, _NODE, _CLIP, _FOCUS, _FOLLOWED)

SCENARIOS = (
    Scenario("negative_screening", {**_SCREEN, **_SETTLED, "prior_comparison_needed": Maybe(False, 0.1)}),
    Scenario("negative_problem_solving", {**_DIAGNOSTIC, **_SETTLED}),
    Scenario("nonenhancing_findings", {**_ANY, **_SETTLED}, (_CYST,), (*_BENIGN, _FOCUS), variants=({}, {"size_mm": Between(4, 9)}), companion_chance=0.5),
    Scenario("typical_benign_finding", {**_ANY, **_SETTLED}, (_NODE,), (_CYST, _CLIP, _SKIN), variants=({}, *({"size_mm": None, "temporal_change": None, "stable_months": None, **case} for case in (_CLIP, _SKIN, _IMPLANT)))),
    Scenario("released_mass", _FOLLOW, (_RELEASED,), (_CYST, _NODE, _FOCUS, _CLIP), variants=({}, {}, {**_SEPTATE, "biopsy_proven": None}, _BIOPSIED | {"stable_months": None, "prior_size_mm": None})),
    Scenario("followed_mass", _FOLLOW, (_FOLLOWED,), (_CYST, _NODE, _FOCUS, _CLIP, _SKIN)),
    Scenario("followed_mass_after_cancer", {"exam_purpose": "post_treatment_surveillance", **_SETTLED}, ({**_FOLLOWED, "laterality": "right"}, {**_FAT, "laterality": "left"}), (_CYST, _NODE), variants=({}, {"size_mm": Between(5, 11)})),
    Scenario("irregular_mass", _ANY, (_IRREGULAR,), _BESIDE),
    Scenario("clumped_enhancement", _ANY, (_CLUMPED,), _BESIDE),
    Scenario("clustered_rings", _ANY, (_RINGS,), _BESIDE),
    Scenario("spiculated_mass", _ANY, (_STELLATE,), (*_BESIDE, _IRREGULAR)),
    Scenario("invasive_mass", _DIAGNOSTIC, ({**_STELLATE, **_ADVANCED},), (_CYST, _NODE, _CLIP, _IRREGULAR)),
    Scenario("known_cancer", _STAGING, (_CANCER,), (_CYST, _CYST, _NODE, _CLIP, _FOCUS), variants=({}, _AS_STELLATE, {**_AS_STELLATE, "mass_margin": "irregular", "mri_internal_enhancement": "heterogeneous", "kinetics_delayed": "plateau"})),
    Scenario("neoadjuvant_response", {"exam_purpose": "neoadjuvant_response"}, ({**_CANCER, **_TREATED},), (_CYST, _NODE, _FOCUS)),
    Scenario("second_lesion", {"exam_purpose": "known_cancer_staging"}, ({**_CLUMPED, "temporal_change": None}, _CANCER), (_CYST, _NODE),
             variants=({}, {**_IRREGULAR, "temporal_change": None, "nme_distribution": None, "nme_internal_enhancement": None, "size_mm": Between(5, 14)},
                       {**_STELLATE, "temporal_change": None, "nme_distribution": None, "nme_internal_enhancement": None})),
    Scenario("nondiagnostic_images", {**_USUAL, "technically_adequate": False, "mri_bpe": None}, companions=(_CLIP, _IMPLANT, _SKIN), companion_chance=0.3),
    Scenario("correlation_needed", {**_USUAL, "additional_imaging_needed": True}, (_NODE_LIKE,), (_CYST, _CLIP, _SKIN), variants=({}, _FAT_LIKE, {**_CYST, "t2_signal": "hyperintense", **dict.fromkeys(
             ("mass_shape", "mass_margin", "mri_internal_enhancement", "kinetics_initial", "kinetics_delayed", "biopsy_proven", "temporal_change", "stable_months"))})),
    Scenario("negative_first_exam", {**_SCREEN, "comparison_available": Maybe(False, 0.9)}, unseen=True),
    Scenario("fat_necrosis", {"exam_purpose": OneOf(("post_treatment_surveillance", "post_treatment_surveillance", "diagnostic"))}, (_FAT,), (_CYST, _CLIP, _SKIN), variants=({}, {**_FIBROADENOMA, **_SMALLER, "special_case": None}), unseen=True),
    Scenario("followed_and_biopsied", _FOLLOW, ({**_FOLLOWED, "laterality": "left"}, _BIOPSIED), (_CYST, _NODE), variants=({}, {"size_mm": Between(5, 12)}), unseen=True),
    Scenario("new_oval_mass", {"exam_purpose": OneOf(("screening", "screening", "post_treatment_surveillance", "diagnostic"))}, (_NEW_OVAL,), _BESIDE, unseen=True),
    Scenario("multifocal_masses", _DIAGNOSTIC, ({**_STELLATE, "laterality": "right"}, {**_RINGS, "laterality": "right", "size_mm": Between(7, 15)}), (_CYST, _FOLLOWED, {**_STELLATE, "size_mm": Between(6, 12)}), variants=({}, _ADVANCED), unseen=True),
    Scenario("proven_nonmass_cancer", _STAGING, (_CANCER_NME,), (_CYST, _NODE, _CLIP, _LOCAL), unseen=True),
    Scenario("priors_awaited", {**_USUAL, "prior_comparison_needed": True}, (_UNKNOWN_COURSE,), (_CYST, _CLIP, _NODE), unseen=True),
)
_UNDECIDED = {"biopsy_proven": (None, "none"), "prior_size_mm": None}
_ELSEWHERE = ("upper_outer", "upper_inner", "lower_outer", "lower_inner")
EDITS = (
    Edit("technically_adequate", (True, False), where={"lesions": ([],), "additional_imaging_needed": None}),
    Edit("additional_imaging_needed", (True, False)),
    Edit("prior_comparison_needed", (True, False), where={"lesions": ([],), "comparison_available": None}),
    Edit("stable_months", (6, 12, 24, 36), where={"finding_type": "mass", "mri_internal_enhancement": "homogeneous"}),
    Edit("stable_months", (24, 30, 36, 48), where={"finding_type": "mass", "mri_internal_enhancement": "dark_internal_septations"}),
    Edit("biopsy_proven", ("none", "malignant"), where={"exam_purpose": "diagnostic", "mass_shape": ("irregular", None), "special_case": None}),
    Edit("biopsy_proven", ("none", "malignant"), where={"exam_purpose": "known_cancer_staging", "biopsy_proven": "none"}),
    Edit("biopsy_proven", ("benign_concordant", "malignant"), where={"mass_margin": "circumscribed", "temporal_change": None, "exam_purpose": "diagnostic"}),
    Edit("mri_fgt", ("b", "c", "d")),
    Edit("mri_bpe", ("minimal", "mild", "moderate")),
    Edit("mri_internal_enhancement", ("rim", "heterogeneous"), where={"mass_margin": "spiculated"}),
    Edit("nme_distribution", ("linear", "segmental"), where={"nme_internal_enhancement": "clumped"}),
    Edit("kinetics_initial", ("slow", "medium")),
    Edit("kinetics_initial", ("medium", "fast"), where={"kinetics_delayed": ("plateau", "washout")}),
    Edit("t2_signal", ("isointense", "hypointense"), where={"mass_shape": "irregular"}),
    Edit("temporal_change", ("new", "enlarging"), where={"mass_shape": ("irregular", None), "prior_size_mm": None}),
    Edit("associated_features", (["axillary_adenopathy"], ["skin_invasion"]), where={"location_quadrant": _ELSEWHERE, "location_depth": (None, "anterior")}),
    Edit("size_mm", steps=(1, 2, 4), where={"finding_type": ("mass", "nme"), "prior_size_mm": None, "size_mm": Between(9, 44)}),
)
DOCUMENT = Document(
    key=KEY, system="birads", system_names=birads.SYSTEM_NAMES, title="ACR BI-RADS, breast MRI", edition="5th edition, 2013", source=birads.SOURCE, modalities=("mri",), categories=CATEGORIES, fields=FIELDS,
    scenarios=SCENARIOS, rule=rule, complete=complete, edits=EDITS, sexes=("female",), ages=(30, 78),
    exam_plan={"comparison_available": Maybe(OneOf((True, True, False)), 0.7), "technically_adequate": Maybe(True, 0.2), "mri_fgt": Maybe(OneOf(("a", "b", "b", "c", "c", "d")), 0.85),
               "mri_bpe": Maybe(OneOf(("minimal", "minimal", "mild", "mild", "moderate", "marked")), 0.85), "mri_bpe_symmetry": Maybe(OneOf(("symmetric", "symmetric", "symmetric", "asymmetric")), 0.35)},
    lesion_plan={"laterality": OneOf(birads.SIDES), "location_quadrant": OneOf(("upper_outer", *_ELSEWHERE, *_ELSEWHERE, "central", "retroareolar")), "location_clock": Maybe(1, 0.35),
                 "location_depth": Maybe(OneOf(birads.DEPTHS), 0.6), "distance_from_nipple_cm": Maybe(Between(2, 9), 0.5)},
)
