# Thin on purpose: each target names the command that does the work.

PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench format lock

help: ## Say what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf 'make %-8s %s\n' "$$name" "$$what"; done

setup: ## Install everything that is locked into .venv and build the style sheets
	@$(PYTHON) scripts/setup.py

run: ## Set up, then serve on http://127.0.0.1:8000 (PORT= changes it) until Ctrl-C
	@$(PYTHON) scripts/setup.py --port $(PORT)
	@$(PY) manage.py serve --port $(PORT)

test: setup ## Run every test, those in a real browser too
	@$(PY) -m scripts.test $(ARGS)

check: setup ## Check format, lint, types, templates, imports, migrations and links
	@$(PY) -m scripts.check

bench: setup ## Measure the busiest pages with 2,000 and 200,000 cases (CASES="2000" for fewer)
	@$(PY) -m scripts.bench $(CASES) $(if $(GRANTS),--grants $(GRANTS))

format: setup ## Put Python and templates into the agreed form
	@$(PY) -m scripts.check --format

lock: setup ## Make requirements.lock anew from pyproject.toml (needs uv)
	@$(PY) -m scripts.lock
