# make run    the book, ready to browse, at http://localhost:8000 (PORT, DATA_DIR, DATABASE_URL are obeyed)
# make test   every test, with a database and a browser of its own
# make chaos  five storms in which web workers and the database are killed, about three minutes
# make soak   10,000 random histories of the bank, about twenty minutes (SOAK is obeyed)
# make bench-bank  measures the bank and writes docs/benchmarks.md
# make check  format, lint, types, import contracts, migrations, deploy checks, templates

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
APPS := config accounts directory referrals

# Tests and checks never touch the data of `make run`, nor the address or database of an installation.
APART := env -u SITE_URL -u DATABASE_URL -u DATABASE_OWNER_URL -u EMAIL_HOST DATA_DIR=$(CURDIR)/var/test
PRODUCTION := $(APART) SITE_URL=https://book.example EMAIL_HOST=mail.example \
	DATABASE_URL=postgresql://book_app@db.example/book DATABASE_OWNER_URL=postgresql://book_owner@db.example/book

.PHONY: run test chaos bench-bank soak check format

run: .venv/.installed
	@exec $(MANAGE) run --demo --follow

test: .venv/.installed-dev
	@command -v chromium >/dev/null || sh -c '[ "$$(id -u)" = 0 ] && apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium' || \
		{ echo "The browser tests need chromium: install it, for example by apt-get install chromium."; exit 1; }
	$(APART) $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

chaos: .venv/.installed-dev
	$(APART) CHAOS_SEEDS=1,2,3,4,5 CHAOS_INTRODUCTIONS=48 $(BIN)/python -m pytest -q config/tests/test_chaos.py

bench-bank: .venv/.installed-dev
	$(APART) $(BIN)/python -m benchmarks.bank

soak: .venv/.installed-dev
	$(APART) SOAK=$(or $(SOAK),10000) $(BIN)/python -m pytest -q referrals/tests/test_bank_property.py

check: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(APART) $(BIN)/mypy
	$(BIN)/lint-imports
	$(APART) $(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/djlint templates --lint --quiet

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The book needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
