"""How cost grows with the index: ten thousand patients to ten million, on one plot.

    python -m tests.benchmarks.matching.growth --lists FOLDER [--sizes 10000,100000,1000000,10000000] [--out FOLDER]

For each size a town of its own, an index, and documents drawn for it; one process, warm. After each size
the figures so far (`growth.json`) and the plot (`growth.svg`) are written.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from matchers import PatientIndex, build_index, decide, load_policy
from tests.benchmarks.matching.paper import Desk, Document
from tests.benchmarks.matching.people import Names, Town

WARM = 200


def main() -> None:
    """Measures every size in a process of its own, and plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--sizes", default="10000,100000,1000000,10000000")
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=910_001)
    parser.add_argument("--out", type=Path, default=Path())
    options = parser.parse_args()
    context, rows = multiprocessing.get_context("spawn"), []
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path, given = Path(folder) / "patients", (options.lists, size, options.seed)
            with context.Pool(1) as pool:
                documents, built = pool.apply(_built, (path, options.documents, *given))
            with context.Pool(1) as pool:  # a process that never held the town, as the program's workers are
                rows.append({**built, **pool.apply(_answered, (path, documents))})
        print(json.dumps(rows[-1]), flush=True)
        (options.out / "growth.json").write_text(json.dumps(rows, indent=1))
        _plot(rows, options.out / "growth.svg")


def _built(path: Path, documents: int, lists: Path, size: int, seed: int) -> tuple[list[Document], dict[str, Any]]:
    town = Town(Names.load(lists), size, seed)
    desk = Desk(town, seed + 1000)
    drawn = [desk.document() for _ in range(documents + WARM)]
    gc.freeze()
    start = time.perf_counter()
    build_index((person.patient for person in town.registrations), path, generation=1)
    return drawn, {
        "patients": len(town.registrations),
        "built_s": round(time.perf_counter() - start, 1),
        "segment_mb": round(path.stat().st_size / 1e6, 1),
    }


def _answered(path: Path, documents: list[Document]) -> dict[str, Any]:
    gc.freeze()
    before_mb = _own_mb()
    policy = load_policy()
    time.sleep(2.5)  # what was written a moment ago is not marked as checked
    checked_s, _ = _opened(path)
    opened_s, index = _opened(path)
    spent_ms, looked_for, found = [], 0, 0
    for number, document in enumerate(documents):
        start = time.perf_counter()
        candidates = index.candidates(document.identifiers)
        decide(
            document.identifiers, candidates, population=index.population, policy=policy, generation=index.generation
        )
        if number >= WARM:
            spent_ms.append(1000 * (time.perf_counter() - start))
            if document.right and (document.identifiers.birth_dates or document.identifiers.mrns):
                looked_for += 1
                found += any(patient.mrn == document.right for patient in candidates)
    spent_ms.sort()
    return {
        "checked_s": round(checked_s, 3),
        "opened_s": round(opened_s, 3),
        "p50_ms": round(spent_ms[len(spent_ms) // 2], 2),
        "p99_ms": round(spent_ms[int(len(spent_ms) * 0.99)], 2),
        "recall": found / max(1, looked_for),
        "own_mb": round(_own_mb() - before_mb, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def _opened(path: Path) -> tuple[float, PatientIndex]:
    start = time.perf_counter()
    index = PatientIndex.open(path)
    return time.perf_counter() - start, index


def _own_mb() -> float:
    """Memory that is nobody else's: the index itself is the page cache's, however many processes map it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1e3


def _plot(rows: list[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "paperchart"
    from matplotlib import pyplot as plt

    patients = [row["patients"] for row in rows]
    figure, (times, sizes) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for name, label in (("p50_ms", "half of the documents"), ("p99_ms", "99 of 100 documents")):
        times.plot(patients, [row[name] for row in rows], marker="o", label=label)
    times.set(title="Retrieve, compare, decide", ylabel="ms, one core, warm", ylim=(0, None))
    sizes.plot(patients, [row["built_s"] for row in rows], marker="o", label="building the index, s")
    sizes.plot(patients, [row["segment_mb"] for row in rows], marker="o", label="its size, MB")
    sizes.plot(patients, [row["own_mb"] for row in rows], marker="o", label="a worker's own memory, MB")
    sizes.set(title="Build and hold", yscale="log")
    for axes in (times, sizes):
        axes.set(xscale="log", xlabel="registered patients")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
