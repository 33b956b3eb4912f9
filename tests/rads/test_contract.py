"""What every document promises, whatever it classifies."""

import doctest
import json
from dataclasses import replace
from importlib import import_module

import pytest

from multirads_hf import rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.lexicon import voice
from multirads_hf.corpus.plan import published
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.schema import MODALITIES, Document

DOCUMENTS = rads.documents()
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.key)


def plans(document: Document):
    unique = {}
    for unseen in (False, True):
        for groups in reach(document.key, unseen).values():
            for plan in (p for group in groups for p in group):
                unique[plan.scenario.name, plan.variant, plan.modality] = plan
    return list(unique.values())


@every_document
def test_the_reference_page_of_a_document_tells_the_truth(document):
    module = import_module(f"multirads_hf.rads.{document.key}")
    results = doctest.testmod(module)
    assert results.attempted >= 3
    assert results.failed == 0


@every_document
def test_categories_and_fields_are_complete(document):
    assert len(set(document.codes)) == len(document.codes)
    assert all(c.meaning and c.management for c in document.categories)
    assert set(document.modalities) <= set(MODALITIES)
    assert all(f.values for f in document.fields if f.kind == "enum")
    names = [(f.level, f.name) for f in document.fields]
    assert len(set(names)) == len(names)
    assert all(set(f.aliases) <= set(f.values) for f in document.fields if f.values)
    assert rads.lexicon(document.key)["rules"].strip()


@every_document
def test_labels_split_into_parts_and_join_again(document):
    for code in document.codes:
        parts = document.split(code)
        assert tuple(parts) == document.part_names
        assert document.join(parts) == code
        assert document.core(document.core(code)) == document.core(code)


@every_document
def test_scenarios_are_many_and_reach_every_category(document):
    assert len(document.scenarios) >= 16
    assert len({s.name for s in document.scenarios}) == len(document.scenarios)
    for unseen in (False, True):
        reached = {category for _, category in reach(document.key, unseen)}
        assert reached == set(document.core_codes), f"unseen={unseen}"
    groups = {}
    for unseen in (False, True):
        for (_, category), plans_by_scenario in reach(document.key, unseen).items():
            groups.setdefault(category, set()).update(group[0].scenario.name for group in plans_by_scenario)
    assert all(len(names) >= 2 for names in groups.values()), groups


@every_document
def test_every_scenario_is_of_use(document):
    used = {plan.scenario.name for plan in plans(document)}
    assert used == {s.name for s in document.scenarios}


@every_document
def test_published_counts_can_be_met(document):
    for modality, category, _ in published().get(document.key, ()):
        assert (modality, category) in reach(document.key, False)


@every_document
def test_sampled_studies_are_legal_and_survive_json(document):
    for plan in plans(document):
        draw = Draw("contract", plan.scenario.name, plan.variant, plan.modality)
        for _ in range(6):
            study = sample(document, plan, draw)
            again = json.loads(json.dumps(study))
            assert again == study
            assert document.decide(again) == document.rule(study)
            assert document.modality(study) == plan.modality


@every_document
def test_missing_and_null_mean_the_same(document):
    plan = plans(document)[0]
    study = sample(document, plan, Draw("null"))
    nulls = {name: None for name in document.exam_fields if name not in study}
    assert document.categorise({**study, **nulls}) == document.categorise(study)


def without_defaults(values, fields):
    return {n: v for n, v in values.items() if n not in fields or fields[n].default is None or v != fields[n].default}


@every_document
def test_a_missing_field_is_judged_as_its_default(document):
    dropped = 0
    for plan in plans(document):
        for place in range(4):
            study = sample(document, plan, Draw("default", plan.scenario.name, plan.variant, plan.modality, place))
            bare = without_defaults(study, document.exam_fields)
            if "lesions" in study:
                bare["lesions"] = [without_defaults(one, document.lesion_fields) for one in study["lesions"]]
            dropped += bare != study
            assert document.categorise(bare) == document.categorise(study), (study, bare)
    assert dropped


@every_document
def test_the_order_of_lesions_does_not_matter(document):
    for plan in plans(document):
        study = sample(document, plan, Draw("order", plan.scenario.name))
        if len(study.get("lesions", ())) > 1:
            turned = {**study, "lesions": study["lesions"][::-1]}
            assert document.categorise(turned) == document.categorise(study)


@every_document
def test_every_edit_is_of_use(document):
    left = list(document.edits)
    for plan in plans(document):
        for place in range(40 if left else 0):
            study = sample(document, plan, Draw("edits", plan.scenario.name, plan.variant, plan.modality, place))
            left = [edit for edit in left if not list(changes(replace(document, edits=(edit,)), study))]
    assert not left


@every_document
def test_junk_is_refused_with_place_value_and_what_is_allowed(document):
    with pytest.raises(StudyError, match=r"no_such_field: unknown field. Allowed: "):
        document.categorise({"no_such_field": 1})
    with pytest.raises(StudyError, match="mapping"):
        document.categorise(["not", "a", "study"])
    with pytest.raises(StudyError, match="document: got 'other'"):
        document.categorise({"document": "other"})
    for field in document.fields:
        wrong = {
            "enum": "no such value",
            "bool": "perhaps",
            "int": "many",
            "float": float("nan"),
            "list": 7,
            "text": "",
        }
        value = wrong[field.kind]
        study = {field.name: value} if field.level == "exam" else {"lesions": [{field.name: value}]}
        with pytest.raises(StudyError, match=rf"{field.name}: got .* Allowed: "):
            document.categorise(study)


@every_document
def test_json_schema_accepts_what_a_perfect_model_answers(document):
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft202012Validator(document.json_schema("extraction"))
    for plan in plans(document):
        study = sample(document, plan, Draw("schema", plan.scenario.name, plan.variant))
        checker.validate({"category": document.categorise(study), **study})
    assert not checker.is_valid({"category": "no such category"})
    assert not checker.is_valid({"category": document.codes[0], "surprise": 1})


@every_document
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("unseen", [False, True])
def test_the_lexicon_speaks_in_every_voice(document, profile, unseen):
    spoken = voice(document.key, profile, unseen)
    said = {field for pool in spoken.pools.values() for field in pool.saying}
    said |= {field for block in spoken.blocks if block.pool for field in block.pool.saying}
    drawn = {name for plan in plans(document) for name, _ in plan.exam}
    drawn |= {name for plan in plans(document) for lesion in plan.lesions for name, _ in lesion}
    assert drawn <= said
    assert spoken.pools["stated"].plain.own or spoken.pools["stated"].plain.rest
    assert spoken.pools["impression_exam"].fillers.own or spoken.pools["impression_exam"].fillers.rest
    derived = {f.name for f in document.fields if f.derived}
    assert not derived & said
