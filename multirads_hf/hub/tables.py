"""Rows of the corpus as Arrow tables. Apart from the builder, inside whose module datasets replaces ``open``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from multirads_hf import __version__, corpus, rads
from multirads_hf.errors import OptionError, require_name, shown
from multirads_hf.hub.features import features, label_names

# Small enough that the workers of a small split all get some, large enough that a table costs nothing beside its rows.
SHARD_ROWS = 250
_PACKAGE = Path(__file__).parent.parent
# Modules and packages that rows depend on, beside the documents.
_SOURCES = ("draw", "schema", "corpus", "hub/builder", "hub/features", "hub/rxl_radset", "hub/tables")


def ranges(config: str, split: str, options: corpus.Options) -> list[tuple[int, int]]:
    """Return the ranges of rows, stop excluded, into which a split is cut; one empty range when it has none."""
    size = corpus.split_size(config, split, options)
    return [(start, min(start + SHARD_ROWS, size)) for start in range(0, size, SHARD_ROWS)] or [(0, 0)]


def table(config: str, split: str, start: int, stop: int, options: corpus.Options) -> Any:
    """Return rows ``start`` to ``stop`` of a split as a ``pyarrow.Table`` of the schema of ``features()``.

    Args:
        config: ``all`` or a system.
        split: a split of the corpus.
        start: first row.
        stop: one past the last row.
        options: the dials of the corpus.
    """
    return rows_table(corpus.records(config, split, start, stop, **options.given()))


def rows_table(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return records as a ``pyarrow.Table``, the names of labels replaced by their numbers."""
    import pyarrow as pa  # noqa: PLC0415

    listed, schema = list(rows), features().arrow_schema
    numbers = {column: {name: i for i, name in enumerate(names)} for column, names in label_names().items()}
    arrays = []
    for column in schema:
        number = numbers.get(column.name)
        values = [row[column.name] for row in listed]
        if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
            arrays.append(_lists_of_structs(values, column.type))
        else:
            numbers_or_values = [None if v is None else number[v] for v in values] if number else values
            arrays.append(pa.array(numbers_or_values, column.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _lists_of_structs(rows: Sequence[Sequence[Mapping[str, Any]]], kind: Any) -> Any:
    """Return lists of mappings as an array, field by field: several times faster than from the mappings."""
    import pyarrow as pa  # noqa: PLC0415

    offsets = pa.array(list(accumulate(map(len, rows), initial=0)), pa.int32())
    values = itemgetter(*(field.name for field in kind.value_type))
    by_field = list(zip(*map(values, chain.from_iterable(rows)), strict=True)) or [()] * len(kind.value_type)
    columns = [pa.array(column, field.type) for column, field in zip(by_field, kind.value_type, strict=True)]
    structs = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(offsets, structs, kind)


def check_options(config: str | None, given: Mapping[str, Any]) -> corpus.Options:
    """Return the options given with a config; None stands for a default.

    Raises:
        UnknownNameError: no such config, condition, document and so on.
        OptionError: no such option, or a number that is not allowed.
    """
    require_name("config", "all" if config is None else config, corpus.configs())
    return corpus.options(given)


def refuse_files(data_dir: object, data_files: object) -> None:
    """Raise OptionError when files are given: the corpus is generated, not read."""
    for name, value in (("data_dir", data_dir), ("data_files", data_files)):
        if value:
            raise OptionError(
                f"multirads: {name} = {shown(value)}. Allowed: none, since the corpus is generated. "
                "A folder that `multirads build --out DIR` wrote is read by load_dataset('DIR')."
            )


def code_hash() -> str:
    """Return a hash of the version and of all code and facts that rows depend on, 16 hex digits.

    It names a folder in the cache of datasets, so that rows of other code are never served. The schema is
    part of it, since datasets 3 cannot read the description of a schema that a later version has cached.
    """
    digest = sha256(__version__.encode())
    digest.update(features().arrow_schema.metadata[b"huggingface"])
    for path in sources():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sources() -> Iterator[Path]:
    """Yield the files of ``code_hash``: modules, lexicons and tables of facts."""
    for name in _SOURCES:
        module = (_PACKAGE / name).with_suffix(".py")
        yield from [module] if module.is_file() else _files(_PACKAGE / name)
    for folder in rads.__path__:
        yield from _files(Path(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
