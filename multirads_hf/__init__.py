"""Synthetic, exactly labelled radiology reports over the RADS.

After installation ``datasets.load_dataset("multirads")`` and ``evaluate.load("multirads_f1")``
work in every process; importing this package is not needed for that. It imports nothing else
until a name is used::

    import multirads_hf as mr

    mr.get("tirads").categorise({"lesions": [...]})  # the guideline's rule
    next(mr.records(split="test"))                   # one row of the dataset
    mr.score(predictions, references)                # the metric, with intervals
"""

from multirads_hf import _hook
from multirads_hf._version import __version__

TYPE_CHECKING = False  # as ``typing`` has it; importing ``typing`` would cost every start-up
if TYPE_CHECKING:
    from multirads_hf.corpus import records
    from multirads_hf.errors import MultiradsError
    from multirads_hf.rads import documents, get
    from multirads_hf.scoring.score import score

__all__ = ["MultiradsError", "__version__", "documents", "get", "records", "score"]

_HOMES = {
    "MultiradsError": "multirads_hf.errors",
    "documents": "multirads_hf.rads",
    "get": "multirads_hf.rads",
    "records": "multirads_hf.corpus",
    "score": "multirads_hf.scoring",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_hook.install()
