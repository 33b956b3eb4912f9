"""Models behind one protocol. A backend is one module of this folder, named by the kind of its specs.

A spec is ``<kind>:<name>``. The module ``<kind>.py`` has ``open_model(name, options)``; a further
folder on ``__path__``, or an entry point of group ``multirads_hf.models`` whose name is the kind
and whose object is such a function, adds kinds without touching this package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Any, Protocol

from multirads_hf.errors import OptionError, RunError, UnknownNameError, allowed, require_name, shown

ENTRY_POINTS = "multirads_hf.models"
# A thinking-free extraction of four lesions takes about 400 tokens; a budget that cuts answers
# short is scored as truncated, so the default leaves room.
MAX_NEW_TOKENS = 1024
BATCH_SIZE = 8
# The usual estimate for English.
CHARACTERS_PER_TOKEN = 4
THINKING = ("auto", "on", "off")

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


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a model. A backend reads those that concern it.

    Attributes:
        batch_size: prompts of one local call.
        max_new_tokens: longest answer, in tokens.
        dtype: ``auto`` (as stored), ``float32``, ``float16`` or ``bfloat16``.
        device: ``auto`` (CUDA where there is one, else CPU) or a torch device.
        quantization: quantisation config of a local model, as transformers takes it.
        temperature: of sampling on a server; 0 is greedy.
        thinking: ``on``, ``off``, or ``auto``: as the model does by default.
        constrained: hold the answer to the JSON Schema of the task.
        concurrency: calls to a server at once.
        requests_per_minute: calls to a server in any minute, None for as many as there are.
        tokens_per_minute: tokens in any minute, by estimate, None for as many as there are.
        timeout_s: seconds that one call to a server may take.
        attempts: calls for one prompt until its failure stands; being told to wait is no failure.
    """

    batch_size: int = BATCH_SIZE
    max_new_tokens: int = MAX_NEW_TOKENS
    dtype: str = "auto"
    device: str = "auto"
    quantization: Mapping[str, Any] | None = None
    temperature: float = 0.0
    thinking: str = "auto"
    constrained: bool = False
    concurrency: int = 16
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout_s: float = 600.0
    attempts: int = 6

    def __post_init__(self) -> None:
        for name in ("batch_size", "max_new_tokens", "concurrency", "attempts"):
            require_number(name, getattr(self, name), whole=True)
        for name in ("requests_per_minute", "tokens_per_minute", "timeout_s"):
            if name == "timeout_s" or getattr(self, name) is not None:
                require_number(name, getattr(self, name))
        if self.temperature != 0:
            require_number("temperature", self.temperature)
        require_name("thinking", self.thinking, THINKING)


def require_number(name: str, value: object, *, whole: bool = False) -> None:
    """Raise OptionError unless ``value`` is a finite number above 0, or a whole one from 1."""
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not (number and 0 < value < float("inf")):  # type: ignore[operator]
        allowed_here = "a whole number from 1" if whole else "a number above 0"
        raise OptionError(f"{name}: got {shown(value)}. Allowed: {allowed_here}.")


def options_of(given: Mapping[str, Any]) -> Options:
    """Return options by name.

    Raises:
        OptionError: an unknown option, or a value that is not allowed.
    """
    names = [option.name for option in fields(Options)]
    for option in given:
        if option not in names:
            raise OptionError(f"Unknown option {shown(option)} of a model. {allowed(option, names)}")
    return Options(**given)


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


def _opener(kind: str) -> OpenModel:
    if kind in _modules():
        opener: OpenModel = import_module(f"{__name__}.{kind}").open_model
        return opener
    try:
        registered: OpenModel = _registered()[kind].load()
    except Exception as error:
        raise RunError(f"Model kind {kind!r}: its entry point {_registered()[kind].value!r} fails: {error}") from error
    return registered
