"""One page for the browser: a single file with its own styles, figures and script.

It asks no server for anything, and its content policy forbids it to: the only script that may run
is the one whose hash the page names. Whatever a model or a file brought in is escaped.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from multirads_hf.errors import OptionError
from multirads_hf.reporting import plots, results, views
from multirads_hf.reporting.results import METRICS, Results

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TITLE = "MultiRADS results"


def render(runs: Iterable[Results], title: str = TITLE) -> str:
    """Return the page. The same results give the same page, byte for byte.

    Args:
        runs: results of one or more runs, as ``multirads score --json`` prints them.
        title: the heading of the page.

    Raises:
        RunError: there are no results, or one lacks its model, number of reports or scores.
    """
    groups = results.settings(results.checked(runs))
    shown = [views.view(place, group) for place, group in enumerate(groups)]
    matrices = {
        own["id"]: {
            "names": own["names"],
            "matrices": views.confusions(results.ordered(group, own["metric"].key), own["documents"]),
        }
        for own, group in zip(shown, groups, strict=True)
    }
    css, js = _part("page.css"), _part("page.js")
    return _template().render(
        title=title, settings=shown, matrices=matrices, metrics=METRICS, shades=range(plots.SHADES),
        css=css, js=js, css_hash=_hash(css), js_hash=_hash(js), text=results.text, count=results.count,
        percent=_percent, missing=results.MISSING,
    )  # fmt: skip


def write(runs: Iterable[Results], path: str | Path, title: str = TITLE) -> Path:
    """Write the page to ``path``, making its folder, and return the path.

    Raises:
        RunError: there are no results, or one lacks what every run has.
        OptionError: ``path`` is a folder.
    """
    path = Path(path)
    if path.is_dir():
        raise OptionError(f"out: {path} is a folder. Allowed: the path of a file, for example {path / 'report.html'}.")
    page = render(runs, title)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode("utf-8", "replace"))
    return path


@cache
def _part(name: str) -> str:
    return files("multirads_hf.reporting").joinpath("template", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("multirads_hf.reporting", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    return environment.get_template("page.html.j2")


def _breakable(name: str) -> Markup:
    from markupsafe import Markup, escape  # noqa: PLC0415

    parts = re.split(r"(?<=[_:/-])", name)
    return Markup("<wbr>").join(escape(part) for part in parts)


def _percent(found: results.Estimate | None) -> str:
    return results.MISSING if found is None else f"{100 * found.value:.1f}%"


def _hash(source: str) -> str:
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
