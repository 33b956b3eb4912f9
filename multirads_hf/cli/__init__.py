"""The command ``multirads``: one verb a command, each of which parses and calls one function.

What a verb needs is imported when it runs, so that ``--help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from multirads_hf._version import __version__
from multirads_hf.cli.output import one_line_errors
from multirads_hf.errors import require_name

# Verb -> module that holds it, in the order in which they are used.
VERBS = {
    "build": "corpus",
    "documents": "corpus",
    "show": "corpus",
    "describe": "describing",
    "run": "runs",
    "sweep": "sweeping",
    "score": "runs",
    "compare": "compare",
    "report": "runs",
    "export": "export",
    "publish": "publish",
    "verify": "verify",
}


class Verbs(click.Group):
    """The group: it finds verbs in their modules and turns errors of this package into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which they are used."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return a verb.

        Raises:
            UnknownNameError: there is no such verb.
        """
        del ctx
        require_name("verb", cmd_name, VERBS)
        command: click.Command = getattr(import_module(f"{__name__}.{VERBS[cmd_name]}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; what the user can put right ends it with one line and exit code 2."""
        with one_line_errors():
            return super().invoke(ctx)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="multirads")
def main() -> None:
    """Synthetic radiology reports with exact RADS labels: build them, ask models, score the answers.

    \b
    Examples
      $ multirads build --out corpus
      $ multirads run baseline:lexicon --split test
      $ multirads score
      $ multirads report --out report.html
    """  # noqa: D301 (click reads \b as "keep these lines")
