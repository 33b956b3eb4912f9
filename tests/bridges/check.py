"""The tasks under the harnesses themselves; run by ``make bridges`` in an environment that has both.

    python tests/bridges/check.py

Each check runs in a process of its own, in an empty folder, with no network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIMIT = 6
# mockllm counts tokens with a vocabulary that it would download, unless its answers bring their usage.
COMMAND = """
from inspect_ai.model._providers.mockllm import MockLLM
from inspect_ai._cli.main import main

async def no_usage(*_):
    pass

MockLLM._ensure_default_usage = no_usage
main()
"""


def baseline(config: str, split: str, **options: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Return rows and the answers of a model that is right, wrong and silent in turn."""
    from multirads_hf import corpus

    rows = list(corpus.records(config, split, **options))
    answers = [
        ("", row["extraction"], json.dumps({"category": rows[0]["category"]}), "It cannot be told.")[n % 4]
        for n, row in enumerate(rows)
    ]
    return rows, answers


def answering(rows: list[dict[str, Any]], answers: list[str]) -> dict[str, str]:
    """Return report -> answer."""
    return dict(zip((row["report"] for row in rows), answers, strict=True))


def same(given: dict[str, float], expected: dict[str, float]) -> None:
    """Compare every number."""
    assert set(given) == set(expected), set(given) ^ set(expected)
    wrong = {name: (given[name], expected[name]) for name in given if abs(given[name] - expected[name]) > 1e-9}
    assert not wrong, wrong


def check_inspect_command() -> None:
    """``inspect eval multirads_hf/...`` finds the tasks with no import of ours, and takes their options."""
    options = ["-T", "prompt=guided", "-T", "task=category", "-T", "condition=stated", "-T", "split=validation"]
    command = [sys.executable, "-c", COMMAND, "eval", "multirads_hf/tirads", "multirads_hf/all"]
    command += ["--model", "mockllm/model", "--limit", str(LIMIT), "--display", "plain", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    from inspect_ai.log import list_eval_logs, read_eval_log

    logs = {log.eval.task: log for log in map(read_eval_log, list_eval_logs("logs"))}
    assert set(logs) == {"multirads_hf/tirads", "multirads_hf/all"}, set(logs)
    for log in logs.values():
        assert log.status == "success", log.error
        assert log.eval.task_args["prompt"] == "guided", log.eval.task_args
        assert log.samples is not None
        assert len(log.samples) == LIMIT
        assert [sample.id for sample in log.samples] == list(range(1, LIMIT + 1))
        assert "How the category follows from the findings:" in log.samples[0].input[0].content
        assert log.samples[0].metadata["id"].endswith("-stated"), log.samples[0].metadata
        assert log.results is not None
        assert log.results.scores[0].metrics["validity"].value == 0.0


def ask_inspect(config: str, answer: Any, **options: Any) -> Any:
    """Return the log of a task whose model answers by ``answer``: report -> text and reason to stop."""
    from inspect_ai import eval as run
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    def output(asked: Any, *_: Any) -> Any:
        text, stop_reason = answer(asked[1].content.removeprefix("Report:\n"))
        made = ModelOutput.from_content("mockllm/model", text, stop_reason)
        made.usage = ModelUsage()
        return made

    model = get_model("mockllm/model", custom_outputs=output, memoize=False)
    (log,) = run(f"multirads_hf/{config}", model=model, display="none", **options)
    assert log.status == "success", log.error
    return log


def check_inspect_scores() -> None:
    """The numbers of the log are those of the metric over the same answers, pairs and epochs included."""
    from multirads_hf.bridges.inspect_ai import scores
    from multirads_hf.scoring import score

    runs = (("birads", "extraction", "test_contrast", 1), ("orads", "category", "test", 1),
            ("tirads", "extraction", "test", 2))  # fmt: skip
    for config, task, split, epochs in runs:
        rows, answers = baseline(config, split)
        known = answering(rows, answers)
        options = {"task_args": {"task": task, "split": split}, "epochs": epochs}
        log = ask_inspect(config, lambda report, known=known: (known[report], "stop"), **options)
        pairs = [row["pair_id"] for row in rows] if epochs == 1 else None
        whole = score(answers * epochs, [row["extraction"] for row in rows] * epochs, task=task, pair_ids=pairs)
        bounds = {"n", "n_error"} if epochs == 1 else {n for n in whole.flat() if n not in whole.scores}
        counted = {name: own.value for name, own in log.results.scores[0].metrics.items()}
        same(counted, {name: own for name, own in whole.flat().items() if name not in bounds})
        again = scores(log)
        assert again.n == len(rows) * epochs
        assert again.signature == whole.signature, (again.signature, whole.signature)
        headline = "multirads_f1" if task == "extraction" else "category_accuracy"
        assert log.results.headline.metric == headline, log.results.headline


def check_inspect_states() -> None:
    """An answer that was cut, withheld or left empty is kept as that, as the harness says why it stopped."""
    given = iter([('{"category": "TR4', "max_tokens"), ("No.", "content_filter"), ("", "stop"), ("TR4", "stop")])
    log = ask_inspect("tirads", lambda _: next(given), limit=4, max_samples=1)
    found = [sample.scores["multirads_scorer"] for sample in log.samples]
    assert sorted((own.metadata["state"], own.reason) for own in found) == [
        ("empty", "no_response"), ("not_json", "invalid_response_format"), ("refusal", "refusal"),
        ("truncated", "invalid_response_format"),
    ]  # fmt: skip


def check_lm_eval_command() -> None:
    """``lm_eval --include_path`` runs an exported task, few-shot too, with the harness's dummy model."""
    bin_folder = Path(sys.executable).parent
    export = [bin_folder / "multirads", "export", "lm-eval", "--out", "tasks"]
    subprocess.run(export, check=True, capture_output=True)
    for shots in ("0", "2"):
        command = [bin_folder / "lm_eval", "--include_path", "tasks", "--tasks", "multirads_tirads,multirads_birads"]
        command += ["--model", "dummy", "--limit", str(LIMIT), "--num_fewshot", shots]
        command += ["--output_path", f"out{shots}", "--log_samples"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (path,) = Path(f"out{shots}").rglob("results_*.json")
        results = json.loads(path.read_text())["results"]
        assert results["multirads_tirads"]["validity,none"] == 0.0, results
        assert results["multirads_birads"]["multirads_f1,none"] == 0.0, results
        (path,) = Path(f"out{shots}").rglob("samples_multirads_birads_us_*.jsonl")
        for line in path.read_text().splitlines():
            (prompt,) = [own["arg_0"] for own in json.loads(line)["arguments"].values()]
            assert prompt.startswith("You are an experienced radiologist."), prompt
            assert prompt.count("\n\nReport:\n") == int(shots) + 1, prompt
            assert prompt.count('{"category": "') == int(shots) + 1, prompt  # the form, then the examples


def check_lm_eval_scores() -> None:
    """The numbers of the harness are those of the metric, of tasks and of groups."""
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    from multirads_hf.bridges import lm_eval, lm_eval_folder
    from multirads_hf.scoring import METRICS, score

    rows, answers = baseline("birads", "test")
    known = answering(rows, answers)

    class Scripted(LM):
        def generate_until(self, requests: Any, disable_tqdm: bool = False) -> list[str]:
            return [known[request.args[0].partition("\n\nReport:\n")[2]] for request in requests]

        def loglikelihood(self, requests: Any, disable_tqdm: bool = False) -> Any:
            raise NotImplementedError

        loglikelihood_rolling = loglikelihood

    for task in ("extraction", "category"):
        lm_eval_folder.write("tasks", task=task)
        end = "_category" if task == "category" else ""
        manager = TaskManager(include_path="tasks", include_defaults=False)
        assert {f"multirads{end}", f"multirads_birads{end}"} <= set(manager.all_groups)
        found = simple_evaluate(Scripted(), tasks=[f"multirads_birads{end}"], task_manager=manager, bootstrap_iters=10)
        whole = score(answers, [row["extraction"] for row in rows], task=task, n_resamples=0)
        for key, own in whole.by_document.items():
            given = numbers(found["results"][f"multirads_{key}{end}"])
            same(given, {name: given_number for name, given_number in values(own.scores).items() if name in given})
        averaged = {own.name for own in METRICS if lm_eval.is_averaged(own)}
        expected = {name: value for name, value in values(whole.scores).items() if name in averaged}
        same(numbers(found["groups"][f"multirads_birads{end}"]), expected)


def check_lm_eval_loads_all() -> None:
    """The harness's own loader makes every exported task and knows the groups."""
    from lm_eval.tasks import TaskManager

    from multirads_hf import rads
    from multirads_hf.bridges import lm_eval_folder

    lm_eval_folder.write("tasks", prompt="guided")
    loaded = TaskManager(include_path="tasks", include_defaults=False).load(["multirads_guided"])
    assert sorted(loaded["tasks"]) == sorted(f"multirads_{key}_guided" for key in rads.keys()), loaded["tasks"]
    for name, task in loaded["tasks"].items():
        kinds = {own["document"] for own in task.test_docs()} | {own["document"] for own in task.fewshot_docs()}
        assert len(kinds) == 1, (name, kinds)
    turns = task.fewshot_context(
        task.test_docs()[0], 1, apply_chat_template=True, fewshot_as_multiturn=True, chat_template=lambda own, **_: own
    )
    assert [own["role"] for own in turns] == ["system", "user", "assistant", "user"], turns


def numbers(results: dict[str, Any]) -> dict[str, float]:
    """Return the metrics of one line of the harness's results."""
    return {
        name.partition(",")[0]: own for name, own in results.items() if name.endswith(",none") and "_stderr" not in name
    }


def values(scores: Any) -> dict[str, float]:
    """Return the numbers of estimates that exist."""
    return {name: own.value for name, own in scores.items() if own.value is not None}


CHECKS = {name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")}


def run(name: str) -> bool:
    """Run one check in a new process with an empty folder; caches are shared, so that the corpus is made once."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), name]
        done = subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
    print(f"{'ok' if done.returncode == 0 else 'FAILED':8}{name}", flush=True)
    if done.returncode:
        print(done.stderr)
    return done.returncode == 0


def main() -> int:
    """Run the named checks here, or all of them in processes of their own."""
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            CHECKS[name]()
        return 0
    print(", ".join(f"{name} {version(name)}" for name in ("inspect-ai", "lm-eval", "datasets", "fsspec")))
    with tempfile.TemporaryDirectory() as caches:
        os.environ.update({"HF_HOME": caches, "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"})
        return int(False in [run(name) for name in CHECKS])


if __name__ == "__main__":
    raise SystemExit(main())
