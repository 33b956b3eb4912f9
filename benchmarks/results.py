"""The figures that the README and the cards print of our own runs.

    python benchmarks/results.py            say which are stale
    python benchmarks/results.py --write    put the current ones in

Between ``<!-- results -->`` markers of ``README.md``: what three baselines make of the ``test`` split. Between
``<!-- values -->`` markers of ``metrics/multirads_corpus/README.md``: the measures of 1,600 TI-RADS reports; of
``metrics/multirads_compare/README.md``: the differences between the baselines on the TI-RADS reports of ``test``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from multirads_hf import corpus, running
from multirads_hf.demo import MODELS, run_baselines
from multirads_hf.describing.describe import columns, describe
from multirads_hf.running import results
from multirads_hf.scoring import compare

ROOT = Path(__file__).parent.parent
SCORES = ("category_accuracy", "category_macro_f1", "multirads_f1")
MEASURES = (
    "words_median", "vocabulary", "distinct_4", "compression_ratio", "self_bleu", "distinct_sentences",
    "top_sentence_share", "near_duplicates", "leaks", "majority_accuracy", "profile_accuracy", "length_accuracy",
    "words_accuracy",
)  # fmt: skip
COLUMNS = {"value": ".3f", "low": ".3f", "high": ".3f", "p_adjusted": ".2g", "detectable": ".3f"}


def table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    first = list(heading)
    return "\n".join(f"| {' | '.join(row)} |".replace(" --- ", "---") for row in (first, ["---"] * len(first), *rows))


def baselines() -> str:
    """Return what the three baselines reach on the ``test`` split, with intervals."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [one.results for one in run_baselines(Path(folder) / "runs.sqlite", None)]
    rows = [[f"`{one['model']}`", *(interval(one["scores"][name]) for name in SCORES)] for one in runs]
    return table(("model", "category accuracy", "category macro-F1", "MultiRADS F1"), rows)


def interval(score: Mapping[str, Any]) -> str:
    """Return a score and its interval as text."""
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"


def measures() -> str:
    """Return the measures of 1,600 TI-RADS reports."""
    rows = list(corpus.records("tirads", "train", num_reports=1600))
    given = {name: [row[name] for row in rows] for name in ("document", "category", "profile", "scenario")}
    found = describe(columns([row["report"] for row in rows], **given), progress=False).overall
    return table(("key", "value"), ([f"`{name}`", f"{found[name]:.3g}"] for name in MEASURES))


def differences() -> str:
    """Return the differences in category accuracy between the baselines on the TI-RADS reports of ``test``."""
    given, references = {}, []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "runs.sqlite"
        for model in MODELS:
            done = running.run(model, config="tirads", store=store, progress=False)
            answers = results.answers(store, done.run_id)
            given[model.removeprefix("baseline:")] = [answer.text for answer in answers]
            references = [answer.record["extraction"] for answer in answers]
    pairs = [
        (pair.first, pair.second, pair.differences["category_accuracy"])
        for pair in compare(given, references, rank_by="category_accuracy").pairs
    ]
    rows = [
        (f"`{first}`", f"`{second}`", *(f"{getattr(own, name):{form}}" for name, form in COLUMNS.items()))
        for first, second, own in pairs
    ]
    return table(("first", "second", "difference", *tuple(COLUMNS)[1:]), rows)


TABLES = (
    ("README.md", "results", baselines),
    ("metrics/multirads_corpus/README.md", "values", measures),
    ("metrics/multirads_compare/README.md", "values", differences),
)


def main() -> int:
    """Check or write the tables; return 1 when one is stale."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the current figures in")
    write, stale = parser.parse_args().write, []
    for name, marker, made in TABLES:
        path, start, end = ROOT / name, f"<!-- {marker} -->\n", f"\n<!-- /{marker} -->"
        text = path.read_text(encoding="utf-8")
        before, _, rest = text.partition(start)
        current = f"{before}{start}{made()}{end}{rest.partition(end)[2]}"
        if current != text:
            stale.append(name)
            path.write_text(current, encoding="utf-8") if write else None
    for name in stale:
        print(f"{name}: {'written' if write else 'stale, run python benchmarks/results.py --write'}")
    return int(bool(stale) and not write)


if __name__ == "__main__":
    raise SystemExit(main())
