# `make run` and `make test` are all a visitor needs; each builds .venv the first time.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: help run test check pictures bench clean

help:
	@echo "make run       open the window; without a screen, export part-2 to exports/"
	@echo "make test      run all tests, off-screen"
	@echo "make check     ruff, mypy, import-linter"
	@echo "make pictures  render the window in many sizes into build/pictures/"
	@echo "make bench     measure the speed beside yardsticks, into docs/performance.md"
	@echo "make clean     remove .venv and everything that was made here"

run: $(VENV)/made
	@$(PY) -m rnn_gui.demo

test: $(VENV)/made-test
	@$(PY) -m rnn_gui.preflight offscreen
	$(PY) -m pytest --numprocesses auto --maxprocesses 4

check: $(VENV)/made-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

pictures: $(VENV)/made
	@$(PY) tools/pictures.py

# What is installed is measured: make bench PY=…/bin/python takes an environment of your own.
bench: $(if $(filter $(VENV)/%,$(PY)),$(VENV)/made)
	@$(PY) -m benchmarks

clean:
	rm -rf $(VENV) build dist exports .hypothesis .*_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The program and what it runs on.
$(VENV)/made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "RNN Stepper needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@echo "Setting up $(VENV), once …"
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# The same with the extra `test` or `dev` of pyproject.toml.
$(VENV)/made-%: $(VENV)/made
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
