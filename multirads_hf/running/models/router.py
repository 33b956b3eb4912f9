"""``router:<model>``: a model of the Hub, served by the Inference Providers of Hugging Face.

``router:openai/gpt-oss-120b`` lets the router choose, ``router:openai/gpt-oss-120b:groq`` names the
provider; name one where numbers are to be repeated. The token is that of ``hf auth login`` or HF_TOKEN.
"""

from __future__ import annotations

from multirads_hf.errors import RunError
from multirads_hf.running.endpoint import ChatModel, Endpoint
from multirads_hf.running.models import Model, Options

URL = "https://router.huggingface.co/v1"


def open_model(name: str, options: Options) -> Model:
    """Open a model of the router; nothing is called yet.

    Raises:
        RunError: there is no token.
    """
    from huggingface_hub import get_token  # noqa: PLC0415 (heavy)

    token = get_token()
    if token is None:
        raise RunError(f"router:{name}: there is no token. `hf auth login` or HF_TOKEN gives one.")
    return ChatModel(Endpoint(f"router:{name}", URL, name, token), options)
