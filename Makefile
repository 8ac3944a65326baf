# The ways to work on the Atlas. `make` alone lists them.
# Needs python3 >= 3.11 with venv, and nothing else; PYTHON names another interpreter.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
# A stamp lies inside the environment it speaks of: without the environment there is no stamp.
RUNTIME_STAMP := $(VENV)/.installed
TOOLS_STAMP := $(VENV)/.installed-dev
BROWSER_STAMP := $(VENV)/.browser
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help install install-dev browser migrate run serve test test-server-database check format benchmark lock clean

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME_STAMP): requirements.txt | $(BIN)/python
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(TOOLS_STAMP): requirements-dev.txt | $(BIN)/python
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $(RUNTIME_STAMP) $@

$(BROWSER_STAMP): $(TOOLS_STAMP) scripts/install-browser.sh
	./scripts/install-browser.sh $(BIN)
	@touch $@

install: $(RUNTIME_STAMP)  ## Install what the Atlas needs to run, checked by hash

install-dev: $(TOOLS_STAMP)  ## Install what tests and checks need on top

browser: $(BROWSER_STAMP)  ## Install a headless Chromium for the browser tests

migrate: install  ## Bring the database up to date and load the evidence
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_evidence data

run: migrate  ## Install, migrate, load and serve on http://127.0.0.1:$(PORT)
	$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: install-dev browser  ## Run the whole test suite, browser tests included
	$(BIN)/python -m pytest -n $(WORKERS)

test-server-database: install-dev  ## Run the suite without browser against a PostgreSQL server of the system
	./scripts/with-server-database.sh $(BIN)/python -m pytest -n $(WORKERS) -m "not browser"

check: install-dev  ## Check format, lint, types, templates, settings for production and migrations
	./scripts/check.sh $(BIN)

format: install-dev  ## Put Python files into their format and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: install-dev  ## Measure the statistics, then the pages behind gunicorn
	$(BIN)/python -m tests.benchmarks.statistics
	$(BIN)/python -m tests.benchmarks.pages

lock: install-dev  ## Lock requirements*.in into requirements*.txt with hashes
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:  ## Remove the environment, the embedded database and every cache
	rm -rf $(VENV) var .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
