"""Models behind one protocol. A backend is one module of this folder, named by the kind of its specs.

A spec is ``<kind>:<name>``. The module ``<kind>.py`` has ``open_model(name, options)``; a further
folder on ``__path__``, or an entry point of group ``multirads_hf.models`` whose name is the kind
and whose object is such a function, adds kinds without touching this package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Any, Protocol

from multirads_hf.errors import RunError, UnknownNameError, allowed, shown
from multirads_hf.running.options import MAX_NEW_TOKENS, Options, options_of, require_number

__all__ = [
    "CHARACTERS_PER_TOKEN", "MAX_NEW_TOKENS", "Completion", "Message", "Model", "Options", "Prompt", "kinds",
    "open_model", "options_of", "require_number", "short_name", "split_spec",
]  # fmt: skip
ENTRY_POINTS = "multirads_hf.models"
# The usual estimate for English.
CHARACTERS_PER_TOKEN = 4

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
        examples: ids of the records that the messages show with their answers.
    """

    record_id: str
    document: str
    task: str
    report: str
    messages: tuple[Message, ...]
    examples: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Hash of the messages."""
        told = "\0".join(part for message in self.messages for part in (message["role"], message["content"]))
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    @property
    def estimated_tokens(self) -> int:
        """Its length in tokens, by the usual estimate."""
        return sum(len(message["content"]) for message in self.messages) // CHARACTERS_PER_TOKEN

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
        finish_reason: ``stop`` (the model ended), ``length`` (the budget did) or a server's own word,
            such as ``content_filter``; None when failed.
        prompt_tokens: tokens of the prompt, where the backend counts them.
        completion_tokens: tokens of the answer, where the backend counts them.
        latency_s: seconds of the call that held this prompt; a batch is one call.
        error: why the call failed, None when it did not. A wrong answer is no error.
        attempts: calls that it took.
        reasoning: what the model thought, where the backend gives it apart from the answer.
        lost_prompt_tokens: tokens of prompts of calls that came to nothing, where a server counted them.
        lost_completion_tokens: tokens of answers of such calls.
    """

    record_id: str
    text: str | None = None
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    latency_s: float | None = None
    error: str | None = None
    attempts: int = 1
    reasoning: str | None = None
    lost_prompt_tokens: int = 0
    lost_completion_tokens: int = 0


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
        """Yield one completion for each prompt as soon as it is there, in any order.

        A model whose calls cost takes the prompts one by one: under a budget they may end early.
        """
        ...


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
        spec: ``baseline:majority``, ``baseline:bow``, ``baseline:lexicon``, ``hf:<path or repo>``,
            ``openai:<base url>#<model>``, ``router:<model>``, ``answers:<file>``, or a kind of your own.
        **options: fields of `Options`.

    Raises:
        UnknownNameError: no such kind, or no such model of that kind.
        OptionError: an unknown option, or a value that is not allowed.
        MissingExtraError: the backend needs packages that are not installed.
        RunError: the model cannot be loaded.
    """
    chosen = options_of(options)
    kind, name = split_spec(spec)
    return _opener(kind)(name, chosen)


def split_spec(spec: str) -> tuple[str, str]:
    """Return kind and name of a spec.

    Raises:
        UnknownNameError: no such kind, or no name.
    """
    kind, colon, name = str(spec).partition(":")
    forms = [f"{known}:<name>" for known in kinds()]
    if not colon or not name or kind not in kinds():
        raise UnknownNameError(f"Unknown model {shown(spec)}. {allowed(spec, forms)}")
    return kind, name


def short_name(spec: str) -> str:
    """Return a spec without the address of its server."""
    kind, _, name = spec.partition(":")
    return f"{kind}:{name.rpartition('#')[2]}"


def _opener(kind: str) -> OpenModel:
    if kind in _modules():
        opener: OpenModel = import_module(f"{__name__}.{kind}").open_model
        return opener
    try:
        registered: OpenModel = _registered()[kind].load()
    except Exception as error:
        raise RunError(f"Model kind {kind!r}: its entry point {_registered()[kind].value!r} fails: {error}") from error
    return registered
