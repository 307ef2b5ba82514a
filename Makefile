# Needs Python 3.11 or newer and make. What is of Python goes into $(VENV); the rest is in .ci/system_packages.py.
VENV ?= .venv
SAMPLE ?= resources/samples/gate.pt
MODELS ?= models

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
ifeq ($(PYTHON),)
$(error No Python 3.11 or newer was found; name one with make PYTHON=path)
endif

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
LINTED := .
# Processes that test side by side, at most one a core; each holds torch and may take two gigabytes.
TESTERS ?= 4

.DEFAULT_GOAL := help
# What the system lacks is installed before what is built on it.
.NOTPARALLEL:
.PHONY: help run test lint format screenshots samples bench clean packages-to-run packages-to-test

help:
	@echo "make run          open a sample (headless tour where there is no display)"
	@echo "make test         lint, types, import contracts, tests"
	@echo "make lint         the first three of these"
	@echo "make format       rewrite the sources in the project's format"
	@echo "make screenshots  take the pictures of screenshots/ from the real window"
	@echo "make samples      save the sample archives again from their scripts"
	@echo "make bench        print the figures of BENCHMARKS.md; MODELS=folder of archives"
	@echo "make clean        remove the environment and caches"

packages-to-run:
	@$(PYTHON) .ci/system_packages.py run

packages-to-test:
	@$(PYTHON) .ci/system_packages.py test

$(INSTALLED): pyproject.toml .ci/environment.py
	$(PYTHON) .ci/environment.py $(VENV)
	@touch $@

$(INSTALLED_DEV): pyproject.toml .ci/environment.py .ci/tools.txt
	$(PYTHON) .ci/environment.py $(VENV) --dev
	@touch $@ $(INSTALLED)

run: packages-to-run $(INSTALLED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname -s)" = Darwin ]; then \
		$(BIN)/python -m jitviewer $(SAMPLE); \
	else \
		$(BIN)/python -m jitviewer.commands.headless_tour $(SAMPLE); \
	fi

test: packages-to-test lint
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n auto --maxprocesses $(TESTERS) --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/basedpyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

format: $(INSTALLED_DEV)
	$(BIN)/ruff check --fix-only $(LINTED)
	$(BIN)/ruff format $(LINTED)

screenshots: packages-to-test $(INSTALLED_DEV)
	$(BIN)/python screenshots/take.py

samples: $(INSTALLED)
	$(BIN)/python -W ignore::DeprecationWarning -W ignore::FutureWarning resources/samples/make_samples.py

bench: packages-to-test $(INSTALLED_DEV)
	$(BIN)/python -m tests.benchmarks.run --models $(MODELS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
