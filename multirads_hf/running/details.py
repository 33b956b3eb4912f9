"""One row a report: what was asked, what came back, and what it counts for. Enough to score again without the store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, cast

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.running.budget import Price
from multirads_hf.running.identity import content_hash
from multirads_hf.running.store import StoredAnswer

Row = Mapping[str, Any]
AnyPath = str | PathLike[str]
# Columns of the dataset that scores are made of.
FROM_RECORD = ("document", "extraction", "category", "pair_id", "study_id", "stated_category", "age", "sex")
FROM_ANSWER = (
    "finish_reason", "error", "prompt_tokens", "completion_tokens", "latency_s", "attempts", "reasoning", "prompt_hash",
    "lost_prompt_tokens", "lost_completion_tokens",
)  # fmt: skip
# Name -> type, as pyarrow spells it. ``fields`` is of structs of a field and its three counts.
COLUMNS = {
    "run_id": "string", "id": "string", "record_hash": "string", **dict.fromkeys(FROM_RECORD, "string"),
    "prompt_hash": "string", "examples": "list", "answer": "string", "reasoning": "string", "finish_reason": "string",
    "error": "string", "prompt_tokens": "int64", "completion_tokens": "int64", "latency_s": "float64",
    "attempts": "int64", "state": "string", "given": "string", "correct": "bool", "tp": "int64", "fp": "int64",
    "fn": "int64", "exact": "bool", "consistent": "bool", "fault": "string", "fields": "counts",
} | {"age": "float64", "lost_prompt_tokens": "int64", "lost_completion_tokens": "int64"}  # fmt: skip
# Columns that files of earlier versions lack.
LATER = ("lost_prompt_tokens", "lost_completion_tokens")
PERCENTILES = (50, 95)


def row_of(run_id: str, answer: StoredAnswer) -> dict[str, Any]:
    """Return what the store holds of one answer, without the report."""
    record = answer.record
    own: dict[str, Any] = {"run_id": run_id, "id": answer.record_id, "record_hash": content_hash(record)}
    own |= {name: record.get(name) for name in FROM_RECORD}
    own |= {name: getattr(answer, name) for name in FROM_ANSWER}
    return own | {"answer": answer.text, "examples": list(answer.examples)}


def score_rows(rows: Sequence[Row], task: str, condition: str, **options: Any) -> scoring.Scores:
    """Score answers; the same rows give the same numbers, from a store or from a file.

    Args:
        rows: from ``row_of`` or ``read_details``.
        task: of the run.
        condition: of its reports.
        **options: of `multirads_hf.scoring.score`.
    """
    columns = {name: [own.get(name) for own in rows] for name in (*FROM_RECORD, "answer", "finish_reason", "error")}
    return scoring.score(
        columns["answer"],
        cast("list[str]", columns["extraction"]),
        task=cast("scoring.Task", task),
        condition=condition,
        finish_reasons=columns["finish_reason"],
        errors=[error is not None for error in columns["error"]],
        pair_ids=[name or "" for name in columns["pair_id"]],
        study_ids=[name or "" for name in columns["study_id"]],
        stated_categories=[code or "" for code in columns["stated_category"]],
        **{"ages": columns["age"], "sexes": columns["sex"], **options},
    )


def counted(rows: Iterable[Row], reports: Iterable[scoring.Counts]) -> list[dict[str, Any]]:
    """Return rows with what each answer counts for; counts of findings are None in the category task."""
    return [{**own, **_counts(report)} for own, report in zip(rows, reports, strict=True)]


def _counts(report: scoring.Counts) -> dict[str, Any]:
    own: dict[str, Any] = {"state": report.state, "given": report.given, "correct": report.correct}
    agreed = report.agreement
    if agreed is None:
        return own | dict.fromkeys(("tp", "fp", "fn", "exact", "consistent", "fault", "fields"))
    fields = [
        {"field": name, "tp": tp, "fp": fp, "fn": fn} for name, (tp, fp, fn) in sorted(dict(agreed.fields).items())
    ]
    own |= {"tp": agreed.tp, "fp": agreed.fp, "fn": agreed.fn, "exact": report.exact}
    return own | {"consistent": report.consistent, "fault": report.fault, "fields": fields}


def usage_of(rows: Sequence[Row], price: Price | None = None) -> dict[str, Any]:
    """Return what answers took: calls, reasons to stop, tokens, seconds, and US dollars where there is a price."""
    known = [own for own in rows if own["error"] is None]
    asked, answered = (sum(own[name] or 0 for own in known) for name in ("prompt_tokens", "completion_tokens"))
    lost = {name: sum(own.get(name) or 0 for own in rows) for name in LATER}
    taken = (asked + lost["lost_prompt_tokens"], answered + lost["lost_completion_tokens"])
    seconds = sorted(own["latency_s"] for own in known if own["latency_s"] is not None)
    return {
        "attempts": sum(own["attempts"] for own in rows),
        "finish_reasons": dict(sorted(Counter(own["finish_reason"] or "unknown" for own in known).items())),
        "prompt_tokens": asked,
        "completion_tokens": answered,
        **{name: tokens for name, tokens in lost.items() if tokens},
        **{f"latency_s_p{share}": _percentile(seconds, share) for share in PERCENTILES},
        "cost": price.cost(*taken) if price else None,
    }


def _percentile(ordered: Sequence[float], share: int) -> float | None:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else None


def write_details(rows: Sequence[Row], path: AnyPath) -> Path:
    """Write rows as Parquet and return the path.

    Args:
        rows: from ``counted``.
        path: of the file; its folder is made.
    """
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    counts = pa.struct([("field", pa.string()), *((name, pa.int64()) for name in ("tp", "fp", "fn"))])
    kinds = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
    kinds |= {"list": pa.list_(pa.string()), "counts": pa.list_(counts)}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [{name: own.get(name) for name in COLUMNS} for own in rows]
    pq.write_table(pa.Table.from_pylist(listed, schema), path, compression="zstd")
    return path


def read_details(path: AnyPath) -> list[dict[str, Any]]:
    """Return the rows of a file that ``write_details`` wrote.

    Raises:
        RunError: the file cannot be read, or lacks columns.
    """
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"Details {path}: cannot be read: {error}") from error
    lacking = [name for name in COLUMNS if rows and name not in rows[0] and name not in LATER]
    if lacking or not rows:
        raise RunError(f"Details {path}: got no {', '.join(lacking) or 'rows'}. Allowed: what `multirads score` wrote.")
    return rows


def read_results(path: AnyPath) -> dict[str, Any]:
    """Return what a results file holds.

    Raises:
        RunError: the file cannot be read, or is none.
    """
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"Results {path}: cannot be read: {error}") from error
    if not isinstance(found, dict) or not {"run_id", "task", "condition", "scores"} <= found.keys():
        raise RunError(f"Results {path}: no results of a run. Allowed: what `multirads score` wrote.")
    return found
