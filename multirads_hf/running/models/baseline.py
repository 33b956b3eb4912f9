"""Models that need no network and no weights, and read the report alone.

``baseline:majority`` answers the category that is most frequent for the document in ``train``,
``baseline:bow`` the one that a bag of words predicts, ``baseline:lexicon`` reads the findings back
through the lexicon of the corpus and applies the guideline's rule. The first two give no findings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from time import perf_counter
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf._version import __version__
from multirads_hf.corpus import readback
from multirads_hf.errors import StudyError, require_name
from multirads_hf.running.models import Completion, Model, Options, Prompt

# Rows of ``train`` (seed 0, category withheld) that majority and bow learn from, per document; the
# default split holds more of each of the fifteen documents.
TRAIN_ROWS = 500
# Iterations within which logistic regression converges on TRAIN_ROWS reports of any document.
MAX_ITERATIONS = 2000

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A model that is a function of the report. See `multirads_hf.running.models.Model`."""

    name: str
    read: Callable[[Prompt], Answer]
    settings: Mapping[str, Any]
    revision: str = __version__

    @property
    def engine(self) -> Mapping[str, Any]:
        """Nothing but the package itself."""
        return {"multirads-hf": __version__}

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        """Yield the answers in the order of the prompts."""
        for prompt in prompts:
            start = perf_counter()
            text = json.dumps(self.read(prompt), ensure_ascii=False)
            yield Completion(prompt.record_id, text, "stop", 0, 0, perf_counter() - start)


def _majority(prompt: Prompt) -> Answer:
    return {"category": _most_frequent(prompt.document)}


def _bow(prompt: Prompt) -> Answer:
    return {"category": _classifier(prompt.document)(prompt.report)}


def _lexicon(prompt: Prompt) -> Answer:
    document = rads.get(prompt.document)
    study = readback.read(document, prompt.report)
    try:
        category = {"category": document.categorise(study)}
    except StudyError:
        category = {}
    return category if prompt.task == "category" else category | study


@cache
def _train(key: str) -> tuple[tuple[str, str], ...]:
    """Return report and category of the first ``TRAIN_ROWS`` training rows of a document."""
    rows = (row for row in corpus.records(rads.get(key).system, "train") if row["document"] == key)
    return tuple((row["report"], row["category"]) for row in islice(rows, TRAIN_ROWS))


@cache
def _most_frequent(key: str) -> str:
    counts = Counter(category for _, category in _train(key))
    return max(rads.get(key).codes, key=counts.__getitem__)


@cache
def _classifier(key: str) -> Callable[[str], str]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 (heavy)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (heavy)
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 (heavy)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 (of scikit-learn)

    reports, categories = zip(*_train(key), strict=True)
    if len(set(categories)) == 1:
        return lambda _: str(categories[0])
    words = TfidfVectorizer(sublinear_tf=True, min_df=2)
    model = make_pipeline(words, LogisticRegression(C=10.0, max_iter=MAX_ITERATIONS))
    with threadpool_limits(1):  # sums in one order on every machine, and no threads waiting for cores
        model.fit(reports, categories)
    return lambda report: str(model.predict([report])[0])


_LEARNT = {"train_rows": TRAIN_ROWS, "train_seed": 0}
_BASELINES: dict[str, tuple[Callable[[Prompt], Answer], Mapping[str, Any]]] = {
    "majority": (_majority, _LEARNT), "bow": (_bow, _LEARNT), "lexicon": (_lexicon, {}),
}  # fmt: skip


def open_model(name: str, options: Options) -> Model:  # noqa: ARG001 (the signature of every backend)
    """Open ``majority``, ``bow`` or ``lexicon``.

    Raises:
        UnknownNameError: there is no such baseline.
    """
    require_name("model baseline", name, _BASELINES)
    read, settings = _BASELINES[name]
    return Baseline(f"baseline:{name}", read, settings)
