"""One page for the browser: a single file with its own styles, figures and script.

It asks no server for anything, and its content policy forbids it to: the only script that may run
is the one whose hash the page names. Whatever a model or a file brought in is escaped.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multirads_hf.errors import OptionError
from multirads_hf.reporting import behind, changed, plots, published, results, views
from multirads_hf.reporting.behind import Behind
from multirads_hf.reporting.results import METRICS, Results

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TITLE = "MultiRADS results"
HOME = "multirads_hf.reporting"


def render(
    runs: Iterable[Results],
    title: str = TITLE,
    *,
    comparisons: Sequence[Mapping[str, Any]] = (),
    answered: Behind | None = None,
) -> str:
    """Return the page. The same results give the same page, byte for byte.

    Args:
        runs: results of one or more runs, as ``multirads score --json`` prints them.
        title: the heading of the page.
        comparisons: of runs on the same reports, as ``multirads compare --json`` prints them; without
            them runs share places while their intervals overlap.
        answered: id of a run -> its reports and answers, for those behind a cell.

    Raises:
        RunError: there are no results, or one lacks its model, number of reports or scores.
    """
    listed = results.checked(runs)
    groups = results.settings(listed)
    shown = [views.view(place, group, comparisons) for place, group in enumerate(groups)]
    held = behind.drill_down({own["id"]: own["run_ids"] for own in shown}, answered or {})
    css, js = part("page.css"), part("page.js")
    return template("page.html.j2").render(
        title=title, settings=shown, matrices=_matrices(shown, groups), metrics=METRICS, shades=range(plots.SHADES),
        css=css, js=js, css_hash=digest(css), js_hash=digest(js), text=results.text, count=results.count,
        percent=_percent, missing=results.MISSING, changed=changed.changes(listed), published=published.stated(),
        behind={name: behind.packed(own) for name, own in held.items()},
        most=behind.MOST_A_CELL,
    )  # fmt: skip


def _matrices(shown: Sequence[views.View], groups: Sequence[Sequence[Results]]) -> dict[str, Any]:
    return {
        own["id"]: {
            "names": own["names"],
            "matrices": views.confusions(results.ordered(group, own["metric"].key), own["documents"]),
        }
        for own, group in zip(shown, groups, strict=True)
    }


def write(runs: Iterable[Results], path: str | Path, title: str = TITLE, **more: Any) -> Path:
    """Write the page to ``path``, making its folder, and return the path.

    Args:
        runs: as for ``render``.
        path: of the file.
        title: the heading of the page.
        **more: ``comparisons`` and ``answered`` of ``render``.

    Raises:
        RunError: there are no results, or one lacks what every run has.
        OptionError: ``path`` is a folder.
    """
    path = Path(path)
    if path.is_dir():
        raise OptionError(f"out: {path} is a folder. Allowed: the path of a file, for example {path / 'report.html'}.")
    page = render(runs, title, **more)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode("utf-8", "replace"))
    return path


@cache
def part(name: str, package: str = HOME) -> str:
    """Return the text of a file in the folder ``template`` of a package."""
    return files(package).joinpath("template", name).read_text(encoding="utf-8")


@cache
def template(name: str, package: str = HOME) -> Template:
    """Return a template of a package; it may import those that stand beside this module."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(home, "template") for home in dict.fromkeys((package, HOME))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = _breakable
    return environment.get_template(name)


def _breakable(name: str) -> Markup:
    """Return the name of a run as it may break: within the model's, and before the prompt."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    model, dot, prompt = name.partition(" · ")
    shown = Markup("<wbr>").join(escape(part) for part in re.split(r"(?<=[_:/-])", model))
    return (
        shown + Markup('<span class="prompt"><span class="apart">{}</span>{}</span>').format(dot, prompt)
        if dot
        else shown
    )


def _percent(found: results.Estimate | None) -> str:
    return results.MISSING if found is None else f"{100 * found.value:.1f}%"


def digest(source: str) -> str:
    """Return how a content policy names a style or script that a page may use."""
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
