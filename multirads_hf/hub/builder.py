"""The builder of ``load_dataset("multirads")``. One source for datasets 3.6 to 5.2.

It is thin, since datasets replaces ``open``, ``os.path`` and ``pathlib`` inside the module of a builder; rows are
made in ``hub/tables.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from inspect import signature
from typing import Any

import datasets

from multirads_hf import __version__, corpus
from multirads_hf.hub import rxl_radset
from multirads_hf.hub.features import features
from multirads_hf.hub.tables import check_options, code_hash, ranges, refuse_files, rows_table, table

DESCRIPTION = "Synthetic radiology reports over the RADS, labelled by the guidelines' rules from structured findings."
LICENSE = "cc-by-4.0"


@dataclass
class MultiradsConfig(datasets.BuilderConfig):  # type: ignore[misc]
    """One config: ``all`` or the reports of one system; the options are those of ``multirads_hf.corpus.Options``."""

    num_reports: int | None = None
    seed: int = 0
    condition: str = "withheld"
    documents: Sequence[str] = ()
    modalities: Sequence[str] = ()
    categories: Sequence[str] = ()
    weights: Mapping[str, float] | Sequence[tuple[str, float]] = ()
    profiles: Sequence[str] = ()
    noise: int | None = None

    def create_config_id(self, config_kwargs: dict[str, Any], custom_features: Any = None) -> str:
        """Return the name of the cache folder. Options that are given their defaults do not show in it."""
        others = {name: value for name, value in config_kwargs.items() if name not in corpus.OPTION_NAMES}
        return str(super().create_config_id(others | self.options().given(), custom_features))

    def options(self) -> corpus.Options:
        """Return the options, checked."""
        return corpus.options({name: getattr(self, name) for name in corpus.OPTION_NAMES})


class Multirads(datasets.ArrowBasedBuilder):  # type: ignore[misc]
    """Generates the corpus. Shards are ranges of rows, and a row depends on its number alone."""

    VERSION = datasets.Version(__version__)
    BUILDER_CONFIG_CLASS = MultiradsConfig
    BUILDER_CONFIGS = tuple(
        MultiradsConfig(name, datasets.Version(__version__)) for name in (*corpus.configs(), rxl_radset.CONFIG)
    )
    DEFAULT_CONFIG_NAME = "all"

    def __init__(
        self,
        cache_dir: str | None = None,
        dataset_name: str | None = None,
        config_name: str | None = None,
        *,
        data_dir: Any = None,
        data_files: Any = None,
        **kwargs: Any,
    ) -> None:
        given = {name: value for name, value in kwargs.items() if name not in _names_of_datasets()}
        # Ours however the class was found: datasets would hash a loading script without the package behind it.
        kwargs["hash"] = code_hash()
        if config_name == rxl_radset.CONFIG:
            kwargs["hash"] = rxl_radset.checked(data_dir, data_files, given)
            kwargs["data_dir"] = str(data_dir)
        else:
            refuse_files(data_dir, data_files)
            check_options(config_name, given)
        super().__init__(cache_dir, dataset_name or "multirads", config_name, **kwargs)

    def _info(self) -> Any:
        return datasets.DatasetInfo(description=DESCRIPTION, features=features(), license=LICENSE)

    def _split_generators(self, dl_manager: Any) -> list[Any]:  # noqa: ARG002
        if self.config.name == rxl_radset.CONFIG:
            return [datasets.SplitGenerator(name=rxl_radset.SPLIT, gen_kwargs={"split": "", "shards": [(0, 0)]})]
        name, options = self.config.name, self.config.options()
        return [
            datasets.SplitGenerator(name=split, gen_kwargs={"split": split, "shards": ranges(name, split, options)})
            for split in corpus.SPLITS
        ]

    def _generate_tables(self, split: str, shards: list[tuple[int, int]]) -> Iterator[tuple[int, Any]]:
        options = self.config.options()
        if self.config.name == rxl_radset.CONFIG:
            yield 0, rows_table(rxl_radset.records(self.config.data_dir, options.condition))
            return
        for start, stop in shards:
            yield start, table(self.config.name, split, start, stop, options)


def _names_of_datasets() -> set[str]:
    """Return the arguments that datasets itself passes to a builder."""
    builder = signature(datasets.DatasetBuilder.__init__).parameters
    return {*builder, *(field.name for field in fields(datasets.BuilderConfig))}
