"""What a run is: all that decides its answers, hashed into its id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

# What the id of a run is made of. The number of records is no part of it: a longer run goes on
# from a shorter one. Each answer is tied to the content of its record instead.
IDENTITY = (
    "model", "revision", "prompt", "prompt_hash", "task", "condition", "split", "config", "seed", "settings",
    "runner_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What a run is, and how far it got.

    Attributes:
        run_id: hash of `IDENTITY`.
        revision: of the model: a commit, a hash of its weights, or a version.
        settings: the model's generation settings.
        n: records that the run was asked for.
        dataset_fingerprint: hash of those records.
        created: UTC time of the first call, ISO 8601.
        engines: what ran it: versions, device and batch size of every call.
        answered: records with an answer or an error.
        errors: those whose call failed.
    """

    run_id: str
    model: str
    revision: str
    prompt: str
    prompt_hash: str
    task: str
    condition: str
    split: str
    config: str
    seed: int
    settings: Mapping[str, Any]
    runner_version: str
    n: int
    dataset_fingerprint: str
    created: str = ""
    engines: tuple[Mapping[str, Any], ...] = ()
    answered: int = 0
    errors: int = 0


def content_hash(*parts: object) -> str:
    """Return 16 hexadecimal digits that name ``parts``, which JSON can write."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def dataset_fingerprint(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the hash of records, whatever their order."""
    return content_hash(sorted(content_hash(record) for record in records))


def run_id(**identity: Any) -> str:
    """Return the id of a run from its `IDENTITY`."""
    return content_hash([[name, identity[name]] for name in IDENTITY])
