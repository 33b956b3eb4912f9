"""LI-RADS CT/MRI treatment response (v2018, v2024): treated liver tumors and resection margins.

Issued by the American College of Radiology. Every treated lesion gets one of five labels; which ones
depends on the version and, since v2024, on whether the treatment was radiation (TARE, SBRT):

=====================================  ===============  =================  =================
masslike enhancement                   v2018            v2024 nonradiation  v2024 radiation
=====================================  ===============  =================  =================
cannot be assessed                     Nonevaluable     Nonevaluable       Nonevaluable
absent (or as expected)                Nonviable        Nonviable          Nonviable
uncertain                              Equivocal        Equivocal (*)      Nonprogressing
present, new or increased              Viable (**)      Viable             Viable
present, stable or decreased           Viable (**)      Viable             Nonprogressing (*)
=====================================  ===============  =================  =================

(*) Viable when, on MRI, diffusion restriction or mild to moderate T2 hyperintensity lies in that
area and is used to upgrade; after radiation it must be new or increased. (**) with arterial phase
hyperenhancement, washout or enhancement similar to before treatment; otherwise Equivocal.
CT and MRI reach all labels. The exam takes the first label in ``PRECEDENCE`` (no rule of the ACR).

Readings of this module: v2024 where no version is named; masslike enhancement that is not mentioned
follows from the morphology, else there is none; an upgrade that is not denied is made. No size
defines growth: the reader's word counts, without it growth by 5 mm and 25%. v2018 has no algorithm for
resection margins. Sources differ on whether an ancillary feature after radiation must be new: here it
must, and no report has an old one. Images are Nonevaluable only where the reader cannot assess
enhancement. Each lesion has one treatment. Where the versions disagree, a report names its version.

Source: ACR CT/MRI LI-RADS v2018 Core; ACR LI-RADS CT/MR Nonradiation, and Radiation, Treatment Response
Assessment v2024 Core; Aslam A et al. Radiology 2024;313:e232408. No risk of malignancy is published.

>>> from multirads_hf.rads import get
>>> nodule = {"segment": "VI", "masslike_enhancement": "present", "enhancement_change": "stable"}
>>> get("lirads_tra").categorise({"lesions": [nodule | {"treatment_type": "mwa"}]})
'LR-TR Viable'
>>> get("lirads_tra").categorise({"lesions": [nodule | {"treatment_type": "tare"}]})
'LR-TR Nonprogressing'
>>> get("lirads_tra").categorise({"lesions": [nodule | {"treatment_type": "tare", "enhancement_change": None}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: lirads_tra: lesions[0].enhancement_change is missing. Masslike enhancement after radiation cannot be judged without it.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, allowed, shown
from multirads_hf.rads.lirads_ctmri import AGENTS, ARABIC, BOUNDARIES, SEGMENTS
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

NONEVALUABLE, NONVIABLE, EQUIVOCAL, NONPROGRESSING, VIABLE = CODES = (
    "LR-TR Nonevaluable", "LR-TR Nonviable", "LR-TR Equivocal", "LR-TR Nonprogressing", "LR-TR Viable",
)  # fmt: skip
# Convention of this package: which treated lesion names the exam.
PRECEDENCE = (VIABLE, EQUIVOCAL, NONPROGRESSING, NONEVALUABLE, NONVIABLE)
# v2024 Cores: which treatments are judged by which algorithm.
ABLATION, EMBOLIZATION, RADIATION = ("rfa", "mwa", "cryoablation", "pei"), ("tae", "ctace", "deb_tace"), ("tare", "sbrt")  # fmt: skip
NONRADIATION = (*ABLATION, *EMBOLIZATION, "surgical_margin")
# v2024 Cores, definition of masslike enhancement: what occupies space.
MORPHOLOGIES = {
    "none": "absent", "smooth_thin_rim": "absent", "perfusional_geographic": "absent", "nodular": "present",
    "masslike": "present", "thick_irregular_rim": "present", "indeterminate": "uncertain",
}  # fmt: skip
FEATURES = ("af_diffusion_restriction", "af_t2_mild_moderate")
# Convention of this package, for sizes without a word on change: growth of at least both.
GROWN_MM, GROWN_SHARE = 5, 0.25
LATEST = "v2024"


def masslike(lesion: Study) -> str:
    """Return absent, uncertain, present or not_assessable: as stated, else by morphology."""
    return str(lesion.get("masslike_enhancement") or MORPHOLOGIES.get(lesion.get("enhancement_morphology") or "none"))


def change(lesion: Study) -> str | None:
    """Return new, increased, stable or decreased: as stated, else by the sizes of the enhancing component."""
    stated = lesion.get("enhancement_change")
    size, prior = lesion.get("enhancing_component_size_mm"), lesion.get("prior_enhancing_component_size_mm")
    if stated not in (None, "na"):
        return str(stated)
    if size is None or prior is None:
        return None
    if not prior:
        return "new"
    if size - prior >= max(GROWN_MM, GROWN_SHARE * prior):
        return "increased"
    return "decreased" if prior - size >= GROWN_MM else "stable"


def upgraded(lesion: Study, radiation: bool) -> bool:
    """Return whether an ancillary feature in the enhancing area is used to raise the label to Viable."""
    seen = any(lesion.get(name) for name in FEATURES) and lesion.get("af_applied") is not False
    return seen and (not radiation or bool(lesion.get("af_new_or_increased")))


def algorithm(lesion: Study, version: str) -> str:
    """Return which algorithm judges a lesion: that of v2018, or of v2024 by treatment."""
    treatment = lesion.get("treatment_type")
    if version == "v2018":
        return version
    return ("radiation" if treatment in RADIATION else "nonradiation") if treatment else lesion.get("algorithm") or ""


def _v2018(lesion: Study, extent: str) -> tuple[str, str]:
    named = {"aphe": "present", "washout": "present", "similar_to_pretreatment": "yes"}
    told = [name.replace("_", " ") for name, value in named.items() if lesion.get(name) == value]
    if extent == "uncertain":
        return EQUIVOCAL, "enhancement atypical for the treatment, not masslike for certain"
    if told:
        return VIABLE, f"masslike enhancement with {', '.join(told)}"
    return EQUIVOCAL, "masslike enhancement without APHE, washout or pretreatment similarity"


def _nonradiation(lesion: Study, extent: str) -> tuple[str, str]:
    if extent == "present":
        return VIABLE, "masslike enhancement in any phase"
    if upgraded(lesion, radiation=False):
        return VIABLE, "uncertain masslike enhancement, ancillary feature in that area: Equivocal to Viable"
    return EQUIVOCAL, "uncertain masslike enhancement"


def _radiation(lesion: Study, extent: str, place: int) -> tuple[str, str]:
    if extent == "uncertain":
        return NONPROGRESSING, "uncertain masslike enhancement, the lower certainty"
    if upgraded(lesion, radiation=True):
        return VIABLE, "new or increased ancillary feature in masslike enhancement: Nonprogressing to Viable"
    found = change(lesion)
    if found is None:
        why = "Masslike enhancement after radiation cannot be judged without it."
        raise StudyError(f"lirads_tra: lesions[{place}].enhancement_change is missing. {why}")
    code = VIABLE if found in ("new", "increased") else NONPROGRESSING
    return code, f"masslike enhancement, {found}"


def judge(lesion: Study, version: str = LATEST, place: int = 0) -> tuple[str, str]:
    """Return the label of one treated lesion and the step that gave it, in the order of the Cores."""
    extent, used = masslike(lesion), algorithm(lesion, version)
    if extent == "not_assessable":
        return NONEVALUABLE, f"enhancement cannot be assessed: {NONEVALUABLE}"
    if extent == "absent":
        return NONVIABLE, f"no masslike enhancement: {NONVIABLE}"
    if not used:
        raise StudyError(f"lirads_tra: lesions[{place}].treatment_type is missing. It decides which algorithm applies.")
    steps = {"v2018": _v2018, "nonradiation": _nonradiation}
    code, step = steps[used](lesion, extent) if used in steps else _radiation(lesion, extent, place)
    return code, f"{used}: {step}: {code}"


def _refuse_illegal(study: Study) -> None:
    modality, agent, version = study.get("modality"), study.get("contrast_agent"), study.get("tra_version")
    if modality and agent and agent not in AGENTS[modality]:
        raise StudyError(f"lirads_tra: contrast_agent: got {agent!r}, {modality}. {allowed(agent, AGENTS[modality])}")
    for place, lesion in enumerate(study["lesions"]):
        if modality == "ct" and (seen := [name for name in FEATURES if lesion.get(name)]):
            raise StudyError(f"lirads_tra: lesions[{place}].{seen[0]}: got {shown(True)}. Allowed: on MRI alone.")
        if version == "v2018" and lesion.get("treatment_type") == "surgical_margin":
            got = f"lesions[{place}].treatment_type: got 'surgical_margin', v2018"
            raise StudyError(f"lirads_tra: {got}. Allowed: locoregional therapies.")


def rule(study: Study) -> Decision:
    """Label every treated lesion; the exam takes the first in ``PRECEDENCE``."""
    if not study.get("lesions"):
        raise StudyError("lirads_tra: lesions is empty. Treatment response needs a treated lesion or resection margin.")
    _refuse_illegal(study)
    version = study.get("tra_version") or LATEST
    found = [judge(lesion, version, place) for place, lesion in enumerate(study["lesions"])]
    codes = sorted({code for code, _ in found}, key=PRECEDENCE.index)
    reasons = [next(step for code, step in found if code == codes[0])]
    if len(codes) > 1:
        reasons.append(f"treated lesions {', '.join(codes)}: {codes[0]}")
    return Decision(codes[0], tuple(reasons), BY_CODE[codes[0]].management)


# Diameters of tumors in mm that are given each treatment, and how far the zone exceeds them.
TUMOR_MM = {
    **dict.fromkeys(ABLATION, (14, 34)), "pei": (12, 26), **dict.fromkeys(EMBOLIZATION, (22, 68)),
    "tare": (28, 76), "sbrt": (18, 56), "surgical_margin": (18, 60),
}  # fmt: skip
ZONE_MM = {
    **dict.fromkeys(ABLATION, (8, 20)), "pei": (2, 8), **dict.fromkeys(EMBOLIZATION, (-6, 3)),
    **dict.fromkeys(RADIATION, (-8, 2)),
}  # fmt: skip
TISSUE_MM, RIM_MM = 6, 8  # tumor and zone exceed the enhancing component by at least so much
GREW, SAME = ("new", "increased"), ("stable", "decreased")


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Fit agent, places, sizes, times and priors to the treatment and to each other; name the version where it matters."""
    study |= {"contrast_agent": "iodinated"} if study["modality"] == "ct" else {}
    told = [one.get(name) for one in study["lesions"] for name in ("prior_timepoint", "similar_to_pretreatment")]
    compared = any(found not in (None, "none") for found in told)
    taken: list[str] = []
    for lesion in study["lesions"]:
        avoided = taken if lesion["treatment_type"] in ABLATION else [*taken, "I"]  # the caudate lobe is small
        if lesion["segment"] in avoided:
            lesion["segment"] = draw.pick([s for s in SEGMENTS if s not in avoided])
        taken.append(lesion["segment"])
        if compared and lesion.get("prior_timepoint") == "none":
            del lesion["prior_timepoint"]
        if study.get("tra_version") == "v2018" and lesion["treatment_type"] in RADIATION:
            lesion["treatment_type"] = draw.pick(EMBOLIZATION)
        _fit_modality(lesion, study["modality"])
        _fit_change(lesion, draw)
        _fit_sizes(lesion, draw)
        _fit_time(lesion, draw)
    if any("quality_limit" in lesion for lesion in study["lesions"]):
        study.pop("study_category_diagnostic", None)
    study["lesions"] = [{f.name: one[f.name] for f in FIELDS if f.name in one} for one in study["lesions"]]
    if "tra_version" not in study and _versions_differ(study):
        study["tra_version"] = LATEST
    return {name: study[name] for name in (*DOCUMENT.exam_fields, "lesions") if name in study}


def _versions_differ(study: Study) -> bool:
    labels = [(judge(lesion, "v2018")[0], judge(lesion, LATEST)[0]) for lesion in study["lesions"]]
    margin = any(lesion["treatment_type"] == "surgical_margin" for lesion in study["lesions"])
    return margin or any(earlier != later for earlier, later in labels)


def _fit_modality(lesion: dict[str, Any], modality: str) -> None:
    if modality == "ct":
        for name in (*FEATURES, "af_new_or_increased", "af_applied"):
            lesion.pop(name, None)
    elif lesion.get("quality_limit") == "beam_hardening_artifact":
        lesion["quality_limit"] = "motion"


def _fit_change(lesion: dict[str, Any], draw: Draw) -> None:
    """Give sizes then and now where change is judged against an exam after treatment, at times without a word on it."""
    found, size = lesion.get("enhancement_change"), lesion.get("enhancing_component_size_mm")
    measured = lesion.pop("prior_enhancing_component_size_mm", None)
    if measured is None or size is None or lesion.get("prior_timepoint") != "post_treatment" or found in (None, "new"):
        return
    if found == "stable":
        prior = size + draw.pick((-1, 0, 0, 1))
    elif found == "decreased":
        prior = size + draw.between(6, 16)
    else:
        prior = int(min(size - GROWN_MM - 2, size / (1 + GROWN_SHARE) - 1)) - draw.between(0, 2)
    lesion["prior_enhancing_component_size_mm"] = prior
    if draw.chance(0.5):
        del lesion["enhancement_change"]


def _fit_sizes(lesion: dict[str, Any], draw: Draw) -> None:
    treatment = lesion["treatment_type"]
    least = max(lesion.get("enhancing_component_size_mm") or 0, lesion.get("prior_enhancing_component_size_mm") or 0)
    low, high = TUMOR_MM[treatment]
    tumor = draw.between(max(low, least + TISSUE_MM), max(high, least + TISSUE_MM + 4))
    if (lesion.get("prior_timepoint"), lesion.get("enhancement_change")) == ("pretreatment", "stable"):
        tumor = least + draw.between(0, 2)
        lesion["enhancement_morphology"] = draw.pick(("nodular", "masslike"))
    if "pretreatment_size_mm" in lesion:
        lesion["pretreatment_size_mm"] = tumor
    if treatment == "surgical_margin":
        lesion.pop("treatment_zone_size_mm", None)
    elif "treatment_zone_size_mm" in lesion:
        lesion["treatment_zone_size_mm"] = max(tumor + draw.between(*ZONE_MM[treatment]), least + RIM_MM)


def _fit_time(lesion: dict[str, Any], draw: Draw) -> None:
    """First exams are early, those with an exam after treatment to compare with later; radiation takes months to grow through."""
    if "months_since_treatment" not in lesion:
        return
    radiation, prior = lesion["treatment_type"] in RADIATION, lesion.get("prior_timepoint")
    if radiation and masslike(lesion) == "present" and change(lesion) in GREW:
        low, high = 6, 18
    elif lesion.get("enhancement_morphology") == "smooth_thin_rim":
        low, high = (4, 6) if prior == "post_treatment" else (1, 4)
    elif prior == "pretreatment":
        low, high = 1, 3
    else:
        low = 4 if prior == "post_treatment" else 1
        high = 12 if masslike(lesion) == "present" else 24
    lesion["months_since_treatment"] = draw.between(low, high)


# fmt: off
AGAIN, FEATURE, SPELLINGS = "Continue monitoring in about 3 months", ("none", "present", "not_assessable"), ("TR {}", "LI-RADS TR {}", "treatment response {}", "LR-TR: {}", "LRTR {}")
BY_CODE = {code: Category(code, meaning, f"{advice}.", PRECEDENCE[::-1].index(code), aliases=tuple(s.format(code[6:].lower()) for s in SPELLINGS)) for code, meaning, advice in (
    (NONEVALUABLE, "response cannot be judged because images are missing or degraded", "Repeat or alternative diagnostic imaging in 3 months or less"),
    (NONVIABLE, "treated, probably or definitely without viable tumor", AGAIN),
    (EQUIVOCAL, "viability uncertain (v2018; v2024 nonradiation only)", f"{AGAIN}; multidisciplinary discussion in difficult cases"),
    (NONPROGRESSING, "masslike enhancement that is stable or decreasing (v2024 radiation only)", f"{AGAIN}; not by itself an indication to treat again"),
    (VIABLE, "probably or definitely viable tumor", "Multidisciplinary discussion for consensus management, often treatment again"),
)}
FIELDS = (
    Field("modality", "enum", "modality of the exam", values=("ct", "mri"), aliases={"mri": ("MR",)}),
    Field("contrast_agent", "enum", "contrast agent: iodinated (CT), extracellular (ECA) or hepatobiliary (HBA) gadolinium", values=("ECA", "HBA", "iodinated"),
          aliases={"ECA": ("extracellular", "gadobutrol", "gadoterate", "Gadavist", "Dotarem"), "HBA": ("hepatobiliary", "gadoxetate", "Eovist", "Primovist")}),
    Field("tra_version", "enum", "version of the treatment response algorithm", values=("v2018", "v2024"), default=LATEST, aliases={"v2018": ("2018", "v2017"), "v2024": ("2024",)}),
    Field("study_category", "enum", "label of the exam", values=CODES, derived=True),
    Field("study_category_diagnostic", "enum", "diagnostic category of the highest untreated observation away from the treated sites", values=("LR-NC", "LR-1", "LR-2", "LR-3", "LR-4", "LR-5", "LR-M", "LR-TIV")),
    Field("obs_id", "text", "name of the treated lesion over several exams", "lesion", derived=True),
    Field("segment", "enum", "Couinaud segment of the treated lesion, or the two on whose boundary it lies", "lesion", (*SEGMENTS, *BOUNDARIES), aliases={roman: (digit, f"S{digit}", f"segment {roman}", f"segment {digit}") for roman, digit in ARABIC.items()}),
    Field("treatment_type", "enum", "what the lesion was treated with; surgical_margin is a resection margin", "lesion", (*NONRADIATION, *RADIATION), aliases={
        "rfa": ("radiofrequency ablation",), "mwa": ("microwave ablation", "microwave"), "pei": ("percutaneous ethanol injection", "ethanol injection"), "tae": ("bland embolization",),
        "ctace": ("cTACE", "conventional TACE", "lipiodol TACE"), "deb_tace": ("DEB-TACE", "drug-eluting beads"), "tare": ("Y-90", "Y90", "radioembolization", "SIRT", "radiation segmentectomy"),
        "sbrt": ("stereotactic body radiotherapy", "stereotactic radiotherapy"), "surgical_margin": ("resection", "resection margin")}),
    Field("algorithm", "enum", "algorithm of v2024 that applies", "lesion", ("nonradiation", "radiation"), derived=True),
    Field("months_since_treatment", "float", "time since treatment", "lesion", unit="months", high=360),
    Field("pretreatment_category", "enum", "diagnostic category before treatment", "lesion", ("LR-4", "LR-5", "LR-M", "biopsy_HCC"), aliases={"biopsy_HCC": ("biopsy-proven HCC",)}),
    Field("pretreatment_size_mm", "int", "longest diameter before treatment", "lesion", unit="mm", low=1, high=300),
    Field("treatment_zone_size_mm", "int", "longest diameter of the treatment zone, which is not the size of the tumor", "lesion", unit="mm", low=1, high=300),
    Field("quality_limit", "enum", "what limits the evaluation of the lesion", "lesion", ("none", "missing_phase", "motion", "beam_hardening_artifact", "mistimed_arterial"), default="none"),
    Field("masslike_enhancement", "enum", "enhancing tissue that occupies space (nodular, masslike, thick irregular)", "lesion", ("absent", "uncertain", "present", "not_assessable"), default="absent"),
    Field("enhancement_morphology", "enum", "shape of the enhancement", "lesion", tuple(MORPHOLOGIES)),
    Field("enhancing_component_size_mm", "int", "longest single diameter of the largest enhancing component", "lesion", unit="mm", low=1, high=300),
    Field("aphe", "enum", "arterial phase hyperenhancement of the tissue", "lesion", FEATURE, default="none"),
    Field("washout", "enum", "washout appearance of the tissue", "lesion", FEATURE, default="none"),
    Field("similar_to_pretreatment", "enum", "whether it enhances like the tumor before treatment", "lesion", ("no", "yes", "unknown"), default="unknown"),
    Field("prior_timepoint", "enum", "what the enhancement is compared with", "lesion", ("none", "pretreatment", "post_treatment")),
    Field("enhancement_change", "enum", "change of the enhancing tissue since the exam compared with", "lesion", (*GREW, *SAME, "na")),
    Field("prior_enhancing_component_size_mm", "int", "longest diameter of the enhancing component on the earlier exam after treatment, 0 where there was none", "lesion", unit="mm", high=300),
    Field("af_diffusion_restriction", "bool", "diffusion restriction at the site (MRI)", "lesion", default=False),
    Field("af_t2_mild_moderate", "bool", "mild to moderate T2 hyperintensity at the site (MRI)", "lesion", default=False),
    Field("af_new_or_increased", "bool", "whether these signals are new or increased over time", "lesion", default=False),
    Field("af_applied", "bool", "whether they were used to upgrade the assessment", "lesion", default=True),
    Field("category", "enum", "label of the treated lesion", "lesion", CODES, derived=True),
)

_BURNED, _EMBOLIZED, _IRRADIATED = {"treatment_type": OneOf(ABLATION[:3])}, {"treatment_type": OneOf(EMBOLIZATION)}, {"treatment_type": OneOf(("tare", "tare", "sbrt"))}
_LOCAL = {"treatment_type": OneOf((*ABLATION[:3], "mwa", *EMBOLIZATION))}
_DENIED_AF = dict.fromkeys(FEATURES, Maybe(False, 0.35))
_CLEAR = {"masslike_enhancement": "absent", "enhancement_morphology": OneOf(("none", "none", "smooth_thin_rim", "perfusional_geographic")), "prior_timepoint": Maybe(OneOf(("none", "pretreatment", "post_treatment")), 0.4)}
_NONE = {**_CLEAR, **_DENIED_AF, "enhancement_morphology": "none", "aphe": Maybe("none", 0.35), "washout": Maybe("none", 0.2)}
_EXPECTED = {**_CLEAR, "enhancement_morphology": OneOf(("smooth_thin_rim", "perfusional_geographic")), "washout": Maybe("none", 0.2)}
# Nothing but whether there is masslike enhancement, so that it may be changed alone.
_BARE = {"enhancement_morphology": None, "enhancing_component_size_mm": None, "aphe": None, "washout": None, "similar_to_pretreatment": None, "prior_timepoint": None,
         "enhancement_change": None, **dict.fromkeys(FEATURES)}
_SHAPE = {"masslike_enhancement": "present", "enhancement_morphology": OneOf(("nodular", "nodular", "masslike", "thick_irregular_rim")), "enhancing_component_size_mm": Maybe(Between(9, 26), 0.85)}
_TUMOR = {**_SHAPE, "aphe": "present", "washout": Maybe("present", 0.7), "similar_to_pretreatment": Maybe("yes", 0.25)}
_PALE = {**_SHAPE, "aphe": "none", "washout": "none", "similar_to_pretreatment": "no"}
_AFTER, _BEFORE, _MEASURED = {"prior_timepoint": "post_treatment"}, {"prior_timepoint": "pretreatment", "pretreatment_size_mm": Between(20, 60)}, {"prior_enhancing_component_size_mm": Maybe(10, 0.6)}
_HELD = {**_AFTER, **_MEASURED, "enhancement_change": OneOf(SAME)}
_KEPT = {**_SHAPE, "aphe": Maybe("present", 0.8), "washout": Maybe(OneOf(("none", "present")), 0.3), "similar_to_pretreatment": None}
_DIMMER = {**_KEPT, **_BEFORE, "enhancement_change": OneOf(SAME), "enhancing_component_size_mm": Between(20, 34)}
_GROWN = {**_KEPT, **_AFTER, **_MEASURED, "enhancement_change": OneOf(GREW), "enhancing_component_size_mm": Between(16, 34)}
_UNSURE = {"masslike_enhancement": "uncertain", "enhancement_morphology": "indeterminate", "enhancing_component_size_mm": Maybe(Between(6, 14), 0.4), "aphe": Maybe("present", 0.4), "washout": Maybe("none", 0.7),
           "prior_timepoint": Maybe(OneOf(("none", "pretreatment")), 0.3), **_DENIED_AF}
_DWI, _T2, _BOTH = ({FEATURES[0]: True}, {FEATURES[1]: True}, dict.fromkeys(FEATURES, True))
_USED, _UNUSED, _OLD = {"af_applied": True, "tra_version": LATEST}, {"af_applied": False, "tra_version": LATEST}, {"tra_version": "v2018"}
_LOST = {"masslike_enhancement": "not_assessable", "enhancement_morphology": None, **dict.fromkeys(FEATURES), "aphe": Maybe("not_assessable", 0.6), "washout": Maybe("not_assessable", 0.4), "prior_timepoint": Maybe(OneOf(("none", "pretreatment")), 0.3)}
_PARTLY = {"quality_limit": "mistimed_arterial", "aphe": "not_assessable", "tra_version": LATEST, "similar_to_pretreatment": None}
_DONE_ANY = (*(_DONE := ({**_BURNED, **_NONE}, {**_EMBOLIZED, **_EXPECTED})), {**_IRRADIATED, **_NONE})
_NEW_AF, _MARGIN = {"af_new_or_increased": True, **_USED}, {"treatment_type": "surgical_margin"}

SCENARIOS = (
    Scenario("ablated_without_enhancement", lesions=({**_BURNED, **_NONE},), companions=_DONE_ANY, variants=({}, {"enhancement_morphology": "smooth_thin_rim", "aphe": None}, _BARE, _OLD)),
    Scenario("embolized_without_enhancement", lesions=({**_EMBOLIZED, **_NONE},), companions=_DONE_ANY, variants=({}, _BARE)),
    Scenario("irradiated_without_enhancement", lesions=({**_IRRADIATED, **_NONE},), companions=_DONE_ANY, variants=({}, {"enhancement_morphology": "perfusional_geographic", "aphe": None})),
    Scenario("perfusional_change", lesions=({**_LOCAL, **_EXPECTED},), companions=_DONE_ANY, variants=({}, _OLD)),
    Scenario("diffusion_without_enhancement", lesions=({**_LOCAL, **_NONE},), companions=_DONE, variants=(_DWI, _T2), modalities=("mri",)),
    Scenario("marginal_nodule", lesions=({**_BURNED, **_TUMOR},), companions=_DONE, variants=({}, _OLD, _BARE)),
    Scenario("embolized_with_tumor", lesions=({**_EMBOLIZED, **_TUMOR},), companions=_DONE, variants=({}, _HELD, {**_GROWN, "enhancement_change": "new"}, _OLD)),
    Scenario("stable_after_ablation", {"tra_version": LATEST}, lesions=({**_BURNED, **_KEPT, **_HELD},), companions=_DONE, variants=({}, {"enhancement_change": "stable"}, {"treatment_type": "deb_tace"})),
    Scenario("late_enhancing_tissue", lesions=({**_LOCAL, **_PALE},), companions=_DONE, variants=({"tra_version": LATEST}, _OLD, {**_OLD, "washout": "present"},
             {**_OLD, "similar_to_pretreatment": "yes", "pretreatment_category": OneOf(("LR-4", "biopsy_HCC"))})),
    Scenario("ill_defined_margin", lesions=({**_LOCAL, **_UNSURE},), companions=_DONE, variants=({}, _BARE, _OLD)),
    Scenario("ill_defined_with_ancillary", lesions=({**_LOCAL, **_UNSURE},), companions=_DONE, modalities=("mri",), variants=({**_DWI, **_USED}, {**_BOTH, **_USED}, {**_T2, **_UNUSED}, {**_DWI, **_UNUSED}, {**_DWI, **_OLD}, {**_T2, **_USED})),
    Scenario("unreadable_zone", lesions=({**_LOCAL, **_LOST},), companions=({**_BURNED, **_NONE},), variants=({"quality_limit": "motion"}, {"quality_limit": "motion", **_IRRADIATED})),
    Scenario("obscured_by_artifact", lesions=({**_LOST, "treatment_type": OneOf(("ctace", "ctace", "deb_tace", "mwa")), "quality_limit": "beam_hardening_artifact"},), companions=(_DONE[1],)),
    Scenario("arterial_phase_mistimed", lesions=({**_LOCAL, **_LOST, "aphe": "not_assessable", "quality_limit": "mistimed_arterial"},), variants=({}, _IRRADIATED)),
    Scenario("persisting_after_radiation", lesions=({**_IRRADIATED, **_KEPT, **_HELD},), companions=_DONE_ANY, variants=({}, {"prior_enhancing_component_size_mm": None}, {"enhancement_change": "stable", **_DENIED_AF}, {"enhancing_component_size_mm": Between(12, 20), "prior_enhancing_component_size_mm": 10, "enhancement_change": "stable"})),
    Scenario("first_exam_after_radiation", lesions=({**_IRRADIATED, **_DIMMER},), companions=_DONE_ANY, variants=({}, {"enhancement_change": "decreased", **_DENIED_AF})),
    Scenario("growing_after_radiation", lesions=({**_IRRADIATED, **_GROWN},), companions=_DONE_ANY, variants=({}, {"prior_enhancing_component_size_mm": None}, {"enhancement_change": "increased"})),
    Scenario("judged_despite_limits", lesions=({**_LOCAL, **_KEPT},), variants=(_PARTLY, {**_NONE, "enhancement_morphology": "none", "enhancing_component_size_mm": None, "quality_limit": "motion", "aphe": None})),
    Scenario("two_treated_lesions", lesions=({**_IRRADIATED, **_KEPT, **_HELD}, {**_BURNED, **_TUMOR}), companion_chance=0, variants=({}, {**_NONE, "enhancing_component_size_mm": None, "enhancement_change": None}), unseen=True),
    Scenario("ethanol_injection", lesions=({"treatment_type": "pei", **_NONE},), companions=_DONE, unseen=True, variants=({}, {**_TUMOR, "enhancing_component_size_mm": Between(8, 14)}, {**_UNSURE, "aphe": "present"})),
    Scenario("resection_margin", lesions=({**_MARGIN, **_NONE},), unseen=True, variants=({"enhancement_morphology": "none"}, {**_PALE, "enhancing_component_size_mm": Between(8, 20)}, {**_TUMOR}, _UNSURE, {**_LOST, "quality_limit": "motion"})),
    Scenario("ancillary_after_radiation", {"tra_version": LATEST}, lesions=({**_IRRADIATED, **_KEPT, **_HELD},), companions=_DONE_ANY, unseen=True, modalities=("mri",), variants=({**_DWI, **_NEW_AF}, {**_BOTH, **_NEW_AF}, dict.fromkeys(FEATURES, False), {**_T2, **_NEW_AF})),
    Scenario("shrinking_after_radiotherapy", lesions=({"treatment_type": "sbrt", **_KEPT, **_HELD, "enhancement_change": "decreased"},), companions=_DONE, unseen=True, variants=({}, _DIMMER)),
    Scenario("missing_phase", lesions=({**_LOCAL, **_LOST, "aphe": "not_assessable", "quality_limit": "missing_phase"},), unseen=True, variants=({}, _IRRADIATED)),
)
_V2018, _LEFT_ALONE = {"tra_version": "v2018", "masslike_enhancement": "present"}, {"af_applied": None, **dict.fromkeys(FEATURES)}
_WORDS_ALONE = {"masslike_enhancement": "present", "prior_timepoint": "post_treatment", "prior_enhancing_component_size_mm": None, **_LEFT_ALONE}
EDITS = (
    Edit("masslike_enhancement", ("absent", "uncertain", "present"), where={"treatment_type": NONRADIATION, "quality_limit": None, "tra_version": "v2024", **dict.fromkeys(_BARE)}),
    Edit("enhancement_morphology", ("nodular", "masslike", "thick_irregular_rim"), where={"masslike_enhancement": "present"}),
    Edit("enhancement_morphology", ("none", "perfusional_geographic"), where={"masslike_enhancement": "absent", "aphe": None, "washout": None, **_LEFT_ALONE}),
    Edit("treatment_type", ("deb_tace", "tare"), where={**_WORDS_ALONE, "prior_enhancing_component_size_mm": None, "enhancement_change": SAME, "tra_version": "v2024", "months_since_treatment": Between(4, 12)}),
    Edit("treatment_type", ("rfa", "mwa", "cryoablation")),
    Edit("enhancement_change", ("stable", "increased"), where={**_WORDS_ALONE, "treatment_type": RADIATION, "months_since_treatment": Between(6, 12)}),
    Edit("enhancement_change", ("stable", "decreased"), where=_WORDS_ALONE),
    Edit("enhancing_component_size_mm", steps=(-6, -1, 1, 6), where={"treatment_type": RADIATION, "enhancement_change": None, "enhancing_component_size_mm": Between(12, 20), "prior_enhancing_component_size_mm": Between(12, 20), "months_since_treatment": Between(6, 12), **_LEFT_ALONE}),
    Edit("enhancing_component_size_mm", steps=(-2, -1, 1, 2), where={"prior_enhancing_component_size_mm": None, "enhancing_component_size_mm": Between(8, 40)}),
    Edit("aphe", ("none", "present"), where={**_V2018, "washout": "none", "similar_to_pretreatment": "no"}), Edit("washout", ("none", "present"), where={**_V2018, "aphe": "none", "similar_to_pretreatment": "no"}),
    Edit("af_applied", (True, False), where={"modality": "mri", "masslike_enhancement": "uncertain", "tra_version": "v2024"}),
    Edit("af_diffusion_restriction", (True, False), where={"modality": "mri", "treatment_type": NONRADIATION, "masslike_enhancement": "absent", "af_applied": None}),
    Edit("treatment_zone_size_mm", steps=(-2, 2, 3)), Edit("pretreatment_size_mm", steps=(-2, 1, 2), where={"treatment_type": (*EMBOLIZATION, *RADIATION), "enhancement_change": None}),
)
DOCUMENT = Document(
    key="lirads_tra", system="lirads", system_names=("LI-RADS", "LI-RADS TRA", "CT/MRI LI-RADS TRA", "LIRADS"), title="LI-RADS CT/MRI treatment response assessment",
    edition="2018, 2024", source="ACR CT/MRI LI-RADS v2018 Core; ACR LI-RADS CT/MR Treatment Response Assessment v2024 Cores", modalities=("ct", "mri"), categories=tuple(BY_CODE.values()),
    fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, ages=(34, 86), edits=EDITS,
    exam_plan={"contrast_agent": OneOf(("ECA", "HBA")), "tra_version": Maybe(LATEST, 0.5), "study_category_diagnostic": Maybe(OneOf(("LR-1", "LR-2", "LR-3", "LR-4", "LR-5")), 0.22)},
    lesion_plan={"segment": OneOf((*SEGMENTS, *SEGMENTS[1:], *SEGMENTS[5:], *BOUNDARIES[2:])), "months_since_treatment": Maybe(6, 0.8), "pretreatment_category": Maybe(OneOf(("LR-5", "LR-5", "LR-5", "LR-4", "biopsy_HCC", "LR-M")), 0.6),
                 "pretreatment_size_mm": Maybe(30, 0.55), "treatment_zone_size_mm": Maybe(30, 0.65)},
)
