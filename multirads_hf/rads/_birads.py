"""What the three BI-RADS documents share: categories, fields, table rows and the choice of the exam's category.

Of the atlas (5th edition, 2013) the definitions of the categories are rules, the descriptors of
categories 3 to 5 are judgement. Each document has a table of the patterns on which readers agree; a
lesion that no row fits is refused. A row names the fields that it needs; every other field must be
absent or harmless, so that a suspicious descriptor beside a benign pattern is never overlooked.

The category of the exam is the most concerning one of its lesions, in the order 1, 2, 3, 6, 0, 4A, 4B,
4C and 4, 5: a new suspicious lesion beside a known cancer needs a biopsy. Undivided 4 beside 4A to 4C
is refused: an exam divides category 4 or it does not.

Source: D'Orsi CJ, Sickles EA, Mendelson EB, Morris EA et al. ACR BI-RADS Atlas, 5th edition. American
College of Radiology, Reston VA, 2013. The order of 0 and 6 is that of its outcome monitoring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.schema import Between, Category, Decision, Field, Study

SYSTEM_NAMES = ("BI-RADS", "ACR BI-RADS", "BIRADS")
SOURCE = "D'Orsi CJ et al. ACR BI-RADS Atlas, 5th edition, American College of Radiology 2013"
ROUTINE, BIOPSY = "Routine screening.", "Tissue diagnosis."
MORE_IMAGING, MORE_PRIORS = "Recall for additional imaging.", "Obtain prior studies for comparison."
# Atlas 2013, assessment categories: label -> meaning, likelihood of malignancy, management, rank of concern.
_TABLE = {
    "0": ("incomplete: additional imaging or prior studies needed", "", "Recall for additional imaging and/or obtain prior studies.", 5),
    "1": ("negative, nothing to describe", "essentially 0%", ROUTINE, 1),
    "2": ("benign finding", "essentially 0%", ROUTINE, 2),
    "3": ("probably benign", "over 0% to 2%", "Short-interval (6-month) follow-up or continued surveillance.", 3),
    "4": ("suspicious, not divided", "over 2% to under 95%", BIOPSY, 8),
    "4A": ("low suspicion", "over 2% to 10%", BIOPSY, 6),
    "4B": ("moderate suspicion", "over 10% to 50%", BIOPSY, 7),
    "4C": ("high suspicion", "over 50% to under 95%", BIOPSY, 8),
    "5": ("highly suggestive of malignancy", "95% or more", BIOPSY, 9),
    "6": ("known biopsy-proven malignancy, before definitive treatment", "", "Surgical excision when clinically appropriate.", 4),
}  # fmt: skip
CODES = tuple(_TABLE)
RANK = {code: row[-1] for code, row in _TABLE.items()}
DIVIDED, SUSPICIOUS = ("4A", "4B", "4C"), ("4", "4A", "4B", "4C", "5")
# "Probably benign" is an assessment after a complete workup, so a screening mammogram has neither 3 nor 4 nor 5.
RECALLED = ("3", *SUSPICIOUS)
LEAST_MULTIPLE = 3
_SPELLINGS = ("BI-RADS {}", "BIRADS {}", "BI-RADS category {}", "BI-RADS: {}", "category {}", "Cat. {}")


def categories(*codes: str, routine: str = ROUTINE) -> tuple[Category, ...]:
    """Return the categories of a document in the order of the atlas; ``routine`` is the advice for 1 and 2."""
    rows = ((code, *_TABLE[code]) for code in CODES if code in codes)
    return tuple(
        Category(code, meaning, routine if code in ("1", "2") else advice, rank, risk, tuple(s.format(code) for s in _SPELLINGS))
        for code, meaning, risk, advice, rank in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of patterns.

    Attributes:
        id: its name, for example ``MG-4Ba``.
        category: what it gives.
        about: the pattern in words.
        pattern: field -> the values that fit (None for a missing one), or ``Between`` for a number. Of a list
            every member must be among them, and there must be one unless None is.
    """

    id: str
    category: str
    about: str
    pattern: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The patterns of one document.

    Attributes:
        key: the document, for messages.
        rows: its rows, the first that fits counts.
        harmless: field -> the values that fit every row which does not name the field; a missing value, an
            empty list and the default always do. Fields that stand in neither are free.
        defaults: field -> what a missing one is taken for, filled in before a row is tried.
        solitary: ids of rows for solitary lesions; three or more of them in both breasts are benign.
        routine: advice for 1 and 2.
        prepared: adds to a lesion what a row asks for and no field holds, such as growth.
    """

    key: str
    rows: tuple[Row, ...]
    harmless: Mapping[str, Any]
    defaults: Mapping[str, Any]
    solitary: tuple[str, ...] = ()
    routine: str = ROUTINE
    prepared: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def filled(self, lesion: Study) -> dict[str, Any]:
        """Return a lesion with its defaults, and what ``prepared`` adds."""
        return self.prepared({**self.defaults, **{n: v for n, v in lesion.items() if v is not None}})

    def grade(self, lesion: Study) -> Row | None:
        """Return what decides the category of a filled lesion: a biopsy, else a row; None where neither does."""
        proven, change = lesion.get("biopsy_proven"), lesion.get("temporal_change")
        if proven == "malignant":
            return Row("", "6", "biopsy-proven malignancy", {})
        if proven == "benign_concordant" and change in ("stable", "baseline", "decreasing"):
            return Row("", "2", "benign by concordant biopsy", {})
        harmful = self._harmful(lesion)
        return next(
            (row for row in self.rows if (not harmful or harmful <= row.pattern.keys()) and _match(row, lesion)), None
        )

    def _harmful(self, lesion: Study) -> set[str]:
        """Return the fields whose values fit no row but one that names the field."""
        return {
            name
            for name, value in lesion.items()
            if value is not None
            and value != self.defaults.get(name)
            and value != []
            and name in self.harmless
            and not _fits(value, self.harmless[name])
        }


def _match(row: Row, lesion: Study) -> bool:
    for name, allowed in row.pattern.items():  # noqa: SIM110 (a generator takes twice the time)
        if not _fits(lesion.get(name), allowed):
            return False
    return True


def _fits(value: Any, allowed: Any) -> bool:
    if isinstance(allowed, Between):
        return value is not None and bool(allowed.low <= value <= allowed.high)
    if isinstance(value, list):
        return all(member in allowed for member in value) and bool(value or None in allowed)
    return value in allowed


def overall(key: str, codes: Sequence[str]) -> str:
    """Return the category of the exam: that of the highest rank, 1 where there is none.

    Raises:
        StudyError: undivided 4 stands beside 4A, 4B or 4C.
    """
    if "4" in codes and (divided := [code for code in codes if code in DIVIDED]):
        raise StudyError(
            f"{key}: lesions: got 4 and {divided[0]}. Allowed: category 4 undivided or 4A to 4C, not both."
        )
    return max(codes, key=lambda code: RANK[code], default="1")


def decide(study: Study, table: Table, recalled: tuple[str, ...] = ()) -> Decision:
    """Grade every lesion, ask whether the exam is complete, and take the highest rank.

    Args:
        study: the findings.
        table: the patterns of the document.
        recalled: categories that this exam may not give; they become 0.

    Raises:
        StudyError: a lesion fits no row of the table, or 4 stands beside 4A to 4C.
    """
    lesions = [table.filled(lesion) for lesion in study.get("lesions") or []]
    rows = _multiple(lesions, [table.grade(lesion) for lesion in lesions], table.solitary)
    codes, reasons = [], []
    for place, (row, lesion) in enumerate(zip(rows, lesions, strict=True)):
        code, reason = _graded(row) if row or _unfinished(study) else _refused(table, place, lesion)
        codes.append("0" if code in recalled else code)
        reasons.append(f"lesion {place + 1}: {reason}: {code}")
        if code in recalled:
            reasons.append(f"lesion {place + 1}: a screening exam recalls {code}: 0")
    for reason in _incomplete(study, codes):
        codes.append("0")
        reasons.append(f"{reason}: 0")
    code = overall(table.key, codes)
    if len(set(codes)) > 1:
        reasons.append(f"exam with {', '.join(sorted(set(codes), key=CODES.index))}: {code}")
    return Decision(code, tuple(reasons) or ("no finding: 1",), _management(code, study, table.routine))


def _unfinished(study: Study) -> bool:
    return bool(study.get("additional_imaging_needed") or study.get("prior_comparison_needed"))


def _graded(row: Row | None) -> tuple[str, str]:
    """Return category and reason of a lesion; one that no row fits has none before the exam is complete."""
    if row is None:
        return "0", "to be judged when the evaluation is complete"
    return row.category, f"{row.about} ({row.id})" if row.id else row.about


def _refused(table: Table, place: int, lesion: Study) -> tuple[str, str]:
    told = [
        f"{name} {value}"
        for name, value in lesion.items()
        if name in table.harmless and value not in ([], table.defaults.get(name))
    ]
    raise StudyError(
        f"{table.key}: lesions[{place}]: got {', '.join(told) or 'no descriptor'}. Allowed: the patterns of the table."
    )


def _multiple(lesions: Sequence[Study], rows: Sequence[Row | None], solitary: tuple[str, ...]) -> list[Row | None]:
    """Return the rows, those for a solitary lesion exchanged where there are at least three in both breasts."""
    alike = [lesion for lesion, row in zip(lesions, rows, strict=True) if row and row.id in solitary]
    sides = {lesion.get("laterality") for lesion in alike}
    if len(alike) < LEAST_MULTIPLE or not sides >= {"right", "left"}:
        return list(rows)
    benign = Row("", "2", "one of three or more similar circumscribed masses in both breasts", {})
    return [benign if row and row.id in solitary else row for row in rows]


def _incomplete(study: Study, codes: Sequence[str]) -> tuple[str, ...]:
    """Return why the exam is not complete, one reason each."""
    decided = any(code in (*SUSPICIOUS, "6") for code in codes)
    reasons = {
        "technically inadequate": study.get("technically_adequate") is False and not decided,
        "additional imaging needed": study.get("additional_imaging_needed"),
        "prior studies needed": study.get("prior_comparison_needed"),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _management(code: str, study: Study, routine: str) -> str:
    if code == "0":
        priors = study.get("prior_comparison_needed")
        return (
            MORE_IMAGING
            if not priors
            else f"{MORE_IMAGING} {MORE_PRIORS}"
            if study.get("additional_imaging_needed")
            else MORE_PRIORS
        )
    return routine if code in ("1", "2") else _TABLE[code][2]


SIDES, QUADRANTS = (
    ("right", "left"),
    ("upper_outer", "upper_inner", "lower_outer", "lower_inner", "central", "retroareolar", "axillary_tail"),
)
DEPTHS = ("anterior", "middle", "posterior")
CHANGES = ("baseline", "new", "enlarging", "stable", "decreasing")
PURPOSES = (
    "screening",
    "diagnostic",
    "category_3_follow_up",
    "known_cancer_staging",
    "neoadjuvant_response",
    "post_treatment_surveillance",
)
FEATURES = (
    "skin_retraction", "nipple_retraction", "skin_thickening", "trabecular_thickening", "axillary_adenopathy", "architectural_distortion", "calcifications",
    "duct_changes", "edema", "nipple_invasion", "skin_invasion", "pectoralis_invasion", "chest_wall_invasion",
)  # fmt: skip
_QUADRANT_ALIASES = {
    "upper_outer": ("UOQ",),
    "upper_inner": ("UIQ",),
    "lower_outer": ("LOQ",),
    "lower_inner": ("LIQ",),
    "retroareolar": ("subareolar",),
    "axillary_tail": ("tail of Spence",),
}
# Fields that the documents have in common, by name; a document takes those that it uses.
EXAM_FIELDS = {f.name: f for f in (
    Field("exam_purpose", "enum", "what the exam is done for", values=PURPOSES, default="diagnostic", aliases={
        "screening": ("screening exam",), "diagnostic": ("work-up", "problem solving", "callback"), "category_3_follow_up": ("short-interval follow-up",),
        "known_cancer_staging": ("extent of disease", "preoperative staging"), "neoadjuvant_response": ("NAC response",), "post_treatment_surveillance": ("surveillance",)}),
    Field("technically_adequate", "bool", "whether the images are good enough for an assessment", default=True),
    Field("additional_imaging_needed", "bool", "whether further imaging is needed before the assessment", default=False),
    Field("prior_comparison_needed", "bool", "whether earlier studies must be obtained before the assessment", default=False),
    Field("comparison_available", "bool", "whether earlier studies were compared"),
)}  # fmt: skip
LESION_FIELDS = {f.name: f for f in (
    Field("laterality", "enum", "side", "lesion", SIDES, aliases={"right": ("R", "Rt"), "left": ("L", "Lt")}),
    Field("location_quadrant", "enum", "quadrant or region of the breast", "lesion", QUADRANTS, aliases=_QUADRANT_ALIASES),
    Field("location_clock", "int", "clock position as seen facing the patient", "lesion", unit="o'clock", low=1, high=12),
    Field("location_depth", "enum", "third of the breast from front to back", "lesion", DEPTHS, aliases={"anterior": ("A",), "middle": ("mid", "B"), "posterior": ("C",)}),
    Field("distance_from_nipple_cm", "float", "distance from the nipple", "lesion", unit="cm", high=30),
    Field("size_mm", "float", "longest dimension", "lesion", unit="mm", low=1, high=200),
    Field("mass_shape", "enum", "shape of a mass", "lesion", ("oval", "round", "irregular"), aliases={"oval": ("ovoid", "lobulated", "gently lobulated")}),
    Field("associated_features", "list", "every associated feature", "lesion", FEATURES, default=[], aliases={
        "skin_retraction": ("tethering",), "nipple_retraction": ("nipple inversion",), "axillary_adenopathy": ("axillary lymphadenopathy",), "edema": ("peau d'orange",)}),
    Field("temporal_change", "enum", "change since earlier studies; baseline where none shows the area", "lesion", CHANGES, default="baseline",
          aliases={"enlarging": ("increased", "larger"), "stable": ("unchanged",), "decreasing": ("smaller",), "baseline": ("first study", "no prior")}),
    Field("prior_size_mm", "float", "longest dimension on the earlier study", "lesion", unit="mm", low=1, high=200),
    Field("stable_months", "int", "for how long it has not changed", "lesion", unit="months", high=360),
    Field("palpable", "bool", "whether it is felt", "lesion", default=False),
    Field("biopsy_proven", "enum", "what a biopsy has shown", "lesion", ("none", "benign_concordant", "malignant"), default="none"),
)}  # fmt: skip

# Clock positions inside each quadrant, facing the patient.
_UPPER_RIGHT, _LOWER_RIGHT, _LOWER_LEFT, _UPPER_LEFT = (1, 2), (4, 5), (7, 8), (10, 11)
HOURS = {
    ("left", "upper_outer"): _UPPER_RIGHT, ("left", "lower_outer"): _LOWER_RIGHT, ("left", "lower_inner"): _LOWER_LEFT, ("left", "upper_inner"): _UPPER_LEFT,
    ("right", "upper_inner"): _UPPER_RIGHT, ("right", "lower_inner"): _LOWER_RIGHT, ("right", "lower_outer"): _LOWER_LEFT, ("right", "upper_outer"): _UPPER_LEFT,
    ("left", "axillary_tail"): (2,), ("right", "axillary_tail"): (10,),
}  # fmt: skip
# Usual distance from the nipple in cm.
DISTANCES = {"anterior": (1, 3), "middle": (4, 6), "posterior": (7, 11)}
NEAR, TAIL = (1, 2), (9, 12)
# No lump is felt that is smaller, in mm.
LEAST_FELT = 8
# What a biopsy or an operation leaves behind.
_LEFT_BEHIND = ("clip", "postsurgical_scar_stable", "fat_necrosis_typical")
# Where lesions lie that need a place of their own.
PLACES = tuple((side, quadrant) for quadrant in QUADRANTS[:4] for side in SIDES)


def settle(study: dict[str, Any], draw: Draw) -> None:
    """Give lesions with a quadrant places of their own, let the rest of the place agree, and let nobody feel a tiny one."""
    taken: list[tuple[Any, Any]] = []
    for lesion in study.get("lesions") or ():
        side, quadrant = lesion.get("laterality"), lesion.get("location_quadrant")
        if quadrant and (side, quadrant) in taken:
            lateral = lesion.get("special_case") == "intramammary_lymph_node" and (side, "axillary_tail") not in taken
            free = [q for s, q in PLACES if s == side and (s, q) not in taken]
            quadrant = lesion["location_quadrant"] = "axillary_tail" if lateral else draw.pick(free)
        taken.append((side, quadrant))
        _agree(lesion, draw)
        if lesion.get("palpable") and lesion.get("size_mm", LEAST_FELT) < LEAST_FELT:
            del lesion["palpable"]


def _agree(lesion: dict[str, Any], draw: Draw) -> None:
    side, quadrant, depth = (str(lesion.get(n)) for n in ("laterality", "location_quadrant", "location_depth"))
    if quadrant in ("central", "retroareolar"):
        lesion.pop("location_clock", None)
    elif (side, quadrant) in HOURS and "location_clock" in lesion:
        lesion["location_clock"] = draw.pick(HOURS[side, quadrant])
    if quadrant == "retroareolar" and depth in DEPTHS:
        lesion["location_depth"] = depth = "anterior"
    if quadrant == "axillary_tail" and depth in DEPTHS:
        lesion["location_depth"] = depth = "posterior"
    if "distance_from_nipple_cm" in lesion:
        usual = {"retroareolar": NEAR, "axillary_tail": TAIL}.get(quadrant) or DISTANCES.get(depth)
        if usual:
            lesion["distance_from_nipple_cm"] = draw.between(*usual)


def treated(lesion: Study) -> bool:
    """Return whether a lesion tells of a biopsy or an operation, so that the breast was imaged before."""
    return lesion.get("special_case") in _LEFT_BEHIND or lesion.get("biopsy_proven") not in (None, "none")


def compare(study: dict[str, Any]) -> None:
    """Let what is said about earlier studies agree: a baseline has none, a change needs one."""
    lesions = study.get("lesions") or []
    changes = [lesion.get("temporal_change") for lesion in lesions]
    if "baseline" in changes:
        study["comparison_available"] = False
        for lesion in lesions:
            if lesion.get("temporal_change") == "stable":
                lesion.pop("temporal_change")
                lesion.pop("stable_months", None)
    elif any(changes):
        study["comparison_available"] = True
