# Two commands matter: `make demo` and `make test`. Both install what they need into .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# One more than there are processors: many tests wait for a server or for a deadline.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test slow crash check lint types floors format bench screenshots build clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.demo ## Check, render and deliver an issue to a local inbox
	@$(BIN)/newsletter demo

test: $(VENV)/.dev ## Run the tests, the whole fault matrix among them, but for the slow ones
	@$(PYTEST) -m "not slow"

slow: $(VENV)/.dev ## Run the slow tests: weeks of schedule, browsers, large texts
	@$(PYTEST) -m slow

crash: $(VENV)/.dev ## Kill the sender 200 times at random, and count the mails
	@KILLS=200 $(BIN)/python -m pytest tests/crash/test_random_kills.py -s

check: lint types floors test slow ## All of it: lint, format, types, floors, all tests (what CI runs)

lint: $(VENV)/.dev ## Lint, and see that the format is right
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check the types of package and tests
	@$(BIN)/mypy

floors: $(VENV)/.dev ## See that imports go downward only
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Mend lint and format where that is safe
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure, side by side
	@$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev ## Draw the shipped issues in Chromium, into build/screenshots/
	@$(BIN)/python scripts/screenshots.py

build: $(VENV)/.dev ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel

clean: ## Remove what was made here, outbox/ included
	rm -rf $(VENV) build dist outbox .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is needed (on Debian: apt install python3-venv)"; exit 2; }

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) --editable '.[inbox]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) --editable '.[dev,dkim,docx,inbox,lsp,postgresql]'
	@touch $@
