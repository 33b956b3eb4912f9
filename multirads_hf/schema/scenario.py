"""Clinical plans that constrain sampling, the specs of which they are made, and single-finding edits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Spec = Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """Draw one of ``options``, each equally likely. None leaves the field unmentioned."""

    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Draw a number from ``low`` to ``high``, both included, on the field's step."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Some:
    """Draw ``least`` to ``most`` distinct ``options`` as a list."""

    options: tuple[str, ...]
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Maybe:
    """Mention the field with the given probability, drawn from ``spec``."""

    spec: Spec
    probability: float = 0.5


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named clinical plan that constrains sampling. The label is never stored beside it.

    A *spec* is a plain value, ``OneOf``, ``Between``, ``Some`` or ``Maybe``; None drops the field.

    Attributes:
        exam: exam-level field -> spec, over the document's ``exam_plan``.
        lesions: one mapping of field -> spec for each lesion, over the document's ``lesion_plan``.
        companions: further lesions, of which none or one is added (``companion_chance``).
        variants: overlays; each one is a plan of its own. The keys of an overlay are exam-level
            fields, or lesion-level fields of the first lesion.
        modalities: those in which it occurs; empty for all of the document's.
        unseen: kept from ``train``, used by ``test_unseen`` alone.
    """

    name: str
    exam: Mapping[str, Spec] = field(default_factory=dict)
    lesions: tuple[Mapping[str, Spec], ...] = ()
    companions: tuple[Mapping[str, Spec], ...] = ()
    companion_chance: float = 0.35
    variants: tuple[Mapping[str, Spec], ...] = ({},)
    modalities: tuple[str, ...] = ()
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """One finding that may be changed alone, so that the study stays one that an exam could show.

    Nobody writes down what an edit does to the category: the rule judges the study before and after.

    Attributes:
        field: the finding; a lesion-level field is changed in one lesion at a time.
        values: values that may be exchanged for each other (lists for a ``list`` field).
        steps: how far a number may move, up or down.
        also: numbers that move with it by the same step, such as both axes of a mean diameter.
        where: field of the same lesion or of the exam -> a value, a tuple of values, ``Between``,
            or None for a field that must not be mentioned. Of an exam-level edit it holds for every lesion.
    """

    field: str
    values: tuple[Any, ...] = ()
    steps: tuple[float, ...] = ()
    also: tuple[str, ...] = ()
    where: Mapping[str, Any] = dataclasses.field(default_factory=dict)
