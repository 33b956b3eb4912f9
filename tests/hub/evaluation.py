"""What the tests of the three evaluation modules share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
METRICS = ROOT / "metrics"
REFERENCE = json.dumps(
    {
        "document": "tirads",
        "category": "TR4",
        "lesions": [{"composition": "solid", "echogenicity": "hypoechoic", "size_mm": 16}],
    }
)
# Those of the cards of evaluate, after the first.
HEADINGS = (
    "How to Use", "Inputs", "Output Values", "Values from Popular Papers", "Examples", "Limitations and Bias",
    "Citation", "Further References",
)  # fmt: skip


def offline(code: str, folder: Path) -> str:
    """Run code in a process of its own, in an empty folder and without a network."""
    variables = {"HF_EVALUATE_OFFLINE": "1", "HF_HOME": str(folder / "hf"), "PYTHONPATH": str(ROOT)}
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env={**kept, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def require_whole(name: str, kind: str, empty: Path) -> None:
    """Check that a module loads from its folder, that its cases hold, and that what card and docstring say is so."""
    own = METRICS / name
    code = f"""
import doctest, importlib, json, runpy
import evaluate

module = evaluate.load({str(own)!r}, module_type={kind!r})
for case in runpy.run_path({str(own / "tests.py")!r})["test_cases"]:
    wanted = case.pop("result")
    found = module.compute(**case)
    for name, value in wanted.items():
        same = abs(found[name] - value) < 1e-9 if isinstance(value, (int, float)) else found[name] == value
        assert same, (name, found[name], case)
assert "multirads_hf" not in type(module).__module__
cases = [doctest.testfile({str(own / "README.md")!r}, module_relative=False)]
cases += [doctest.testmod(importlib.import_module("multirads_hf.hub.{kind}"))]
print(json.dumps([list(case) for case in cases]))
"""
    card, docstring = json.loads(offline(code, empty).splitlines()[-1])
    assert card[0] == docstring[0] == 0
    assert card[1] > 10
    assert docstring[1] > 8
