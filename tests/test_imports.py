"""Imports go one way, and importing the package costs next to nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import multirads_hf

ROOT = Path(multirads_hf.__file__).parent
LAYERS = [
    {"errors", "draw", "_version", "_hook"},
    {"schema"},
    {"rads"},
    {"corpus", "scoring"},
    {"running", "reporting"},
    {"describing"},
    {"hub", "bridges"},
    {"cli"},
    {"demo"},
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (
                f"{node.module}.{alias.name}" if node.module == "multirads_hf" else node.module for alias in node.names
            )


def test_nothing_flows_back():
    wrong = []
    for path in ROOT.rglob("*.py"):
        own = path.relative_to(ROOT).with_suffix("").parts[0]
        if own in ("__init__", "_hook"):
            continue  # they name modules that are imported only once a name is used
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "multirads_hf" and len(parts) > 1 and parts[1] in RANK:
                other = parts[1]
                if other != own and RANK[other] >= RANK[own] and other not in ("_version", "_hook"):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_every_module_has_a_layer():
    tops = {p.stem for p in ROOT.iterdir() if (p.suffix == ".py" or (p.is_dir() and list(p.glob("*.py"))))}
    assert tops - {"__init__", "__pycache__"} == set(RANK)


def test_the_package_imports_no_library():
    script = (
        "import sys; import multirads_hf; "
        "heavy = {'datasets', 'evaluate', 'torch', 'transformers', 'numpy', 'pandas', 'scipy', 'sklearn', 'pyarrow'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names():
    assert multirads_hf.__all__ == ["MultiradsError", "__version__", "documents", "get", "records", "score"]
    assert all(hasattr(multirads_hf, name) for name in multirads_hf.__all__)


def test_files_and_functions_keep_the_house_numbers():
    long = []
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        limit = 400 if path.parent.name == "rads" else 250
        if text.count("\n") > limit:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
    assert long == []
