"""The page of the comparison Space: paste the answers of models and references, see what tells the models apart."""

import json
from pathlib import Path

import evaluate
import gradio as gr

HERE = Path(__file__).parent
NODULE = '"lesions":[{"composition":"solid","echogenicity":"hypoechoic","size_mm":16}]'
REFERENCES = "\n".join([f'{{"document":"tirads","category":"TR4",{NODULE}}}'] * 8)
CAREFUL = f'{{"category":"TR4",{NODULE}}}'
HASTY = '{"category":"TI-RADS 3","lesions":[{"composition":"solid","size_mm":"1.6 cm"}]}'
MODELS = json.dumps({"careful": [CAREFUL] * 8, "hasty": [HASTY] * 7 + [CAREFUL], "silent": [""] * 8}, indent=1)
RANKING = ["model", "value", "group", "best rank", "worst rank"]
PAIRS = ["first", "second", "metric", "difference", "low", "high", "p", "p adjusted", "p bootstrap", "detectable"]
COLUMNS = ("value", "low", "high", "p_value", "p_adjusted", "p_bootstrap", "detectable")


def lines(text: str) -> list[str]:
    """Return the lines of a text that hold anything; one line is one reference."""
    return [line for line in text.splitlines() if line.strip()]


def read_models(text: str) -> object:
    """Return the answers of the models, which are given as JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        allowed = 'Allowed: {"model": ["answer", ...], ...}.'
        raise gr.Error(f"predictions is not JSON ({error}). {allowed}", print_exception=False) from error


def rounded(number: float | None) -> float | str:
    """Return a number as the tables show it."""
    return "–" if number is None else float(f"{number:.4g}")


def compute(
    predictions: str, references: str, task: str, strict: bool
) -> tuple[list[list[object]], list[list[object]], str]:
    """Return the ranking and the differences of all pairs as tables, and the signature."""
    models, expected = read_models(predictions), lines(references)
    try:
        result = comparison.compute(predictions=models, references=expected, task=task, strict=strict)
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error
    ranking = [
        [own["model"], rounded(own["value"]), own["group"], own["best_rank"], own["worst_rank"]]
        for own in result["ranking"]
    ]
    pairs = [
        [pair["first"], pair["second"], metric, *(rounded(own[column]) for column in COLUMNS)]
        for pair in result["pairs"]
        for metric, own in pair["differences"].items()
    ]
    return ranking, pairs, result["signature"]


comparison = evaluate.load(str(HERE), module_type="comparison")
card = (HERE / "README.md").read_text(encoding="utf-8").split("---\n", 2)[-1]

with gr.Blocks(title="MultiRADS compare") as demo:
    gr.Markdown("# MultiRADS compare\nDo models differ on the same reports by more than luck?")
    with gr.Row():
        given = gr.Code(
            MODELS, language="json", label="predictions: the answers of each model, in the order of the references"
        )
        expected_texts = gr.Textbox(REFERENCES, lines=8, label="references: `extraction` of the dataset, one a line")
    with gr.Row():
        wanted = gr.Radio(["extraction", "category"], value="extraction", label="task")
        exact = gr.Checkbox(False, label="strict: no repair, no other spellings")
    button = gr.Button("Compare", variant="primary")
    order = gr.Dataframe(headers=RANKING, label="ranking", interactive=False)
    differences = gr.Dataframe(headers=PAIRS, label="differences: first less second", interactive=False)
    line = gr.Textbox(label="signature", interactive=False)
    button.click(compute, [given, expected_texts, wanted, exact], [order, differences, line], api_name="compute")
    with gr.Accordion("Comparison card", open=False):
        gr.Markdown(card)

if __name__ == "__main__":
    demo.launch()
