"""The parts under the records: draws, templates, plans, reading back."""

import hashlib
import json
import subprocess
import sys

import pytest

from multirads_hf import corpus, rads
from multirads_hf.corpus import readback
from multirads_hf.corpus.condition import Condition, Terms
from multirads_hf.corpus.plan import block
from multirads_hf.corpus.template import capital, literals, parse, template
from multirads_hf.draw import Draw
from multirads_hf.errors import LexiconError

# The first reports of the corpus. A change of this hash is a change of the corpus: say so in CHANGELOG.md.
GOLDEN = "d46fdd30b6af9276a3735dc73f965e37bfd03f2b2720666ca56922b1150d5edf"


def fingerprint():
    digest = hashlib.sha256()
    for split in corpus.SPLITS:
        for row in corpus.records("all", split, num_reports=60, condition="stated"):
            digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()


def test_golden_hash():
    assert fingerprint() == GOLDEN


@pytest.mark.parametrize("hash_seed", ["0", "7"])
def test_bytes_do_not_depend_on_the_process(hash_seed):
    script = (
        "import hashlib, json; from multirads_hf import corpus; d = hashlib.sha256()\n"
        "for s in reversed(corpus.SPLITS):\n"
        "    rows = [json.dumps(r, sort_keys=True) for r in corpus.records('all', s, num_reports=12)]\n"
        "    d.update(''.join(rows).encode())\n"
        "print(d.hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hash_seed}
    )
    digest = hashlib.sha256()
    for split in reversed(corpus.SPLITS):
        rows = corpus.records("all", split, num_reports=12)
        digest.update("".join(json.dumps(row, sort_keys=True) for row in rows).encode())
    assert done.stdout.strip() == digest.hexdigest()


def test_draws_are_named_by_their_key():
    assert [Draw("a", 1).random() for _ in range(2)] == [Draw("a", 1).random() for _ in range(2)]
    assert Draw("a", 1).random() != Draw("a", 2).random()
    # From a fresh interpreter of CPython 3.11; guaranteed by the standard library for equal seeds.
    assert Draw("multirads").random() == pytest.approx(0.3147753637396601, abs=1e-15)


def test_draws_stay_in_their_range():
    draw = Draw("ranges")
    values = {draw.between(3, 5) for _ in range(200)}
    assert values == {3, 4, 5}
    tenths = {draw.between(0.1, 0.4, 0.1) for _ in range(200)}
    assert tenths == {0.1, 0.2, 0.3, 0.4}
    assert sorted(draw.order(9)) == list(range(9))
    assert all(1 <= len(draw.some("abc", 1, 2)) <= 2 for _ in range(50))


def test_alternatives_expand():
    assert literals(parse("<a|b<c|d>> x")) == ("a x", "bc x", "bd x")
    assert literals(parse("{size_mm} x")) is None


@pytest.mark.parametrize("text", ["<a|b", "{field", "a > b > c <", "{=x:y}", "{a=b: text}"])
def test_broken_templates_are_shown(text):
    with pytest.raises(LexiconError, match="template"):
        parse(text)


def test_alternatives_must_say_the_same_fields():
    assert template("It is <{a=x:solid}|old>.").uneven == ["a"]
    assert template("It is <{a=x:solid}|a {a=x:firm} one>.").uneven is None


def test_sentences_start_with_a_capital():
    assert capital(parse("<the|a> nodule")) == (parse("<The|A> nodule"), True)
    assert capital(parse("{composition} nodule"))[1] is False


@pytest.mark.parametrize(
    ("condition", "lesions", "holds"),
    [
        (Condition("side", ("right",)), [{"side": "left"}, {"side": "right"}], True),
        (Condition("side", ("right",), excluded=True), [{"side": "left"}, {"side": "right"}], False),
        (Condition("side", ("absent",)), [{}], True),
        (Condition("side", ("absent",), excluded=True), [{}], False),
        (Condition("side", ("absent",), excluded=True), [{"side": "left"}], True),
        (Condition("side", ("absent",)), [{"side": "left"}], False),
        (Condition("size_mm", (), high=18), [{"size_mm": 18}, {"size_mm": 19}], False),
        (Condition("size_mm", (), high=18), [{"size_mm": 18}], True),
        (Condition("lesions", ("many",)), [{}, {}], True),
    ],
)
def test_conditions_judge_the_whole_study(condition, lesions, holds):
    terms = Terms(())
    asked = terms.bits([condition])
    assert bool(asked & terms.met({"lesions": lesions}, None)) is holds


@pytest.mark.parametrize("split", corpus.SPLITS)
def test_blocks_have_the_same_counts(split):
    first, second = block(0, split, 0), block(0, split, 1)
    assert len(first) == len(second)
    assert [c.document for c in first].count("tirads") == [c.document for c in second].count("tirads")
    assert [c.category for c in first] != [c.category for c in second] or len(first) < 40


@pytest.mark.parametrize("key", rads.keys())
def test_reading_back_finds_nearly_every_finding(key):
    document = rads.get(key)
    right = fields = found = 0
    for row in corpus.records("all", "test", num_reports=60, documents=[key]):
        gold = json.loads(row["extraction"])
        read = readback.read(document, row["report"])
        wanted = {(-1, n, str(v)) for n, v in gold.items() if n not in ("document", "category", "lesions")}
        wanted |= {(i, n, str(v)) for i, one in enumerate(gold.get("lesions", ())) for n, v in one.items()}
        got = {(-1, n, str(v)) for n, v in read.items() if n != "lesions"}
        got |= {(i, n, str(v)) for i, one in enumerate(read.get("lesions", ())) for n, v in one.items()}
        right += len(wanted & got)
        fields += len(wanted)
        found += len(got)
    assert right / fields > 0.95, (right, fields)
    assert right / found > 0.95, (right, found)
