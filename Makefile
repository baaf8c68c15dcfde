# Every task of the project, and what CI runs. `make help` explains the targets.
#
# PYTHON picks the interpreter for .venv: make install PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Workers cost seconds to start. The report is searched for secrets, as everything in reports/ is.
WHOLE_TEST_RUN := --numprocesses=auto --dist=worksteal --junitxml=reports/tests.xml

# A server at an address is tested by one process.
CONTRACT_WORKERS := --numprocesses=2 --dist=worksteal

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export REDOCLY_TELEMETRY := off
# Tests and contract start dozens of processes; without it, each compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

CONTROL_DOCUMENT := mock_server/insightiq_mock/control/control.yaml

# An empty file inside each tree says that it is what the lock files ask for.
VENV_READY := $(VENV)/.ready
NODE_READY := node_modules/.ready

.PHONY: help
help: ## Explain the targets (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV_READY) $(NODE_READY) ## Build .venv and node_modules from the lock files
	@echo "Ready: $(VENV) and node_modules are what the lock files ask for."

.PHONY: demo
demo: $(VENV_READY) ## Walk through the API with the client against the mock server
	@$(BIN)/python scripts/demo.py

.PHONY: mock
mock: $(VENV_READY) ## Serve the mock API on port 4010 (options: ARGS="--port 4011 --seed 7")
	@$(BIN)/insightiq-mock serve $(ARGS)

.PHONY: check
check: ## Run everything that CI runs
	@.ci/run

.PHONY: lint
lint: $(VENV_READY) ## Check style, formatting and import rules of the Python code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo

.PHONY: types
types: $(VENV_READY) $(NODE_READY) ## Check the types with mypy and pyright, both strict
	@$(BIN)/mypy overrides mock_server scripts tests/typing
	@node_modules/.bin/pyright --project pyproject.toml

.PHONY: lint-spec
lint-spec: $(VENV_READY) $(NODE_READY) ## Lint both OpenAPI documents (another one: DOCUMENT=path)
	@for document in $(or $(DOCUMENT),spec/insightiq.yaml $(CONTROL_DOCUMENT)); do \
		$(BIN)/python scripts/lint_spec.py $$document; \
	done

.PHONY: regenerate
regenerate: $(VENV_READY) ## Derive the generated client from the document (only compare: CHECK=1; DISCARD_EDITS=1)
	@$(BIN)/python scripts/regenerate.py $(if $(CHECK),--check) $(if $(DISCARD_EDITS),--discard-edits)

.PHONY: diff
diff: $(VENV_READY) ## Report what an edit of the document breaks, and the version to release (BASE=revision or file)
	@$(BIN)/python scripts/diff.py $(if $(BASE),--base "$(BASE)")

.PHONY: diff-table
diff-table: $(VENV_READY) ## Hold that report against a table of known edits, each in a run of its own
	@EDITS=alone $(BIN)/python -m pytest -q tests/unit/scripts/changes/test_document_edits.py

.PHONY: compare-vendor
compare-vendor: $(VENV_READY) ## Compare with the document that the vendor offers for export (DOCUMENT=file)
	@test -n "$(DOCUMENT)" || { echo "make: name the file that you downloaded: make compare-vendor DOCUMENT=export.json" >&2; exit 2; }
	@$(BIN)/python scripts/compare_vendor.py "$(DOCUMENT)"

.PHONY: test
test: $(VENV_READY) ## Run the tests, on all cores (some of them, on one: ARGS="-k pagination"; fail on a skip: NO_SKIPS=1)
	@$(BIN)/python -m pytest $(or $(ARGS),$(WHOLE_TEST_RUN)) $(if $(NO_SKIPS),--no-skips)

.PHONY: coverage
coverage: $(VENV_READY) ## Run the tests, and report which lines and branches of client and mock they run
	@mkdir -p build/coverage
	@$(BIN)/python -m pytest $(WHOLE_TEST_RUN) -p pytest_cov --cov --cov-report=term --cov-report=html \
		$(if $(NO_SKIPS),--no-skips)

.PHONY: contract
contract: $(VENV_READY) ## Run the contract tests (MARKERS, TESTS, OPERATIONS, DEPTH, SEED, SEEDS, LIMITS, BASE_URL, …)
	@status=0; for seed in $(if $(SEEDS),$$(seq $(SEEDS)),$(or $(SEED),1)); do \
		$(BIN)/python -m pytest $(or $(TESTS),tests/contract) -q --seed=$$seed $(if $(MARKERS),-m "$(MARKERS)") \
			$(if $(DEPTH),--depth=$(DEPTH)) $(if $(EXAMPLES),--examples=$(EXAMPLES)) \
			$(if $(OPERATIONS),--operations=$(OPERATIONS)) $(if $(LIMITS),--limits=$(LIMITS)) \
			$(if $(BASE_URL),,$(CONTRACT_WORKERS)) \
			--reports=reports/contract --junitxml=reports/contract/junit.xml $(ARGS) || status=$$?; \
	done; exit $$status

.PHONY: validate-traffic
validate-traffic: $(VENV_READY) ## Validate recorded traffic against the document: make validate-traffic HAR=traffic.har
	@$(if $(HAR),:,echo "make: name a recording: make validate-traffic HAR=traffic.har" >&2; exit 2)
	@$(BIN)/python scripts/validate_traffic.py $(HAR) $(ARGS)

.PHONY: mutation
mutation: $(VENV_READY) $(NODE_READY) ## Run the mutation tests (some: ARGS="page-loses-an-item")
	@$(BIN)/python scripts/mutation.py $(ARGS)

.PHONY: bench-client
bench-client: $(VENV_READY) ## Measure the client beside its peers (parts: ARGS="parse small-call")
	@$(BIN)/python tests/bench/client/run.py $(ARGS)

.PHONY: bench-mock
bench-mock: $(VENV_READY) ## Measure the mock server against others (shorter: ARGS="--rounds 1")
	@$(BIN)/python tests/bench/mock/run.py $(ARGS)

.PHONY: soak-mock
soak-mock: $(VENV_READY) ## Load the mock server for a while and judge it (shorter: ARGS="--minutes 2")
	@$(BIN)/python tests/bench/mock/soak.py $(ARGS)

.PHONY: lock
lock: $(VENV_READY) ## Pin the dependencies of pyproject.toml and package.json anew
	@$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --extra cli --extra mock --group dev \
		--no-header --quiet --output-file requirements/dev.lock pyproject.toml
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	@cd tests/bench/mock && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: clean
clean: ## Remove all that can be made again: .venv, node_modules, caches, reports
	@rm -rf $(VENV) node_modules build dist reports
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
	@find generated overrides mock_server scripts tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV_READY): pyproject.toml requirements/dev.lock
	@command -v $(PYTHON) >/dev/null || { \
		echo "make: $(PYTHON) was not found; install Python 3.11 or newer, or name one: make install PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $(PYTHON) is $$($(PYTHON) -V 2>&1); Python 3.11 or newer is needed, name one: make install PYTHON=python3.12" >&2; exit 1; }
	@echo "Building $(VENV) (once; takes a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_READY): package.json package-lock.json .npmrc
	@command -v node >/dev/null && command -v npm >/dev/null || { \
		echo "make: node and npm were not found; install Node.js 20.19 or newer (for the linters of document and types)" >&2; exit 1; }
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' || { \
		echo "make: node is $$(node --version); Node.js 20.19 or newer is needed" >&2; exit 1; }
	@echo "Building node_modules (once)"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
