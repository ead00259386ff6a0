# Two commands set everything up on a machine that has Python 3.11 to 3.13: `make demo` and `make test`.

VENV    := .venv
STAMP   := $(VENV)/.installed
BIN     := $(VENV)/bin
ARGS    :=

.PHONY: help demo test lint format lock ocr browser clean parser-version bench-crawl bench-rerun accuracy mutate fuzz docs torture \
	bench-web screenshots
.DEFAULT_GOAL := help

help:
	@echo "make demo     install, crawl the bundled sample portal, show what was archived"
	@echo "make test     install, run all tests (ARGS='-k parse' to choose)"
	@echo "make lint     ruff, mypy, import-linter, yamllint"
	@echo "make format   let ruff put the code in order"
	@echo "make lock     write the requirements locks anew from pyproject.toml"
	@echo "make ocr      install what reads scans and pictures of tables (340 MB)"
	@echo "make bench-parse      how fast a report is read, beside bare parsers (ARGS='--only html')"
	@echo "make parser-version   note a change of the parser's code (WHY='…' where no report changes)"
	@echo "make accuracy         figures right, missing, wrong, silently wrong, by template and carrier (N=10000 damaged reports)"
	@echo "make mutate           damaged reports alone (N=10000); make fuzz: spoiled files of every kind (N=100000)"
	@echo "make bench-crawl      a whole crawl beside a bare Scrapy spider (N=2000 report pages)"
	@echo "make docs     the documentation as a site in build/docs"
	@echo "make bench-rerun      how fast a rerun is (N=20000 invented reports, GROWTH=2000 first, ONLY=all, MONGODB=mongodb://…)"
	@echo "make torture          kill -9 of crawler, rerun and database, ROUNDS=50 times"
	@echo "make bench-web        how fast the pages are (N=20000 invented reports)"
	@echo "make screenshots      the pictures of README and docs, from the real pages"
	@echo "make clean    remove .venv and caches; the archive in data/ stays"

demo: $(STAMP) browser
	@$(BIN)/nianbao demo

test: $(STAMP) browser
	@$(BIN)/python -m pytest $(ARGS)

lint: $(STAMP)
	@$(BIN)/python -m pytest -q tests/test_house.py

format: $(STAMP)
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

# The lock holds versions and hashes and no address, so that any mirror serves it.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml

lock: $(STAMP)
	@$(BIN)/$(COMPILE) --extra embedded --extra cluster --extra dev --output-file requirements.lock
	@$(BIN)/$(COMPILE) --extra ocr --constraint requirements.lock --output-file requirements-ocr.lock
	@echo "requirements.lock is written, make test installs it; requirements-ocr.lock is for make ocr."

ocr: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-ocr.lock
	@echo "Scans and pictures of tables are read from now on."

# A changed helper of the parser asks for a new PARSER_VERSION, or for the reason why no report changes.
parser-version: $(STAMP)
	@$(BIN)/python -m tests.parsers.version_lock --why "$(WHY)"

.PHONY: bench-parse
bench-parse: $(STAMP)
	@$(BIN)/python -m benchmarks.parse_speed $(ARGS)

N =
GROWTH :=
STALE :=
ONLY :=
SKIP :=
MONGODB :=

# Compiled code is kept, as on any machine where nobody forbids it: else every worker compiles all of it anew.
bench-rerun: $(STAMP)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m benchmarks.rerun --reports $(or $(N),2000) $(if $(GROWTH),--growth $(GROWTH)) $(if $(STALE),--stale $(STALE)) $(if $(ONLY),--only $(ONLY)) $(if $(SKIP),--skip $(SKIP)) $(if $(MONGODB),--mongodb '$(MONGODB)')

# Each ends with exit code 1 where a figure is silently wrong, or where a file crashes or hangs the parser.
accuracy: $(STAMP) browser
	@$(BIN)/python -m benchmarks.accuracy --damages $(or $(N),10000)

mutate: $(STAMP)
	@$(BIN)/python -m benchmarks.accuracy --damages $(or $(N),10000) --reports 0 --printed 0

fuzz: $(STAMP)
	@$(BIN)/python -m benchmarks.fuzz --inputs $(or $(N),100000)

docs: $(STAMP)
	@$(BIN)/python -m sphinx -b html -W --keep-going -q -j auto docs build/docs
	@echo "The documentation is in build/docs: open build/docs/index.html"

bench-crawl: $(STAMP)
	@$(BIN)/python -m benchmarks.crawl --reports $(or $(N),2000)

ROUNDS := 50
SEED := 1

torture: $(STAMP)
	@$(BIN)/python -m tests.torture.rounds --rounds $(ROUNDS) --seed $(SEED)

bench-web: $(STAMP)
	@$(BIN)/python -m benchmarks.web --reports $(or $(N),20000)

screenshots: $(STAMP) browser
	@NIANBAO_SCREENSHOTS=1 $(BIN)/python -m pytest -q --numprocesses=0 tests/nianbao/web/test_pages.py -k screenshots

browser: $(STAMP)
	@sh scripts/browser.sh $(VENV)/.no-browser $(BIN)/python

# A second run finds the stamp newer than the lock and installs nothing.
$(STAMP): requirements.lock pyproject.toml scripts/setup.sh scripts/python.sh
	@PYTHON='$(PYTHON)' sh scripts/setup.sh $(VENV)
	@touch $@

clean:
	@rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed .venv and the caches. The archive in data/ is untouched."
