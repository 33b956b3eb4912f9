"""NI-RADS (CT and PET/CT 2018, MRI v2025): surveillance of treated head and neck cancer.

Issued by the American College of Radiology. A study gets two categories, primary site then neck
nodes, written ``primary // neck`` and never merged; 2a and 2b exist at the primary only.

=====  =======================================  ============================================
label  primary site                             neck
=====  =======================================  ============================================
0      baseline, earlier studies still to come  the same
1      diffuse linear mucosal enhancement,      no abnormal node, or residual hypoenhancing
       distortion or scar as expected           tissue without uptake
2a     focal mucosal finding, not mass-like
2b     deep ill-defined tissue, mild            2: residual node, heterogeneous enhancement
       enhancement and uptake at most           or mild to moderate uptake
3      discrete new, growing or enhancing       new or growing node, necrotic, cystic, with
       mass, intense focal uptake               irregular border or extranodal extension
4      proven, or definite progression          the same
=====  =======================================  ============================================

No size, SUV or ADC decides anything. What the guideline leaves to judgement is refused: PET and CT
that disagree, a mucosal and a deep low-suspicion finding together, a low-suspicion finding carried
forward unchanged. MRI v2025 keeps the categories and adds signal descriptors; its markers for a site
that cannot be assessed (P-x, N-x, P-unknown primary) are no categories and are not generated. A new
or growing node that looks normal is 2 under v2025; the 2018 wording is unclear there, and no CT or
PET/CT report has one. A pair ranks as its worse site does; 0 stands between 1 and 2.

Source: Aiken AH et al. J Am Coll Radiol 2018;15:1097-1108 (CT, PET/CT); Bunch PM et al. J Am Coll
Radiol 2025, doi 10.1016/j.jacr.2025.07.023 (MRI); risks: Krieger DA et al. AJNR 2017.

>>> from multirads_hf.rads import get
>>> focus = {"modality": "ct", "primary_mucosa": "focal_non_masslike", "neck_node_status": "none_abnormal"}
>>> get("nirads").categorise(focus)
'2a // 1'
>>> get("nirads").categorise({"neck_node_status": "new", "neck_morphology": ["new_necrosis"]})
'1 // 3'
>>> get("nirads").categorise({"treatment_phase": "pre_treatment"})
Traceback (most recent call last):
multirads_hf.errors.StudyError: nirads: treatment_phase: got 'pre_treatment'. Allowed: post_treatment.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

# White paper 2018, table of CT and PET/CT descriptors.
BLAND_MUCOSA = ("normal", "diffuse_linear")
BLAND_DEEP = ("none", "expected_distortion")
CHANGED = ("new", "enlarging")
SUSPICIOUS_NODE = ("new_necrosis", "new_cystic_change", "new_irregular_border", "new_extranodal_extension")
# v2025: category 2 needs a fresh look each time, so it is given at a baseline or to a new finding.
FRESH = ("first_baseline", "new")
# What uptake and what MRI signal go with a finding; any other pairing is left to judgement.
UPTAKE = {"mass": ("intense_focal",), "low": ("mild_moderate_focal",), "expected": ("none", "diffuse_or_physiologic")}
SIGNAL = {
    "mass": ("matches_original_tumour", "intermediate_t2"), "ill_defined": ("intermediate_t2",),
    "expected_distortion": ("low_t1_t2_scar", "t2_bright_oedema"), "none": ("low_t1_t2_scar", "t2_bright_oedema"),
}  # fmt: skip
PENDING, ADDENDUM = "0 // 0", "Score by addendum when the earlier studies arrive."
# Management column of the 2018 table; v2025 sets no interval, and a PET/CT needs no second PET.
_THREE_MONTHS = "short-interval follow-up (about 3 months)"
FOLLOW_UP = {"ct": f"{_THREE_MONTHS} or PET/CT", "pet_ct": _THREE_MONTHS, "mri": "short-interval MRI or PET/CT"}
_BIOPSY, _CARE = "image-guided or clinical biopsy if clinically indicated", "clinical management of the recurrence"
ADVICE = {"1": "routine surveillance", "2a": "direct visual inspection", "3": _BIOPSY, "4": _CARE}


def _refusal(field: str, value: object, accepted: str) -> StudyError:
    return StudyError(f"nirads: {field}: got {shown(value)}. Allowed{accepted}.")


def _check_scope(study: Study) -> None:
    """Refuse what NI-RADS is not for, and what has no category."""
    phase, signal = study.get("treatment_phase"), study.get("primary_mri_signal")
    if phase not in (None, "post_treatment"):
        raise _refusal("treatment_phase", phase, ": post_treatment")
    if study.get("modality") != "mri" and signal not in (None, "not_applicable"):
        raise _refusal("primary_mri_signal", signal, " outside MRI: not_applicable")
    if study.get("modality") == "mri" and study.get("primary_site_name") == "unknown":
        raise _refusal("primary_site_name", "unknown", " on MRI: a known site (P-unknown primary is no category)")


def _pending(study: Study) -> bool:
    """Return whether the study is a baseline whose earlier studies are known and still to come."""
    if study.get("prior_status") == "known_pending" and study.get("timepoint") is None:
        raise StudyError("nirads: timepoint is missing. Pending priors give 0 // 0 at the first baseline only.")
    return study.get("prior_status") == "known_pending" and study["timepoint"] == "first_baseline"


def _kind(study: Study) -> str:
    """Return ``mass``, ``low`` (a low-suspicion finding) or ``expected`` for the primary site."""
    mucosa, deep = study.get("primary_mucosa"), study.get("primary_deep")
    if mucosa == "masslike" or deep == "discrete_mass":
        return "mass"
    return "low" if mucosa == "focal_non_masslike" or deep == "ill_defined" else "expected"


def _check_agreement(study: Study) -> None:
    """Refuse a primary site whose PET or MRI signal says something else than its morphology."""
    deep, kind = study.get("primary_deep"), _kind(study)
    fdg, signal = study.get("primary_fdg"), study.get("primary_mri_signal")
    stated = deep is not None or study.get("primary_mucosa") is not None
    if stated and study.get("modality") == "pet_ct" and fdg not in (None, "not_done", *UPTAKE[kind]):
        raise _refusal("primary_fdg", fdg, f" with this morphology on PET/CT: {', '.join(UPTAKE[kind])}")
    matching = SIGNAL["mass" if kind == "mass" else deep or "none"]
    if stated and signal not in (None, "not_applicable", *matching):
        raise _refusal("primary_mri_signal", signal, f" with this morphology: {', '.join(matching)}")


def _first(site: str, table: tuple[tuple[str, str, Any], ...], given: tuple[str, ...]) -> tuple[str, str]:
    if matching := [(code, reason) for code, reason, matches in table if matches]:
        return matching[0]
    raise _refusal(site, ", ".join(given), ": the combinations of the NI-RADS table")


def _primary(study: Study) -> tuple[str, str]:
    """Return the first line of the table that the findings at an unproven primary site match."""
    _check_agreement(study)
    mucosa, deep = study.get("primary_mucosa") or "normal", study.get("primary_deep") or "none"
    enhancement, fdg = study.get("primary_enhancement") or "none_or_mild", study.get("primary_fdg") or "not_done"
    change, low_fdg = study.get("primary_change"), ("not_done", *UPTAKE["low"])
    grown = enhancement == "definite" or change in CHANGED or study.get("primary_mri_signal") == SIGNAL["mass"][0]
    bland_mucosa, bland_deep, focus = mucosa in BLAND_MUCOSA, deep in BLAND_DEEP, mucosa == "focal_non_masslike"
    plaque = deep == "ill_defined" and enhancement == "none_or_mild" and bland_mucosa
    expected = bland_mucosa and bland_deep and fdg in ("not_done", *UPTAKE["expected"])
    table = (
        ("3", "mass-like mucosal abnormality", mucosa == "masslike"),
        ("3", "discrete mass that is new, growing or definitely enhancing", deep == "discrete_mass" and grown),
        ("3", "intense focal FDG uptake", fdg == "intense_focal"),
        ("2b", "deep ill-defined tissue, mild enhancement at most", plaque and fdg in low_fdg),
        ("2a", "focal mucosal finding, not mass-like", focus and bland_deep and fdg in ("none", *low_fdg)),
        ("1", "expected post-treatment change only", expected),
    )
    code, reason = _first("primary site", table, (mucosa, deep, f"enhancement {enhancement}", f"FDG {fdg}"))
    if code in ("2a", "2b") and change not in (None, *FRESH):
        raise _refusal("primary_change", change, f" with a low-suspicion finding: {', '.join(FRESH)}")
    return code, reason


def _neck(study: Study) -> tuple[str, str]:
    """Return the first line of the table that the findings in an unproven neck match."""
    status, fdg = study.get("neck_node_status") or "none_abnormal", study.get("neck_fdg") or "not_done"
    forms = [form for form in study.get("neck_morphology") or [] if form != "none"]
    _check_one_story(status, forms, fdg)
    suspicious = [form.replace("_", " ") for form in forms if form in SUSPICIOUS_NODE]
    residual, mixed = status == "residual_treated", "heterogeneous_enhancement" in forms
    cold = fdg in ("not_done", "none")
    plain = status in CHANGED and not forms and fdg in ("not_done", "mild_moderate")
    table = (
        ("3", f"{status} node with {', '.join(suspicious)}", suspicious),
        ("3", "intense focal FDG uptake", fdg == "intense_focal"),
        ("2", "residual node with heterogeneous enhancement", residual and mixed),
        ("2", "residual node with mild to moderate FDG uptake", residual and fdg == "mild_moderate"),
        ("2", f"{status} node of normal morphology", plain),
        ("1", "residual treated tissue, hypoenhancing, no FDG uptake", residual and cold),
        ("1", "no abnormal node", status == "none_abnormal"),
    )
    code, reason = _first("neck", table, (status, *forms, f"FDG {fdg}"))
    if code == "2" and residual and study.get("timepoint") == "subsequent":
        raise _refusal("timepoint", "subsequent", " with an unchanged low-suspicion node: first_baseline")
    return code, reason


def _check_one_story(status: str, forms: list[str], fdg: str) -> None:
    """Refuse a node status that its own description contradicts."""
    newly = [form for form in forms if form in SUSPICIOUS_NODE]
    if newly and status not in CHANGED:
        raise _refusal("neck_node_status", status, f" with {newly[0]}: {', '.join(CHANGED)}")
    if status == "none_abnormal" and (forms or fdg == "mild_moderate"):
        raise _refusal("neck_node_status", status, f" with {(*forms, fdg)[0]}: residual_treated, new, enlarging")


def management(primary: str, neck: str, modality: str = "ct") -> str:
    """Return what the guideline advises for both sites of a study."""
    if primary == "0":
        return ADDENDUM
    follow_up = FOLLOW_UP[modality]
    return f"Primary: {ADVICE.get(primary, follow_up)}. Neck: {ADVICE.get(neck, follow_up)}."


def _judged(study: Study, site: str) -> tuple[str, str]:
    """Return category and reason of one site: proof and definite progression before any finding."""
    if study.get(f"{site}_path_proven"):
        return "4", f"{site}: recurrence proven by pathology: 4"
    if study.get(f"{site}_definite_progression"):
        return "4", f"{site}: definite clinical and imaging progression: 4"
    code, reason = _primary(study) if site == "primary" else _neck(study)
    return code, f"{site}: {reason}: {code}"


def rule(study: Study) -> Decision:
    """Apply the table to each site, after scope and pending priors."""
    _check_scope(study)
    if _pending(study):
        return Decision(PENDING, ("first baseline, earlier studies known and pending: 0 // 0",), ADDENDUM)
    (primary, primary_reason), (neck, neck_reason) = _judged(study, "primary"), _judged(study, "neck")
    advice = management(primary, neck, study.get("modality") or "ct")
    return Decision(f"{primary} // {neck}", (primary_reason, neck_reason), advice)


# Usual courses of treatment (members in the order of the field) and draining levels of each site.
_RT, _CRT, _CUT_RT = ["radiotherapy"], ["radiotherapy", "chemotherapy"], ["surgery", "radiotherapy"]
_CUT_NECK, _FLAP_NECK, _FLAP_RT = ["surgery", "neck_dissection"], ["surgery", "flap", "neck_dissection"], ["surgery", "flap", "radiotherapy"]  # fmt: skip
_CUT_NECK_RT, _FLAP_NECK_RT, _ALL = [*_CUT_NECK, *_RT], [*_FLAP_NECK, *_RT], [*_FLAP_NECK, *_CRT]
USUAL: dict[str, tuple[tuple[list[str], ...], tuple[str, ...]]] = {
    "oral_cavity": ((_CUT_NECK, _CUT_NECK_RT, _FLAP_NECK, _FLAP_NECK_RT, _ALL, _CRT), ("IA", "IB", "IIA", "III")),
    "oropharynx": ((_RT, _CRT, _CRT, _CUT_NECK_RT), ("II", "IIA", "IIB", "III")),
    "hypopharynx": ((_CRT, _CRT, _ALL), ("IIA", "III", "IV")), "larynx": ((_RT, _CRT, _CUT_NECK_RT, _ALL), ("IIA", "III", "IV", "VI")),
    "nasopharynx": ((_CRT, _CRT, _RT), ("retropharyngeal", "IIB", "V", "VA")), "sinonasal": ((_CUT_RT, _FLAP_RT), ("IB", "IIA", "retropharyngeal")),
    "salivary": ((_CUT_RT, _CUT_NECK_RT, _CUT_NECK), ("IB", "II", "IIA", "III")), "thyroid": ((_CUT_NECK, _CUT_RT), ("III", "IV", "VB", "VI")),
    "skin": ((_CUT_RT, _CUT_NECK_RT, _FLAP_NECK_RT), ("parotid", "II", "VA", "IB")),
}  # fmt: skip
TWO_LEVELS = (["II", "III"], ["IB", "IIA"], ["III", "IV"])


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Add what follows from site, timepoint and modality, and put the fields in order."""
    _add_history(study, draw)
    _suit_mri(study, draw)
    _add_comparison(study, draw)
    _add_signals(study, draw)
    return {field.name: study[field.name] for field in FIELDS if field.name in study}


def _add_history(study: dict[str, Any], draw: Draw) -> None:
    """Give treatments and levels that suit the site; a dissected neck holds no treated residual node."""
    site, status = study["primary_site_name"], study["neck_node_status"]
    (courses, levels), residual = USUAL[site], status == "residual_treated"
    irradiated = residual or study.get("primary_mucosa") == "diffuse_linear"
    if draw.chance(0.85):
        fit = [c for c in courses if (c[-1] in _CRT or not irradiated) and not (residual and "neck_dissection" in c)]
        study["treatments"] = list(draw.pick(fit))
    if status != "none_abnormal":
        two = residual and site in ("oral_cavity", "oropharynx", "hypopharynx", "larynx") and draw.chance(0.3)
        study["neck_level"] = list(draw.pick(TWO_LEVELS)) if two else [draw.pick(levels)]
    if site in ("salivary", "thyroid", "skin"):
        study.pop("primary_mucosa", None)


def _suit_mri(study: dict[str, Any], draw: Draw) -> None:
    """Turn what v2025 does not describe into what it does: masses and normal-looking nodes have grown."""
    if study["modality"] != "mri" or study["prior_status"] == "known_pending":
        return
    forms, mass = study.get("neck_morphology", []), _kind(study) == "mass" and not study.get("primary_path_proven")
    if SUSPICIOUS_NODE[3] in forms:
        study["neck_morphology"] = forms[:-1] or ["new_irregular_border"]
    mixed = "heterogeneous_enhancement" in forms and not study.get("neck_path_proven")
    if mixed and (mass or draw.chance(0.5)):
        study |= {"neck_node_status": draw.pick(CHANGED), "neck_morphology": ["none"], "timepoint": "subsequent"}
        study["neck_level"] = study["neck_level"][:1]
    study["timepoint"] = "subsequent" if mass else study["timepoint"]


def _add_comparison(study: dict[str, Any], draw: Draw) -> None:
    """Say what the study is compared with and how the primary site has changed."""
    baseline, kind = study["timepoint"] == "first_baseline", _kind(study)
    compared = study["prior_status"] == "known_pending" or (study["modality"] == "mri" and kind == "mass")
    if baseline and not compared and draw.chance(0.5):
        study["prior_status"] = "none"
    if kind != "expected" or draw.chance(0.7):
        seen = {study.get("primary_deep"), study.get("primary_mucosa")} - {None, "none", "normal"}
        expected = ("stable", "stable", "decreasing" if seen else "stable")
        later = {"expected": expected, "low": ("new",), "mass": CHANGED}[kind]
        study.setdefault("primary_change", "first_baseline" if baseline else draw.pick(later))
    if baseline and "irregular_border_treated_stable" in study.get("neck_morphology", []):
        study["neck_morphology"] = ["hypoenhancing"]


def _add_signals(study: dict[str, Any], draw: Draw) -> None:
    """Add the uptake or the MRI signal that goes with the findings."""
    deep, kind, forms = study.get("primary_deep", "none"), _kind(study), study.get("neck_morphology", [])
    if study["modality"] == "ct" and draw.chance(0.12):
        study |= {"primary_fdg": "not_done", "neck_fdg": "not_done"}
    if study["modality"] == "mri" and deep != "none" and draw.chance(0.9):
        study["primary_mri_signal"] = draw.pick(SIGNAL["mass"][:1] if deep == "discrete_mass" else SIGNAL[deep])
    if study["modality"] != "pet_ct":
        return
    treated = "mild_moderate" if "heterogeneous_enhancement" in forms else "none"
    study["neck_fdg"] = "intense_focal" if study["neck_node_status"] in CHANGED else treated
    study["primary_fdg"] = draw.pick(UPTAKE[kind])
    if study["prior_status"] != "none" and draw.chance(0.4):
        cold = study["primary_fdg"] == study["neck_fdg"] == "none"
        study["original_tumour_fdg_avid"] = draw.pick(("no", "yes") if cold else ("yes", "yes", "unknown"))


# fmt: off
# Recurrence rates pooled over both sites: Krieger DA et al. AJNR 2017.
_SITE = {
    "0": ("incomplete, earlier studies known and pending", "not known", 1), "1": ("no evidence of recurrence", "about 4%", 0),
    "2": ("low suspicion", "about 17%", 2), "2a": ("low suspicion, mucosal", "about 17%", 2), "2b": ("low suspicion, deep", "about 17%", 2),
    "3": ("high suspicion", "about 59%", 3), "4": ("definitive recurrence", "proven", 4),
}
_FORMS = ("{}//{}", "{}/{}", "P{} N{}", "P{}/N{}", "P: {}, N: {}", "P {}, N {}", "primary {}, neck {}", "primary {} // neck {}", "NI-RADS {}/{}", "NI-RADS primary {}, neck {}")


def _pair(primary: str, neck: str) -> Category:
    (first, risk, rank), (second, neck_risk, neck_rank) = _SITE[primary], _SITE[neck]
    meaning, risks = f"primary: {first}; neck: {second}", f"primary {risk}, neck {neck_risk}"
    forms, worse = tuple(form.format(primary, neck) for form in _FORMS), max(rank, neck_rank)
    return Category(f"{primary} // {neck}", meaning, management(primary, neck), worse, risks, forms)


CATEGORIES = (_pair("0", "0"), *(_pair(*pair) for pair in product(("1", "2a", "2b", "3", "4"), "1234")))
FIELDS = (
    Field("modality", "enum", "modality of the exam", values=("ct", "pet_ct", "mri"), aliases={"ct": ("CECT", "CT neck"), "pet_ct": ("PET", "PET/CT", "PET-CECT"), "mri": ("MR", "MRI neck")}),
    Field("treatment_phase", "enum", "when the exam is done with respect to treatment", values=("post_treatment", "during_treatment", "pre_treatment"), default="post_treatment"),
    Field("timepoint", "enum", "first baseline after treatment, or a later study", values=("first_baseline", "subsequent"), aliases={"first_baseline": ("baseline", "first post-treatment"), "subsequent": ("follow-up",)}),
    Field("prior_status", "enum", "whether earlier studies are at hand, known and still to come, or do not exist", values=("available", "known_pending", "none"), aliases={"known_pending": ("pending", "requested")}),
    Field("primary_site_name", "enum", "where the treated tumor was", values=(*USUAL, "unknown"), aliases={"oropharynx": ("tongue base", "tonsil", "soft palate"), "oral_cavity": ("oral tongue", "alveolus")}),
    Field("treatments", "list", "every treatment given", values=("surgery", "flap", "neck_dissection", "radiotherapy", "chemotherapy"), aliases={"radiotherapy": ("RT", "radiation"), "neck_dissection": ("ND",), "surgery": ("resection",)}),
    Field("original_tumour_fdg_avid", "enum", "whether the tumor took up FDG before treatment", values=("yes", "no", "unknown")),
    Field("primary_mucosa", "enum", "mucosa of the primary site", values=(*BLAND_MUCOSA, "focal_non_masslike", "masslike"), default="normal", aliases={"diffuse_linear": ("smooth thin", "mucositis"), "masslike": ("exophytic", "mass-like")}),
    Field("primary_deep", "enum", "deep tissue of the primary site", values=(*BLAND_DEEP, "ill_defined", "discrete_mass"), default="none", aliases={"expected_distortion": ("scar", "edema"), "ill_defined": ("plaque-like",), "discrete_mass": ("nodule", "mass")}),
    Field("primary_size_mm", "float", "longest diameter at the primary site", unit="mm", low=1, high=150),
    Field("primary_enhancement", "enum", "enhancement at the primary site against muscle", values=("none_or_mild", "definite"), default="none_or_mild", aliases={"definite": ("avid",)}),
    Field("primary_mri_signal", "enum", "MRI signal of the deep tissue of the primary site", values=(*SIGNAL["none"], *reversed(SIGNAL["mass"]), "not_applicable"), default="not_applicable"),
    Field("primary_fdg", "enum", "FDG uptake at the primary site", values=("not_done", *UPTAKE["expected"], *UPTAKE["low"], *UPTAKE["mass"]), default="not_done"),
    Field("primary_change", "enum", "change of the primary site since the earlier post-treatment study", values=("first_baseline", *CHANGED, "stable", "decreasing"), aliases={"enlarging": ("interval growth", "increased"), "stable": ("unchanged",)}),
    Field("primary_path_proven", "bool", "whether pathology has proven recurrence at the primary site", default=False),
    Field("primary_definite_progression", "bool", "whether the primary site has unmistakably progressed", default=False),
    Field("neck_node_status", "enum", "the most worrying node of the neck", values=("none_abnormal", "residual_treated", *CHANGED), default="none_abnormal"),
    Field("neck_level", "list", "every level that holds such a node", values=("IA", "IB", "II", "IIA", "IIB", "III", "IV", "V", "VA", "VB", "VI", "retropharyngeal", "parotid"), aliases={"IB": ("1b",), "IIA": ("2a",), "IIB": ("2b",), "VA": ("5a",), "retropharyngeal": ("RPN",)}),
    Field("neck_short_axis_mm", "float", "short axis of that node", unit="mm", low=0, high=100),
    Field("neck_morphology", "list", "everything seen in that node", values=("none", "hypoenhancing", "heterogeneous_enhancement", "irregular_border_treated_stable", *SUSPICIOUS_NODE), default=["none"], aliases={"new_extranodal_extension": ("ENE",)}),
    Field("neck_fdg", "enum", "FDG uptake of that node", values=("not_done", "none", "mild_moderate", "intense_focal"), default="not_done"),
    Field("neck_path_proven", "bool", "whether pathology has proven recurrence in the neck", default=False),
    Field("neck_definite_progression", "bool", "whether the neck has unmistakably progressed", default=False),
    Field("nirads_primary", "enum", "category of the primary site", values=("0", "1", "2a", "2b", "3", "4"), derived=True),
    Field("nirads_neck", "enum", "category of the neck", values=("0", "1", "2", "3", "4"), derived=True),
    Field("nirads_full", "text", "both categories, primary first", derived=True),
)

_FIRST, _LATER, _EITHER = {"timepoint": "first_baseline"}, {"timepoint": "subsequent"}, {"timepoint": OneOf(("first_baseline", "subsequent"))}
_NECROSIS, _CYST, _EDGE, _ENE = SUSPICIOUS_NODE
_SUSPICIOUS = OneOf(([_NECROSIS], [_NECROSIS], [_CYST], [_EDGE], [_ENE], [_NECROSIS, _ENE], [_EDGE, _ENE]))
_HYPO = OneOf((["hypoenhancing"], ["hypoenhancing"], ["hypoenhancing", "irregular_border_treated_stable"]))
# Neck patterns, the variants of every scenario.
_CLEAR = {**_EITHER, "neck_node_status": "none_abnormal"}
_TREATED = {**_EITHER, "neck_node_status": "residual_treated", "neck_short_axis_mm": Maybe(Between(4, 17), 0.85), "neck_morphology": _HYPO}
_MIXED = {**_TREATED, **_FIRST, "neck_morphology": ["heterogeneous_enhancement"], "neck_short_axis_mm": Maybe(Between(7, 17), 0.85)}
_NEW = {**_LATER, "neck_node_status": OneOf(CHANGED), "neck_short_axis_mm": Maybe(Between(8, 28), 0.9)}
_CHANGED = {**_NEW, "neck_morphology": _SUSPICIOUS, "neck_path_proven": Maybe(False, 0.12)}
_SAMPLED = {**_NEW, "neck_morphology": Maybe(_SUSPICIOUS, 0.7), "neck_path_proven": True}
_NODE_PROGRESS = {"neck_node_status": "enlarging", "neck_definite_progression": True, "neck_path_proven": None}
_GROWN = {**_SAMPLED, **_NODE_PROGRESS, "neck_short_axis_mm": Between(18, 42)}
_NECKS = (_CLEAR, _TREATED, _MIXED, _CHANGED, _SAMPLED, _GROWN)
_LATER_NECKS = tuple({**neck, **_LATER} for neck in _NECKS if neck is not _MIXED)
_BASELINE_NECKS, _UNSEEN_NECKS = tuple({**neck, **_FIRST} for neck in _NECKS[:3]), (*_NECKS, {**_MIXED, "neck_path_proven": True})
# Primary patterns.
_LESS_COMMON = ("larynx", "hypopharynx", "nasopharynx", "sinonasal")
_MUCOSAL_SITES = OneOf((*("oral_cavity", "oropharynx", "larynx") * 2, "oropharynx", *_LESS_COMMON[1:]))
_NON_MUCOSAL = {"primary_site_name": OneOf(("salivary", "salivary", "skin", "skin", "thyroid"))}
_NORMAL, _MUCOSITIS, _NONE, _SCAR = {"primary_mucosa": Maybe("normal", 0.8)}, {"primary_mucosa": "diffuse_linear"}, {"primary_deep": Maybe("none", 0.85)}, {"primary_deep": "expected_distortion"}
_MILD, _AWAITED = {"primary_enhancement": Maybe("none_or_mild", 0.75)}, {"prior_status": "known_pending"}
_FOCUS = {"primary_mucosa": "focal_non_masslike", "primary_size_mm": Maybe(Between(3, 11), 0.5)}
_PLAQUE = {**_MILD, **_NORMAL, "primary_deep": "ill_defined", "primary_size_mm": Maybe(Between(7, 28), 0.8)}
_MASS = {**_NORMAL, "primary_deep": "discrete_mass", "primary_enhancement": "definite", "primary_size_mm": Maybe(Between(9, 46), 0.92)}
_UNPROVEN, _PROVEN = {**_MASS, "primary_path_proven": Maybe(False, 0.12)}, {"primary_path_proven": True}
_PROGRESS = {"primary_change": "enlarging", "primary_definite_progression": True, "primary_size_mm": Between(24, 62)}

SCENARIOS = (
    Scenario("no_deep_abnormality", exam={**_NONE, "primary_mucosa": OneOf(BLAND_MUCOSA)}, variants=_NECKS),
    Scenario("expected_distortion", exam={**_NORMAL, **_MILD, **_SCAR}, variants=_NECKS),
    Scenario("distorted_resection_bed", exam={**_MILD, **_SCAR, **_NON_MUCOSAL}, variants=_NECKS),
    Scenario("mucosal_focus", exam={**_FOCUS, **_NONE}, variants=_NECKS),
    Scenario("mucosal_focus_over_scar", exam={**_FOCUS, **_SCAR}, variants=_NECKS),
    Scenario("ill_defined_tissue", exam=_PLAQUE, variants=_NECKS),
    Scenario("ill_defined_resection_bed", exam={**_PLAQUE, **_NON_MUCOSAL}, variants=_NECKS),
    Scenario("discrete_mass", exam=_UNPROVEN, variants=_NECKS),
    Scenario("margin_nodule", exam={**_UNPROVEN, **_NON_MUCOSAL}, variants=_NECKS),
    Scenario("masslike_mucosa", exam={**_UNPROVEN, **_NONE, "primary_mucosa": "masslike"}, variants=_NECKS, modalities=("ct", "pet_ct")),
    Scenario("biopsy_proven_mass", exam={**_MASS, **_PROVEN}, variants=_NECKS),
    Scenario("biopsy_proven_margin_nodule", exam={**_MASS, **_NON_MUCOSAL, **_PROVEN}, variants=_NECKS),
    Scenario("unmistakable_progression", exam={**_MASS, **_PROGRESS}, variants=_LATER_NECKS),
    Scenario("scar_priors_pending", exam={**_NORMAL, **_SCAR, **_AWAITED}, variants=_BASELINE_NECKS),
    Scenario("plaque_priors_pending", exam={**_PLAQUE, **_AWAITED}, variants=_BASELINE_NECKS),
    Scenario("mucositis_over_scar", exam={**_MUCOSITIS, **_SCAR}, variants=_UNSEEN_NECKS, unseen=True),
    Scenario("pharyngeal_focus", exam={**_FOCUS, "primary_site_name": OneOf(_LESS_COMMON), "primary_size_mm": Between(3, 12)}, variants=_UNSEEN_NECKS, unseen=True),
    Scenario("plaque_under_mucositis", exam={**_PLAQUE, **_MUCOSITIS}, variants=_UNSEEN_NECKS, unseen=True),
    Scenario("mass_under_mucositis", exam={**_UNPROVEN, **_MUCOSITIS}, variants=_UNSEEN_NECKS, unseen=True),
    Scenario("proven_despite_mild_findings", exam={**_PLAQUE, **_PROVEN}, variants=_UNSEEN_NECKS, unseen=True),
    Scenario("mucositis_priors_pending", exam={**_MUCOSITIS, **_AWAITED}, variants=_BASELINE_NECKS, unseen=True),
)
_BASE = {"modality": "ct", "primary_size_mm": None, "timepoint": "first_baseline", "primary_fdg": None, "primary_change": "first_baseline"}
EDITS = (*(Edit("primary_path_proven", (False, True), where={"primary_deep": "discrete_mass", "primary_definite_progression": None} | exam) for exam in ({"modality": ("ct", "pet_ct")}, {"modality": "mri", **_LATER})), Edit("neck_path_proven", (False, True), where={"neck_node_status": CHANGED, "neck_definite_progression": None, "neck_morphology": _SUSPICIOUS.options}), Edit("neck_morphology", (["hypoenhancing"], ["heterogeneous_enhancement"]), where={"modality": "ct", "neck_node_status": "residual_treated", "timepoint": "first_baseline", "neck_path_proven": None}), Edit("primary_mucosa", ("diffuse_linear", "focal_non_masslike"), where=_BASE | {"primary_deep": (None, *BLAND_DEEP), "primary_site_name": ("oral_cavity", "oropharynx", "larynx", "hypopharynx", "nasopharynx")}),
         Edit("primary_deep", ("expected_distortion", "ill_defined"), where=_BASE | {"primary_mucosa": (None, *BLAND_MUCOSA), "primary_enhancement": (None, "none_or_mild")}), Edit("primary_size_mm", steps=(1, 2), where={"primary_definite_progression": None}),
         Edit("neck_short_axis_mm", steps=(1, 2), where={"neck_node_status": "residual_treated"}), Edit("neck_level", (["II"], ["III"], ["IV"])))
DOCUMENT = Document(
    key="nirads", system="nirads", system_names=("NI-RADS", "ACR NI-RADS", "NIRADS"), edition="2018 (CT, PET/CT), 2025 (MRI)",
    title="ACR NI-RADS, surveillance of treated head and neck cancer on CT, PET/CT and MRI",
    source="Aiken AH et al. J Am Coll Radiol 2018;15:1097-1108; Bunch PM et al. J Am Coll Radiol 2025",
    modalities=("ct", "pet_ct", "mri"), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, edits=EDITS, ages=(30, 88),
    rule=rule, complete=complete, part_names=("primary", "neck"),
    split=lambda code: dict(zip(("primary", "neck"), code.split(" // "), strict=False)), join=lambda parts: f"{parts['primary']} // {parts['neck']}",
    exam_plan={"treatment_phase": Maybe("post_treatment", 0.5), "prior_status": "available", "primary_site_name": _MUCOSAL_SITES},
)
