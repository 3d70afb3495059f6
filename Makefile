# Two commands do everything: `make run` and `make test`. The rest is for those who change the code.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOME_DIR ?= finsam-home

.DEFAULT_GOAL := help
.PHONY: help setup run test check generate lock bench bench-models bench-peers dbt-env peers-env spark-env docs screenshots ui trials clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.ready ## .venv from the lock file

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Python 3.11-3.13 is needed: make PYTHON=python3.12 setup")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: setup ## set up, then the main job on example data
	$(BIN)/finsam demo --home $(HOME_DIR)

test: setup ## set up, then all tests
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

trials: setup ## the long forms of the trials: thousands of damaged files, every failing call, hundreds of kills (hours; each can be asked for alone, docs/trials.md)
	$(BIN)/pytest -m long -n auto --dist worksteal

check: setup ## lint, types, import layers, generated artefacts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m finsam_pipeline.models.generate --check
	$(BIN)/python -m finsam_pipeline.validation.generate --check
	$(BIN)/python -m finsam_pipeline.models.dictionary --check
	$(BIN)/python -m finsam_pipeline.cli.reference --check

generate: setup ## rewrite what is made from the contracts
	$(BIN)/python -m finsam_pipeline.models.generate
	$(BIN)/python -m finsam_pipeline.validation.generate
	$(BIN)/python -m finsam_pipeline.models.dictionary
	$(BIN)/python -m finsam_pipeline.cli.reference

lock: setup ## renew requirements.lock from pyproject.toml, and of it what an image needs (needs uv)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra postgres --generate-hashes --no-header --no-annotate --no-strip-extras pyproject.toml -o requirements.lock
	echo hatchling | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra postgres --constraint requirements.lock --generate-hashes --no-header --no-annotate --no-strip-extras - pyproject.toml -o deploy/requirements.lock

bench: setup ## what is fast and what is slow, into benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run_demo.py
	$(BIN)/python benchmarks/readers.py

bench-models: setup dbt-env ## the models beside bare SQL, dbt and pandas; BENCH_SIZE= for another size
	$(BIN)/python -m benchmarks.models $(BENCH_SIZE)

bench-peers: setup dbt-env peers-env ## the whole way beside pandas and Great Expectations, polars, dbt and bare SQL, into benchmarks/PEERS.md; PEERS_SIZE="5k 1M 20M"
	$(BIN)/python -m benchmarks.peers $(PEERS_SIZE)

peers-env: .venv-peers/.ready ## the peers of bench-peers in an environment of their own

.venv-peers/.ready: benchmarks/peers.lock
	$(PYTHON) -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/peers.lock
	touch $@

dbt-env: .venv-dbt/.ready ## dbt in an environment of its own, a peer for tests and benchmarks

.venv-dbt/.ready: benchmarks/dbt.lock
	$(PYTHON) -m venv --clear .venv-dbt
	.venv-dbt/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/dbt.lock
	touch $@

spark-env: .venv-spark/.ready ## the project with PySpark in an environment of its own (needs Java 17 or 21), for the test of the engines

.venv-spark/.ready: requirements.lock benchmarks/spark.lock
	$(PYTHON) -m venv --clear .venv-spark
	.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r benchmarks/spark.lock
	.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

docs: setup ## the data dictionary, and Great Expectations' own pages on the last run, without values, into docs/build
	$(BIN)/python -m finsam_pipeline.models.dictionary_page docs/build/dictionary.html
	$(BIN)/python docs/data_docs.py --home $(HOME_DIR)

screenshots: setup ## pictures of the UI and the report (needs chromium)
	$(BIN)/python docs/screenshots.py

ui: setup ## the Dagster UI on the example workspace
	$(BIN)/finsam ui --home $(HOME_DIR)

clean: ## remove what was made, but no workspace
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
