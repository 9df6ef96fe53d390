# `make help` lists what can be made. Needs Python 3.11 or newer, make and git; everything else is brought along.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
TROPA := .venv/bin/tropa
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help python setup setup-dev run test check format messages lock bench soak screenshots rehearse clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "Tropa needs Python 3.11 or newer (tried python3 and python3.11 to python3.14)"; exit 1; }

setup: python ## make .venv as the lock files say (quick when nothing changed)
	@$(PYTHON) tools/environment.py runtime

setup-dev: python ## the same with what the tests and checks need
	@$(PYTHON) tools/environment.py dev

run: setup ## start Tropa with an example world of synthetic people
	@exec $(TROPA) run --example

test: setup-dev ## run every check and every test
	@$(VENV_PYTHON) tools/suites.py

check: setup-dev ## run the checks that start nothing: style, types, imports, messages
	@$(VENV_PYTHON) tools/suites.py --checks-only

format: setup-dev ## put the code into the house format
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format --quiet .

messages: setup-dev ## compile the translations and say what is missing
	@$(VENV_PYTHON) tools/messages.py

lock: setup-dev ## compile the lock files anew from pyproject.toml
	@$(VENV_PYTHON) tools/lock.py

rehearse: setup ## play the whole path, from a first message to a released step, and say what was checked
	@$(TROPA) rehearse

bench: setup-dev ## measure what issue and docs promise; prints a table, writes JSON
	@$(VENV_PYTHON) -m tools.bench

soak: setup-dev ## run under load for a long time and watch for loss and growth
	@$(VENV_PYTHON) -m tools.bench.soak
	@$(TROPA) simulate --day surge
	@$(VENV_PYTHON) -m pytest -q tests/desk/test_a_week_leaves_no_orphan.py --week 100
	@$(VENV_PYTHON) -m pytest -q tests/channels --kills 200 --envelopes 5000
	@$(VENV_PYTHON) -m pytest -q tests/desk/test_stored_formats_open_for_ever.py --blobs 10000
	@for round in 1 2 3 4 5 6 7 8 9 10; do $(VENV_PYTHON) -m pytest -q -m hypothesis --anew || exit 1; done
	@$(VENV_PYTHON) -m tests.atlas.test_thousands_of_broken_packs_are_refused_by_name 5000
	@$(VENV_PYTHON) -m tools.bench --only channels --outbox 10000 --json var/bench-channels.json
	@$(VENV_PYTHON) -m tools.bench --only crowds --json var/bench-crowds.json
	@$(VENV_PYTHON) -m tests.planning.thousands_of_worlds 500

screenshots: setup-dev ## take the README's pictures of the real pages
	@$(VENV_PYTHON) -m tools.screenshots

clean: ## remove .venv and caches (the data in var/ stays)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
