"""The result: numbers by document, what stands behind them, and the forms in which they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from multirads_hf._version import __version__
from multirads_hf.describing.counts import Count
from multirads_hf.describing.duplicates import Pair
from multirads_hf.describing.leaks import Leak
from multirads_hf.describing.text import Repeated
from multirads_hf.errors import OptionError

SCHEMA = 1
ALL = "all"
FILES = ("description.json", "description.parquet", "description.html")
# Where there are more pairs, leaks or failures, the numbers tell how many; the lists end here.
MOST_LISTED = 1_000
Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Close:
    """A report that is a copy of a reference text, small changes apart.

    Attributes:
        id: of the report.
        reference: place of the text among the references.
        similarity: Jaccard of their word 5-grams, 0.8 to 1.
    """

    id: str
    reference: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Description:
    """What a set of reports is like.

    Attributes:
        overall: measure -> value over all reports; what does not exist is left out. Names: ``measures.MEASURES``.
        by_document: document -> the same, and the counts by split; empty for texts without documents.
        counts: reports of each document and split against the plan.
        repeated: document -> its most frequent sentence, ``all`` over all.
        near_duplicates: pairs of reports that are alike and were not made to be.
        leaks: withheld reports that print a category.
        insufficient: ids of reports whose facts do not give their label.
        copies: reports that are copies of a reference text.
    """

    overall: Numbers
    by_document: Mapping[str, Numbers]
    counts: tuple[Count, ...]
    repeated: Mapping[str, Repeated]
    near_duplicates: tuple[Pair, ...]
    leaks: tuple[Leak, ...]
    insufficient: tuple[str, ...]
    copies: tuple[Close, ...]

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON values; lists end after ``MOST_LISTED``."""
        return {
            "schema": SCHEMA,
            "multirads_hf": __version__,
            "overall": dict(self.overall),
            "by_document": {document: dict(numbers) for document, numbers in self.by_document.items()},
            "counts": [count.to_json() for count in self.counts],
            "repeated": {document: asdict(own) for document, own in self.repeated.items()},
            "near_duplicates": [asdict(pair) for pair in self.near_duplicates[:MOST_LISTED]],
            "leaks": [asdict(leak) | {"mentions": list(leak.mentions)} for leak in self.leaks[:MOST_LISTED]],
            "insufficient": list(self.insufficient[:MOST_LISTED]),
            "copies": [asdict(copy) for copy in self.copies[:MOST_LISTED]],
        }

    def rows(self) -> Iterator[tuple[str, str, float]]:
        """Yield document (``all`` over all), measure and value of every number."""
        for document, numbers in ((ALL, self.overall), *self.by_document.items()):
            yield from ((document, measure, float(value)) for measure, value in numbers.items())

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``description.json``, ``description.parquet`` and ``description.html``, and return their paths.

        Raises:
            OptionError: ``folder`` is a file.
        """
        import pyarrow as pa  # noqa: PLC0415 (heavy)
        from pyarrow.parquet import write_table  # noqa: PLC0415 (heavy)

        from multirads_hf.describing.page import render  # noqa: PLC0415 (it reads this module)

        place = folder_for(folder)
        place.mkdir(parents=True, exist_ok=True)
        paths = tuple(place / name for name in FILES)
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        paths[0].write_bytes((text + "\n").encode("utf-8", "replace"))
        names = pa.schema([("document", pa.string()), ("measure", pa.string()), ("value", pa.float64())])
        columns = [
            pa.array(column, kind.type) for column, kind in zip(zip(*self.rows(), strict=True), names, strict=True)
        ]
        write_table(pa.Table.from_arrays(columns, schema=names), paths[1], compression="zstd")
        paths[2].write_bytes(render(self).encode("utf-8", "replace"))
        return paths


def folder_for(out: str | Path) -> Path:
    """Return the path of a folder to write to.

    Raises:
        OptionError: it is a file.
    """
    place = Path(out)
    if place.exists() and not place.is_dir():
        raise OptionError(f"out: {str(place)!r} is a file. Allowed: a folder, which is made where there is none.")
    return place
