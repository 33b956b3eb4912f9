"""The metric Space ``multirads_f1``: names the metric of the package ``multirads_hf``, no logic of its own."""

import evaluate

from multirads_hf.hub import metric


@evaluate.utils.file_utils.add_start_docstrings(metric.DESCRIPTION, metric.INPUTS)
class MultiradsF1(metric.MultiradsF1):
    """Field-level F1 of structured extraction from radiology reports, with what stands beside it."""
