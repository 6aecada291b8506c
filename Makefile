# Everything that a newcomer, a developer and CI do. Each target sets up what it needs, in .venv.
#
#   make demo    the main job on an embedded local AWS: rows in, DAG files out, in about two minutes
#   make dev     the same, left running: edit rows, watch the files change
#   make airflow a real Airflow that reads it, left running: open its page (AIRFLOW=2.11|3.0|3.3)
#   make test    every test, in real Airflow and on the local AWS; CI runs this
#   make check   the everyday suite, about a minute: lint, types, layers, unit and golden tests
#   make soak    thousands of histories of edits, deliveries and faults (HISTORIES=2000), each another (KIND=LATE: of a kind)
#   make bench   speed, measured side by side, against targets and peers; JSON=FILE keeps the figures
#   make golden  writes the expected files of the golden cases anew
#   make docs    writes the generated pages of docs/ anew
#   make setup   only installs; the others call it
#   make pins    locks the requirements anew, with their hashes; UPGRADE=yes: to the newest versions
#   make audit   looks for known vulnerabilities of what is pinned; needs the internet
#
# In your AWS account, as samconfig.toml says (docs/deployment.md). TEAM=… names your team's folder: its
# defaults.yaml and its templates/ are built into the functions.
#   make deploy ENV=dev|uat|prod  builds and deploys the stack
#   make runtime ENV=…            publishes airflow_runtime/; UPDATE=yes: and updates the stack's own Airflow
#   make rebuild ENV=…            compares every DAG with its rows now; REMOVE=all: however many files go
#   make redrive ENV=…            compiles the edits in the dead-letter queue
#   make canary ENV=…             tries the stack with rows of its own, which it removes again

PYTHON ?= python3

MAIN := .venv/.installed
TOOLS := .venv/tools
AIRFLOWS := airflow-2.11 airflow-3.0 airflow-3.3
TEST_TOOLS := sam checkov supply postgres browser $(AIRFLOWS)
LIVE := $(AIRFLOWS:airflow-%=live-%)
CHROMIUM := $(TOOLS)/browser/.chromium

# Imports take three times as long without compiled modules.
unexport PYTHONDONTWRITEBYTECODE
# What a user's shell says of Python or AWS is not for the tests.
unexport PYTHONPATH AWS_PROFILE

AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo,)
HISTORIES ?= 2000
# Your team's folder (dagc init); without, the example's for demo, dev and airflow.
TEAM ?=
OF_TEAM := $(if $(TEAM),--team $(TEAM))
PYTEST := .venv/bin/python -m pytest -q

.PHONY: setup demo dev airflow check test soak bench golden docs clean

setup: $(MAIN) $(TOOLS)/sam/.installed

demo: setup
	.venv/bin/python -m demo $(OF_TEAM)

dev: setup
	.venv/bin/python -m demo.dev $(OF_TEAM)

AIRFLOW ?= 3.0
ifneq ($(filter airflow,$(MAKECMDGOALS)),)
ifeq ($(filter airflow-$(AIRFLOW),$(AIRFLOWS)),)
$(error AIRFLOW=$(AIRFLOW) is not among those that this project installs: $(AIRFLOWS:airflow-%=AIRFLOW=%))
endif
endif

airflow: setup $(TOOLS)/postgres/.installed $(TOOLS)/airflow-$(AIRFLOW)/.installed
	.venv/bin/python -m demo.airflow --airflow $(AIRFLOW) $(OF_TEAM)

check: $(MAIN)
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	.venv/bin/mypy --no-error-summary
	.venv/bin/lint-imports --no-cache --no-logo
	$(PYTEST) -n 2 tests/unit tests/golden

test: check $(TEST_TOOLS:%=$(TOOLS)/%/.installed) $(CHROMIUM)
	$(PYTEST) -n 2 tests/properties tests/convergence
	$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder tests/services tests/demo tests/airflow tests/stack tests/wheel
	$(MAKE) -j 2 --no-print-directory --output-sync $(LIVE)

# Two Airflows at a time: they wait for themselves most of the time.
$(LIVE): live-%:
	$(PYTEST) tests/live -k $*

soak: $(MAIN)
	.venv/bin/python -m tests.convergence.soak --histories $(HISTORIES) $(if $(KIND),--kind $(KIND))

# Its peers have environments of their own.
bench: setup $(TOOLS)/airflow-3.3/.installed $(TOOLS)/bench-dag-factory/.installed
	.venv/bin/python -m bench $(if $(JSON),--json $(JSON))

golden: $(MAIN)
	$(PYTEST) tests/golden --update-golden

docs: $(MAIN)
	.venv/bin/python -m docs.api_shapes
	.venv/bin/python -m docs.generate
	.venv/bin/python -m docs.performance
	.venv/bin/python -m docs.cost

.PHONY: pins audit

LOCK = .venv/bin/uv pip compile --quiet --universal --no-annotate --generate-hashes --python-version 3.11 \
  $(if $(UPGRADE),--upgrade)
# The functions and the naive compiler of the benchmark run what the tests run.
AS_IN_TESTS := -c requirements/dev.txt
# The Airflow 3.0 of the tests stays as it was installed when it was new.
OF_ITS_DAY := --exclude-newer 2025-09-01

pins: $(MAIN)
	$(foreach name,dev build supply sam checkov postgres browser airflow-2.11 airflow-3.3, \
	  $(LOCK) requirements/$(name).in -o requirements/$(name).txt &&) true
	$(LOCK) $(OF_ITS_DAY) requirements/airflow-3.0.in -o requirements/airflow-3.0.txt
	$(LOCK) $(AS_IN_TESTS) requirements/bench-naive.in -o requirements/bench-naive.txt
	$(LOCK) -c requirements/airflow-3.3.txt requirements/bench-dag-factory.in -o requirements/bench-dag-factory.txt
	$(LOCK) $(AS_IN_TESTS) functions/requirements.in -o functions/requirements.txt

# What runs in Lambda, and what a developer's machine runs. The Airflows of the tests are as old as they have to be.
AUDITED := functions/requirements.txt requirements/dev.txt requirements/sam.txt requirements/build.txt

audit: $(TOOLS)/supply/.installed
	$(TOOLS)/supply/bin/pip-audit --strict --require-hashes --disable-pip $(AUDITED:%=-r %)

.PHONY: deploy runtime rebuild redrive canary known-env

ENVS := dev uat prod

# The Python to build with. uv finds, or fetches, the one of the stack; a path names another.
BUILD_PYTHON ?=

# These do talk to your AWS.
ifneq ($(AWS_PROFILE),)
deploy runtime rebuild redrive canary: export AWS_PROFILE := $(AWS_PROFILE)
endif

deploy: known-env setup
	PATH="$(CURDIR)/$(TOOLS)/sam/bin:$(CURDIR)/.venv/bin:$$PATH" \
	  .venv/bin/dagc deploy --env $(ENV) $(OF_TEAM) $(if $(BUILD_PYTHON),--python $(BUILD_PYTHON))

runtime: known-env $(MAIN)
	.venv/bin/dagc runtime publish --stack dagc-$(ENV) $(OF_TEAM) $(if $(UPDATE),--update) $(if $(FORCE),--force)

rebuild: known-env $(MAIN)
	.venv/bin/dagc rebuild --stack dagc-$(ENV) $(if $(filter all,$(REMOVE)),--remove-all)

redrive: known-env $(MAIN)
	.venv/bin/dagc redrive --stack dagc-$(ENV)

canary: known-env $(MAIN)
	.venv/bin/dagc doctor --stack dagc-$(ENV) --canary

known-env:
	$(if $(filter $(ENVS:%="%"),"$(ENV)"),@:,$(error Say which environment: make $(MAKECMDGOALS) ENV=… \
	  with one of $(ENVS). It is "$(ENV)"))

clean:
	rm -rf .venv .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(MAIN): requirements/dev.txt requirements/build.txt pyproject.toml
	@echo "Installing the project into .venv"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "$(PYTHON) is not Python 3.11 to 3.13. Say which to take: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "On Debian, the package python3-venv is needed for this." >&2; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements/dev.txt > .venv/uv.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@.venv/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode --require-hashes requirements/dev.txt
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --build-constraints requirements/build.txt \
	  --editable .
	@touch $@

# One virtual environment for each tool whose dependencies are at odds with the project's.
$(TOOLS)/%/.installed: requirements/%.txt $(MAIN)
	@echo "Installing $* into $(@D)"
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python $(@D)
	@.venv/bin/uv pip sync --quiet --python $(@D)/bin/python --compile-bytecode --require-hashes requirements/$*.txt
	@touch $@

# No registry of Python packages has it.
$(CHROMIUM): $(TOOLS)/browser/.installed
	@command -v chromium > /dev/null || { echo "Installing Debian's Chromium"; $(AS_ROOT) apt-get update -qq && \
	  $(AS_ROOT) apt-get install -qq --no-install-recommends chromium fonts-dejavu-core > /dev/null; } || \
	  { echo "The tests open Airflow's page in Chromium: as root, apt-get install chromium" >&2; exit 1; }
	@touch $@
