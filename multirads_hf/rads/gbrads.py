"""GB-RADS (2022): risk of malignancy of non-acute gallbladder wall thickening on ultrasound.

Issued by an international group of experts. Whether the wall can be assessed, how thick it is, and
three findings of each thickened region give the category; the worst region gives that of the exam:

===========================  ==========  ==================  ===============================  ========
wall                         layering    liver interface     further                          category
===========================  ==========  ==================  ===============================  ========
cannot be assessed           any         any                 contracted; not wholly visible;  0
                                                             wall-echo-shadow, porcelain,
                                                             gas in the lumen
at most 3 mm                 any         any                                                  1
over 3 mm, circumferential   present     distinct            symmetric                        2
over 3 mm, focal             present     distinct            intramural cysts or foci         2
over 3 mm, focal             present     distinct            none of these                    3
over 3 mm                    absent      distinct                                             3
over 3 mm                    absent      lost                                                 4
over 3 mm                    absent      lost                bile duct, vessel or liver       5
                                                             invaded
===========================  ==========  ==================  ===============================  ========

Stones, fluid, Doppler flow, symmetry of a wall without layers and millimeters above 3 do not grade.
The text of the guideline calls a wall under 3 mm normal, its table one of up to 3 mm: the table counts.
An acute or extracholecystic cause of thickening is outside the system: such a study is refused. So is
what the table does not mention: invasion or a lost interface with layers kept, invasion beyond a
distinct interface, and asymmetric circumferential thickening with layers. Readings of this module: a
region of category 4 or 5 stands although part of the wall is hidden; circumferential thickening whose
symmetry is not mentioned is symmetric; the thickness of a wall with a described region may be
missing, and then is over 3 mm. Thickness is that of the whole wall at its thickest point, not
one for each region.

Source: Gupta P et al. Abdom Radiol 2022;47:554-565, tables 1 to 3 and figures 1, 2 and 6.

>>> from multirads_hf.rads import get
>>> fundus = {"extent": "focal", "location": "fundus", "layering": "present", "liver_interface": "distinct"}
>>> get("gbrads").categorise({"wall_thickness_mm": 7.0, "lesions": [fundus]})
'3'
>>> get("gbrads").categorise({"wall_thickness_mm": 7.0, "lesions": [fundus | {"intramural_findings": ["cysts"]}]})
'2'
>>> get("gbrads").categorise({"wall_thickness_mm": 7.0, "lesions": [fundus | {"liver_interface": "lost"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: gbrads: lesions[0].liver_interface: got 'lost', layering present. Allowed with layering present: distinct.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Some, Study

# Table 1: the thickest wall, in mm, that is normal.
NORMAL_MM = 3.0
# Table 1, category 0: what always hides the wall. Obesity, bowel gas and scars count only when part of it is not seen.
HIDING = ("wall_echo_shadow", "porcelain", "intraluminal_gas")
# From the least to the most worrying; the worst region of several decides.
CONCERN = ("1", "2", "3", "4", "5")
CAUSES = (
    "none",
    "acute_cholecystitis",
    "hepatitis",
    "chronic_liver_disease",
    "heart_failure",
    "renal_failure",
    "hypoalbuminaemia",
)


def named(holder: Study, field: str) -> list[str]:
    """Return the members of a list field other than ``none``."""
    return [member for member in holder.get(field) or [] if member != "none"]


def obstacles(study: Study) -> list[str]:
    """Return why the wall cannot be assessed; nothing where it can."""
    found = ["contracted gallbladder"] if study.get("distension") == "contracted" else []
    found += [limit.replace("_", " ") for limit in named(study, "limitation") if limit in HIDING]
    return found + (["wall not fully visible"] if study.get("wall_fully_visible") is False else [])


def _invasive(region: Study) -> tuple[str, str]:
    """Return category and reason of a region with neither layers nor liver interface."""
    if invaded := named(region, "extramural_invasion"):
        return "5", f"layering absent, interface lost, invasion ({', '.join(invaded)}): 5".replace("_", " ")
    return "4", "layering absent, interface lost, no invasion: 4"


def _beyond(region: Study) -> bool:
    return region.get("layering") == "absent" and region.get("liver_interface") == "lost"


def _refuse_unlisted(region: Study, where: str) -> None:
    """Raise StudyError for a region that lacks an input or that the table does not mention."""
    for name in ("layering", "liver_interface"):
        if region.get(name) is None:
            raise StudyError(f"gbrads: {where}.{name} is missing. A wall over 3 mm cannot be categorized without it.")
    if region["layering"] == "present" and region["liver_interface"] == "lost":
        raise StudyError(
            f"gbrads: {where}.liver_interface: got 'lost', layering present. Allowed with layering present: distinct."
        )
    if (invaded := named(region, "extramural_invasion")) and not _beyond(region):
        raise StudyError(
            f"gbrads: {where}.extramural_invasion: got {invaded[0]!r}, interface distinct. Allowed with a distinct interface: none."
        )


def judge(region: Study, where: str = "lesions[0]") -> tuple[str, str]:
    """Return category and reason of one region of a wall over 3 mm.

    Raises:
        StudyError: an input is missing, or the table does not mention the combination.
    """
    _refuse_unlisted(region, where)
    if _beyond(region):
        return _invasive(region)
    if region["layering"] == "absent":
        return "3", "layering absent, interface distinct: 3"
    extent = region.get("extent")
    if extent is None:
        raise StudyError(
            f"gbrads: {where}.extent is missing. A layered wall over 3 mm cannot be categorized without it."
        )
    if extent == "focal":
        return (
            ("2", "focal, layered, intramural cysts or foci: 2")
            if named(region, "intramural_findings")
            else ("3", "focal, layered, no intramural findings: 3")
        )
    if region.get("symmetry") == "asymmetric":
        raise StudyError(
            f"gbrads: {where}.symmetry: got 'asymmetric', circumferential with layers. Allowed with layering present: symmetric."
        )
    return "2", "circumferential, symmetric, layered, interface distinct: 2"


def rule(study: Study) -> Decision:
    """Refuse other causes, then see whether the wall can be assessed, its thickness, and its worst region."""
    cause = study.get("acute_or_extracholecystic_cause") or "none"
    if cause != "none":
        raise StudyError(f"gbrads: acute_or_extracholecystic_cause: got {cause!r}, outside the system. Allowed: none.")
    regions, hidden, thickness = study.get("lesions") or [], obstacles(study), study.get("wall_thickness_mm")
    if hidden:
        why = f"wall not assessable ({', '.join(hidden)})"
        thick = [] if thickness is not None and thickness <= NORMAL_MM else regions
        code, reason = max((_invasive(region) for region in thick if _beyond(region)), default=("0", ""))
        return _decision(code, why, reason) if reason else _decision(code, f"{why}: 0")
    if thickness is None and not regions:
        raise StudyError(
            "gbrads: wall_thickness_mm is missing. A wall that can be assessed cannot be categorized without it."
        )
    if thickness is not None and thickness <= NORMAL_MM:
        return _decision("1", f"wall {thickness:g} mm, at most {NORMAL_MM:g} mm: 1")
    if not regions:
        raise StudyError(
            f"gbrads: lesions is empty, wall {thickness:g} mm. A wall over {NORMAL_MM:g} mm needs at least one region."
        )
    found = [judge(region, f"lesions[{place}]") for place, region in enumerate(regions)]
    thick = "thickened wall" if thickness is None else f"wall {thickness:g} mm, over {NORMAL_MM:g} mm"
    code, reason = max(found, key=lambda one: CONCERN.index(one[0]))
    worst = (f"{len(found)} regions, the worst decides",) if len(found) > 1 else ()
    return _decision(code, thick, *worst, reason)


def _decision(code: str, *reasons: str) -> Decision:
    return Decision(code, reasons, BY_CODE[code].management)


PLACES = ("fundus", "body", "neck")


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Give regions places of their own; fluid is mentioned together with a negative Murphy sign."""
    taken: list[str] = []
    for region in study["lesions"]:
        if region["location"] in taken:
            region["location"] = draw.pick([place for place in PLACES[:2] if place not in taken])
        taken.append(region["location"])
    if study.get("pericholecystic_fluid"):
        study["murphy_sign"] = "negative"
    return {field.name: study[field.name] for field in FIELDS if field.name in study} | {"lesions": study["lesions"]}


def _aliases(code: str, roman: str) -> tuple[str, ...]:
    return tuple(
        f"{name} {number}"
        for name in ("GB-RADS", "GBRADS", "GB RADS", "GB-RADS category")
        for number in (code, roman)
        if number
    )


# fmt: off
# Table 3: risk of malignancy (estimates by consensus) and what is advised.
_CT_MRI = "multiphase contrast-enhanced CT or MRI"
CATEGORIES = tuple(Category(code, meaning, management, rank, risk, _aliases(code, roman)) for code, roman, meaning, management, rank, risk in (
    ("0", "", "incomplete, wall cannot be assessed", f"Repeat ultrasound in selected cases after proper fasting; otherwise discuss {_CT_MRI}.", 2, ""),
    ("1", "I", "normal", "No further imaging or follow-up.", 0, ""),
    ("2", "II", "benign", "No further imaging or follow-up.", 1, "under 2%"),
    ("3", "III", "equivocal", f"Multidisciplinary discussion; consider {_CT_MRI}.", 3, "2-50%"),
    ("4", "IV", "likely malignant", "Multiphase contrast-enhanced CT or MRI.", 4, "50-90%"),
    ("5", "V", "highly likely malignant", "Multiphase contrast-enhanced CT or MRI.", 5, "over 90%"),
))
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("distension", "enum", "how well the gallbladder is filled", values=("adequate", "contracted", "overdistended"), default="adequate",
          aliases={"adequate": ("well distended", "normal"), "contracted": ("collapsed",), "overdistended": ("hydropic",)}),
    Field("wall_fully_visible", "bool", "whether the whole gallbladder wall is seen", default=True),
    Field("limitation", "list", "everything that limits the view of the wall", values=("inadequate_fasting", "obesity", *HIDING, "bowel_gas", "dressing_or_scar", "none"), default=["none"],
          aliases={"inadequate_fasting": ("not fasted", "non-fasting"), "obesity": ("body habitus",), "wall_echo_shadow": ("WES", "double-arc sign"), "porcelain": ("calcified wall", "porcelain gallbladder"),
                   "intraluminal_gas": ("gas in the lumen",), "dressing_or_scar": ("dressing", "scar")}),
    Field("fasting_hours", "int", "time since the last meal", unit="h", high=24),
    Field("gallstones", "enum", "stones or sludge in the gallbladder", values=("none", "single", "multiple", "sludge"), aliases={"none": ("no calculi", "absent"), "multiple": ("several", "packed")}),
    Field("wall_thickness_mm", "float", "thickness of the gallbladder wall at its thickest point", unit="mm", low=0.5, high=40, step=0.1),
    Field("acute_or_extracholecystic_cause", "enum", "acute cholecystitis or a cause outside the gallbladder that explains wall thickening", values=CAUSES, default="none"),
    Field("murphy_sign", "enum", "sonographic Murphy sign", values=("not_tested", "negative", "positive"), aliases={"negative": ("absent",), "positive": ("present",)}),
    Field("pericholecystic_fluid", "bool", "whether there is fluid around the gallbladder"),
    Field("cbd_mm", "float", "caliber of the common bile duct", unit="mm", low=1, high=30),
    Field("extent", "enum", "whether the thickening goes all around the wall", "lesion", ("circumferential", "focal"), aliases={"circumferential": ("diffuse", "whole wall"), "focal": ("localized", "segmental")}),
    Field("symmetry", "enum", "whether circumferential thickening is even all around", "lesion", ("symmetric", "asymmetric"), default="symmetric", aliases={"symmetric": ("uniform", "even"), "asymmetric": ("eccentric", "uneven")}),
    Field("location", "enum", "part of the gallbladder", "lesion", (*PLACES, "entire_wall"), aliases={"fundus": ("fundal",), "neck": ("infundibulum",), "entire_wall": ("entire wall", "fundus to neck")}),
    Field("layering", "enum", "whether the layers of the wall are still seen", "lesion", ("present", "absent"),
          aliases={"present": ("preserved", "stratified", "striated", "layered"), "absent": ("lost", "loss of stratification")}),
    Field("intramural_findings", "list", "everything seen within the wall", "lesion", ("cysts", "echogenic_foci", "comet_tail", "none"), default=["none"],
          aliases={"cysts": ("Rokitansky-Aschoff sinuses", "RAS", "cystic spaces"), "comet_tail": ("comet-tail artifacts", "ring-down"), "echogenic_foci": ("bright foci",)}),
    Field("liver_interface", "enum", "plane between this part of the gallbladder and the liver", "lesion", ("distinct", "lost"), aliases={"distinct": ("preserved", "sharp", "intact"), "lost": ("obliterated", "indistinct", "effaced")}),
    Field("extramural_invasion", "list", "every structure beyond the wall that is invaded", "lesion", ("none", "biliary", "vascular", "liver_contiguous_mass"), default=["none"],
          aliases={"biliary": ("bile duct",), "vascular": ("portal vein", "hepatic artery"), "liver_contiguous_mass": ("liver", "contiguous hepatic mass")}),
    Field("doppler_flow", "enum", "color flow in the thickened wall", "lesion", ("not_done", "absent", "present"), aliases={"present": ("vascular", "increased vascularity"), "absent": ("avascular",)}),
)

_NO, _CYSTS, _FOCI, _TAILS = ["none"], ["cysts"], ["echogenic_foci"], ["comet_tail"]
_RING = ["echogenic_foci", "comet_tail"]
_INTRAMURAL = OneOf((_CYSTS, _TAILS, _FOCI, _RING, ["cysts", "comet_tail"], ["cysts", "echogenic_foci"]))
_BILIARY, _VASCULAR, _LIVER = ["biliary"], ["vascular"], ["liver_contiguous_mass"]
# Regions. A thickened wall may have a little fluid beside it, which does not grade.
_ROUND = {"extent": "circumferential", "location": "entire_wall"}
_FOCAL = {"extent": "focal", "symmetry": None, "location": OneOf(("fundus", "fundus", "body", "body", "neck"))}
_EVEN = {**_ROUND, "symmetry": "symmetric"}
_UNEVEN = {**_ROUND, "symmetry": OneOf(("symmetric", "asymmetric", "asymmetric"))}
_LAYERED, _UNLAYERED = {"layering": "present", "liver_interface": "distinct"}, {"layering": "absent", "liver_interface": "distinct"}
_LOST = {"layering": "absent", "liver_interface": "lost", "extramural_invasion": Maybe(_NO, 0.6)}
_INVADES = {"layering": "absent", "liver_interface": "lost"}
_NOTHING_IN_WALL = {"intramural_findings": _NO}
_ADENOMYOMA = {**_FOCAL, "location": "fundus", **_LAYERED, "intramural_findings": _INTRAMURAL}
_PLAIN = {**_FOCAL, **_LAYERED, **_NOTHING_IN_WALL}
_PLAIN_BODY = {**_PLAIN, "location": "body"}
_COMPANIONS = (_ADENOMYOMA, {**_ADENOMYOMA, "location": "body"})
_FLUID = {"pericholecystic_fluid": Maybe(OneOf((False, False, False, True)), 0.5)}
_NO_LUMEN = {"gallstones": None, "distension": None}
# A lumen emptied by contraction holds stones, but no layer of sludge.
_EMPTY = {"distension": "contracted", "gallstones": Maybe(OneOf(("none", "none", "single", "multiple")), 0.75)}
_TIGHT = {"distension": OneOf(("adequate", "overdistended", "overdistended"))}


def _thick(low: float, high: float) -> dict[str, Any]:
    return {"wall_thickness_mm": Between(low, high), **_FLUID}


SCENARIOS = (
    Scenario("contracted_after_a_meal", {**_EMPTY, "fasting_hours": Maybe(Between(1, 3), 0.7), "limitation": Maybe(["inadequate_fasting"], 0.7), "wall_thickness_mm": Maybe(OneOf((Between(1.6, 3.0), Between(1.6, 5.8))), 0.75)}),
    Scenario("wall_echo_shadow", {**_NO_LUMEN, "limitation": ["wall_echo_shadow"], "gallstones": "multiple", "wall_fully_visible": Maybe(False, 0.6)}),
    Scenario("gas_in_the_lumen", {**_NO_LUMEN, "limitation": ["intraluminal_gas"], "wall_fully_visible": Maybe(False, 0.6)}),
    Scenario("wall_partly_hidden", {"wall_fully_visible": False, "limitation": Some(("obesity", "bowel_gas", "dressing_or_scar"), 1, 2), "wall_thickness_mm": Maybe(Between(1.4, 3.0), 0.65), "gallstones": Maybe(OneOf(("single", "multiple")), 0.4)}),
    Scenario("porcelain_wall", {**_NO_LUMEN, "limitation": ["porcelain"], "wall_fully_visible": Maybe(False, 0.6)}, unseen=True),
    Scenario("contracted_despite_fasting", {**_EMPTY, "fasting_hours": Between(6, 12), "limitation": Maybe(_NO, 0.2), "wall_thickness_mm": Between(2.5, 6.4)}, unseen=True),
    Scenario("thin_wall", {"wall_thickness_mm": Between(1.1, 3.0)}, variants=({}, {"gallstones": OneOf(("single", "multiple", "sludge")), "murphy_sign": "negative"}, {"wall_thickness_mm": Between(2.7, 3.0)})),
    Scenario("thin_wall_in_a_hard_scan", {"wall_thickness_mm": Between(1.4, 3.0), "wall_fully_visible": True, "limitation": Some(("obesity", "bowel_gas", "dressing_or_scar"), 1, 2)}),
    Scenario("distended_after_a_short_fast", {"distension": "adequate", "fasting_hours": Between(3, 4), "limitation": ["inadequate_fasting"], "wall_fully_visible": Maybe(True, 0.6), "wall_thickness_mm": Between(1.5, 3.0)}, unseen=True),
    Scenario("borderline_wall", {"wall_thickness_mm": Between(2.8, 3.3)}, ({**_EVEN, **_LAYERED, "doppler_flow": None, "intramural_findings": Maybe(_NO, 0.4)},)),
    Scenario("layered_wall", _thick(3.5, 8.0), ({**_EVEN, **_LAYERED},), variants=({**_NOTHING_IN_WALL, "extramural_invasion": Maybe(_NO, 0.3)}, {"wall_thickness_mm": Between(3.5, 4.2)})),
    Scenario("diffuse_adenomyomatosis", _thick(4.0, 9.5), ({**_EVEN, **_LAYERED, "intramural_findings": _INTRAMURAL},)),
    Scenario("fundal_adenomyomatosis", _thick(4.0, 14.0), (_ADENOMYOMA,), (_COMPANIONS[1],)),
    Scenario("segmental_adenomyomatosis", _thick(4.5, 12.0), ({**_ADENOMYOMA, "location": OneOf(("body", "neck"))},), (_ADENOMYOMA,), unseen=True),
    Scenario("wall_without_layers", _thick(4.0, 13.0), ({**_UNEVEN, **_UNLAYERED, "intramural_findings": Maybe(OneOf((_NO, _NO, _CYSTS, _FOCI)), 0.6), "extramural_invasion": Maybe(_NO, 0.4)},)),
    Scenario("focal_layered_wall", _thick(4.0, 9.0), (_PLAIN,), _COMPANIONS),
    Scenario("focal_wall_without_layers", _thick(4.5, 15.0), ({**_FOCAL, **_UNLAYERED, "extramural_invasion": Maybe(_NO, 0.4)},), _COMPANIONS, variants=({"intramural_findings": Maybe(_NO, 0.6)}, {"intramural_findings": _INTRAMURAL})),
    Scenario("neck_without_layers", {**_thick(5.0, 14.0), **_TIGHT}, ({**_FOCAL, "location": "neck", **_UNLAYERED, "intramural_findings": Maybe(OneOf((_NO, _FOCI, _TAILS)), 0.7)},), _COMPANIONS, unseen=True),
    Scenario("focal_interface_lost", _thick(6.0, 18.0), ({**_FOCAL, **_LOST},), (*_COMPANIONS, _PLAIN_BODY)),
    Scenario("circumferential_interface_lost", _thick(6.0, 16.0), ({**_UNEVEN, **_LOST},)),
    Scenario("neck_interface_lost", {**_thick(7.0, 18.0), **_TIGHT}, ({**_FOCAL, "location": "neck", **_LOST},), _COMPANIONS, unseen=True),
    Scenario("liver_invasion", _thick(8.0, 20.0), ({**_FOCAL, "location": OneOf(PLACES[:2]), **_INVADES, "extramural_invasion": _LIVER},), (*_COMPANIONS, _PLAIN_BODY)),
    Scenario("hilar_invasion", {**_thick(7.0, 19.0), "distension": Maybe(OneOf(("adequate", "overdistended")), 0.8)}, companions=(*_COMPANIONS, _PLAIN_BODY),
             lesions=({**_FOCAL, "location": "neck", **_INVADES, "extramural_invasion": OneOf((_BILIARY, _VASCULAR, [*_BILIARY, *_VASCULAR], [*_BILIARY, *_LIVER]))},)),
    Scenario("encased_gallbladder", _thick(9.0, 19.0), ({**_UNEVEN, **_INVADES, "extramural_invasion": OneOf((_LIVER, _VASCULAR, _BILIARY))},), unseen=True),
)

# Exchanges that leave a study that an exam could show. The rule ignores stones, Murphy sign, fluid, duct and flow.
_WALL, _OPEN = "wall_thickness_mm", {"lesions": [], "wall_thickness_mm": Between(1, NORMAL_MM)}
_VISIBLE_LIMITS = tuple([limit] for limit in ("obesity", "bowel_gas", "dressing_or_scar"))
EDITS = (
    Edit(_WALL, steps=(0.1, 0.2, 0.3), where={_WALL: Between(2.8, 3.3)}),
    Edit(_WALL, steps=(0.2, 0.3), where={_WALL: Between(1.2, 2.7)}),
    Edit(_WALL, steps=(0.5, 1, 1.5), where={_WALL: Between(5.5, 30)}),
    Edit("distension", ("adequate", "contracted"), where={**_OPEN, "gallstones": (None, "none", "single", "multiple"), "limitation": (None, _NO, ["inadequate_fasting"])}),
    Edit("wall_fully_visible", (True, False), where={**_OPEN, "limitation": _VISIBLE_LIMITS}),
    Edit("layering", ("present", "absent"), where={"liver_interface": "distinct", "symmetry": (None, "symmetric"), _WALL: Between(3.5, 40)}),
    Edit("liver_interface", ("distinct", "lost"), where={"layering": "absent", "extramural_invasion": (None, _NO)}),
    Edit("extramural_invasion", (_NO, _LIVER), where={"liver_interface": "lost", "location": ("fundus", "body", "entire_wall")}),
    Edit("extramural_invasion", (_NO, _BILIARY, _VASCULAR), where={"liver_interface": "lost", "location": "neck"}),
    Edit("intramural_findings", (_NO, _CYSTS, _TAILS, _RING), where={"extent": "focal", "liver_interface": "distinct"}),
    Edit("symmetry", ("symmetric", "asymmetric"), where={"layering": "absent"}),
    Edit("gallstones", ("none", "single", "multiple"), where={"limitation": (None, _NO, *_VISIBLE_LIMITS)}),
    Edit("murphy_sign", ("negative", "not_tested"), where={"pericholecystic_fluid": (None, False)}),
    Edit("doppler_flow", ("absent", "present")),
    Edit("cbd_mm", steps=(1,), where={"cbd_mm": Between(3, 5)}),
)

DOCUMENT = Document(
    key="gbrads", system="gbrads", system_names=("GB-RADS", "GBRADS", "GB RADS"), title="GB-RADS, gallbladder wall thickening on ultrasound", edition="2022",
    source="Gupta P et al. Abdom Radiol 2022;47:554-565", modalities=("ultrasound",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS,
    rule=rule, complete=complete, ages=(28, 86), edits=EDITS,
    exam_plan={
        "distension": Maybe("adequate", 0.8), "fasting_hours": Maybe(Between(6, 12), 0.5), "limitation": Maybe(_NO, 0.1),
        "gallstones": Maybe(OneOf(("none", "none", "single", "multiple", "sludge")), 0.75), "acute_or_extracholecystic_cause": Maybe("none", 0.2),
        "murphy_sign": Maybe(OneOf(("negative", "negative", "not_tested")), 0.5), "pericholecystic_fluid": Maybe(False, 0.4), "cbd_mm": Maybe(Between(2, 7), 0.7),
    },
    lesion_plan={"doppler_flow": Maybe(OneOf(("absent", "present", "not_done")), 0.3)},
)
