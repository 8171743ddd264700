# Everything that is done to this project, by name. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin
# What running needs is in .venv, and what developing needs besides.
RUNS := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops
RUN_PYTEST := $(BIN)/pytest -n 2 --dist worksteal -m "not bench and not soak and not reliability"
RUN_RELIABILITY := $(BIN)/pytest -n 2 --dist worksteal -m reliability
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command "make lock" --quiet
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The first Python that is new enough; PYTHON=/some/python3.12 takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

# Some hundred processes import the ledger in a run: compiled once, not in each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv demo test bare reliability check format docs bench mutants soak lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(DEVELOPS) ## make .venv from requirements-dev.lock, again when the lock changes

$(RUNS): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Debt Ledger needs Python 3.11 or newer; found $$(python3 --version 2>&1 || echo none)." \
			"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "$(VENV): a virtual environment of $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@echo "$(VENV): what running needs, from $<"
	@$(PIP_INSTALL) --requirement $<
	@echo "$(VENV): Debt Ledger itself, from this folder"
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPS): requirements-dev.lock pyproject.toml | $(RUNS)
	@echo "$(VENV): what tests and tools need besides, from $<"
	@$(PIP_INSTALL) --requirement $<
	@touch $@

demo: $(RUNS) ## make a worked example in demo/, with its workbook
	@echo "demo: the story of four systems, and its quarterly packs"
	@rm -rf demo
	@$(BIN)/debt demo --into demo

test: $(DEVELOPS) ## run the tests
	$(RUN_PYTEST)

bare: $(DEVELOPS) ## the tests that mention an optional program, without any, in poor surroundings
	rm -rf build/home && mkdir -p build/home
	env -i BARE=1 PATH="$(CURDIR)/$(BIN)" HOME="$(CURDIR)/build/home" LC_ALL=C TZ=Pacific/Kiritimati $(RUN_PYTEST)

reliability: $(DEVELOPS) ## kill it, crowd it, fill its disk, damage its file, attack it; and the longer tests
	$(RUN_RELIABILITY)

check: $(DEVELOPS) ## what CI runs: format, lint, types, imports, tests, bare, reliability
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN_PYTEST)
	$(MAKE) bare
	$(RUN_RELIABILITY)

format: $(DEVELOPS) ## format, and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(DEVELOPS) ## write docs/cli.md, the page of `man debt`, what docs/cookbook.md prints, and the screens that tests keep
	$(BIN)/python -m tests.docs.reference
	$(BIN)/python -m tests.docs.cookbook
	$(BIN)/python -m tests.cli.kit.screens

bench: $(DEVELOPS) ## measure, and print the ratios
	$(BIN)/python -m tests.bench

mutants: $(DEVELOPS) ## break accounts, rules and store one place at a time; an hour at most, resumed from .mutants.jsonl
	nice -n 10 $(BIN)/python -m tests.mutation .mutants.jsonl --minutes 60

soak: $(DEVELOPS) ## the long runs
	$(BIN)/pytest -m soak --hypothesis-profile=exploring

lock: ## resolve both locks anew, what running needs to the same versions; needs uv
	$(COMPILE) --extra postgres --extra ml --group dev --upgrade --output-file requirements-dev.lock
	$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements.lock

clean: ## remove what was made, but for .venv and packs/
	rm -rf build dist demo .mutants.jsonl .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find ledger migrations reports tests -name __pycache__ -type d -prune -exec rm -rf {} +
