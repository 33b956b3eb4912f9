"""The page of the measurement Space: paste reports, see what they are like."""

import json
from pathlib import Path

import evaluate
import gradio as gr

HERE = Path(__file__).parent
REPORTS = """Solid hypoechoic nodule of 16 mm in the lower pole of the left thyroid lobe.
Solid hypoechoic nodule of 14 mm in the lower pole of the left thyroid lobe.
The thyroid is of normal size and echotexture without a nodule."""


def lines(text: str) -> list[str]:
    """Return the lines of a text that hold anything; one line is one report."""
    return [line for line in text.splitlines() if line.strip()]


def compute(reports: str, references: str, document: str) -> tuple[list[list[object]], str]:
    """Return the numbers as a table, and what was found as JSON."""
    data = lines(reports)
    documents = [document] * len(data) if document else None
    try:
        result = measurement.compute(data=data, documents=documents, references=lines(references) or None)
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
    table = [[name, round(value, 4)] for name, value in result.items() if isinstance(value, int | float)]
    found = {name: result[name] for name in ("top_sentence", "pairs", "leaking")}
    return table, json.dumps(found, indent=1, ensure_ascii=False)


measurement = evaluate.load(str(HERE), module_type="measurement")
card = (HERE / "README.md").read_text(encoding="utf-8").split("---\n", 2)[-1]

with gr.Blocks(title="MultiRADS corpus") as demo:
    gr.Markdown("# MultiRADS corpus\nOne report a line; line breaks within a report as spaces.")
    with gr.Row():
        given = gr.Textbox(REPORTS, lines=6, label="data: reports")
        near = gr.Textbox("", lines=6, label="references: texts that reports should not be copies of")
    key = gr.Textbox("", label="document of all reports, such as tirads; empty leaves printed categories out")
    button = gr.Button("Measure", variant="primary")
    numbers = gr.Dataframe(headers=["measure", "value"], label="numbers", interactive=False)
    listed = gr.Code(language="json", label="found")
    button.click(compute, [given, near, key], [numbers, listed], api_name="compute")
    with gr.Accordion("Measurement card", open=False):
        gr.Markdown(card)

if __name__ == "__main__":
    demo.launch()
