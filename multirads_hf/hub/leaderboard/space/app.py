"""The leaderboard as an app: ``leaderboard.json`` as it was ranked, and the runs that were published since."""

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from multirads_hf.hub.leaderboard.table import ANY, SIZES, UNSTATED, Filters, published_since, table, titles

HERE = Path(__file__).parent
# Seconds for which what the Hub said is taken as still true.
KEPT_S = 600
# Of the columns, in pixels.
WIDTHS, SCORE_WIDTH = (120, 80, 330, 110, 110), 190
BOARD = json.loads((HERE / "leaderboard.json").read_text(encoding="utf-8"))
SOURCE = BOARD["source"]
REPO = f"{SOURCE['endpoint']}/datasets/{SOURCE['repo']}"
NAMES = {own["key"]: own["title"] for own in BOARD["metrics"]}
PUBLISHED = "\n".join(
    f"- {row['model']} ({row['prompt']}): "
    + ", ".join(f"{NAMES[key].lower()} {value:.3f}" for key, value in row["scores"].items())
    for row in BOARD["published"]["rows"]
)
ABOUT = f"""# {BOARD["title"]}
Models that read synthetic radiology reports and answer with RADS categories and findings, as ranked on
{SOURCE["date"][:10]} from [{SOURCE["repo"]}]({REPO}), commit {SOURCE["commit"][:8]}, by multirads-hf
{BOARD["version"]}.
Places and groups come from paired tests on the same reports: runs of one group cannot be told apart, all of one differ
from all of the next. Scores stand with their 95% intervals.
"""
NOTES = f"""{BOARD["published"]["name"]} ({BOARD["published"]["source"]}) states, on other data and not comparable:

{PUBLISHED}

**Add your model.** `multirads run MODEL`, `multirads score`, `multirads publish results multirads_runs/results --to
YOU/multirads-results`, then open a pull request or a discussion at [{SOURCE["repo"]}]({REPO}/discussions).
"""


@lru_cache(maxsize=1)
def read(_: int) -> tuple[list[dict[str, Any]], str]:
    """Return all rows and a sentence on what the Hub says now."""
    try:
        since = published_since(BOARD)
    except Exception as error:  # whatever the client raises, the ranking stands
        return BOARD["runs"], f"The Hub could not be read ({type(error).__name__}); runs published since are missing."
    said = f"{len(since)} published since, not ranked yet." if since else "No other run was published since."
    return [*BOARD["runs"], *since], said


def rows() -> tuple[list[dict[str, Any]], str]:
    """Return what ``read`` does, asked anew now and then."""
    return read(int(time.time() / KEPT_S))


def show(*filters: str) -> tuple[dict[str, Any], str]:
    """Return the table that fits the filters, which are those of ``Filters``, and how many runs it shows."""
    own, said = rows()
    headers, lines = table(BOARD, own, Filters(*filters))
    return {"headers": headers, "data": lines}, f"{len(lines)} runs shown. {said}"


def choices(own: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the boards and the prompts of rows."""
    return list(titles(BOARD, own)), [ANY, *sorted({str(row["prompt"]) for row in own})]


def start() -> tuple[Any, Any]:
    """Return the boards and prompts that there are now."""
    boards, prompts = choices(rows()[0])
    return gr.Dropdown(boards, value=boards[0]), gr.Dropdown(prompts, value=ANY)


with gr.Blocks(title=BOARD["title"]) as demo:
    gr.Markdown(ABOUT)
    known, prompts = choices(BOARD["runs"])
    with gr.Row():
        asked = gr.Dropdown(known, value=known[0], label="Task and reports", allow_custom_value=True)
        rads = gr.Dropdown([(own["title"], own["key"]) for own in BOARD["scopes"]], value="all", label="RADS")
        by = gr.Dropdown([(NAMES[key], key) for key in BOARD["rank_by"]], value=BOARD["rank_by"][0], label="Ranked by")
    with gr.Row():
        prompt = gr.Dropdown(prompts, value=ANY, label="Prompt", allow_custom_value=True)
        size = gr.Dropdown([ANY, *(name for name, *_ in SIZES), UNSTATED], value=ANY, label="Model size")
        weights = gr.Dropdown([ANY, "open", "closed", "none", UNSTATED], value=ANY, label="Weights")
        name = gr.Textbox("", label="Model name contains")
    count = gr.Markdown()
    shown = gr.Dataframe(
        interactive=False, wrap=True, label="Leaderboard", datatype="str", show_search="filter",
        column_widths=[*WIDTHS, *[SCORE_WIDTH] * len(BOARD["rules"]["columns"])],
    )  # fmt: skip
    gr.Markdown(NOTES)
    chosen: list[Any] = [asked, rads, by, prompt, size, weights, name]
    for control in chosen:
        control.change(show, chosen, [shown, count], api_name=False)
    demo.load(start, None, [asked, prompt], api_name=False).then(show, chosen, [shown, count], api_name="show")

if __name__ == "__main__":
    demo.launch()
