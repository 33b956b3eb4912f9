"""The verb compare: paired statistics of stored runs, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from multirads_hf import running, scoring
from multirads_hf.cli import main

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with runs over the same reports, over fewer, over others, and of another task."""
    path = tmp_path_factory.mktemp("compared") / "answers.sqlite"
    asked: list[tuple[str, dict[str, Any]]] = [
        ("baseline:lexicon", {}), ("baseline:majority", {}), ("baseline:lexicon", {"split": "test_contrast"}),
        ("baseline:majority", {"split": "test_contrast"}), ("baseline:lexicon", {"task": "category"}),
        ("baseline:lexicon", {"condition": "stated"}), ("baseline:majority", {"seed": 1}),
    ]  # fmt: skip
    for model, own in asked:
        running.run(model, store=path, config="tirads", limit=24, progress=False, **own)
    return path


@pytest.fixture
def compare(store: Path) -> Run:
    def call(*wanted: tuple[str, str, Any], options: tuple[object, ...] = ()) -> Result:
        found = running.runs(store)
        ids = [next(own.run_id for own in found if own.model == m and getattr(own, k) == v) for m, k, v in wanted]
        arguments = ["compare", *ids, "--store", str(store), "--resamples", "200", *map(str, options)]
        return CliRunner().invoke(main, arguments, env={"COLUMNS": "140"})

    return call


TWO = (("baseline:majority", "split", "test"), ("baseline:lexicon", "split", "test"))


def test_two_runs_are_grouped_and_their_difference_is_tested(compare: Run) -> None:
    shown = compare(*TWO)
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.index("baseline:lexicon") < shown.stdout.index("baseline:majority")
    assert re.search(r"[01]\.\d{3} \[[01]\.\d{3}, [01]\.\d{3}\] +<?0\.\d{3} +<?0\.\d{3}\*", shown.stdout)
    assert "24 reports" in shown.stdout


def test_its_json_is_what_scoring_says_of_the_stored_answers(compare: Run, store: Path) -> None:
    made = json.loads(compare(*TWO, options=("--json", "--rank-by", "category_accuracy")).stdout)
    answers = {run_id: running.answers(store, run_id) for run_id in made["models"]}
    references = [own.record["extraction"] for own in next(iter(answers.values()))]
    expected = scoring.compare(
        {run_id: [own.text for own in found] for run_id, found in answers.items()},
        references,
        n_resamples=200,
        rank_by="category_accuracy",
    ).to_json()
    assert made["groups"] == expected["groups"]
    assert {own["model"] for own in made["runs"].values()} == {"baseline:majority", "baseline:lexicon"}
    for run_id, own in made["scores"].items():
        scored = running.evaluate(store, run_id, n_resamples=50)["scores"]["category_accuracy"]
        assert own["category_accuracy"]["value"] == scored["value"]


def test_pairs_of_reports_are_drawn_together(compare: Run) -> None:
    contrast = [(model, "split", "test_contrast") for model in ("baseline:majority", "baseline:lexicon")]
    made = json.loads(compare(*contrast, options=("--json",)).stdout)
    assert "clustered:yes" in made["signature"]
    assert "clustered:no" in json.loads(compare(*TWO, options=("--json",)).stdout)["signature"]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (("baseline:lexicon", "split", "test_contrast"), ["different reports", "test_contrast/tirads", "24 and 24"]),
        (("baseline:majority", "seed", 1), ["different reports", "0 of them the same", "same split, config, seed"]),
        (("baseline:lexicon", "task", "category"), ["task", "'category'", "'extraction'"]),
        (("baseline:lexicon", "condition", "stated"), ["condition", "'stated'"]),
        (TWO[0], ["two or more runs"]),
    ],
)
def test_runs_that_cannot_be_compared_are_refused_in_one_line(
    compare: Run, other: tuple[str, str, Any], named: list[str]
) -> None:
    shown = compare(TWO[0], other)
    assert shown.exit_code == 2
    (line,) = shown.stderr.splitlines()
    for word in named:
        assert word in line


@pytest.mark.parametrize(("options", "named"), [(("--rank-by", "f1"), "multirads_f1"), (("--resamples", "3"), "19")])
def test_bad_options_are_refused_with_what_is_allowed(compare: Run, options: tuple[str, str], named: str) -> None:
    refused = compare(*TWO, options=options)
    assert refused.exit_code == 2
    assert named in refused.stderr
