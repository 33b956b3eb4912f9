"""What must hold of every score, whatever the document; a metric that breaks one of these can be gamed."""

import json
from copy import deepcopy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from invented import laws, reference, studies, value_of

from multirads_hf import rads
from multirads_hf.scoring import (
    METRICS,
    STATES,
    TASKS,
    TOLERANCE_MM,
    Settings,
    count,
    score,
    score_counts,
)
from multirads_hf.scoring.book import LESION, book

every_document = pytest.mark.parametrize("document", rads.documents(), ids=lambda d: d.key)
EXACT = Settings(n_resamples=0)


def f1(predictions, references, **options):
    return score(predictions, references, n_resamples=0, **options).flat().get("multirads_f1")


def pairs(document):
    """Answers and references of up to four reports; each answer a study of its own, or its reference's."""
    code = st.sampled_from(document.codes)
    one = st.tuples(studies(document), code, st.none() | studies(document), code)
    return st.lists(one, min_size=1, max_size=4).map(
        lambda drawn: (
            [reference(document, wanted if got is None else got, other) for wanted, _, got, other in drawn],
            [reference(document, wanted, code) for wanted, code, _, _ in drawn],
        )
    )


def slots(study, document):
    """Where a study holds values: (the mapping, its fields)."""
    yield study, document.exam_fields
    for lesion in study.get("lesions") or []:
        yield lesion, document.lesion_fields


@every_document
@laws
@given(st.data())
def test_a_reference_scores_one_against_itself_and_silence_scores_none(document, data):
    study = data.draw(studies(document))
    text = reference(document, study, data.draw(st.sampled_from(document.codes)))
    stated = count(text, text).agreement
    assume(stated.tp)
    assert (stated.fp, stated.fn) == (0, 0)
    assert f1([text], [text]) == f1([text], [text], strict=True) == 1.0
    assert f1([""], [text]) == 0.0
    for silence in (None, "{}", "I cannot tell.", '{"category": null}', reference(document, {})):
        assert count(silence, text).agreement.tp == 0


@every_document
@laws
@given(st.data())
def test_the_order_of_reports_changes_nothing_not_even_an_interval(document, data):
    predictions, references = data.draw(pairs(document))
    order = data.draw(st.permutations(range(len(references))))
    shuffled = score([predictions[i] for i in order], [references[i] for i in order], n_resamples=20)
    assert shuffled.to_json() == score(predictions, references, n_resamples=20).to_json()


@every_document
@laws
@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_of_lesions_keys_and_list_values_changes_nothing(document, data, rng):
    study, other = data.draw(studies(document)), data.draw(studies(document))
    first = score([reference(document, other)], [reference(document, study)], n_resamples=20)
    shuffled = [reference(document, mixed(one, rng)) for one in (other, study)]
    assert score(shuffled[:1], shuffled[1:], n_resamples=20).to_json() == first.to_json()


def mixed(value, rng):
    """A study with its keys, its lesions and the members of its lists in another order."""
    if isinstance(value, dict):
        return {name: mixed(value[name], rng) for name in rng.sample(sorted(value), len(value))}
    return rng.sample([mixed(one, rng) for one in value], len(value)) if isinstance(value, list) else value


@every_document
@laws
@given(st.data())
def test_any_bytes_are_an_answer_in_some_state(document, data):
    task = data.draw(st.sampled_from(TASKS))
    text = data.draw(st.binary(max_size=60) | st.text(max_size=60) | st.none())
    around = data.draw(st.sampled_from(['{"category": "%s"}', "```json\n%s\n```", '{"lesions": [%s]}', "%s"]))
    pieces = around.encode().split(b"%s")
    own = text if text is None else pieces[0] + (text if isinstance(text, bytes) else text.encode()) + pieces[1]
    for strict in (False, True):
        assert count(own, reference(document, {}), task=task, strict=strict).state in STATES


@every_document
@laws
@given(st.data())
def test_a_wrong_field_or_lesion_more_never_raises_a_score(document, data):
    predictions, references = data.draw(pairs(document))
    before = f1(predictions, references)
    answer = json.loads(predictions[0])
    holder, fields = data.draw(st.sampled_from(list(slots(answer, document))))
    free = {name: f for name, f in fields.items() if name not in holder and not f.derived}
    if document.has_lesions and data.draw(st.booleans()):
        answer.setdefault("lesions", []).append(dict.fromkeys(document.lesion_fields, "no such value"))
    elif free and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(free)))
        holder[name] = data.draw(value_of(free[name]))
        coder = book().coder(document)
        reader = (coder.exam if holder is answer else coder.lesion).places[name].reader
        wanted = [h[name] for h, _ in slots(json.loads(references[0]), document) if name in h]
        assume(not any(reader.same(reader.read(holder[name]), reader.read(value), TOLERANCE_MM) for value in wanted))
    else:
        holder["no_such_field"] = 1
    after = f1([json.dumps(answer), *predictions[1:]], references)
    assert (after or 0) <= (before or 0)


@every_document
@laws
@given(st.data())
def test_any_lesion_more_cannot_raise_a_score_that_is_perfect(document, data):
    if not document.has_lesions:
        return
    study = data.draw(studies(document))
    text = reference(document, study)
    extra = data.draw(studies(document))["lesions"]
    more = {**study, "lesions": extra + study["lesions"]}
    assert (f1([reference(document, more)], [text]) or 0) <= 1.0
    assert count(reference(document, more), text).agreement.fn == 0


@every_document
@laws
@given(st.data())
def test_putting_a_wrong_field_right_never_lowers_a_score(document, data):
    study = data.draw(studies(document))
    text = reference(document, study)
    places = [(i, name) for i, (holder, _) in enumerate(slots(study, document)) for name in holder if name != "lesions"]
    assume(places)
    wrong = data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True))
    spoiled = {place: data.draw(st.sampled_from(["no such value", 999, None])) for place in wrong}
    scores = []
    for right in range(len(wrong) + 1):
        copy = deepcopy(study)
        for i, (holder, _) in enumerate(slots(copy, document)):
            holder |= {name: spoiled[j, name] for j, name in wrong[right:] if i == j}
        found = count(reference(document, copy), text).agreement
        scores.append(2 * found.tp / (2 * found.tp + found.fp + found.fn) if found.tp else 0.0)
    assert scores == sorted(scores)
    assert scores[-1] in {0.0, 1.0}


@every_document
@laws
@given(st.data())
def test_halves_put_together_score_as_the_whole(document, data):
    predictions, references = data.draw(pairs(document))
    counts = [count(p, r) for p, r in zip(predictions, references, strict=True)]
    middle = len(counts) // 2
    assert (
        score_counts(
            counts[middle:] + counts[:middle], EXACT, references=references[middle:] + references[:middle]
        ).to_json()
        == score(predictions, references, n_resamples=0).to_json()
    )


@every_document
@laws
@given(st.data())
def test_a_listed_alias_scores_as_the_value_itself(document, data):
    study = data.draw(studies(document))
    text = reference(document, study)
    renamed = deepcopy(study)
    for holder, fields in slots(renamed, document):
        for name, value in holder.items():
            if name != "lesions":
                options = fields[name].aliases.get(value, ()) if isinstance(value, str) else ()
                holder[name] = data.draw(st.sampled_from([value, *options]))
    category = document.category(document.codes[0])
    label = data.draw(st.sampled_from([category.code, *category.aliases]))
    counts = count(json.dumps({"category": label, **renamed}), text)
    assert (counts.agreement.fp, counts.agreement.fn, counts.correct) == (0, 0, True)
    strict = count(json.dumps({"category": label, **renamed}), text, strict=True)
    assert strict.correct == (label == category.code)
    others = sum(renamed_in(a, b) for a, b in zip(slots(renamed, document), slots(study, document), strict=True))
    assert strict.agreement.fp == strict.agreement.fn == others


def renamed_in(one, other):
    """How many fields of two mappings hold other spellings."""
    return sum(one[0][name] != other[0][name] for name in one[0] if name != "lesions")


@every_document
@laws
@given(st.data())
def test_every_score_lies_in_its_range_and_its_interval(document, data):
    predictions, references = data.draw(pairs(document))
    result = score(predictions, references, n_resamples=50)
    ranges = {metric.name: (metric.low, metric.high) for metric in METRICS}
    for name, estimate in result.scores.items():
        low, high = ranges[name]
        if estimate.value is not None:
            assert low <= estimate.value <= high, name
        if estimate.low is not None:
            assert low <= estimate.low <= estimate.high <= high, name
    for name, (tp, fp, fn, _) in result.by_document[document.key].fields.items():
        assert min(tp, fp, fn) >= 0, name
        assert name.startswith(LESION) or name in document.exam_fields or name == "(unknown)"
