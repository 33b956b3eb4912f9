"""How verbs print: JSON for programs, tables for people, one line for an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from typing import Any

import click

from multirads_hf.errors import MultiradsError

BAD_INPUT, INTERRUPTED = 2, 130

# Where output is no terminal there is no edge to fit to; COLUMNS overrides it.
PIPED_COLUMNS = 220


def print_json(value: Any) -> None:
    """Print a value as JSON, UTF-8 as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_rich(*parts: Any) -> None:
    """Print tables and texts as wide as the terminal; NO_COLOR and pipes get no colour."""
    from rich.console import Console  # noqa: PLC0415 (slow to import)

    console = Console(highlight=False)
    if not console.is_terminal and not environ.get("COLUMNS"):
        console = Console(highlight=False, width=PIPED_COLUMNS)
    for part in parts:
        console.print(part)


def note(line: str) -> None:
    """Print a line for the person at the terminal, apart from what is piped on."""
    click.echo(line, err=True)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End with one line: code 2 for what the user can put right, 130 where the user stopped it."""
    try:
        yield
    except KeyboardInterrupt:
        note("Stopped. What was written is kept; the same command goes on from there.")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise
    except (MultiradsError, OSError) as error:
        note(f"Error: {' '.join(str(error).split())}")
        raise click.exceptions.Exit(BAD_INPUT) from None
