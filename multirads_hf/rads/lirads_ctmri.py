"""LI-RADS CT/MRI diagnostic algorithm (v2018): liver observations in adults at high risk of HCC.

Issued by the American College of Radiology. Of each observation the first that applies: not
categorizable LR-NC; definite tumor in vein LR-TIV; definitely benign LR-1; probably benign, or a
distinctive nodule under 20 mm without any feature, LR-2; any targetoid feature LR-M; otherwise the
table, of which other LR-M features leave LR-5 alone and make the rest LR-M:

=================================  ==========  ==========  ===========  ==========  ===========
number of washout, capsule,        no APHE     no APHE     APHE         APHE        APHE
threshold growth                   < 20 mm     >= 20 mm    < 10 mm      10-19 mm    >= 20 mm
=================================  ==========  ==========  ===========  ==========  ===========
none                               LR-3        LR-3        LR-3         LR-3        LR-4
one                                LR-3        LR-4        LR-4         LR-5 (*)    LR-5
two or three                       LR-4        LR-4        LR-4         LR-5        LR-5
=================================  ==========  ==========  ===========  ==========  ===========

(*) capsule alone: LR-4. Ancillary features then move LR-2 to LR-5 by one step, never up to LR-5.
The guideline has no category of an exam: here it is the first in ``PRECEDENCE``, and ``NO_OBS``
without a reportable observation. Readings of this module: measured growth overrules the stated
``threshold_growth``; ``subthreshold_growth`` is stated in ``af_malignancy``; a benign entity named
without an assessment is definite; a cyst or tumor in vein stands in an uncategorizable exam.

Source: ACR CT/MRI LI-RADS v2018 Core; Chernyak V et al. Radiology 2018;289:816-830; risks (earlier
versions): van der Pol CB et al. Gastroenterology 2019;156:976-986.

>>> from multirads_hf.rads import get
>>> nodule = {"segment": "VI", "size_mm": 16, "aphe": "nonrim", "capsule": "enhancing"}
>>> get("lirads_ctmri").categorise({"lesions": [nodule]})
'LR-4'
>>> get("lirads_ctmri").categorise({"lesions": [nodule | {"washout": "nonperipheral"}]})
'LR-5'
>>> get("lirads_ctmri").categorise({"modality": "ct", "lesions": [nodule | {"lrm_targetoid": ["targetoid_dwi"]}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: lirads_ctmri: lesions[0].lrm_targetoid: got 'targetoid_dwi'. Allowed: on MRI alone.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, allowed, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Some, Study

# v2018 Core, "Diagnostic table": sizes in mm, each included in the upper class; categories by the
# number (0, 1, 2 or more) of additional major features.
SMALL_MM, LARGE_MM = 10, 20
TABLE = {
    "no APHE, under 20 mm": ("LR-3", "LR-3", "LR-4"), "no APHE, 20 mm or more": ("LR-3", "LR-4", "LR-4"),
    "nonrim APHE, under 10 mm": ("LR-3", "LR-4", "LR-4"), "nonrim APHE, 10-19 mm": ("LR-3", "LR-5", "LR-5"),
    "nonrim APHE, 20 mm or more": ("LR-4", "LR-5", "LR-5"),
}  # fmt: skip
NOTHING = ("NO_OBS", ("no reportable observation: NO_OBS",))
CAPSULE_ALONE = ("nonrim APHE, 10-19 mm", ("capsule",))
# v2018 Core, "Major features" and "Ancillary features": growth against a prior CT or MRI.
THRESHOLD_GROWTH, THRESHOLD_MONTHS = 1.5, 6
DOUBLED, NEW_FROM_MM, NEW_WITHIN_MONTHS = 2, 10, 24
# v2018 Core, "Ancillary features": what only MRI shows, or only the late phases of a hepatobiliary agent.
HBA_ONLY = frozenset({"tp_hypointensity", "hbp_hypointensity", "hbp_isointensity", "targetoid_tp_hbp", "TP", "HBP"})
MRI_ONLY = HBA_ONLY | {"restricted_diffusion", "mild_moderate_t2_hyperintensity", "iron_sparing", "iron_in_mass",
                       "marked_t2_hyperintensity", "targetoid_dwi", "marked_diffusion_restriction"}  # fmt: skip
AGENTS = {"ct": ("iodinated",), "mri": ("ECA", "HBA")}
TARGETOID = ("rim_aphe", "peripheral_washout", "delayed_central_enhancement", "targetoid_dwi", "targetoid_tp_hbp")
FEATURE_LISTS = ("af_malignancy", "af_benign", "lrm_targetoid", "lrm_nontargetoid")
TWICE = (("rim_aphe", "aphe", "rim"), ("peripheral_washout", "washout", "peripheral"))  # what two fields say
# v2018 Core, "Ancillary features": one step on this ladder, never up from LR-4.
LADDER = ("LR-1", "LR-2", "LR-3", "LR-4", "LR-5")
# Convention of this package: which observation names the exam.
PRECEDENCE = ("LR-TIV", "LR-M", "LR-5", "LR-4", "LR-3", "LR-NC", "LR-2", "LR-1", "NO_OBS")
ETIOLOGY = {"LR-5": "definitely due to HCC", "LR-M": "may be due to non-HCC malignancy"}


def listed(observation: Study, name: str) -> list[str]:
    """Return the members of a list of features, none where it is not mentioned."""
    return list(observation.get(name) or [])


def growth(observation: Study) -> str:
    """Return threshold, subthreshold or none.

    Growth is measured where size, prior size, interval and a prior CT or MRI are given; otherwise,
    and for lesser growth, the words count: whether a small increase is unequivocal is for the reader.
    """
    inputs = ("size_mm", "prior_size_mm", "prior_interval_months", "prior_modality")
    size, prior, months, source = (observation.get(name) for name in inputs)
    told = observation.get("subthreshold_growth") or "subthreshold_growth" in listed(observation, "af_malignancy")
    if size is None or prior is None or months is None or source not in AGENTS:
        if observation.get("threshold_growth") and source in (None, *AGENTS):
            return "threshold"
        return "subthreshold" if told else "none"
    if prior and size >= THRESHOLD_GROWTH * prior and months <= THRESHOLD_MONTHS:
        return "threshold"
    doubled = prior and size >= DOUBLED * prior and months > THRESHOLD_MONTHS
    new = not prior and size >= NEW_FROM_MM and months <= NEW_WITHIN_MONTHS
    return "subthreshold" if told or doubled or new else "none"


def major_features(observation: Study, agent: str | None) -> tuple[str, ...]:
    """Return the additional major features. On gadoxetate only the portal venous phase shows washout."""
    late = agent == "HBA" and observation.get("washout_phase") not in (None, "PVP")
    washout = observation.get("washout") == "nonperipheral" and not late
    seen = (washout, observation.get("capsule") == "enhancing", growth(observation) == "threshold")
    return tuple(name for name, there in zip(("washout", "capsule", "threshold growth"), seen, strict=True) if there)


def _column(observation: Study) -> str:
    """Return the column of the diagnostic table; APHE that is not stated or not assessable is absent."""
    size = observation.get("size_mm")
    if size is None:
        raise StudyError("lirads_ctmri: lesions[].size_mm is missing. The diagnostic table cannot be read without it.")
    large = int(size >= LARGE_MM)
    return tuple(TABLE)[2 + (size >= SMALL_MM) + large if observation.get("aphe") == "nonrim" else large]


def table(observation: Study, agent: str | None) -> tuple[str, str]:
    """Return the category of the diagnostic table and the cell that it comes from. Raises StudyError without a size."""
    where, features = _column(observation), major_features(observation, agent)
    code = "LR-4" if (where, features) == CAPSULE_ALONE else TABLE[where][min(len(features), 2)]
    named = " and ".join(features) + " only" * (len(features) == 1) if features else "no additional major feature"
    return code, f"{where}, {named}: {code}"


def targetoid(observation: Study) -> list[str]:
    """Return the targetoid features, rim APHE and peripheral washout among them."""
    told = [feature for feature, name, value in TWICE if observation.get(name) == value]
    return list(dict.fromkeys(listed(observation, "lrm_targetoid") + told))


def benign_call(observation: Study, agent: str | None) -> str:
    """Return definite, probable or none. A distinctive nodule under 20 mm without any feature is probably benign."""
    stated, entity = observation.get("benign_assessment"), observation.get("benign_entity") or "none"
    if entity == "distinctive_nodule" and stated != "definite":
        suspicious = major_features(observation, agent) or targetoid(observation) or observation.get("lrm_nontargetoid")
        return "probable" if _column(observation) == "no APHE, under 20 mm" and not suspicious else "none"
    return str(stated or ("none" if entity == "none" else "definite"))


def adjust(code: str, observation: Study) -> tuple[str, tuple[str, ...]]:
    """Apply the ancillary features to LR-2 .. LR-5: one step, and none where both kinds are present."""
    told = observation.get("af_malignancy") or observation.get("capsule") == "nonenhancing"
    up = bool(told or growth(observation) == "subthreshold")
    if observation.get("af_applied") is False or up == bool(observation.get("af_benign")):
        return code, ()
    step = (1 if code in ("LR-2", "LR-3") else 0) if up else -1
    moved = LADDER[LADDER.index(code) + step]
    kind = "malignancy" if up else "benignity"
    return moved, (f"ancillary features favoring {kind}: {code} {f'to {moved}' if step else 'stays'}",)


def unreadable(observation: Study, quality: str | None) -> bool:
    """Return whether missing or degraded images keep the observation from being categorized."""
    stated = (observation.get("nc_reason") or "none") != "none" and quality != "limited_but_categorizable"
    definite = "definite" in (observation.get("tiv"), observation.get("benign_assessment"))
    return stated or (quality == "noncategorizable" and not definite)


def diagnose(observation: Study, study: Study) -> tuple[str, tuple[str, ...]]:
    """Return the category of one observation and the rules that led to it, in the order of the Core."""
    agent = study.get("contrast_agent")
    if unreadable(observation, study.get("image_quality")):
        return "LR-NC", ("images omitted or degraded: LR-NC",)
    if observation.get("tiv") == "definite":
        return "LR-TIV", ("definite tumor in vein: LR-TIV",)
    if (benign := benign_call(observation, agent)) != "none":
        code, moves = adjust("LR-2", observation) if benign == "probable" else ("LR-1", ())
        return code, ("definitely benign: LR-1" if benign == "definite" else "probably benign: LR-2", *moves)
    if seen := targetoid(observation):
        return "LR-M", (f"targetoid ({', '.join(seen).replace('_', ' ')}): LR-M",)
    return _solid(observation, agent)


def _solid(observation: Study, agent: str | None) -> tuple[str, tuple[str, ...]]:
    """Table, nontargetoid LR-M features, ancillary features. LR-5 needs APHE: without it LR-M needs no size."""
    other = ", ".join(listed(observation, "lrm_nontargetoid")).replace("_", " ")
    if other and observation.get("aphe") != "nonrim":
        return "LR-M", (f"{other}, not LR-5: LR-M",)
    base, cell = table(observation, agent)
    if other and base != "LR-5":
        return "LR-M", (f"{other}, not LR-5: LR-M",)
    code, moves = adjust(base, observation)
    return code, (cell, *([f"{other} in LR-5: stays LR-5"] if other else ()), *moves)


def out_of_reach(feature: str | None, modality: str | None, agent: str | None) -> str:
    """Return where a feature can be seen when this exam cannot show it, else an empty string."""
    ct = modality == "ct" or agent == "iodinated"
    if feature in HBA_ONLY and (ct or agent == "ECA"):
        return "on MRI with a hepatobiliary agent alone"
    return "on MRI alone" if feature in MRI_ONLY and ct else ""


def _refuse_illegal(study: Study) -> None:
    modality, agent = study.get("modality"), study.get("contrast_agent")
    if modality and agent and agent not in AGENTS[modality]:
        raise StudyError(f"lirads_ctmri: contrast_agent: got {agent!r}, {modality}. {allowed(agent, AGENTS[modality])}")
    for place, observation in enumerate(study.get("lesions") or []):
        features = [(member, name) for name in FEATURE_LISTS for member in listed(observation, name)]
        for feature, name in [*features, (observation.get("washout_phase"), "washout_phase")]:
            if where := out_of_reach(feature, modality, agent):
                raise StudyError(f"lirads_ctmri: lesions[{place}].{name}: got {shown(feature)}. Allowed: {where}.")


def rule(study: Study) -> Decision:
    """Categorize every observation; the exam takes the first in ``PRECEDENCE``."""
    _refuse_illegal(study)
    found = [diagnose(observation, study) for observation in study.get("lesions") or []]
    if not found:
        found = [diagnose({}, study)] if unreadable({}, study.get("image_quality")) else [NOTHING]
    codes = sorted({code for code, _ in found}, key=PRECEDENCE.index)
    reasons = next(reasons for code, reasons in found if code == codes[0])
    if codes[0] == "LR-TIV":
        beside = next((code for code in ETIOLOGY if code in codes), None)
        reasons += (f"if contiguous with the {beside} mass: {ETIOLOGY[beside]}" if beside else "probably due to HCC",)
    if len(codes) > 1:
        reasons += (f"exam with {', '.join(codes)}: {codes[0]}",)
    return Decision(codes[0], reasons, BY_CODE[codes[0]].management)


SEGMENTS = ("I", "II", "III", "IVa", "IVb", "V", "VI", "VII", "VIII")
BOUNDARIES = ("II/III", "IVa/IVb", "IVa/VIII", "IVb/V", "V/VI", "V/VIII", "VI/VII", "VII/VIII")
ARABIC = dict(zip(SEGMENTS, ("1", "2", "3", "4a", "4b", "5", "6", "7", "8"), strict=True))
# Diameter above which no observation is put into the small caudate lobe.
CAUDATE_MM = 40
JUDGED = frozenset({"threshold_growth", "af_applied", "af_benign"})  # what is said of a lesion that hangs on its prior
# Segments that a vein supplies or drains: where a mass lies that is contiguous with tumor in it.
VEINS = {
    "main portal vein": ("IVb", "V", "VIII"), "right portal vein": ("V", "VI", "VII", "VIII"), "left portal vein": ("II", "III", "IVa", "IVb"),
    "right anterior portal vein": ("V", "VIII"), "right posterior portal vein": ("VI", "VII"), "right hepatic vein": ("VII", "VIII"),
    "middle hepatic vein": ("IVa", "VIII"), "left hepatic vein": ("II", "III"), "IVC": ("VII", "VIII"), "superior mesenteric vein": ("V",),
}  # fmt: skip


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Fit agent, phases, features, priors and places to the modality and to each other."""
    if study.get("modality") == "ct":
        study["contrast_agent"] = "iodinated"
    vein = next((VEINS[one["tiv_vein"]] for one in study["lesions"] if one.get("tiv") == "definite"), ())
    taken: list[str] = []
    compared = [lesion for lesion in study["lesions"] if "prior_modality" in lesion]
    for lesion in sorted(compared, key=lambda one: not one.keys() & JUDGED and one["prior_modality"] in AGENTS)[1:]:
        del lesion["prior_modality"]  # an exam is compared with one other
    for lesion in study["lesions"]:
        _fit_features(lesion, study)
        _fit_prior(lesion, draw)
        places = vein if vein and "benign_entity" not in lesion else SEGMENTS
        avoided = (*taken, "I") if lesion.get("size_mm", 0) > CAUDATE_MM else tuple(taken)
        if "segment" in lesion and (places is vein or lesion["segment"] in avoided):
            lesion["segment"] = draw.pick([s for s in places if s not in avoided] or places)
        taken.append(lesion.get("segment", ""))
    return study


def _fit_features(lesion: dict[str, Any], study: dict[str, Any]) -> None:
    agent = study.get("contrast_agent")
    if lesion.get("washout") != "nonperipheral":
        lesion.pop("washout_phase", None)
    elif "washout_phase" in lesion and agent == "HBA":
        lesion["washout_phase"] = "PVP"
    for name in [n for n in FEATURE_LISTS if n in lesion]:
        lesion[name] = [f for f in lesion[name] if not out_of_reach(f, study.get("modality"), agent)]
        if not lesion[name] and lesion.get("af_applied"):
            lesion[name] = ["corona_enhancement"]
        elif not lesion[name]:
            del lesion[name]
    if seen := targetoid(lesion):
        lesion["lrm_targetoid"] = [feature for feature in TARGETOID if feature in seen]
        lesion |= {name: value for feature, name, value in TWICE if feature in seen}


def _fit_prior(lesion: dict[str, Any], draw: Draw) -> None:
    """Give the prior exam a size: smaller where growth is planned or the prior is ultrasound, else the same."""
    if "prior_modality" not in lesion:
        lesion.pop("prior_interval_months", None)
    elif "threshold_growth" in lesion or lesion["prior_modality"] == "ultrasound":
        size = lesion["size_mm"]
        lesion["prior_size_mm"] = draw.between(ceil(size / DOUBLED), int(size / THRESHOLD_GROWTH))
        if draw.chance(0.4):
            lesion.pop("threshold_growth", None)
    elif "subthreshold_growth" not in listed(lesion, "af_malignancy"):
        lesion["prior_size_mm"] = lesion["size_mm"] - (0 if "af_benign" in lesion else draw.pick((0, 0, 1)))
        if draw.chance(0.2):
            lesion["threshold_growth"] = False


# fmt: off
TEAM, AGAIN, SURVEY = "Multidisciplinary discussion for tailored workup, which", "epeat or alternative diagnostic imaging in", "Return to surveillance in 6 months"
SPELLINGS = ("LI-RADS ", "LIRADS ", "LI-RADS category ", "LR", "LR ", "LI-RADS LR-")
CATEGORIES = (*(Category(code, meaning, f"{advice}.", rank, risk, tuple(f"{name}{code[3:]}" for name in SPELLINGS)) for code, meaning, advice, rank, risk in (
    ("LR-NC", "not categorizable", f"R{AGAIN} 3 months or less", 2, ""),
    ("LR-1", "definitely benign", SURVEY, 0, "0% HCC, 0% malignant"),
    ("LR-2", "probably benign", f"{SURVEY}; consider repeat diagnostic imaging in 6 months or less", 1, "13% HCC, 14% malignant"),
    ("LR-3", "intermediate probability of malignancy", f"R{AGAIN} 3-6 months", 3, "38% HCC, 40% malignant"),
    ("LR-4", "probably HCC", f"{TEAM} may include biopsy; if neither biopsied nor treated, r{AGAIN} 3 months or less", 4, "74% HCC, 80% malignant"),
    ("LR-5", "definitely HCC", "HCC confirmed; multidisciplinary discussion for consensus management", 5, "94% HCC, 97% malignant"),
    ("LR-M", "probably or definitely malignant, not specific for HCC", f"{TEAM} often includes biopsy", 6, "36% HCC, 93% malignant"),
    ("LR-TIV", "definite tumor in vein", f"{TEAM} may include biopsy", 7, "79% HCC, 92% malignant"),
)), Category("NO_OBS", "no reportable observation", f"{SURVEY}.", 0, "", ("no reportable observation", "no observation", "no reportable LI-RADS observation", "NO OBS"), "no reportable observation"))
BY_CODE = {category.code: category for category in CATEGORIES}

FIELDS = (
    Field("modality", "enum", "modality of the exam", values=("ct", "mri"), aliases={"mri": ("MR",)}),
    Field("contrast_agent", "enum", "contrast agent: iodinated (CT), extracellular (ECA) or hepatobiliary (HBA) gadolinium", values=("ECA", "HBA", "iodinated"), aliases={"ECA": ("extracellular", "gadobutrol", "gadoterate", "Gadavist", "Dotarem"), "HBA": ("hepatobiliary", "gadoxetate", "Eovist", "Primovist")}),
    Field("risk_factor", "enum", "why the patient is at risk of HCC", values=("cirrhosis", "chronic_hbv", "prior_or_current_hcc")),
    Field("image_quality", "enum", "whether the images allow observations to be categorized", default="adequate", values=("adequate", "limited_but_categorizable", "noncategorizable")),
    Field("study_category", "enum", "category of the exam", values=tuple(BY_CODE), derived=True),
    Field("obs_id", "text", "name of the observation over several exams", "lesion", derived=True),
    Field("segment", "enum", "Couinaud segment, or the two on whose boundary it lies", "lesion", (*SEGMENTS, *BOUNDARIES), aliases={roman: (digit, f"S{digit}", f"segment {roman}", f"segment {digit}") for roman, digit in ARABIC.items()}),
    Field("size_mm", "int", "longest diameter", "lesion", unit="mm", low=1, high=300),
    Field("prior_size_mm", "int", "longest diameter on the prior exam, 0 where it was looked for and not seen", "lesion", unit="mm", high=300),
    Field("prior_interval_months", "float", "time since the prior exam", "lesion", unit="months", high=360),
    Field("prior_modality", "enum", "modality of the prior exam that it is compared with, none where there is none", "lesion", ("ct", "mri", "ultrasound", "none"), aliases={"mri": ("MR",), "ultrasound": ("US",)}),
    Field("aphe", "enum", "arterial phase hyperenhancement", "lesion", ("none", "nonrim", "rim", "not_assessable"), default="none", aliases={"nonrim": ("non-rim", "APHE", "nonrim APHE", "present")}),
    Field("washout", "enum", "washout appearance", "lesion", ("none", "nonperipheral", "peripheral", "not_assessable"), default="none", aliases={"nonperipheral": ("non-peripheral", "present", "washout")}),
    Field("washout_phase", "enum", "phase in which washout is seen", "lesion", ("PVP", "DP", "TP", "HBP"), aliases={"PVP": ("portal venous",), "DP": ("delayed",), "TP": ("transitional",), "HBP": ("hepatobiliary",)}),
    Field("capsule", "enum", "capsule appearance", "lesion", ("none", "enhancing", "nonenhancing"), default="none"),
    Field("threshold_growth", "bool", "growth of 50% or more in 6 months or less, as stated", "lesion", default=False),
    Field("subthreshold_growth", "bool", "growth short of threshold growth", "lesion", derived=True),
    Field("af_malignancy", "list", "ancillary features favoring malignancy", "lesion", ("us_visibility", "subthreshold_growth", "restricted_diffusion", "mild_moderate_t2_hyperintensity", "corona_enhancement", "fat_sparing", "iron_sparing", "tp_hypointensity", "hbp_hypointensity", "nonenhancing_capsule", "nodule_in_nodule", "mosaic_architecture", "blood_products", "intralesional_fat"), default=[]),
    Field("af_benign", "list", "ancillary features favoring benignity", "lesion", (
        "size_stability_2y", "size_reduction", "parallels_blood_pool", "undistorted_vessels", "iron_in_mass", "marked_t2_hyperintensity", "hbp_isointensity"), default=[]),
    Field("af_applied", "bool", "whether ancillary features were used to adjust the category", "lesion", default=True),
    Field("lrm_targetoid", "list", "targetoid features", "lesion", TARGETOID, default=[]),
    Field("lrm_nontargetoid", "list", "other features suggesting malignancy that is not specific for HCC", "lesion", ("infiltrative", "marked_diffusion_restriction", "necrosis_or_severe_ischemia", "other_non_hcc"), default=[]),
    Field("tiv", "enum", "tumor in vein", "lesion", ("none", "equivocal", "definite"), default="none"),
    Field("tiv_vein", "enum", "vein that holds the tumor", "lesion", tuple(VEINS), aliases={"main portal vein": ("MPV",), "right portal vein": ("RPV",), "left portal vein": ("LPV",), "right hepatic vein": ("RHV",), "middle hepatic vein": ("MHV",), "left hepatic vein": ("LHV",), "IVC": ("inferior vena cava",), "superior mesenteric vein": ("SMV",)}),
    Field("benign_assessment", "enum", "how surely it is benign", "lesion", ("none", "probable", "definite")),
    Field("benign_entity", "enum", "what it is when benign", "lesion", ("cyst", "hemangioma", "perfusion_alteration", "focal_fat", "focal_fat_sparing", "hypertrophic_pseudomass", "confluent_fibrosis", "focal_scar", "spontaneous_disappearance", "distinctive_nodule", "none")),
    Field("nc_reason", "enum", "why it cannot be categorized", "lesion", ("missing_phase", "motion", "mistimed_arterial", "artifact", "none"), default="none"),
    Field("category", "enum", "category of the observation", "lesion", tuple(BY_CODE), derived=True),
)

_MID, _CT_MRI, _DENIED = Between(10, 19), OneOf(("ct", "mri")), {"washout": Maybe("none", 0.85), "capsule": Maybe("none", 0.75)}
_STABLE = {"prior_modality": Maybe(_CT_MRI, 0.3), "prior_interval_months": Between(3, 15)}
_WASHES, _CAPSULE = {"washout": "nonperipheral", "washout_phase": Maybe(OneOf(("PVP", "DP")), 0.6)}, {"washout": "none", "washout_phase": None, "capsule": "enhancing"}
# Growth that is no threshold growth: too slow, or measured against ultrasound.
_SLOW, _SEEN_ON_US = {"size_mm": Between(20, 45), "prior_modality": _CT_MRI, "prior_interval_months": Between(8, 18), "threshold_growth": False}, {"size_mm": Between(20, 45), "prior_modality": "ultrasound", "prior_interval_months": Between(3, 6)}
_GREW = {"washout": Maybe("none", 0.8), "washout_phase": None, "capsule": Maybe("none", 0.7), "prior_modality": _CT_MRI, "prior_interval_months": Between(2, 6), "threshold_growth": True}
_NEW = {"af_malignancy": ["subthreshold_growth"], "prior_modality": _CT_MRI, "prior_interval_months": Between(4, 22)}
# Ancillary features beside an LR-4 or LR-5, which they cannot move; ``complete`` keeps those that the exam can show.
_AF = ("us_visibility", "restricted_diffusion", "mild_moderate_t2_hyperintensity", "corona_enhancement", "tp_hypointensity", "hbp_hypointensity", "intralesional_fat")
_BESIDE = {"af_malignancy": Maybe(Some(_AF, 1, 2), 0.35)}
_FREE, _DEFINITE = {"tiv": Maybe("none", 0.25)}, {"benign_assessment": "definite", "prior_modality": None}
_CYST, _HEMANGIOMA = {**_DEFINITE, "size_mm": Between(5, 42), "benign_entity": "cyst", "aphe": Maybe("none", 0.4), "af_benign": Maybe(["marked_t2_hyperintensity"], 0.3)}, {**_DEFINITE, "size_mm": Between(8, 48), "benign_entity": "hemangioma", "af_benign": Maybe(OneOf((["parallels_blood_pool"], ["parallels_blood_pool", "marked_t2_hyperintensity"])), 0.5)}
_PERFUSION = {**_DEFINITE, "size_mm": Between(6, 28), "benign_entity": "perfusion_alteration", "aphe": Maybe("nonrim", 0.6), "washout": Maybe("none", 0.6)}
_FAT = {**_DEFINITE, "segment": OneOf(("III", "IVa", "IVb", "IVb")), "size_mm": Between(8, 30), "benign_entity": "focal_fat", "aphe": Maybe("none", 0.4), "af_benign": Maybe(["undistorted_vessels"], 0.5)}
_PROBABLE, _SIDEROTIC = {"size_mm": Between(6, 18), "benign_assessment": "probable", "benign_entity": "hemangioma", **_DENIED}, {"size_mm": Between(8, 19), "benign_entity": "distinctive_nodule", "aphe": "none", **_DENIED, **_STABLE}
_APHE_MID = {"size_mm": _MID, "aphe": "nonrim", **_DENIED, **_STABLE}
_TINY, _UNWASHED = {"size_mm": Between(5, 9), "prior_modality": None}, {**_APHE_MID, "washout": None}
_NECROTIC, _BLAND_LARGE = {"size_mm": Between(30, 82), "capsule": "enhancing", "lrm_nontargetoid": ["necrosis_or_severe_ischemia"]}, {"size_mm": Between(20, 48), "aphe": "none", "washout": "none", "capsule": "none", **_STABLE}
_APHE_LARGE, _HCC = {"size_mm": Between(20, 48), "aphe": "nonrim", **_DENIED, **_STABLE, **_BESIDE}, {"size_mm": Between(20, 68), "aphe": "nonrim", **_WASHES, "capsule": Maybe(OneOf(("enhancing", "none")), 0.7), **_STABLE, **_BESIDE}
_INFILTRATIVE = {"size_mm": Between(52, 128), "aphe": "none", **_DENIED, "lrm_nontargetoid": OneOf((["infiltrative"], ["infiltrative", "marked_diffusion_restriction"], ["infiltrative", "other_non_hcc"]))}
_TIV, _LOST, _UNREAD, _BLUR = {"segment": None, "tiv": "definite"}, {"image_quality": "noncategorizable"}, {"size_mm": Between(8, 34), "aphe": "not_assessable", "washout": "not_assessable"}, {**_CYST, "aphe": None}
_B1, _B3, _B4 = (_CYST, _HEMANGIOMA, _PERFUSION), (*(_B2 := (_CYST, _PERFUSION, _PROBABLE)), _APHE_MID), (*_B2, _APHE_MID, _APHE_LARGE)

SCENARIOS = (
    Scenario("definite_benign", lesions=(_CYST,), companions=_B1, variants=({}, {**_HEMANGIOMA, "aphe": None}, {**_PERFUSION, "af_benign": None})),
    Scenario("focal_fat", lesions=(_FAT,), companions=_B1, unseen=True),
    Scenario("probable_hemangioma", lesions=(_PROBABLE,), companions=_B1),
    Scenario("stable_two_years", companions=_B1, variants=({}, {"size_mm": Between(6, 9)}), lesions=({**_APHE_MID, "prior_modality": _CT_MRI, "prior_interval_months": Between(24, 60), "af_benign": ["size_stability_2y"], "af_applied": True},)),
    Scenario("siderotic_nodule", lesions=(_SIDEROTIC,), companions=_B1, unseen=True),
    Scenario("aphe_only", lesions=(_APHE_MID,), companions=_B2, variants=({}, {}, _TINY)),
    Scenario("no_aphe_one_feature", companions=_B2, variants=({}, _CAPSULE), lesions=({"size_mm": Between(9, 19), "aphe": "none", **_WASHES, "capsule": Maybe("none", 0.8), **_STABLE},)),
    Scenario("no_aphe_large", lesions=(_BLAND_LARGE,), companions=_B2, unseen=True),
    Scenario("aphe_large_only", lesions=(_APHE_LARGE,), companions=_B3, variants=({}, _SLOW, _SEEN_ON_US)),
    Scenario("one_feature_short", lesions=({**_APHE_MID, **_BESIDE},), companions=_B3, variants=(_CAPSULE, {**_TINY, **_WASHES})),
    Scenario("gadoxetate_late_phases", {"contrast_agent": "HBA"}, companions=_B3, modalities=("mri",), variants=({}, {**_CAPSULE, "size_mm": _MID}), lesions=({**_APHE_LARGE, "washout": "none", "af_malignancy": Some(("tp_hypointensity", "hbp_hypointensity"), 1, 2)},)),
    Scenario("upgraded_by_ancillary", companions=_B3, lesions=({**_APHE_MID, "prior_modality": None, "af_malignancy": Some(_AF, 1, 3), "af_applied": True},), variants=({}, _NEW, {**_NEW, "size_mm": Between(15, 17), "prior_size_mm": Between(12, 13)})),
    Scenario("no_aphe_with_features", companions=_B3, unseen=True, lesions=({**_BLAND_LARGE, **_WASHES, **_BESIDE},), variants=({}, {"size_mm": Between(11, 19), "capsule": "enhancing"})),
    Scenario("large_hcc", lesions=({**_HCC, **_FREE},), companions=_B4, variants=({}, _CAPSULE)),
    Scenario("small_hcc", lesions=({**_HCC, "size_mm": _MID},), companions=_B4, variants=({}, _GREW)),
    Scenario("bland_thrombus", companions=_B4, unseen=True, lesions=({**_HCC, "tiv": "none"},), variants=({}, _NECROTIC)),
    Scenario("targetoid", companions=(*_B2, _UNWASHED), variants=({}, {"lrm_targetoid": list(TARGETOID[:3])}), lesions=({"size_mm": Between(14, 74), "aphe": "rim", "capsule": Maybe("none", 0.4), **_FREE, "lrm_targetoid": Some(TARGETOID, 1, 2)},)),
    Scenario("infiltrative", lesions=({**_INFILTRATIVE, **_FREE},), companions=_B2, unseen=True),
    Scenario("portal_vein_tumor", lesions=({**_TIV, "tiv_vein": OneOf(tuple(VEINS)[:4])},), companions=(_HCC, _HCC, _INFILTRATIVE, _CYST), companion_chance=0.75),
    Scenario("hepatic_vein_tumor", lesions=({**_TIV, "tiv_vein": OneOf(tuple(VEINS)[5:9])},), companions=(_HCC, _INFILTRATIVE, _PERFUSION), companion_chance=0.75, unseen=True),
    Scenario("unusable_images", _LOST, ({**_UNREAD, "nc_reason": OneOf(("motion", "mistimed_arterial", "artifact"))},), (_BLUR,)),
    Scenario("missing_phase", _LOST, ({**_UNREAD, "nc_reason": "missing_phase"},), (_BLUR,), unseen=True),
    Scenario("no_observation"),
    Scenario("no_observation_limited", {"image_quality": "limited_but_categorizable"}, unseen=True),
)
# Edits leave alone what ancillary features move, and no solid nodule under 20 mm loses its last feature without APHE.
_MASS = {"benign_entity": None, "lrm_targetoid": None, "lrm_nontargetoid": None, "af_malignancy": None, "af_benign": None, "tiv": (None, "none"), "threshold_growth": None}
_LARGE, _SMALL, _WASHOUT, _RIM = {**_MASS, "size_mm": Between(20, 300)}, {**_MASS, "size_mm": Between(1, 19)}, ("none", "nonperipheral"), {"aphe": "rim", "washout": None}
EDITS = (
    Edit("size_mm", steps=(1, 2), where=_MASS | {"prior_modality": None, "size_mm": Between(6, 60)}), Edit("size_mm", steps=(1, 2), where=_RIM | {"size_mm": Between(16, 70)}),
    *(Edit("aphe", ("none", "nonrim"), where=kind | {"prior_modality": None}) for kind in (_LARGE, _SMALL | {"washout": "nonperipheral"}, _SMALL | {"washout": (None, "none"), "capsule": "enhancing"})),
    *(Edit("washout", _WASHOUT, where=kind | {"washout_phase": None}) for kind in (_MASS | {"aphe": "nonrim"}, _LARGE | {"aphe": "none"}, _SMALL | {"aphe": "none", "capsule": "enhancing"})),
    *(Edit("capsule", ("none", "enhancing"), where=kind) for kind in (_MASS | {"aphe": "nonrim"}, _LARGE | {"aphe": "none"}, _SMALL | {"aphe": "none", "washout": "nonperipheral"})),
    Edit("segment", SEGMENTS[4:], where={"tiv": (None, "none"), "benign_entity": None}), Edit("size_mm", steps=(1, 2), where={"benign_assessment": "definite"}),
    Edit("lrm_targetoid", (["rim_aphe", "delayed_central_enhancement"], ["rim_aphe", "targetoid_dwi"]), where=_RIM | {"modality": "mri"}),
)
DOCUMENT = Document(
    key="lirads_ctmri", system="lirads", system_names=("LI-RADS", "CT/MRI LI-RADS", "LIRADS"), title="LI-RADS CT/MRI diagnostic algorithm",
    edition="2018", source="ACR CT/MRI LI-RADS v2018 Core", modalities=("ct", "mri"), categories=CATEGORIES, fields=FIELDS,
    scenarios=SCENARIOS, edits=EDITS, rule=rule, complete=complete, ages=(34, 86),
    exam_plan={"contrast_agent": OneOf(("ECA", "HBA")), "risk_factor": OneOf(("cirrhosis", "cirrhosis", "chronic_hbv", "prior_or_current_hcc")),
               "image_quality": Maybe(OneOf(("adequate", "adequate", "limited_but_categorizable")), 0.3)},
    lesion_plan={"segment": OneOf((*SEGMENTS, *SEGMENTS[1:], *SEGMENTS[5:], *BOUNDARIES[2:]))},
)
