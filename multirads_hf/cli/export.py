"""The verb export: tasks for other harnesses."""

from __future__ import annotations

from typing import Any

import click

from multirads_hf.cli.corpus import condition_option, seed_option
from multirads_hf.cli.output import note
from multirads_hf.errors import require_name

HARNESSES = ("lm-eval",)


@click.command(short_help="Write tasks for lm-evaluation-harness.")
@click.argument("harness")
@click.option("--out", required=True, help="Folder to write; it may hold other exports.")
@click.option("--prompt", default="zero_shot", show_default=True, help="'zero_shot' or 'guided' (with the RADS rules).")
@click.option("--task", default="extraction", show_default=True, help="'extraction' (findings too) or 'category'.")
@click.option("--split", default="test", show_default=True, help="Split to ask about; examples come from train.")
@condition_option
@seed_option
def export(harness: str, out: str, **options: Any) -> None:
    """Write a folder of tasks for another harness, made from the documents.

    HARNESS is lm-eval: one task a document, a group a RADS, and the group multirads over all.
    inspect-ai needs no folder: it finds multirads_hf/tirads, and multirads_hf/all, by itself.

    \b
    Examples
      $ multirads export lm-eval --out tasks
      $ multirads export lm-eval --out tasks --prompt guided --task category
    """  # noqa: D301
    require_name("harness", harness, HARNESSES)
    from multirads_hf.bridges import lm_eval_folder  # noqa: PLC0415

    files = lm_eval_folder.write(out, **options)
    click.echo(f"{len(files)} files in {out}")
    # The last file is the group of all tasks.
    group = files[-1].stem.removesuffix("_group")
    note(f"Next: lm_eval --include_path {out} --tasks {group} --model hf --model_args pretrained=MODEL")
