"""Writes a synthetic master patient index: `python samples/make_patients.py --seed 7 --count 2000`."""

from __future__ import annotations

import argparse
from pathlib import Path

from generate.person import write_patients
from generate.population import make_population


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "patients.csv")
    given = parser.parse_args()
    people = make_population(given.seed, given.count)
    write_patients(given.out, people)
    print(f"{len(people)} people written to {given.out}")


if __name__ == "__main__":
    main()
