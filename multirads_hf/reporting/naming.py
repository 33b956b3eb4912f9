"""What runs are called where they stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from multirads_hf.reporting.results import Results

SERVED = "openai:"


def model_names(results: Sequence[Results]) -> list[str]:
    """Return what the model of each run is called: by its name on a server, unless another model has the same."""
    models = [str(result["model"]) for result in results]
    short = {model: model.rpartition("#")[2] if model.startswith(SERVED) else model for model in models}
    often = Counter(short.values())
    return [short[model] if often[short[model]] == 1 and short[model] else model for model in models]


def run_names(results: Sequence[Results]) -> list[str]:
    """Return what each run is called: the model, and prompt and run where those tell runs apart."""
    called = model_names(results)
    for extra in ("prompt", "run_id"):
        often = Counter(called)
        called = [
            f"{name} · {str(result.get(extra))[:12]}" if often[name] > 1 and result.get(extra) else name
            for name, result in zip(called, results, strict=True)
        ]
    return called
