# Everything that one does with a checkout. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help install demo test check lint format types imports docs fix wheel bench fuzz hostile lock clean

PORT ?= 8000
ARGS ?=
bin := .venv/bin
installed := .venv/.installed

# Some machines forbid Python to keep what it has compiled: each process that a test starts would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

ifdef BENCH_SIZES
export BENCH_SIZES
endif
ifeq ($(origin PYTHON),command line)
export PYTHON
else
unexport PYTHON
endif

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

# The stamp is a relative path, since make cannot name a folder with a space in it.
$(installed): requirements-dev.txt pyproject.toml tools/install
	@tools/install
	@touch $(installed)

install: $(installed) ## make .venv with the firstbell command in it
	@echo 'Installed: $(bin)/firstbell --help'

demo: $(installed) ## start the product with three made-up districts (PORT=8000)
	@$(bin)/firstbell demo --port "$(PORT)"

test: $(installed) ## run the tests (ARGS='-k hold' to choose)
	@tools/chromium
	@tools/sshd
	$(bin)/python -m pytest -n auto --dist worksteal --durations=40 $(ARGS)

check: lint format types imports docs ## every gate: lint, format, types, imports, links of the docs

lint: $(installed)
	$(bin)/ruff check .

format: $(installed)
	$(bin)/ruff format --check .

types: $(installed)
	$(bin)/mypy

imports: $(installed)
	$(bin)/lint-imports

docs: export NO_MKDOCS_2_WARNING := 1
docs: $(installed) ## build the docs as a site into build/docs; a broken link is an error
	$(bin)/mkdocs build

fix: $(installed) ## let ruff repair and format what it can
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

wheel: $(installed) ## build the package that pip installs, into dist
	@$(bin)/python -m hatchling build --target wheel

bench: $(installed) ## measure against the floor (BENCH_SIZES='D10 D100')
	$(bin)/python -m bench

fuzz: $(installed) ## throw anything at the readers (ARGS='100000' examples; not in CI)
	$(bin)/python -m tests.fuzz $(ARGS)

hostile: $(installed) ## ask every endpoint of the provider anything (ARGS='--seed 7 --only users'; not in CI)
	$(bin)/python -m tests.fuzz.provider $(ARGS)

lock: ## pin the dependencies anew, after pyproject.toml named another
	@tools/lock

clean: ## remove .venv, .tools and the tools' caches; the data in var stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
