"""PI-RADS v2.1 (2019): suspicion of clinically significant cancer on MRI of the untreated prostate.

Issued by the American College of Radiology, ESUR and the AdMeTech Foundation. Every lesion gets a
T2W and a DWI score; the zone says which of them decides:

==========================  =====================================================================
peripheral zone (PZ)        the DWI score; DWI 3 with positive DCE is 4
transition zone (TZ)        the T2W score; T2W 2 with DWI 4 or 5 is 3, T2W 3 with DWI 5 is 4
no DWI, both zones          the T2W score; T2W 3 with positive DCE is 4
no DCE                      as with negative DCE
no DWI and no DCE           no category: refused here
==========================  =====================================================================

Scores, unless the report states them. DWI: no abnormality 1; linear or wedge-shaped 2; focal 3;
focal with marked ADC hypointensity and marked high b hyperintensity 4. T2W: one score for each
``t2_pattern`` of the zone (``T2_SCORES``). A 4 becomes 5 from 15 mm on, or with definite
extraprostatic extension or seminal vesicle invasion; possible extension does not count.
The exam takes the highest category of its lesions, and 1 without a lesion.

Readings of this module: a linear or wedge-shaped PZ change is a lesion here, so that ``lesions`` is
empty only in a normal gland or one with typical nodules alone. PZ: without any word on DWI there is
no answer. TZ: without a word on DWI its score is taken as 1. Anterior stroma (AFMS), central zone (CZ)
and lesions without a zone count only where the tables of PZ and TZ agree. An index lesion has the
highest category, then definite extension, then the largest size. PI-RADS advises no management: the
texts are usual practice.

Source: ACR, ESUR, AdMeTech, PI-RADS v2.1, 2019; Turkbey B et al. Eur Urol 2019;76:340-351; rates of
significant cancer per lesion: Oerther B et al. Prostate Cancer Prostatic Dis 2022;25:256-263.

>>> from multirads_hf.rads import get
>>> focus = {"zone": "PZ", "dwi_shape": "focal", "adc_signal": "markedly_hypointense", "size_mm": 15}
>>> get("pirads").categorise({"lesions": [focus | {"high_b_signal": "hyperintense", "dce": "negative"}]})
'3'
>>> get("pirads").categorise({"lesions": [focus | {"high_b_signal": "markedly_hyperintense"}]})
'5'
>>> get("pirads").categorise({"lesions": [{"zone": "PZ", "t2_pattern": "linear_wedge"}]})
Traceback (most recent call last):
multirads_hf.errors.StudyError: pirads: lesions[0].dwi_shape is missing. The peripheral zone is judged by DWI.
"""

from __future__ import annotations

from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError, shown
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario, Study

# v2.1, "Assessment with T2W": score of each pattern, a 4 before size and invasion are looked at.
T2_SCORES = {
    "normal_bright": 1, "linear_wedge": 2, "diffuse_mild": 2, "heterogeneous_or_noncircumscribed": 3, "circumscribed_moderate_hypointense": 4,
    "normal_or_typical_nodule": 1, "atypical_nodule": 2, "homogeneous_mild_between_nodules": 2, "heterogeneous_obscured": 3, "lenticular_or_noncircumscribed_homogeneous": 4,
}  # fmt: skip
# v2.1, "Assessment with DWI", the same.
DWI_SCORES = {"none": 1, "linear_wedge": 2, "focal": 3}
MARKED, MARKED_SCORE = ("markedly_hypointense", "markedly_hyperintense"), 4
# v2.1, T2W and DWI scores of 5: greatest dimension in mm, included, or definite invasion.
LARGE_MM, LARGE_SCORE = 15, 5
# v2.1, "PI-RADS assessment": scores at which the second sequence decides.
EQUIVOCAL, UPGRADED = 3, 4
UNAVAILABLE = ("inadequate", "not_performed")
NO_CATEGORY = "PI-RADS has no category where neither DWI nor DCE can be read."


def available(study: Study, sequence: str) -> bool:
    """Return whether ``t2``, ``dwi`` or ``dce`` can be read; a sequence that is not mentioned can."""
    return study.get(f"{sequence}_status") not in UNAVAILABLE


def invasive(lesion: Study) -> bool:
    """Return whether extraprostatic extension is definite or the seminal vesicle is invaded."""
    return lesion.get("epe") == "definite" or lesion.get("svi") is True


def _graded(score: int, lesion: Study, where: str) -> int:
    """Raise a score of 4 to 5 for size or invasion. Raises StudyError where the size is needed and missing."""
    if score < MARKED_SCORE:
        return score
    if invasive(lesion):
        return LARGE_SCORE
    if lesion.get("size_mm") is None:
        raise StudyError(f"pirads: {where}size_mm is missing. Scores of 4 and 5 cannot be told apart without it.")
    return LARGE_SCORE if lesion["size_mm"] >= LARGE_MM else score


def _stated(lesion: Study, name: str) -> int | None:
    score = lesion.get(name)
    return int(score) if score not in (None, "X") else None


def t2_score(lesion: Study, study: Study, where: str = "") -> int | None:
    """Return the T2W score as stated or as the pattern gives it, None where there is neither."""
    stated, pattern = _stated(lesion, "t2_score"), lesion.get("t2_pattern")
    if stated or pattern is None or lesion.get("t2_score") == "X" or not available(study, "t2"):
        return stated
    return _graded(T2_SCORES[pattern], lesion, where)


def dwi_score(lesion: Study, where: str = "") -> int | None:
    """Return the DWI score as stated or as shape and signals give it, None where nothing is said of DWI.

    Abnormal signal without a shape is taken as focal: it is a lesion's.
    """
    stated, signals = _stated(lesion, "dwi_score"), (lesion.get("adc_signal"), lesion.get("high_b_signal"))
    if stated or not (lesion.get("dwi_shape") or any(signals)):
        return stated
    abnormal = any(signal not in (None, "normal") for signal in signals)
    shape = lesion.get("dwi_shape") or ("focal" if abnormal else "none")
    marked = shape == "focal" and signals == MARKED
    return _graded(MARKED_SCORE if marked else DWI_SCORES[shape], lesion, where)


def no_dwi(lesion: Study, study: Study) -> bool:
    """Return whether the DWI score of a lesion is X."""
    return lesion.get("dwi_score") == "X" or (not available(study, "dwi") and not _stated(lesion, "dwi_score"))


def _dce(lesion: Study, study: Study) -> str:
    return str(lesion.get("dce") or "negative") if available(study, "dce") else "X"


def _second(name: str, score: int, dce: str) -> tuple[int, str]:
    """Let DCE decide on a dominant score of 3; it never changes another."""
    final = UPGRADED if score == EQUIVOCAL and dce == "positive" else score
    return final, f"{name} {score}{f', DCE {dce}' if score == EQUIVOCAL else ''}: {final}"


def _by_t2(lesion: Study, study: Study, where: str) -> int:
    score = t2_score(lesion, study, where)
    if score is None:
        raise StudyError(f"pirads: {where}t2_pattern is missing. The T2W score decides here.")
    return score


def _fallback(lesion: Study, study: Study, where: str) -> tuple[int, str]:
    dce = _dce(lesion, study)
    if dce == "X":
        raise StudyError(f"pirads: {where}dce: got {shown(lesion.get('dce'))}. {NO_CATEGORY}")
    score, reason = _second("T2W", _by_t2(lesion, study, where), dce)
    return score, f"no DWI, {reason}"


def _peripheral(lesion: Study, study: Study, where: str) -> tuple[int, str]:
    score = dwi_score(lesion, where)
    if score is None:
        raise StudyError(f"pirads: {where}dwi_shape is missing. The peripheral zone is judged by DWI.")
    score, reason = _second("DWI", score, _dce(lesion, study))
    return score, f"PZ, {reason}"


def _transition(lesion: Study, study: Study, where: str) -> tuple[int, str]:
    t2 = _by_t2(lesion, study, where)
    if t2 not in (2, EQUIVOCAL):
        return t2, f"TZ, T2W {t2}: {t2}"
    dwi = dwi_score(lesion, where) or 1
    score = t2 + (dwi >= (MARKED_SCORE if t2 < EQUIVOCAL else LARGE_SCORE))
    return score, f"TZ, T2W {t2}, DWI {dwi}: {score}"


def judge(lesion: Study, study: Study, where: str = "") -> tuple[int, str]:
    """Return the category of one lesion and why. Raises StudyError where an input is missing or zones disagree."""
    if no_dwi(lesion, study):
        return _fallback(lesion, study, where)
    zone = lesion.get("zone")
    if zone in ("PZ", "TZ"):
        return (_peripheral if zone == "PZ" else _transition)(lesion, study, where)
    (score, first), (other, second) = _peripheral(lesion, study, where), _transition(lesion, study, where)
    if score != other:
        found = f"by the PZ table this is {score}, by the TZ table {other}"
        raise StudyError(f"pirads: {where}zone: got {shown(zone)}, {found}. Allowed: PZ, TZ, the zone of origin.")
    return score, f"{zone or 'no zone'}, {first}; {second}"


def index_lesion(study: Study) -> int | None:
    """Return the place of the index lesion: highest category, then definite extension, then the largest; None without lesions."""
    lesions = study.get("lesions") or []
    found = [judge(one, study, f"lesions[{place}].")[0] for place, one in enumerate(lesions)]
    keys = [(n, one.get("epe") == "definite", one.get("size_mm") or 0) for n, one in zip(found, lesions, strict=True)]
    return keys.index(max(keys)) if keys else None


def rule(study: Study) -> Decision:
    """Judge every lesion; the exam takes the highest category."""
    lesions = study.get("lesions") or []
    if not (available(study, "dwi") or available(study, "dce")):
        raise StudyError(f"pirads: dwi_status: got {shown(study['dwi_status'])}. {NO_CATEGORY}")
    place = index_lesion(study)
    if place is None:
        if not available(study, "t2"):
            raise StudyError(f"pirads: t2_status: got {shown(study['t2_status'])}. A gland without lesions needs T2W.")
        return Decision("1", ("no lesion: 1",), BY_CODE["1"].management)
    score, reason = judge(lesions[place], study, f"lesions[{place}].")
    reasons = (reason, f"highest of {len(lesions)} lesions: {score}") if len(lesions) > 1 else (reason,)
    return Decision(str(score), reasons, BY_CODE[str(score)].management)


PZ_MASS, PZ_VAGUE, LENS = "circumscribed_moderate_hypointense", "heterogeneous_or_noncircumscribed", "lenticular_or_noncircumscribed_homogeneous"  # fmt: skip
LEVELS = {"PZ": ("base", "mid", "apex"), "TZ": ("base", "mid")}
SECTORS = {"PZ": ("PZpm", "PZpl", "PZpl", "PZa"), "TZ": ("TZa", "TZa", "TZp")}
DWI_FIELDS = ("dwi_shape", "adc_signal", "high_b_signal")
# A lesion larger than so many mm needs a gland of so many mL. How often scores are stated, and then alone.
ROOM, SCORED, SCORES_ALONE = ((24, 62), (17, 44)), 0.24, 0.4


def complete(study: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """Fit places, sequences and sizes to each other; some reports state the scores, some of these the scores alone."""
    for lesion in study["lesions"]:
        _fit_sequences(lesion, study, draw)
        if lesion.get("t2_pattern") == PZ_MASS and lesion["size_mm"] >= LARGE_MM and _less_than_marked(lesion):
            lesion["t2_pattern"] = PZ_VAGUE
    taken: list[tuple[Any, ...]] = []
    for lesion in study["lesions"]:
        _place(lesion, taken, draw)
    if study["lesions"] and draw.chance(SCORED):
        alone = draw.chance(SCORES_ALONE)
        for lesion in study["lesions"]:
            _state_scores(lesion, study, alone)
    study["lesions"] = [{f.name: one[f.name] for f in FIELDS if f.name in one} for one in study["lesions"]]
    _fit_volume(study, draw)
    return study


def _less_than_marked(lesion: dict[str, Any]) -> bool:
    return "dwi_shape" in lesion and (lesion["adc_signal"], lesion["high_b_signal"]) != MARKED


def _fit_sequences(lesion: dict[str, Any], study: dict[str, Any], draw: Draw) -> None:
    """Leave out what a missing sequence cannot show."""
    if not available(study, "dwi"):
        for name in DWI_FIELDS:
            lesion.pop(name, None)
    if not available(study, "dce"):
        lesion.pop("dce", None)
        if draw.chance(0.3):
            lesion["dce"] = "X"


def _place(lesion: dict[str, Any], taken: list[tuple[Any, ...]], draw: Draw) -> None:
    """Give lesions places of their own, and a sector that suits the zone and what they invade."""
    zone, lens = lesion["zone"], lesion.get("t2_pattern") == LENS
    if zone == "TZ" and lesion["level"] == "apex" and not lens:
        lesion["level"] = "mid"
    if lens and lesion.get("size_mm", 0) >= LARGE_MM and draw.chance(0.3):
        lesion["side"] = "midline"
    if lesion.get("svi") or ("svi" in lesion and zone == "PZ" and draw.chance(0.6)):
        lesion["level"] = "base"
    if (zone, lesion["side"], lesion["level"]) in taken:
        places = [(zone, side, level) for side in ("right", "left") for level in LEVELS[zone]]
        _, lesion["side"], lesion["level"] = draw.pick([place for place in places if place not in taken])
    taken.append((zone, lesion["side"], lesion["level"]))
    anterior = zone == "TZ" and (lesion["side"] == "midline" or lesion.get("epe", "none") != "none")
    if zone in SECTORS and (draw.chance(0.5) or "svi" in lesion or anterior):
        lesion["sector"] = "TZa" if anterior else draw.pick(SECTORS[zone][:2] if "svi" in lesion else SECTORS[zone])


def _state_scores(lesion: dict[str, Any], study: dict[str, Any], alone: bool) -> None:
    t2, dwi = t2_score(lesion, study), dwi_score(lesion)
    if t2:
        lesion["t2_score"] = str(t2)
    if dwi or not available(study, "dwi"):
        lesion["dwi_score"] = str(dwi or "X")
    for name in (*DWI_FIELDS, *(() if "nodule" in lesion.get("t2_pattern", "") else ("t2_pattern",))) if alone else ():
        lesion.pop(name, None)


def _fit_volume(study: dict[str, Any], draw: Draw) -> None:
    """Give large lesions room; the density is PSA by volume."""
    largest = max((one.get("size_mm", 0) for one in study["lesions"]), default=0)
    least = next((volume for size, volume in ROOM if largest > size), 0)
    psa, volume = study.get("psa_ng_ml"), study["prostate_volume_ml"]
    if volume < least:
        volume = study["prostate_volume_ml"] = volume + least
    if psa is not None and draw.chance(0.5):
        study["psa_density"] = round(psa / volume, 2)


# fmt: off
SPELLINGS = ("PI-RADS {}", "PIRADS {}", "PI-RADS category {}", "PI-RADS v2.1 category {}", "PI-RADS score {}")
CATEGORIES = tuple(Category(code, meaning, advice, int(code) - 1, risk, tuple(form.format(code) for form in SPELLINGS)) for code, meaning, advice, risk in (
    ("1", "very low: clinically significant cancer is highly unlikely", "No targeted biopsy.", "2%"),
    ("2", "low: clinically significant cancer is unlikely", "No targeted biopsy; PSA follow-up.", "4%"),
    ("3", "intermediate: clinically significant cancer is equivocal", "PSA density and clinical risk decide between biopsy and follow-up MRI.", "20%"),
    ("4", "high: clinically significant cancer is likely", "Targeted biopsy.", "52%"),
    ("5", "very high: clinically significant cancer is highly likely", "Targeted biopsy and staging.", "89%"),
))
BY_CODE = {category.code: category for category in CATEGORIES}

_STATUS, _SCORES = ("adequate", *UNAVAILABLE), ("1", "2", "3", "4", "5", "X")
FIELDS = (
    Field("psa_ng_ml", "float", "prostate-specific antigen in serum", unit="ng/mL", high=5000, step=0.1),
    Field("prostate_volume_ml", "float", "volume of the prostate", unit="mL", low=5, high=600),
    Field("psa_density", "float", "PSA divided by the volume of the prostate", unit="ng/mL/mL", high=100, step=0.01),
    Field("t2_status", "enum", "whether T2-weighted images can be read", values=_STATUS, default="adequate"),
    Field("dwi_status", "enum", "whether diffusion-weighted images can be read", values=_STATUS, default="adequate"),
    Field("dce_status", "enum", "whether dynamic contrast-enhanced images can be read", values=_STATUS, default="adequate", aliases={"not_performed": ("bpMRI", "biparametric", "no contrast")}),
    Field("zone", "enum", "zone in which the lesion lies", "lesion", ("PZ", "TZ", "CZ", "AFMS"), aliases={"PZ": ("peripheral", "peripheral zone"), "TZ": ("transition", "transition zone", "transitional zone", "central gland"), "CZ": ("central zone",), "AFMS": ("anterior stroma", "anterior fibromuscular stroma", "AS")}),
    Field("side", "enum", "side of the lesion", "lesion", ("right", "left", "midline"), aliases={"right": ("R",), "left": ("L",)}),
    Field("level", "enum", "third of the prostate", "lesion", ("base", "mid", "apex"), aliases={"mid": ("midgland", "mid gland", "mid-gland")}),
    Field("sector", "enum", "sector of the zone", "lesion", ("PZpm", "PZpl", "PZa", "TZa", "TZp", "CZ", "AS"), aliases={"PZpm": ("posteromedial",), "PZpl": ("posterolateral",), "TZp": ("posterior",)}),
    Field("size_mm", "float", "greatest dimension", "lesion", unit="mm", low=1, high=150),
    Field("t2_pattern", "enum", "what the lesion looks like on T2W", "lesion", tuple(T2_SCORES)),
    Field("dwi_shape", "enum", "shape of the abnormality on ADC and high b value images", "lesion", tuple(DWI_SCORES)),
    Field("adc_signal", "enum", "signal on the ADC map; hypointense is mild or moderate", "lesion", ("normal", "hypointense", "markedly_hypointense")),
    Field("high_b_signal", "enum", "signal on high b value images", "lesion", ("normal", "hyperintense", "markedly_hyperintense")),
    Field("dce", "enum", "focal, early enhancement that matches a finding on T2W or DWI", "lesion", ("positive", "negative", "X"), default="negative", aliases={"positive": ("present",), "negative": ("absent",), "X": ("not available",)}),
    Field("epe", "enum", "extraprostatic extension", "lesion", ("none", "possible", "definite"), default="none"),
    Field("svi", "bool", "whether the seminal vesicle is invaded", "lesion", default=False),
    Field("t2_score", "enum", "T2W score as stated", "lesion", _SCORES),
    Field("dwi_score", "enum", "DWI score as stated", "lesion", _SCORES),
    Field("index_lesion", "bool", "whether this is the index lesion", "lesion", derived=True),
)

_FOCAL, _NO_DWI = {"dwi_shape": "focal"}, dict.fromkeys(DWI_FIELDS)
_BOTH = {**_FOCAL, "adc_signal": MARKED[0], "high_b_signal": MARKED[1]}
_MILD = {**_FOCAL, "adc_signal": "hypointense", "high_b_signal": OneOf(("hyperintense", "hyperintense", "normal", MARKED[1]))}
_ADC_ALONE = {**_FOCAL, "adc_signal": MARKED[0], "high_b_signal": OneOf(("hyperintense", "hyperintense", "normal"))}
_B_ALONE = {**_FOCAL, "adc_signal": "normal", "high_b_signal": OneOf(("hyperintense", MARKED[1]))}
_NOTHING = {"dwi_shape": "none", "adc_signal": "normal", "high_b_signal": "normal"}
_BANDS = {"dwi_shape": "linear_wedge", "adc_signal": "hypointense", "high_b_signal": OneOf(("normal", "hyperintense"))}
_MATCH, _NO_MATCH, _EITHER = {"dce": "positive"}, {"dce": "negative"}, {"dce": OneOf(("positive", "negative"))}
_SOMETIMES = {"dce": Maybe(OneOf(("positive", "positive", "negative")), 0.7)}
_ABOUT_15 = OneOf((Between(6, 14), Between(12, 14), Between(15, 17), Between(15, 34)))
_SMALL, _CONTAINED = {"size_mm": Between(6, 14)}, {"epe": Maybe("none", 0.3), "svi": Maybe(False, 0.3)}

_BAND = {"zone": "PZ", **_BANDS, "t2_pattern": Maybe(OneOf(("linear_wedge", "linear_wedge", "diffuse_mild")), 0.85), "size_mm": Maybe(Between(9, 24), 0.2), "dce": Maybe("negative", 0.5)}
_BAND_B = {"adc_signal": "normal", "high_b_signal": "hyperintense"}
_EQUIVOCAL = {"zone": "PZ", **_MILD, "t2_pattern": Maybe(OneOf((PZ_VAGUE, PZ_VAGUE, "linear_wedge", PZ_MASS)), 0.85), "size_mm": OneOf((Between(5, 12), Between(5, 14), Between(12, 19))), **_NO_MATCH, "epe": Maybe("none", 0.15)}
_SUSPICIOUS = {"zone": "PZ", **_BOTH, "t2_pattern": Maybe(PZ_MASS, 0.9), "size_mm": _ABOUT_15, **_SOMETIMES, **_CONTAINED}
_VAGUE_T2 = {"t2_pattern": PZ_VAGUE, **_SMALL}
_TYPICAL = {"zone": "TZ", "t2_pattern": "normal_or_typical_nodule", "size_mm": Maybe(Between(7, 28), 0.8), **_NOTHING, "dce": Maybe("negative", 0.35)}
_UNSAID_DWI = {**_TYPICAL, **_NO_DWI}
_ATYPICAL = {"zone": "TZ", "t2_pattern": OneOf(("atypical_nodule", "atypical_nodule", "homogeneous_mild_between_nodules")), "size_mm": Between(7, 24), **_MILD, "dce": Maybe(OneOf(("positive", "negative")), 0.5)}
_OBSCURED = {"zone": "TZ", "t2_pattern": "heterogeneous_obscured", "size_mm": OneOf((Between(8, 14), Between(12, 17), Between(15, 32))), **_MILD, **_SOMETIMES}
_LENS = {"zone": "TZ", "t2_pattern": LENS, "size_mm": _ABOUT_15, **_BOTH, **_SOMETIMES, **_CONTAINED, "svi": None}
_STROMA = {**_LENS, "zone": "AFMS", "side": OneOf(("midline", "midline", "right", "left"))}
_BULGE, _BREACH, _VESICLE = {"epe": "possible"}, {**_SMALL, "epe": "definite", "svi": Maybe(False, 0.4)}, {**_SMALL, "svi": True, "epe": None}
_NO_CONTRAST, _DCE_LOST, _DWI_LOST = {"dce_status": "not_performed"}, {"dce_status": "inadequate"}, {"dwi_status": OneOf(("inadequate", "inadequate", "not_performed")), "dce_status": Maybe("adequate", 0.5)}


def _unread(lesion: dict[str, Any], **dce: Any) -> dict[str, Any]:
    """Return a lesion without DWI, its T2 pattern always said."""
    spec = lesion["t2_pattern"]
    return {**lesion, **_NO_DWI, "t2_pattern": spec.spec if isinstance(spec, Maybe) else spec, **dce}


_T2_PZ, _C1 = {**_EQUIVOCAL, "t2_pattern": PZ_VAGUE}, (_TYPICAL, _UNSAID_DWI)
_C2, _C3 = (*_C1, _BAND, _ATYPICAL), (*_C1, _BAND, _ATYPICAL, _EQUIVOCAL, _OBSCURED)
_C4, _TWO_T2 = (*_C3, {**_SUSPICIOUS, **_SMALL, **_CONTAINED}), (_unread(_TYPICAL), _unread(_ATYPICAL))

SCENARIOS = (
    Scenario("normal_gland"),
    Scenario("typical_nodule", lesions=(_TYPICAL,), companions=_C1, variants=({}, _NO_DWI, _MILD, _ADC_ALONE)),
    Scenario("peripheral_band", lesions=(_BAND,), companions=_C2[:3], variants=({}, _BAND_B, {**_MATCH, "t2_pattern": "linear_wedge"})),
    Scenario("atypical_nodule", lesions=(_ATYPICAL,), companions=_C2, variants=({}, _NOTHING, _ADC_ALONE)),
    Scenario("atypical_nodule_restricted", lesions=({**_ATYPICAL, **_BOTH},), companions=_C2),
    Scenario("peripheral_focus", lesions=(_EQUIVOCAL,), companions=_C2, variants=({}, _ADC_ALONE, _B_ALONE)),
    Scenario("peripheral_focus_enhancing", lesions=({**_EQUIVOCAL, **_MATCH},), companions=_C3, variants=({}, _ADC_ALONE, _B_ALONE)),
    Scenario("obscured_area", lesions=(_OBSCURED,), companions=_C2, variants=({}, _NOTHING, _ADC_ALONE, _BOTH)),
    Scenario("peripheral_lesion", lesions=(_SUSPICIOUS,), companions=_C4, variants=({}, {}, _VAGUE_T2)),
    Scenario("transition_lesion", lesions=(_LENS,), companions=_C4, variants=({}, {}, _ADC_ALONE, _MILD)),
    Scenario("biparametric", exam=_NO_CONTRAST, lesions=({},), companions=_C1, variants=(_TYPICAL, _BAND, _EQUIVOCAL, {**_EQUIVOCAL, **_ADC_ALONE}, _SUSPICIOUS, _LENS)),
    Scenario("dwi_degraded", exam=_DWI_LOST, lesions=({},), companions=_TWO_T2, variants=(_unread(_TYPICAL), _unread(_BAND), _unread(_ATYPICAL), _unread(_T2_PZ, **_EITHER), _unread(_OBSCURED, **_EITHER), _unread(_SUSPICIOUS), _unread(_LENS))),
    Scenario("bulging_capsule", lesions=({**_SUSPICIOUS, **_BULGE},), companions=_C4, variants=({}, {"size_mm": Between(12, 14)}, {**_LENS, **_BULGE})),
    Scenario("small_lesion_through_the_capsule", lesions=({**_SUSPICIOUS, **_BREACH},), companions=_C4),
    Scenario("largest_is_not_highest", lesions=({**_SUSPICIOUS, "size_mm": Between(6, 11)}, {**_OBSCURED, "size_mm": Between(16, 32)}), companions=_C3, companion_chance=0.2, variants=({}, {**_EQUIVOCAL, **_MATCH, "size_mm": Between(6, 11)}, {**_BREACH, "size_mm": Between(6, 11)})),
    Scenario("several_lesions", lesions=({"zone": "PZ"}, _EQUIVOCAL, _TYPICAL), variants=(_BAND, _EQUIVOCAL, _SUSPICIOUS, {**_EQUIVOCAL, **_ADC_ALONE, **_MATCH})),
    Scenario("normal_gland_one_sequence_missing", exam={"dce_status": OneOf(UNAVAILABLE)}, unseen=True),
    Scenario("typical_nodule_restricted", lesions=({**_TYPICAL, **_BOTH, "size_mm": Between(7, 28)},), companions=_C1, unseen=True),
    Scenario("band_without_contrast", exam=_DCE_LOST, lesions=(_BAND,), companions=_C1, unseen=True, variants=({}, _BAND_B)),
    Scenario("transition_nodule_enhancing", lesions=({**_ATYPICAL, **_MATCH},), companions=_C2, unseen=True, variants=({}, {**_OBSCURED, **_MATCH}, {**_OBSCURED, **_NOTHING, **_MATCH})),
    Scenario("obscured_area_restricted", lesions=({**_OBSCURED, **_BOTH},), companions=_C3, unseen=True),
    Scenario("anterior_stroma", lesions=(_STROMA,), companions=_C4, unseen=True, variants=({}, _BULGE)),
    Scenario("contrast_degraded", exam=_DCE_LOST, lesions=({},), companions=_C2, unseen=True, variants=(_EQUIVOCAL, {**_EQUIVOCAL, **_B_ALONE}, _SUSPICIOUS)),
    Scenario("small_lesion_in_the_seminal_vesicle", lesions=({**_SUSPICIOUS, **_VESICLE},), companions=_C4, unseen=True),
)
_UNSCORED, _CONFINED, _STEPS, _UNDER_15 = {"t2_score": None, "dwi_score": None}, {"epe": None, "svi": None}, (-3, -2, -1, 1, 2, 3), Between(5, 14)
_PZ_FOCAL = {"zone": "PZ", **_FOCAL, **_UNSCORED}
EDITS = (
    Edit("size_mm", steps=_STEPS, where={**_PZ_FOCAL, **_BOTH, **_CONFINED, "t2_pattern": PZ_MASS, "size_mm": Between(9, 24)}),
    Edit("size_mm", steps=_STEPS, where={"t2_pattern": LENS, **_UNSCORED, **_CONFINED, "size_mm": Between(9, 24)}),
    Edit("size_mm", steps=_STEPS, where={"t2_pattern": "heterogeneous_obscured", **_UNSCORED, "size_mm": Between(10, 22)}),
    Edit("size_mm", steps=_STEPS, where={"t2_pattern": ("atypical_nodule", "normal_or_typical_nodule"), **_UNSCORED, "size_mm": Between(11, 22)}),
    Edit("dce", values=("positive", "negative"), where={"zone": "PZ"}),
    Edit("dce", values=("positive", "negative"), where={"t2_pattern": ("heterogeneous_obscured", "homogeneous_mild_between_nodules", LENS)}),
    Edit("high_b_signal", values=("hyperintense", MARKED[1]), where={**_PZ_FOCAL, **_CONFINED, "size_mm": _UNDER_15, "t2_pattern": (PZ_MASS, PZ_VAGUE)}),
    Edit("adc_signal", values=("hypointense", MARKED[0]), where={**_PZ_FOCAL, **_CONFINED, "size_mm": _UNDER_15, "t2_pattern": (PZ_MASS, PZ_VAGUE)}),
    Edit("high_b_signal", values=("hyperintense", MARKED[1]), where={"zone": "TZ", **_FOCAL, **_UNSCORED, "t2_pattern": ("atypical_nodule", "heterogeneous_obscured", "homogeneous_mild_between_nodules")}),
    Edit("dwi_shape", values=("focal", "linear_wedge"), where={"zone": "PZ", **_UNSCORED, **_CONFINED, "adc_signal": "hypointense", "high_b_signal": "hyperintense", "t2_pattern": ("linear_wedge", PZ_VAGUE)}),
    Edit("t2_pattern", values=("atypical_nodule", "normal_or_typical_nodule"), where={"zone": "TZ", **_UNSCORED, "dce": None}),
    Edit("t2_pattern", values=("heterogeneous_obscured", LENS), where={"zone": "TZ", **_UNSCORED, **_CONFINED}),
    Edit("epe", values=("none", "possible", "definite"), where={"zone": "PZ", **_BOTH, **_UNSCORED, "t2_pattern": PZ_MASS, "svi": None, "size_mm": Between(8, 22)}),
    Edit("svi", values=(False, True), where={"zone": "PZ", **_BOTH, **_UNSCORED, "t2_pattern": PZ_MASS, "level": "base", "epe": None, "size_mm": Between(8, 22)}),
    Edit("dwi_score", values=("3", "4"), where={"zone": "PZ", "dwi_shape": None, "t2_pattern": None, "size_mm": _UNDER_15, **_CONFINED, "t2_score": ("3", "4")}),
)
DOCUMENT = Document(
    key="pirads", system="pirads", system_names=("PI-RADS", "PIRADS"), title="PI-RADS, prostate MRI before treatment", edition="v2.1 (2019)",
    source="ACR, ESUR, AdMeTech. PI-RADS v2.1, 2019; Turkbey B et al. Eur Urol 2019;76:340-351", modalities=("mri",), categories=CATEGORIES, fields=FIELDS, scenarios=SCENARIOS, rule=rule, complete=complete, sexes=("male",), ages=(45, 82), edits=EDITS,
    exam_plan={"psa_ng_ml": Maybe(Between(2.1, 18.9), 0.85), "prostate_volume_ml": Between(28, 98), "t2_status": Maybe("adequate", 0.2), "dwi_status": Maybe("adequate", 0.25), "dce_status": Maybe("adequate", 0.25)},
    lesion_plan={"side": OneOf(("right", "left")), "level": OneOf(("base", "mid", "mid", "apex"))},
)
