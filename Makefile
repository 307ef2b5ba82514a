# Needs Python 3.11 or newer (with venv and pip) and make; everything else goes into $(VENV).
VENV ?= .venv
SAMPLE ?= resources/samples/gate.pt
MODELS ?= models

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
ifeq ($(PYTHON),)
$(error No Python 3.11 or newer was found; name one with make PYTHON=path)
endif

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
LINTED := .

.DEFAULT_GOAL := help
.PHONY: help run test lint format screenshots samples bench clean libraries system-libraries

help:
	@echo "make run          open a sample (headless tour where there is no display)"
	@echo "make test         lint, types, import contracts, tests"
	@echo "make lint         the first three of these"
	@echo "make format       rewrite the sources in the project's format"
	@echo "make screenshots  take the pictures of screenshots/ from the real window"
	@echo "make samples      save the sample archives again from their scripts"
	@echo "make bench        print the figures of BENCHMARKS.md; MODELS=folder of archives"
	@echo "make clean        remove the environment and caches"

libraries:
	@$(PYTHON) .ci/system_libraries.py

system-libraries:
	@$(PYTHON) .ci/system_libraries.py --install

$(INSTALLED): pyproject.toml .ci/environment.py
	$(PYTHON) .ci/environment.py $(VENV)
	@touch $@

$(INSTALLED_DEV): pyproject.toml .ci/environment.py
	$(PYTHON) .ci/environment.py $(VENV) --dev
	@touch $@ $(INSTALLED)

run: libraries $(INSTALLED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname -s)" = Darwin ]; then \
		$(BIN)/python -m jitviewer $(SAMPLE); \
	else \
		$(BIN)/python -m jitviewer.headless_tour $(SAMPLE); \
	fi

test: libraries lint
	PYTHONHASHSEED=0 $(BIN)/python -m pytest

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/basedpyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

format: $(INSTALLED_DEV)
	$(BIN)/ruff check --fix-only $(LINTED)
	$(BIN)/ruff format $(LINTED)

screenshots: libraries $(INSTALLED_DEV)
	$(BIN)/python screenshots/take.py

samples: $(INSTALLED)
	$(BIN)/python -W ignore::DeprecationWarning resources/samples/make_samples.py

bench: libraries $(INSTALLED_DEV)
	$(BIN)/python -m tests.benchmarks.run --models $(MODELS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
