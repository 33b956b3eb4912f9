"""The command as a user meets it: what it prints, where it writes, how it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from multirads_hf import __version__, demo
from multirads_hf.cli import VERBS, main
from multirads_hf.cli.runs import store_option

Run = Callable[..., Result]
REPORTS = 24


@pytest.fixture
def multirads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, **environment: str) -> Result:
        environment = {"COLUMNS": "120", **environment}
        return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)

    return call


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two finished runs over the same reports."""
    path = tmp_path_factory.mktemp("runs") / "answers.sqlite"
    for model in ("baseline:lexicon", "baseline:majority"):
        arguments = ["run", model, "--config", "tirads", "--limit", str(REPORTS), "--store", str(path), "-q"]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.stderr
    return path


def refused(result: Result) -> str:
    """Return the one line with which the command refused its input."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize("verb", [None, *VERBS])
def test_every_help_text_ends_with_examples_that_parse(multirads: Run, verb: str | None) -> None:
    shown = multirads(*([verb] if verb else []), "--help")
    assert shown.exit_code == 0
    examples = re.findall(r"^ +\$ multirads (.+)$", shown.stdout, re.MULTILINE)
    assert examples
    for example in examples:
        own, *arguments = re.sub(r" >.*", "", example).split()
        command = main.get_command(click.Context(main), own)
        if isinstance(command, click.Group):
            command = command.commands[arguments.pop(0)]
        assert command.make_context(own, arguments).params
        assert verb in (None, own)


def test_help_and_version_are_quick_because_nothing_heavy_is_imported() -> None:
    heavy = (
        "{'torch', 'transformers', 'datasets', 'evaluate', 'sklearn', 'scipy', 'pandas', 'numpy', 'rich', 'jinja2',"
        " 'aiohttp', 'stamina', 'yaml'}"
    )
    code = f"""
import sys
from multirads_hf.cli import main
for verb in ([], ["build"], ["show"], ["run"], ["sweep"], ["score"], ["report"]):
    main([*verb, "--help"], standalone_mode=False)
print(sorted({heavy} & set(sys.modules)))
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert shown.stdout.splitlines()[-1] == "[]"


def test_the_version_is_the_packages(multirads: Run) -> None:
    assert multirads("--version").stdout == f"multirads, version {__version__}\n"


def test_the_store_of_the_command_is_that_of_the_library() -> None:
    from multirads_hf.running import DEFAULT_STORE

    @store_option
    def verb() -> None: ...

    (option,) = verb.__click_params__  # type: ignore[attr-defined]
    assert Path(option.default) == DEFAULT_STORE


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["scores"], ["'scores'", "score", "report", "Did you mean 'score'?"]),
        (["build", "--out", "x", "--config", "thyroid"], ["'thyroid'", "tirads", "all"]),
        (["build", "--out", "x", "--split", "tset"], ["'tset'", "test_balanced", "Did you mean 'test'?"]),
        (["build", "--out", "x", "--condition", "said"], ["'said'", "withheld", "stated", "discordant"]),
        (["build", "--out", "x", "--num-reports", "-3"], ["num_reports", "-3"]),
        (["build", "--out", "x", "--num-proc", "0"], ["num_proc", "0"]),
        (["build", "--out", "x", "--weight", "TR5"], ["--weight", "'TR5'", "LABEL=NUMBER"]),
        (["build", "--out", "x", "--weight", "TR9=2"], ["'TR9'", "TR5"]),
        (["build", "--out", "x", "--noise", "7"], ["noise", "7", "0, 1, 2, 3"]),
        (["build", "--out", "x", "--profile", "boss"], ["'boss'", "senior_resident"]),
        (["show", "tirads-7"], ["'tirads-7'", "tirads-test-000007"]),
        (["show", "tirads-tset-000007"], ["'tset'", "test"]),
        (["run", "gpt"], ["gpt"]),
        (["run", "baseline:guess"], ["guess", "majority", "bow", "lexicon"]),
        (["run", "baseline:lexicon", "--prompt", "few"], ["'few'", "zero_shot", "guided"]),
        (["run", "baseline:lexicon", "--task", "label"], ["'label'", "extraction", "category"]),
        (["run", "baseline:lexicon", "--split", "dev"], ["'dev'", "validation"]),
        (["run", "baseline:lexicon", "--limit", "0"], ["limit", "0"]),
        (["run", "baseline:lexicon", "--prompt", "few_shot", "--shots-by", "best"], ["'best'", "nearest", "random"]),
        (["run", "baseline:lexicon", "--quantization", "int4"], ["--quantization", "'int4'"]),
        (["run", "baseline:lexicon", "--max-cost", "1"], ["max_cost", "price"]),
        (["run", "baseline:lexicon", "--prices", "none.yaml"], ["none.yaml"]),
        (["run", "openai:localhost#x"], ["openai:http://localhost:8000/v1#Qwen/Qwen3-8B"]),
        (["run", "answers:none.jsonl"], ["none.jsonl"]),
        (["score", "--store", "missing.sqlite"], ["missing.sqlite", "multirads run"]),
        (["report", "--store", "missing.sqlite"], ["missing.sqlite"]),
    ],
)
def test_bad_input_ends_with_one_line_that_names_what_is_allowed(
    multirads: Run, arguments: list[str], named: list[str]
) -> None:
    line = refused(multirads(*arguments))
    for word in named:
        assert word in line


def test_a_report_is_printed_and_its_json_is_the_row_of_the_dataset(multirads: Run) -> None:
    from multirads_hf import corpus

    row = next(iter(corpus.records("tirads", "test", 0, 1)))
    shown = multirads("show", row["id"])
    assert shown.exit_code == 0, shown.stderr
    assert " ".join(row["report"].splitlines()[-1].split()) in " ".join(shown.stdout.split())
    assert row["category"] in shown.stdout
    assert json.loads(multirads("show", row["id"], "--json").stdout) == row


def test_no_color_is_respected(multirads: Run) -> None:
    from multirads_hf import corpus

    name = next(iter(corpus.records("tirads", "test", 0, 1)))["id"]
    colour = re.compile(r"\x1b\[[\d;]*[39]\d[\d;]*m")
    assert colour.search(multirads("show", name, FORCE_COLOR="1", TERM="xterm").stdout)
    assert not colour.search(multirads("show", name, FORCE_COLOR="1", TERM="xterm", NO_COLOR="1").stdout)
    assert "\x1b" not in multirads("show", name).stdout


def test_the_documents_are_listed_with_their_categories(multirads: Run) -> None:
    from multirads_hf import rads

    assert all(key in multirads("documents").stdout for key in rads.keys())
    listed = {own["key"]: own for own in json.loads(multirads("documents", "--json").stdout)}
    assert tuple(listed) == rads.keys()
    assert tuple(listed["tirads"]["categories"]) == rads.get("tirads").codes


def test_a_build_says_how_to_read_it_back(multirads: Run, tmp_path: Path) -> None:
    arguments = ("--config", "tirads", "--split", "test", "--num-reports", 12, "-q")
    done = multirads("build", "--out", "corpus", *arguments)
    assert done.exit_code == 0, done.stderr
    assert "load_dataset('corpus')" in done.stderr
    assert (tmp_path / "corpus" / "README.md").is_file()
    dials = ("--document", "tirads", "--category", "TR4", "--category", "TR5", "--weight", "TR5=2", "--noise", 1)
    done = multirads("build", "--out", "chosen", "--split", "train", "--num-reports", 9, "-q", *dials)
    assert done.exit_code == 0, done.stderr
    card = (tmp_path / "chosen" / "README.md").read_text()
    assert "documents `('tirads',)`" in card
    assert "weights `(('TR5', 2.0),)`" in card
    assert sum(1 for _ in (tmp_path / "corpus").rglob("*.parquet")) >= 1


def test_a_build_refuses_a_folder_that_holds_something_else(multirads: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "thesis.txt" in refused(multirads("build", "--out", ".", "--num-reports", 4))
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_same_run_again_asks_nothing_twice(multirads: Run, store: Path) -> None:
    arguments = ("run", "baseline:lexicon", "--config", "tirads", "--limit", REPORTS, "--store", store, "-q", "--json")
    done = json.loads(multirads(*arguments).stdout)
    assert (done["n"], done["asked"], done["reused"], done["errors"]) == (REPORTS, 0, REPORTS, 0)
    assert Path(done["path"]) == store


def test_scores_of_all_runs_come_with_intervals_best_first(multirads: Run, store: Path) -> None:
    shown = multirads("score", "--store", store)
    assert shown.exit_code == 0, shown.stderr
    assert re.search(r"0\.\d{3} \[0\.\d{3}, [01]\.\d{3}\]", shown.stdout)
    assert shown.stdout.index("baseline:lexicon") < shown.stdout.index("baseline:majority")
    assert not any(line.endswith("…") for line in shown.stdout.splitlines())


@pytest.mark.parametrize("name", ["model", "id", "start of id"])
def test_a_run_is_named_by_model_by_id_or_by_its_start(multirads: Run, store: Path, name: str) -> None:
    runs = json.loads(multirads("score", "--store", store, "--json").stdout)
    (wanted,) = [own for own in runs if own["model"] == "baseline:majority"]
    given = {"model": wanted["model"], "id": wanted["run_id"], "start of id": wanted["run_id"][:8]}[name]
    assert json.loads(multirads("score", given, "--store", store, "--json").stdout) == [wanted]


def test_scores_are_kept_in_files_of_which_each_run_has_its_own(multirads: Run, store: Path, tmp_path: Path) -> None:
    from multirads_hf.running import rescore

    for arguments, folder in (((), store.parent / "results"), (("--out", "mine"), tmp_path / "mine")):
        shown = multirads("score", "--store", store, "--json", *arguments)
        results = json.loads(shown.stdout)
        assert {path.name for path in folder.iterdir()} == {own["run_id"] for own in results}
        for own in results:
            assert json.loads((folder / own["run_id"] / "results.json").read_text(encoding="utf-8")) == own
    assert rescore(folder / own["run_id"])["scores"] == own["scores"]


def test_an_unknown_run_is_refused_with_those_there_are(multirads: Run, store: Path) -> None:
    line = refused(multirads("score", "baseline:lexikon", "--store", store))
    assert "Did you mean 'baseline:lexicon'?" in line
    assert "baseline:majority" in line


def test_the_report_is_one_page_with_every_run(multirads: Run, store: Path, tmp_path: Path) -> None:
    done = multirads("report", "--store", store, "--out", "pages/report.html", "--figures", "pages/figures")
    assert done.exit_code == 0, done.stderr
    drawn = [tmp_path / line for line in done.stderr.splitlines()]
    assert {path.name for path in drawn} >= {"leaderboard.svg", "by_document.svg"}
    assert all(path.read_text(encoding="utf-8").startswith("<svg") for path in drawn)
    page = (tmp_path / done.stdout.strip()).read_text(encoding="utf-8")
    assert "baseline:lexicon" in page
    assert "baseline:majority" in page
    assert 'id="s0-confusion"' in page
    assert "group 2" in page  # by paired tests
    assert 'data-role="behind"' in page
    assert "folder" in refused(multirads("report", "--store", store, "--out", "pages"))


def test_figures_of_the_report_come_in_the_formats_asked_for(multirads: Run, store: Path, tmp_path: Path) -> None:
    formats = ("--format", "png", "--format", "pdf")
    done = multirads("report", "baseline:lexicon", "--store", store, "--figures", "f", *formats)
    assert done.exit_code == 0, done.stderr
    names = {path.name for path in (tmp_path / "f").iterdir()}
    assert {"leaderboard.png", "leaderboard.pdf"} <= names
    assert not any(name.endswith(".svg") for name in names)
    assert "svg, png, pdf" in refused(multirads("report", "--store", store, "--figures", "f", "--format", "gif"))
    assert "--figures FOLDER" in refused(multirads("report", "--store", store, "--format", "png"))


def test_unfinished_runs_are_left_out_with_a_word(multirads: Run, tmp_path: Path) -> None:
    import sqlite3

    arguments = ("--config", "tirads", "--limit", 6, "--store", "s.sqlite", "-q")
    for model in ("baseline:lexicon", "baseline:majority"):
        assert multirads("run", model, *arguments).exit_code == 0
    with sqlite3.connect(tmp_path / "s.sqlite") as db:
        db.execute(
            "DELETE FROM answers WHERE rowid IN (SELECT max(a.rowid) FROM answers a JOIN runs r USING (run_id)"
            " WHERE r.model = 'baseline:majority')"
        )
    db.close()
    shown = multirads("score", "--store", "s.sqlite", "--json")
    assert [own["model"] for own in json.loads(shown.stdout)] == ["baseline:lexicon"]
    assert shown.stderr.startswith("1 unfinished run")
    assert "5 of 6" in refused(multirads("score", "baseline:majority", "--store", "s.sqlite"))
    assert len(json.loads(multirads("score", "--partial", "--store", "s.sqlite", "--json").stdout)) == 2


def test_ctrl_c_ends_with_one_line_and_code_130(multirads: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from multirads_hf import corpus

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus, "record", interrupted)
    ended = multirads("show", "tirads-test-000000")
    assert ended.exit_code == 130
    assert ended.stderr.startswith("Stopped.")
    assert len(ended.stderr.splitlines()) == 1


def test_a_fresh_process_refuses_with_code_2_and_without_a_traceback(tmp_path: Path) -> None:
    code = "from multirads_hf.cli import main; main(prog_name='multirads')"
    command = [sys.executable, "-c", code, "show", "tirads-test-000001-said"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("Error: Unknown id 'tirads-test-000001-said'.")
    assert "Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo over a few reports: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = CliRunner(env={"COLUMNS": "120"}).invoke(demo.main, ["--out", str(folder), "--num-reports", "40"])
    assert done.exit_code == 0, done.stderr
    return folder, done.stdout


def test_the_demo_ends_with_three_models_and_where_everything_lies(demonstration: tuple[Path, str]) -> None:
    folder, shown = demonstration
    for model in demo.MODELS:
        (line,) = [
            line for line in shown.split("accuracy of")[0].splitlines() if re.search(rf"^ *\d\S* +{model} ", line)
        ]
        assert re.search(r"\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]", line)
    for path in (folder / "corpus", folder / "answers.sqlite", folder / "report.html"):
        assert str(path) in shown
        assert path.exists()


def test_the_calls_that_the_demo_prints_work(
    demonstration: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    calls = [line.strip() for line in demonstration[1].splitlines() if line.startswith("  ") and "load" in line]
    assert len(calls) == 3
    names: dict[str, Any] = {}
    for call in calls[1:]:  # the first makes the corpus at its full size; the tests of the hub do that
        exec(call, names)
    assert len(names["gold"]) == 40
    assert "'multirads_f1': 1.0" in capsys.readouterr().out
