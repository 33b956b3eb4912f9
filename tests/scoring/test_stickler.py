"""Fields are counted as stickler-eval, another public scorer of structured extraction, counts them.

It pairs lesions by the assignment problem too, on the share of fields that agree. Where every lesion
states the same fields, that is our objective. A wrong value is one false discovery there; here it is
a false positive and a false negative. A lesion without a partner is one false object there, and is
counted field by field here; so all counts are compared where every lesion has a partner.
"""

import random

import pytest
import stickler
from invented import reference

from multirads_hf import rads
from multirads_hf.scoring import count

TIRADS = rads.get("tirads")
NAMES = ("composition", "echogenicity", "margin")
VALUES = {name: TIRADS.lesion_fields[name].values[:3] for name in NAMES}


@pytest.fixture(scope="module")
def theirs():
    """Return a function: the lesions of two studies -> their counts of fields."""
    exact = {"comparator": stickler.ExactComparator(), "threshold": 1.0}
    columns = {name: stickler.ComparableField(**exact) for name in NAMES}
    body = {"__annotations__": dict.fromkeys(NAMES, str | None), "match_threshold": 0.01, **columns}
    lesion = type("Lesion", (stickler.StructuredModel,), {**body, "__module__": __name__})
    whole = {"__annotations__": {"lesions": list[lesion]}, "lesions": stickler.ComparableField(default=[])}
    study = type("Study", (stickler.StructuredModel,), {**whole, "__module__": __name__})

    def counted(given, expected):
        answer, wanted = (study(lesions=[lesion(**one) for one in own]) for own in (given, expected))
        return wanted.compare_with(answer, include_confusion_matrix=True)["confusion_matrix"]["aggregate"]

    return counted


def drawn(rng, number):
    return [{name: rng.choice(values) for name, values in VALUES.items()} for _ in range(number)]


def test_as_many_fields_agree_under_the_best_pairing(theirs):
    rng = random.Random(0)
    for _ in range(150):
        given, expected = drawn(rng, rng.randint(1, 5)), drawn(rng, rng.randint(1, 5))
        own = count(reference(TIRADS, {"lesions": given}), reference(TIRADS, {"lesions": expected})).agreement
        assert own.tp == theirs(given, expected)["tp"]


def test_every_count_and_f1_are_theirs_where_every_lesion_has_a_partner(theirs):
    rng = random.Random(1)
    for _ in range(100):
        expected = drawn(rng, rng.randint(1, 4))
        given = [dict(one) for one in rng.sample(expected, len(expected))]
        for one in given:
            spoiled = rng.choice(NAMES)
            one[spoiled] = rng.choice(VALUES[spoiled])
        own = count(reference(TIRADS, {"lesions": given}), reference(TIRADS, {"lesions": expected})).agreement
        other = theirs(given, expected)
        assert (own.tp, own.fp, own.fn) == (other["tp"], other["fp"], other["fn"] + other["fd"])


def test_missed_and_added_fields_give_their_f1(theirs):
    rng = random.Random(2)
    for _ in range(100):
        (full,) = drawn(rng, 1)
        given, expected = ({name: full[name] for name in rng.sample(NAMES, rng.randint(1, 3))} for _ in range(2))
        if given.keys().isdisjoint(expected):
            continue
        own = count(reference(TIRADS, {"lesions": [given]}), reference(TIRADS, {"lesions": [expected]})).agreement
        other = theirs([given], [expected])
        assert 2 * own.tp / (2 * own.tp + own.fp + own.fn) == pytest.approx(other["derived"]["cm_f1"])
