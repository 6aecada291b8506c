# Everything that a newcomer, a developer and CI do. Each target sets up what it needs, in .venv.
#
#   make demo    the main job on an embedded local AWS: rows in, DAG files out, in about two minutes
#   make dev     the same, left running: edit rows, watch the files change
#   make test    every test, in real Airflow and on the local AWS; CI runs this
#   make check   the everyday suite, under a minute: lint, types, layers, unit, golden, properties
#   make bench   speed, as ratios measured side by side
#   make golden  writes the expected files of the golden cases anew
#   make docs    writes the generated pages of docs/ anew
#   make setup   only installs; the others call it

PYTHON ?= python3

MAIN := .venv/.installed
TOOLS := .venv/tools
AIRFLOWS := airflow-2.11 airflow-3.0 airflow-3.3
TEST_TOOLS := sam checkov $(AIRFLOWS)

# Imports take three times as long without compiled modules.
unexport PYTHONDONTWRITEBYTECODE
# What a user's shell says of Python or AWS is not for the tests.
unexport PYTHONPATH AWS_PROFILE

PYTEST := .venv/bin/python -m pytest -q

.PHONY: setup demo dev check test bench golden docs clean

setup: $(MAIN) $(TOOLS)/sam/.installed

demo: setup
	.venv/bin/python -m demo

dev: setup
	.venv/bin/python -m demo.dev

check: $(MAIN)
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	.venv/bin/mypy --no-error-summary
	.venv/bin/lint-imports --no-cache --no-logo
	$(PYTEST) -n 2 tests/unit tests/golden tests/properties

test: check $(TEST_TOOLS:%=$(TOOLS)/%/.installed)
	$(PYTEST) tests/airflow tests/stack tests/demo

bench: setup
	.venv/bin/python -m bench

golden: $(MAIN)
	$(PYTEST) tests/golden --update-golden

docs: $(MAIN)
	.venv/bin/python -m docs.generate

clean:
	rm -rf .venv .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(MAIN): requirements/dev.txt pyproject.toml
	@echo "Installing the project into .venv"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "$(PYTHON) is not Python 3.11 to 3.13. Say which to take: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "On Debian, the package python3-venv is needed for this." >&2; exit 1; }
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  "$$(grep '^uv==' requirements/dev.txt)"
	@.venv/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode requirements/dev.txt
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

# One virtual environment for each tool whose dependencies are at odds with the project's.
$(TOOLS)/%/.installed: requirements/%.txt $(MAIN)
	@echo "Installing $* into $(@D)"
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python $(@D)
	@.venv/bin/uv pip sync --quiet --python $(@D)/bin/python --compile-bytecode requirements/$*.txt
	@touch $@
