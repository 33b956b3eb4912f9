"""The page of the metric Space: paste answers and references, see the scores."""

import json
from pathlib import Path

import evaluate
import gradio as gr

HERE = Path(__file__).parent
REFERENCE = (
    '{"document":"tirads","category":"TR4",'
    '"lesions":[{"composition":"solid","echogenicity":"hypoechoic","size_mm":16}]}'
)
ANSWER = '{"category":"TI-RADS 4","lesions":[{"composition":"solid","echogenicity":"isoechoic","size_mm":"1.6 cm"}]}'
HEADERS = ["metric", "value", "low", "high"]


def lines(text: str) -> list[str]:
    """Return the lines of a text that hold anything; one line is one answer or reference."""
    return [line for line in text.splitlines() if line.strip()]


def compute(predictions: str, references: str, task: str, strict: bool) -> tuple[list[list[object]], str, str]:
    """Return the scores as a table, the signature, and the counts of every report as JSON."""
    try:
        result = metric.compute(
            predictions=lines(predictions), references=lines(references), task=task, strict=strict, per_report=True
        )
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
    bounded = [name for name in result if f"{name}_low" in result]
    table = [[name, *(round(result[f"{name}{end}"], 4) for end in ("", "_low", "_high"))] for name in bounded]
    return table, result["signature"], json.dumps(result["reports"], indent=1)


metric = evaluate.load(str(HERE))
card = (HERE / "README.md").read_text(encoding="utf-8").split("---\n", 2)[-1]

with gr.Blocks(title="MultiRADS F1") as demo:
    gr.Markdown("# MultiRADS F1\nOne answer a line, and the reference of the same report on the same line beside it.")
    with gr.Row():
        given = gr.Textbox(ANSWER, lines=6, label="predictions: raw text of the model")
        expected = gr.Textbox(REFERENCE, lines=6, label="references: `extraction` of the dataset")
    with gr.Row():
        wanted = gr.Radio(["extraction", "category"], value="extraction", label="task")
        exact = gr.Checkbox(False, label="strict: no repair, no other spellings")
    button = gr.Button("Score", variant="primary")
    scores = gr.Dataframe(headers=HEADERS, label="scores", interactive=False)
    line = gr.Textbox(label="signature", interactive=False)
    counts = gr.Code(language="json", label="reports")
    button.click(compute, [given, expected, wanted, exact], [scores, line, counts], api_name="compute")
    with gr.Accordion("Metric card", open=False):
        gr.Markdown(card)

if __name__ == "__main__":
    demo.launch()
