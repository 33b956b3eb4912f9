"""Registers the builder with ``datasets`` and what scores with ``evaluate``, each in its loading module."""

from __future__ import annotations

from functools import wraps
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from multirads_hf._hook import attempt

DATASET = "multirads"
BUILDER = "multirads_hf.hub.builder"
# Name -> kind of evaluation module, and the module of ours that holds it.
EVALUATIONS = {
    "multirads_f1": ("metric", "multirads_hf.hub.metric"),
    "multirads_corpus": ("measurement", "multirads_hf.hub.measurement"),
    "multirads_compare": ("comparison", "multirads_hf.hub.comparison"),
}


def register(module: ModuleType) -> None:
    """Register with ``datasets.load`` or ``evaluate.loading``, which has been executed."""
    (register_dataset if module.__name__ == "datasets.load" else register_evaluations)(module)


def register_after_execution(spec: ModuleSpec) -> None:
    """Let the loader of ``spec`` register with its module once it has executed it."""
    loader: Any = spec.loader
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        attempt("register", module)

    loader.exec_module = exec_module


def register_dataset(load: Any) -> None:
    """Make ``datasets.load`` know ``multirads``.

    The entry in the table of packaged builders makes the name known. It is not enough: their
    factory would search the working directory for files, so ours stands in for this one name.
    """
    if getattr(load.PackagedDatasetModuleFactory, "serves_multirads", False):
        return
    load.PackagedDatasetModuleFactory = _factory(load)
    load._PACKAGED_DATASETS_MODULES[DATASET] = (BUILDER, "")


def register_evaluations(loading: Any) -> None:
    """Make ``evaluate.loading`` know ``EVALUATIONS``."""
    original: Any = loading.evaluation_module_factory
    if getattr(original, "serves_multirads", False):
        return

    @wraps(original)
    def evaluation_module_factory(path: str, module_type: str | None = None, *args: Any, **kwargs: Any) -> Any:
        kind, home = EVALUATIONS.get(path, ("", ""))
        if not home or module_type not in (None, kind):
            return original(path, module_type, *args, **kwargs)
        from multirads_hf import __version__  # noqa: PLC0415

        return loading.ImportableModule(home, __version__)

    evaluation_module_factory.serves_multirads = True  # type: ignore[attr-defined]
    loading.evaluation_module_factory = evaluation_module_factory


def _factory(load: Any) -> type:
    base: Any = load.PackagedDatasetModuleFactory

    class Factory(base):  # type: ignore[misc]
        serves_multirads = True

        def __init__(self, name: str, data_dir: Any = None, data_files: Any = None, *args: Any, **kwargs: Any) -> None:
            if name == DATASET:
                self.name, self.data_dir, self.data_files = name, data_dir, data_files
            else:
                super().__init__(name, data_dir, data_files, *args, **kwargs)

        def get_module(self) -> Any:
            if self.name == DATASET:
                return _dataset_module(load, self.data_dir, self.data_files)
            return super().get_module()

    return Factory


def _dataset_module(load: Any, data_dir: Any, data_files: Any) -> Any:
    from datasets.data_files import DataFilesDict  # noqa: PLC0415

    from multirads_hf.hub.tables import code_hash, refuse_files  # noqa: PLC0415

    refuse_files(None, data_files)
    # An empty mapping, not None: load_dataset_builder asks for data files where there is None.
    given = {"dataset_name": DATASET, "data_files": DataFilesDict(), "data_dir": data_dir}
    return load.DatasetModule(BUILDER, code_hash(), given)
