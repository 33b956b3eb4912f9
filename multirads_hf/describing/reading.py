"""Texts and rows from files: a built corpus, Parquet, JSON Lines, CSV or plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from multirads_hf.corpus import SPLITS
from multirads_hf.errors import OptionError, allowed, require_name

TEXT_COLUMNS = ("report", "text", "note", "findings")
SUFFIXES = (".parquet", ".jsonl", ".csv", ".txt")


def rows_of(
    folder: str | Path, config: str = "all", splits: Sequence[str] = (), num_reports: int | None = None
) -> dict[str, Any]:
    """Return split -> rows of a built corpus, the names of labels in place of their numbers.

    Args:
        folder: what ``multirads build`` wrote.
        config: one of its configs.
        splits: the splits to read, all by default.
        num_reports: rows of each split, all by default.

    Raises:
        OptionError: it is no built corpus.
        UnknownNameError: it has no such config or split.
    """
    place = Path(folder) / "data"
    configs = sorted(path.name for path in place.glob("*") if any(path.glob("*.parquet")))
    if not configs:
        raise OptionError(
            f"folder: {str(folder)!r} holds no data/CONFIG/*.parquet. Allowed: a folder that `multirads build` wrote."
        )
    require_name(f"config of {folder}", config, configs)
    files: dict[str, list[Path]] = {}
    for path in sorted((place / config).glob("*.parquet")):
        files.setdefault(path.name.split("-")[0], []).append(path)
    order = sorted(files, key=lambda split: SPLITS.index(split) if split in SPLITS else len(SPLITS))
    chosen = [require_name(f"split of {folder}", split, order) for split in splits or order]
    return {split: [row for path in files[split] for row in _decoded(path)][:num_reports] for split in chosen}


def texts_of(given: str | Path | Sequence[str]) -> list[str]:
    """Return the texts of a file, of a folder, or of a list.

    Args:
        given: texts; a Parquet, JSONL or CSV file with a column ``report``, ``text``, ``note`` or ``findings``; a text
            file; or a folder, either a built corpus (its config ``all``) or one with such files.

    Raises:
        OptionError: there are no texts, no such path, no such column, or a file of another kind.
    """
    if not isinstance(given, (str, Path)):
        found = list(given)
        wrong = next((place for place, text in enumerate(found) if not isinstance(text, str)), None)
        if wrong is not None:
            raise OptionError(f"references[{wrong}]: got {type(found[wrong]).__name__}. Allowed: a text.")
    else:
        found = [text for path in _files(Path(given)) for text in _texts(path)]
    found = [text for text in found if text.strip()]
    if not found:
        raise OptionError(f"references: {_named(given)} holds no text. Allowed: at least one.")
    return found


def _named(given: Any) -> str:
    return repr(str(given)) if isinstance(given, (str, Path)) else "the list"


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise OptionError(f"references: there is no {str(path)!r}. Allowed: a file or a folder.")
    whole = sorted((path / "data" / "all").glob("*.parquet"))
    found = whole or sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
    if not found:
        raise OptionError(f"references: {str(path)!r} holds no file of texts. Allowed: {', '.join(SUFFIXES)}.")
    return found


def _texts(path: Path) -> Iterator[str]:
    if path.suffix not in SUFFIXES:
        raise OptionError(f"references: {str(path)!r} is of an unknown kind. {allowed(path.suffix, SUFFIXES)}")
    if path.suffix == ".txt":
        return iter([path.read_text(encoding="utf-8", errors="replace")])
    return _column(path)


def _column(path: Path) -> Iterator[str]:
    try:
        if path.suffix == ".jsonl":
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
            own = _text_column(path, list(dict.fromkeys(name for row in rows for name in row)))
            return iter([str(row.get(own) or "") for row in rows])
        table = _table(path)
        return iter([str(text or "") for text in table.column(_text_column(path, table.column_names)).to_pylist()])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError(f"references: {str(path)!r} cannot be read ({error}). Allowed: a table of texts.") from error


def _table(path: Path) -> Any:
    if path.suffix == ".parquet":
        from pyarrow.parquet import read_table  # noqa: PLC0415 (heavy)

        return read_table(path)
    from pyarrow.csv import ParseOptions, read_csv  # noqa: PLC0415 (heavy)

    return read_csv(path, parse_options=ParseOptions(newlines_in_values=True))


def _text_column(path: Path, columns: Sequence[str]) -> str:
    found = next((name for name in TEXT_COLUMNS if name in columns), None)
    if found is None:
        raise OptionError(
            f"references: {str(path)!r} has the columns {', '.join(columns) or '(none)'}. "
            f"Allowed: one of {', '.join(TEXT_COLUMNS)}."
        )
    return found


def _decoded(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of a built corpus; the features that it carries name its labels."""
    from pyarrow.parquet import read_table  # noqa: PLC0415 (heavy)

    table = read_table(path)
    carried = json.loads((table.schema.metadata or {}).get(b"huggingface", b"{}"))
    features = carried.get("info", {}).get("features", {})
    names = {c: kind["names"] for c, kind in features.items() if isinstance(kind, dict) and "names" in kind}
    for row in table.to_pylist():
        yield row | {column: known[row[column]] for column, known in names.items()}
