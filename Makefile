# Everything a fresh machine needs: Python >= 3.11 and make. `make serve` and `make test` set themselves up.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := $(VENV)/bin
EDITOR := service/static/editor/.installed

.PHONY: serve build test quick bench lint format evaluate clean

serve: build
	$(BIN)/ducha serve --out $(OUT) --host $(HOST) --port $(PORT)

build: $(VENV)/.installed $(EDITOR)
	$(BIN)/ducha build --out $(OUT)

test: $(VENV)/.installed-dev $(EDITOR) lint
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

quick: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist loadfile -m "not slow"

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/speed.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

evaluate: $(VENV)/.installed-dev build
	$(BIN)/ducha evaluate $(GOLD) --out $(OUT)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "ducha needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(VENV)/.installed $@

$(EDITOR): service/package.json service/package-lock.json $(VENV)/.installed
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[editor]"
	$(BIN)/python -m service.install_editor
	touch $@

clean:
	rm -rf $(VENV) $(OUT) build dist service/node_modules tests/test_service/comunica/node_modules service/static/editor .mypy_cache .ruff_cache .pytest_cache
