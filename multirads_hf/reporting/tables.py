"""Tables and texts for the terminal. Plain text stays readable where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.style import Style
from rich.table import Table
from rich.text import Text

from multirads_hf.reporting import naming, published, results
from multirads_hf.reporting.results import Estimate, Results

BESIDE = ("category_accuracy", "validity")
# Columns that are shown only where runs differ in them.
TELLING = ("prompt", "task", "split", "config", "condition", "seed")
# Beyond this number of runs a table by document shows values without intervals.
MOST_WITH_INTERVALS = 5
EXAM_LEVEL = -1
# Answers that are not a model's own: shown where there are any. Heading -> state.
ENDED = {"failed": "error", "cut off": "truncated"}
# Names of models are folded beyond this, never before it; those of published rows where they are longer than all runs'.
MODEL_WIDTH = 24
# Columns of a terminal from which on an interval stands beside its value.
WIDE = 100
# Names of the sixteen colours that every terminal has, in the theme that its user chose.
COLOURS = (
    "cyan",
    "magenta",
    "green",
    "yellow",
    "blue",
    "red",
    "bright_cyan",
    "bright_magenta",
    "bright_green",
    "bright_yellow",
)


def plain(value: object) -> Text:
    """Return any value as text for the terminal: no markup is read, no control codes pass."""
    return Text("".join(letter if letter.isprintable() else "?" for letter in str(value)))


class Interval:
    """An estimate in a table: on one line where there is room, else the interval below the value."""

    def __init__(self, found: Estimate | None) -> None:
        self.lines = results.text(found).split(" ", 1)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the least and the best width; in a narrow terminal rich would cut other columns for the best."""
        least = max(map(len, self.lines))
        return Measurement(least, len(" ".join(self.lines)) if options.max_width >= WIDE else least)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield one line or two."""
        whole = " ".join(self.lines)
        yield Text(
            whole if len(whole) <= options.max_width else "\n".join(self.lines), justify="right", overflow="fold"
        )


def leaderboard(runs: Iterable[Results]) -> Table:
    """Return runs, best first, each number with its interval.

    Runs that answered other reports, or other questions, follow in a section of their own; last comes what others
    published.

    Raises:
        RunError: there are no results, or one lacks its model, number of reports or scores.
    """
    listed = results.checked(runs)
    telling = [key for key in TELLING if len({str(run.get(key)) for run in listed}) > 1]
    shown = list(dict.fromkeys((results.headline(listed).key, *BESIDE)))
    table = new_table("#")
    ended = [heading for heading, state in ENDED.items() if any(results.states(run, state) for run in listed)]
    longest = max(len(str(run["model"])) for run in listed)
    table.add_column("model", overflow="fold", min_width=min(MODEL_WIDTH, longest), max_width=max(MODEL_WIDTH, longest))
    for heading in telling:
        table.add_column(heading)
    for key in shown:
        table.add_column(results.metric_of(key).title, justify="right")
    for heading in ("n", *ended):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len("1,600"))
    for group in results.settings(listed):
        _add_group(table, group, telling, shown, ended)
        table.add_section()
    _add_published(table, telling, shown, ended)
    return table


def new_table(*headings: str) -> Table:
    """Return an empty table in the one style of this package."""
    return Table(*headings, header_style="bold", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


def _add_group(
    table: Table, group: Sequence[Results], telling: Sequence[str], shown: Sequence[str], ended: Sequence[str]
) -> None:
    own = results.headline(group).key
    runs = results.ordered(group, own)
    for run, place in zip(runs, results.ranks(runs, own), strict=True):
        scores = (Interval(results.estimate(run, key)) for key in shown)
        states = (results.count(results.states(run, ENDED[heading])) for heading in ended)
        settings = (plain(run.get(key) or results.MISSING) for key in telling)
        table.add_row(place, plain(run["model"]), *settings, *scores, results.count(run["n"]), *states)


def _add_published(table: Table, telling: Sequence[str], shown: Sequence[str], ended: Sequence[str]) -> None:
    stated = published.stated()
    for row in stated["rows"]:
        scores = (results.text(published.score(row, key)) for key in shown)
        settings = (plain(row.get(key, results.MISSING)) for key in telling)
        states = [results.MISSING] * len(ended)
        prompt = "" if "prompt" in telling else f", {row['prompt']}"
        name = plain(f"{stated['name']}: {row['model']}{prompt}")
        table.add_row(
            results.MISSING, name, *settings, *scores, results.count(row["predictions"]), *states, style="dim"
        )
    table.caption = f"{stated['name']}: as published ({stated['source']}); {stated['note']}"


def by_score(runs: Iterable[Results]) -> Table:
    """Return every score of every run, runs as columns, best first.

    Raises:
        RunError: there are no results, or one lacks its model, number of reports or scores.
    """
    listed = results.checked(runs)
    keys = results.score_keys(listed)
    rows = {results.metric_of(key).title: (key, None) for key in keys}
    return _columns("score", listed, rows, results.headline(listed).key)


def by_document(runs: Iterable[Results], key: str | None = None) -> Table:
    """Return one score of every run in every document, runs as columns, best first.

    Args:
        runs: results of runs.
        key: of the score; the one that runs are ranked by when None.

    Raises:
        RunError: there are no results, or one lacks its model, number of reports or scores.
    """
    listed = results.checked(runs)
    metric = results.metric_of(key) if key else results.headline(listed)
    rows = {document: (metric.key, document) for document in results.documents(listed)}
    return _columns(f"{metric.title} of", listed, rows, metric.key)


def _columns(heading: str, runs: Sequence[Results], rows: Mapping[str, tuple[str, str | None]], order: str) -> Table:
    ranked = results.ordered(runs, order)
    table = new_table(heading)
    for name in naming.run_names(ranked):
        table.add_column(plain(name), justify="right", overflow="fold")
    for name, (key, document) in rows.items():
        found = [results.estimate(run, key, document) for run in ranked]
        if len(ranked) > MOST_WITH_INTERVALS:
            found = [one and Estimate(one.value) for one in found]
        table.add_row(name, *(Interval(one) for one in found))
    return table


def documents(listed: Iterable[Mapping[str, Any]]) -> Table:
    """Return the RADS documents as a table.

    Args:
        listed: mappings with ``key``, ``title``, ``edition``, ``modalities`` and ``categories``.
    """
    table = new_table("document", "title", "edition", "modalities", "categories")
    for document in listed:
        codes = document["categories"]
        table.add_row(
            document["key"], document["title"], document["edition"], ", ".join(document["modalities"]), _some(codes)
        )
    return table


def _some(codes: Sequence[str], most: int = 8) -> str:
    return ", ".join(codes[:most]) + (f" and {len(codes) - most} more" if len(codes) > most else "")


def report_view(record: Mapping[str, Any]) -> RenderableType:
    """Return a report with its facts in colour, the facts as a list, the label and the reasons.

    Args:
        record: one row of the dataset.
    """
    styles = _styles(record["facts"])
    report = plain_lines(record["report"])
    for fact in record["facts"]:
        report.stylize(styles[fact["field"]], fact["start"], fact["end"])
    return Group(_heading(record), "", report, "", _facts(record, styles), "", _verdict(record))


def plain_lines(value: str) -> Text:
    """Return text of several lines as it is, letter for letter, without control codes."""
    return Text("".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in value))


def _styles(facts: Iterable[Mapping[str, Any]]) -> dict[str, Style]:
    fields = dict.fromkeys(fact["field"] for fact in facts)
    return {name: Style(color=COLOURS[place % len(COLOURS)], bold=True) for place, name in enumerate(fields)}


def _heading(record: Mapping[str, Any]) -> Text:
    about = (record[key] for key in ("document", "modality", "profile", "scenario") if record.get(key))
    return Text(record["id"], "bold").append(f"  {' · '.join(map(str, about))}", "not bold")


def _facts(record: Mapping[str, Any], styles: Mapping[str, Style]) -> Table:
    table = Table("", "field", "value", "in the report", header_style="bold", box=None, pad_edge=False)
    for fact in sorted(record["facts"], key=lambda own: (own["lesion"], own["start"])):
        where = "exam" if fact["lesion"] == EXAM_LEVEL else f"lesion {fact['lesion'] + 1}"
        words = " ".join(record["report"][fact["start"] : fact["end"]].split())
        value = f"{fact['value']} {fact.get('unit') or ''}".rstrip()
        table.add_row(where, Text(fact["field"], styles[fact["field"]]), plain(value), plain(words))
    return table


def _verdict(record: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = [("category", record["category"]), ("management", record.get("management"))]
    rows += [("stated in the report", record.get("stated_category"))]
    rows += [("why" if place == 0 else "", reason) for place, reason in enumerate(record.get("rationale") or [])]
    for name, value in rows:
        if value:
            table.add_row(Text(name, "bold"), plain(value))
    return table
