"""A RADS document: categories, fields, rule and plans, and the checks of a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from multirads_hf.draw import Draw
from multirads_hf.errors import OptionError, StudyError, allowed, require_name, shown
from multirads_hf.schema.field import Field
from multirads_hf.schema.scenario import Edit, Scenario, Spec

Study = Mapping[str, Any]
SEXES = ("female", "male")
NOT_FINDINGS = ("document", "category")


@dataclass(frozen=True, slots=True)
class Category:
    """One category as the guideline reports it.

    Attributes:
        code: the label, for example ``TR4``.
        meaning: what it stands for.
        management: what the guideline advises.
        rank: clinical concern, higher is more; equal ranks are equally concerning.
        risk: the published risk of malignancy as text, empty where none is published.
        aliases: other ways in which people write the label.
        printed: how reports print it, where that is not the code itself.
    """

    code: str
    meaning: str
    management: str
    rank: int
    risk: str = ""
    aliases: tuple[str, ...] = ()
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule makes of a study.

    Attributes:
        category: the whole label, one of the document's.
        reasons: short rule names, in the order in which they were applied.
        management: what the guideline advises for this study.
    """

    category: str
    reasons: tuple[str, ...]
    management: str


def _unchanged(study: dict[str, Any], _: Draw) -> dict[str, Any]:
    return study


def _whole(code: str) -> dict[str, str]:
    return {"category": code}


def _joined(parts: Mapping[str, str]) -> str:
    return parts["category"]


@dataclass(frozen=True)
class Document:
    """One RADS document: what it classifies, its fields, its rule and its plans.

    Attributes:
        key: file name under ``multirads_hf/rads``, for example ``tirads``.
        system: the RADS it belongs to; several documents may share one.
        system_names: how reports name the system, the preferred spelling first.
        categories: every whole label, in the order in which the guideline lists them.
        rule: total over checked studies; raises StudyError when an input it needs is missing.
        complete: fills fields that depend on each other after sampling.
        exam_plan: exam-level field -> spec under every scenario.
        lesion_plan: lesion-level field -> spec under every lesion of every scenario.
        sexes: the sexes in which the exam is done.
        ages: youngest and oldest adult for which reports are written, in years.
        part_names: the parts of a composite label; ``("category",)`` where there is one part.
        split: whole label -> its parts by name.
        join: parts by name -> whole label.
        core: whole label -> the label that plans count (label without modifiers).
        edits: findings that may be changed alone, for contrast pairs.
    """

    key: str
    system: str
    system_names: tuple[str, ...]
    title: str
    edition: str
    source: str
    modalities: tuple[str, ...]
    categories: tuple[Category, ...]
    fields: tuple[Field, ...]
    scenarios: tuple[Scenario, ...]
    rule: Callable[[Study], Decision]
    complete: Callable[[dict[str, Any], Draw], dict[str, Any]] = _unchanged
    exam_plan: Mapping[str, Spec] = field(default_factory=dict)
    lesion_plan: Mapping[str, Spec] = field(default_factory=dict)
    sexes: tuple[str, ...] = SEXES
    ages: tuple[int, int] = (25, 88)
    part_names: tuple[str, ...] = ("category",)
    split: Callable[[str], Mapping[str, str]] = _whole
    join: Callable[[Mapping[str, str]], str] = _joined
    core: Callable[[str], str] = str
    edits: tuple[Edit, ...] = ()

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The whole labels, in guideline order."""
        return tuple(category.code for category in self.categories)

    @cached_property
    def core_codes(self) -> tuple[str, ...]:
        """The labels that plans count, in guideline order."""
        return tuple(dict.fromkeys(self.core(code) for code in self.codes))

    @cached_property
    def has_lesions(self) -> bool:
        """Whether studies of this document carry a ``lesions`` list."""
        return any(f.level == "lesion" for f in self.fields)

    @cached_property
    def exam_fields(self) -> dict[str, Field]:
        """Exam-level fields by name, derived ones included."""
        return {f.name: f for f in self.fields if f.level == "exam"}

    @cached_property
    def lesion_fields(self) -> dict[str, Field]:
        """Lesion-level fields by name, derived ones included."""
        return {f.name: f for f in self.fields if f.level == "lesion"}

    def category(self, code: str) -> Category:
        """Return the category with this label.

        Raises:
            UnknownNameError: the document has no such label.
        """
        require_name(f"category of {self.key}", code, self.codes)
        return self.categories[self.codes.index(code)]

    def decide(self, study: Study) -> Decision:
        """Return category, reasons and management of a study.

        Raises:
            StudyError: names the document, the field, the value and what is allowed.
        """
        self.check(study)
        return self.rule(study)

    def categorise(self, study: Study) -> str:
        """Return the category that the guideline's rule gives this study.

        Raises:
            StudyError: names the document, the field, the value and what is allowed.
        """
        return self.decide(study).category

    def check(self, study: Study) -> None:
        """Raise StudyError unless every field of ``study`` is known and its value allowed."""
        if not isinstance(study, Mapping):
            raise StudyError(f"{self.key}: a study is a mapping of fields, got {shown(study)}.")
        for problem in self.problems(study):
            raise StudyError(f"{self.key}: {problem}")

    def problems(self, study: Study) -> Iterator[str]:
        """Yield everything that is wrong with a study, one sentence each."""
        if study.get("document") not in (None, self.key):
            yield f"document: got {shown(study['document'])}. Allowed: {self.key}."
        names = [n for n in study if n not in NOT_FINDINGS and not (n == "lesions" and self.has_lesions)]
        yield from _field_problems({n: study[n] for n in names}, self.exam_fields, "")
        lesions = study.get("lesions")
        if not self.has_lesions or lesions is None:
            return
        if not isinstance(lesions, Sequence) or isinstance(lesions, str):
            yield f"lesions: got {shown(lesions)}. Allowed: a list of mappings."
            return
        for place, lesion in enumerate(lesions):
            where = f"lesions[{place}]"
            if isinstance(lesion, Mapping):
                yield from _field_problems(lesion, self.lesion_fields, f"{where}.")
            else:
                yield f"{where}: got {shown(lesion)}. Allowed: a mapping of lesion fields."

    def modality(self, study: Study) -> str:
        """Return the modality of a study: its own field, or the document's only one."""
        return str(study.get("modality") or self.modalities[0])

    def json_schema(self, task: Literal["extraction", "category"] = "extraction") -> dict[str, Any]:
        """Return the JSON Schema of the answer that a model must give.

        Args:
            task: ``category`` asks for the label alone, ``extraction`` for the findings too.
        """
        if task not in ("extraction", "category"):
            raise OptionError(f"Unknown task {shown(task)}. {allowed(task, ('extraction', 'category'))}")
        properties: dict[str, Any] = {"category": {"enum": list(self.codes)}}
        if task == "extraction":
            properties |= {n: f.json_schema() for n, f in self.exam_fields.items() if not f.derived}
            if self.has_lesions:
                lesion = {n: f.json_schema() for n, f in self.lesion_fields.items() if not f.derived}
                properties["lesions"] = {"type": "array", "items": _closed(lesion, ())}
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_closed(properties, ("category",))}


def _closed(properties: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(required), "additionalProperties": False}


def _field_problems(given: Mapping[str, Any], fields: Mapping[str, Field], where: str) -> Iterator[str]:
    for name, value in given.items():
        known = fields.get(name)
        if known is None:
            yield f"{where}{name}: unknown field. {allowed(name, fields)}"
        elif value is not None and (problem := known.problem(value)):
            yield f"{where}{name}: got {shown(value)}. {problem}"
