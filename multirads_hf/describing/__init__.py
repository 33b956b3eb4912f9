"""What a set of reports is like: counts, length, diversity, duplicates, leaks, sufficiency, privacy.

from multirads_hf.describing import describe

described = describe(load_dataset("multirads", split="test"))
described.overall["near_duplicates"]  # a share
described.write("description")        # JSON, Parquet, and a page for the browser
"""

from multirads_hf.describing.describe import columns, describe
from multirads_hf.describing.description import ALL, Description
from multirads_hf.describing.measures import MEASURES

__all__ = ["ALL", "MEASURES", "Description", "columns", "describe"]
