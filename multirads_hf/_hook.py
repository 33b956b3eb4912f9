"""Makes ``load_dataset("multirads")`` and ``evaluate.load("multirads_f1")`` and its kin work with no import.

A ``.pth`` file of the installation imports this package at every start of Python, and the package
calls ``install``. That puts one finder on ``sys.meta_path``, which has ``hub/register.py`` register
our builder and our metrics when ``datasets`` or ``evaluate`` is imported. A process that uses neither
pays for this module alone. Hence it is short (where no bytecode may be written, every start compiles
it), imports nothing that Python has not imported itself, and its finder is duck-typed: a subclass of
the class in ``importlib.abc`` costs a start-up 30 ms.

``MULTIRADS_HF_NO_HOOK=1`` switches all of it off.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OFF = "MULTIRADS_HF_NO_HOOK"
TRUE = ("1", "ON", "YES", "TRUE")  # what huggingface_hub takes for true in its own variables
MODULES = ("datasets.load", "evaluate.loading")


def install() -> None:
    """Register with what is imported already, and with the rest at its import."""
    if os.environ.get(OFF, "").upper() in TRUE:
        return
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    for name in MODULES:
        module = sys.modules.get(name)
        if module is not None and not getattr(module.__spec__, "_initializing", False):
            attempt("register", module)


class Finder:
    """Finds nothing itself: lets each of ``MODULES`` be registered with once it has been executed."""

    def find_spec(self, name: str, path: "Any" = None, target: "Any" = None) -> "Any":
        """Return the spec that the other finders give for one of ``MODULES``, None for any other name."""
        if name not in MODULES:
            return None
        found = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, found), None)
        if spec is not None:
            attempt("register_after_execution", spec)
        return spec


def attempt(step: str, subject: "Any") -> None:
    """Call one function of ``hub/register.py``; a failure becomes one log line.

    A log line and not a warning: who turns warnings into errors must still be able to import datasets.
    """
    try:
        from multirads_hf.hub import register  # noqa: PLC0415

        getattr(register, step)(subject)
    except Exception as error:
        import logging  # noqa: PLC0415

        message = "multirads_hf is not registered with %s (%s: %s). %s=1 silences this."
        logging.getLogger("multirads_hf").warning(message, subject, type(error).__name__, error, OFF)
