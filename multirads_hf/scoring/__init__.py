"""Scoring: raw answers in, numbers with intervals out.

``parse`` reads an answer, ``count`` compares it with its reference, ``score`` makes the numbers.
``compare`` tests the differences between models. ``mentions`` finds category labels in running text.
"""

from multirads_hf.scoring.align import Agreement, Reading, align, read_study
from multirads_hf.scoring.compare import compare, compare_counts
from multirads_hf.scoring.comparison import Comparison
from multirads_hf.scoring.conditions import CONDITION_METRICS
from multirads_hf.scoring.counting import count, counts_of
from multirads_hf.scoring.counts import Counts, Reference, read_reference, rule_category
from multirads_hf.scoring.labels import normalise_label, read_label
from multirads_hf.scoring.mentions import mentions
from multirads_hf.scoring.metrics import METRICS, Metric
from multirads_hf.scoring.parse import STATES, TASKS, VALID, Answer, Task, parse
from multirads_hf.scoring.result import FEW_REPORTS, INVALID, CategoryScores, DocumentScores, Estimate, Gap, Scores
from multirads_hf.scoring.score import score, score_counts
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.signature import signature
from multirads_hf.scoring.subgroups import age_band
from multirads_hf.scoring.values import TOLERANCE_MM

__all__ = [
    "CONDITION_METRICS", "FEW_REPORTS", "INVALID", "METRICS", "STATES", "TASKS", "TOLERANCE_MM",
    "VALID", "Agreement", "Answer", "CategoryScores", "Comparison", "Counts", "DocumentScores", "Estimate", "Gap",
    "Metric", "Reading", "Reference", "Scores", "Settings", "Task", "age_band", "align", "compare",
    "compare_counts", "count", "counts_of", "mentions", "normalise_label", "parse", "read_label", "read_reference",
    "read_study", "rule_category", "score", "score_counts", "signature",
]  # fmt: skip
