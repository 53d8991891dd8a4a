# `make` alone lists the targets. Everything is installed into .venv; clean removes it.

PYTHON ?= python3
ARGS ?=

PY := .venv/bin/python
DEV := .venv/installed-dev
BENCH := .venv/installed-bench
# For users the package is enough; where the developers' tools are, they are kept up to date instead.
USER := $(or $(wildcard $(DEV)),.venv/installed)

.DEFAULT_GOAL := help
.PHONY: help briefing test check lint types slow-test wheel-test samples judges archive-crashes mail-faults batch-trial docs-pictures bench constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

briefing: $(USER) ## write the PDF and the Word briefing of the bundled zone into output/
	.venv/bin/zonereport generate --output output

test: $(DEV) ## run the tests in parallel; ARGS="-k fonts" passes options to pytest
	$(PY) -m pytest -m "not wheel and not slow" -n auto --maxprocesses 8 --dist worksteal $(ARGS)

slow-test: $(DEV) ## run the tests that take seconds each, in parallel
	$(PY) -m pytest -m slow -n auto --maxprocesses 8 --dist worksteal $(ARGS)

check: lint types test ## lint, types and tests: what to run before a commit

lint: $(DEV) ## find faults of style and formatting
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: $(DEV) ## check the types, strictly
	.venv/bin/mypy

wheel-test: $(DEV) ## build the wheel, install it in a clean environment and use it there
	$(PY) -m pytest -m wheel $(ARGS)

samples: $(DEV) ## write every bundled zone, alone and beside its earlier snapshots, into build/samples/
	$(PY) .ci/samples.py build/samples

# Two at a time, the longest first; each says what it found when it is done. The preview is timed, so it is alone.
JUDGES := word archival pdf html workbook mail

judges: samples ## let qpdf, Poppler, veraPDF, the Open XML SDK, LibreOffice, axe-core, Chromium and Exim judge the samples
	@mkdir -p build/said; faults=0; printf '%s\n' $(JUDGES) | xargs -P 2 -I JUDGE sh -c \
	    '$(PY) .ci/judges/JUDGE.py build/samples >build/said/JUDGE 2>&1; code=$$?; cat build/said/JUDGE; exit $$code' \
	    || faults=1; $(PY) .ci/judges/preview.py || faults=1; exit $$faults

archive-crashes: $(DEV) ## kill and fail an archive's writing at every call it makes, and judge what stands (strace, Linux)
	$(PY) .ci/crashes.py

mail-faults: $(DEV) ## send mail to a faulty server, killed again and again: nothing is lost, nothing goes twice
	$(PY) tests/mail/faults.py

batch-trial: $(DEV) ## make a thousand zones, some of them deadly, then some on a cluster whose workers are killed
	$(PY) tests/batch/trial.py $(ARGS)

docs-pictures: samples ## draw small pictures of sample pages into docs/
	$(PY) .ci/pictures.py build/samples docs

bench: $(BENCH) ## time it beside what users would pick instead; ARGS="--only cold --rounds 3", ARGS="--write docs"
	$(PY) tests/bench/bench.py $(ARGS)

constraints: ## renew constraints.txt with what is newest and allowed by pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || $(call fail, \
	    the pins must suit the oldest Python: make constraints PYTHON=python3.11)
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet --editable '.[bench,test,lint]'
	sed '/^[^#]/d' constraints.txt > build/constraints.txt
	build/constraints/bin/python -m pip freeze --exclude-editable >> build/constraints.txt
	@! grep '^[^#].*[@:]' build/constraints.txt || $(call fail, a pin must be a name and a version)
	mv build/constraints.txt constraints.txt

clean: ## remove what was installed and built; output/ stays
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

fail = { echo "make:$(1)" >&2; exit 1; }

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(call fail, \
	    $(PYTHON) is missing or older than Python 3.11; name another one: make PYTHON=python3.12 …)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call fail, \
	    $(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "installing into .venv, which takes about half a minute …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.$(EXTRAS)'
	@touch $@
endef

.venv/installed: pyproject.toml constraints.txt
	$(install)

$(DEV): EXTRAS := [test,lint]
$(DEV): pyproject.toml constraints.txt
	$(install)

$(BENCH): EXTRAS := [bench]
$(BENCH): pyproject.toml constraints.txt
	$(install)
