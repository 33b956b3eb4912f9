"""The types of a RADS document. Frozen, self-checking; no RADS is known here by name.

A *study* is a plain mapping: the exam-level fields of one document by name, plus ``lesions``, a
list of mappings of its lesion-level fields. A missing or null field means *not mentioned*.
"""

from multirads_hf.schema.document import NOT_FINDINGS, SEXES, Category, Decision, Document, Study
from multirads_hf.schema.field import Field, Kind
from multirads_hf.schema.scenario import Between, Edit, Maybe, OneOf, Scenario, Some, Spec

MODALITIES = ("mammography", "ultrasound", "ct", "mri", "pet_ct")

__all__ = [
    "MODALITIES", "NOT_FINDINGS", "SEXES", "Between", "Category", "Decision", "Document", "Edit", "Field", "Kind",
    "Maybe", "OneOf", "Scenario", "Some", "Spec", "Study",
]  # fmt: skip
