# Every target makes its own virtual environment when there is none.
PYTHON ?= python3
DEMO ?=
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check bench results compat bridges format clean

.venv/light: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -c constraints.txt -e .
	@touch $@

.venv/full: .venv/light
	$(BIN)/pip install --quiet -c constraints.txt torch
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev,run]'
	@touch $@

# Build the corpus, run three baselines on the test split, score them, draw the dashboard.
demo: .venv/light
	$(BIN)/python -m multirads_hf.demo --out demo $(DEMO)

test: .venv/full
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

check: .venv/full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m multirads_hf.hub.card --check

bench: .venv/full .venv-bridges/full
	$(BIN)/python benchmarks/corpus.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/scoring.py
	.venv-bridges/bin/python benchmarks/runner.py

# The figures that README and cards print of our own runs.
results: .venv/full
	$(BIN)/python -m multirads_hf.hub.card --write
	$(BIN)/python benchmarks/results.py --write

# The builder on older versions of datasets, each in an environment of its own.
compat: compat-3.6.0 compat-4.8.5

compat-%:
	@test -x .venv-compat-$*/bin/python || $(PYTHON) -m venv .venv-compat-$*
	.venv-compat-$*/bin/pip install --quiet -e . 'datasets==$*'
	.venv-compat-$*/bin/python tests/compat/check.py

# inspect-ai, which wants an older fsspec than constraints.txt names, lm-evaluation-harness and the openai SDK.
.venv-bridges/full: pyproject.toml
	@test -x .venv-bridges/bin/python || $(PYTHON) -m venv .venv-bridges
	.venv-bridges/bin/pip install --quiet -e '.[inspect]' 'inspect-ai==0.3.285' 'lm-eval[api]==0.4.13' openai
	@touch $@

# The tasks under the tools themselves, in an environment of their own.
bridges: .venv-bridges/full
	.venv-bridges/bin/python tests/bridges/check.py

format:
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv-compat-* .venv-bridges demo build dist
