# make demo   the main job on samples/, from nothing      make test   everything that must hold
PYTHON  ?= python3
BIN     := .venv/bin

.PHONY: bench-cost bench-desk bench-faults bench-find bench-growth bench-identity bench-labelled bench-latency bench-loading bench-matching bench-memory bench-plain bench-reading bench-real bench-rematching bench-report bench-roundtrip bench-second-look bench-stacks bench-steps clean demo help lint lock setup setup-demo test unit

help:
	@echo "make demo    install what is missing and run the main job on samples/"
	@echo "make test    install what is missing, then ruff, mypy, import-linter and every test"
	@echo "make bench-plain  what a plain script does on the same samples"
	@echo "make bench-matching LISTS=folder  a million made-up patients, 200,000 documents: filed, misfiled, how fast"
	@echo "make bench-growth LISTS=folder    ten thousand to ten million patients: milliseconds, memory, one plot"
	@echo "make bench-loading LISTS=folder   a million made-up patients loaded, their search index built: seconds, memory"
	@echo "make bench-rematching LISTS=folder a thousand patients change where 20,000 documents wait: seconds, what is missed"
	@echo "make bench-find                   words in the text of a million made-up filed pages: milliseconds, size"
	@echo "make bench-report                 figures and plots of 100,000 made-up documents: seconds, memory"
	@echo "make bench-labelled SETS=folder   public labelled sets, Splink beside us"
	@echo "make bench-reading                synthetic scans: what is read, how surely, and where the documents end"
	@echo "  ARGS=\"--layouts late\"           six layouts made after the rules were frozen, \"--layouts unseen\" and \"latest\" six each after those; \"--wear rough\" other damage, \"--plain\" a plain script too"
	@echo "make bench-real SCANS=folder      real scans with a fields.json: what is read right, how surely, what wrongly"
	@echo "make bench-identity STATE=file    ten thousand filed pages and the wrong ones among them; goes on where it was"
	@echo "make bench-stacks                 stacks of documents: boundaries found, pages filed, and the wrong ones among them"
	@echo "make bench-roundtrip SCANS=folder  every page filed and read back by poppler: words, places, pictures, PDF/A"
	@echo "make bench-steps                  where a page's processor time goes, step by step"
	@echo "make bench-cost                   processor time of a page beside the tesseract program (and OCRmyPDF)"
	@echo "make bench-memory                 most memory that a worker holds over pages at 600 dpi"
	@echo "make bench-latency                from a scan's drop into the watched folder until it is filed"
	@echo "make bench-desk                   the desk in the browser: 100,000 waiting, twenty reviewers at once, milliseconds"
	@echo "make bench-second-look            thousands of simulated months: does the bound of the misfile rate hold?"
	@echo "make bench-faults                 killed 500 times and at every step, the power cut, hostile files, fuzzing: hours"
	@echo "make lock    renew the pinned versions of all dependencies"

setup:
	@bash .ci/setup test

setup-demo:
	@bash .ci/setup demo

demo: setup-demo
	@$(BIN)/python -m samples.demo

test: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_THREAD_LIMIT=1 $(BIN)/python -m pytest -n auto

bench-plain: setup
	$(BIN)/python tests/benchmarks/plain_script.py --each

# LISTS holds the US census lists dist.all.last, dist.female.first, dist.male.first and a nicknames.csv (name1,name2).
bench-matching: setup
	$(BIN)/python -m pip install -q -e .[bench]
	$(BIN)/python -m tests.benchmarks.matching.run --lists $(LISTS) $(ARGS)

bench-growth: setup
	$(BIN)/python -m pip install -q -e .[bench]
	$(BIN)/python -m tests.benchmarks.matching.growth --lists $(LISTS) --out docs $(ARGS)

bench-loading: setup
	$(BIN)/python -m tests.benchmarks.loading.run --lists $(LISTS) $(ARGS)

bench-rematching: setup
	$(BIN)/python -m tests.benchmarks.rematching.run --lists $(LISTS) $(ARGS)

# Draws its own scans; the fonts are Debian's (the generator names the packages that are missing).
bench-reading: setup
	$(BIN)/python -m tests.benchmarks.reading.run $(ARGS)

# SCANS holds pictures and fields.json; without it nothing is measured.
bench-real: setup
	$(BIN)/python -m tests.benchmarks.reading.real $(SCANS) $(ARGS)

# Hours; killed and run again with the same STATE it goes on with the blocks that are missing.
bench-identity: setup
	$(BIN)/python -m tests.benchmarks.reading.identity_pages --state $(STATE) $(ARGS)

bench-stacks: setup
	$(BIN)/python -m tests.benchmarks.stacks.run $(ARGS)

bench-roundtrip: setup
	$(BIN)/python -m tests.benchmarks.filing.roundtrip $(SCANS) $(ARGS)

bench-steps: setup
	$(BIN)/python -m tests.benchmarks.reading.steps $(ARGS)

bench-cost: setup
	$(BIN)/python -m tests.benchmarks.reading.cost $(ARGS)

bench-memory: setup
	$(BIN)/python -m tests.benchmarks.reading.memory $(ARGS)

bench-latency: setup
	$(BIN)/python -m tests.benchmarks.reading.latency $(ARGS)

# ARGS="--ledger postgresql+psycopg://… --pages 100000" asks a PostgreSQL database instead.
bench-find: setup
	$(BIN)/python -m tests.benchmarks.finding.run $(ARGS)

# ARGS="--items 10000 --think-s 2" is another load.
bench-desk: setup
	$(BIN)/python -m pip install -q -e .[bench]
	$(BIN)/python -m tests.benchmarks.desk.run $(ARGS)
# ARGS="--ledger postgresql+psycopg://…" fills and asks a PostgreSQL database instead.
bench-report: setup
	$(BIN)/python -m tests.benchmarks.reporting.run $(ARGS)

# ARGS="--every 10" tries a tenth of the points.
bench-faults: setup
	FAULT_KILLS=500 $(BIN)/python -m pytest -q -s -n0 tests/faults/test_kills.py tests/faults/test_every_step.py
	$(BIN)/python -m tests.benchmarks.faults.durable $(ARGS)
	$(BIN)/python -m tests.benchmarks.faults.hostile
	$(BIN)/python -m tests.benchmarks.faults.burst
	$(BIN)/python -m tests.benchmarks.faults.fuzz

bench-second-look: setup
	$(BIN)/python -m tests.benchmarks.second_look.run $(ARGS)

# SETS holds febrl/dataset3.csv and splink/fake_1000_from_splink_demos.csv.
bench-labelled: setup
	$(BIN)/python -m pip install -q -e .[bench]
	$(BIN)/python -m tests.benchmarks.labelled.run --sets $(SETS)

lint:
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --extra dev --no-emit-index-url --no-annotate --no-header pyproject.toml -o .ci/constraints.txt

clean:
	rm -rf .venv demo-site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
