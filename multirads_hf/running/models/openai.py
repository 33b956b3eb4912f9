"""``openai:<base url>#<model>``: a server that speaks the OpenAI chat-completions protocol.

vLLM, llama.cpp, Ollama, TGI, SGLang, ``transformers serve``, OpenAI itself. The base URL ends where
``/chat/completions`` begins: ``openai:http://localhost:8000/v1#Qwen/Qwen3-8B``.

A key is read from MULTIRADS_API_KEY and sent to whatever server is named; OPENAI_API_KEY is sent to
OpenAI, and to the host of OPENAI_BASE_URL, alone.
"""

from __future__ import annotations

from os import environ
from urllib.parse import SplitResult, urlsplit

from multirads_hf.errors import UnknownNameError, shown
from multirads_hf.running.endpoint import ChatModel, Endpoint
from multirads_hf.running.models import Model, Options

OPENAI_HOST = "api.openai.com"
FORM = "openai:<base url>#<model>, such as openai:http://localhost:8000/v1#Qwen/Qwen3-8B"


def open_model(name: str, options: Options) -> Model:
    """Open a model of a server; nothing is called yet.

    Raises:
        UnknownNameError: the name is not a URL and a model.
    """
    url, _, model = name.partition("#")
    parts = _parts(url)
    if not model or parts is None:
        raise UnknownNameError(f"Unknown model {shown(f'openai:{name}')}. Allowed: {FORM}.")
    plain = url.rstrip("/")
    return ChatModel(Endpoint(f"openai:{plain}#{model}", plain, model, _key(parts)), options)


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an http URL; what could hide a password in a run's name is none."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if good and parts.username is None and not parts.query else None


def _key(parts: SplitResult) -> str | None:
    if own := environ.get("MULTIRADS_API_KEY"):
        return own
    trusted = {OPENAI_HOST, urlsplit(environ.get("OPENAI_BASE_URL", "")).hostname}
    return environ.get("OPENAI_API_KEY") or None if parts.hostname in trusted else None
