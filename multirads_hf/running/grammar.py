"""Grammar decoding for local models: no token is sampled that the schema of the answer does not allow.

By xgrammar. It holds from the first token on, so a model that is to think first cannot be held so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from multirads_hf.errors import MissingExtraError
from multirads_hf.running.endpoint.constraining import answer_schema
from multirads_hf.running.models import Prompt

EXTRA = "pip install 'multirads-hf[constrained]'"


class Grammars:
    """The grammars of answers over the tokens of one model, each compiled once.

    Args:
        tokenizer: of transformers.
        vocab_size: of the network; it may be larger than the tokenizer's.
        ends: ids of the tokens that end an answer.

    Raises:
        MissingExtraError: xgrammar is not installed.
    """

    def __init__(self, tokenizer: Any, vocab_size: int, ends: Iterable[int]) -> None:
        try:
            import xgrammar  # noqa: PLC0415 (heavy)
        except ImportError as error:
            raise MissingExtraError(f"constrained: hf models need xgrammar ({error}). Install: {EXTRA}") from error
        known = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocab_size, stop_token_ids=sorted(ends))
        self._compiler = xgrammar.GrammarCompiler(known)
        self._compiled: dict[tuple[str, str], Any] = {}

    def processor(self, prompts: Sequence[Prompt]) -> Any:
        """Return the logits processor of one batch, one grammar a row."""
        from xgrammar.contrib.hf import LogitsProcessor  # noqa: PLC0415 (heavy)

        return LogitsProcessor([self._grammar(prompt.document, prompt.task) for prompt in prompts])

    def _grammar(self, key: str, task: str) -> Any:
        if (key, task) not in self._compiled:
            schema = answer_schema(key, task)
            # Free whitespace lets a model print blanks until its budget ends.
            self._compiled[key, task] = self._compiler.compile_json_schema(schema, any_whitespace=False)
        return self._compiled[key, task]
