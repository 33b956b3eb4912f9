"""Two invented documents with every kind of field, and strategies for the studies of any document."""

import json

from hypothesis import settings
from hypothesis import strategies as st

from multirads_hf.schema import Category, Decision, Document, Field

laws = settings(max_examples=25, deadline=None, database=None, derandomize=True)


def _patch_rule(study):
    worst = max((lesion.get("size_mm") or 0 for lesion in study.get("lesions") or []), default=0)
    return Decision("PT3" if worst >= 20 else "PT2" if worst else "PT1", ("by size",), "")


PATCH = Document(
    key="patch",
    system="patch",
    system_names=("PATCH-RADS",),
    title="Patches",
    edition="1",
    source="invented",
    modalities=("ct",),
    categories=tuple(Category(f"PT{n}", "", "", n, "", (f"patch grade {n}",)) for n in (1, 2, 3)),
    fields=(
        Field("seen", "bool", "", aliases={"true": ("visible",)}),
        Field("since_months", "float", "", unit="months", step=0.1),
        Field("axes_mm", "list", "", unit="mm"),
        Field("remark", "text", ""),
        Field("total", "int", "", derived=True),
        Field("colour", "enum", "", "lesion", ("dark_red", "pale", "none"), aliases={"dark_red": ("crimson",)}),
        Field("segment", "enum", "", "lesion", ("I", "IVa", "IVb", "V/VIII")),
        Field("size_mm", "int", "", "lesion", unit="mm"),
        Field("signs", "list", "", "lesion", ("halo", "spike", "rim"), aliases={"halo": ("ring",)}),
        Field("old", "enum", "", "lesion", ("yes", "no", "unknown")),
        Field("points", "int", "", "lesion", derived=True),
    ),
    scenarios=(),
    rule=_patch_rule,
)
PAIR = Document(
    key="pair",
    system="pair",
    system_names=("PAIR-RADS",),
    title="Pairs",
    edition="1",
    source="invented",
    modalities=("ct",),
    categories=tuple(Category(f"{a} // {b}", "", "", i + j) for i, a in enumerate("12") for j, b in enumerate("123")),
    fields=(Field("side", "enum", "", values=("left", "right")),),
    scenarios=(),
    rule=lambda _: Decision("1 // 1", (), ""),
    part_names=("trunk", "limb"),
    split=lambda code: dict(zip(("trunk", "limb"), code.split(" // "), strict=True)),
    join=lambda parts: f"{parts['trunk']} // {parts['limb']}",
)


def value_of(field):
    """Any allowed value of a field."""
    if field.kind == "list":
        members = st.sampled_from(field.values) if field.values else st.integers(1, 90)
        return st.lists(members, max_size=3, unique=True)
    if field.values:
        return st.sampled_from(field.values)
    if field.kind == "bool":
        return st.booleans()
    if field.kind == "text":
        return st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=9)
    low, high = int(field.low + 0.999), int(min(field.high, 200))
    return st.integers(low, high) if field.kind == "int" else st.integers(low * 10, high * 10).map(lambda n: n / 10)


def _some(fields):
    return st.fixed_dictionaries({}, optional={f.name: value_of(f) for f in fields if not f.derived})


def studies(document, most=4):
    """Any valid study, not necessarily one that the rule can judge."""
    exam = _some(document.exam_fields.values())
    if not document.has_lesions:
        return exam
    lesions = st.lists(_some(document.lesion_fields.values()), max_size=most)
    return st.tuples(exam, lesions).map(lambda both: {**both[0], "lesions": both[1]})


def reference(document, study, code=None):
    """A study as the dataset's ``extraction`` writes it."""
    return json.dumps({"document": document.key, "category": code or document.codes[0], **study})
