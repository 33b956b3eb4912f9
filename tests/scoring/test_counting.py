"""Reports that are counted many at once must count for what each counts for by itself."""

import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from multirads_hf import rads
from multirads_hf.corpus import records
from multirads_hf.errors import ScoringError
from multirads_hf.scoring import Settings, count, counts_of, objects, parse, score, score_counts
from multirads_hf.scoring.book import book
from multirads_hf.scoring.objects import loads
from multirads_hf.scoring.tally import Tally


def spoiled(rng, extraction):
    """An answer with findings missed, changed, added and misspelled, and lesions shuffled, missed and doubled."""
    study = json.loads(extraction)
    document = rads.get(study["document"])
    study["category"] = rng.choice([study["category"], rng.choice(document.codes), document.codes[0].lower(), "none"])
    lesions = study.get("lesions", [])
    for holder, fields in ((study, document.exam_fields), *((one, document.lesion_fields) for one in lesions)):
        for name in [name for name in holder if name in fields]:
            luck = rng.random()
            if luck < 0.1:
                del holder[name]
            elif luck < 0.2:
                holder[name] = rng.choice([*fields[name].values, True, 1, 1.0, "12 mm", None, [], {"a": 1}, "no such"])
            elif luck < 0.25:
                holder[name.upper()] = holder.pop(name)
            elif luck < 0.3:
                holder[f"{name}_more"] = 1
    if lesions:
        study["lesions"] = rng.sample([*lesions, *rng.sample(lesions, 1)], len(lesions) + rng.choice([-1, 0, 1]))
    text = json.dumps(study)
    return rng.choice([text, text, f"```json\n{text}\n```", f"So: {text}", text[:-5], text.replace('"', "'"), "", None])


@pytest.fixture(scope="module")
def pairs():
    references = [row["extraction"] for row in records("all", "test", num_reports=150)]
    rng = random.Random(0)
    return [spoiled(rng, reference) for reference in references], references


@pytest.mark.parametrize("task", ["extraction", "category"])
@pytest.mark.parametrize("strict", [False, True])
def test_many_at_once_count_as_each_by_itself(pairs, task, strict):
    together = counts_of(*pairs, Settings(task=task, strict=strict))
    assert list(together) == [count(a, r, task=task, strict=strict) for a, r in zip(*pairs, strict=True)]
    assert len({report.state for report in together}) > 4


@pytest.mark.parametrize("at_once", [1, 7, 149])
def test_the_number_that_is_counted_at_once_changes_nothing(pairs, monkeypatch, at_once):
    whole = counts_of(*pairs)
    monkeypatch.setattr("multirads_hf.scoring.counting.AT_ONCE", at_once)
    parts = counts_of(*pairs)
    assert parts == whole
    options = {"settings": Settings(n_resamples=20), "references": pairs[1]}
    assert score_counts(parts, **options).to_json() == score_counts(whole, **options).to_json()


def test_counts_of_single_reports_are_scored_as_those_of_many(pairs):
    whole = counts_of(*pairs)
    again = Tally.of(list(whole))
    assert again == whole
    options = {"settings": Settings(n_resamples=20), "references": pairs[1]}
    assert score_counts(list(whole), **options).to_json() == score_counts(whole, **options).to_json()
    assert whole[-1] == list(whole)[-1]
    assert list(whole[3:9]) == list(whole)[3:9]
    with pytest.raises(IndexError):
        whole[len(whole)]


def test_values_that_fill_the_book_change_nothing(pairs, monkeypatch):
    whole, first = list(counts_of(*pairs)), book()
    monkeypatch.setattr("multirads_hf.scoring.book.FULL", 10)
    assert list(counts_of(*pairs)) == whole
    assert book() is not first
    monkeypatch.setattr("multirads_hf.scoring.level.REMEMBERED", 1)
    assert list(counts_of(*pairs)) == whole


def test_threads_get_the_same_counts(pairs, monkeypatch):
    whole = list(counts_of(*pairs))
    monkeypatch.setattr("multirads_hf.scoring.book.FULL", 10)
    assert book()  # a new one, which every thread fills
    monkeypatch.undo()
    with ThreadPoolExecutor(4) as threads:
        assert all(list(own) == whole for own in threads.map(lambda _: counts_of(*pairs), range(8)))


def test_a_report_that_cannot_be_counted_is_named(pairs):
    predictions, references = pairs
    with pytest.raises(ScoringError, match=r"^predictions\[1\]: got 7\. Allowed: the model's text, or None\.$"):
        counts_of(["", 7], references[:2])
    for wrong in ("{", '{"document": "tirads"}', 7, ["x"]):
        with pytest.raises(ScoringError, match=r"^references\[2\]: "):
            counts_of(predictions[:3], [*references[:2], wrong])
    assert counts_of(["", 7], references[:2], errors=[False, True])[1].state == "error"


def test_failed_calls_have_no_counts(pairs):
    predictions, references = pairs
    failed = counts_of(predictions, references, errors=[place % 2 == 0 for place in range(len(references))])
    assert {(report.state, report.agreement) for report in failed[::2]} == {("error", None)}
    assert list(failed[1::2]) == list(counts_of(predictions, references))[1::2]
    assert score(predictions[:4], references[:4], errors=[True] * 4, n_resamples=5).scores["multirads_f1"].value is None


@pytest.mark.parametrize(
    "text",
    [
        "-0", "1.0", "18446744073709551616", "-9223372036854775809", "1" * 400, "1e400", "-1e400", "1e-400", "0.1",
        '"\\ud800"', '"\ud800"', '"\\u00e9\U0001f600"', '"\x7f"', '{"a": 1, "a": 2}', '{"a": {"a": [null, true]}}',
        '["\t"]', "NaN", '{"a": Infinity}', "[1,]", "01", "1.", ".5", "+1", "\ufeff{}", "[]\x0b", "[1]2", "tru", "",
        "1E5", " [ ] ", "1" * 5_000,
    ],
)  # fmt: skip
def test_json_is_read_as_python_reads_it_and_what_the_standard_forbids_is_refused(text):
    def refuse(name):
        raise ValueError(name)

    try:
        expected = repr(json.loads(text.removeprefix("\ufeff") if text[:1] != "\ufeff" else "x", parse_constant=refuse))
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 (whichever: it is no JSON)
            loads(text)
    else:
        assert repr(loads(text)) == expected


@pytest.mark.parametrize(
    "piece",
    ["{'category': 'TR4', 'lesions': [{'size_mm': 12.5, 'margin': 'smooth', 'x': null}]}", "{'a': 'say \"x\"'}",
     "{'a': {'b': [1, 'c']}, 'd': ''}", "{'category': '2a // 1',\n 'size': 12 mm}", "{'a': [], 'b': ['']}",
     "{'a': 'it's', 'b': 1}"],
)  # fmt: skip
def test_quotes_exchanged_say_what_mending_says(piece, monkeypatch):
    quick = objects.find_objects(piece)
    monkeypatch.setattr("multirads_hf.scoring.objects.MENDED_OTHERWISE", objects.STRUCTURE)
    assert objects.find_objects(piece) == quick


def test_the_short_way_to_an_answer_leads_where_the_long_one_does(pairs, monkeypatch):
    answers = [(text, rads.get(json.loads(reference)["document"])) for text, reference in zip(*pairs, strict=True)]
    starts = ("{", '{"document": "tirads", ', '{"Category": "4", ')
    texts = [(text and text.replace("{", start, 1), document) for start in starts for text, document in answers]
    options = [{"task": t, "strict": s, "finish_reason": r} for t in ("extraction", "category")
               for s in (False, True) for r in (None, "length", "stop")]  # fmt: skip
    quick = [parse(text, document, **own) for text, document in texts for own in options]
    monkeypatch.setattr(sys.modules["multirads_hf.scoring.parse"], "only_object", lambda _: None)
    assert [parse(text, document, **own) for text, document in texts for own in options] == quick


def test_arrays_do_not_hold_what_a_report_has_not(pairs):
    tally = counts_of(*pairs)
    for report, totals, fields in zip(tally, tally.totals, tally.fields, strict=True):
        assert [report.agreement.tp, report.agreement.fp, report.agreement.fn] == totals.tolist()
        assert np.array([*report.agreement.fields.values()]).reshape(-1, 3).sum() == fields.sum() == totals.sum()
        assert all(any(own) for own in report.agreement.fields.values())


@pytest.mark.parametrize("column", ["pair_ids", "study_ids", "stated_categories", "noisy", "clusters", "references"])
def test_columns_of_counts_are_as_long_as_the_reports(pairs, column):
    counts = counts_of(*pairs)
    with pytest.raises(ScoringError, match=rf"^{column}: got 149, reports 150\. Allowed: one for each report, or none"):
        score_counts(counts, **{column: counts[1:] if column == "noisy" else [""] * 149})
    with pytest.raises(ScoringError, match=r"^groups\['site'\]: got 149, reports 150"):
        score_counts(counts, groups={"site": ["a"] * 149})
