# Two commands are enough: `make run` and `make test`. Both do their own set-up and skip what is done.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
IN := .venv/bin
# Two at a time where there are two cores; `make test ARGS="tests/search -k edge"` runs some of them.
PROCESSES ?= $(shell n=$$(nproc 2>/dev/null || echo 1); [ $$n -gt 4 ] && echo 4 || echo $$n)
# Who gets which tests, in which order: tests/conftest.py.
DEALT = -n $(PROCESSES)
ARGS ?=
key = $(shell $(PYTHON) -c "import secrets; print(secrets.token_hex(32))")

.PHONY: help run setup test-tools test test-all test-elasticsearch journeys check format format-check lint types imports migrations-check deploy-check lock clean
.DEFAULT_GOAL := help

help: ## What can be asked for
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## Set up what is missing, start web, worker and clock (PORT, DATABASE_URL); ctrl-C ends all
	@exec $(PYTHON) -m config.run

setup: ## Set up without starting
	@$(PYTHON) -m config.setup

test-tools:
	@$(PYTHON) -m config.setup tests

test: test-tools ## Run the quick tests (DATABASE_URL: on that PostgreSQL; ARGS: some of them, or others)
	@$(IN)/pytest $(DEALT) -m "not slow and not journey" $(ARGS)

test-all: test-tools ## Run all tests: the slow tables, crowds and proofs as well, then the browser journeys
	@$(MAKE) test ARGS='-m "not journey" $(ARGS)'
	@$(MAKE) journeys

test-elasticsearch: test-tools ## Only what needs a real Elasticsearch: a server that is fetched with Maven, or ELASTICSEARCH_URL
	$(IN)/python -m tests.elasticsearch.server $(IN)/pytest $(DEALT) -m elasticsearch -p no:cacheprovider tests/elasticsearch $(ARGS)

journeys: test-tools ## Only the browser journeys (CHROMIUM: which browser)
	$(IN)/pytest $(DEALT) -m journey $(ARGS)

check: types format-check lint imports migrations-check deploy-check test ## Everything that must be green: form, lint, types, import contracts, migrations, deploy check, tests

format: test-tools ## Put the code into form
	$(IN)/ruff format .
	$(IN)/ruff check --fix .

format-check: test-tools
	$(IN)/ruff format --check .

lint: test-tools
	$(IN)/ruff check .
	$(IN)/djlint --lint --quiet config cms brokering training search directory safekeeping

types: test-tools
	$(IN)/mypy

imports: test-tools
	$(IN)/lint-imports

migrations-check: test-tools
	DJANGO_SETTINGS_MODULE=config.settings.test $(IN)/python manage.py makemigrations --check --dry-run

# The checks of a real installation, with keys that live as long as this command.
deploy-check: test-tools
	@DJANGO_SETTINGS_MODULE=config.settings.production ALLOWED_HOSTS=alongside.example VAR_DIR=$$(mktemp -d) \
	SECRET_KEY=$(key) SEAL_KEYS=k1:$(key) SEAL_INDEX_KEY=$(key) AUDIT_KEY=$(key) \
	$(IN)/python manage.py check --deploy --fail-level WARNING

# One resolution for every platform; no index address gets into a lock, so it serves every mirror.
COMPILE = $(IN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"
lock: test-tools ## Renew the locks within the ranges of pyproject.toml
	$(IN)/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group node --output-file requirements-node.lock

clean: ## Take away what set-up made, but not var/ (the data)
	rm -rf .venv node_modules config/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
