"""Prompts: versioned Jinja2 files of ``prompts/``, one a prompt, rendered for one document and report.

A file holds the system message, a line ``=== user ===`` and the user message. ``zero_shot`` names the
allowed categories, the fields and the form of the answer; ``guided`` adds what each category means
and the rule text of the document's lexicon, within `GUIDED_TOKENS`; ``few_shot`` shows examples with
their answers, as turns of the conversation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from multirads_hf import rads
from multirads_hf.errors import LexiconError, require_name
from multirads_hf.running.models import Message, Prompt
from multirads_hf.schema import Document, Field

TASKS = ("extraction", "category")
FEW_SHOT = "few_shot"
# Longest system message of ``guided``, at CHARACTERS_PER_TOKEN.
GUIDED_TOKENS = 3000

_FOLDER = Path(__file__).with_name("prompts")
_TURN = "\n=== user ===\n"
_MODALITIES = {"ct": "CT", "mri": "MRI", "pet_ct": "PET/CT"}
_FORMS = {
    "enum": '"<{0.name}>"',
    "bool": "<true or false>",
    "int": "<number>",
    "float": "<number>",
    "text": '"<{0.name}>"',
}


def names() -> tuple[str, ...]:
    """Return the names of all prompts, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.j2")))


def source(name: str) -> str:
    """Return the template of a prompt, its version in the first line.

    Raises:
        UnknownNameError: there is no such prompt.
    """
    require_name("prompt", name, names())
    return (_FOLDER / f"{name}.j2").read_text(encoding="utf-8")


def messages(
    name: str, task: str, document: Document, report: str, examples: Iterable[Mapping[str, Any]] = ()
) -> tuple[Message, ...]:
    """Return the messages that ask for one report: the system's, the examples' turns, the user's.

    Args:
        name: one of `names`.
        task: ``extraction`` (findings and category) or ``category``.
        document: the RADS by which the report is to be read.
        report: the whole report.
        examples: rows of the dataset, of the same document, to be shown with their answers.

    Raises:
        UnknownNameError: there is no such prompt or task.
        LexiconError: ``guided`` is asked for and the document's lexicon has no rule text.
    """
    require_name("prompt", name, names())
    require_name("task", task, TASKS)
    template, context = _environment().get_template(f"{name}.j2"), _context(task, document)
    system, user = template.render(**context, report=report).split(_TURN, 1)
    # Equal for every report of a document: interned, a run holds it once.
    turns = [{"role": "system", "content": sys.intern(system.strip())}]
    for example in examples:
        shown = template.render(**context, report=example["report"]).split(_TURN, 1)[1]
        turns += [
            {"role": "user", "content": shown.strip()},
            {"role": "assistant", "content": right_answer(task, example)},
        ]
    return *turns, {"role": "user", "content": user.strip()}


def right_answer(task: str, record: Mapping[str, Any]) -> str:
    """Return the answer that is right for a row of the dataset, in the form that prompts ask for."""
    study = json.loads(record["extraction"])
    fields = [name for name in study if name != "document"] if task == "extraction" else ["category"]
    return json.dumps({name: study[name] for name in fields}, ensure_ascii=False)


def ask(name: str, task: str, record: Mapping[str, Any], examples: Sequence[Mapping[str, Any]] = ()) -> Prompt:
    """Return the prompt for one row of the dataset; only its id, document and report are used."""
    document = rads.get(record["document"])
    turns = messages(name, task, document, record["report"], examples)
    shown = tuple(str(example["id"]) for example in examples)
    return Prompt(record["id"], document.key, task, record["report"], turns, shown)


def fingerprint(name: str, task: str, documents: Iterable[Document]) -> str:
    """Return a hash of all that a prompt tells a model: its files, versions, fields and rules."""
    told = [source(name), *(json.dumps(messages(name, task, document, "")) for document in documents)]
    return blake2b("\n".join(told).encode(), digest_size=8).hexdigest()


def answer_form(document: Document, task: str) -> str:
    """Return the form of the JSON answer, with a placeholder for every value."""
    parts = ['"category": "<category>"']
    if task == "extraction":
        parts += map(_form, _asked(document.exam_fields))
        if document.has_lesions:
            parts.append(f'"lesions": [{{{", ".join(map(_form, _asked(document.lesion_fields)))}}}]')
    return f"{{{', '.join(parts)}}}"


def _form(field: Field) -> str:
    if field.kind == "list":
        return f'"{field.name}": [{_FORMS["enum" if field.values else "float"].format(field)}]'
    return f'"{field.name}": {_FORMS[field.kind].format(field)}'


def _asked(fields: Mapping[str, Field]) -> list[Field]:
    return [field for field in fields.values() if not field.derived]


def _context(task: str, document: Document) -> dict[str, Any]:
    return {
        "document": document,
        "task": task,
        "modalities": " or ".join(_MODALITIES.get(modality, modality) for modality in document.modalities),
        "exam_fields": _asked(document.exam_fields),
        "lesion_fields": _asked(document.lesion_fields),
        "form": answer_form(document, task),
        "whole": len(document.part_names) == 1,
        "rules": lambda: _rules(document),
    }


def _rules(document: Document) -> str:
    rules = rads.lexicon(document.key).get("rules")
    if not isinstance(rules, str) or not rules.strip():
        raise LexiconError(f"{document.key}.toml: `rules` is missing, the text of the rule that prompt guided prints.")
    return rules


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    loader = FileSystemLoader(_FOLDER)
    return ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
