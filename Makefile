# `make course` and `make test` need Python 3.11, git, make, a C compiler and node, and nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SAMPLE := _build/sample

.DEFAULT_GOAL := help
.PHONY: help course notebooks book sample pdf lighthouse test lint format lock formgrader clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

course: notebooks book sample  ## everything: environment, notebooks, book, a sample class graded, with feedback and a report
	@echo
	@echo "The book:             $(CURDIR)/_build/html/index.html"
	@echo "Student notebooks:    $(CURDIR)/exercises/"
	@echo "A sample class:       $(CURDIR)/$(SAMPLE)/submissions/"
	@echo "Its feedback pages:   $(CURDIR)/$(SAMPLE)/grades/feedback/emil/week1-derivatives.html and others beside it"
	@echo "The class on a page:  $(CURDIR)/$(SAMPLE)/grades/report/index.html"
	@echo "Open these files in a browser. README.md says what to do next."

.venv/ready: requirements.lock pyproject.toml
	@echo "Making the environment in .venv (once; it downloads what requirements.lock names) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 is needed; make course PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

notebooks: .venv/ready  ## lessons -> student notebooks in exercises/ and solved ones in _build/nbgrader/source/
	$(BIN)/autograder build

book: .venv/ready  ## the static book in _build/html/
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter-book build book --config _config.yml --path-output . -W -n --keep-going

pdf: book  ## the whole book as one PDF, printed by the machine's Chromium
	$(BIN)/python book/make_pdf.py _build/html _build/language-models-from-nothing.pdf

lighthouse: book  ## what Lighthouse says about each page (noisy; fetched with npm at the first run)
	$(BIN)/python benchmarks/lighthouse.py _build/html

sample: .venv/ready  ## a made-up class: submissions, grades, feedback, report (one of its files is broken on purpose)
	rm -rf $(SAMPLE)
	$(BIN)/autograder sample-class $(SAMPLE)/submissions --week week1-derivatives --week week3-trigram
	$(BIN)/autograder grade --submissions $(SAMPLE)/submissions --grades $(SAMPLE)/grades || [ $$? -eq 1 ]
	$(BIN)/autograder feedback --grades $(SAMPLE)/grades --book "file://$(CURDIR)/_build/html"
	$(BIN)/autograder report --grades $(SAMPLE)/grades

test: lint  ## lint, types and all tests (browser tests where a Chromium is found)
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/ready  ## format, lint and types; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/ready  ## put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready  ## write requirements.lock from the environment
	{ head -1 requirements.lock; $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//'; } > requirements.new
	mv requirements.new requirements.lock

formgrader: notebooks  ## nbgrader's web interface for written answers
	JUPYTER_CONFIG_PATH="$(CURDIR)/autograder" PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab

clean:  ## remove everything that was built; grades/ and submissions/ stay
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache
