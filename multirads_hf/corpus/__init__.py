"""The corpus: plan how many of what, sample findings, write them, put records together."""

from multirads_hf.corpus.build import record, records
from multirads_hf.corpus.options import CONDITIONS, LEVELS, OPTION_NAMES, Options, options
from multirads_hf.corpus.plan import SPLITS
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.corpus.rows import configs, default_size, split_size

__all__ = [
    "CONDITIONS", "LEVELS", "OPTION_NAMES", "PROFILES", "SPLITS", "Options", "configs", "default_size", "options",
    "record", "records", "split_size",
]  # fmt: skip
