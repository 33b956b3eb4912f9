"""The counts of many reports as arrays: a sequence of ``Counts`` that makes its members only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, get_args, overload

from multirads_hf import rads
from multirads_hf.errors import require_name
from multirads_hf.scoring.align import agreement
from multirads_hf.scoring.counts import Counts, Fault
from multirads_hf.scoring.parse import STATES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

FAULTS: tuple[Fault, ...] = get_args(Fault)
ERROR = STATES.index("error")


@dataclass(frozen=True, slots=True, eq=False)
class Tally(Sequence[Counts]):
    """The counts of ``n`` reports.

    Attributes:
        keys: documents.
        names: of the columns of ``fields``, by document.
        document: place of each report's document.
        state: place of its state in ``STATES``.
        expected: place of the reference's category among the document's.
        given: the same of the answer's, -1 for none.
        counted: whether findings were counted.
        totals: true positives, false positives, false negatives over all fields, shape ``(n, 3)``.
        fields: the same by field, shape ``(n, columns, 3)``.
        exact: every finding is right and none is added.
        consistent: the answered category is what the rule makes of the answered findings.
        fault: place in ``FAULTS`` of why a valid category is wrong.
    """

    keys: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    document: Integers
    state: Integers
    expected: Integers
    given: Integers
    counted: Flags
    totals: NDArray[np.int32]
    fields: NDArray[np.int32]
    exact: Flags
    consistent: Flags
    fault: Integers

    @classmethod
    def of(cls, reports: Sequence[Counts]) -> Tally:
        """Return the counts of single reports as arrays."""
        import numpy as np  # noqa: PLC0415

        if isinstance(reports, Tally):
            return reports
        keys = tuple(sorted({report.document for report in reports}))
        agreed = [report.agreement for report in reports]
        named: dict[str, dict[str, None]] = {key: {} for key in keys}
        for report, own in zip(reports, agreed, strict=True):
            named[report.document].update(dict.fromkeys(own.fields if own else ()))
        columns = {key: {name: at for at, name in enumerate(sorted(own))} for key, own in named.items()}
        table = np.zeros((len(reports), max(map(len, columns.values()), default=0), 3), dtype=np.int32)
        for place, (report, own) in enumerate(zip(reports, agreed, strict=True)):
            for name, counts in own.fields.items() if own else ():
                table[place, columns[report.document][name]] = counts
        return cls(
            keys=keys,
            names=tuple(tuple(columns[key]) for key in keys),
            document=np.array([keys.index(report.document) for report in reports]),
            state=np.array([STATES.index(report.state) for report in reports]),
            expected=np.array([place_of(report.document, report.expected) for report in reports]),
            given=np.array([place_of(report.document, report.given) for report in reports]),
            counted=np.array([own is not None for own in agreed]),
            totals=np.array([(own.tp, own.fp, own.fn) if own else (0, 0, 0) for own in agreed], dtype=np.int32),
            fields=table,
            exact=np.array([report.exact for report in reports], dtype=bool),
            consistent=np.array([report.consistent for report in reports], dtype=bool),
            fault=np.array([FAULTS.index(report.fault) for report in reports]),
        )

    @property
    def answered(self) -> Flags:
        """Whether the call did not fail, by report."""
        flags: Flags = self.state != ERROR
        return flags

    @property
    def correct(self) -> Flags:
        """Whether the right category is answered, by report."""
        flags: Flags = self.given == self.expected
        return flags

    def is_of(self, document: str) -> Flags:
        """Return whether each report is of a document; an empty text is any."""
        flags: Flags = self.document == self.keys.index(document) if document else self.document >= 0
        return flags

    def states(self) -> dict[str, int]:
        """Return the number of reports by state, every state present."""
        import numpy as np  # noqa: PLC0415

        return dict(zip(STATES, np.bincount(self.state, minlength=len(STATES)).tolist(), strict=True))

    def labels(self) -> list[str]:
        """Return the categories of references, in guideline order; of reports of one document."""
        import numpy as np  # noqa: PLC0415

        return [rads.get(self.keys[0]).codes[place] for place in np.unique(self.expected).tolist()]

    def asked(self) -> list[tuple[str, str]]:
        """Return the document and the category of the reference, by report."""
        codes = [rads.get(key).codes for key in self.keys]
        pairs = zip(self.document.tolist(), self.expected.tolist(), strict=True)
        return [(self.keys[document], codes[document][category]) for document, category in pairs]

    def take(self, places: Integers | Flags | Sequence[int] | slice) -> Tally:
        """Return some of the reports."""
        return Tally(self.keys, self.names, *(getattr(self, own.name)[places] for own in fields(self)[2:]))

    def by_document(self) -> dict[str, Tally]:
        """Return the reports of each document that has any, sorted by key."""
        return {key: self._of_one(key, own) for key, own in self._places(self.document >= 0)}

    def answered_by_document(self) -> dict[str, tuple[Integers, Tally]]:
        """Return the places of each document's reports whose calls did not fail, and these reports; sorted by key."""
        return {key: (own, self._of_one(key, own)) for key, own in self._places(self.answered)}

    def _places(self, which: Flags) -> Iterator[tuple[str, Integers]]:
        import numpy as np  # noqa: PLC0415

        for key in sorted(self.keys):
            own = np.flatnonzero((self.document == self.keys.index(key)) & which)
            if len(own):
                yield key, own

    def _of_one(self, key: str, places: Integers) -> Tally:
        document = self.keys.index(key)
        values = {own.name: getattr(self, own.name)[places] for own in fields(self)[2:]}
        values |= {"document": values["document"] * 0, "fields": values["fields"][:, : len(self.names[document])]}
        return Tally((key,), (self.names[document],), **values)

    def __len__(self) -> int:
        return len(self.document)

    @overload
    def __getitem__(self, place: int) -> Counts: ...
    @overload
    def __getitem__(self, place: slice) -> Tally: ...
    def __getitem__(self, place: int | slice) -> Counts | Tally:
        if isinstance(place, slice):
            return self.take(place)
        document = int(self.document[place])
        codes = (*rads.get(self.keys[document]).codes, None)
        counted = bool(self.counted[place])
        return Counts(
            document=self.keys[document],
            state=STATES[self.state[place]],
            expected=codes[self.expected[place]] or "",
            given=codes[self.given[place]],
            agreement=agreement(self.names[document], self.fields[place]) if counted else None,
            exact=bool(self.exact[place]),
            consistent=bool(self.consistent[place]),
            fault=FAULTS[self.fault[place]],
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def joined(parts: Sequence[Tally]) -> Tally:
    """Return the reports of several tallies one after another; columns of a document are the same in all."""
    import numpy as np  # noqa: PLC0415

    if len(parts) == 1:
        return parts[0]
    names = {key: own for part in parts for key, own in zip(part.keys, part.names, strict=True)}
    keys = tuple(sorted(names))
    width = max(map(len, names.values()))
    columns = {own.name: [getattr(part, own.name) for part in parts] for own in fields(parts[0])[2:]}
    columns["document"] = [np.array([*map(keys.index, part.keys)])[part.document] for part in parts]
    columns["fields"] = [np.pad(own, ((0, 0), (0, width - own.shape[1]), (0, 0))) for own in columns["fields"]]
    return Tally(keys, tuple(names[key] for key in keys), *map(np.concatenate, columns.values()))


def place_of(document: str, code: str | None) -> int:
    """Return the place of a category among a document's, -1 for None.

    Raises:
        UnknownNameError: the document has no such category.
    """
    known = places(document)
    if code not in known:
        require_name(f"category of {document}", str(code), rads.get(document).codes)
    return known[code]


@lru_cache(maxsize=64)
def places(document: str) -> dict[str | None, int]:
    """Return the place of each category among a document's, -1 for None."""
    return {None: -1, **{code: place for place, code in enumerate(rads.get(document).codes)}}
