"""What a user of the corpus relies on: labels by rule, spans that say the fact, nothing given away."""

import json
import re
from collections import Counter

import pytest
from scipy.stats import chi2_contingency

from multirads_hf import corpus, rads
from multirads_hf.corpus import default_size
from multirads_hf.corpus.lexicon import voice
from multirads_hf.corpus.page import decimal, length
from multirads_hf.corpus.plan import published
from multirads_hf.corpus.printing import DIAMETERS
from multirads_hf.corpus.readback import says
from multirads_hf.errors import OptionError, UnknownNameError
from multirads_hf.scoring.labels import mentions

SHARE = 240
_ROWS = {}


def rows(split="test", condition="withheld", size=None):
    key = split, condition, size
    if key not in _ROWS:
        _ROWS[key] = list(corpus.records("all", split, num_reports=size, condition=condition))
    return _ROWS[key]


every_condition = pytest.mark.parametrize("condition", corpus.CONDITIONS)
every_split = pytest.mark.parametrize("split", corpus.SPLITS)
every_clean_split = pytest.mark.parametrize("split", [s for s in corpus.SPLITS if s != "test_noisy"])


@every_split
@every_condition
def test_the_label_is_the_rule_applied_to_the_extraction(split, condition):
    for row in rows(split, condition, SHARE):
        document = rads.get(row["document"])
        decision = document.decide(json.loads(row["extraction"]))
        assert decision.category == row["category"], row["id"]
        assert list(decision.reasons) == row["rationale"]
        assert decision.management == row["management"]
        assert row["allowed_categories"] == list(document.codes)


@every_clean_split
@every_condition
def test_every_finding_is_said_and_every_span_says_it(split, condition):
    for row in rows(split, condition, SHARE):
        study = json.loads(row["extraction"])
        said = {(fact["lesion"], fact["field"]) for fact in row["facts"]}
        wanted = {(-1, name) for name in study if name not in ("document", "category", "lesions")}
        wanted |= {(i, name) for i, lesion in enumerate(study.get("lesions", ())) for name in lesion}
        assert said == wanted, row["id"]
        for fact in row["facts"]:
            holder = study if fact["lesion"] < 0 else study["lesions"][fact["lesion"]]
            value = json.loads(fact["value"])
            assert value == holder[fact["field"]]
            text = row["report"][fact["start"] : fact["end"]]
            assert text == text.strip()
            unit = "cm" if re.search(r"\d ?cm\b", row["findings"]) and not re.search(r"\d ?mm\b", text) else "mm"
            assert says(rads.get(row["document"]), fact["field"], value, text, unit), (row["id"], fact, text)


@every_split
def test_the_rule_over_the_spans_gives_the_label(split):
    for row in rows(split, "withheld", SHARE):
        document = rads.get(row["document"])
        lesions = json.loads(row["extraction"]).get("lesions", ())
        study = {"lesions": [{} for _ in lesions]} if document.has_lesions else {}
        for fact in row["facts"]:
            holder = study if fact["lesion"] < 0 else study["lesions"][fact["lesion"]]
            holder[fact["field"]] = json.loads(fact["value"])
        assert document.categorise(study) == row["category"]


@every_split
def test_withheld_reports_give_no_category_away(split):
    for row in rows(split, "withheld", SHARE):
        text = row["report"]
        for fact in reversed(row["facts"]):
            if "categor" in fact["field"]:
                text = text[: fact["start"]] + text[fact["end"] :]
        assert not mentions(rads.get(row["document"]), text), (row["id"], text)
        assert row["stated_category"] == ""
        assert not re.search(r"\b(\d+ points?|FNA recommended|biopsy recommended)\b", text), row["id"]


def test_stated_reports_print_the_category_and_discordant_ones_another():
    for row in rows("test", "stated", SHARE):
        assert row["stated_category"] == row["category"]
        document = rads.get(row["document"])
        whole = document.category(row["category"]).printed or row["category"]
        parts = document.split(row["category"]).values()
        assert whole.lower() in row["impression"].lower() or all(part in row["impression"] for part in parts), row["id"]
    for row in rows("test", "discordant", SHARE):
        assert row["stated_category"] != row["category"]
        assert row["stated_category"] in row["allowed_categories"]


def test_conditions_change_the_printed_category_alone():
    for plain, stated, discordant in zip(
        rows("test", "withheld", SHARE), rows("test", "stated", SHARE), rows("test", "discordant", SHARE), strict=True
    ):
        assert plain["study_id"] == stated["study_id"] == discordant["study_id"]
        assert stated["report"].startswith(plain["report"])
        assert discordant["report"].startswith(plain["report"])
        assert plain["extraction"] == stated["extraction"] == discordant["extraction"]


@every_clean_split
def test_reports_read_cleanly(split):
    for row in rows(split, "withheld", SHARE):
        report = row["report"]
        assert not re.search(r"  |\.\.|,,| ,| \.(?!\d)|[<>{}|\0]|\ba an?\b|\ban a\b|;\.|,\.|:\.|\. ;", report), (
            row["id"] + "\n" + report
        )
        assert all(
            body in report for body in (row[name] for name in ("indication", "technique", "comparison", "findings"))
        )
        assert row["findings"]
        assert row["impression"]
        assert not re.search(r"\ban? (?:a|an|the|no)\b", report), row["id"] + "\n" + report


def test_row_is_the_same_in_every_slice_config_and_size():
    every = rows("train", "withheld", SHARE)
    assert list(corpus.records("all", "train", 100, 120)) == every[100:120]
    for system in rads.systems():
        own = [row for row in every if row["system"] == system]
        assert list(corpus.records(system, "train", num_reports=len(own))) == own
    assert corpus.record(every[7]["id"]) == every[7]
    assert corpus.record(rows("test", "stated", SHARE)[3]["id"]) == rows("test", "stated", SHARE)[3]


def test_seeds_and_splits_share_no_report():
    seen = Counter(row["report"] for split in corpus.SPLITS for row in rows(split, "withheld", SHARE))
    seen.update(row["report"] for row in corpus.records("all", "train", num_reports=SHARE, seed=1))
    assert max(seen.values()) == 1


def test_default_sizes():
    assert default_size("train") == 8000
    for split in ("validation", "test_balanced", "test_unseen"):
        assert default_size(split) == 1600
    assert default_size("test_styles") == 100 * len(rads.keys())
    assert corpus.split_size("all", "train") == sum(corpus.split_size(s, "train") for s in rads.systems())


def test_test_split_has_the_published_counts():
    counts = Counter()
    for row in rows("test"):
        counts[row["document"], row["modality"], rads.get(row["document"]).core(row["category"])] += 1
    wanted = {(key, m, c): n for key in rads.keys() for m, c, n in published().get(key, ())}
    assert {cell: n for cell, n in counts.items() if cell[0] in published()} == wanted


@pytest.mark.parametrize("split", ["train", "test_balanced"])
def test_balanced_splits_are_even_to_within_one(split):
    balanced = rows(split, "withheld", 1600)
    documents = Counter(row["document"] for row in balanced)
    assert max(documents.values()) - min(documents.values()) <= 1
    for key in rads.keys():
        document = rads.get(key)
        counts = Counter(document.core(row["category"]) for row in balanced if row["document"] == key)
        assert set(counts) == set(document.core_codes)
        assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("split", ["train", "test", "test_balanced"])
def test_profile_is_independent_of_category(split):
    for key in rads.keys():
        own = [row for row in rows(split, "withheld", 1600 if split != "test" else None) if row["document"] == key]
        profiles, categories = corpus.PROFILES, sorted({row["category"] for row in own})
        pairs = Counter((row["profile"], row["category"]) for row in own)
        table = [[pairs[p, c] for c in categories] for p in profiles]
        assert chi2_contingency(table).pvalue > 0.05, key


def test_age_and_sex_are_independent_of_category():
    for key in rads.keys():
        own = [row for row in rows("train", "withheld", 1600) if row["document"] == key]
        pairs = Counter((row["sex"], row["category"]) for row in own)
        sexes = sorted({row["sex"] for row in own})
        categories = sorted({row["category"] for row in own})
        if len(sexes) > 1:
            assert chi2_contingency([[pairs[s, c] for c in categories] for s in sexes]).pvalue > 0.01, key


def test_unseen_split_shares_no_scenario_with_train():
    train = {(row["document"], row["scenario"]) for row in rows("train", "withheld", 1600)}
    unseen = {(row["document"], row["scenario"]) for row in rows("test_unseen", "withheld", SHARE)}
    assert not train & unseen


def test_unseen_phrases_are_kept_from_train():
    for key in rads.keys():
        for profile in corpus.PROFILES:
            seen, kept = voice(key, profile, False), voice(key, profile, True)
            own, reserved = (
                {(name, repr(s.nodes)) for name, pool in spoken.pools.items() for s in pool.plain.own}
                for spoken in (seen, kept)
            )
            assert len(reserved) > 10
            assert len(own) > 2 * len(reserved)
            assert not own & reserved


def test_styles_tell_the_same_study_five_times():
    styles = rows("test_styles")
    for start in range(0, len(styles), 5):
        group = styles[start : start + 5]
        assert {row["profile"] for row in group} == set(corpus.PROFILES)
        assert len({(row["study_id"], row["extraction"], row["age"], row["sex"]) for row in group}) == 1
        assert len({row["report"] for row in group}) == 5


def test_sentences_seldom_repeat():
    for key in rads.keys():
        own = [row for row in rows("train", "withheld", 1600) if row["document"] == key]
        sentences = [
            re.sub(r"\d+(?:\.\d+)?", "0", s.strip())
            for row in own
            for s in re.split(r"(?<=[.])\s+|\n", row["findings"] + "\n" + row["impression"])
            if len(s) > 12
        ]
        most, count = Counter(sentences).most_common(1)[0]
        assert count <= 0.1 * len(own), (key, most, count / len(own))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: corpus.records("alll"), UnknownNameError, "Unknown config 'alll'. Allowed: all, .*Did you mean 'all'"),
        (lambda: corpus.records("all", "tets"), UnknownNameError, "Did you mean 'test'"),
        (lambda: corpus.records(condition="shown"), UnknownNameError, "Allowed: withheld, stated, discordant"),
        (lambda: corpus.records(num_reports=-1), OptionError, "num_reports: got -1. Allowed: a whole number from 1 up"),
        (lambda: corpus.records(num_reports=2.5), OptionError, "num_reports: got 2.5"),
        (lambda: corpus.records(seed=-3), OptionError, "seed: got -3"),
        (lambda: corpus.records("all", "test", 0, 10**9), OptionError, "allowed are 0 to"),
        (lambda: corpus.record("nonsense"), UnknownNameError, "Unknown id 'nonsense'"),
        (lambda: corpus.record("tirads-nowhere-000001"), UnknownNameError, "Unknown split"),
    ],
)
def test_bad_requests_name_the_place_and_what_is_allowed(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_lengths_lose_no_digit():
    assert [length(v, "cm") for v in (19, 20, 4.5, 12.3)] == ["1.9", "2.0", "0.45", "1.23"]
    assert [length(v, "mm") for v in (19, 4.5)] == ["19", "4.5"]
    assert [length(7, unit, step=0.1) for unit in ("mm", "cm")] == ["7.0", "0.70"]
    assert 0 < DIAMETERS[0] < DIAMETERS[1] < 1


def test_other_numbers_have_the_decimals_of_their_step():
    assert [decimal(0.8, 0.01), decimal(10, 0.1), decimal(38)] == ["0.80", "10.0", "38"]
    assert [decimal(0.123, 0.01), decimal(12.5)] == ["0.123", "12.5"], "no digit is lost"
