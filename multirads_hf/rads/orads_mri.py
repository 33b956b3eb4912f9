"""O-RADS MRI (risk table of 2020, guide of 2022): ovarian and other adnexal lesions on pelvic MRI.

Issued by the American College of Radiology. Every lesion is scored alone, the highest names the exam:

========================  =======================================================================
no lesion                 1
follicle, corpus luteum,  before menopause up to 3.0 cm: 1
hemorrhagic cyst
lipid in the lesion       no or minimal enhancing soft tissue 2, a large volume of it 4
solid tissue              all of it dark on T2 and on high b-value DWI: 2; otherwise by the
                          time-intensity curve, low 3, intermediate 4, high 5; without a dynamic
                          series by its enhancement at 30-40 s, up to that of myometrium 4, above it 5
dilated tube              thin wall and simple fluid 2; thin with other fluid, or thick with simple, 3
paraovarian cyst          2, whatever its fluid
unilocular cyst           wall without enhancement 2; with smooth enhancement simple and endometriotic
                          fluid 2, hemorrhagic, proteinaceous and mucinous fluid 3
multilocular cyst         3, from two locules on
========================  =======================================================================

The rows are tried from top to bottom. Before them an exam that is not adequate is 0, and peritoneal,
mesenteric or omental nodularity is 5, with ascites or without; ascites alone never counts.

Readings of this module: an exam without contrast is 0 as soon as it shows a lesion that is not
physiologic, also where nobody calls it inadequate. A follicle too large or after menopause is a
unilocular cyst with simple fluid, such a hemorrhagic cyst one with hemorrhagic fluid; such a corpus
luteum is refused, and so are a physiologic finding with lipid or solid tissue and a thick-walled tube
with other than simple fluid, of which the table says nothing. Our sources differ over a hemorrhagic
cyst of 3 cm: none of 2.9 to 3.1 cm is generated. A simple or hemorrhagic cyst up to 3.2 cm before
menopause is generated only under its own name. A solid lesion without lipid is solid tissue, stated or
not. Of a curve and an enhancement at 30-40 s the curve counts; enhancement equal to myometrium, of
which sources differ too, is 4 and not generated.

``age_years`` stands in for an unknown status (from 50 on postmenopausal); it is neither written nor
scored, as every report tells the patient's age. Patients are 47 to 54 years old, when either status
occurs, because age is drawn apart from the findings. What is advised for 2 to 5 is usual practice, the
table gives none. Values that no report has: ``unknown``, ``midline``, ``not_available``, type ``none``.

Source: ACR O-RADS MRI risk table, 2020; Sadowski EA et al. Radiology 2022;303:35-47; lexicon: Reinhold C
et al. J Am Coll Radiol 2021;18:713-729; validation: Thomassin-Naggara I et al. JAMA Netw Open 2020;3:e1919896.

>>> from multirads_hf.rads import get
>>> cyst = {"lesion_type": "unilocular_cyst", "fluid_type": "hemorrhagic", "wall_enhancement": "smooth"}
>>> get("orads_mri").categorise({"lesions": [cyst]})
'3'
>>> get("orads_mri").categorise({"lesions": [cyst | {"wall_enhancement": "none"}], "ascites": "present"})
'2'
>>> get("orads_mri").categorise({"lesions": [{"lesion_type": "solid_lesion", "t2_dark_dwi_dark": False}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: orads_mri: lesions[].tic is missing. Solid tissue that is not dark on T2 and DWI is scored by its curve or its enhancement at 30-40 s.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Field, Maybe, OneOf, Scenario, Study
from multirads_hf.schema.scenario import Edit

# Risk table, category 1: largest diameter in cm of a physiologic finding, included.
PHYSIOLOGIC_CM = 3.0
# Governing concepts: age in years from which an unknown menopausal status is taken for postmenopausal.
MENOPAUSE_AGE = 50
# Risk table, solid tissue: by the time-intensity curve, and by the enhancement 30-40 s after injection.
BY_CURVE = {"low": "3", "intermediate": "4", "high": "5"}
BY_PHASE = {"less_than_myometrium": "4", "equal_to_myometrium": "4", "greater_than_myometrium": "5"}
# Risk table, dilated tube: (wall, fluid).
BY_TUBE = {("thin_smooth", "simple"): "2", ("thin_smooth", "non_simple"): "3", ("thick_smooth", "simple"): "3"}
# Risk table, unilocular cyst with a smooth enhancing wall: fluids that leave it in category 2.
BENIGN_FLUID = ("simple", "endometriotic")

# Physiologic findings, and the fluid of the unilocular cyst that they are when too large or after menopause.
PHYSIOLOGIC: dict[str, str | None] = {"follicle": "simple", "hemorrhagic_cyst": "hemorrhagic", "corpus_luteum": None}


def _refusal(field: str, value: object, accepted: str) -> StudyError:
    return StudyError(f"orads_mri: lesions[].{field}: got {shown(value)}. Allowed{accepted}.")


def _needed(lesion: Study, field: str, why: str) -> Any:
    if lesion.get(field) is None:
        raise StudyError(f"orads_mri: lesions[].{field} is missing. {why}")
    return lesion[field]


def _words(value: str) -> str:
    return value.replace("_", " ")


def menopause(study: Study) -> str | None:
    """Return the menopausal status, by age where it is unknown; None where neither tells."""
    status, age = study.get("menopausal_status"), study.get("age_years")
    if status not in (None, "unknown"):
        return str(status)
    return None if age is None else "premenopausal" if age < MENOPAUSE_AGE else "postmenopausal"


def is_physiologic(lesion: Study, status: str | None) -> bool:
    """Return whether a lesion is a physiologic finding of category 1.

    Raises:
        StudyError: size or menopausal status is missing, or the lesion has what no physiologic finding has.
    """
    kind = lesion.get("lesion_type")
    if kind not in PHYSIOLOGIC:
        return kind == "none"
    for field in ("solid_tissue", "lipid_content"):
        if lesion.get(field):
            raise _refusal("lesion_type", kind, f" with {_words(field)}: a description of the lesion")
    if _needed(lesion, "size_cm", "A physiologic finding depends on it.") > PHYSIOLOGIC_CM:
        return False
    if status is None:
        raise StudyError("orads_mri: menopausal_status is missing. A physiologic finding up to 3 cm depends on it.")
    return status == "premenopausal"


def fatty(lesion: Study) -> tuple[str, str]:
    """Score a lesion with lipid by how much of it is enhancing soft tissue."""
    volume = lesion.get("lipid_solid_volume") or "none"
    if lesion.get("solid_tissue") and volume == "none":
        raise _refusal("lipid_solid_volume", lesion.get("lipid_solid_volume"), " with solid tissue: minimal, large")
    code = "4" if volume == "large" else "2"
    return code, f"lipid, {'large volume of' if code == '4' else volume.replace('none', 'no')} enhancing tissue: {code}"


def solid(lesion: Study) -> tuple[str, str]:
    """Score solid tissue: dark on T2 and DWI, else by its curve, else by its enhancement at 30-40 s."""
    if lesion.get("t2_dark_dwi_dark"):
        return "2", "solid tissue dark on T2 and DWI: 2"
    for field, scores, named in (
        ("tic", BY_CURVE, "time-intensity curve"),
        ("enhancement_30_40s", BY_PHASE, "enhancement at 30-40 s"),
    ):
        if (found := lesion.get(field)) in scores:
            return scores[found], f"solid tissue, {named} {_words(found)}: {scores[found]}"
    why = "Solid tissue that is not dark on T2 and DWI is scored by its curve or its enhancement at 30-40 s."
    raise StudyError(f"orads_mri: lesions[].tic is missing. {why}")


def tube(lesion: Study) -> tuple[str, str]:
    """Score a dilated tube without solid tissue."""
    wall, fluid = (_needed(lesion, field, "A dilated tube is scored by it.") for field in ("tube_wall", "tube_fluid"))
    if (wall, fluid) not in BY_TUBE:
        raise _refusal("tube_fluid", fluid, " with a thick wall: simple")
    code = BY_TUBE[wall, fluid]
    return code, f"dilated tube, {_words(wall)} wall, {_words(fluid)} fluid: {code}"


def unilocular(lesion: Study) -> tuple[str, str]:
    """Score a unilocular cyst without solid tissue by its fluid and the enhancement of its wall."""
    fluid = PHYSIOLOGIC.get(lesion["lesion_type"]) or lesion.get("fluid_type")
    if fluid in BENIGN_FLUID:
        return "2", f"unilocular cyst, {fluid} fluid: 2"
    if _needed(lesion, "wall_enhancement", "A unilocular cyst of this fluid is scored by it.") == "none":
        return "2", "unilocular cyst, no wall enhancement: 2"
    if fluid is None:
        _needed(lesion, "fluid_type", "A unilocular cyst with an enhancing wall is scored by it.")
    return "3", f"unilocular cyst, smooth wall enhancement, {fluid} fluid: 3"


def score(lesion: Study, status: str | None) -> tuple[str, str]:
    """Return category and reason of one lesion of an exam with contrast.

    Raises:
        StudyError: an input is missing, or the table does not know the combination.
    """
    kind = lesion.get("lesion_type")
    if is_physiologic(lesion, status):
        return "1", "no lesion: 1" if kind == "none" else f"{_words(str(kind))} up to 3 cm before menopause: 1"
    if lesion.get("lipid_content"):
        return fatty(lesion)
    if kind == "solid_lesion" and lesion.get("solid_tissue") is False:
        raise _refusal("solid_tissue", False, " in a solid lesion without lipid: true")
    if kind == "solid_lesion" or lesion.get("solid_tissue"):
        return solid(lesion)
    kind = _needed(lesion, "lesion_type", "An adequate exam says what the lesion is.")
    if kind == "corpus_luteum":
        raise _refusal("lesion_type", kind, " over 3 cm or after menopause: a description of the cyst")
    if kind == "dilated_tube":
        return tube(lesion)
    if kind == "paraovarian_cyst":
        return "2", "paraovarian cyst: 2"
    return ("3", "multilocular cyst: 3") if kind == "multilocular_cyst" else unilocular(lesion)


def rule(study: Study) -> Decision:
    """Apply adequacy, peritoneal disease, contrast, and then the table to every lesion."""
    if study.get("study_adequate") is False:
        return _decision("0", "exam not adequate: 0")
    if study.get("peritoneal_nodularity"):
        return _decision("5", "peritoneal, mesenteric or omental nodularity: 5")
    status, lesions = menopause(study), study.get("lesions") or []
    if study.get("contrast_technique") == "none" and not all(is_physiologic(lesion, status) for lesion in lesions):
        return _decision("0", "no contrast, lesion not physiologic: 0")
    if not lesions:
        return _decision("1", "no lesion: 1")
    code, reason = max((score(lesion, status) for lesion in lesions), key=lambda entry: entry[0])
    several = (f"{len(lesions)} lesions, the highest decides",) if len(lesions) > 1 else ()
    return _decision(code, *several, reason)


def _decision(code: str, *reasons: str) -> Decision:
    return Decision(code, reasons, BY_CODE[code].management)


def complete(study: dict[str, Any], _: Draw) -> dict[str, Any]:
    """Put a second lesion on the other side."""
    taken = [lesion["side"] for lesion in study["lesions"]]
    if len(taken) > 1 and taken[0] == taken[1]:
        study["lesions"][1]["side"] = "left" if taken[0] == "right" else "right"
    return study


# fmt: off
# Risk table: meaning and positive predictive value; the advice for 2 to 5 is usual practice.
CATEGORIES = tuple(Category(code, meaning, advice, int(code), risk, tuple(f"{name} {code}" for name in ("O-RADS", "ORADS", "O-RADS MRI", "O-RADS MRI score", "O-RADS MRI category", "O-RADS score", "O-RADS category"))) for code, meaning, advice, risk in (
    ("0", "incomplete evaluation", "Complete or repeat the MRI.", ""),
    ("1", "normal ovaries or physiologic finding before menopause", "No further imaging.", ""),
    ("2", "almost certainly benign", "Suggest gynecologist, with follow-up or conservative care by symptoms.", "<0.5%"),
    ("3", "low risk of malignancy", "Suggest gynecologist, with follow-up or organ-sparing surgery.", "about 5%"),
    ("4", "intermediate risk of malignancy", "Suggest the opinion of a gyn-oncologist.", "about 50%"),
    ("5", "high risk of malignancy", "Suggest gyn-oncologist and staging.", "about 90%"),
))
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("study_adequate", "bool", "whether the exam allows the adnexa to be assessed", default=True, aliases={"False": ("non-diagnostic", "incomplete", "terminated early")}),
    Field("inadequacy_reason", "enum", "why it does not", values=("motion", "no_contrast", "terminated_early", "susceptibility", "incomplete_coverage", "other"), aliases={"no_contrast": ("gadolinium withheld", "unenhanced"), "terminated_early": ("claustrophobia", "stopped by the patient"), "susceptibility": ("metal artifact",), "motion": ("motion artifact",)}),
    Field("menopausal_status", "enum", "menopausal status, postmenopausal from one year without periods on", values=("premenopausal", "postmenopausal", "unknown"), aliases={"premenopausal": ("perimenopausal, cycling", "pre"), "postmenopausal": ("PMP", "post")}),
    Field("age_years", "int", "age where the menopausal status is unknown", unit="years", high=120, derived=True),
    Field("contrast_technique", "enum", "dynamic contrast series, one phase 30-40 s after injection, or no contrast", values=("dce", "non_dce_30_40s", "none"), aliases={"dce": ("DCE-MRI", "perfusion series", "dynamic"), "non_dce_30_40s": ("single phase", "non-dynamic"), "none": ("unenhanced", "no contrast")}),
    Field("peritoneal_nodularity", "bool", "nodular or irregular thickening of peritoneum, mesentery or omentum", default=False),
    Field("ascites", "enum", "free fluid: physiologic in the pouch of Douglas, or ascites beyond it", values=("none", "physiologic", "present"), default="none", aliases={"physiologic": ("trace free fluid", "physiologic fluid"), "present": ("ascites",)}),
    Field("side", "enum", "side of the lesion", "lesion", ("right", "left", "midline"), aliases={"right": ("R", "Rt", "right adnexa"), "left": ("L", "Lt", "left adnexa")}),
    Field("lesion_type", "enum", "what the lesion is; one with lipid keeps its structure, multilocular is more than one locule", "lesion", ("none", "follicle", "corpus_luteum", "hemorrhagic_cyst", "unilocular_cyst", "multilocular_cyst", "solid_lesion", "dilated_tube", "paraovarian_cyst"), aliases={
        "corpus_luteum": ("CL",), "hemorrhagic_cyst": ("haemorrhagic cyst",), "unilocular_cyst": ("unilocular", "single locule"), "multilocular_cyst": ("multilocular", "bilocular", "bilocular cyst", "multiloculated cyst"), "solid_lesion": ("solid mass", "solid"), "dilated_tube": ("hydrosalpinx", "hematosalpinx", "dilated fallopian tube"), "paraovarian_cyst": ("paratubal cyst",)}),
    Field("size_cm", "float", "maximum diameter", "lesion", unit="cm", low=0.1, high=60, step=0.1),
    Field("lipid_content", "bool", "macroscopic or microscopic fat in the lesion", "lesion", default=False),
    Field("lipid_solid_volume", "enum", "enhancing soft tissue in a lesion with lipid", "lesion", ("none", "minimal", "large"), default="none", aliases={"minimal": ("small", "Rokitansky nodule"), "large": ("bulky",)}),
    Field("fluid_type", "enum", "fluid of a cyst by its signal on T1 and T2", "lesion", ("simple", "endometriotic", "hemorrhagic", "proteinaceous", "mucinous"), aliases={"endometriotic": ("T2 shading",), "hemorrhagic": ("haemorrhagic", "blood"), "proteinaceous": ("colloid-like",)}),
    Field("wall_enhancement", "enum", "enhancement of the wall of a cyst; an irregular enhancing wall is solid tissue", "lesion", ("none", "smooth"), aliases={"none": ("absent",), "smooth": ("thin regular",)}),
    Field("solid_tissue", "bool", "enhancing solid tissue; clot, debris, fat and smooth septa are none", "lesion", default=False),
    Field("solid_tissue_type", "enum", "kind of solid tissue in a cystic lesion", "lesion", ("papillary_projection", "mural_nodule", "irregular_septation_wall", "larger_solid_portion"), aliases={"papillary_projection": ("papillae", "fronds"), "mural_nodule": ("nodule",), "irregular_septation_wall": ("irregular septum", "irregular wall"), "larger_solid_portion": ("solid portion", "solid part")}),
    Field("t2_dark_dwi_dark", "bool", "whether all solid tissue is homogeneously dark on T2 and on high b-value DWI", "lesion", default=False),
    Field("tic", "enum", "time-intensity curve of the solid tissue against the myometrium", "lesion", ("low", "intermediate", "high", "not_available"), aliases={"low": ("type 1", "low-risk"), "intermediate": ("type 2", "intermediate-risk"), "high": ("type 3", "high-risk")}),
    Field("enhancement_30_40s", "enum", "enhancement of the solid tissue 30-40 s after injection", "lesion", ("less_than_myometrium", "equal_to_myometrium", "greater_than_myometrium", "not_available"), aliases={"less_than_myometrium": ("less", "hypoenhancing"), "equal_to_myometrium": ("equal", "isoenhancing"), "greater_than_myometrium": ("greater", "hyperenhancing")}),
    Field("tube_wall", "enum", "wall and folds of a dilated tube", "lesion", ("thin_smooth", "thick_smooth"), aliases={"thin_smooth": ("thin",), "thick_smooth": ("thick",)}),
    Field("tube_fluid", "enum", "content of a dilated tube", "lesion", ("simple", "non_simple"), aliases={"non_simple": ("non-simple", "hematosalpinx", "pyosalpinx")}),
)

_PRE, _EITHER = {"menopausal_status": "premenopausal"}, OneOf(("premenopausal", "premenopausal", "postmenopausal"))
_DCE, _PHASE, _PLAIN = {"contrast_technique": "dce"}, {"contrast_technique": "non_dce_30_40s"}, {"contrast_technique": "none"}
_NO_SOLID, _NO_FAT = {"solid_tissue": Maybe(False, 0.7)}, {"lipid_content": Maybe(False, 0.25)}
_WALL = OneOf(("none", "smooth"))
_FOLLICLE = {"lesion_type": "follicle", "size_cm": Between(1, 3), "fluid_type": Maybe("simple", 0.5), "wall_enhancement": Maybe(_WALL, 0.3)}
_LUTEUM = {"lesion_type": "corpus_luteum", "size_cm": Between(1.4, 3), "solid_tissue": Maybe(False, 0.3)}
_BLOOD = {"lesion_type": "hemorrhagic_cyst", "size_cm": Between(1.4, 2.8), "fluid_type": Maybe("hemorrhagic", 0.5), "wall_enhancement": _WALL, "solid_tissue": Maybe(False, 0.5)}
_SIMPLE = {"lesion_type": "unilocular_cyst", "size_cm": Between(3.3, 9.5), "fluid_type": "simple", "wall_enhancement": Maybe(_WALL, 0.8), **_NO_SOLID}
_CHOCOLATE = {**_SIMPLE, "size_cm": Between(1.8, 9), "fluid_type": "endometriotic", "wall_enhancement": _WALL, **_NO_FAT}
_OTHER_FLUID = {**_SIMPLE, **_NO_FAT, "size_cm": Between(3.3, 11), "fluid_type": OneOf(("hemorrhagic", "proteinaceous", "mucinous")), "wall_enhancement": _WALL}
_LOCULES = {"lesion_type": "multilocular_cyst", "size_cm": Between(2.4, 14), "fluid_type": Maybe(OneOf(("simple", "endometriotic", "hemorrhagic", "proteinaceous", "mucinous", "mucinous")), 0.85), "wall_enhancement": Maybe("smooth", 0.7), **_NO_SOLID, **_NO_FAT}
_FAT = {"lipid_content": True, "fluid_type": None, "wall_enhancement": None, "solid_tissue": None}
_DERMOID = {**_FAT, "lesion_type": OneOf(("unilocular_cyst", "unilocular_cyst", "multilocular_cyst")), "size_cm": Between(1.6, 10), "lipid_solid_volume": Maybe(OneOf(("none", "minimal")), 0.9)}
_TUBE = {"lesion_type": "dilated_tube", "size_cm": Between(2.5, 11), "tube_wall": "thin_smooth", "tube_fluid": "simple", "solid_tissue": Maybe(False, 0.4)}
_BESIDE = {"lesion_type": "paraovarian_cyst", "size_cm": Between(1.4, 7), "fluid_type": Maybe(OneOf(("simple", "simple", "proteinaceous", "hemorrhagic")), 0.7), "wall_enhancement": Maybe(_WALL, 0.6), "solid_tissue": Maybe(False, 0.5)}
_TISSUE = {"solid_tissue": True, "solid_tissue_type": OneOf(("papillary_projection", "mural_nodule", "irregular_septation_wall", "larger_solid_portion")), "t2_dark_dwi_dark": Maybe(False, 0.55), "wall_enhancement": None}
_CYST_SOLID = {"lesion_type": OneOf(("unilocular_cyst", "multilocular_cyst")), "size_cm": Between(2.8, 15), "fluid_type": Maybe(OneOf(("simple", "proteinaceous", "endometriotic", "mucinous")), 0.5), **_NO_FAT, **_TISSUE}
_SOLID = {"lesion_type": "solid_lesion", "size_cm": Between(2, 13), "solid_tissue": Maybe(True, 0.6), "t2_dark_dwi_dark": Maybe(False, 0.6), **_NO_FAT}
_CURVE, _AT_30 = {"tic": OneOf(("low", "intermediate", "high"))}, {"enhancement_30_40s": OneOf(("less_than_myometrium", "greater_than_myometrium"))}
_DARK, _UNSCORED = {"t2_dark_dwi_dark": True}, {"fluid_type": Maybe(OneOf(("simple", "proteinaceous", "endometriotic")), 0.5)}
_BENIGN = (_SIMPLE, {**_CHOCOLATE, "size_cm": Between(1.8, 5)}, {**_DERMOID, "size_cm": Between(1.6, 5)}, _BESIDE, {**_TUBE, "size_cm": Between(2.5, 6)})
_NOT_ADEQUATE = {"study_adequate": False, "menopausal_status": Maybe(_EITHER, 0.6), "peritoneal_nodularity": None, "ascites": Maybe(OneOf(("none", "physiologic")), 0.5)}
_SPREAD = {"peritoneal_nodularity": True, "ascites": Maybe(OneOf(("none", "present", "present")), 0.9)}
_FLUID_ONLY = {"ascites": "present", "peritoneal_nodularity": False}
_CLEAR_TYPES: dict[str, Any] = dict.fromkeys(("fluid_type", "wall_enhancement", "lipid_content", "solid_tissue", "solid_tissue_type"))

SCENARIOS = (
    Scenario("contrast_not_given", {**_NOT_ADEQUATE, **_PLAIN}, ({"size_cm": Between(3.5, 13)},), variants=(
        {"inadequacy_reason": "no_contrast", "lesion_type": OneOf(("unilocular_cyst", "multilocular_cyst")), **_UNSCORED}, {"inadequacy_reason": "no_contrast", "lesion_type": "solid_lesion"},
        {"inadequacy_reason": "terminated_early", "lesion_type": OneOf(("unilocular_cyst", "multilocular_cyst")), **_UNSCORED}, {"inadequacy_reason": "terminated_early"})),
    Scenario("unenhanced_lesion", {**_PLAIN, "study_adequate": None}, ({"size_cm": Between(3.5, 12)},), variants=({"lesion_type": OneOf(("unilocular_cyst", "multilocular_cyst")), "fluid_type": OneOf(("simple", "proteinaceous", "endometriotic"))}, {"lesion_type": "solid_lesion"})),
    Scenario("normal_ovaries", _PRE, variants=({}, {}, _PLAIN)),
    Scenario("follicle", _PRE, (_FOLLICLE,), (_BESIDE, {"lesion_type": "follicle", "size_cm": Between(1, 2.5)}), variants=({}, {"size_cm": Between(2.7, 3)}, {"size_cm": Between(3.1, 3.5)})),
    Scenario("follicle_without_contrast", {**_PRE, **_PLAIN, "study_adequate": None}, ({**_FOLLICLE, "wall_enhancement": None},), variants=({}, {"size_cm": Between(2.7, 3)})),
    Scenario("hemorrhagic_functional", _PRE, (_BLOOD,), variants=({}, {"size_cm": Between(2.5, 2.8)}, {"size_cm": Between(3.2, 3.4)}, {"size_cm": Between(3.2, 4.4)})),
    Scenario("benign_unilocular", lesions=(_SIMPLE,), companions=_BENIGN, variants=({}, {"menopausal_status": "postmenopausal", "size_cm": Between(1.4, 3.2)}, _CHOCOLATE, _CHOCOLATE)),
    Scenario("other_fluid_unilocular", lesions=(_OTHER_FLUID,), companions=_BENIGN, variants=({"wall_enhancement": "none"}, {"wall_enhancement": "smooth"})),
    Scenario("smooth_multilocular", lesions=(_LOCULES,), companions=_BENIGN, variants=({}, {"size_cm": Between(2.4, 6)}, {"fluid_type": "endometriotic"})),
    Scenario("dermoid", lesions=(_DERMOID,), companions=_BENIGN, variants=({}, {"lipid_solid_volume": "minimal"}, {"lesion_type": "multilocular_cyst"})),
    Scenario("fat_with_large_solid", lesions=({**_DERMOID, "size_cm": Between(5, 16), "lipid_solid_volume": "large"},), companions=_BENIGN, variants=({}, {"lesion_type": OneOf(("multilocular_cyst", "solid_lesion"))})),
    Scenario("double_dark", lesions=({**_SOLID, **_DARK},), companions=_BENIGN, variants=({**_DCE, "tic": Maybe(OneOf(("low", "low", "intermediate", "high")), 0.7)}, {**_PHASE, "enhancement_30_40s": Maybe("less_than_myometrium", 0.6)}, {**_DCE, **_CYST_SOLID, **_DARK, "solid_tissue_type": OneOf(("larger_solid_portion", "mural_nodule")), **_CURVE})),
    Scenario("dilated_tube", lesions=(_TUBE,), companions=_BENIGN[:4], variants=({}, {"tube_fluid": "non_simple"}, {"tube_wall": "thick_smooth"})),
    Scenario("paraovarian_cyst", lesions=(_BESIDE,), companions=_BENIGN[:3]),
    Scenario("cyst_with_solid_tissue", _DCE, ({**_CYST_SOLID, **_CURVE},), _BENIGN, variants=tuple({"tic": tic} for tic in BY_CURVE)),
    Scenario("single_phase_solid_tissue", _PHASE, ({**_CYST_SOLID, **_AT_30},), _BENIGN),
    Scenario("solid_lesion", _DCE, ({**_SOLID, **_CURVE},), _BENIGN, variants=tuple({"tic": tic} for tic in BY_CURVE)),
    Scenario("peritoneal_disease", _SPREAD, ({**_CYST_SOLID, "size_cm": Between(4, 16)},), variants=({**_DCE, **_CURVE}, {**_DCE, "fluid_type": None, "solid_tissue_type": None, **_SOLID, **_CURVE}, {**_PHASE, **_AT_30}, {**_CLEAR_TYPES, "t2_dark_dwi_dark": None, **_LOCULES})),
    Scenario("ascites_alone", _FLUID_ONLY, ({**_SOLID, **_CURVE},), variants=({**_DCE, **_DARK}, {**_DCE}, {"t2_dark_dwi_dark": None, "tic": None, **_LOCULES}, {"t2_dark_dwi_dark": None, "tic": None, **_CHOCOLATE})),
    Scenario("artifact_over_adnexa", {**_NOT_ADEQUATE, "contrast_technique": OneOf(("dce", "non_dce_30_40s"))}, ({"size_cm": Maybe(Between(3.5, 13), 0.8)},), unseen=True, variants=(
        {"inadequacy_reason": OneOf(("motion", "susceptibility", "other"))}, {"inadequacy_reason": "incomplete_coverage", "size_cm": Between(14, 24)}, {"inadequacy_reason": OneOf(("motion", "susceptibility")), "size_cm": Between(3.5, 13), "lesion_type": OneOf(("unilocular_cyst", "multilocular_cyst"))})),
    Scenario("corpus_luteum", _PRE, (_LUTEUM,), ({"lesion_type": "follicle", "size_cm": Between(1, 2.5)},), unseen=True),
    Scenario("bilateral_endometriotic", _PRE, ({**_CHOCOLATE, "size_cm": Between(2, 8)}, {**_CHOCOLATE, "size_cm": Between(2, 8)}), unseen=True, variants=({}, {"lesion_type": "multilocular_cyst", "wall_enhancement": "smooth"})),
    Scenario("dermoid_beside_solid_tissue", lesions=({**_CYST_SOLID, "size_cm": Between(2.8, 8)}, {**_DERMOID, "size_cm": Between(4, 12)}), unseen=True, variants=(*({**_DCE, "tic": tic} for tic in BY_CURVE), {**_PHASE, **_AT_30})),
    Scenario("t2_dark_dwi_bright", _DCE, ({**_SOLID, "t2_dark_dwi_dark": False, **_CURVE},), _BENIGN, unseen=True, variants=({}, {"t2_dark_dwi_dark": True})),
    Scenario("single_phase_solid_lesion", _PHASE, ({**_SOLID, **_AT_30},), _BENIGN, unseen=True),
)
_CYSTS = ("unilocular_cyst", "multilocular_cyst")
DOCUMENT = Document(
    key="orads_mri", system="orads", system_names=("O-RADS MRI", "O-RADS", "ORADS"), title="O-RADS MRI, adnexal lesions on MRI", edition="risk table 2020, guide 2022",
    source="Sadowski EA et al. Radiology 2022;303:35-47", modalities=("mri",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS,
    rule=rule, complete=complete, sexes=("female",), ages=(47, 54), lesion_plan={"side": OneOf(("right", "left"))},
    exam_plan={"study_adequate": Maybe(True, 0.08), "menopausal_status": Maybe(_EITHER, 0.85), "contrast_technique": OneOf(("dce", "dce", "non_dce_30_40s")), "peritoneal_nodularity": Maybe(False, 0.3), "ascites": Maybe(OneOf(("none", "none", "physiologic")), 0.6)},
    edits=(
        Edit("size_cm", steps=(0.2, 0.4), where={"lesion_type": "follicle", "size_cm": Between(2.6, 3.5), "menopausal_status": "premenopausal", "contrast_technique": ("dce", "non_dce_30_40s")}),
        Edit("size_cm", steps=(0.6,), where={"lesion_type": "hemorrhagic_cyst", "size_cm": (Between(2.6, 2.8), Between(3.2, 3.4))}),
        Edit("fluid_type", ("simple", "endometriotic", "hemorrhagic", "proteinaceous", "mucinous"), where={"lesion_type": "unilocular_cyst", "size_cm": Between(3.3, 30), "wall_enhancement": ("none", "smooth"), "contrast_technique": ("dce", "non_dce_30_40s")}),
        Edit("fluid_type", ("simple", "proteinaceous", "mucinous"), where={"lesion_type": "multilocular_cyst", "wall_enhancement": "smooth"}),
        Edit("wall_enhancement", ("none", "smooth"), where={"lesion_type": ("unilocular_cyst", "hemorrhagic_cyst")}),
        # Without contrast neither size nor fluid makes a lesion that can be scored.
        Edit("size_cm", steps=(0.5, 1), where={"lesion_type": (None, *_CYSTS, "solid_lesion"), "size_cm": Between(4.5, 30), "contrast_technique": "none"}),
        Edit("fluid_type", ("simple", "endometriotic", "proteinaceous"), where={"lesion_type": _CYSTS, "contrast_technique": "none"}),
        Edit("lipid_solid_volume", ("none", "minimal", "large"), where={"lesion_type": _CYSTS}),
        Edit("t2_dark_dwi_dark", (True, False), where={"tic": ("low", "intermediate", "high")}),
        Edit("tic", ("low", "intermediate", "high"), where={"lesion_type": (*_CYSTS, "solid_lesion")}),
        Edit("enhancement_30_40s", ("less_than_myometrium", "greater_than_myometrium"), where={"t2_dark_dwi_dark": (None, False)}),
        Edit("solid_tissue_type", ("papillary_projection", "mural_nodule")),
        Edit("tube_wall", ("thin_smooth", "thick_smooth"), where={"tube_fluid": "simple"}),
        Edit("tube_fluid", ("simple", "non_simple"), where={"tube_wall": "thin_smooth"}),
        Edit("peritoneal_nodularity", (False, True), where={"ascites": "present"}),
        Edit("ascites", ("none", "physiologic", "present"), where={"peritoneal_nodularity": False, "study_adequate": (None, True)}),
    ),
)
