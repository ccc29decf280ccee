# Every command of the project; `make` alone lists them. Nothing here needs root.
.DEFAULT_GOAL := help
SHELL := /bin/bash
export UV_PYTHON_DOWNLOADS ?= never
export SOCIAL_VAULT_LOGS ?= $(CURDIR)/.local/logs
RUN = PATH="$(CURDIR)/.venv/bin:$$PATH"

.PHONY: help setup run food sample sql grants up schema deploy test test-product test-local-vertica test-long check fix bench

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: ## install uv (if absent) and the locked environment into this folder
	@bash local/setup.sh

run: setup ## load sample data, or DATA=folder, and answer; ANSWER=file.csv SCALE=n FRESH=1
	@$(RUN) python -m local run $(if $(DATA),--data "$(DATA)") $(if $(ANSWER),--answer "$(ANSWER)") $(if $(SCALE),--scale $(SCALE)) $(if $(FRESH),--fresh)

food: setup ## read three made-up source systems of a food delivery, and report; SCALE=n
	@$(RUN) python -m local food $(if $(SCALE),--scale $(SCALE))

sample: setup ## write sample files to OUT=folder; SCALE=n
	@$(RUN) python -m local sample --out "$(OUT)" $(if $(SCALE),--scale $(SCALE))

up: setup ## keep S3, Vertica and Prefect's dashboard running until Ctrl-C
	@$(RUN) python -m local up

sql: setup ## write every statement as it reaches Vertica to sql/rendered
	@$(RUN) python -m social_vault.schema render

grants: setup ## print what to grant to LOADER=user READER=role; STAGING=schema VAULT=schema WORLDS=…
	@$(RUN) python -m social_vault.schema grants $(if $(LOADER),--loader "$(LOADER)") $(if $(READER),--reader "$(READER)") $(if $(STAGING),--staging "$(STAGING)") $(if $(VAULT),--vault "$(VAULT)") $(if $(WORLDS),--worlds $(WORLDS))

schema: setup ## create the tables in the warehouse that the environment names; WORLDS=social_network
	@$(RUN) python -m flows apply-schema $(if $(WORLDS),--worlds $(WORLDS))

deploy: setup ## deploy the flows to the Prefect server that the environment names
	@$(RUN) python deployments/deploy.py

test: setup ## all tests but the long ones: the lanes of the product and of the stand-in side by side
	@$(RUN) python -m tests.lanes flows library local-vertica -- -m "not long"

test-product: setup ## the product's tests but the long ones
	@$(RUN) python -m tests.lanes flows library -- -m "not long"

test-local-vertica: setup ## the stand-in's own tests but the long ones
	@$(RUN) python -m tests.lanes local-vertica -- -m "not long"

test-long: export HYPOTHESIS_PROFILE = nightly
test-long: setup ## all tests, with many drawn examples; a night
	@$(RUN) python -m tests.lanes flows library local-vertica -- -o timeout=7200

check: setup ## lint, types, import walls, SQL, links, the workflow of CI
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) python -m social_vault.schema render --check
	@$(RUN) python -m pytest -q tests/unit/sql tests/unit/test_docs.py tests/unit/test_imports.py packages/local-vertica/tests/test_imports.py
	@$(RUN) check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml
	@$(RUN) zizmor --offline --quiet .github
	@$(RUN) pre-commit validate-config

fix: setup ## format and mend what can be mended
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

bench: setup ## measure against a plain DuckDB script; SCALE=1 RUNS=5 PARTS=whole,idle,growth
	@$(RUN) python -m tests.bench $(if $(SCALE),--scale $(SCALE)) $(if $(RUNS),--runs $(RUNS)) $(if $(PARTS),--parts $(PARTS))
