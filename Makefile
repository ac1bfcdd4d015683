# The commands of the project; `make help` lists them.

SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && exit; done)
endif
NO_PYTHON = Python 3.11, 3.12 or 3.13 is needed, and '$(PYTHON)' is none: set PYTHON=/path/to/one.
BIN = .venv/bin
BOOTSTRAP = $(PYTHON) config/bootstrap.py
# The tools only read the code, but the settings do not load without a key.
LOOK = DEBUG=true VAR_DIR=var/tools
PYTEST = $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -rs --durations 25
# One after another, to the first that finds something; beside them mypy takes as long as all.
LOOKS = $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && \
	$(BIN)/djlint --quiet --lint commitments timeline && $(BIN)/lint-imports && \
	$(LOOK) $(BIN)/python manage.py makemigrations --check --dry-run && \
	$(BIN)/python -m pytest -q -n 0 -rs tests/config/test_translations.py
LOCK = $(abspath $(BIN)/uv) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header pyproject.toml
LOCK_ALL = $(LOCK) -o requirements.txt $(1) && \
	$(LOCK) --group test -c requirements.txt -o tests/requirements.txt $(1)

# What one process has compiled, the next ones read: each worker reads a thousand files.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check python tools clients locked lock sbom audit messages schema fuzz longfuzz bench soak manage clean

help: ## show this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name words; do \
	printf '%-10s %s\n' "$$name" "$$words"; done

run: python ## install, set up and start everything until Ctrl-C (PORT=8000 HOST=127.0.0.1)
	@$(BOOTSTRAP) port
	@$(BOOTSTRAP) install requirements.txt
	@$(BIN)/python -m config.run

test: check clients ## check, then every test: on SQLite, then on PostgreSQL
	@status=0; \
	TEST_DATABASE=sqlite $(PYTEST) || status=$$?; \
	TEST_DATABASE=postgresql $(PYTEST) || status=$$?; \
	exit $$status

check: tools locked ## style, types, import order, migrations, translations, locks
	@mkdir -p var; $(BIN)/mypy > var/mypy.log 2>&1 & mypy=$$!; status=0; $(LOOKS) || status=1; \
	wait $$mypy || status=1; cat var/mypy.log; exit $$status

lock: tools ## make both locks from pyproject.toml (UPGRADE=1 takes the newest of everything)
	@$(call LOCK_ALL,$(if $(UPGRADE),--upgrade))

sbom: tools ## write var/sbom.json: what the site is made of, as CycloneDX with hashes
	@mkdir -p var && $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml \
	--output-reproducible -o var/sbom.json requirements.txt

audit: python ## ask whether a hole is known in any pinned library (needs the net; once a day)
	@$(PYTHON) config/audit.py requirements.txt tests/requirements.txt $(foreach id,$(IGNORE),--ignore $(id))

messages: tools ## collect the texts to translate into the .po files (needs gettext)
	@mkdir -p commitments/locale timeline/locale
	@$(LOOK) $(BIN)/python manage.py makemessages -l ru -l kk --no-wrap --no-obsolete \
	--add-location file --ignore config --ignore tests --ignore benchmarks --ignore var

schema: tools ## write docs/openapi.yaml anew: what the API is, for programs
	@$(LOOK) $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

fuzz: tools ## ask the running site 500 times at each operation of the API, and at every edge
	@$(BIN)/python -m pytest -n 2 -q tests/fuzz/any_call.py

LONG = --hypothesis-profile long --timeout 7200 -m hypothesis --ignore tests/config/test_any_call.py
longfuzz: tools ## every test of any dates, filters, texts and files, 5,000 times each (EXAMPLES=5000)
	@FUZZ_EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -n 2 -q $(LONG)

bench: tools ## run every benchmark; each prints one JSON object a line
	@status=0; for file in $$(grep -l __main__ benchmarks/*.py); do \
	$(BIN)/python -m benchmarks.$$(basename $$file .py) || status=1; done; exit $$status

soak: tools ## mixed traffic for MINUTES=10 and the hard days; then 2,000 mails, 100 killed workers
	@status=0; $(BIN)/python -m benchmarks.soak $(or $(MINUTES),10) || status=1; for database in sqlite postgresql; do \
	TEST_DATABASE=$$database SOAK_MAILS=2000 SOAK_KILLS=100 $(BIN)/python -m pytest -q -n 0 -rs \
	tests/faults/test_killed_workers.py || status=$$?; done; exit $$status

manage: ## run a command where `make run` runs: make manage DO="help"
	@$(BIN)/python -m config.run $(BIN)/python manage.py $(DO)

clean: ## remove what can be made again; the data in var/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf var/static var/tools var/lock tests/clients/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@$(or $(PYTHON),false) -c '$(SUPPORTED)' 2>/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }

tools: python
	@$(BOOTSTRAP) install tests/requirements.txt

clients: # the calendar clients of the tests that are written in JavaScript
	@cd tests/clients 2>/dev/null && command -v npm >/dev/null || exit 0; \
	test node_modules/.package-lock.json -nt package-lock.json || npm ci --silent --no-audit --no-fund

locked: tools
	@rm -rf var/lock && mkdir -p var/lock/tests && cp pyproject.toml requirements.txt var/lock/ \
	&& cp tests/requirements.txt var/lock/tests/
	@cd var/lock && $(call LOCK_ALL,)
	@cmp -s requirements.txt var/lock/requirements.txt \
	&& cmp -s tests/requirements.txt var/lock/tests/requirements.txt \
	|| { echo "The locks do not fit pyproject.toml: run make lock." >&2; exit 1; }
