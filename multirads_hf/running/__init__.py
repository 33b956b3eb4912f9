"""Run models over the corpus, keep every answer, score what was kept."""

from multirads_hf.running.identity import RunHeader
from multirads_hf.running.models import Completion, Model, Prompt, open_model
from multirads_hf.running.results import answers, evaluate, runs
from multirads_hf.running.run import run
from multirads_hf.running.store import DEFAULT_STORE, StoredAnswer
from multirads_hf.running.summary import RunSummary

__all__ = [
    "DEFAULT_STORE",
    "Completion",
    "Model",
    "Prompt",
    "RunHeader",
    "RunSummary",
    "StoredAnswer",
    "answers",
    "evaluate",
    "open_model",
    "run",
    "runs",
]
