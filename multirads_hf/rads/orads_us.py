"""O-RADS US (v2022): ovarian and other adnexal lesions on pelvic ultrasound.

Issued by the American College of Radiology. Every lesion is scored alone, the highest names the exam:

==============================  =================================================================
follicle, corpus luteum         1 before menopause up to 3 cm, as a simple cyst; no lesion is 1 too
paraovarian and inclusion cyst  2 of any size, as is a hydrosalpinx
hemorrhagic cyst, dermoid,      typical ones 2 under 10 cm, 3 from 10 cm
endometrioma
unilocular cyst                 smooth 2 under 10 cm, 3 from 10 cm; irregular wall 3; solid component
                                4, with four or more papillary projections 5
bilocular cyst                  smooth 2 under 10 cm, 3 from 10 cm; irregular 4; solid component 4
                                with color score 1-2, 5 with 3-4
multilocular cyst               smooth 3 under 10 cm, 4 from 10 cm or with color score 4; irregular 4;
                                solid component 4 with color score 1-2, 5 with 3-4
solid lesion                    irregular 5; smooth 3 with color score 1, 5 with 4; with 2-3 it is 3
                                if it shadows, else 4
==============================  =================================================================

An exam that cannot be assessed is 0. Ascites or peritoneal nodules without another cause make 5 of 3
and 4; with 1 and 2 they are left to judgement: the rule leaves these, none is generated.

Readings of this module: a protrusion of 3 mm is a solid component, a lower one an irregular wall,
stated or not. A cyst not called simple or not is simple when it is anechoic without a partial septum.
A follicle too large or after menopause is a simple cyst; refused are a corpus luteum of that kind, a
typical lesion with an atypical element, a typical hemorrhagic cyst five years after menopause and a
paraovarian cyst that is not simple. The 6 months for a non-simple cyst up to 3 cm after menopause are
uncertain in our sources. ``age_years`` stands in for an unknown status (over 50 is postmenopausal, 50
itself does not tell); it is neither written nor scored, as every report tells the patient's age.
Follow-up is advice, no field. Patients are 47 to 54, when every status occurs: age is drawn apart.

Source: Strachowski LM et al. Radiology 2023;308:e230685; ACR O-RADS US v2022; lexicon: Andreotti RF et
al. J Am Coll Radiol 2018;15:1415-1429.

>>> from multirads_hf.rads import get
>>> cyst = {"lesion_type": "bilocular_cyst", "size_cm": 9.9, "color_score": 4}
>>> get("orads_us").categorise({"lesions": [cyst]})
'2'
>>> get("orads_us").categorise({"lesions": [cyst | {"inner_wall": "irregular"}], "ascites": "present"})
'5'
>>> get("orads_us").categorise({"lesions": [{"lesion_type": "solid_lesion"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: orads_us: lesions[].color_score is missing. A smooth solid lesion is scored by it.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Field, Maybe, OneOf, Scenario, Study
from multirads_hf.schema.scenario import Edit

# v2022 table: diameters in cm; 3 cm belongs to the smaller class, 10 cm to the larger.
FOLLICLE_CM, LARGE_CM = 3.0, 10.0
# v2022 lexicon: height in mm from which a protrusion is a solid component.
SOLID_MM = 3
# v2022 table: papillary projections in a unilocular cyst that make it high risk.
MANY_PROJECTIONS = 4
# v2022 table: color score from which a solid component of several locules is high risk.
STRONG_FLOW = 3
# v2022 governing concepts: age in years that stands in for an unknown menopausal status.
MENOPAUSE_AGE, LATE_AGE = 50, 55
# v2022 table, category 2: diameters in cm at which the follow-up of simple and hemorrhagic cysts changes.
SIMPLE_CM = HEMORRHAGIC_CM = 5.0

PHYSIOLOGIC = ("follicle", "corpus_luteum")
EXTRAOVARIAN = ("paraovarian_cyst", "peritoneal_inclusion_cyst", "hydrosalpinx")
CLASSIC = ("typical_hemorrhagic_cyst", "typical_dermoid", "typical_endometrioma")
CYSTS = ("unilocular_cyst", "bilocular_cyst", "multilocular_cyst")
AFTER_MENOPAUSE = ("early_postmenopausal", "late_postmenopausal", "postmenopausal")


def _refusal(field: str, value: object, accepted: str) -> StudyError:
    return StudyError(f"orads_us: lesions[].{field}: got {shown(value)}. Allowed{accepted}.")


def _needed(lesion: Study, field: str, why: str) -> Any:
    if lesion.get(field) is None:
        raise StudyError(f"orads_us: lesions[].{field} is missing. {why}")
    return lesion[field]


def menopause(study: Study) -> str | None:
    """Return the menopausal status, by age where it is unknown; None where neither tells."""
    status, age = study.get("menopausal_status"), study.get("age_years")
    if status not in (None, "unknown"):
        return str(status)
    if age is None or age == MENOPAUSE_AGE:
        return None
    return (
        "premenopausal" if age < MENOPAUSE_AGE else "early_postmenopausal" if age < LATE_AGE else "late_postmenopausal"
    )


def inside(lesion: Study) -> str:
    """Return what the inside of a cyst shows: ``solid``, ``irregular`` or ``smooth``.

    Raises:
        StudyError: the height or number of protrusions contradicts what is said of the solid component.
    """
    solid, height = lesion.get("solid_component"), lesion.get("protrusion_height_mm")
    high = height is not None and height >= SOLID_MM
    if solid is False and (high or lesion.get("papillary_projection_count")):
        raise _refusal("solid_component", solid, " with a papillary projection or a protrusion of 3 mm: true")
    if solid and height is not None and not high:
        raise _refusal("protrusion_height_mm", height, f" with a solid component: {SOLID_MM} or more")
    if solid or high or lesion.get("papillary_projection_count"):
        return "solid"
    return "irregular" if height or lesion.get("inner_wall") == "irregular" else "smooth"


def is_simple(lesion: Study) -> bool:
    """Return whether a smooth unilocular cyst is simple, as stated or by its content."""
    stated = lesion.get("simple")
    anechoic = lesion.get("cyst_content") == "anechoic" and not lesion.get("incomplete_septation")
    return anechoic if stated is None else bool(stated)


def _by_size(lesion: Study, small: str, large: str) -> str:
    return small if _needed(lesion, "size_cm", "The category depends on it.") < LARGE_CM else large


def _size_words(lesion: Study) -> str:
    return "under 10 cm" if lesion["size_cm"] < LARGE_CM else "10 cm or more"


def physiologic(lesion: Study, status: str | None) -> tuple[str, str]:
    """Score a follicle, a corpus luteum, or a simple cyst, which is a follicle while it is small."""
    kind = str(lesion["lesion_type"]).replace("_", " ")
    small = _needed(lesion, "size_cm", "The category depends on it.") <= FOLLICLE_CM
    if small and status is None:
        raise StudyError("orads_us: menopausal_status is missing. A simple cyst or follicle up to 3 cm needs it.")
    if small and status == "premenopausal":
        return "1", f"{kind} up to 3 cm before menopause: 1"
    if lesion["lesion_type"] == "corpus_luteum":
        raise _refusal("lesion_type", "corpus_luteum", " over 3 cm or after menopause: a description of the cyst")
    code = _by_size(lesion, "2", "3")
    return code, f"simple cyst, {_size_words(lesion)}: {code}"


def classic(lesion: Study, status: str | None) -> tuple[str, str]:
    """Score a typical benign lesion of the ovary or beside it."""
    kind = lesion["lesion_type"]
    named = kind.replace("_", " ")
    if inside(lesion) != "smooth" or (kind == "paraovarian_cyst" and lesion.get("simple") is False):
        raise _refusal("lesion_type", kind, " with an atypical element: a description of the cyst")
    if kind in EXTRAOVARIAN:
        return "2", f"{named} of any size: 2"
    if kind == "typical_hemorrhagic_cyst" and status == "late_postmenopausal":
        raise _refusal("lesion_type", kind, " five years after menopause: a description of the cyst")
    code = _by_size(lesion, "2", "3")
    return code, f"{named}, {_size_words(lesion)}: {code}"


def cystic(lesion: Study, status: str | None) -> tuple[str, str]:
    """Score a cyst: a solid component first, then the wall, then size and color score."""
    kind, look = lesion["lesion_type"], inside(lesion)
    named = kind.replace("_", " ")
    if look == "solid":
        return _with_solid(lesion, named)
    if look == "irregular":
        code = "3" if kind == "unilocular_cyst" else "4"
        return code, f"{named} with irregular wall or septum: {code}"
    if kind == "unilocular_cyst" and is_simple(lesion):
        return physiologic(lesion, status)
    if kind != "multilocular_cyst":
        code = _by_size(lesion, "2", "3")
        return code, f"smooth {named}, {_size_words(lesion)}: {code}"
    code = _by_size(lesion, "3", "4")
    if code == "3" and _needed(lesion, "color_score", "A smooth multilocular cyst is scored by it.") == 4:
        return "4", f"smooth {named}, color score 4: 4"
    return code, f"smooth {named}, {_size_words(lesion)}: {code}"


def _with_solid(lesion: Study, named: str) -> tuple[str, str]:
    if lesion["lesion_type"] == "unilocular_cyst":
        many = (lesion.get("papillary_projection_count") or 0) >= MANY_PROJECTIONS
        code, why = ("5", "four or more papillary projections") if many else ("4", "solid component")
        return code, f"{named} with {why}: {code}"
    score = _needed(lesion, "color_score", "A cyst with several locules and a solid component is scored by it.")
    code = "5" if score >= STRONG_FLOW else "4"
    return code, f"{named} with solid component, color score {score}: {code}"


def solid_mass(lesion: Study) -> tuple[str, str]:
    """Score a solid lesion: contour first, then the color score, with 2-3 the shadow."""
    if lesion.get("outer_contour") == "irregular":
        return "5", "solid lesion with irregular contour: 5"
    score = _needed(lesion, "color_score", "A smooth solid lesion is scored by it.")
    if score in (1, 4):
        code = "3" if score == 1 else "5"
        return code, f"smooth solid lesion, color score {score}: {code}"
    code = "3" if lesion.get("shadowing") else "4"
    return code, f"smooth solid lesion, color score {score}, {'' if code == '3' else 'no '}shadowing: {code}"


def score(lesion: Study, status: str | None) -> tuple[str, str]:
    """Return category and reason of one lesion.

    Raises:
        StudyError: an input is missing, or the lesion is one that the guideline does not let be called so.
    """
    kind = _needed(lesion, "lesion_type", "An adequate exam says what the lesion is.")
    if kind == "none":
        return "1", "no lesion: 1"
    if kind in PHYSIOLOGIC:
        return physiologic(lesion, status)
    if kind in CLASSIC or kind in EXTRAOVARIAN:
        return classic(lesion, status)
    return solid_mass(lesion) if kind == "solid_lesion" else cystic(lesion, status)


# v2022 table, management column.
HALF, YEAR = "Follow-up ultrasound in 6 months.", "Follow-up ultrasound in 12 months."
REPEAT, YEAR_KEPT = "Repeat ultrasound, or MRI.", "Follow-up ultrasound in 12 months if not excised."
SOON = "Follow-up ultrasound in 2-3 months, or ultrasound specialist, or MRI."
NONE, BY_LESION = "No follow-up imaging.", "None, or follow-up ultrasound by lesion, size and menopausal status."
WATCH = "If not excised, consider ultrasound within 6 months; gynecologist."
WATCH_SOLID = f"Ultrasound specialist, or MRI with O-RADS MRI score. {WATCH}"
# Of several lesions of the same category, the one that is looked at soonest sets the advice of the exam.
SOONEST = ("2-3 months", "specialist", "6 months", "12 months", "")


def follow_up(lesion: Study, status: str) -> str:
    """Return what the table advises for a lesion of category 2, before (``premenopausal``) or after menopause."""
    kind, before, size = lesion["lesion_type"], status == "premenopausal", lesion.get("size_cm") or 0
    if kind in EXTRAOVARIAN:
        return NONE if kind == "paraovarian_cyst" else f"{NONE} Gynecologist as needed."
    if kind == "typical_hemorrhagic_cyst":
        return SOON if not before else NONE if size <= HEMORRHAGIC_CM else "Follow-up ultrasound in 2-3 months."
    if kind == "typical_dermoid":
        return "May consider follow-up ultrasound in 12 months." if size <= FOLLICLE_CM else YEAR_KEPT
    if kind == "typical_endometrioma":
        return YEAR_KEPT if before else f"{SOON} Then in 12 months if not excised."
    if kind in PHYSIOLOGIC or (kind == "unilocular_cyst" and is_simple(lesion)):
        return NONE if size <= (SIMPLE_CM if before else FOLLICLE_CM) else YEAR
    return NONE if before and size <= FOLLICLE_CM else HALF


def management(code: str, lesion: Study | None, status: str | None) -> str:
    """Return what the guideline advises for a category and the lesion that it comes from."""
    if lesion is None or code not in ("2", "3"):
        return BY_CODE[code].management
    if code == "3":
        return WATCH_SOLID if lesion["lesion_type"] == "solid_lesion" else WATCH
    if status is not None:
        return follow_up(lesion, status)
    before, after = follow_up(lesion, "premenopausal"), follow_up(lesion, "postmenopausal")
    return before if before == after else f"Before menopause: {before} After menopause: {after}"


def rule(study: Study) -> Decision:
    """Apply the table: adequacy, then the highest of the lesions, then ascites and peritoneal nodules."""
    if study.get("study_adequate") is False:
        return Decision("0", ("technically inadequate: 0",), REPEAT)
    status, lesions = menopause(study), study.get("lesions") or []
    if not lesions:
        return Decision("1", ("no lesion: 1",), management("1", None, status))
    scored = [(*score(lesion, status), lesion) for lesion in lesions]
    code = max(scored, key=lambda entry: entry[0])[0]
    first = sorted((entry for entry in scored if entry[0] == code), key=lambda entry: -(entry[2].get("size_cm") or 0))
    ascites = ["ascites"] if study.get("ascites") == "present" else []
    named = " and ".join([*ascites, *(["peritoneal nodules"] if study.get("peritoneal_nodules") else [])])
    reasons: tuple[str, ...] = (first[0][1],)
    if named and (code in ("1", "2") or study.get("peritoneal_other_cause")):
        told_of = "with another cause" if study.get("peritoneal_other_cause") else "with a benign lesion"
        reasons += (f"{named} {told_of}: {code} stays",)
    elif named:
        code, reasons = "5", (*reasons, f"{named} without another cause: 5")
    told = [management(code, lesion, status) for _, _, lesion in first]
    return Decision(code, reasons, min(told, key=lambda text: [words in text for words in SOONEST].index(True)))


def complete(study: dict[str, Any], _: Draw) -> dict[str, Any]:
    """Put a second lesion on the other side."""
    taken = [lesion["side"] for lesion in study["lesions"]]
    if len(taken) > 1 and taken[0] == taken[1]:
        study["lesions"][1]["side"] = "left" if taken[0] == "right" else "right"
    return study


# fmt: off
CATEGORIES = tuple(Category(code, meaning, advice, int(code), risk, tuple(f"{name} {code}" for name in ("O-RADS", "ORADS", "O-RADS US", "O-RADS category", "O-RADS US category"))) for code, meaning, advice, risk in (
    ("0", "incomplete evaluation for technical reasons", REPEAT, ""),
    ("1", "normal ovary or physiologic finding", NONE, ""),
    ("2", "almost certainly benign", BY_LESION, "<1%"),
    ("3", "low risk of malignancy", WATCH, "1% to <10%"),
    ("4", "intermediate risk of malignancy", "Ultrasound specialist, MRI with O-RADS MRI score, or gyn-oncologist protocol; gynecologist with gyn-oncologist consultation, or gyn-oncologist.", "10% to <50%"),
    ("5", "high risk of malignancy", "Gyn-oncologist, imaging per their protocol.", ">=50%"),
))
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("study_adequate", "bool", "whether the exam allows the lesion to be assessed", default=True, aliases={"False": ("nondiagnostic", "incomplete", "suboptimal")}),
    Field("inadequacy_reason", "enum", "why it does not", values=("bowel_gas", "large_lesion_size", "high_adnexal_position", "no_transvaginal", "body_habitus", "other"), aliases={"no_transvaginal": ("transvaginal declined", "no TV scan")}),
    Field("menopausal_status", "enum", "menopausal status, early is under and late is from 5 years after menopause", values=("premenopausal", *AFTER_MENOPAUSE, "unknown"), aliases={"premenopausal": ("perimenopausal, cycling", "pre"), "postmenopausal": ("PMP", "post")}),
    Field("age_years", "int", "age where the menopausal status is unknown", unit="years", high=120, derived=True),
    Field("ascites", "enum", "free fluid: physiologic in the pouch of Douglas, or ascites beyond it", values=("none", "physiologic_fluid", "present"), default="none", aliases={"physiologic_fluid": ("physiologic", "trace free fluid", "small free fluid in the cul-de-sac"), "present": ("ascites",)}),
    Field("peritoneal_nodules", "bool", "peritoneal or omental nodules", default=False),
    Field("peritoneal_other_cause", "bool", "whether ascites or nodules have another known cause", default=False),
    Field("side", "enum", "side of the lesion", "lesion", ("right", "left", "midline"), aliases={"right": ("R", "Rt", "right adnexa"), "left": ("L", "Lt", "left adnexa")}),
    Field("lesion_type", "enum", "what the lesion is; typical ones are classic benign lesions", "lesion", ("none", *PHYSIOLOGIC, *CYSTS, "solid_lesion", *CLASSIC, *EXTRAOVARIAN), aliases={
        "typical_dermoid": ("dermoid", "mature cystic teratoma", "MCT"), "typical_endometrioma": ("endometrioma", "chocolate cyst"), "typical_hemorrhagic_cyst": ("hemorrhagic cyst",), "paraovarian_cyst": ("paratubal cyst",),
        "peritoneal_inclusion_cyst": ("PIC", "peritoneal pseudocyst"), "corpus_luteum": ("CL",), "unilocular_cyst": ("unilocular",), "bilocular_cyst": ("bilocular",), "multilocular_cyst": ("multilocular", "multiloculated cyst"), "solid_lesion": ("solid mass", "solid")}),
    Field("size_cm", "float", "maximum diameter", "lesion", unit="cm", low=0.1, high=60, step=0.1),
    Field("simple", "bool", "whether a unilocular or paraovarian cyst is simple", "lesion"),
    Field("cyst_content", "enum", "content of a cyst", "lesion", ("anechoic", "low_level_echoes", "ground_glass", "reticular", "retractile_clot", "hyperechoic_shadowing", "lines_and_dots", "floating_spheres", "other_echoes"), aliases={"reticular": ("lacy", "fishnet"), "lines_and_dots": ("dermoid mesh",)}),
    Field("incomplete_septation", "bool", "whether a septum does not reach across", "lesion", default=False),
    Field("inner_wall", "enum", "inner wall and septa of a cyst; irregular is a protrusion under 3 mm", "lesion", ("smooth", "irregular"), default="smooth"),
    Field("solid_component", "bool", "whether a cyst has a solid component", "lesion", default=False),
    Field("protrusion_height_mm", "float", "height of the tallest protrusion into the cyst", "lesion", unit="mm", high=300),
    Field("papillary_projection_count", "int", "number of papillary projections", "lesion", high=99),
    Field("outer_contour", "enum", "outer contour of a solid lesion", "lesion", ("smooth", "irregular"), default="smooth", aliases={"irregular": ("lobulated",)}),
    Field("shadowing", "bool", "broad or diffuse acoustic shadowing", "lesion", default=False),
    Field("color_score", "int", "color score, 1 no flow to 4 very strong flow", "lesion", low=1, high=4),
)

_PRE, _EITHER = {"menopausal_status": "premenopausal"}, OneOf(("premenopausal", "premenopausal", "premenopausal", *AFTER_MENOPAUSE))
_NOT_LATE, _STATED = {"menopausal_status": OneOf(("premenopausal", "premenopausal", "early_postmenopausal"))}, {"menopausal_status": _EITHER}
_AT_3, _AT_10, _HUGE, _FREE = Between(2.7, 3.3), Between(9.6, 10.4), Between(10, 16), {"solid_component": Maybe(False, 0.6)}
_SIMPLE = {"lesion_type": "unilocular_cyst", "size_cm": Between(3.1, 9.9), "simple": True, "cyst_content": Maybe("anechoic", 0.35), "inner_wall": Maybe("smooth", 0.3), "solid_component": Maybe(False, 0.35), "color_score": Maybe(1, 0.3)}
_ECHOES = {"lesion_type": "unilocular_cyst", "size_cm": Between(2, 9.9), "simple": Maybe(False, 0.25), "cyst_content": OneOf(("low_level_echoes", "low_level_echoes", "other_echoes")), "incomplete_septation": Maybe(OneOf((False, True)), 0.3), "inner_wall": "smooth", **_FREE, "color_score": Maybe(OneOf((1, 1, 2)), 0.5)}
_PARTIAL = {"simple": None, "cyst_content": "anechoic", "incomplete_septation": True}
_BILOCULAR = {"lesion_type": "bilocular_cyst", "size_cm": Between(2.4, 9.9), "cyst_content": Maybe(OneOf(("anechoic", "low_level_echoes")), 0.6), "inner_wall": "smooth", **_FREE, "color_score": Maybe(OneOf((1, 2, 3, 4)), 0.85)}
_MULTILOCULAR = {**_BILOCULAR, "lesion_type": "multilocular_cyst", "size_cm": Between(3.5, 9.9), "color_score": OneOf((1, 2, 2, 3))}
_HEMORRHAGIC = {"lesion_type": "typical_hemorrhagic_cyst", "size_cm": Between(2.4, 8.5), "cyst_content": OneOf(("reticular", "reticular", "retractile_clot")), "color_score": Maybe(1, 0.7)}
_DERMOID = {"lesion_type": "typical_dermoid", "size_cm": Between(1.8, 9.9), "cyst_content": OneOf(("hyperechoic_shadowing", "hyperechoic_shadowing", "lines_and_dots", "floating_spheres")), "color_score": Maybe(1, 0.5)}
_ENDOMETRIOMA = {"lesion_type": "typical_endometrioma", "size_cm": Between(2, 9.9), "cyst_content": "ground_glass", "inner_wall": Maybe("smooth", 0.3), **_FREE, "color_score": Maybe(1, 0.6)}
_PARAOVARIAN = {"lesion_type": "paraovarian_cyst", "size_cm": Between(1.4, 6.8), "simple": Maybe(True, 0.85), "inner_wall": Maybe("smooth", 0.3)}
_HYDROSALPINX = {"lesion_type": "hydrosalpinx", "size_cm": Between(3, 14.5), "cyst_content": Maybe("anechoic", 0.5), "color_score": Maybe(1, 0.3)}
_INCLUSION = {"lesion_type": "peritoneal_inclusion_cyst", "size_cm": Between(4, 16), "cyst_content": Maybe("anechoic", 0.6), "color_score": Maybe(1, 0.3)}
_FOLLICLE, _LUTEUM = {"lesion_type": "follicle", "size_cm": Between(1, 3)}, {"lesion_type": "corpus_luteum", "size_cm": Between(1.5, 3)}
_ROUGH = {"inner_wall": "irregular", "solid_component": Maybe(False, 0.4), "protrusion_height_mm": Maybe(OneOf((1, 2, 2, 2.5, 2.9)), 0.5)}
_NODULE = {"inner_wall": None, "solid_component": True, "incomplete_septation": None, "simple": None, "protrusion_height_mm": Maybe(Between(3, 18), 0.7)}
_PAPILLARY = {**_ECHOES, **_NODULE, "size_cm": Between(3, 13), "cyst_content": Maybe(OneOf(("anechoic", "low_level_echoes")), 0.6), "color_score": Maybe(OneOf((1, 2, 2, 3, 4)), 0.7)}
_BY_HEIGHT = {"inner_wall": None, "solid_component": None, "simple": None, "incomplete_septation": None, "cyst_content": OneOf(("anechoic", "low_level_echoes")), "protrusion_height_mm": OneOf((1, 2, 2, 2.9, 3, 3, 4, 5, 7))}
_SOLID = {"lesion_type": "solid_lesion", "size_cm": Between(2, 11), "outer_contour": "smooth", "shadowing": Maybe(OneOf((True, False)), 0.8), "color_score": OneOf((1, 2, 2, 3, 3, 4))}
_FLOW, _MANY = {"color_score": OneOf((1, 2, 2, 3, 3, 4))}, {"papillary_projection_count": OneOf((1, 2, 3, 3, 4, 4, 5, 6))}
_SMALL = ({**_SIMPLE, "size_cm": Between(3.1, 5.8)}, {**_DERMOID, "size_cm": Between(1.8, 6)}, _PARAOVARIAN)
_BENIGN = (*_SMALL, {**_HYDROSALPINX, "size_cm": Between(8, 15)}, {**_ENDOMETRIOMA, "size_cm": Between(2, 7)})
_NOT_SEEN, _OTHER_CAUSE = {"study_adequate": False, "menopausal_status": Maybe(_EITHER, 0.6), "ascites": None, "peritoneal_nodules": None}, {"ascites": "present", "peritoneal_other_cause": True, "peritoneal_nodules": None}
_SPREAD = ({"ascites": "present"}, {"ascites": "present", "peritoneal_nodules": True}, {"peritoneal_nodules": True})
_RISKY: tuple[dict[str, Any], ...] = ({}, {"size_cm": _HUGE}, {**_ROUGH, "lesion_type": "unilocular_cyst"}, {**_PAPILLARY, "papillary_projection_count": OneOf((1, 2, 3))}, {"cyst_content": None, "inner_wall": None, "solid_component": None, **_SOLID, "color_score": OneOf((1, 2, 3))})

SCENARIOS = (
    Scenario("adnexa_not_shown", _NOT_SEEN, ({},), variants=({"inadequacy_reason": "large_lesion_size", "size_cm": Between(13, 24)}, {"inadequacy_reason": "high_adnexal_position", "size_cm": Between(6, 14)}, {"inadequacy_reason": "bowel_gas"})),
    Scenario("normal_ovaries", {"menopausal_status": OneOf((*["premenopausal"] * 4, "late_postmenopausal"))}),
    Scenario("follicle", _PRE, (_FOLLICLE,), (_FOLLICLE, _LUTEUM)),
    Scenario("simple_cyst", _STATED, (_SIMPLE,), _SMALL, variants=({"size_cm": _AT_3, "simple": True, **_PRE}, {"size_cm": Between(1.2, 3.3)}, {}, {"size_cm": _AT_10})),
    Scenario("smooth_echogenic_cyst", lesions=(_ECHOES,), companions=_SMALL, variants=({}, _PARTIAL, {"size_cm": _AT_10}, {"size_cm": _HUGE})),
    Scenario("smooth_bilocular", lesions=(_BILOCULAR,), companions=_SMALL, variants=({}, {"size_cm": _AT_10, "color_score": OneOf((2, 3, 4))}, {"size_cm": _HUGE})),
    Scenario("classic_ovarian", _NOT_LATE, (_DERMOID,), companions=_SMALL, variants=({}, {**_HEMORRHAGIC}, _ENDOMETRIOMA, {"size_cm": _AT_10}, {**_ENDOMETRIOMA, "size_cm": Between(9.6, 12)}, {**_HEMORRHAGIC, "size_cm": _AT_10})),
    Scenario("extraovarian", lesions=(_PARAOVARIAN,), companions=_SMALL, variants=({}, {"simple": None, "inner_wall": None, **_HYDROSALPINX})),
    Scenario("irregular_wall", lesions=({**_ECHOES, **_ROUGH},), companions=_BENIGN, variants=(
        {}, {"simple": None, "cyst_content": "anechoic", "size_cm": Between(2, 12)}, *({"simple": None, "incomplete_septation": None, **_BILOCULAR, **_ROUGH, **more} for more in ({}, {"lesion_type": "multilocular_cyst", "size_cm": Between(3, 14)})))),
    Scenario("smooth_multilocular", lesions=(_MULTILOCULAR,), companions=_BENIGN, variants=({}, {"size_cm": _AT_10}, {"color_score": OneOf((3, 4))}, {"size_cm": Between(10, 18)})),
    Scenario("smooth_solid", lesions=(_SOLID,), companions=_BENIGN, variants=({}, {"shadowing": False}, {"color_score": 1})),
    Scenario("unilocular_solid", lesions=(_PAPILLARY,), companions=_BENIGN, variants=({}, {"papillary_projection_count": OneOf((1, 2, 3))}, {"papillary_projection_count": OneOf((3, 4, 5))})),
    Scenario("septated_solid", lesions=({**_BILOCULAR, **_NODULE, **_FLOW},), companions=_BENIGN, variants=({}, {"lesion_type": "multilocular_cyst", "size_cm": Between(4, 16)}, {"lesion_type": "multilocular_cyst", **_MANY})),
    Scenario("irregular_solid", lesions=({**_SOLID, "outer_contour": "irregular", "size_cm": Between(2.5, 14), "shadowing": Maybe(OneOf((True, False)), 0.4)},), companions=_BENIGN),
    Scenario("protrusion_measured", lesions=({**_ECHOES, **_BY_HEIGHT},), companions=_SMALL, variants=({}, {}, {"lesion_type": "bilocular_cyst", "color_score": OneOf((1, 2, 3))})),
    Scenario("spread_without_other_cause", {"peritoneal_other_cause": Maybe(False, 0.4)}, (_MULTILOCULAR,), _SMALL, variants=tuple(spread | risky for risky in _RISKY for spread in _SPREAD)),
    Scenario("ascites_of_other_cause", _OTHER_CAUSE, (_SIMPLE,), variants=({}, {**_PRE, "size_cm": Between(1.4, 3)}, {"simple": None, "inner_wall": None, "solid_component": None, **_DERMOID}, {"simple": None, "inner_wall": None, "cyst_content": None, "solid_component": None, "color_score": None, **_PRE, **_FOLLICLE})),
    Scenario("transvaginal_not_done", {**_NOT_SEEN, "inadequacy_reason": OneOf(("no_transvaginal", "no_transvaginal", "body_habitus", "other"))}, ({"size_cm": Maybe(Between(3, 12), 0.6)},), unseen=True),
    Scenario("corpus_luteum", _PRE, (_LUTEUM,), (_FOLLICLE,), unseen=True),
    Scenario("inclusion_cyst", lesions=({**_INCLUSION, "side": OneOf(("right", "left", "midline"))},), unseen=True),
    Scenario("bilateral_classic", _NOT_LATE, ({**_ENDOMETRIOMA, "size_cm": Between(3, 12)}, {**_DERMOID, "size_cm": Between(3, 12)}), unseen=True),
    Scenario("bilateral_multilocular", lesions=({**_MULTILOCULAR, "size_cm": Between(7, 13)}, {**_BILOCULAR, "size_cm": Between(4, 9.9)}), unseen=True, variants=({}, {"size_cm": _AT_10}, {"color_score": OneOf((3, 4))})),
    Scenario("shadowing_solid", lesions=({**_SOLID, "shadowing": True},), companions=_BENIGN, unseen=True),
    Scenario("many_projections", lesions=({**_PAPILLARY, **_MANY},), companions=_BENIGN, unseen=True),
)
_NO_SPREAD = {"ascites": (None, "none", "physiologic_fluid"), "peritoneal_nodules": (None, False)}  # else a pair reaches 1 or 2
_ABSENT = {"protrusion_height_mm": None, "papillary_projection_count": None}
_WALL_ALONE = {"size_cm": Between(3.1, 30), "simple": None, "solid_component": (None, False), **_ABSENT}
DOCUMENT = Document(
    key="orads_us", system="orads", system_names=("O-RADS US", "O-RADS", "ORADS"), title="O-RADS US, adnexal lesions on ultrasound", edition="v2022",
    source="Strachowski LM et al. Radiology 2023;308:e230685", modalities=("ultrasound",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS,
    rule=rule, complete=complete, sexes=("female",), ages=(47, 54), lesion_plan={"side": OneOf(("right", "left"))},
    exam_plan={"study_adequate": Maybe(True, 0.08), "menopausal_status": Maybe(_EITHER, 0.85), "ascites": Maybe(OneOf(("none", "none", "physiologic_fluid")), 0.6), "peritoneal_nodules": Maybe(False, 0.12)},
    edits=(
        Edit("size_cm", steps=(0.2, 0.5), where={"lesion_type": (*CYSTS, *CLASSIC), "size_cm": Between(9.3, 10.7), "peritoneal_other_cause": (None, False)}),
        Edit("size_cm", steps=(0.2, 0.5), where={"lesion_type": "unilocular_cyst", "size_cm": Between(2.4, 3.5)}),
        Edit("menopausal_status", ("premenopausal", "early_postmenopausal"), where={"lesion_type": "unilocular_cyst"}),
        Edit("inner_wall", ("smooth", "irregular"), where={"lesion_type": CYSTS[:2], **_WALL_ALONE, **_NO_SPREAD}),
        Edit("inner_wall", ("smooth", "irregular"), where={"lesion_type": "multilocular_cyst", "color_score": (1, 2, 3, 4), **_WALL_ALONE}),
        Edit("solid_component", (False, True), where={"lesion_type": CYSTS, "simple": None, "color_score": (1, 2, 3, 4), "inner_wall": "smooth", **_ABSENT}),
        Edit("protrusion_height_mm", steps=(1,), where={"inner_wall": None, "solid_component": None, "protrusion_height_mm": Between(2, 2.9)}),
        Edit("protrusion_height_mm", steps=(1, 2), where={"inner_wall": None, "solid_component": None, "protrusion_height_mm": Between(3, 5)}),
        Edit("protrusion_height_mm", steps=(1, 2), where={"solid_component": True, "protrusion_height_mm": Between(6, 18)}),
        Edit("papillary_projection_count", steps=(1, 2), where={"papillary_projection_count": Between(3, 6)}),
        Edit("color_score", (1, 2, 3, 4), where={"lesion_type": ("multilocular_cyst", "bilocular_cyst", "solid_lesion")}),
        Edit("lesion_type", ("bilocular_cyst", "multilocular_cyst"), where={"lesion_type": ("bilocular_cyst", "multilocular_cyst"), "color_score": (1, 2, 3, 4), **_NO_SPREAD}),
        Edit("outer_contour", ("smooth", "irregular"), where={"lesion_type": "solid_lesion"}),
        Edit("shadowing", (True, False), where={"lesion_type": "solid_lesion"}),
        Edit("ascites", ("none", "physiologic_fluid", "present"), where={"lesion_type": ("multilocular_cyst", "solid_lesion"), "peritoneal_other_cause": None}),
        Edit("peritoneal_nodules", (False, True), where={"lesion_type": ("multilocular_cyst", "solid_lesion"), "peritoneal_other_cause": None}),
    ),
)
