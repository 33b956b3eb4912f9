"""The measurement Space ``multirads_corpus``: the package holds its logic."""

import evaluate

from multirads_hf.hub import measurement


@evaluate.utils.file_utils.add_start_docstrings(measurement.DESCRIPTION, measurement.INPUTS)
class MultiradsCorpus(measurement.MultiradsCorpus):
    """Diversity, duplicates, leaks and nearness to other texts of a set of radiology reports."""
