"""The corpus as a loading script, for datasets before version 4 and for those who want to see one.

    load_dataset("loading_script/multirads.py", trust_remote_code=True)

Where ``multirads_hf`` is installed, ``load_dataset("multirads")`` does the same under every version.
"""

from multirads_hf.hub.builder import Multirads as Builder


class Multirads(Builder):
    """The installed builder. The configs, splits, options and rows are its own."""
