"""VI-RADS (2018): likelihood that a bladder tumor invades the muscle, on multiparametric MRI.

Published by Panebianco et al. for an international group of radiologists, urologists and pathologists.
T2W, DWI and DCE each get a category from 1 to 5 (SC, DW, CE), the same for every sequence:

====================================================================  ==========================
muscle layer on the sequence                                          category of the sequence
====================================================================  ==========================
intact, tumor under 10 mm                                             1
intact, tumor of 10 mm or more with stalk or thickened inner layer    2
not clearly disrupted, neither stalk nor inner layer seen             3
interrupted, or tumor in the muscle; outer edge kept                  4
tumor in the perivesical fat or in an organ                           5
====================================================================  ==========================

T2W is looked at first, DWI decides, and DCE where DWI cannot be read (X); T2W alone decides nothing.
Never the sum, mean or highest of the three. The exam takes the highest category of its tumors. NC, which
the guideline does not have and the corpus does: no sequence shows the muscle layer.

Readings of this module: the printed list of combinations and the dominance of DWI disagree in a few rows
(3,2,3 and 5,4,5 among them); here DWI decides in all, and no study with such a row is drawn. 10 mm counts
as large; tumors of 10 mm are not drawn, sources differ. An invaded organ is category 5 on every sequence
that can be read. DWI and DCE both missing beside a readable T2W: no category, as readers differ. A named
``nc_reason`` says that no sequence shows the wall. Exams without a tumor have no category. The guideline
advises no management: the texts are usual practice. Contact length and depth are left out: no rule uses them.

Source: Panebianco V et al. Multiparametric MRI for bladder cancer: development of VI-RADS. Eur Urol
2018;74:294-306; the same group in J Magn Reson Imaging 2022;55:23-36.

>>> from multirads_hf.rads import get
>>> bud = {"size_mm": 24, "t2_muscularis": "no_clear_disruption", "dwi_muscularis": "intact"}
>>> get("virads").categorise({"lesions": [bud]})
'2'
>>> get("virads").categorise({"lesions": [bud | {"dce_muscularis": "focal_invasion"}], "dwi_quality": "non_diagnostic"})
'4'
>>> get("virads").categorise({"lesions": [{"size_mm": 24, "t2_muscularis": "interrupted"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: virads: lesions[0].dwi_muscularis is missing. DWI decides where it can be read.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

# 2018, tables of structural (T2W), diffusion-weighted and contrast-enhanced category: the muscle layer from 3 on.
SCORES = {"no_clear_disruption": 3, "interrupted": 4, "focal_invasion": 4, "extravesical": 5}
# The same tables: an intact layer is 1 under this largest diameter in mm, 2 from it on.
LARGE_MM, SMALL_SCORE, LARGE_SCORE = 10, 1, 2
BEYOND, UNCLEAR = "extravesical", "no_clear_disruption"
UNREADABLE = ("non_diagnostic", "not_performed")
NAMES = {"t2": "T2W", "dwi": "DWI", "dce": "DCE"}
# 2018, overall score: which sequence decides, and why it is needed.
DECIDING = {"dwi": "DWI decides where it can be read.", "dce": "DCE decides where DWI cannot be read."}
NC = "NC"


def readable(study: Study, sequence: str) -> bool:
    """Return whether ``t2``, ``dwi`` or ``dce`` can be read; a sequence that is not mentioned can."""
    return study.get(f"{sequence}_quality") not in UNREADABLE


def lost(lesion: Study, study: Study, sequence: str) -> bool:
    """Return whether the category of a tumor on a sequence is X."""
    stated = lesion.get(f"{sequence}_category")
    return bool(stated == "X") or (stated is None and not readable(study, sequence))


def sequence_category(lesion: Study, study: Study, sequence: str, where: str = "") -> int | None:
    """Return SC, DW or CE of a tumor, None where it is X or nothing is said of the muscle layer.

    Raises:
        StudyError: the size is needed and missing.
    """
    if lost(lesion, study, sequence):
        return None
    stated, layer = lesion.get(f"{sequence}_category"), lesion.get(f"{sequence}_muscularis")
    if stated is not None:
        return int(stated)
    layer = BEYOND if lesion.get("adjacent_organ") else layer
    if layer is None or layer in SCORES:
        return SCORES.get(str(layer))
    if lesion.get("size_mm") is None:
        raise StudyError(f"virads: {where}size_mm is missing. Categories 1 and 2 cannot be told apart without it.")
    return SMALL_SCORE if lesion["size_mm"] < LARGE_MM else LARGE_SCORE


def judge(lesion: Study, study: Study, where: str = "") -> tuple[int, tuple[str, ...]]:
    """Return the category of one tumor, 0 where no sequence can be read, and why.

    Raises:
        StudyError: the deciding sequence is not described, or T2W is the only one.
    """
    for sequence, why in DECIDING.items():
        if lost(lesion, study, sequence):
            continue
        score = sequence_category(lesion, study, sequence, where)
        if score is None:
            raise StudyError(f"virads: {where}{sequence}_muscularis is missing. {why}")
        return score, (_reading(lesion, sequence, score), f"{'' if sequence == 'dwi' else 'DWI X, '}{NAMES[sequence]} decides: {score}")  # fmt: skip
    if lost(lesion, study, "t2"):
        return 0, ("T2W, DWI and DCE X",)
    given = shown(lesion.get("dce_category") or study.get("dce_quality"))
    raise StudyError(f"virads: {where}dce_category: got {given}. VI-RADS has no category where DWI and DCE are both X.")


def _reading(lesion: Study, sequence: str, score: int) -> str:
    layer = BEYOND if lesion.get("adjacent_organ") else lesion.get(f"{sequence}_muscularis")
    if lesion.get(f"{sequence}_category") is not None:
        return f"{NAMES[sequence]} category as stated: {score}"
    size = f", {lesion['size_mm']:g} mm" if score <= LARGE_SCORE else ""
    return f"{NAMES[sequence]} {str(layer).replace('_', ' ')}{size}: {score}"


def not_categorised(study: Study) -> str:
    """Return why an exam is NC whatever its tumors, or an empty text."""
    if reason := study.get("nc_reason"):
        return f"wall not judged ({reason.replace('_', ' ')}): {NC}"
    return "" if any(readable(study, sequence) for sequence in NAMES) else f"no sequence can be read: {NC}"


def index_tumor(study: Study) -> int:
    """Return the place of the tumor that names the exam: highest category, then the largest."""
    tumors = study.get("lesions") or []
    keys = [(judge(one, study, f"lesions[{at}].")[0], one.get("size_mm") or 0) for at, one in enumerate(tumors)]
    return keys.index(max(keys))


def rule(study: Study) -> Decision:
    """Judge every tumor by its deciding sequence; the exam takes the highest category."""
    tumors = study.get("lesions") or []
    if reason := not_categorised(study):
        return Decision(NC, (reason,), BY_CODE[NC].management)
    if not tumors:
        raise StudyError(f"virads: lesions: got {shown(study.get('lesions'))}. VI-RADS scores a tumor; none is given.")
    place = index_tumor(study)
    score, reasons = judge(tumors[place], study, f"lesions[{place}].")
    code = str(score or NC)
    if len(tumors) > 1:
        reasons = (*reasons, f"highest of {len(tumors)} tumors: {code}")
    return Decision(code, reasons, BY_CODE[code].management)


# How often reports state the categories of the sequences, then without the signs, then without shape and base.
STATED, STATED_ALONE, SHAPELESS = 0.3, 0.4, 0.5
PLACES = ("left_lateral", "right_lateral", "posterior", "anterior", "dome", "trigone", "bladder_neck")


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Leave out what a missing sequence cannot show, give tumors places of their own; some reports state SC, DW and CE."""
    taken: list[str] = []
    invaded = any(lesion.get("adjacent_organ") for lesion in study["lesions"])
    for lesion in sorted(study["lesions"], key=lambda one: not one.get("adjacent_organ")):
        for sequence in NAMES:
            if not readable(study, sequence):
                lesion.pop(f"{sequence}_muscularis", None)
        if invaded and not lesion.get("adjacent_organ"):  # "organs are free" beside an invaded one
            lesion.pop("adjacent_organ", None)
        if UNCLEAR in lesion.values():
            lesion.setdefault("thickened_inner_layer", False)
        if lesion["location"] in taken:
            lesion["location"] = draw.pick([place for place in PLACES if place not in taken])
        taken.append(lesion["location"])
    if not not_categorised(study) and draw.chance(STATED):
        alone = draw.chance(STATED_ALONE)
        for lesion in study["lesions"]:
            _state(lesion, study, (draw.chance(SHAPELESS) + 1) * alone)
    study["lesions"] = [{f.name: one[f.name] for f in FIELDS if f.name in one} for one in study["lesions"]]
    return study


def _state(lesion: dict[str, Any], study: dict[str, Any], dropped: int) -> None:
    """State the categories; ``dropped`` 1 leaves the signs out, 2 shape and base too."""
    found = {sequence: sequence_category(lesion, study, sequence) for sequence in NAMES}
    for sequence, score in found.items():
        if score or lost(lesion, study, sequence):
            lesion[f"{sequence}_category"] = str(score or "X")
        if dropped:
            lesion.pop(f"{sequence}_muscularis", None)
    for name in ("morphology", "thickened_inner_layer") if dropped > 1 else ():
        lesion.pop(name, None)


# fmt: off
SPELLINGS = ("VI-RADS {}", "VIRADS {}", "VI-RADS category {}", "VI-RADS score {}", "overall VI-RADS score {}")
BY_CODE = {code: Category(code, meaning, advice, rank, aliases=tuple(form.format(code) for form in SPELLINGS)) for code, meaning, advice, rank in (
    ("1", "muscle invasion is highly unlikely", "TURBT; pathway of non-muscle-invasive cancer.", 0),
    ("2", "muscle invasion is unlikely", "TURBT; pathway of non-muscle-invasive cancer.", 1),
    ("3", "muscle invasion is equivocal", "TURBT with muscle in the specimen; repeat TURBT considered.", 2),
    ("4", "muscle invasion is likely", "TURBT or biopsy for proof; pathway of muscle-invasive cancer.", 3),
    ("5", "invasion of muscle and beyond the bladder is very likely", "Staging; pathway of locally advanced cancer.", 4),
    (NC, "not categorised: the muscle layer cannot be judged on any sequence", "Repeat MRI, or cystoscopy with TURBT; CT urography.", 2),
)}
CATEGORIES = tuple(BY_CODE.values())

_QUALITY, _SCORES = ("diagnostic", *UNREADABLE), ("1", "2", "3", "4", "5", "X")
FIELDS = (
    Field("t2_quality", "enum", "whether T2-weighted images can be read", values=_QUALITY, default="diagnostic"),
    Field("dwi_quality", "enum", "whether diffusion-weighted images can be read", values=_QUALITY, default="diagnostic"),
    Field("dce_quality", "enum", "whether dynamic contrast-enhanced images can be read", values=_QUALITY, default="diagnostic", aliases={"not_performed": ("no contrast", "without contrast")}),
    Field("bladder_distension", "enum", "filling of the bladder", values=("adequate", "inadequate"), default="adequate", aliases={"adequate": ("well filled",), "inadequate": ("collapsed", "underfilled")}),
    Field("nc_reason", "enum", "why no sequence at all shows the muscle layer; left out where one does", values=("motion", "susceptibility", "collapsed_bladder", "incomplete_exam", "recent_turbt")),
    Field("nodes_suspicious", "bool", "suspicious pelvic lymph nodes"),
    Field("location", "enum", "wall from which the tumor arises", "lesion", (*PLACES, "left_ureteric_orifice", "right_ureteric_orifice"), aliases={"left_lateral": ("left wall", "left posterolateral"), "right_lateral": ("right wall", "right posterolateral"), "left_ureteric_orifice": ("left UO", "left VUJ"), "right_ureteric_orifice": ("right UO", "right VUJ")}),
    Field("size_mm", "float", "greatest dimension, not the length of the base", "lesion", unit="mm", low=1, high=250),
    Field("morphology", "enum", "shape of the tumor", "lesion", ("exophytic_with_stalk", "exophytic_without_stalk", "sessile"), aliases={"exophytic_with_stalk": ("papillary", "pedunculated"), "sessile": ("broad-based", "flat", "plaque-like")}),
    Field("thickened_inner_layer", "bool", "thickened inner layer (submucosa) between tumor and muscle", "lesion"),
    Field("t2_muscularis", "enum", "muscle layer at the base on T2W", "lesion", ("intact", UNCLEAR, "interrupted", BEYOND)),
    Field("dwi_muscularis", "enum", "muscle layer at the base on DWI", "lesion", ("intact", UNCLEAR, "focal_invasion", BEYOND)),
    Field("dce_muscularis", "enum", "muscle layer at the base on early DCE", "lesion", ("no_early_enhancement", "inner_layer_only", UNCLEAR, "focal_invasion", BEYOND)),
    Field("adjacent_organ", "bool", "whether a neighboring organ or the pelvic wall is invaded", "lesion", default=False),
    Field("t2_category", "enum", "structural category (SC) as stated", "lesion", _SCORES),
    Field("dwi_category", "enum", "diffusion category (DW) as stated", "lesion", _SCORES),
    Field("dce_category", "enum", "contrast enhancement category (CE) as stated", "lesion", _SCORES),
)


def _layers(t2: Any, dwi: Any, dce: Any) -> dict[str, Any]:
    return {"t2_muscularis": t2, "dwi_muscularis": dwi, "dce_muscularis": dce}


_STALKED, _STALKLESS, _EITHER = {"morphology": "exophytic_with_stalk"}, {"morphology": OneOf(("sessile", "sessile", "exophytic_without_stalk"))}, {"morphology": Maybe(OneOf(("sessile", "sessile", "exophytic_without_stalk")), 0.85)}
_QUIET = OneOf(("no_early_enhancement", "no_early_enhancement", "inner_layer_only"))
_INTACT = _layers("intact", "intact", _QUIET)
_STUCK = {"dce_muscularis": OneOf(("focal_invasion", "focal_invasion", UNCLEAR))}
_NO_LAYER, _ORGANS = {"thickened_inner_layer": Maybe(False, 0.5)}, {"adjacent_organ": Maybe(False, 0.4)}
_ABOUT_10 = OneOf((Between(6, 9), Between(8, 9), Between(11, 12), Between(11, 14)))
_SMALL = {**_INTACT, "size_mm": Between(4, 9), "morphology": OneOf(("exophytic_with_stalk", "exophytic_with_stalk", "exophytic_without_stalk"))}
_STALK = {**_INTACT, **_STALKED, "size_mm": OneOf((Between(11, 13), Between(11, 24), Between(16, 58))), "thickened_inner_layer": Maybe(True, 0.25)}
_LAYER = {**_INTACT, **_STALKLESS, "size_mm": OneOf((Between(11, 16), Between(11, 42))), "thickened_inner_layer": True, "dce_muscularis": OneOf(("inner_layer_only", "inner_layer_only", "no_early_enhancement"))}
_STALK_ON_DWI = {**_STALK, **_layers(UNCLEAR, "intact", "no_early_enhancement"), "thickened_inner_layer": None}
_LAYER_ON_DWI = {**_LAYER, **_layers(UNCLEAR, "intact", "inner_layer_only")}
_EQUIVOCAL = {**_layers(UNCLEAR, UNCLEAR, UNCLEAR), **_STALKLESS, "size_mm": OneOf((Between(11, 18), Between(14, 46))), "thickened_inner_layer": False}
_MUSCLE = {**_layers("interrupted", "focal_invasion", None), **_STUCK, **_EITHER, **_NO_LAYER, "size_mm": OneOf((Between(12, 24), Between(16, 58)))}
_MUSCLE_ON_DWI = {**_MUSCLE, "t2_muscularis": UNCLEAR, **_STALKLESS}
_FAT_ON_T2 = {**_MUSCLE, "t2_muscularis": BEYOND, "dce_muscularis": "focal_invasion", "size_mm": Between(18, 58)}
_FAT = {**_layers(BEYOND, BEYOND, OneOf((BEYOND, BEYOND, "focal_invasion"))), **_EITHER, **_NO_LAYER, **_ORGANS, "size_mm": OneOf((Between(20, 44), Between(28, 84)))}
_ORGAN = {**_FAT, "dce_muscularis": BEYOND, "adjacent_organ": True, "size_mm": Between(32, 88), "location": OneOf(("left_lateral", "right_lateral", "posterior", "anterior", "dome"))}
_FIRM = {"dce_muscularis": "focal_invasion"}

_NO_CONTRAST, _DCE_LOST = {"dce_quality": "not_performed"}, {"dce_quality": "non_diagnostic"}
_DWI_LOST = {"dwi_quality": OneOf(("non_diagnostic", "non_diagnostic", "not_performed")), "dce_quality": Maybe("diagnostic", 0.5)}
_BLUR = {"t2_quality": "non_diagnostic", "dwi_quality": "non_diagnostic", "dce_quality": OneOf(("non_diagnostic", "non_diagnostic", "not_performed"))}
_UNSAID = dict.fromkeys(("t2_quality", "dwi_quality", "dce_quality"))
_MASS = {"size_mm": Maybe(Between(12, 56), 0.7), "adjacent_organ": None}
_MINOR = (_SMALL, {**_STALK, "size_mm": Between(11, 26)})

SCENARIOS = (
    Scenario("small_papillary", lesions=(_SMALL,), companions=(_SMALL,)),
    Scenario("around_one_centimeter", lesions=({**_STALK, "size_mm": _ABOUT_10, "thickened_inner_layer": None},), companions=(_SMALL,)),
    Scenario("papillary_on_a_stalk", lesions=(_STALK,), companions=_MINOR),
    Scenario("broad_base_with_inner_layer", lesions=(_LAYER,), companions=_MINOR),
    Scenario("t2_unclear_dwi_free", lesions=({},), companions=_MINOR, variants=(_STALK_ON_DWI, _LAYER_ON_DWI)),
    Scenario("broad_base_without_inner_layer", lesions=(_EQUIVOCAL,), companions=_MINOR),
    Scenario("line_interrupted", lesions=(_MUSCLE,), companions=_MINOR),
    Scenario("t2_unclear_dwi_invasive", lesions=(_MUSCLE_ON_DWI,), companions=_MINOR),
    Scenario("t2_beyond_dwi_within", lesions=(_FAT_ON_T2,), companions=_MINOR),
    Scenario("in_the_fat", lesions=(_FAT,), companions=(*_MINOR, _EQUIVOCAL)),
    Scenario("in_an_organ", lesions=(_ORGAN,), companions=_MINOR),
    Scenario("dwi_unreadable", exam=_DWI_LOST, lesions=({},), companions=_MINOR[:1], variants=(_SMALL, _STALK, _LAYER, _EQUIVOCAL, {**_MUSCLE, **_FIRM}, _MUSCLE_ON_DWI, _FAT)),
    Scenario("no_contrast", exam=_NO_CONTRAST, lesions=({},), companions=_MINOR[:1], variants=(_SMALL, _STALK, _LAYER, _LAYER_ON_DWI, _STALK_ON_DWI, _EQUIVOCAL, _MUSCLE, _MUSCLE_ON_DWI, _FAT_ON_T2, _FAT)),
    Scenario("several_papillary", lesions=({}, _SMALL), companions=(_SMALL,), variants=(_SMALL, _STALK, {**_STALK, "size_mm": Between(11, 13)}, _LAYER, _EQUIVOCAL)),
    Scenario("small_invasive_beside_large_papillary", lesions=({}, {**_STALK, "size_mm": Between(34, 58)}), companions=(_SMALL,), companion_chance=0.2, variants=({**_MUSCLE, "size_mm": Between(12, 22)}, {**_MUSCLE_ON_DWI, "size_mm": Between(12, 22)}, {**_FAT, "size_mm": Between(18, 30)})),
    Scenario("motion_throughout", exam={**_BLUR, "nc_reason": Maybe("motion", 0.6)}, lesions=(_MASS,)),
    Scenario("collapsed_bladder", exam={**_UNSAID, "bladder_distension": "inadequate", "nc_reason": "collapsed_bladder"}, variants=({}, {"dce_quality": "not_performed"})),
    Scenario("incomplete_exam", exam={"t2_quality": "non_diagnostic", "dwi_quality": "not_performed", "dce_quality": "not_performed", "nodes_suspicious": None, "bladder_distension": None, "nc_reason": Maybe("incomplete_exam", 0.6)}, lesions=(_MASS,)),
    Scenario("two_small_buds", lesions=(_SMALL, {**_SMALL, "size_mm": Between(7, 9)}), unseen=True),
    Scenario("free_on_dce_alone", exam=_DWI_LOST, lesions=({},), companions=_MINOR[:1], unseen=True, variants=({**_STALK_ON_DWI, "dwi_muscularis": None}, {**_LAYER_ON_DWI, "dwi_muscularis": None})),
    Scenario("bolus_failed", exam=_DCE_LOST, lesions=({},), companions=_MINOR[:1], unseen=True, variants=(_SMALL, _STALK, _EQUIVOCAL, _MUSCLE_ON_DWI, _FAT_ON_T2, _FAT)),
    Scenario("flat_beside_papillary", lesions=({}, {**_STALK, "size_mm": Between(24, 50)}), unseen=True, variants=tuple({**one, "morphology": "sessile"} for one in (_EQUIVOCAL, _FAT_ON_T2, _FAT))),
    Scenario("both_hips_replaced", exam={**_BLUR, "nc_reason": Maybe("susceptibility", 0.6)}, lesions=(_MASS,), unseen=True),
    Scenario("days_after_resection", exam={**_BLUR, "nc_reason": "recent_turbt", "nodes_suspicious": Maybe(False, 0.4)}, unseen=True),
)

_UNSCORED, _UNSAID_SIGNS = {"t2_category": None, "dwi_category": None, "dce_category": None}, {"t2_muscularis": None, "dwi_muscularis": None, "dce_muscularis": None}
_BARE, _WITHIN, _SHAPES = {**_UNSCORED, "thickened_inner_layer": False}, {**_UNSCORED, "adjacent_organ": (None, False)}, (None, "sessile", "exophytic_without_stalk")
EDITS = (
    Edit("size_mm", values=(6, 7, 8, 9, 11, 12, 13, 14), where={**_STALKED, **_UNSCORED, "t2_muscularis": "intact"}),
    Edit("size_mm", steps=(2, 3, 5), where={**_UNSCORED, "size_mm": Between(17, 60), "t2_muscularis": (UNCLEAR, "interrupted", BEYOND)}),
    Edit("size_mm", steps=(2, 3, 5), where={**_UNSCORED, **_UNSAID_SIGNS, "size_mm": Between(18, 50)}),
    Edit("dwi_muscularis", values=(UNCLEAR, "focal_invasion"), where={**_BARE, "t2_muscularis": UNCLEAR, "dce_muscularis": (UNCLEAR, None)}),
    Edit("dwi_muscularis", values=("focal_invasion", BEYOND), where={**_WITHIN, "t2_muscularis": BEYOND, "dce_muscularis": ("focal_invasion", None)}),
    Edit("dce_muscularis", values=(UNCLEAR, "focal_invasion"), where={**_BARE, "t2_muscularis": UNCLEAR, "dwi_muscularis": (None, "focal_invasion")}),
    Edit("dce_muscularis", values=(UNCLEAR, "focal_invasion"), where={**_BARE, "t2_muscularis": "interrupted", "dwi_muscularis": "focal_invasion"}),
    Edit("dce_muscularis", values=("focal_invasion", BEYOND), where={**_WITHIN, "t2_muscularis": BEYOND, "dwi_muscularis": (None, BEYOND)}),
    Edit("dce_muscularis", values=("no_early_enhancement", "inner_layer_only"), where={**_UNSCORED, "thickened_inner_layer": (True, None), "t2_muscularis": "intact"}),
    Edit("t2_muscularis", values=(UNCLEAR, "interrupted"), where={**_BARE, "dwi_muscularis": "focal_invasion"}),
    Edit("t2_muscularis", values=("interrupted", BEYOND), where={**_WITHIN, "dwi_muscularis": "focal_invasion", "dce_muscularis": ("focal_invasion", None)}),
    Edit("dwi_category", values=("2", "3"), where={**_UNSAID_SIGNS, "t2_category": "3", "dce_category": (None, "X"), "morphology": None, "thickened_inner_layer": None}),
    Edit("dwi_category", values=("3", "4"), where={**_UNSAID_SIGNS, "t2_category": "3", "dce_category": (None, "X", "3"), "morphology": _SHAPES}),
    Edit("dwi_category", values=("4", "5"), where={**_UNSAID_SIGNS, "t2_category": "5", "dce_category": (None, "X", "4"), "adjacent_organ": (None, False)}),
    Edit("dce_category", values=("3", "4"), where={**_UNSAID_SIGNS, "t2_category": ("3", "4"), "dwi_category": "4"}),
    Edit("dce_category", values=("3", "4"), where={**_UNSAID_SIGNS, "t2_category": "3", "dwi_category": "X", "morphology": _SHAPES}),
    Edit("t2_category", values=("3", "4"), where={**_UNSAID_SIGNS, "dwi_category": "4", "morphology": _SHAPES}),
    Edit("location", values=("left_lateral", "right_lateral", "posterior"), where={"adjacent_organ": (None, False)}),
    Edit("nodes_suspicious", values=(False, True)),
)
DOCUMENT = Document(
    key="virads", system="virads", system_names=("VI-RADS", "VIRADS"), title="VI-RADS, bladder MRI for muscle invasion", edition="2018",
    source="Panebianco V et al. Eur Urol 2018;74:294-306; Panebianco V et al. J Magn Reson Imaging 2022;55:23-36", modalities=("mri",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, ages=(42, 88), edits=EDITS,
    exam_plan={"t2_quality": Maybe("diagnostic", 0.2), "dwi_quality": Maybe("diagnostic", 0.25), "dce_quality": Maybe("diagnostic", 0.25), "bladder_distension": Maybe(OneOf(("adequate", "adequate", "adequate", "inadequate")), 0.6), "nodes_suspicious": Maybe(OneOf((False, False, False, False, True)), 0.6)},
    lesion_plan={"location": OneOf(PLACES), "adjacent_organ": Maybe(False, 0.1)},
)
