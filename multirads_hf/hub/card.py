"""The dataset card: prose from ``card_text.md``, tables and front matter from the typed objects.

``python -m multirads_hf.hub.card --write`` renders it into ``dataset_card.md``, ``--check`` fails when that is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from multirads_hf import __version__, corpus, rads
from multirads_hf.errors import OptionError, allowed, shown
from multirads_hf.hub.features import COLUMNS, features
from multirads_hf.schema import Document

TEXT = Path(__file__).with_name("card_text.md")
BUILD_MARKER = "<!-- generated:build -->"
_MARKED = re.compile(r"(?P<open><!-- generated:(?P<name>\w+) -->\n).*?(?P<close><!-- /generated -->)", re.DOTALL)
# Upper bounds of the size classes of the Hub: hub-docs, datasetcard.md.
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGER = "n>1M"
# Labels that the card lists one by one.
MOST_CODES = 30
ABOUT_SPLITS = {
    "train": "every category of a document equally often",
    "validation": "as `train`",
    "test": "the counts per document, modality and category that RXL-RADSet published",
    "test_balanced": "as `train`",
    "test_unseen": "scenarios and phrases that `train` never uses",
    "test_contrast": "pairs of reports that differ in one finding: the category flips, or it must not",
    "test_styles": "each study told by all five writers",
    "test_noisy": "the studies of `test` with dictation errors, typos, other units and lost headings",
}


@dataclass(frozen=True, slots=True)
class BuiltSplit:
    """One split of one config as it was written.

    Attributes:
        config: name of the config.
        split: name of the split.
        rows: number of reports.
        memory: bytes of the rows in Arrow.
        disk: bytes of the files.
        paths: the files, relative to the folder.
    """

    config: str
    split: str
    rows: int
    memory: int
    disk: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """What was built, and from what."""

    options: corpus.Options
    splits: tuple[BuiltSplit, ...]

    def configs(self) -> dict[str, list[BuiltSplit]]:
        """Return the splits of each config, in the order in which they were built."""
        found: dict[str, list[BuiltSplit]] = {}
        for split in self.splits:
            found.setdefault(split.config, []).append(split)
        return found


def render(build: Build | None = None) -> str:
    """Return the card: of the dataset as such, or of one build with its files and sizes."""
    front = _front_matter(build).to_yaml()
    return f"---\n{front}\n---\n\n{fill(TEXT.read_text(encoding='utf-8'), build)}"


def fill(text: str, build: Build | None = None) -> str:
    """Return ``text`` with everything between ``<!-- generated:NAME -->`` markers made anew.

    Raises:
        OptionError: a marker of an unknown name.
    """

    def section(found: re.Match[str]) -> str:
        if found["name"] not in _SECTIONS:
            raise OptionError(f"card: unknown marker {shown(found['name'])}. {allowed(found['name'], _SECTIONS)}")
        return f"{found['open']}{_SECTIONS[found['name']](build)}\n{found['close']}"

    return _MARKED.sub(section, text)


def _front_matter(build: Build | None) -> Any:
    from huggingface_hub import DatasetCardData  # noqa: PLC0415

    card = DatasetCardData(
        language=["en"],
        license="cc-by-4.0",
        annotations_creators=["machine-generated"],
        language_creators=["machine-generated"],
        pretty_name="MultiRADS",
        size_categories=[_size_category(build)],
        source_datasets=["original"],
        task_categories=["text-classification", "text-generation"],
        task_ids=["multi-class-classification"],
        tags=["radiology", "medical", "synthetic", "structured-extraction", *_system_names(), "mlcroissant"],
    )
    if build is not None:
        _add_build(card, build)
    return card


def _add_build(card: Any, build: Build) -> None:
    """Add ``configs`` and ``dataset_info``, by which ``load_dataset`` finds files, features and sizes."""
    from datasets import DatasetInfo  # noqa: PLC0415
    from datasets.info import DatasetInfosDict  # noqa: PLC0415
    from datasets.splits import SplitDict, SplitInfo  # noqa: PLC0415

    first = next(iter(build.configs()))
    card["configs"] = [
        {
            "config_name": config,
            **({"default": True} if config == first else {}),
            "data_files": [{"split": s.split, "path": f"data/{config}/{s.split}-*.parquet"} for s in splits],
        }
        for config, splits in build.configs().items()
    ]
    infos = {
        config: DatasetInfo(
            features=features(),
            splits=SplitDict({s.split: SplitInfo(s.split, num_bytes=s.memory, num_examples=s.rows) for s in splits}),
            download_size=sum(s.disk for s in splits),
            dataset_size=sum(s.memory for s in splits),
        )
        for config, splits in build.configs().items()
    }
    DatasetInfosDict(infos).to_dataset_card_data(card)


def _system_names() -> list[str]:
    return sorted({document.system_names[0].lower().removeprefix("acr ") for document in rads.documents()})


def _size_category(build: Build | None) -> str:
    rows = sum(_split_rows(build).values())
    return next((name for bound, name in _SIZES if rows < bound), _LARGER)


def _split_rows(build: Build | None) -> dict[str, int]:
    """Return the reports of each split of the first config."""
    if build is None:
        return {split: corpus.split_size("all", split) for split in corpus.SPLITS}
    return {split.split: split.rows for split in next(iter(build.configs().values()))}


def _build_table(build: Build | None) -> str:
    if build is None:
        return f"Version {__version__}."
    chosen = {"seed": build.options.seed, "condition": build.options.condition, **build.options.given()}
    dials = ", ".join(f"{name} `{value}`" for name, value in chosen.items())
    return f"This copy: version {__version__}, {dials}."


def _documents_table(_: Build | None) -> str:
    rows = [
        (f"`{d.key}`", f"`{d.system}`", d.title, d.edition, ", ".join(d.modalities), d.source) for d in rads.documents()
    ]
    return _table(("document", "config", "title", "edition", "modalities", "source"), rows)


def _categories_table(_: Build | None) -> str:
    rows = [(f"`{d.key}`", len(d.codes), _codes(d)) for d in rads.documents()]
    return _table(("document", "number", "categories"), rows)


def _codes(document: Document) -> str:
    """Return the labels; of a document with very many the core labels, and examples of the whole ones."""
    if len(document.codes) <= MOST_CODES:
        return ", ".join(f"`{code}`" for code in document.codes)
    longest = sorted(document.codes, key=len)[-3:]
    core, whole = (", ".join(f"`{code}`" for code in codes) for codes in (document.core_codes, longest))
    return f"{core}, with modifiers such as {whole}"


def _splits_table(build: Build | None) -> str:
    rows = [(f"`{split}`", f"{number:,}", ABOUT_SPLITS.get(split, "")) for split, number in _split_rows(build).items()]
    return _table(("split", "reports", "what it holds"), rows)


def _fields_table(_: Build | None) -> str:
    rows = [(f"`{name}`", _type_name(kind), COLUMNS[name]) for name, kind in features().items()]
    return _table(("field", "type", "meaning"), rows)


def _type_name(feature: Any) -> str:
    inner = getattr(feature, "feature", feature[0] if isinstance(feature, list) else None)
    if inner is not None:
        return f"list of {_type_name(inner)}"
    if isinstance(feature, dict):
        return "{" + ", ".join(feature) + "}"
    names = getattr(feature, "names", None)
    return f"label of {len(names)}" if names else str(feature.dtype)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


_SECTIONS: dict[str, Callable[[Build | None], str]] = {
    "build": _build_table,
    "categories": _categories_table,
    "documents": _documents_table,
    "fields": _fields_table,
    "splits": _splits_table,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the card, or return 1 when the written one is stale."""
    import argparse  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="python -m multirads_hf.hub.card", description="Write or check the dataset card."
    )
    parser.add_argument("path", nargs="?", type=Path, default=Path("dataset_card.md"))
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="render the card into PATH")
    what.add_argument("--check", action="store_true", help="fail when PATH is not what would be written")
    given = parser.parse_args(arguments)
    if given.write:
        given.path.write_text(render(), encoding="utf-8")
    elif not given.path.is_file() or given.path.read_text(encoding="utf-8") != render():
        print(f"{given.path} is stale: run python -m multirads_hf.hub.card --write")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
