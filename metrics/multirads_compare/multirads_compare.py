"""The comparison Space ``multirads_compare``: the package holds its logic."""

import evaluate

from multirads_hf.hub import comparison


@evaluate.utils.file_utils.add_start_docstrings(comparison.DESCRIPTION, comparison.INPUTS)
class MultiradsCompare(comparison.MultiradsCompare):
    """Differences of models on the same radiology reports, their significance, and rank groups."""
