"""How fast raw answers become scores, beside what counts fields in scikit-learn and seqeval.

    python benchmarks/scoring.py [--models 41] [--reports 1600]

The pairs are the reports of the split ``test`` and invented models, from nearly right to mostly wrong: they miss,
change and add findings, shuffle lesions, wrap the JSON in fences or words, cut or break it. Every line is a process of
its own, all over the same pairs, and every model is scored by itself:

- multirads_hf: raw text parsed, lesions paired, every number with 1,000 bootstrap samples.
- scikit-learn: micro and macro F1 of field tuples (MultiLabelBinarizer, sparse). No repair, no other spellings, no
  lesions paired, no intervals. Once from tuples that are ready, once from the raw text: of the answers, and of the
  references anew for every model, which multirads_hf remembers; that is some quarter of its time.
- seqeval: micro and macro F1 of one tag a field, from tags that are ready.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

MIB_PER_KIB = 1 / 1024
LESIONS = 200
WARM = 50
Answers = list[list[str]]


def spoiled(rng: random.Random, fields: dict[str, Any], held: dict[str, Any], error: float) -> dict[str, Any]:
    """Return findings with some missed, some changed and perhaps one added."""
    own: dict[str, Any] = {}
    for name, value in held.items():
        luck = rng.random()
        if luck > error / 2:
            own[name] = value if luck > error else changed(rng, fields[name], value)
    added = rng.choice(list(fields.values()))
    if rng.random() < error and added.kind == "enum" and not added.derived:
        own.setdefault(added.name, rng.choice(added.values))
    return own


def changed(rng: random.Random, field: Any, value: Any) -> Any:
    """Return another value of a field."""
    if field.kind == "bool":
        return not value
    if field.kind == "list":
        return rng.sample(field.values, min(2, len(field.values))) if field.values else [5]
    return rng.choice(field.values) if field.values else value + rng.choice((-3, 2, 5)) if field.unit else value


def answer(rng: random.Random, extraction: str, error: float) -> str:
    """Return what a model that errs this often writes for a report."""
    from multirads_hf import rads

    study = json.loads(extraction)
    document = rads.get(study.pop("document"))
    code, lesions = study.pop("category"), study.pop("lesions", None)
    given = {"category": code if rng.random() > error else rng.choice(document.codes)}
    given |= spoiled(rng, document.exam_fields, study, error)
    if lesions is not None:
        kept = [spoiled(rng, document.lesion_fields, one, error) for one in lesions if rng.random() > error / 3]
        given["lesions"] = rng.sample(kept, len(kept))
    text, luck = json.dumps(given), rng.random()
    wrapped = ((0.2, f"```json\n{text}\n```"), (0.22, f"The answer: {text}"), (0.23, text[:-9]))
    return next((own for below, own in wrapped if luck < below), text if luck > 0.24 else text.replace('"', "'"))


def tuples(text: str) -> list[tuple[str, str]]:
    """Return the findings of an answer as (field, value), lesions numbered as they stand; none where it is no JSON."""
    try:
        study = json.loads(text.removeprefix("```json").removesuffix("```"))
    except ValueError:
        return []
    exam = [(name, str(value)) for name, value in study.items() if name not in ("document", "category", "lesions")]
    lesions = enumerate(study.get("lesions") or ())
    return exam + [(f"{place}.{name}", str(value)) for place, one in lesions for name, value in one.items()]


def multirads(models: Answers, references: list[str]) -> Callable[[], object]:
    """Score raw answers with this package."""
    from multirads_hf.scoring import score

    return lambda: [score(answers, references) for answers in models]


def sklearn_f1(expected: Sequence[Any], given: Sequence[Any]) -> tuple[float, float]:
    """Return micro and macro F1 of the field tuples of one model."""
    from sklearn.metrics import f1_score
    from sklearn.preprocessing import MultiLabelBinarizer

    binarizer = MultiLabelBinarizer(sparse_output=True).fit([*expected, *given])
    sides = binarizer.transform(expected), binarizer.transform(given)
    micro, macro = (f1_score(*sides, average=average, zero_division=0) for average in ("micro", "macro"))
    return float(micro), float(macro)


def sklearn_ready(models: Answers, references: list[str]) -> Callable[[], object]:
    """Score tuples that are ready with scikit-learn."""
    expected, given = list(map(tuples, references)), [list(map(tuples, answers)) for answers in models]
    return lambda: [sklearn_f1(expected, own) for own in given]


def sklearn_raw(models: Answers, references: list[str]) -> Callable[[], object]:
    """Score raw answers with scikit-learn."""
    return lambda: [sklearn_f1(list(map(tuples, references)), list(map(tuples, answers))) for answers in models]


def seqeval_ready(models: Answers, references: list[str]) -> Callable[[], object]:
    """Score tags with seqeval: a token for every field that the answer or the reference has."""
    from seqeval.metrics import f1_score

    def tagged(answers: list[str]) -> tuple[list[list[str]], list[list[str]]]:
        expected, given = [], []
        for text, reference in zip(answers, references, strict=True):
            sides = dict(tuples(reference)), dict(tuples(text))
            slots = sorted({**sides[0], **sides[1]})
            wanted, found = ([f"B-{s}={side[s]}" if s in side else "O" for s in slots] for side in sides)
            expected.append(wanted)
            given.append(found)
        return expected, given

    ready = [tagged(answers) for answers in models]
    return lambda: [
        [f1_score(*sides, average=average, zero_division=0) for average in ("micro", "macro")] for sides in ready
    ]


WAYS = {
    "multirads_hf: from raw text, paired, 1,000 resamples": multirads,
    "scikit-learn: F1 from ready tuples": sklearn_ready,
    "scikit-learn: F1 from raw text": sklearn_raw,
    "seqeval: F1 from ready tags": seqeval_ready,
}


def measure(way: str, path: str) -> None:
    """Score the pairs of a file in one way and print how many seconds that takes, wall-clock and of processors."""
    warnings.simplefilter("ignore")
    models, references = pickle.loads(Path(path).read_bytes())
    scored = WAYS[way](models, references)
    WAYS[way]([models[0][:WARM]], references[:WARM])()  # imports, and tables that are built once
    wall, busy = time.perf_counter(), time.process_time()
    scored()
    print(json.dumps([time.perf_counter() - wall, time.process_time() - busy]))


def measured(way: str, path: str) -> tuple[float, float, float]:
    """Return seconds, seconds of processors and peak MiB of one way, in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--pairs", path]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{way} ended with {child.returncode}")
    wall, busy = json.loads(told)
    return wall, busy, used.ru_maxrss * MIB_PER_KIB


def many_lesions(references: list[str]) -> float:
    """Return the seconds for one answer with very many lesions."""
    from multirads_hf.scoring import count

    reference = max(references, key=lambda text: len(json.loads(text).get("lesions", ())))
    study = json.loads(reference)
    study["lesions"] = [study["lesions"][place % len(study["lesions"])] for place in range(LESIONS)]
    start = time.perf_counter()
    count(json.dumps(study), reference)
    return time.perf_counter() - start


def main() -> None:
    """Make the pairs, score them in every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=int, default=41)
    parser.add_argument("--reports", type=int, default=1600)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.pairs)
        return
    from multirads_hf import corpus

    references = [row["extraction"] for row in corpus.records("all", "test", num_reports=options.reports)]
    errors = [0.02 + 0.6 * place / options.models for place in range(options.models)]
    rng = random.Random(0)
    models = [[answer(rng, reference, error) for reference in references] for error in errors]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.pickle"
        path.write_bytes(pickle.dumps((models, references)))
        done = {way: measured(way, str(path)) for way in WAYS}
    show(done, options.models, len(references))
    Console().print(f"One answer with {LESIONS} lesions: {many_lesions(references):.3f} s")


def show(done: dict[str, tuple[float, float, float]], models: int, reports: int) -> None:
    """Print the ways, one a line."""
    pairs = models * reports
    table = Table(title=f"Scoring {pairs:,} pairs: {models} models, {reports:,} reports each")
    for heading in ("what", "seconds", "processor seconds", "pairs/s", "peak MiB"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for way, (wall, busy, memory) in done.items():
        table.add_row(way, f"{wall:.2f}", f"{busy:.2f}", f"{pairs / wall:,.0f}", f"{memory:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
