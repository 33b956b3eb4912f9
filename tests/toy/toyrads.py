"""Toy-RADS (2026): an invented document that shows all that a new one needs.

>>> from multirads_hf.rads import get
>>> get("toyrads").categorise({"lesions": [{"colour": "red", "size_mm": 12}]})
'T3'
"""

from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field, Maybe, OneOf, Scenario

LARGE_MM = 10  # invented


def rule(study):
    """Red and large is T3, red or large T2, else T1; nothing seen is T0."""
    codes = [
        ("T1", "T2", "T3")[(spot.get("colour") == "red") + (spot.get("size_mm", 0) >= LARGE_MM)]
        for spot in study.get("lesions") or ()
    ]
    code = max(codes, default="T0")
    return Decision(code, (f"worst spot: {code}",), BY_CODE[code].management)


CATEGORIES = tuple(Category(f"T{i}", f"level {i}", f"advice {i}.", i) for i in range(4))
BY_CODE = {category.code: category for category in CATEGORIES}
COLOUR, SIZE, WET = (
    Field("colour", "enum", "colour of the spot", "lesion", ("red", "blue", "green")),
    Field("size_mm", "int", "size of the spot", "lesion", unit="mm", high=99),
    Field("wet", "bool", "whether the skin is wet"),
)
DRY = {"wet": Maybe(OneOf((True, False)), 0.7)}


def scenarios(unseen):
    """Return four plans, one for each level."""
    end = "_unseen" if unseen else ""
    return (
        Scenario(f"nothing{end}", exam=DRY, unseen=unseen),
        Scenario(f"small{end}", exam=DRY, lesions=({"colour": "blue", "size_mm": Between(2, 9)},), unseen=unseen),
        Scenario(f"middle{end}", exam=DRY, lesions=({"colour": "green", "size_mm": Between(10, 30)},), unseen=unseen),
        Scenario(f"large{end}", exam=DRY, lesions=({"colour": "red", "size_mm": Between(10, 30)},), unseen=unseen),
    )


DOCUMENT = Document(
    key="toyrads",
    system="toyrads",
    system_names=("Toy-RADS",),
    title="Toy-RADS, spots on ultrasound",
    edition="2026",
    source="invented",
    modalities=("ultrasound",),
    categories=CATEGORIES,
    fields=(WET, COLOUR, SIZE),
    scenarios=(*scenarios(False), *scenarios(True)),
    rule=rule,
    edits=(Edit("size_mm", steps=(1, 3)), Edit("colour", ("blue", "green", "red")), Edit("wet", (False, True))),
)
