# Every target makes its own virtual environment when there is none.
PYTHON ?= python3
DEMO ?=
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check bench results compat format clean

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

bench: .venv/full
	$(BIN)/python benchmarks/corpus.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/scoring.py
	$(BIN)/python benchmarks/runner.py

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

format:
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv-compat-* demo build dist
