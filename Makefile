# make demo   the main job on samples/, from nothing      make test   everything that must hold
PYTHON  ?= python3
BIN     := .venv/bin

.PHONY: bench-plain demo test setup setup-demo lint unit lock clean help

help:
	@echo "make demo    install what is missing and run the main job on samples/"
	@echo "make test    install what is missing, then ruff, mypy, import-linter and every test"
	@echo "make bench-plain  what a plain script does on the same samples"
	@echo "make lock    renew the pinned versions of all dependencies"

setup:
	@bash .ci/setup test

setup-demo:
	@bash .ci/setup demo

demo: setup-demo
	@$(BIN)/python -m samples.demo

test: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_THREAD_LIMIT=1 $(BIN)/python -m pytest -n auto

bench-plain: setup
	$(BIN)/python tests/benchmarks/plain_script.py --each

lint:
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --extra dev --no-emit-index-url --no-annotate --no-header pyproject.toml -o .ci/constraints.txt

clean:
	rm -rf .venv demo-site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
