# Everything runs in .venv, which each target makes for itself; Python 3.11 or newer is all it needs.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test test-long test-pythons test-all check benchmarks mutations screenshot locked lock wheel sbom clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: .venv/.demo ## The main job against the embedded sandbox; leaves reports in demo/reports/
	$(BIN)/scraper demo

test: .venv/.dev .venv/.node ## The tests to run before a commit; says what it leaves out
	$(BIN)/pytest -n auto --dist worksteal -m "not long"
	@echo "Left out: kills, full disks, hostile webs, clusters, weeks, growth (the marker \`long\`). Run them: make test-long"

test-long: .venv/.dev ## The tests that `make test` leaves out
	$(BIN)/pytest -n auto --dist worksteal -m long

test-pythons: .venv/.dev ## The wheel with each other Python at hand, and with the lowest bounds
	tests/pythons.sh

test-all: .venv/.dev .venv/.node ## All tests, as .ci/run runs them
	$(BIN)/pytest -n auto --dist worksteal

check: .venv/.dev ## Style, types, and that README and code agree
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.documents --check

benchmarks: .venv/.dev .venv/.node ## Speed and verdicts beside other tools; writes reports/benchmarks/
	$(BIN)/python -m tests.benchmarks

mutations: .venv/.dev ## Do the tests notice small changes? Writes reports/benchmarks/mutations.md
	$(PIP) install --group mutations
	$(BIN)/python -m tests.mutations

screenshot: .venv/.dev ## The picture in README, from the reports of a week in the demo
	$(BIN)/scraper demo --days 7
	$(BIN)/python -m tests.documents --screenshot

locked: .venv/bin/python ## The development environment as requirements.lock has it, checked by hashes
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch .venv/.dev .venv/.demo

lock: .venv/bin/python ## Write requirements.lock anew from pyproject.toml
	$(PIP) install --upgrade uv
	$(BIN)/python -m uv pip compile pyproject.toml --all-extras --group dev --group release --python-version 3.11 \
	  --universal --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	  --custom-compile-command "make lock" --output-file requirements.lock --quiet

wheel: .venv/.dev ## dist/: the wheel, the same bytes whenever it is built from one commit
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m hatchling build --target wheel

sbom: wheel ## dist/: what the wheel brings along, as CycloneDX; after `make locked`
	$(PYTHON) -m venv --clear build/installed
	build/installed/bin/python -m pip --disable-pip-version-check --quiet install dist/*.whl
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-file dist/sbom.cdx.json build/installed/bin/python

clean: ## Remove what was made here; data/ and reports/ stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/*/node_modules

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade pip

.venv/.demo: .venv/bin/python pyproject.toml
	$(PIP) install --editable ".[demo]"
	touch $@

.venv/.dev: .venv/bin/python pyproject.toml
	$(PIP) install --editable ".[demo,pandas,parquet,cluster]" --group dev
	touch $@ .venv/.demo

# Development tools from npm: GitHub's own API descriptions and axe-core. Without npm their tests say so and skip.
.venv/.node: .venv/.dev tests/contracts/package-lock.json tests/reports/package-lock.json
	@if command -v npm >/dev/null; then \
	  for folder in contracts reports; do npm ci --prefix tests/$$folder --no-audit --no-fund --silent || exit 1; done; \
	else echo "npm is not installed: the tests that need it will be skipped"; fi
	touch $@
