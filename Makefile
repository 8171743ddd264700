# Everything that is done to this project, by name. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUN_PYTEST := $(BIN)/pytest -n 2 --dist worksteal -m "not bench and not soak and not reliability"
RUN_RELIABILITY := $(BIN)/pytest -n 2 --dist worksteal -m reliability

# The first Python that is new enough; PYTHON=/some/python3.12 takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help venv demo test reliability check format bench mutants soak lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(STAMP) ## make .venv from requirements.lock, again when the lock changes

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Debt Ledger needs Python 3.11 or newer; found $$(python3 --version 2>&1 || echo none)." \
			"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## make a worked example in demo/, with its workbook
	rm -rf demo
	$(BIN)/debt demo --into demo

test: $(STAMP) ## run the tests
	$(RUN_PYTEST)

reliability: $(STAMP) ## kill it, crowd it, fill its disk, damage its file; and the longer tests
	$(RUN_RELIABILITY)

check: $(STAMP) ## what CI runs: format, lint, types, imports, tests, reliability
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN_PYTEST)
	$(RUN_RELIABILITY)

format: $(STAMP) ## format, and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(STAMP) ## measure, and print the ratios
	$(BIN)/python -m tests.bench

mutants: $(STAMP) ## break accounts, rules and store one place at a time; an hour at most, resumed from .mutants.jsonl
	nice -n 10 $(BIN)/python -m tests.mutation .mutants.jsonl --minutes 60

soak: $(STAMP) ## the long runs
	$(BIN)/pytest -m soak

lock: ## resolve requirements.lock anew; needs uv
	uv pip compile pyproject.toml --extra postgres --extra ml --group dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-annotate --no-emit-index-url --custom-compile-command "make lock" --quiet --output-file requirements.lock

clean: ## remove what was made, but for .venv and packs/
	rm -rf build dist demo .mutants.jsonl .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find ledger migrations reports tests -name __pycache__ -type d -prune -exec rm -rf {} +
