"""The corpus: plan how many of what, sample findings, write them, put records together."""

from multirads_hf.corpus.build import CONDITIONS, record, records
from multirads_hf.corpus.plan import SPLITS, configs, default_size, split_size
from multirads_hf.corpus.profiles import KEYS as PROFILES

__all__ = ["CONDITIONS", "PROFILES", "SPLITS", "configs", "default_size", "record", "records", "split_size"]
