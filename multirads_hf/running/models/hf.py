"""``hf:<path or repo>``: a causal language model of the Hub or of a local folder, by transformers.

``hf:<repo>@<revision>`` pins a branch, tag or commit. Decoding is greedy with no penalties,
whatever generation config the model ships, so that two runs differ by their weights alone.
"""

from __future__ import annotations

from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from multirads_hf.errors import MissingExtraError, OptionError, RunError, allowed, shown
from multirads_hf.running.continuous import require_continuous
from multirads_hf.running.local import HfModel
from multirads_hf.running.models import Model, Options

EXTRA = "pip install 'multirads-hf[run]'"
DTYPES = ("auto", "float32", "float16", "bfloat16")
# Files of a model folder that decide its answers: weights, configs, tokenizer, chat template.
DECISIVE = (".json", ".safetensors", ".bin", ".model", ".txt", ".jinja", ".py")
# transformers renamed ``torch_dtype`` to ``dtype`` in this version.
DTYPE_SINCE = (4, 56)


def open_model(name: str, options: Options) -> Model:
    """Load tokenizer and model of a folder or a Hub repository.

    Raises:
        MissingExtraError: torch, transformers or xgrammar is needed and not installed.
        OptionError: an unknown dtype or device, or what local models cannot be asked for.
        RunError: the folder or repository cannot be found or loaded.
    """
    try:
        import torch  # noqa: PLC0415 (heavy)
        import transformers  # noqa: PLC0415 (heavy)
    except ImportError as error:
        raise MissingExtraError(f"hf:{name} needs torch and transformers ({error}). Install: {EXTRA}") from error
    if options.constrained and options.thinking == "on":
        raise OptionError(
            "constrained: got thinking on. Allowed for hf: thinking auto or off; a grammar lets none through."
        )
    if options.batching == "continuous":
        require_continuous(name, options.constrained)
    dtype, device = _dtype(options.dtype), _device(options.device)
    key = "dtype" if tuple(map(int, transformers.__version__.split(".")[:2])) >= DTYPE_SINCE else "torch_dtype"
    repo, revision = _located(name)
    pinned = {} if Path(repo).is_dir() else {"revision": revision}
    how: dict[str, Any] = {key: dtype, **pinned}
    if options.quantization is not None:  # such weights are placed while they are loaded
        how |= {"quantization_config": dict(options.quantization), "device_map": device}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(repo, **pinned)
        network = transformers.AutoModelForCausalLM.from_pretrained(repo, **how).eval()
        network = network if options.quantization is not None else network.to(torch.device(device))
    except (OSError, ValueError, RuntimeError, ImportError, KeyError) as error:
        raise RunError(f"hf:{name}: cannot be loaded: {shown(str(error), 300)}") from error
    if options.thinking != "auto" and not tokenizer.chat_template:
        raise OptionError(f"thinking: got {shown(options.thinking)}. Allowed: auto, hf:{name} has no chat template.")
    return HfModel(name, revision, tokenizer, network, options)


def _dtype(name: str) -> Any:
    import torch  # noqa: PLC0415 (heavy)

    if name not in DTYPES:
        raise OptionError(f"dtype: got {shown(name)}. {allowed(name, DTYPES)}")
    return name if name == "auto" else getattr(torch, name)


def _device(name: str) -> str:
    import torch  # noqa: PLC0415 (heavy)

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
        raise OptionError(f"device: got {shown(name)}, which torch refuses: {shown(str(error), 120)}.") from error
    return name


def _located(name: str) -> tuple[str, str]:
    """Return where a model is and its revision: the hash of a folder, the commit of a repository."""
    if Path(name).is_dir():
        return name, f"sha256:{_folder_hash(Path(name))}"
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 (heavy)

    repo, _, asked = name.partition("@")
    try:
        config = hf_hub_download(repo, "config.json", revision=asked or None)
    except (OSError, ValueError) as error:
        raise RunError(f"hf:{name}: no such folder, and no such repository: {shown(str(error), 300)}") from error
    return repo, Path(config).parent.name  # .../snapshots/<commit>/config.json


def _folder_hash(folder: Path) -> str:
    total = sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in DECISIVE and path.is_file():
            with path.open("rb") as file:
                total.update(f"{path.name} {file_digest(file, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()[:16]
