"""Compile templates into short lists of pieces that print on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from multirads_hf.corpus.page import MM_PER_CM, MONTHS, Operation, Page, Piece, article, decimal, length
from multirads_hf.corpus.template import Choice, Filler, Said, leading
from multirads_hf.schema import Field

# Share of the largest diameter that the second and third diameters of a printed size take.
DIAMETERS = (0.62, 0.95)


Dims = Mapping[str, tuple[int, ...]]


def compiled(nodes: Sequence[Any], fields: Mapping[str, Field], dims: Dims) -> tuple[Piece, ...]:
    """Return the pieces that the nodes print; neighbouring literal nodes become one text or one choice of texts.

    Args:
        nodes: a parsed template.
        fields: every field of the document by name.
        dims: field -> numbers of diameters that may be printed.
    """
    pieces: list[Piece] = []
    start = 0
    while start < len(nodes):
        count, texts = leading(tuple(nodes[start:]))
        if count:
            pieces.append(texts[0] if len(texts) == 1 else texts)
        else:
            pieces.append(_piece(nodes[start], fields, dims))
        start += count or 1
    return tuple(pieces)


def _piece(node: Any, fields: Mapping[str, Field], dims: Dims) -> Piece:
    if isinstance(node, Choice):
        return _branch(tuple(compiled(option, fields, dims) for option in node.options))
    if isinstance(node, Said):
        return _said(tuple(field for field, _ in node.values), compiled(node.nodes, fields, dims))
    if isinstance(node, Filler):
        return _filler(node)
    field = fields[node.field]
    if field.kind in ("int", "float"):
        return _measure(field, node.form, dims.get(node.field, ()))
    return (_list if field.kind == "list" else _phrase)(node.field)


def _branch(branches: tuple[tuple[Piece, ...], ...]) -> Operation:
    count = len(branches)
    return lambda page: page.put(branches[int(page.random() * count)])


def _said(fields: tuple[str, ...], pieces: tuple[Piece, ...]) -> Operation:
    def run(page: Page) -> None:
        start = len(page.parts)
        page.put(pieces)
        end = len(page.parts)
        for field in fields:
            page.spans.append((start, end, page.lesion, field))

    return run


def _phrase(field: str) -> Operation:
    def run(page: Page) -> None:
        parts = page.parts
        start = len(parts)
        parts.append(page.phrase(field, page.study[field]))
        page.spans.append((start, start + 1, page.lesion, field))

    return run


def _list(field: str) -> Operation:
    def run(page: Page) -> None:
        parts = page.parts
        start = len(parts)
        written = [page.phrase(field, member) for member in page.study[field]]
        parts.append(f"{', '.join(written[:-1])} and {written[-1]}" if len(written) > 1 else written[0])
        page.spans.append((start, start + 1, page.lesion, field))

    return run


def _measure(field: Field, form: str, dims: tuple[int, ...]) -> Operation:
    """Print a number as reports do: ``19 mm``, ``1.9 x 1.4 cm``, ``6 months``."""
    name, unit = field.name, field.unit
    # Lengths in cm are printed like those in mm where [measure] gives their diameters; the others stay as they are.
    scale = {"mm": 1, "cm": MM_PER_CM if dims and form != "#" else 0}.get(unit, 0)
    single = unit[:-1] if unit.endswith("s") else unit
    counts, step = dims or (1,) if not form else (1,), field.step * (scale or 1)

    def run(page: Page) -> None:
        value, parts = page.study[name], page.parts
        start = len(parts)
        if scale:
            value = round(value * scale, 2)
            text = length(value, page.unit, step)
            for further in _further(page, step, value, counts) if counts != (1,) else ():
                text = f"{text} x {length(further, page.unit, step)}"
        else:
            text = decimal(value, field.step)
        if form != "#":
            text = f"{text} {page.unit if scale else single if value == 1 else unit}".rstrip()
        parts.append(text)
        page.spans.append((start, start + 1, page.lesion, name))

    return run


def _further(page: Page, step: float, value: float, counts: tuple[int, ...]) -> list[float]:
    """Return the second and third diameters, if any, each smaller than the first."""
    count = counts[int(page.random() * len(counts))]
    low, high = DIAMETERS
    shares = sorted((low + page.random() * (high - low) for _ in range(count - 1)), reverse=True)
    return [max(step, round(int(value * share / step) * step, 3)) for share in shares]


def _filler(node: Filler) -> Piece:
    if node.name == "a":
        return article
    if node.name == "month":
        return MONTHS
    if node.name == "#":
        return _numbers(node)
    name = node.name
    return lambda page: page.parts.append(page.word(name))


@lru_cache(maxsize=4096)
def _numbers(node: Filler) -> tuple[str, ...]:
    scale = 10**node.decimals
    numbers = range(round(node.low * scale), round(node.high * scale) + 1)
    return tuple(f"{number / scale:.{node.decimals}f}" for number in numbers)
