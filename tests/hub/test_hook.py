"""``load_dataset("multirads")`` must work after installation alone, and the hook must never do harm."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import datasets.load
import pytest

from multirads_hf import _hook
from multirads_hf.hub import register

Run = Callable[..., CompletedProcess[str]]

LOAD = """
import sys
from datasets import load_dataset
reports = load_dataset("multirads", num_reports=12)
print(*reports, *reports["train"]["id"][:2])
"""


def test_load_dataset_works_offline_with_no_import_of_ours(run: Run) -> None:
    done = run(LOAD, HF_HUB_OFFLINE="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "train validation test test_balanced test_unseen test_contrast test_styles test_noisy "
    )
    assert "-train-000000" in done.stdout


def test_load_dataset_asks_the_network_for_nothing(run: Run, hub: tuple[str, list[str]]) -> None:
    address, asked = hub
    done = run(LOAD, HF_ENDPOINT=address)
    assert done.returncode == 0, done.stderr
    assert asked == []


def test_the_metric_loads_with_no_import_of_ours(run: Run, hub: tuple[str, list[str]]) -> None:
    address, asked = hub
    done = run(
        """
from datasets import load_dataset
import evaluate
answers = load_dataset("multirads", num_reports=12, split="test")["extraction"]
metric = evaluate.load("multirads_f1")
perfect = metric.compute(predictions=list(answers), references=list(answers))
silent = metric.compute(predictions=[""] * 12, references=list(answers))
print(perfect["multirads_f1"], silent["multirads_f1"])
""",
        HF_ENDPOINT=address,
    )
    assert done.stdout.split() == ["1.0", "0.0"], done.stderr
    assert asked == []


def test_spawned_workers_load_it_too(run: Run) -> None:
    done = run("""
from multiprocessing import get_context

def first(seed):
    from datasets import load_dataset
    return next(iter(load_dataset("multirads", split="train", streaming=True, seed=seed)))["report"]

if __name__ == "__main__":
    with get_context("spawn").Pool(2) as pool:
        print(len(set(pool.map(first, [0, 1]))))
""")
    assert done.stdout.split() == ["2"], done.stderr


def test_other_builders_are_served_as_before(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    done = run(f"""
from datasets import get_dataset_config_names, load_dataset
print(load_dataset("csv", data_files={str(tmp_path / "rows.csv")!r})["train"][0])
print(get_dataset_config_names("multirads")[0])
""")
    assert done.stdout.splitlines() == ["{'a': 1, 'b': 2}", "all"], done.stderr


def copy_of(installed: Path, place: Path) -> tuple[Path, Path]:
    shutil.copytree(installed, place, symlinks=True)
    return place, next(place.rglob("multirads_hf"))


def test_a_start_of_python_imports_three_small_modules_and_no_library(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    code = "import sys; print(*sys.modules)"
    environment, package = copy_of(installed, tmp_path / "unhooked")
    (package.parent / "multirads_hf_hook.pth").unlink()
    without = run(code, environment=environment).stdout.split()
    added = set(run(code).stdout.split()) - set(without)
    assert added == {"multirads_hf", "multirads_hf._hook", "multirads_hf._version"}


def test_the_public_names_are_these_and_cost_nothing_until_used(run: Run) -> None:
    done = run("""
import sys
import multirads_hf
heavy = {"datasets", "evaluate", "numpy", "pandas", "pyarrow", "sklearn", "scipy", "torch", "transformers"}
print(*multirads_hf.__all__)
print(sorted(heavy & set(sys.modules)), set(multirads_hf.__all__) <= set(dir(multirads_hf)))
print(all(callable(getattr(multirads_hf, name)) for name in multirads_hf.__all__ if name != "__version__"))
multirads_hf.nothing
""")
    assert done.stdout.splitlines() == ["MultiradsError __version__ documents get records score", "[] True", "True"]
    assert "module 'multirads_hf' has no attribute 'nothing'" in done.stderr


@pytest.mark.parametrize("value", ["1", "true"])
def test_the_variable_switches_it_off(run: Run, value: str) -> None:
    done = run(LOAD, MULTIRADS_HF_NO_HOOK=value, HF_HUB_OFFLINE="1")
    assert done.returncode != 0
    assert "Couldn't reach 'multirads' on the Hub" in done.stderr


def test_a_failure_in_it_leaves_datasets_working(run: Run, installed: Path, tmp_path: Path) -> None:
    environment, package = copy_of(installed, tmp_path / "broken")
    (package / "hub" / "register.py").write_text("raise RuntimeError('no luck')\n")
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    code = f"""
import warnings
warnings.simplefilter("error", UserWarning)
from datasets import load_dataset
print(load_dataset("csv", data_files={str(tmp_path / "rows.csv")!r})["train"][0])
"""
    done = run(code, environment=environment)
    assert done.stdout.splitlines() == ["{'a': 1, 'b': 2}"], done.stderr
    assert done.stderr.count("RuntimeError: no luck") == 1
    assert "MULTIRADS_HF_NO_HOOK=1" in done.stderr


@pytest.mark.parametrize("damage", ["removed", "unreadable"])
def test_a_damaged_installation_starts_silently(run: Run, installed: Path, tmp_path: Path, damage: str) -> None:
    environment, package = copy_of(installed, tmp_path / "damaged")
    if damage == "removed":
        shutil.rmtree(package)
    else:
        (package / "__init__.py").write_text("this is not Python\n")
    done = run("print('started')", environment=environment)
    assert (done.stdout, done.stderr, done.returncode) == ("started\n", "", 0)


def test_it_registers_with_what_is_imported_already(monkeypatch: pytest.MonkeyPatch) -> None:
    original = datasets.load.PackagedDatasetModuleFactory.__mro__[1]
    monkeypatch.setattr(datasets.load, "PackagedDatasetModuleFactory", original)
    _hook.install()
    factory = datasets.load.PackagedDatasetModuleFactory
    assert factory is not original
    assert factory("multirads").get_module().module_path == register.BUILDER
    _hook.install()
    assert datasets.load.PackagedDatasetModuleFactory is factory


def test_another_kind_of_evaluation_of_our_name_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    import evaluate.loading

    factory = evaluate.loading.evaluation_module_factory
    for name, (kind, home) in register.EVALUATIONS.items():
        assert factory(name).module_path == factory(name, kind).module_path == home
    monkeypatch.setenv("HF_EVALUATE_OFFLINE", "1")
    with pytest.raises((FileNotFoundError, ConnectionError)):
        factory("multirads_f1", "comparison", dynamic_modules_path=None)
