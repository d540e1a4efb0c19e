# Everything runs in .venv, which each target makes for itself; Python 3.11 or newer is all it needs.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test test-long test-all check benchmarks screenshot clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: .venv/.demo ## The main job against the embedded sandbox; leaves reports in demo/reports/
	$(BIN)/scraper demo

test: .venv/.dev .venv/.node ## The tests to run before a commit; says what it leaves out
	$(BIN)/pytest -n auto --dist worksteal -m "not long"
	@echo "Left out: kills, full disks, hostile webs, clusters, weeks, growth (the marker \`long\`). Run them: make test-long"

test-long: .venv/.dev ## The tests that `make test` leaves out
	$(BIN)/pytest -n auto --dist worksteal -m long

test-all: .venv/.dev .venv/.node ## All tests, as .ci/run runs them
	$(BIN)/pytest -n auto --dist worksteal

check: .venv/.dev ## Style, types, and that README and code agree
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.documents --check

benchmarks: .venv/.dev .venv/.node ## Speed and verdicts beside other tools; writes reports/benchmarks/
	$(BIN)/python -m tests.benchmarks

screenshot: .venv/.dev ## The picture in README, from the report that `make demo` leaves
	$(BIN)/python -m tests.documents --screenshot

clean: ## Remove what was made here; data/ and reports/ stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/*/node_modules

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade pip

.venv/.demo: .venv/bin/python pyproject.toml
	$(PIP) install --editable ".[demo]"
	touch $@

.venv/.dev: .venv/bin/python pyproject.toml
	$(PIP) install --editable ".[demo,parquet,cluster]" --group dev
	touch $@ .venv/.demo

# Development tools from npm: GitHub's own API descriptions and axe-core. Without npm their tests say so and skip.
.venv/.node: .venv/.dev tests/contracts/package-lock.json tests/reports/package-lock.json
	@if command -v npm >/dev/null; then \
	  for folder in contracts reports; do npm ci --prefix tests/$$folder --no-audit --no-fund --silent || exit 1; done; \
	else echo "npm is not installed: the tests that need it will be skipped"; fi
	touch $@
