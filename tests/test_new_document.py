"""A sixteenth document moves in by two files: nothing else is edited."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "toy"
SCRIPT = f"""
import json
from multirads_hf import rads

rads.__path__.append({str(FOLDER)!r})
from multirads_hf import corpus
from multirads_hf.corpus import readback
from multirads_hf.hub.features import features
from multirads_hf.running.prompts import messages
from multirads_hf.scoring import score

assert "toyrads" in rads.keys() and "toyrads" in corpus.configs()
toy = rads.get("toyrads")
for split in corpus.SPLITS:
    rows = list(corpus.records("toyrads", split, num_reports=40, condition="stated"))
    assert {{row["category"] for row in rows}} == set(toy.codes), split
    for row in rows:
        assert toy.categorise(json.loads(row["extraction"])) == row["category"] == row["stated_category"]
        found = {{k: v for k, v in json.loads(row["extraction"]).items() if k not in ("document", "category")}}
        assert split == "test_noisy" or readback.read(toy, row["report"]) == found, (row["report"], found)
assert "toyrads" in features()["document"].names
prompt = messages("guided", "extraction", toy, rows[0]["report"])
assert "Red and at least 10 mm" in str(prompt)
answers = [row["extraction"] for row in rows]
assert score(answers, answers, n_resamples=20).flat()["multirads_f1"] == 1.0
print("moved in")
"""


def test_toy_document_goes_the_whole_way():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "moved in"
