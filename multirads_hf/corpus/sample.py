"""Draw the findings of a study from a scenario until the rule gives the wanted category."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from multirads_hf import rads
from multirads_hf.draw import Draw
from multirads_hf.errors import MultiradsError, StudyError
from multirads_hf.schema import Between, Decision, Document, Field, Maybe, OneOf, Scenario, Some

Drawer = Callable[[Draw], Any]
# A plan is used for a category when at least this share of its draws has it, out of so many draws.
LEAST_SHARE, TRIED = 0.1, 20
MOST_DRAWS = 500
_DROPPED = object()


@dataclass(frozen=True, slots=True)
class Plan:
    """One variant of one scenario in one modality, its specs compiled to drawers."""

    scenario: Scenario
    variant: int
    modality: str
    exam: tuple[tuple[str, Drawer], ...]
    lesions: tuple[tuple[tuple[str, Drawer], ...], ...]
    companions: tuple[tuple[tuple[str, Drawer], ...], ...]


def _drawer(spec: Any, field: Field) -> Drawer:
    if isinstance(spec, OneOf):
        options = tuple(_drawer(option, field) for option in spec.options)
        return lambda draw: draw.pick(options)(draw)
    if isinstance(spec, Between):
        low, high, step = spec.low, spec.high, field.step
        return lambda draw: draw.between(low, high, step)
    if isinstance(spec, Some):
        return lambda draw: draw.some(spec.options, spec.least, spec.most)
    if isinstance(spec, Maybe):
        inner, probability = _drawer(spec.spec, field), spec.probability
        return lambda draw: inner(draw) if draw.random() < probability else _DROPPED
    if spec is None:
        return lambda _: _DROPPED
    return (lambda _: list(spec)) if isinstance(spec, list) else (lambda _: spec)


def _drawers(specs: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[tuple[str, Drawer], ...]:
    """Compile specs, in the order in which the document lists its fields."""
    unknown = next((name for name in specs if name not in fields), None)
    if unknown is not None:
        raise StudyError(f"a scenario draws the unknown field {unknown!r}. Allowed: {', '.join(fields)}.")
    return tuple((name, _drawer(specs[name], field)) for name, field in fields.items() if name in specs)


def _plan(document: Document, scenario: Scenario, variant: int, modality: str) -> Plan:
    overlay = scenario.variants[variant]
    exam = {**document.exam_plan, **scenario.exam, **{k: v for k, v in overlay.items() if k in document.exam_fields}}
    if "modality" in document.exam_fields:
        exam["modality"] = modality
    first = {k: v for k, v in overlay.items() if k not in document.exam_fields}
    lesions = [
        {**document.lesion_plan, **lesion, **({} if place else first)} for place, lesion in enumerate(scenario.lesions)
    ]
    companions = [{**document.lesion_plan, **lesion} for lesion in scenario.companions]
    fields = document.lesion_fields
    drawn, further = (tuple(_drawers(one, fields) for one in group) for group in (lesions, companions))
    return Plan(scenario, variant, modality, _drawers(exam, document.exam_fields), drawn, further)


def _drawn(drawers: tuple[tuple[str, Drawer], ...], draw: Draw) -> dict[str, Any]:
    found = {}
    for name, drawer in drawers:
        value = drawer(draw)
        if value is not _DROPPED:
            found[name] = value
    return found


def sample(document: Document, plan: Plan, draw: Draw) -> dict[str, Any]:
    """Return one study of a plan: exam-level fields, then ``lesions`` where the document has them."""
    study = _drawn(plan.exam, draw)
    if document.has_lesions:
        lesions = [_drawn(one, draw) for one in plan.lesions]
        if plan.companions and draw.chance(plan.scenario.companion_chance):
            lesions.append(_drawn(draw.pick(plan.companions), draw))
            if draw.chance(0.5):
                lesions.insert(0, lesions.pop())
        study["lesions"] = lesions
    return document.complete(study, draw)


@cache
def reach(key: str, unseen: bool) -> dict[tuple[str, str], tuple[tuple[Plan, ...], ...]]:
    """Return (modality, core category) -> plans that reach it, grouped by scenario.

    Nobody writes down which scenario gives which category: each plan is drawn a few times and judged
    by the rule.
    """
    document = rads.get(key)
    found: dict[tuple[str, str], dict[str, list[Plan]]] = {}
    for scenario in document.scenarios:
        if scenario.unseen != unseen:
            continue
        for modality in scenario.modalities or document.modalities:
            for variant in range(len(scenario.variants)):
                plan = _plan(document, scenario, variant, modality)
                for category, share in _shares(document, plan).items():
                    if share >= LEAST_SHARE:
                        found.setdefault((modality, category), {}).setdefault(scenario.name, []).append(plan)
    return {cell: tuple(tuple(plans) for plans in groups.values()) for cell, groups in found.items()}


def _shares(document: Document, plan: Plan) -> dict[str, float]:
    shares: dict[str, float] = {}
    draw = Draw("reach", document.key, plan.scenario.name, plan.variant, plan.modality)
    for _ in range(TRIED):
        category = document.core(document.rule(sample(document, plan, draw)).category)
        shares[category] = shares.get(category, 0) + 1 / TRIED
    return shares


def study_of(
    document: Document, modality: str, category: str, draw: Draw, unseen: bool
) -> tuple[dict[str, Any], Decision, str]:
    """Return a study to which the rule gives a core category, the decision, and the scenario's name.

    Raises:
        MultiradsError: no scenario of the document reaches the category in that modality.
    """
    groups = reach(document.key, unseen).get((modality, category))
    if groups is None:
        raise MultiradsError(f"{document.key}: no scenario reaches {category!r} in {modality}.")
    plan = draw.pick(draw.pick(groups))
    for _ in range(MOST_DRAWS):
        study = sample(document, plan, draw)
        decision = document.rule(study)
        if document.core(decision.category) == category:
            return study, decision, plan.scenario.name
    raise MultiradsError(f"{document.key}: scenario {plan.scenario.name} rarely gives {category!r} in {modality}.")
