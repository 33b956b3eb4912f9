"""ACR TI-RADS (2017): risk of thyroid nodules on ultrasound.

Issued by the American College of Radiology. Five features of a nodule earn points; the sum gives
the level, the size decides what is done. Points of the 2017 white paper:

========================  ============================================================
composition               cystic 0, spongiform 0, mixed 1, solid 2, undetermined 2
echogenicity              anechoic 0, hyper-, isoechoic, undetermined 1, hypoechoic 2,
                          very hypoechoic 3
shape                     wider than tall 0, taller than wide 3
margin                    smooth, ill-defined, undetermined 0, lobulated or irregular 2,
                          extrathyroidal extension 3
echogenic foci (added)    none, large comet-tail 0, macrocalcification 1, peripheral 2,
                          punctate 3
========================  ============================================================

0 points TR1, 2 TR2, 3 TR3, 4 to 6 TR4, 7 or more TR5; one point has no level. A spongiform nodule
is TR1 whatever else is seen. ``NC`` is this corpus's label for an exam whose features cannot be
assessed; the guideline has no such level.

Source: Tessler FN et al. J Am Coll Radiol 2017;14:587-595; user's guide Radiology 2018;287:29-36;
risks: Middleton WD et al. AJR 2017;208:1331-1341.

>>> from multirads_hf.rads import get
>>> solid = {"composition": "solid", "echogenicity": "hypoechoic", "size_mm": 16}
>>> get("tirads").categorise({"lesions": [solid]})
'TR4'
>>> get("tirads").categorise({"lesions": [solid | {"echogenic_foci": ["punctate_echogenic_foci"]}]})
'TR5'
>>> get("tirads").categorise({"lesions": [{"composition": "woody"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: tirads: lesions[0].composition: got 'woody'. Allowed: cystic, spongiform, mixed, solid, undetermined_calcification.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

# White paper 2017, chart "ACR TI-RADS": points of each feature value.
COMPOSITION = {"cystic": 0, "spongiform": 0, "mixed": 1, "solid": 2, "undetermined_calcification": 2}
ECHOGENICITY = {
    "anechoic": 0, "hyperechoic": 1, "isoechoic": 1, "hypoechoic": 2, "very_hypoechoic": 3, "undetermined": 1,
}  # fmt: skip
SHAPE = {"wider_than_tall": 0, "taller_than_wide": 3}
MARGIN = {
    "smooth": 0, "ill_defined": 0, "lobulated_or_irregular": 2, "extrathyroidal_extension": 3, "undetermined": 0,
}  # fmt: skip
FOCI = {
    "none": 0, "large_comet_tail": 0, "macrocalcification": 1, "peripheral_calcification": 2,
    "punctate_echogenic_foci": 3,
}  # fmt: skip
# Same chart: lowest number of points of each level, and the sizes (mm) for FNA and for follow-up.
LEVELS = ((7, "TR5"), (4, "TR4"), (3, "TR3"), (2, "TR2"), (0, "TR1"))
SIZES_MM = {"TR3": (25, 15), "TR4": (15, 10), "TR5": (10, 5)}
FOLLOW_UP = {"TR3": "at 1, 3 and 5 years", "TR4": "at 1, 2, 3 and 5 years", "TR5": "every year for up to 5 years"}
NOT_ASSESSED = "Repeat or alternative imaging, or clinical decision."
NO_ACTION = "No FNA and no follow-up needed."


def points(nodule: Study) -> tuple[int, tuple[str, ...]]:
    """Return the points of one nodule and how they came about.

    Raises:
        StudyError: composition or echogenicity is missing where the sum needs it.
    """
    composition = nodule.get("composition")
    if composition is None:
        raise StudyError("tirads: lesions[].composition is missing. The points cannot be added up without it.")
    if composition == "spongiform":
        return 0, ("composition spongiform: 0 points, nothing is added",)
    echogenicity = nodule.get("echogenicity") or ("anechoic" if composition == "cystic" else None)
    if echogenicity is None:
        raise StudyError("tirads: lesions[].echogenicity is missing. The points cannot be added up without it.")
    earned = [("composition", composition, COMPOSITION[composition]),
              ("echogenicity", echogenicity, ECHOGENICITY[echogenicity])]  # fmt: skip
    shape, margin = nodule.get("shape") or "wider_than_tall", nodule.get("margin") or "smooth"
    earned += [("shape", shape, SHAPE[shape]), ("margin", margin, MARGIN[margin])]
    earned += [("echogenic foci", f, FOCI[f]) for f in dict.fromkeys(nodule.get("echogenic_foci") or ["none"])]
    total = sum(number for _, _, number in earned)
    named = tuple(f"{name} {value.replace('_', ' ')}: {number}" for name, value, number in earned if number)
    return total, (*named, f"sum: {total}")


def level(total: int) -> str:
    """Return the level for a number of points.

    Raises:
        StudyError: one point, to which the guideline assigns no level.
    """
    if total == 1:
        raise StudyError("tirads: 1 point. Allowed: 0, 2 or more; the guideline assigns no level to 1 point.")
    return next(code for lowest, code in LEVELS if total >= lowest)


def management(code: str, size_mm: float | None) -> str:
    """Return what the white paper advises for a level at a maximum diameter in mm."""
    if code not in SIZES_MM or size_mm is None:
        return NO_ACTION if code in ("TR1", "TR2") else BY_CODE[code].management
    fna, follow_up = SIZES_MM[code]
    if size_mm >= fna:
        return "Ultrasound-guided FNA."
    return f"Follow-up ultrasound {FOLLOW_UP[code]}." if size_mm >= follow_up else NO_ACTION


def rule(study: Study) -> Decision:
    """Apply the chart: NC, then the nodule with the most points (the largest breaks a tie)."""
    if study.get("categorizable") is False:
        return Decision("NC", ("features cannot be assessed: not categorized",), NOT_ASSESSED)
    nodules = study.get("lesions") or []
    if not nodules:
        raise StudyError("tirads: lesions is empty. A level needs at least one nodule, or categorizable false.")
    scored = [(*points(nodule), nodule.get("size_mm")) for nodule in nodules]
    total, reasons, size = max(scored, key=lambda s: (s[0], s[2] or 0))
    code = level(total)
    return Decision(code, (*reasons, f"{total} points: {code}"), management(code, size))


def complete(study: dict[str, Any], _: Draw) -> dict[str, Any]:
    """Give nodules places of their own; the isthmus has no poles."""
    taken: set[tuple[Any, Any]] = set()
    places = [(side, pole) for side in ("right", "left") for pole in ("upper", "mid", "lower")]
    for nodule in study["lesions"]:
        if nodule.get("side") == "isthmus":
            nodule.pop("pole", None)
        place = (nodule.get("side"), nodule.get("pole"))
        if place in taken:
            place = next(p for p in places if p not in taken)
            nodule["side"], nodule["pole"] = place
        taken.add(place)
    return study


CATEGORIES = (
    Category("NC", "cannot be categorised", NOT_ASSESSED, 3, "", ("not categorised", "not categorized", "TI-RADS not assigned")),
    Category("TR1", "benign", NO_ACTION, 0, "0.3%", ("TI-RADS 1", "TIRADS 1")),
    Category("TR2", "not suspicious", NO_ACTION, 1, "1.5%", ("TI-RADS 2", "TIRADS 2")),
    Category("TR3", "mildly suspicious", "FNA from 2.5 cm, follow-up from 1.5 cm.", 2, "4.8%", ("TI-RADS 3", "TIRADS 3")),
    Category("TR4", "moderately suspicious", "FNA from 1.5 cm, follow-up from 1.0 cm.", 4, "9.1%", ("TI-RADS 4", "TIRADS 4")),
    Category("TR5", "highly suspicious", "FNA from 1.0 cm, follow-up from 0.5 cm.", 5, "35%", ("TI-RADS 5", "TIRADS 5")),
)  # fmt: skip
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("categorizable", "bool", "whether the features of the nodules could be assessed", default=True),
    Field("nc_reason", "enum", "why the features could not be assessed",
          values=("features_not_assessable", "retrosternal_or_deep", "incomplete_exam", "excluded_population", "treated_nodule")),
    Field("suspicious_nodes", "bool", "whether a suspicious cervical lymph node is seen", default=False),
    Field("side", "enum", "lobe or isthmus in which the nodule lies", "lesion", ("right", "left", "isthmus"),
          aliases={"right": ("R", "RT", "right lobe"), "left": ("L", "LT", "left lobe")}),
    Field("pole", "enum", "third of the lobe in which the nodule lies", "lesion", ("upper", "mid", "lower"),
          aliases={"upper": ("superior", "upper pole"), "mid": ("interpolar", "middle", "mid pole"), "lower": ("inferior", "lower pole")}),
    Field("size_mm", "float", "maximum diameter", "lesion", unit="mm", low=1, high=150),
    Field("composition", "enum", "what the nodule is made of", "lesion", tuple(COMPOSITION),
          aliases={"cystic": ("cyst", "almost completely cystic"), "mixed": ("mixed cystic and solid", "partly cystic", "solid-cystic", "complex"),
                   "solid": ("almost completely solid",), "spongiform": ("honeycomb",), "undetermined_calcification": ("cannot be determined because of calcification",)}),
    Field("echogenicity", "enum", "brightness of the solid part against the thyroid", "lesion", tuple(ECHOGENICITY),
          aliases={"very_hypoechoic": ("markedly hypoechoic",)}),
    Field("shape", "enum", "shape on the transverse image", "lesion", tuple(SHAPE), default="wider_than_tall",
          aliases={"taller_than_wide": ("TTW", "non-parallel"), "wider_than_tall": ("WTT", "parallel")}),
    Field("margin", "enum", "edge of the nodule", "lesion", tuple(MARGIN), default="smooth",
          aliases={"smooth": ("well-circumscribed", "well-defined"), "ill_defined": ("indistinct",),
                   "lobulated_or_irregular": ("irregular", "lobulated", "spiculated", "microlobulated"), "extrathyroidal_extension": ("ETE",)}),
    Field("echogenic_foci", "list", "every type of echogenic focus in the nodule", "lesion", tuple(FOCI), default=["none"],
          aliases={"punctate_echogenic_foci": ("PEF", "microcalcification", "microcalcifications"), "peripheral_calcification": ("rim calcification", "eggshell calcification"),
                   "macrocalcification": ("macrocalcifications", "coarse calcification"), "large_comet_tail": ("comet-tail", "large comet-tail artefact"), "none": ("no calcification", "no echogenic foci")}),
    Field("growth", "bool", "whether the nodule has grown (20% and 2 mm in two dimensions, or 50% in volume)", "lesion"),
    Field("points", "int", "sum of the points", "lesion", high=17, derived=True),
    Field("recommendation", "enum", "what is advised for the nodule", "lesion", ("fna", "follow_up_us", "none", "repeat_or_other_imaging"), derived=True),
)  # fmt: skip

_NONE = ["none"]
_CYST = {
    "composition": "cystic", "echogenicity": Maybe("anechoic", 0.8), "margin": Maybe("smooth", 0.6),
    "echogenic_foci": Maybe(_NONE, 0.4), "size_mm": Between(5, 34), "growth": None,
}  # fmt: skip
_SPONGE = {
    "composition": "spongiform", "echogenicity": Maybe(OneOf(("isoechoic", "hyperechoic")), 0.4),
    "margin": Maybe("smooth", 0.6), "echogenic_foci": Maybe(_NONE, 0.4), "size_mm": Between(7, 45), "growth": None,
}  # fmt: skip
_MIXED = {"composition": "mixed", "echogenicity": OneOf(("isoechoic", "hyperechoic")), "size_mm": Between(8, 42)}
_SOLID_ISO = {"composition": "solid", "echogenicity": OneOf(("isoechoic", "hyperechoic"))}
_SOLID_HYPO = {"composition": "solid", "echogenicity": "hypoechoic"}
_HIDDEN = {
    "composition": None, "echogenicity": None, "shape": None, "margin": None, "echogenic_foci": None, "growth": None,
    "size_mm": Between(8, 40),
}  # fmt: skip
_BLAND = (_CYST, _SPONGE)
_BENIGN = (_CYST, _SPONGE, _MIXED)
_PUNCTATE, _MACRO, _RIM = ["punctate_echogenic_foci"], ["macrocalcification"], ["peripheral_calcification"]
_IRREGULAR = {"margin": "lobulated_or_irregular"}
_NO_NODE = {"suspicious_nodes": None}

SCENARIOS = (
    Scenario("simple_cyst", lesions=(_CYST,), companions=_BLAND),
    Scenario("spongiform_nodule", lesions=(_SPONGE,), companions=_BLAND),
    Scenario("colloid_cyst", lesions=({**_CYST, "echogenic_foci": ["large_comet_tail"]},), companions=_BLAND, unseen=True),
    Scenario("mixed_isoechoic", lesions=(_MIXED,), companions=_BLAND),
    Scenario("mixed_with_colloid", lesions=({**_MIXED, "echogenic_foci": ["large_comet_tail"]},), companions=_BLAND, unseen=True),
    Scenario("solid_isoechoic", lesions=(_SOLID_ISO,), companions=_BENIGN),
    Scenario("mixed_hypoechoic", lesions=({**_MIXED, "echogenicity": "hypoechoic"},), companions=_BENIGN),
    Scenario("mixed_macrocalcified", lesions=({**_MIXED, "echogenic_foci": _MACRO},), companions=_BENIGN, unseen=True),
    Scenario("solid_hypoechoic", lesions=(_SOLID_HYPO,), companions=_BENIGN,
             variants=({}, _IRREGULAR, {"echogenic_foci": _MACRO}, {"echogenic_foci": _RIM}, {"echogenicity": "very_hypoechoic"})),
    Scenario("solid_isoechoic_calcified", lesions=({**_SOLID_ISO, "echogenic_foci": _MACRO},), companions=_BENIGN),
    Scenario("densely_calcified", lesions=({"composition": "undetermined_calcification", "echogenicity": "undetermined",
             "margin": Maybe("undetermined", 0.7), "echogenic_foci": OneOf((_MACRO, _RIM))},), companions=_BENIGN),
    Scenario("solid_isoechoic_punctate", lesions=({**_SOLID_ISO, "echogenic_foci": _PUNCTATE},), companions=_BENIGN),
    Scenario("mixed_rim_calcified", lesions=({**_MIXED, "echogenic_foci": _RIM},), companions=_BENIGN, unseen=True),
    Scenario("solid_hypoechoic_punctate", exam={"suspicious_nodes": Maybe(OneOf((True, False)), 0.7)},
             lesions=({**_SOLID_HYPO, "echogenic_foci": OneOf((_PUNCTATE, [*_MACRO, *_PUNCTATE]))},), companions=_BENIGN),
    Scenario("taller_than_wide", lesions=({**_SOLID_HYPO, "shape": "taller_than_wide", "margin": Maybe(OneOf(("smooth", "lobulated_or_irregular", "ill_defined")), 0.9)},),
             companions=_BENIGN),
    Scenario("additive_foci", lesions=({**_SOLID_ISO, "echogenic_foci": [*_MACRO, *_PUNCTATE]},), companions=_BENIGN),
    Scenario("very_hypoechoic_irregular", lesions=({"composition": "solid", "echogenicity": "very_hypoechoic", **_IRREGULAR},), companions=_BENIGN),
    Scenario("extrathyroidal_extension", lesions=({**_SOLID_HYPO, "margin": "extrathyroidal_extension", "size_mm": Between(9, 44)},), companions=_BENIGN, unseen=True),
    Scenario("retrosternal_extent", exam={"categorizable": False, "nc_reason": "retrosternal_or_deep", **_NO_NODE}, lesions=({**_HIDDEN, "size_mm": None, "pole": "lower", "side": OneOf(("right", "left"))},)),
    Scenario("aborted_exam", exam={"categorizable": False, "nc_reason": OneOf(("incomplete_exam", "features_not_assessable")), **_NO_NODE}, lesions=(_HIDDEN,)),
    Scenario("ablated_nodule", exam={"categorizable": False, "nc_reason": "treated_nodule"}, lesions=(_HIDDEN,), unseen=True),
)  # fmt: skip

_SOLID = {"composition": ("solid", "mixed")}
EDITS = (
    Edit("size_mm", steps=(1, 2), where={"size_mm": Between(7, 60), "growth": None}),
    Edit("echogenicity", ("isoechoic", "hyperechoic", "hypoechoic", "very_hypoechoic"), where=_SOLID),
    Edit(
        "composition",
        ("solid", "mixed"),
        where={
            "echogenicity": ("isoechoic", "hyperechoic", "hypoechoic"),
            "echogenic_foci": (None, _NONE, _MACRO, _RIM),
        },
    ),
    Edit("shape", ("wider_than_tall", "taller_than_wide"), where=_SOLID),
    Edit("margin", ("smooth", "ill_defined", "lobulated_or_irregular"), where=_SOLID),
    # Bright dots of a partly cystic nodule may be colloid, so that punctate foci belong to solid nodules alone.
    Edit("echogenic_foci", (_NONE, _MACRO, _PUNCTATE), where={"composition": "solid"}),
    Edit("echogenic_foci", (_NONE, _MACRO), where={"composition": "mixed"}),
    Edit("side", ("right", "left")),
    Edit("suspicious_nodes", (False, True)),
)

DOCUMENT = Document(
    key="tirads",
    system="tirads",
    system_names=("ACR TI-RADS", "TI-RADS", "TIRADS"),
    title="ACR TI-RADS, thyroid nodules on ultrasound",
    edition="2017",
    source="Tessler FN et al. J Am Coll Radiol 2017;14:587-595",
    modalities=("ultrasound",),
    categories=CATEGORIES,
    fields=FIELDS,
    scenarios=SCENARIOS,
    rule=rule,
    complete=complete,
    exam_plan={"suspicious_nodes": Maybe(False, 0.6)},
    lesion_plan={
        "side": OneOf(("right", "right", "right", "left", "left", "left", "isthmus")),
        "pole": OneOf(("upper", "mid", "lower")),
        "size_mm": Between(6, 38),
        "shape": Maybe("wider_than_tall", 0.75),
        "margin": Maybe(OneOf(("smooth", "smooth", "ill_defined")), 0.8),
        "echogenic_foci": Maybe(_NONE, 0.75),
        "growth": Maybe(OneOf((False, False, True)), 0.12),
    },
    ages=(22, 86),
    edits=EDITS,
)
