"""A registration system's export: towns of made-up people as one patients CSV with every column."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingest.cli.patients import patient_to_json
from ingest.patients.csv_row import OPTIONAL, REQUIRED
from matchers import Patient
from tests.benchmarks.matching.people import Names, Town

COLUMNS = (*REQUIRED, *OPTIONAL)
TOWN = 1_000_000  # of more people than that, several towns are drawn, one in memory at a time
CITIES = ("Baltimore", "Columbia", "Towson", "Glen Burnie", "Ellicott City", "Dundalk", "Catonsville")


def write_csv(file: Path, lists: Path, people: int, seed: int) -> int:
    """Writes some `people` rows (a town's double registrations come on top); how many."""
    rows = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for patient, city in _registered(Names.load(lists), people, seed):
            writer.writerow({**patient_to_json(patient), "city": city, "state": "MD"})
            rows += 1
    return rows


def _registered(names: Names, people: int, seed: int) -> Iterator[tuple[Patient, str]]:
    rng, drawn = random.Random(seed), 0
    while drawn < people:
        town = Town(names, min(TOWN, people - drawn), seed + drawn)
        town.rng.shuffle(town.registrations)  # no system exports families and doubles side by side
        for person in town.registrations:
            mrn = f"{drawn // TOWN}{person.patient.mrn}" if people > TOWN else person.patient.mrn
            yield replace(person.patient, mrn=mrn), rng.choice(CITIES)
        drawn += TOWN
