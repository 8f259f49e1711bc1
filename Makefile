# `make` alone lists the targets.
PYTHON := .venv/bin/python
WORKERS ?= 2
SEEDS ?= 200
.DEFAULT_GOAL := help
.PHONY: help run train test check check-knowledge bench bench-stock soak lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 18

run:  ## set everything up that is missing and start the assistant on http://127.0.0.1:8000
	@scripts/environment run
	@$(PYTHON) -m bot run

train:  ## train the model when its sources changed
	@scripts/environment run
	@$(PYTHON) -m bot train

test: check  ## everything CI checks: linters, types, imports, knowledge, tests, the chat page in a browser
	@scripts/chromium
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup

check:  ## linters, types, imports and knowledge only
	@scripts/environment test
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m yamllint --strict .
	@$(PYTHON) -m knowledge check

check-knowledge:  ## what is wrong in the files that staff edit
	@scripts/environment run
	@$(PYTHON) -m knowledge check

bench:  ## measure: start, turns, conversations, memory; prints JSON
	@scripts/environment run
	@$(PYTHON) -m bench

bench-stock:  ## measure against a stock Rasa with TensorFlow (2.5 GB, trains for minutes the first time)
	@scripts/environment run
	@$(PYTHON) -m bench stock

soak:  ## the promises of the lane under 200 kills, every fault 200 times, and a flood of a minute: some five hours
	@scripts/environment test
	@KILLS=$(SEEDS) SEEDS=$(SEEDS) FLOOD=60 $(PYTHON) -m pytest tests/conversations/test_survives_kill.py tests/faults -s

lock:  ## pin the dependencies of pyproject.toml anew
	@scripts/lock

clean:  ## throw away databases and models; staff's files stay
	rm -rf var models .rasa
