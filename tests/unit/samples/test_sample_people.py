"""The synthetic index: reproducible, loadable, and as confusable as it claims."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from samples.generate.names import name_tables
from samples.generate.person import COLUMNS, read_patients, write_patients
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex(read_patients(SAMPLES / "patients.csv"))


def test_the_committed_index_is_what_its_seed_draws(tmp_path: Path) -> None:
    write_patients(tmp_path / "again.csv", make_population(7, 2000))
    assert (tmp_path / "again.csv").read_bytes() == (SAMPLES / "patients.csv").read_bytes()


def test_another_seed_draws_other_people() -> None:
    assert make_population(1, 40) != make_population(2, 40)


def test_every_record_number_is_text_with_its_zeros_and_unique(index: PatientIndex) -> None:
    assert len(index.people) == len(index.by_mrn) == 2000
    assert all(len(p.mrn) == 8 and p.mrn.isdigit() and p.mrn.startswith("0") for p in index.people)


def test_the_columns_are_those_of_the_contract() -> None:
    head = (SAMPLES / "patients.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.split(",") == list(COLUMNS)


def test_the_index_holds_the_confusable_people_it_promises(index: PatientIndex) -> None:
    people = index.people
    assert sum(bool(index.twins(p)) for p in people) >= 40
    assert sum(bool(p.suffix) for p in people) >= 20
    assert sum(bool(index.duplicates(p)) for p in people) >= 40
    assert sum(bool(index.namesakes(p)) for p in people) >= 60
    assert sum(bool(p.former_last_name) for p in people) >= 100
    assert sum((p.birth_date.month, p.birth_date.day) == (1, 1) for p in people) >= 15
    assert sum(not p.last_name.isascii() for p in people) >= 10
    assert sum("-" in p.last_name for p in people) >= 10
    assert sum(bool(index.mrn_slips(p)) for p in people) >= 1000


def test_every_newborn_has_a_mother_in_the_index(index: PatientIndex) -> None:
    newborns = [p for p in index.people if index.is_newborn(p)]
    assert len(newborns) >= 10
    assert all(index.mother(baby) is not None for baby in newborns)


def test_strangers_of_one_name_and_one_birth_date_exist(index: PatientIndex) -> None:
    pairs = [
        (p, q)
        for p in index.people
        for q in index.namesakes(p)
        if q.birth_date == p.birth_date and q not in index.duplicates(p)
    ]
    assert pairs


def test_common_names_are_common(index: PatientIndex) -> None:
    counts = Counter(p.last_name for p in index.people)
    assert counts["Smith"] > counts.get("Donovan", 0)
    assert set(name_tables().given) == {"F", "M"}
