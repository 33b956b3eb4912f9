"""Models behind one protocol. A backend is one module of this folder, named by the kind of its specs.

A spec is ``<kind>:<name>``. The module ``<kind>.py`` has ``open_model(name, options)``; a further
folder on ``__path__``, or an entry point of group ``multirads_hf.models`` whose name is the kind
and whose object is such a function, adds kinds without touching this package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Any, Protocol

from multirads_hf.errors import OptionError, RunError, UnknownNameError, allowed, shown

ENTRY_POINTS = "multirads_hf.models"
# A thinking-free extraction of four lesions takes about 400 tokens; a budget that cuts answers
# short is scored as truncated, so the default leaves room.
MAX_NEW_TOKENS = 1024
BATCH_SIZE = 8

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked about one report.

    Attributes:
        record_id: the row of the dataset; the answer carries it back.
        document: key of the RADS document.
        task: ``extraction`` or ``category``.
        report: the report alone, for models that need no instructions.
        messages: ``role`` and ``content`` of each turn, the last one the user's.
    """

    record_id: str
    document: str
    task: str
    report: str
    messages: tuple[Message, ...]

    @property
    def text(self) -> str:
        """The turns as one text, for models without a chat template."""
        return "\n\n".join(message["content"] for message in self.messages) + "\n\n"


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back for one prompt: an answer, or a call that failed.

    Attributes:
        record_id: the prompt's.
        text: raw model text, None when the call failed.
        finish_reason: ``stop`` (the model ended) or ``length`` (the budget did); None when failed.
        prompt_tokens: tokens of the prompt, where the backend counts them.
        completion_tokens: tokens of the answer, where the backend counts them.
        latency_s: seconds of the call that held this prompt; a batch is one call.
        error: why the call failed, None when it did not. A wrong answer is no error.
    """

    record_id: str
    text: str | None = None
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    latency_s: float | None = None
    error: str | None = None


class Model(Protocol):
    """Anything that answers prompts."""

    @property
    def name(self) -> str:
        """The spec by which results name it."""
        ...

    @property
    def revision(self) -> str:
        """What answers under that name: a commit, a hash of the weights, a version."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """What else decides the answers (decoding, precision): part of a run's identity."""
        ...

    @property
    def engine(self) -> Mapping[str, Any]:
        """What is worth logging but is no part of it: versions, device, batch size."""
        ...

    def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        """Yield one completion for each prompt as soon as it is there, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a model. A backend reads those that concern it.

    Attributes:
        batch_size: prompts of one local call.
        max_new_tokens: longest answer, in tokens.
        dtype: ``auto`` (as stored), ``float32``, ``float16`` or ``bfloat16``.
        device: ``auto`` (CUDA where there is one, else CPU) or a torch device.
    """

    batch_size: int = BATCH_SIZE
    max_new_tokens: int = MAX_NEW_TOKENS
    dtype: str = "auto"
    device: str = "auto"

    def __post_init__(self) -> None:
        for option in ("batch_size", "max_new_tokens"):
            value = getattr(self, option)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise OptionError(f"{option}: got {shown(value)}. Allowed: a whole number from 1.")


OpenModel = Callable[[str, Options], Model]


def _modules() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def _registered() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}


def kinds() -> tuple[str, ...]:
    """Return the kinds of specs that can be opened, sorted."""
    return tuple(sorted({*_modules(), *_registered()}))


def open_model(spec: str, **options: Any) -> Model:
    """Open the model that a spec names.

    Args:
        spec: ``baseline:majority``, ``baseline:bow``, ``baseline:lexicon`` or ``hf:<path or repo>``.
        **options: fields of `Options`.

    Raises:
        UnknownNameError: no such kind, or no such model of that kind.
        OptionError: an unknown option, or a value that is not allowed.
        MissingExtraError: the backend needs packages that are not installed.
        RunError: the model cannot be loaded.
    """
    names = [option.name for option in fields(Options)]
    for option in options:
        if option not in names:
            raise OptionError(f"Unknown option {shown(option)} of model {shown(spec)}. {allowed(option, names)}")
    kind, colon, name = str(spec).partition(":")
    forms = [f"{known}:<name>" for known in kinds()]
    if not colon or not name or kind not in kinds():
        raise UnknownNameError(f"Unknown model {shown(spec)}. {allowed(spec, forms)}")
    return _opener(kind)(name, Options(**options))


def _opener(kind: str) -> OpenModel:
    if kind in _modules():
        opener: OpenModel = import_module(f"{__name__}.{kind}").open_model
        return opener
    try:
        registered: OpenModel = _registered()[kind].load()
    except Exception as error:
        raise RunError(f"Model kind {kind!r}: its entry point {_registered()[kind].value!r} fails: {error}") from error
    return registered
