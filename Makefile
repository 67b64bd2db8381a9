# `make grade` and `make test` need Python 3.11 or newer and make; they set up everything else.
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
# Node, and what builds and tests the interactive pages, a browser among it.
NODE := $(BIN)/node
PAGES := node_modules/.ready
SCRIPTS := 'assignment/playground/source/*.{js,css}' 'tests/playground/*.js' 'autograder/templates/pages/*.{js,css}'
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.PHONY: grade test verify-full lint release schemas figures tables playground benchmarks clean

grade: $(READY)
	rm -rf build/submissions build/results
	$(BIN)/python -m autograder.corpus tests/submissions/sample_class.yaml build/submissions
	$(BIN)/autograde build/submissions --output build/results

# What confines student code differs between root and everybody else: root's run sees both. The
# attacks, which take longest, are run as most graders run; `make verify-full` runs them as root.
ATTACKS := tests/unit/test_attacks.py
ISOLATION := tests/unit/test_sandbox.py tests/unit/test_layers.py $(ATTACKS)
ROOT := $(filter 0,$(shell id -u))

test: lint
	$(BIN)/python -m pytest -n 2 $(if $(ROOT),--ignore $(ATTACKS))
	$(if $(ROOT),$(BIN)/python tests/unprivileged.py \
	  $(BIN)/python -m pytest -n 2 -p no:cacheprovider $(ISOLATION))

verify-full: $(READY)
	$(BIN)/autograde verify --whole --repeats 3
	$(BIN)/autograde verify --mutants
	$(BIN)/autograde verify --mutants --assignment tests/bundles/statistics
	$(BIN)/python -m pytest -n 2 $(ATTACKS)
	$(BIN)/python tests/fuzz/archives.py 10000
	$(BIN)/python tests/fuzz/interrupted_runs.py 50 100
	$(BIN)/python tests/fuzz/rubbish_answers.py
	$(BIN)/python tests/fuzz/after_deadline.py
	$(BIN)/python -m venv build/platform && build/platform/bin/pip install -q lti-consumer-xblock==11.4.4
	$(BIN)/python tests/platforms/lti_scores.py build/platform/bin/python

lint: $(READY) $(PAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) node_modules/prettier/bin/prettier.cjs --check $(SCRIPTS)
	$(NODE) node_modules/typescript/bin/tsc

release: $(READY)
	$(BIN)/autograde release

schemas: $(READY)
	$(BIN)/python -m autograder.report.schema

figures: $(READY)
	$(BIN)/python benchmarks/handout_figures.py
	$(BIN)/python benchmarks/study_figures.py
	$(BIN)/python benchmarks/rnn_figures.py
	$(BIN)/python benchmarks/search_figures.py

tables: $(READY)
	$(BIN)/python benchmarks/written_tables.py

playground: $(PAGES)
	$(NODE) assignment/playground/source/build.js

benchmarks: $(READY)
	$(BIN)/python benchmarks/parity_training.py
	$(BIN)/python benchmarks/relu_seeds.py
	$(BIN)/python benchmarks/xor_pieces.py
	$(BIN)/python benchmarks/random_search.py
	$(BIN)/python benchmarks/parity_study.py --full
	$(BIN)/python benchmarks/keras_notebook.py --original --seeds 3
	$(BIN)/python benchmarks/rnn_memory.py
	$(BIN)/python benchmarks/rnn_published.py
	$(BIN)/python benchmarks/public_run.py

clean:
	rm -rf $(VENV) node_modules build

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/python -m compileall -q autograder # it starts faster where Python may write no bytecode
	touch $(READY)

$(PAGES): $(READY) package.json package-lock.json
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(NODE) tests/playground/browser.js node_modules/.browser
	touch $(PAGES)
