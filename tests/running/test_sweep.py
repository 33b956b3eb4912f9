"""A sweep says what it will ask, asks that, and goes on where it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from served import Served, completion

from multirads_hf.cli import main
from multirads_hf.errors import MultiradsError, OptionError, RunError, UnknownNameError
from multirads_hf.running import runs
from multirads_hf.running.plan import plan_of, total
from multirads_hf.running.sweep import read_sweep, sweep_of
from multirads_hf.running.sweeping import run_sweep

GOOD = '{"category": "TR4"}'


@pytest.fixture
def server() -> Iterator[Served]:
    async def good(*_: Any) -> Any:
        return completion(GOOD)

    started = Served(good)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def given(server: Served, tmp_path: Path) -> dict[str, Any]:
    prices = tmp_path / "prices.yaml"
    prices.write_text("tiny: {input: 1.0, output: 2.0}\n'baseline:*': {input: 0, output: 0}\n")
    return {
        "store": str(tmp_path / "s.sqlite"), "side_by_side": 3, "configs": ["tirads"], "limit": 6,
        "models": ["baseline:lexicon", {"model": server.spec, "concurrency": 2, "limit": 4}],
        "prompts": ["zero_shot", "few_shot"], "conditions": ["withheld", "stated"], "prices": str(prices),
    }  # fmt: skip


def swept(tmp_path: Path, given: dict[str, Any], *options: str) -> Result:
    (tmp_path / "sweep.yaml").write_text(yaml.safe_dump(given))
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["sweep", str(tmp_path / "sweep.yaml"), "-q", *options])


def test_the_plan_is_what_is_then_asked(given: dict[str, Any], server: Served) -> None:
    sweep = sweep_of(given)
    planned = plan_of(sweep)
    assert len(planned) == 2 + 4, "a baseline is run once whatever the prompts"
    assert not server.bodies
    assert not sweep.store.exists()
    calls, asked, answered, cost = total(planned)
    assert calls == 2 * 6 + 4 * 4
    of_server = [own for own in planned if own.run.model == server.spec]
    assert cost == pytest.approx(sum(own.prompt_tokens * 1 + own.completion_tokens * 2 for own in of_server) / 1e6)
    results = run_sweep(sweep, progress=False)
    assert [(own.run.model, own.summary.asked) for own in results] == [(own.run.model, own.calls) for own in planned]
    assert len(server.bodies) == 16
    sent = sum(len(turn["content"]) for body in server.bodies for turn in body["messages"]) / 4
    assert sum(own.prompt_tokens for own in of_server) == pytest.approx(sent, rel=0.01)
    assert asked > answered > 0
    again = plan_of(sweep)
    assert total(again)[:3] == (0, 0, 0)
    assert [own.kept for own in again] == [own.n for own in planned]
    assert {own.summary.asked for own in run_sweep(sweep, progress=False)} == {0}
    assert server.most <= 3 * 2


def test_a_dry_run_prints_the_plan_and_calls_nothing(given: dict[str, Any], server: Served, tmp_path: Path) -> None:
    shown = swept(tmp_path, given, "--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert "Plan: 6 runs (extraction, test, tirads)" in shown.stdout
    assert not server.bodies
    assert not Path(given["store"]).exists()
    rows = json.loads(swept(tmp_path, given, "--dry-run", "--json").stdout)
    assert [row["calls"] for row in rows] == [6] * 2 + [4] * 4
    assert {row["prompt"] for row in rows} == {"zero_shot", "few_shot"}


def test_the_verb_runs_everything_and_one_failure_does_not_stop_the_rest(
    given: dict[str, Any], server: Served, tmp_path: Path
) -> None:
    given["models"].append("openai:http://127.0.0.1:9/v1#none")
    given |= {"prompts": ["zero_shot"], "conditions": ["withheld"], "attempts": 1}
    done = swept(tmp_path, given)
    assert done.exit_code == 1
    assert done.stdout.index("Plan: 3 runs") >= 0
    assert "127.0.0.1:9" in done.stderr
    ends = [line.split()[-1] for line in done.stdout.partition("Done: 2 of 3 runs")[2].splitlines() if line.split()]
    assert (ends.count("done"), ends.count("failed")) == (2, 1)
    finished = {header.model: header.answered for header in runs(given["store"])}
    assert finished == {"baseline:lexicon": 6, server.spec: 4, "openai:http://127.0.0.1:9/v1#none": 0}
    del given["models"][2]
    done = swept(tmp_path, given, "--json")
    assert done.exit_code == 0, done.stderr
    assert [(own["asked"], own["reused"]) for own in json.loads(done.stdout)] == [(0, 6), (0, 4)]


@pytest.mark.parametrize(
    ("changed", "error", "told"),
    [
        ({"models": ["gpt"]}, UnknownNameError, "baseline:<name>"),
        ({"models": [{"spec": "baseline:bow"}]}, OptionError, "models: got"),
        ({"models": [{"model": "baseline:bow", "batchsize": 2}]}, OptionError, "Did you mean 'batch_size'"),
        ({"models": []}, OptionError, "models: got"),
        ({"models": ["baseline:bow", "baseline:bow"]}, OptionError, "the same"),
        ({"prompt": "guided"}, OptionError, "Did you mean 'prompts'"),
        ({"prompts": "guided"}, OptionError, "prompts: got 'guided'"),
        ({"prompts": ["guide"]}, UnknownNameError, "guided"),
        ({"splits": ["tset"]}, UnknownNameError, "'test'"),
        ({"limit": 0}, OptionError, "limit: got 0"),
        ({"side_by_side": 0}, OptionError, "side_by_side"),
        ({"max_cost": -1}, OptionError, "max_cost: got -1"),
        ({"max_cost": 5, "prices": None}, OptionError, "no price of openai:"),
        ({"max_cost": 5, "models": ["hf:no/price", "baseline:bow"]}, OptionError, "no price of hf:no/price. Allowed"),
        ({"max_tokens_total": 0}, OptionError, "max_tokens_total: got 0"),
        ({"conditions": ["witheld"]}, UnknownNameError, "Did you mean 'withheld'"),
        ({"configs": ["tirad"]}, UnknownNameError, "Did you mean 'tirads'"),
        ({"models": ["baseline:lexicon", {"model": "baseline:lexicon", "limit": 6}]}, OptionError, "the same"),
    ],
)
def test_what_is_wrong_is_told_before_the_first_call(given: dict[str, Any], changed, error, told: str) -> None:
    with pytest.raises(error, match=told):
        sweep_of(given | changed)


def test_a_model_may_have_lists_of_its_own(given: dict[str, Any], server: Served) -> None:
    own = {"model": server.spec, "prompts": ["guided"], "conditions": ["discordant", "withheld", "stated"]}
    runs_of = [own for own in sweep_of(given | {"models": ["baseline:bow", own]}).runs if own.model == server.spec]
    assert [(run.request.prompt, run.request.condition) for run in runs_of] == [
        ("guided", "discordant"), ("guided", "withheld"), ("guided", "stated"),
    ]  # fmt: skip
    with pytest.raises(OptionError, match="conditions: got 'stated'"):
        sweep_of(given | {"models": [{"model": server.spec, "conditions": "stated"}]})


def test_runs_that_differ_by_an_option_alone_are_told_apart(given: dict[str, Any], server: Served, tmp_path) -> None:
    models = [{"model": server.spec, "thinking": own, "concurrency": 2} for own in ("on", "off")]
    given |= {"models": [*models, server.spec, "baseline:bow"], "prompts": ["zero_shot"], "conditions": ["withheld"]}
    shown = swept(tmp_path, given, "--dry-run").stdout
    assert "(zero_shot, extraction, withheld, test, tirads)" in shown
    assert shown.count("thinking=on") == shown.count("thinking=off") == shown.count("thinking=default") == 1


@pytest.mark.parametrize("content", ["", "- 1", "{", "models: []"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "sweep.yaml").write_text(content)
    with pytest.raises(RunError, match=r"sweep\.yaml"):
        read_sweep(tmp_path / "sweep.yaml")


def test_a_model_that_cannot_be_opened_is_told_with_the_plan(given: dict[str, Any]) -> None:
    with pytest.raises(MultiradsError, match=r"none\.jsonl"):
        plan_of(sweep_of(given | {"models": ["answers:none.jsonl"]}))
