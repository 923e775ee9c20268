# Two commands matter: `make demo` and `make test`. Both install what they need into .venv first.
# `make install` needs nothing of that: it puts the command on the PATH.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What a build adds to the package is not for an editable install, nor is what a build needs for it.
PIP := HATCH_BUILD_NO_HOOKS=true $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# One more than there are processors: many tests wait for a server or for a deadline.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1)
SUITE := sh scripts/suite.sh $(BIN)/python $(WORKERS)

.DEFAULT_GOAL := help
.PHONY: help demo install uninstall test slow crash check lint types floors docs format bench screenshots pictures reference build sbom clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.demo ## Check, render and deliver an issue to a local inbox
	@$(BIN)/newsletter demo

install: ## Put the command on the PATH, by uv, pipx or venv; EXTRAS=lsp,postgresql adds those
	@PYTHON='$(PYTHON)' EXTRAS='$(EXTRAS)' WITH='$(WITH)' sh scripts/install.sh

uninstall: ## Take it off again
	@sh scripts/install.sh uninstall

test: $(VENV)/.dev ## Run the tests, the whole fault matrix among them, but for the slow ones
	@$(SUITE) "not slow"

slow: $(VENV)/.dev ## Run the slow tests: weeks of schedule, browsers, large texts
	@$(SUITE) slow

crash: $(VENV)/.dev ## Kill the sender 200 times at random, and count the mails
	@KILLS=200 $(BIN)/python -m pytest tests/crash/test_random_kills.py -s

.PHONY: chaos
chaos: $(VENV)/.dev ## Make 200 faults on three workers and their PostgreSQL, and count; FAULTS=, SEED=, MINUTES=
	@$(BIN)/python -m tests.chaos

.PHONY: tests
tests: $(VENV)/.dev ## Run all tests, quick and slow, the long ones first
	@$(SUITE) "slow or not slow"

check: lint types floors docs tests ## All of it: lint, format, types, floors, docs, all tests (what CI runs)

lint: $(VENV)/.dev ## Lint, and see that the format is right
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check the types of package and tests
	@$(BIN)/mypy

floors: $(VENV)/.dev ## See that imports go downward only
	@$(BIN)/lint-imports --no-cache

docs: $(VENV)/.dev ## Build the documentation as a site, and see that its links lead somewhere
	@$(BIN)/python -m scripts.docs

format: $(VENV)/.dev ## Mend lint and format where that is safe
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure, side by side
	@$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev ## Draw the shipped issues in Chromium, into build/screenshots/
	@$(BIN)/python scripts/screenshots.py

pictures: $(VENV)/.dev ## Draw the pictures of the docs: terminals, the e-mail and the studio in Chromium
	@$(BIN)/python -m scripts.pictures
	@$(BIN)/python scripts/screenshots.py issues/2021-11-26.md --picture docs/images/issue.png
	@$(BIN)/python scripts/studio_screens.py --picture docs/images/studio.png

reference: $(VENV)/.dev ## Write what is made from the code: reference pages, manual page, completion
	@$(BIN)/python -m scripts.reference

vscode: ## Build the VS Code extension, and bring the VS Code that its test runs in (needs npm)
	@cd editors/vscode && npm ci --no-audit --no-fund --loglevel error --ignore-scripts && npm rebuild --loglevel error esbuild \
	  && npm run --silent types && npm run --silent package && npm run --silent build-tests
	@editors/vscode/test/server.sh build/vscode-server

studio: ## Bundle the studio's pages into the package (needs npm)
	@cd editors/studio && npm ci --no-audit --no-fund --loglevel error --ignore-scripts && npm rebuild --loglevel error esbuild \
	  && npm run --silent types && npm run --silent build

build: docs ## Build source archive and wheel into dist/, fit for an index
	@rm -f dist/*.tar.gz dist/*.whl
	@$(BIN)/python -m build --no-isolation
	@$(BIN)/python -m twine check --strict dist/*.whl dist/*.tar.gz

sbom: $(VENV)/.dev ## Write what this environment is made of as CycloneDX JSON: build/sbom.cdx.json
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment --output-reproducible --of JSON --pyproject pyproject.toml \
	  --output-file build/sbom.cdx.json $(BIN)/python

clean: ## Remove what was made here, outbox/ included
	rm -rf $(VENV) build dist outbox .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed (on Debian: apt install python3-venv);" \
	       "name one that is here: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { rm -rf $(VENV); echo "Python's venv module is needed (on Debian: apt install python3-venv)"; exit 2; }

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) --editable '.[inbox,studio,web]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) --editable '.[dev,dkim,docx,imap,inbox,lsp,metrics,postgresql,studio,traces,web,workers]'
	@touch $@
