"""Published results are scored again: what holds, and each way in which it does not, told apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hub_clients import TOKEN, rewritten, scored_run
from hub_server import Account, HubServer

from multirads_hf.cli import main
from multirads_hf.errors import PublishError, UnknownNameError
from multirads_hf.hub.results_repo import read_run, read_runs
from multirads_hf.hub.results_row import details_hash, published_id, read_row, results_hash, row_of, write_row
from multirads_hf.hub.submitting import submissions
from multirads_hf.hub.verifying import verify
from multirads_hf.running.comparing import add_robustness
from multirads_hf.running.details import LATER, read_details, write_details

ZERO = {"value": 0, "low": 0, "high": 0}


def lay_out(folder: Path, *runs: Path) -> Path:
    """Write runs as they stand in a repository."""
    for number, own in enumerate(submissions(runs, {})):
        row, details = own.write(folder / f"work{number}")
        name = own.row["run_id"]
        for source, place in ((row, f"results/{name}.parquet"), (details, f"details/{name}.parquet")):
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            source.rename(folder / place)
        (folder / f"runs/{name}").mkdir(parents=True)
        (folder / f"runs/{name}/results.json").write_bytes(own.results)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    home = tmp_path_factory.mktemp("runs")
    return [scored_run(home, model) for model in ("baseline:majority", "baseline:lexicon")]


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice")}, lfs=False) as server:
        yield server


@pytest.fixture
def snapshot(runs: list[Path], tmp_path: Path) -> Path:
    return lay_out(tmp_path / "snapshot", *runs)


def kinds(folder: Path, run_id: str) -> tuple[set[str], int]:
    """Return the kinds of problems of one run and how many figures do not hold; the other run holds."""
    verdicts = verify(folder)
    assert len(verdicts) == 2
    assert all(verdict.holds for verdict in verdicts if verdict.run_id != run_id)
    (own,) = [verdict for verdict in verdicts if verdict.run_id == run_id]
    assert not own.holds
    return {problem.kind for problem in own.problems}, len(own.wrong)


def lexicon(folder: Path) -> str:
    return next(run.run_id for run in read_runs(folder) if run.results["model"] == "baseline:lexicon")


def edit_results(folder: Path, run_id: str, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / f"runs/{run_id}/results.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    change(known)
    path.write_text(json.dumps(known, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def edit_answers(folder: Path, run_id: str, **changes: Any) -> None:
    path = folder / f"details/{run_id}.parquet"
    rows = read_details(path)
    write_details([rows[0] | changes, *rows[1:]], path)


def test_what_was_published_holds_and_every_figure_is_said(snapshot: Path) -> None:
    for verdict in verify(snapshot):
        assert verdict.holds
        names = {figure.name for figure in verdict.figures}
        assert {"scores.category_accuracy.value", "scores.multirads_f1.low", "n", "states.ok"} < names
        assert any(name.startswith("by_document.") and ".fields." in name for name in names)
        results = read_run(snapshot, verdict.run_id).results
        known = {figure.name: figure for figure in verdict.figures}["scores.multirads_f1.value"]
        assert known.published == known.found == results["scores"]["multirads_f1"]["value"]


def test_details_of_an_earlier_version_have_fewer_columns(runs: list[Path], snapshot: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "results.json").write_bytes((runs[1] / "results.json").read_bytes())
    table = pq.read_table(runs[1] / "details.parquet")
    pq.write_table(table.drop_columns(LATER), earlier / "details.parquet")
    (verdict,) = verify(lay_out(tmp_path / "repo", earlier))
    assert verdict.holds


def test_a_figure_that_was_edited(snapshot: Path) -> None:
    own = lexicon(snapshot)
    edit_results(snapshot, own, lambda results: results["scores"]["validity"].update(value=0.123))
    assert kinds(snapshot, own) == ({"results"}, 1)


def test_an_answer_that_was_changed(snapshot: Path) -> None:
    own = lexicon(snapshot)
    edit_answers(snapshot, own, answer="no idea")
    found, wrong = kinds(snapshot, own)
    assert found == {"answers", "counts"}
    assert wrong > 0


def test_a_reference_that_was_changed(snapshot: Path) -> None:
    own = lexicon(snapshot)
    edit_answers(snapshot, own, category="LR-M")
    assert kinds(snapshot, own) == ({"answers", "dataset"}, 0)


@pytest.mark.parametrize("column", ["validity", "model", "forced"])
def test_a_row_that_was_edited(snapshot: Path, column: str) -> None:
    own = lexicon(snapshot)
    path = snapshot / f"results/{own}.parquet"
    write_row(read_row(path) | {column: {"validity": 0.99, "model": "hf:a/b", "forced": ["errors"]}[column]}, path)
    assert kinds(snapshot, own) == ({"row"}, 0)


def test_files_that_are_gone(snapshot: Path) -> None:
    own = lexicon(snapshot)
    (snapshot / f"details/{own}.parquet").unlink()
    (problem,) = next(verdict for verdict in verify(snapshot) if verdict.run_id == own).problems
    assert (problem.kind, problem.what) == ("missing", f"details/{own}.parquet")
    (snapshot / f"runs/{own}/results.json").unlink()
    verdict = next(verdict for verdict in verify(snapshot) if verdict.run_id == own)
    assert {problem.what for problem in verdict.problems} == {
        f"runs/{own}/results.json", f"details/{own}.parquet",
    }  # fmt: skip


def test_files_that_cannot_be_read(snapshot: Path) -> None:
    own = lexicon(snapshot)
    other = next(run.run_id for run in read_runs(snapshot) if run.run_id != own)
    (snapshot / f"details/{own}.parquet").write_bytes(b"PAR1")
    assert kinds(snapshot, own) == ({"unreadable"}, 0)
    rows = pq.read_table(snapshot / f"details/{other}.parquet")
    place = rows.schema.get_field_index("examples")
    pq.write_table(rows.set_column(place, "examples", pa.array([1] * len(rows))), snapshot / f"details/{own}.parquet")
    assert kinds(snapshot, own) == ({"unreadable"}, 0)
    (snapshot / f"runs/{own}/results.json").write_text("{}")
    assert kinds(snapshot, own) == ({"unreadable"}, 0)


def test_a_forgery_whose_hashes_fit_is_found_by_its_answers(snapshot: Path) -> None:
    """Other figures, a new id, a row that fits: the answers still give what they give."""
    own = lexicon(snapshot)
    edit_results(snapshot, own, lambda results: results["scores"]["category_accuracy"].update(value=0.5))
    content = (snapshot / f"runs/{own}/results.json").read_bytes()
    rows = read_details(snapshot / f"details/{own}.parquet")
    forged = published_id(results_hash(content), details_hash(rows))
    write_row(row_of(content, details_hash(rows)), snapshot / f"results/{forged}.parquet")
    (snapshot / f"results/{own}.parquet").unlink()
    (snapshot / f"runs/{own}").rename(snapshot / f"runs/{forged}")
    (snapshot / f"details/{own}.parquet").rename(snapshot / f"details/{forged}.parquet")
    assert kinds(snapshot, forged) == (set(), 1)


def test_what_noise_cost_is_checked_against_the_run_without_noise(tmp_path: Path) -> None:
    folders = [scored_run(tmp_path, split=split) for split in ("test", "test_noisy")]
    from multirads_hf import running

    found = [running.scored(tmp_path / "answers.sqlite", own.name, n_resamples=100) for own in folders]
    add_robustness(found)
    for own, folder in zip(found, folders, strict=True):
        own.write(folder)
    forged = rewritten(
        folders[1], tmp_path / "forged", scores=found[1].results["scores"] | {"robustness_drop_f1": ZERO}
    )
    with pytest.raises(PublishError, match=r"scores.robustness_drop_f1.value is 0, the answers give 0\.\d+"):
        submissions([folders[0], forged], {})
    whole = lay_out(tmp_path / "whole", *folders)
    noisy = next(verdict for verdict in verify(whole) if read_run(whole, verdict.run_id).results["split"] != "test")
    drops = [figure for figure in noisy.figures if "robustness_drop" in figure.name]
    assert len(drops) == 9
    assert noisy.holds
    alone = lay_out(tmp_path / "alone", folders[1])
    (verdict,) = verify(alone)
    assert verdict.holds
    assert len(verdict.unchecked) == 9
    edit_results(whole, noisy.run_id, lambda results: results["scores"]["robustness_drop_f1"].update(value=-0.5))
    wrong = next(verdict for verdict in verify(whole) if verdict.run_id == noisy.run_id).wrong
    assert [figure.name for figure in wrong] == ["scores.robustness_drop_f1.value"]


def test_the_command_says_which_run_and_figure(snapshot: Path) -> None:
    own = lexicon(snapshot)
    assert CliRunner().invoke(main, ["verify", str(snapshot)]).exit_code == 0
    edit_results(snapshot, own, lambda results: results["scores"]["validity"].update(value=0.123))
    done = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["verify", str(snapshot)])
    assert done.exit_code == 1
    assert "1 of 2 runs hold." in done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "scores.validity.value" in line and own in line]
    assert [cell.strip() for cell in line.strip("│ ").split("│")][-3:] == ["0.123000", "1.000000", "no"]
    printed = json.loads(CliRunner().invoke(main, ["verify", str(snapshot), "--run", own[:6], "--json"]).stdout)
    assert [one["run_id"] for one in printed] == [own]
    (wrong,) = [figure for figure in printed[0]["figures"] if not figure["holds"]]
    assert wrong == {"figure": "scores.validity.value", "published": 0.123, "found": 1.0, "holds": False}
    with pytest.raises(UnknownNameError, match="Unknown run 'ffff'"):
        verify(snapshot, ["ffff"])
    empty = CliRunner().invoke(main, ["verify", str(snapshot / "details")])
    assert (empty.exit_code, "it holds no runs" in empty.stderr) == (2, True)


def test_a_hub_cannot_write_outside_the_folder(
    invoke: Callable[..., Any], hub: HubServer, snapshot: Path, tmp_path: Path
) -> None:
    from multirads_hf.hub.results_repo import download

    files = {path.relative_to(snapshot).as_posix(): path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    strange = {"../../escaped": b"x", "runs/../../escaped.json": b"x", "/etc/escaped": b"x", "tool.py": b"x"}
    hub.create("dataset", "alice/results").push("alice", {**files, **strange})
    target = tmp_path / "deep" / "er" / "target"
    download("alice/results", target)
    assert {run.run_id for run in read_runs(target)} == {run.run_id for run in read_runs(snapshot)}
    assert not list(tmp_path.rglob("escaped*"))
    assert not (target / "tool.py").exists()
    assert invoke("verify", "alice/results", "-q").exit_code == 0
    missing = invoke("verify", "alice/none", "-q")
    assert missing.exit_code == 2
    assert "there is no such repository" in missing.stderr
