"""US LI-RADS (v2017, surveillance v2024): HCC surveillance ultrasound of patients at high risk.

Issued by the American College of Radiology. An exam gets two independent labels, written side by side
as ``US-2 VIS-B``; the first is the one that plans count.

=====  ============================================================================================
US-1   negative: no observation, definitely benign ones of any size, or one that has stayed small
US-2   subthreshold: an observation under 10 mm that is not definitely benign
US-3   positive: such an observation of 10 mm or more, an area of parenchymal distortion of 10 mm or
       more, or a new thrombus in a vein
=====  ============================================================================================

VIS-A, VIS-B and VIS-C stand for no or minimal, moderate and severe limitation of what can be seen; they
never change the first label. Several observations: the highest one names the exam.

The versions differ in when a small observation returns to US-1 (v2024: still under 10 mm on two
follow-up exams; v2017: stable for 24 months) and in the advice: v2024 alone heeds VIS-C and the AFP.
v2024 is taken where no version is named.

Readings of this module: the stated limitation makes the score, a share that is not seen must agree with
it (under 10% minimal, 10-40% moderate, from 60% severe, in between the stated word), and a cause of limited
view alone does not tell its severity. Distortion under 10 mm does not count; thrombus of unknown age is
refused unless something else makes the exam US-3 anyway. Neither is generated, as are no observation that
is only probably benign, none known from CT or MRI as LR-3 or LR-4, and no treated liver. ``afp_positive``
also covers a rising AFP, which v2024 does not define: no rise is generated. ``thrombus_vein`` is a
choice of veins here. The advice for US-2 with VIS-C follows VIS-C, and the AFP goes first.

Source: ACR US LI-RADS v2017 Core; ACR LI-RADS US Surveillance v2024 Core; Rodgers SK et al. RadioGraphics
2019;39:690-708; Morgan TA et al. Abdom Radiol 2018, doi 10.1007/s00261-017-1317-y.

>>> from multirads_hf.rads import get
>>> get("lirads_us").categorise({"vis_severity": "moderate", "lesions": [{"size_mm": 9, "lobe": "right"}]})
'US-2 VIS-B'
>>> get("lirads_us").categorise({"lesions": [{"size_mm": 40, "benign_entity": "simple_cyst"}, {"size_mm": 10}]})
'US-3 VIS-A'
>>> get("lirads_us").categorise({"lesions": [{"lobe": "left"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: lirads_us: lesions[].size_mm is missing. What is not definitely benign is judged by size.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

# v2017 and v2024 Core: size in mm from which an observation, or an area of distortion, is positive.
POSITIVE_MM = 10
# v2024 Core: follow-up exams after which a small observation is US-1; v2017 Core: months of stability.
STABLE_EXAMS, STABLE_MONTHS = 2, 24
# v2024 Core: AFP (ng/mL) that is positive.
AFP_POSITIVE = 20
# v2024 Core: what makes another VIS-C likely.
PERSISTENT = {"cirrhosis_etiology": ("MASH", "alcohol"), "child_pugh": ("B", "C")}
PERSISTENT_BMI = 35
# Both Cores, visualization score; the shares (%) are those of this corpus, over 50% of a lobe is VIS-C.
SCORES = {"minimal": "VIS-A", "moderate": "VIS-B", "severe": "VIS-C"}
MODERATE_SHARE, MODERATE_MOST, SEVERE_SHARE = 10, 40, 60
LATEST = "v2024"

ROUTINE, SOON = "Surveillance ultrasound in 6 months.", "Repeat ultrasound in 3-6 months."
REPEAT = "Repeat ultrasound within 3 months."
ALTERNATIVE = "Consider alternative surveillance with MRI or CT."
DIAGNOSE = "Diagnostic multiphase CT or MRI."
BY_AFP = "Multiphase CT or MRI because of the AFP."


def _refusal(field: str, value: object, accepted: str) -> StudyError:
    return StudyError(f"lirads_us: {field}: got {shown(value)}. Allowed{accepted}.")


def is_benign(lesion: Study) -> bool:
    """Return whether an observation is definitely benign, as stated or by what it is.

    Raises:
        StudyError: a benign entity that is said not to be definitely benign.
    """
    entity = lesion.get("benign_entity") or "none"
    if entity != "none" and lesion.get("definitely_benign") is False:
        raise _refusal("lesions[].definitely_benign", False, f" with {entity}: true")
    return entity != "none" or bool(lesion.get("definitely_benign"))


def is_settled(lesion: Study, version: str) -> bool:
    """Return whether a small observation has been followed long enough to be US-1 again."""
    if version == LATEST:
        return (lesion.get("us2_stable_exams") or 0) >= STABLE_EXAMS
    return (lesion.get("stable_months") or 0) >= STABLE_MONTHS


def score(lesion: Study, version: str = LATEST) -> tuple[str, str]:
    """Return category and reason of one observation.

    Raises:
        StudyError: it is not definitely benign and has no size.
    """
    if is_benign(lesion):
        entity = (lesion.get("benign_entity") or "none").replace("_", " ").replace("none", "observation")
        return "US-1", f"{entity}, definitely benign: US-1"
    size = lesion.get("size_mm")
    if size is None:
        raise StudyError("lirads_us: lesions[].size_mm is missing. What is not definitely benign is judged by size.")
    if size >= POSITIVE_MM:
        return "US-3", f"observation of {POSITIVE_MM} mm or more, not definitely benign: US-3"
    if is_settled(lesion, version):
        span = f"{STABLE_EXAMS} follow-up exams" if version == LATEST else f"{STABLE_MONTHS} months"
        return "US-1", f"observation under {POSITIVE_MM} mm, unchanged for {span} or more ({version}): US-1"
    return "US-2", f"observation under {POSITIVE_MM} mm, not definitely benign: US-2"


def us_category(study: Study) -> tuple[str, str]:
    """Return the highest category of an exam and its reason.

    Raises:
        StudyError: an observation cannot be judged, or nothing but a thrombus of unknown age could make it US-3.
    """
    thrombus, distortion = study.get("venous_thrombus"), study.get("distortion_mm") or 0
    scored = [score(lesion, study.get("version") or LATEST) for lesion in study.get("lesions") or []]
    if thrombus == "new":
        scored.insert(0, ("US-3", "new thrombus in a vein: US-3"))
    if distortion >= POSITIVE_MM:
        scored.insert(0, ("US-3", f"parenchymal distortion of {POSITIVE_MM} mm or more: US-3"))
    code, reason = max(scored, key=lambda entry: entry[0], default=("US-1", "no observation: US-1"))
    if thrombus == "indeterminate" and code != "US-3":
        raise _refusal("venous_thrombus", thrombus, " where the category depends on it: none, new, chronic_unchanged")
    return code, reason


def _by_share(percent: float) -> tuple[str, ...]:
    """Return the severities that go with a share of a lobe or of the diaphragm that is not seen."""
    if percent >= SEVERE_SHARE:
        return ("severe",)
    if percent > MODERATE_MOST:
        return ("moderate", "severe")
    return ("moderate",) if percent >= MODERATE_SHARE else ("minimal",)


def severity(study: Study) -> str:
    """Return how much the view is limited: as stated, by the share not seen, or minimal where nothing is said.

    Raises:
        StudyError: word and share contradict each other, or neither tells the severity of a limitation.
    """
    stated, percent = study.get("vis_severity"), study.get("vis_percent_not_seen")
    fitting = tuple(SCORES) if percent is None else _by_share(percent)
    if stated is not None:
        if stated not in fitting:
            raise _refusal("vis_severity", stated, f" with {percent:g}% not seen: {', '.join(fitting)}")
        return str(stated)
    limited = [name for name in study.get("vis_limitations") or [] if name != "none"]
    if len(fitting) > 1 and (limited or percent is not None):
        raise StudyError("lirads_us: vis_severity is missing. A limitation alone does not tell VIS-A, VIS-B and VIS-C.")
    return fitting[0]


def afp_positive(study: Study) -> bool:
    """Return whether the AFP is positive, as stated or by its value.

    Raises:
        StudyError: a value of 20 ng/mL or more is said not to be positive.
    """
    stated, high = study.get("afp_positive"), (study.get("afp_ng_ml") or 0) >= AFP_POSITIVE
    if high and stated is False:
        raise _refusal("afp_positive", stated, f" from {AFP_POSITIVE} ng/mL: true")
    return high or bool(stated)


def may_persist(study: Study) -> bool:
    """Return whether another exam is likely to be VIS-C again."""
    named = any(study.get(field) in values for field, values in PERSISTENT.items())
    return named or (study.get("bmi") or 0) >= PERSISTENT_BMI


def management(code: str, vis: str, study: Study) -> str:
    """Return what the version of the study advises."""
    positive = afp_positive(study)
    if code == "US-3":
        return DIAGNOSE
    if (study.get("version") or LATEST) == LATEST:
        if positive:
            return BY_AFP
        if vis == "VIS-C":
            return ALTERNATIVE if may_persist(study) else REPEAT
    return SOON if code == "US-2" else ROUTINE


def rule(study: Study) -> Decision:
    """Judge observations, distortion and thrombus, and apart from them what could be seen."""
    (code, reason), limited = us_category(study), severity(study)
    vis = SCORES[limited]
    reasons = (reason, f"{limited} limitation of the view: {vis}")
    return Decision(f"{code} {vis}", reasons, management(code, vis, study))


# Causes of a limited view that occur together, for each severity.
_HABITUS, _GAS, _FAT, _MIXED_TEXTURE, _DOME = (
    ["body_habitus"],
    ["bowel_gas"],
    ["steatosis"],
    ["heterogeneous_parenchyma"],
    ["limited_breath_hold", "dome_not_seen"],
)
_COARSE, _LEFT_HIDDEN = ["heterogeneous_parenchyma", "nodular_liver"], ["bowel_gas", "left_lobe_not_seen"]
CAUSES = {
    "minimal": (["none"], ["none"], ["none"], _FAT, _GAS, _HABITUS, ["shadowing"], _MIXED_TEXTURE),
    "moderate": (_FAT, _GAS, _HABITUS, _MIXED_TEXTURE, ["nodular_liver"], ["shadowing"], _COARSE, [*_FAT, *_HABITUS], [*_HABITUS, *_GAS], [*_GAS, "shadowing"], _DOME, ["shadowing", "dome_not_seen"]),
    "severe": (_FAT, _GAS, _HABITUS, _MIXED_TEXTURE, _COARSE, [*_FAT, *_HABITUS], [*_HABITUS, *_GAS], [*_HABITUS, *_DOME], _DOME, _LEFT_HIDDEN, _LEFT_HIDDEN),
}  # fmt: skip
SHARES = {"moderate": (10, 15, 20, 20, 25, 30, 30, 35, 40), "severe": (60, 60, 65, 65, 70, 70, 75, 75, 80)}
# Largest observation (mm) that is put into the caudate lobe.
CAUDATE_MM = 30
# v2017: months that go with a number of follow-up exams every 3 to 6 months.
MONTHS = {2: (9, 12), 3: (12, 15, 18), 4: (18, 21, 24), 5: (21, 24, 24, 27, 30), 6: (24, 27, 30, 36)}


def _limit(study: dict[str, Any], draw: Draw) -> None:
    """Give a severity its causes and, now and then, the share that is not seen."""
    limited = study["vis_severity"]
    causes = draw.pick(CAUSES[limited])
    if study["risk_factor"] != "cirrhosis" and causes[0] in ("heterogeneous_parenchyma", "nodular_liver"):
        causes = _FAT
    if causes == ["none"] or draw.chance(0.9):
        study["vis_limitations"] = list(causes)
    if causes == ["none"] and draw.chance(0.3):
        del study["vis_severity"]
    if limited in SHARES and causes != _LEFT_HIDDEN and draw.chance(0.4):
        study["vis_percent_not_seen"] = draw.pick(SHARES[limited])
    if causes == _LEFT_HIDDEN and "thrombus_vein" in study:
        study["thrombus_vein"] = study["thrombus_vein"].replace("left_", "right_")
    if "body_habitus" in causes and "bmi" in study:
        study["bmi"] = 31 + study["bmi"] % 14


def _history(lesion: dict[str, Any], draw: Draw) -> None:
    """Tie the times and sizes of earlier exams to those of this one."""
    exams = lesion.get("us2_stable_exams")
    if exams and "stable_months" in lesion:
        lesion["stable_months"] = draw.pick(MONTHS[exams])
    if "prior_size_mm" in lesion:
        kept = exams or "stable_months" in lesion
        lesion["prior_size_mm"] = (
            min(9, lesion["size_mm"] + draw.pick((0, 0, 1)))
            if kept
            else max(4, lesion["size_mm"] - draw.pick((3, 4, 5, 6)))
        )


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Tie cause and grade of cirrhosis, the AFP, the view and earlier exams to each other."""
    if study["risk_factor"] != "cirrhosis":
        study.pop("cirrhosis_etiology", None)
        study.pop("child_pugh", None)
    if "afp_ng_ml" in study:
        study.pop("afp_positive", None)
    _limit(study, draw)
    for lesion in study["lesions"]:
        _history(lesion, draw)
        hidden = lesion["lobe"] == "left" and "left_lobe_not_seen" in study.get("vis_limitations", ())
        if hidden or (lesion["lobe"] == "caudate" and lesion.get("size_mm", 0) > CAUDATE_MM):
            lesion["lobe"] = "right"
    return {field.name: study[field.name] for field in FIELDS if field.name in study} | {"lesions": study["lesions"]}


# fmt: off
_SPELLINGS = ("US-{n} and VIS-{v}", "US-{n} visualization VIS-{v}", "US-{n} visualization score VIS-{v}", "US-{n}{v}", "US-{n}, VIS-{v}", "US-{n}/VIS-{v}", "US-{n} Vis {v}", "US-{n} visualization {v}", "US-{n}, visualization {v}", "US-{n}, visualization score {v}", "US LI-RADS {n}{v}", "US LI-RADS {n} VIS-{v}", "US LI-RADS {n}, visualization {v}")
_MEANINGS = {"US-1": ("negative", 0), "US-2": ("subthreshold", 1), "US-3": ("positive", 2)}
_VIEWS = {"VIS-A": "no or minimal limitation", "VIS-B": "moderate limitation", "VIS-C": "severe limitation"}
_BOTH = f"{REPEAT[:-1]}, or alternative surveillance with MRI or CT where the view will stay limited."
CATEGORIES = tuple(
    Category(f"{us} {vis}", f"{meaning}, {view}", DIAGNOSE if us == "US-3" else _BOTH if vis == "VIS-C" else SOON if us == "US-2" else ROUTINE, rank,
             aliases=tuple(spelling.format(n=us[-1], v=vis[-1]) for spelling in _SPELLINGS))
    for (us, (meaning, rank)), (vis, view) in product(_MEANINGS.items(), _VIEWS.items())
) + tuple(  # a report may leave the visualization score out; the rule never does
    Category(us, meaning, DIAGNOSE if us == "US-3" else SOON if us == "US-2" else ROUTINE, rank, aliases=(f"US LI-RADS {us[-1]}", f"LI-RADS US {us[-1]}"))
    for us, (meaning, rank) in _MEANINGS.items()
)

BENIGN = ("simple_cyst", "focal_fat_sparing", "focal_fat", "confirmed_hemangioma", "granuloma_calcified")
FIELDS = (
    Field("risk_factor", "enum", "why the patient is at high risk of HCC", values=("cirrhosis", "chronic_hbv", "other_high_risk"), aliases={"chronic_hbv": ("HBV", "chronic hepatitis B", "CHB"), "other_high_risk": ("advanced fibrosis", "F3 fibrosis")}),
    Field("cirrhosis_etiology", "enum", "cause of the cirrhosis", values=("viral", "alcohol", "MASH", "other"), aliases={"viral": ("HCV", "HBV", "hepatitis C", "hepatitis B"), "alcohol": ("EtOH", "alcoholic", "alcohol-related"), "MASH": ("NASH", "MASLD", "NAFLD"), "other": ("autoimmune", "cholestatic", "hemochromatosis")}),
    Field("child_pugh", "enum", "Child-Pugh class", values=("A", "B", "C"), aliases={"A": ("CTP A", "class A"), "B": ("CTP B", "class B"), "C": ("CTP C", "class C")}),
    Field("bmi", "float", "body mass index", unit="kg/m2", low=10, high=90),
    Field("afp_ng_ml", "float", "alpha-fetoprotein", unit="ng/mL", high=1_000_000),
    Field("afp_positive", "bool", "whether the AFP is positive (20 ng/mL or more, or rising)", default=False, aliases={}),
    Field("version", "enum", "version of the guideline that is applied", values=("v2017", "v2024"), default=LATEST, aliases={"v2017": ("2017",), "v2024": ("2024",)}),
    Field("vis_severity", "enum", "how much the view of the liver is limited", values=tuple(SCORES), aliases={"minimal": ("no significant limitation", "minimally limited"), "moderate": ("moderately limited",), "severe": ("severely limited",)}),
    Field("vis_limitations", "list", "every cause of a limited view", default=["none"], values=("none", "steatosis", "heterogeneous_parenchyma", "body_habitus", "bowel_gas", "shadowing", "nodular_liver", "limited_breath_hold", "dome_not_seen", "left_lobe_not_seen"), aliases={"bowel_gas": ("overlying bowel gas",), "body_habitus": ("obesity", "habitus"), "limited_breath_hold": ("shallow inspiration",), "heterogeneous_parenchyma": ("heterogeneous echotexture",)}),
    Field("vis_percent_not_seen", "int", "share of the worst seen lobe, or of the diaphragm, that is not seen", unit="%", high=100),
    Field("distortion_mm", "int", "size of an area of parenchymal distortion", unit="mm", low=1, high=300),
    Field("venous_thrombus", "enum", "thrombus in a portal or hepatic vein", values=("none", "new", "chronic_unchanged", "indeterminate"), default="none", aliases={"none": ("patent",), "chronic_unchanged": ("chronic", "unchanged")}),
    Field("thrombus_vein", "enum", "the vein that holds the thrombus", values=("main_portal_vein", "right_portal_vein", "left_portal_vein", "right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"), aliases={"main_portal_vein": ("MPV", "main portal vein", "portal trunk"), "right_portal_vein": ("RPV",), "left_portal_vein": ("LPV",), "right_hepatic_vein": ("RHV",), "middle_hepatic_vein": ("MHV",), "left_hepatic_vein": ("LHV",)}),
    Field("us_category", "enum", "category of the exam", values=tuple(_MEANINGS), derived=True),
    Field("vis_score", "enum", "visualization score", values=("A", "B", "C"), derived=True),
    Field("recommendation", "enum", "what is advised", values=("us_6mo", "us_3_6mo", "us_3mo", "diagnostic_ct_mri", "alternative_surveillance"), derived=True),
    Field("lobe", "enum", "lobe that holds the observation", "lesion", ("right", "left", "caudate"), aliases={"right": ("right hepatic lobe", "R"), "left": ("left hepatic lobe", "L"), "caudate": ("segment I",)}),
    Field("size_mm", "int", "largest diameter in any plane", "lesion", unit="mm", low=1, high=300),
    Field("prior_size_mm", "int", "largest diameter on the earlier exam", "lesion", unit="mm", low=1, high=300),
    Field("echogenicity", "enum", "echogenicity against the liver", "lesion", ("hypoechoic", "hyperechoic", "isoechoic", "anechoic", "mixed"), aliases={"hyperechoic": ("echogenic",), "mixed": ("heterogeneous", "mixed echogenicity")}),
    Field("definitely_benign", "bool", "whether it is definitely benign", "lesion", default=False),
    Field("benign_entity", "enum", "what a definitely benign observation is", "lesion", (*BENIGN, "none"), default="none", aliases={"simple_cyst": ("cyst", "hepatic cyst"), "focal_fat_sparing": ("fatty sparing", "focal sparing"), "focal_fat": ("focal fatty infiltration", "focal steatosis"), "confirmed_hemangioma": ("hemangioma",), "granuloma_calcified": ("calcified granuloma", "granuloma")}),
    Field("us2_stable_exams", "int", "follow-up exams in a row on which it stayed under 10 mm, 0 at first detection", "lesion", high=20, default=0),
    Field("stable_months", "int", "time for which it has been unchanged", "lesion", unit="months", high=240),
)

_CYST = {"benign_entity": "simple_cyst", "echogenicity": Maybe("anechoic", 0.6), "size_mm": Between(5, 68), "definitely_benign": Maybe(True, 0.3)}
_HEMANGIOMA = {"benign_entity": "confirmed_hemangioma", "echogenicity": Maybe("hyperechoic", 0.8), "size_mm": Between(7, 36), "definitely_benign": Maybe(True, 0.3)}
_SPARED = {"benign_entity": "focal_fat_sparing", "echogenicity": Maybe("hypoechoic", 0.7), "size_mm": Maybe(Between(9, 34), 0.8), "definitely_benign": Maybe(True, 0.4), "lobe": OneOf(("right", "left"))}
_FATTY = {**_SPARED, "benign_entity": "focal_fat", "echogenicity": Maybe("hyperechoic", 0.7)}
_GRANULOMA = {"benign_entity": "granuloma_calcified", "echogenicity": Maybe("hyperechoic", 0.7), "size_mm": Between(3, 12), "definitely_benign": Maybe(True, 0.3), "lobe": OneOf(("right", "left"))}
_GRAY = OneOf(("hypoechoic", "hypoechoic", "hypoechoic", "hyperechoic", "isoechoic"))
_OPEN = {"echogenicity": Maybe(_GRAY, 0.85), "definitely_benign": Maybe(False, 0.3)}
_SMALL, _NEAR, _LARGE = {**_OPEN, "size_mm": Between(4, 9)}, {**_OPEN, "size_mm": OneOf((8, 9, 9, 10, 10, 11))}, {**_OPEN, "size_mm": Between(10, 28)}
_MASS = {"echogenicity": OneOf(("hypoechoic", "mixed", "mixed", "isoechoic", "hyperechoic")), "size_mm": Between(26, 92), "definitely_benign": Maybe(False, 0.15)}
_KEPT = {"echogenicity": Maybe(_GRAY, 0.8), "size_mm": Between(4, 9), "prior_size_mm": Maybe(9, 0.4), "us2_stable_exams": OneOf((1, 2, 3))}
_KEPT_2017 = {**_KEPT, "us2_stable_exams": OneOf((3, 4, 4, 5, 5)), "stable_months": 24}
_LATE, _OLD = {"version": Maybe("v2024", 0.6)}, {"version": "v2017"}
_GROWN = {**_OPEN, "prior_size_mm": 6, "size_mm": Between(10, 17)}
_KNOWN = {"echogenicity": _GRAY, "definitely_benign": OneOf((True, False)), "size_mm": Between(5, 24)}
_FEW = (_CYST, _CYST, _HEMANGIOMA, _GRANULOMA, _SPARED)
_PORTAL, _HEPATIC = OneOf(("main_portal_vein", "main_portal_vein", "right_portal_vein", "right_portal_vein", "left_portal_vein")), OneOf(("right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"))
_CLOT = {"thrombus_vein": OneOf((_PORTAL, _PORTAL, _PORTAL, _HEPATIC))}
_NEW, _OLD_CLOT = {"venous_thrombus": "new", **_CLOT}, {"venous_thrombus": "chronic_unchanged", **_CLOT, "thrombus_vein": _PORTAL}
_AFP = {"afp_ng_ml": OneOf((Between(17, 23), Between(24, 260)))}
_WARPED = {"distortion_mm": Between(10, 46)}

SCENARIOS = (
    Scenario("no_observation"),
    Scenario("cysts", lesions=(_CYST,), companions=(_CYST, _GRANULOMA), companion_chance=0.5),
    Scenario("confirmed_hemangioma", lesions=(_HEMANGIOMA,), companions=(_CYST, _HEMANGIOMA)),
    Scenario("fatty_change", lesions=(_SPARED,), companions=(_CYST,), variants=({}, _FATTY)),
    Scenario("calcified_granuloma", lesions=(_GRANULOMA,), companions=(_CYST,)),
    Scenario("subthreshold", lesions=(_SMALL,), companions=_FEW),
    Scenario("around_the_bound", lesions=(_NEAR,), companions=_FEW),
    Scenario("positive_nodule", lesions=(_LARGE,), companions=(*_FEW, _SMALL)),
    Scenario("mass", lesions=(_MASS,), companions=(*_FEW, _SMALL)),
    Scenario("several_nodules", lesions=(_SMALL, _SMALL), companions=(_SMALL,), variants=({}, {"size_mm": OneOf((9, 10, 11, 12))})),
    Scenario("nodule_beside_large_cyst", lesions=(_NEAR, {**_CYST, "size_mm": Between(22, 80)})),
    Scenario("followed_v2024", _LATE, lesions=(_KEPT,), companions=(_CYST,), variants=({}, {"us2_stable_exams": OneOf((1, 2))})),
    Scenario("followed_v2017", _OLD, lesions=(_KEPT_2017,), companions=(_CYST,)),
    Scenario("growing_nodule", lesions=(_GROWN,), companions=(_CYST,), variants=({}, {"size_mm": Between(7, 9)}, {"size_mm": OneOf((9, 10))})),
    Scenario("characterized_before", lesions=(_KNOWN,), companions=(_CYST,), variants=({}, {"size_mm": Between(5, 9)})),
    Scenario("new_thrombus", _NEW, companions=(_CYST, _GRANULOMA), variants=({}, {"thrombus_vein": _PORTAL})),
    Scenario("known_thrombus", _OLD_CLOT, companions=(_SMALL, _SMALL, _LARGE, _CYST), companion_chance=0.6),
    Scenario("distortion", _WARPED, companions=(_CYST, _SMALL), companion_chance=0.3),
    Scenario("poor_window", {"vis_severity": "severe"}, companions=(_SMALL, _LARGE, _CYST), companion_chance=0.75),
    Scenario("raised_afp", _AFP, companions=(_SMALL, _CYST, _NEAR), companion_chance=0.6, unseen=True),
    Scenario("mixed_benign", lesions=(_CYST, _HEMANGIOMA), companions=(_GRANULOMA, _FATTY, _SMALL), companion_chance=0.6, unseen=True),
    Scenario("followed_pair", _LATE, lesions=(_KEPT, _KEPT), companions=(_GRANULOMA,), unseen=True),
    Scenario("stable_for_months_v2017", _OLD, lesions=({**_KEPT, "us2_stable_exams": None, "stable_months": OneOf((12, 18, 21, 23, 24, 25, 27, 30, 36))},), companions=(_HEMANGIOMA,), unseen=True),
    Scenario("thrombus_or_distortion_with_nodule", lesions=(_NEAR,), variants=(_NEW, _WARPED, {**_OLD_CLOT, "size_mm": Between(6, 9)}), unseen=True),
)
_UNJUDGED = {"benign_entity": None, "us2_stable_exams": None, "stable_months": None, "prior_size_mm": None}
_ALL_SEEN = {"vis_limitations": (None, *(causes for causes in CAUSES["minimal"][2:]), *CAUSES["moderate"])}
EDITS = (
    Edit("size_mm", steps=(1, 2), where=_UNJUDGED | {"size_mm": Between(6, 90), "definitely_benign": (None, False)}),
    Edit("size_mm", steps=(1, 2), where={"benign_entity": BENIGN[:4], "size_mm": Between(9, 60)}),
    Edit("us2_stable_exams", (1, 2, 3), where={"stable_months": None, "version": (None, "v2024"), "size_mm": Between(1, 9)}),
    Edit("stable_months", steps=(3,), where={"version": "v2017", "us2_stable_exams": (4, 5)}),
    Edit("version", ("v2017", "v2024")),
    Edit("definitely_benign", (False, True), where=_UNJUDGED | {"size_mm": Between(1, 24)}),
    Edit("venous_thrombus", ("new", "chronic_unchanged"), where={"thrombus_vein": ("main_portal_vein", "right_portal_vein", "left_portal_vein")}),
    Edit("prior_size_mm", steps=(1,), where={"us2_stable_exams": None, "stable_months": None, "prior_size_mm": Between(4, 60)}),
    Edit("echogenicity", ("hypoechoic", "hyperechoic", "isoechoic"), where={"benign_entity": None}),
    Edit("lobe", ("right", "left"), where=_ALL_SEEN | {"benign_entity": (None, "simple_cyst", "confirmed_hemangioma")}),
    Edit("distortion_mm", steps=(1, 2), where={"distortion_mm": Between(13, 60)}),
    Edit("afp_ng_ml", steps=(1, 3), where={"afp_ng_ml": Between(5, 400)}), Edit("bmi", steps=(1, 2), where={"bmi": Between(23, 42)}),
)
DOCUMENT = Document(
    key="lirads_us", system="lirads", system_names=("US LI-RADS", "ACR US LI-RADS", "LI-RADS US", "LI-RADS US Surveillance"), title="US LI-RADS, HCC surveillance on ultrasound", edition="v2017, v2024",
    source="ACR US LI-RADS v2017 Core; ACR LI-RADS US Surveillance v2024 Core", modalities=("ultrasound",), categories=CATEGORIES, fields=FIELDS,
    scenarios=SCENARIOS, edits=EDITS, rule=rule, complete=complete, ages=(32, 86), part_names=("category", "vis"),
    split=lambda code: dict(zip(("category", "vis"), (*code.split(" "), ""), strict=False)), join=lambda parts: f"{parts['category']} {parts['vis']}".rstrip(), core=lambda code: code.split(" ")[0],
    exam_plan={"risk_factor": OneOf(("cirrhosis", "cirrhosis", "cirrhosis", "chronic_hbv", "other_high_risk")), "cirrhosis_etiology": Maybe(OneOf(("viral", "viral", "alcohol", "MASH", "MASH", "other")), 0.6), "child_pugh": Maybe(OneOf(("A", "A", "B")), 0.3),
               "bmi": Maybe(OneOf((Between(21, 34), Between(33, 41))), 0.2), "afp_ng_ml": Maybe(OneOf((Between(2, 9), Between(2, 9), Between(6, 19), Between(16, 24), Between(24, 190))), 0.4), "afp_positive": Maybe(OneOf((True, False)), 0.15),
               "version": Maybe(OneOf(("v2024", "v2024", "v2017")), 0.4), "vis_severity": OneOf(("minimal", "minimal", "moderate", "severe")), "venous_thrombus": Maybe("none", 0.8)},
    lesion_plan={"lobe": OneOf(("right", "right", "right", "right", "left", "left", "caudate"))},
)
