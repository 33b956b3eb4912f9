"""Run models over the corpus, keep every answer, score what was kept."""

from multirads_hf.running.comparing import compare_runs
from multirads_hf.running.identity import RunHeader
from multirads_hf.running.models import Completion, Model, Prompt, open_model
from multirads_hf.running.results import ScoredRun, answers, evaluate, rescore, runs, scored
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
    "ScoredRun",
    "StoredAnswer",
    "answers",
    "compare_runs",
    "evaluate",
    "open_model",
    "rescore",
    "run",
    "runs",
    "scored",
]
