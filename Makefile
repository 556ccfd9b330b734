# One target a line of what people do. Python 3.11 or newer and make are all it needs.
PY ?= python3
BIN := .venv/bin

.PHONY: install demo test test-spark test-defences check bench score docs lock clean

# The environment that users need, with the command at .venv/bin/meetload
install: .venv/.installed
.venv/.installed: requirements.lock pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "meetload needs Python 3.11 or newer; try: make PY=python3.12 $(MAKECMDGOALS)"; exit 2; }
	test -x $(BIN)/python || $(PY) -m venv .venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

# What the tests need on top of it, a browser included
.venv/.tested: .venv/.installed requirements-test.lock
	$(BIN)/python -m pip install -q --require-hashes -r requirements-test.lock
	touch $@

# Build the demo organisation and open its dashboard
demo: .venv/.installed
	$(BIN)/meetload demo

test: .venv/.tested check
	$(BIN)/python tests/browser/provide.py
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

# The engine tests on a real Spark with Java 17, in an environment of its own; skips where there is no Java
test-spark: .venv/.tested
	tests/engine/real.sh

# Every defence taken away once, in a test process: a test must notice each time
test-defences: .venv/.tested
	$(BIN)/python tests/defences.py

# Types, lint, format and the rooms' floors
check: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_rooms.py

# Speed, as ratios in one run; writes docs/performance.md. PARTS="drift release" measures only some
bench: .venv/.tested
	$(BIN)/python -m tests.bench.run $(PARTS)

# How right the measures and labels are; writes docs/accuracy.md
score: .venv/.tested
	$(BIN)/python -m tests.score.run

# The manual as a site in build/site, with pictures made from the demo
docs: .venv/.tested
	$(BIN)/python tests/browser/pictures.py
	$(BIN)/python docs/site/build.py build/site
	@echo "open build/site/index.html"

# Maintainers only: needs uv
lock:
	uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra build -o requirements.lock pyproject.toml
	uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra build --extra test -c requirements.lock -o requirements-test.lock pyproject.toml

clean:
	rm -rf .venv build dist
