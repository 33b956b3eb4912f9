"""``evaluate`` users call the measurement by name or by folder and read what its card says."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hub.evaluation import HEADINGS, METRICS, require_whole

FOLDER = METRICS / "multirads_corpus"
REPORTS = ["Solid nodule of 12 mm in the left lobe.", "Solid nodule of 14 mm in the left lobe.", "No nodule."]


@pytest.fixture
def measurement(tmp_path: Path) -> Any:
    """Return the measurement, its reports cached in a folder of the test."""
    from multirads_hf.hub.measurement import MultiradsCorpus

    return MultiradsCorpus(cache_dir=str(tmp_path))


def test_it_loads_from_its_folder_and_its_cases_and_card_hold(tmp_path: Path) -> None:
    require_whole("multirads_corpus", "measurement", tmp_path)


def test_it_loads_by_name_with_no_import_of_ours(run: Any, hub: tuple[str, list[str]]) -> None:
    address, asked = hub
    code = f"""
import evaluate
for named in ({{}}, {{"module_type": "measurement"}}):
    measurement = evaluate.load("multirads_corpus", **named)
    print(type(measurement).__name__, measurement.compute(data={REPORTS!r})["distinct_sentences"])
"""
    done = run(code, HF_ENDPOINT=address)
    assert done.stdout.split() == ["MultiradsCorpus", "0.5"] * 2, done.stderr
    assert asked == []


def test_the_values_of_the_card_are_those_of_the_dataset(measurement: Any) -> None:
    from multirads_hf import corpus

    rows = list(corpus.records("tirads", "train", num_reports=1600))
    columns = {f"{name.replace('category', 'categorie')}s": [row[name] for row in rows]
               for name in ("document", "category", "profile", "scenario")}  # fmt: skip
    found = measurement.compute(data=[row["report"] for row in rows], **columns)
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = card[card.index("<!-- values -->") : card.index("<!-- /values -->")]
    values = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|$", table, re.MULTILINE)
    assert len(values) > 10
    # Phrases come and go; the card is to be renewed once it tells another story.
    assert {name: found[name] for name, _ in values} == pytest.approx(
        {name: float(value) for name, value in values}, rel=0.1, abs=0.05
    )


def test_columns_add_their_numbers(measurement: Any) -> None:
    plain = measurement.compute(data=REPORTS)
    assert not {"leaks", "majority_accuracy", "nearest_max"} & set(plain)
    assert plain["by_document"] == {}
    labels = {"categories": ["TR4", "TR4", "NC"], "documents": ["tirads"] * 3}
    more = measurement.compute(data=REPORTS, **labels, profiles=["a", "a", "b"], scenarios=["s", "t", "u"])
    assert set(plain) <= set(more)
    assert {"leaks", "majority_accuracy", "profile_gain", "length_gain", "words_gain"} <= set(more)
    assert more["by_document"]["tirads"]["majority_accuracy"] == more["majority_accuracy"] == 2 / 3
    near = measurement.compute(data=REPORTS, references=REPORTS[:1])
    assert near["nearest_exact"] == 1


def test_references_may_be_a_file(measurement: Any, tmp_path: Path) -> None:
    path = tmp_path / "real.jsonl"
    path.write_text(json.dumps({"text": REPORTS[0]}) + "\n", encoding="utf-8")
    assert measurement.compute(data=REPORTS, references=str(path))["nearest_exact"] == 1


def test_reports_may_come_in_batches(measurement: Any) -> None:
    measurement.add_batch(data=REPORTS[:2])
    measurement.add(data=REPORTS[2])
    assert measurement.compute()["reports"] == 3


def test_numbers_are_plain_and_can_be_saved(measurement: Any, tmp_path: Path) -> None:
    import evaluate

    result = measurement.compute(data=[*REPORTS, REPORTS[0]], documents=["tirads"] * 4, references=REPORTS)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    saved = evaluate.save(tmp_path / "result.json", **result)
    assert json.loads(Path(saved).read_text(encoding="utf-8"))["pairs"] == [[0, 3, 1.0]]


def test_what_cannot_be_measured_is_said_in_our_words(measurement: Any) -> None:
    for given, said in (
        ({"data": []}, "reports: got none"),
        ({"data": ["a", "b"], "categories": ["TR1"]}, "category: got 1 values. Allowed: 2"),
        ({"data": ["a"], "documents": ["thyroid"]}, "'thyroid'. Allowed: .*tirads"),
        ({"data": ["a"], "references": []}, "at least one"),
        ({"data": ["a"], "references": "missing.csv"}, "missing.csv"),
    ):
        with pytest.raises(ValueError, match=said):
            measurement.compute(**given)


def test_arguments_are_named_and_described(measurement: Any) -> None:
    own = {*inspect.signature(measurement._compute).parameters, *inspect.signature(measurement.compute).parameters}
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for parameter in own - {"against", "given"}:  # the names under which references and columns are passed on
        assert re.search(rf"^ +{parameter} \(", measurement.inputs_description, re.MULTILINE), parameter
        assert f"- **{parameter}** (" in card, parameter


def test_the_card_has_what_the_hub_reads_and_names_every_number(measurement: Any) -> None:
    _, front, body = (FOLDER / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    settings = yaml.safe_load(front)
    assert settings["sdk"] == "gradio"
    assert re.fullmatch(r"\d+\.\d+\.\d+", settings["sdk_version"])
    assert {"evaluate", "measurement"} <= set(settings["tags"])
    assert (FOLDER / settings["app_file"]).is_file()
    found = [line.strip("# ") for line in body.splitlines() if re.match(r"#{2,4} ", line)]
    wanted = ["Measurement Description", *HEADINGS]
    assert [heading for heading in found if heading in wanted] == wanted
    result = measurement.compute(
        data=REPORTS, documents=["tirads"] * 3, categories=["TR4", "TR4", "NC"], profiles=["a", "a", "b"],
        scenarios=["s", "t", "u"], references=REPORTS,
    )  # fmt: skip
    for name in result:
        if not name.endswith(("_low", "_high")):
            assert f"`{name}`" in body, name


def test_the_space_names_the_module_as_the_hub_wants_it() -> None:
    names = runpy.run_path(str(FOLDER / "multirads_corpus.py"))
    assert names["MultiradsCorpus"].__mro__[1].__module__ == "multirads_hf.hub.measurement"
    assert {"multirads-hf", "evaluate>=0.4.3"} <= set((FOLDER / "requirements.txt").read_text().split())
