"""Writes the corpus as a folder that ``load_dataset(DIR)`` and the Hub read: Parquet files and a card.

The layout of the files depends on the rows alone, so the same call writes the same bytes however many
processes make the rows (under the same versions of pyarrow and datasets).
"""

from __future__ import annotations

import json
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from multirads_hf import corpus
from multirads_hf.errors import OptionError, require_name, shown
from multirads_hf.hub.card import BUILD_MARKER, Build, BuiltSplit, render
from multirads_hf.hub.features import features, label_names
from multirads_hf.hub.tables import check_options, ranges, rows_table

# The viewer of the Hub and readers that filter fetch whole row groups: some 2 MB each at this size.
GROUP_ROWS = 500
FILE_ROWS = 40 * GROUP_ROWS
PARTIAL = ".partial"
# Ranges of rows that each worker may be ahead.
AHEAD = 4
T = TypeVar("T")


def write_folder(
    out: str | Path,
    config: str = "all",
    splits: Sequence[str] | None = None,
    *,
    num_proc: int = 1,
    progress: bool = True,
    overwrite: bool = False,
    **given: Any,
) -> list[Path]:
    """Write Parquet files and a card from which ``load_dataset(out)`` works.

    Config ``all`` brings the configs of the systems with it; they hold its rows.

    Args:
        out: folder that is new, empty, or an earlier build, which is replaced once all is written.
        config: ``all`` or a system.
        splits: the splits to write, all by default.
        num_proc: processes that make rows.
        progress: whether to show a bar in a terminal.
        overwrite: write into a folder that holds something else, replacing ``data`` and ``README.md`` in it.
        **given: the dials of the corpus, see ``multirads_hf.corpus.Options``.

    Returns:
        The files written, the card last.

    Raises:
        UnknownNameError: no such config, split, condition, document and so on.
        OptionError: no such dial, a number that is not allowed, or a folder that must not be written to.
    """
    options = check_options(config, given)
    chosen = [require_name("split", split, corpus.SPLITS) for split in splits or corpus.SPLITS]
    if isinstance(num_proc, bool) or not isinstance(num_proc, int) or num_proc < 1:
        raise OptionError(f"build: num_proc = {shown(num_proc)}. Allowed: a whole number from 1 up.")
    with _partial_folder(_checked_folder(Path(out), overwrite)) as folder:
        built = []
        with _mapper(num_proc) as mapper, _bar(config, chosen, options, progress) as bar:
            for split in chosen:
                made = mapper(partial(_records, config, split, options), ranges(config, split, options))
                built += _write_split(folder, config, split, made, bar)
        card = render(Build(options, tuple(built)))
        (folder / "README.md").write_text(card, encoding="utf-8")
        return _publish(folder, Path(out), built)


def _checked_folder(folder: Path, overwrite: bool) -> Path:
    """Create the folder if need be, and return it if it may be written to."""
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"build: out = {str(folder)!r} is a file. Allowed: a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    strangers = sorted(path.name for path in folder.iterdir() if path.name != PARTIAL)
    if strangers and not overwrite and not _is_build(folder):
        raise OptionError(
            f"build: out = {str(folder)!r} holds {strangers[0]!r} and is no earlier build. "
            "Allowed: a new or empty folder, an earlier build, or any folder with overwrite."
        )
    return folder


def _is_build(folder: Path) -> bool:
    card = folder / "README.md"
    return card.is_file() and BUILD_MARKER in card.read_text(encoding="utf-8", errors="replace")


@contextmanager
def _partial_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty hidden folder inside ``folder``, which is gone afterwards."""
    place = folder / PARTIAL
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _publish(ready: Path, folder: Path, built: Sequence[BuiltSplit]) -> list[Path]:
    """Move what is complete to its place: the rows first, then the card that names them."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    for name in ("data", "README.md"):
        (ready / name).replace(folder / name)
    return [*(folder / path for split in built for path in split.paths), folder / "README.md"]


def _records(config: str, split: str, options: corpus.Options, rows: tuple[int, int]) -> list[dict[str, Any]]:
    """Return one range of rows. Runs in the workers, which so need not import pyarrow and datasets."""
    return list(corpus.records(config, split, *rows, **options.given()))


@contextmanager
def _mapper(num_proc: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Yield an ordered ``map`` over this process or over ``num_proc`` others."""
    if num_proc == 1:
        yield map
        return
    # Spawned, not forked: pyarrow has threads by now.
    with ProcessPoolExecutor(num_proc, mp_context=get_context("spawn")) as pool:
        yield partial(_in_order, pool, AHEAD * num_proc)


def _in_order(pool: Executor, most: int, work: Callable[[T], Any], tasks: Iterable[T]) -> Iterator[Any]:
    """Yield the results of tasks in order; at most ``most`` run or wait to be taken, so that memory stays flat."""
    waiting: deque[Future[Any]] = deque()
    for task in tasks:
        if len(waiting) == most:
            yield waiting.popleft().result()
        waiting.append(pool.submit(work, task))
    while waiting:
        yield waiting.popleft().result()


def _bar(config: str, splits: Sequence[str], options: corpus.Options, progress: bool) -> Any:
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415

    total = sum(corpus.split_size(config, split, options) for split in splits)
    shown_in_terminal = None
    return tqdm(  # type: ignore[no-untyped-call]
        total=total, unit=" reports", desc="Building", disable=shown_in_terminal if progress else True
    )


def _write_split(
    folder: Path, config: str, split: str, made: Iterator[list[dict[str, Any]]], bar: Any
) -> list[BuiltSplit]:
    """Write one split of ``config``, and under ``all`` its rows again, each for its system.

    A system without rows has no such split: datasets cannot load one that is empty.
    """
    import pyarrow.compute as pc  # noqa: PLC0415

    whole = _SplitFiles(folder, config, split)
    parts = [_SplitFiles(folder, system, split) for system in (label_names()["system"] if config == "all" else ())]
    for records in made:
        rows = rows_table(records)
        whole.add(rows)
        for number, part in enumerate(parts):
            part.add(rows.filter(pc.equal(rows["system"], number)))
        bar.update(rows.num_rows)
    return [built for files in (whole, *parts) if (built := files.close()).rows]


class _SplitFiles:
    """The files of one split of one config, of ``FILE_ROWS`` rows each, in row groups of ``GROUP_ROWS``."""

    def __init__(self, folder: Path, config: str, split: str) -> None:
        self.folder, self.config, self.split = folder, config, split
        self.rows = self.memory = 0
        self.schema = features().arrow_schema.with_metadata({b"huggingface": _portable_features()})
        self.pending = self.schema.empty_table()
        self.paths: list[Path] = []
        self.writer: Any = None

    def add(self, rows: Any) -> None:
        """Append a table, writing every row group that is full."""
        import pyarrow as pa  # noqa: PLC0415

        self.pending = pa.concat_tables([self.pending, rows.cast(self.schema)])
        while self.pending.num_rows >= GROUP_ROWS:
            self._write(self.pending.slice(0, GROUP_ROWS))
            self.pending = self.pending.slice(GROUP_ROWS)

    def close(self) -> BuiltSplit:
        """Write what is left, give the files their names and return what they hold."""
        if self.pending.num_rows:
            self._write(self.pending)
        if self.writer is not None:
            self.writer.close()
        paths = [path.replace(path.with_name(self._name(i))) for i, path in enumerate(self.paths)]
        return BuiltSplit(
            self.config, self.split, self.rows, self.memory, sum(path.stat().st_size for path in paths),
            tuple(path.relative_to(self.folder).as_posix() for path in paths),
        )  # fmt: skip

    def _name(self, number: int) -> str:
        return f"{self.split}-{number:05d}-of-{len(self.paths):05d}.parquet"

    def _write(self, group: Any) -> None:
        if self.rows % FILE_ROWS == 0:
            self._open_next()
        self.writer.write_table(group)
        self.rows += group.num_rows
        self.memory += group.nbytes

    def _open_next(self) -> None:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        if self.writer is not None:
            self.writer.close()
        path = self.folder / "data" / self.config / f"{self.split}-{len(self.paths):05d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.paths.append(path)
        self.writer = ParquetWriter(path, self.schema, compression="zstd", write_page_index=True)


def _portable_features() -> bytes:
    """Return the features as JSON with lists written as lists, which every version of datasets reads.

    datasets 4 and later write ``{"_type": "List"}``, which datasets 3 does not know.
    """
    return json.dumps({"info": {"features": _without_list_type(features().to_dict())}}).encode()


def _without_list_type(feature: Any) -> Any:
    if isinstance(feature, list):
        return [_without_list_type(part) for part in feature]
    if not isinstance(feature, dict):
        return feature
    if feature.get("_type") == "List":
        return [_without_list_type(feature["feature"])]
    return {name: _without_list_type(part) for name, part in feature.items()}
