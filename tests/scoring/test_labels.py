"""A label that is missed in a report is a leak that no test sees; one seen where none is fails honest reports."""

import re
from itertools import islice

import pytest
from invented import PAIR, PATCH

from multirads_hf import corpus, rads
from multirads_hf.scoring import mentions, normalise_label, read_label

every_document = pytest.mark.parametrize("document", [*rads.documents(), PATCH, PAIR], ids=lambda d: d.key)


@every_document
def test_every_label_is_read_in_every_usual_spelling(document):
    for category in document.categories:
        code, names = category.code, document.system_names
        spellings = [
            code,
            code.lower(),
            re.sub(r"-(?=\w)", " ", code),
            f"category {code}",
            f"**{code}**",
            f"{code}.",
            *category.aliases,
        ]
        spellings += [f"{name} {word}{code}" for name in names for word in ("", "category ", "score: ")]
        assert {text: read_label(document, text) for text in spellings} == dict.fromkeys(spellings, (code,))


@every_document
def test_every_label_is_found_in_running_text(document):
    for code in document.codes:
        printed = f"Assessment: {document.system_names[0]} category {code}."
        assert mentions(document, f"12 mm nodule, seen 3 times. {printed} Follow up in 6 months.") == [code]


@every_document
def test_text_about_sizes_and_times_mentions_no_label(document):
    name = document.system_names[0]
    for text in (
        "Two nodules of 4 mm and 5 x 3 mm, stable for 2 years. TR 4500 ms, TE 80 ms. Level 2 node. Segment 4A.",
        f"Read by {name} v2022 of 2018.\n1. Nodule of 4 mm.\n2. Cyst.",
        f"{name}: 2 points, 4 mm, 3 months.",
        f"See {name}. 3 nodules follow.",
        "Child-Pugh category B. Catheter 4 F.",
    ):
        assert mentions(document, text) == [], text


@pytest.mark.parametrize("system", rads.systems())
def test_the_label_that_a_report_prints_is_found_in_it(system):
    for row in islice(corpus.records(system, "validation", condition="stated"), 60):
        document, code = rads.get(row["document"]), row["stated_category"]
        worded = [alias for alias in document.category(code).aliases if not re.search(r"\d|rads", alias.lower())]
        if not any(alias.lower() in row["report"].lower() for alias in worded):
            assert code in mentions(document, row["report"]), row["report"]


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("tirads", "TI-RADS 4 or 5", ["TR4", "TR5"]),
        ("tirads", "TR3, TR2 and TR1 nodules", ["TR3", "TR2", "TR1"]),
        ("tirads", "ACR TI-RADS:\nTR5", ["TR5"]),
        ("tirads", "TI-RADS category IV", ["TR4"]),
        ("tirads", "EU-TIRADS 4", []),
        ("tirads", "PI-RADS category 4", []),
        ("tirads", "TI-RADS 3-4 mm", []),
        ("lirads_ctmri", "LR-5g and LR-5V", []),
        ("lirads_ctmri", "LI-RADS v2018: LR-M", ["LR-M"]),
        ("lirads_ctmri", "LR-4 in segment IVb, 12 mm", ["LR-4"]),
        ("lungrads", "Lung-RADS 2 with S modifier", ["2S"]),
        ("lungrads", "Category 4 A", ["4A"]),
        ("nirads", "Neck: NI-RADS 1. Primary: NI-RADS 2a.", ["2a // 1"]),
        ("nirads", "P1 N2", ["1 // 2"]),
        ("nirads", "NI-RADS 2b (primary), 3 (neck)", ["2b // 3"]),
        ("lirads_ctmri", "LI-RADS: no reportable observation", ["NO_OBS"]),
        ("lirads_ctmri", "There is no reportable observation", []),
        ("tirads", "TI-RADS cannot be given. NC.", ["NC"]),
        ("nirads", "NI-RADS 3", ["3"]),
        ("nirads", "T2 N1, seen on 1/1/2024", []),
    ],
)
def test_labels_are_found_where_radiologists_write_them(key, text, found):
    assert mentions(rads.get(key), text) == found


@pytest.mark.parametrize(
    "label", ["", "  ", None, True, [], {}, 4.5, 10**400, float("nan"), "x" * 9_999, "PT2PT3", "4 mm", "US-2"]
)
def test_what_is_no_label_gives_none(label):
    assert normalise_label(PATCH, label) is None


def test_several_labels_are_not_one():
    assert read_label(PATCH, "PT1 or PT2") == ("PT1", "PT2")
    assert read_label(PATCH, "1-2") == ("PT1", "PT2")
    assert read_label(PATCH, "PT1 (not PT2)") == ("PT1", "PT2")
    assert normalise_label(PATCH, "PT1 or PT2") is None
