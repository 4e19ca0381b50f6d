"""The index finds the right people by damaged identifiers, and refuses damaged files."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from matchers import CountedPopulation, Identifiers, Patient, PatientIndex, Reading, SegmentDamaged, Sex, build_index
from matchers.dates import LATEST_BIRTH, read_dates
from matchers.index.keys import damaged_date_keys, near_date_keys
from matchers.index.segment import Segment, read_segment, remove_segment, write_segment
from matchers.population import could_be_issued, plausible_mrn, usual_shapes
from tests.unit.matchers.clinic import background

JOSE = Patient(
    mrn="0042-17",
    last_name="García López",
    first_name="María José",
    middle_name="Ann",
    suffix="Jr",
    birth_date=date(1980, 1, 1),
    former_last_names=("O'Hara", "Núñez"),
    sex=Sex.FEMALE,
    ssn_last4="0007",
    phones=("555-123-4567", "555-765-4321"),
    address="12 Oak Street Apt 3",
    city="Springfield",
    state="MA",
    zip="02139",
    account_numbers=("A-1001", "A-1002"),
    active=False,
)
PLAIN = Patient(mrn="2009991", last_name="Xu", first_name="Li", birth_date=date(1999, 12, 31))
PEOPLE = [*background(), JOSE, PLAIN]


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex.of(PEOPLE, generation=3)


def paper(**values: str) -> Identifiers:
    return Identifiers(**{name: (Reading(value=value),) for name, value in values.items()})


def found(index: PatientIndex, **values: str) -> list[str]:
    return [patient.mrn for patient in index.candidates(paper(**values))]


def test_a_patient_comes_back_as_registered(index: PatientIndex) -> None:
    assert index.patient("0042-17") == JOSE
    assert index.patient("004217") == JOSE
    assert index.patient("2009991") == PLAIN
    assert index.patient("42-17") is None
    assert index.patient("") is None
    assert len(index) == len(PEOPLE)
    assert index.generation == 3


@pytest.mark.parametrize(
    "values",
    [
        {"mrns": "0042-17"},
        {"mrns": "OO4217"},
        {"mrns": "4217"},
        {"mrns": "004271"},
        {"mrns": "00421"},
        {"account_numbers": "A1001"},
        {"account_numbers": "A1OO2"},
        {"account_numbers": "004217"},
        {"mrns": "A-1002"},
        {"names": "GARCIA, MARIA"},
        {"names": "Maria Jose Lopez"},
        {"names": "GARC1A LOPEZ, MAR1A"},
        {"names": "NUNEZ, MARIA"},
        {"names": "O'Hara Maria"},
        {"names": "GARCIA LOPEZ"},
        {"names": "GARCIA LOPEZ, M"},
        {"birth_dates": "01/01/1980"},
        {"birth_dates": "01/07/1980"},
        {"birth_dates": "01/91/1980"},
        {"phones": "(555) 765-4321"},
        {"phones": "123-4567"},
        {"ssn_last4s": "xxx-xx-0007"},
        {"addresses": "12 Oak St", "zips": "02139-0001"},
    ],
)
def test_every_kind_of_identifier_finds_its_owner(index: PatientIndex, values: dict[str, str]) -> None:
    assert "0042-17" in found(index, **values)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"names": "???"},
        {"mrns": "-"},
        {"birth_dates": "soon"},
        {"zips": "02139"},
        {"sexes": "F"},
        {"names": "A" * 10_000},
        {"names": "\ud800\x00 \u202e"},
        {"mrns": "9" * 10_000},
        {"phones": "no", "ssn_last4s": "no"},
    ],
)
def test_what_says_nothing_finds_nobody_and_does_no_harm(index: PatientIndex, values: dict[str, str]) -> None:
    assert found(index, **values) == []


def test_nicknames_and_initials_find_the_full_name(index: PatientIndex) -> None:
    assert "2000030" in found(index, names="ANDERSON, DANNY")
    assert "2000030" in found(index, names="D ANDERSON")


def test_owners_of_exact_numbers_are_kept_among_any_number_of_others() -> None:
    crowd = [
        Patient(mrn=str(3000000 + n), last_name="Smith", first_name="John", birth_date=date(1962, 4, 7))
        for n in range(900)
    ]
    owner = Patient(mrn="1111111", last_name="Zzyzx", first_name="Quentin", birth_date=date(1901, 1, 1))
    index = PatientIndex.of([*crowd, owner])
    candidates = index.candidates(paper(names="SMITH, JOHN", birth_dates="04/07/1962", mrns="1111111"))
    assert owner in candidates
    assert len(candidates) == 512 + 1


def test_many_readings_are_all_used(index: PatientIndex) -> None:
    several = Identifiers(names=(Reading(value="XXXX YYYY"), Reading(value="GARCIA LOPEZ, MARIA")))
    assert "0042-17" in [patient.mrn for patient in index.candidates(several)]


@pytest.mark.parametrize(
    ("text", "mrn"),
    [
        ("garcia", "0042-17"),
        ("gar mar", "0042-17"),
        ("Maria Garica Lopez", "0042-17"),
        ("lopez 1/1/1980", "0042-17"),
        ("Jan 1, 1980", "0042-17"),
        ("19800101", "0042-17"),
        ("0042-17", "0042-17"),
        ("(555) 123-4567", "0042-17"),
        ("5551234567", "0042-17"),
        ("xu li", "2009991"),
        ("XU, LI 12/31/1999", "2009991"),
    ],
)
def test_search_takes_any_mix_and_forgives(index: PatientIndex, text: str, mrn: str) -> None:
    assert index.search(text, limit=5)[0].mrn == mrn


def test_search_is_bounded_and_total(index: PatientIndex) -> None:
    assert len(index.search("anderson", limit=7)) == 7
    assert index.search("", limit=5) == ()
    assert index.search("qqqqzzzz 000") == ()
    assert index.search("garcia", limit=0) == ()


def test_the_population_counts_what_the_index_holds(index: PatientIndex) -> None:
    counted, population = CountedPopulation.of(PEOPLE), index.population
    assert (population.size, dict(population.issued)) == (counted.size, dict(counted.issued))
    for surname in ("ANDERSON", "GARCIALOPEZ", "XU", "NOBODY", ""):
        assert population.surname_count(surname) == counted.surname_count(surname)
    for given in ("ALICE", "MARIA", "NOBODY"):
        assert population.given_count(given) == counted.given_count(given)
    for born in (date(1980, 1, 1), date(1931, 3, 4), date(2020, 2, 2)):
        assert population.birth_date_count(born) == counted.birth_date_count(born)


def test_which_numbers_this_site_could_have_issued(index: PatientIndex) -> None:
    population = index.population
    assert usual_shapes(population) == ("9999999",)
    assert could_be_issued(population, "2004444")
    assert not could_be_issued(population, "8004444")
    assert not could_be_issued(population, "H004444")
    assert not could_be_issued(population, "004217")  # one registration makes no pattern
    assert plausible_mrn(population, "2OO444S") == "2004445"
    assert plausible_mrn(population, "H-44") == "H44"


def test_an_index_on_disk_answers_as_the_one_in_memory(index: PatientIndex, tmp_path: Path) -> None:
    path = tmp_path / "patients.index"
    build_index(PEOPLE, path, generation=4)
    opened = PatientIndex.open(path)
    assert opened.generation == 4
    for values in ({"mrns": "0042-17"}, {"names": "GARCIA, MARIA"}, {"birth_dates": "01/01/1980"}):
        assert found(opened, **values) == found(index, **values)
    assert [file.name for file in tmp_path.iterdir()] == ["patients.index"]
    build_index([PLAIN], path, generation=5)
    assert opened.patient("0042-17") == JOSE  # who has the old generation open keeps it
    assert PatientIndex.open(path, check_content=False).patient("0042-17") is None


def test_an_empty_index_is_an_index(tmp_path: Path) -> None:
    build_index([], tmp_path / "empty.index", generation=1)
    empty = PatientIndex.open(tmp_path / "empty.index")
    assert len(empty) == 0
    assert empty.search("smith") == ()
    assert found(empty, names="SMITH, JOHN", mrns="1", birth_dates="1/1/80", ssn_last4s="1234") == []


def test_of_two_rows_with_one_mrn_the_last_counts() -> None:
    index = PatientIndex.of([PLAIN, replace(PLAIN, first_name="Wei")])
    assert len(index) == 1
    assert index.patient("2009991") == replace(PLAIN, first_name="Wei")


def test_separators_inside_values_do_not_break_a_record() -> None:
    odd = replace(PLAIN, last_name="X\x1fu", account_numbers=("1\x1e2", "3"))
    read = PatientIndex.of([odd]).patient("2009991")
    assert read == replace(odd, last_name="X u", account_numbers=("1 2", "3"))


def damaged(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("at", [0, 10, 20, 60, 400, -1, -5000])
def test_a_flipped_byte_anywhere_is_noticed(tmp_path: Path, at: int) -> None:
    path = tmp_path / "patients.index"
    build_index(PEOPLE[:50], path, generation=1)
    damaged(path, at)
    with pytest.raises(SegmentDamaged):
        PatientIndex.open(path)


def test_a_segment_is_checked_once_and_again_when_it_was_touched(tmp_path: Path) -> None:
    path, mark = tmp_path / "patients.index", tmp_path / "patients.index.checked"
    build_index(PEOPLE[:50], path, generation=1)
    PatientIndex.open(path)
    assert not mark.exists()  # written a moment ago: a slow clock could not tell a change
    time.sleep(2.1)
    PatientIndex.open(path)
    checked = mark.read_text()
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\xff")
    with pytest.raises(SegmentDamaged):
        PatientIndex.open(path)
    build_index(PEOPLE[:50], path, generation=1)
    mark.write_text(checked)
    PatientIndex.open(path)
    damaged(path, -1)
    for foreign in (b"", b"\xff", checked.encode()):
        mark.write_bytes(foreign)
        with pytest.raises(SegmentDamaged):
            PatientIndex.open(path)
    remove_segment(path)
    assert not list(tmp_path.iterdir())


def test_a_short_long_or_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "patients.index"
    build_index(PEOPLE[:50], path, generation=1)
    whole = path.read_bytes()
    for content in (b"", b"mrn,last_name\n", whole[:-64], whole + b"\0" * 64, whole[:30]):
        path.write_bytes(content)
        with pytest.raises(SegmentDamaged):
            PatientIndex.open(path)


def test_a_segment_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.index"
    write_segment(path, Segment({"format": 99}, {"numbers": np.arange(100_000)}))
    with pytest.raises(SegmentDamaged, match="another format"):
        PatientIndex.open(path)
    assert read_segment(path).array("numbers")[-1] == 99_999
    with pytest.raises(SegmentDamaged, match="lacks"):
        read_segment(path).array("names")


def test_a_build_that_fails_leaves_the_old_index_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "patients.index"
    build_index([PLAIN], path, generation=1)
    with pytest.raises(ValueError, match="cannot"):
        write_segment(path, Segment({}, {"bad": Unwritable()}))  # type: ignore[dict-item]
    assert [file.name for file in tmp_path.iterdir()] == ["patients.index"]
    assert PatientIndex.open(path).patient("2009991") == PLAIN


class Unwritable:
    """An array that gives way while it is written."""

    dtype = np.dtype(np.uint8)
    nbytes = 1
    shape = (1,)

    def __len__(self) -> int:
        return 1

    def __array__(self, dtype: object = None, copy: object = None) -> object:
        raise ValueError("cannot be written")


def test_opening_a_missing_index_is_an_operating_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        PatientIndex.open(tmp_path / "none.index")


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("Mey 24, 2003", 20030524),
        ("Ddc 12, 1934", 19341212),
        ("05-OV-1958", 19581105),
        ("0I/76/1991", 19910116),
        ("31/12/2O01", 20011231),
        ("05-IOX-1958", 19580105),
        ("23-MAR-199", 19900323),
        ("45/09/72", 19720509),
    ],
)
def test_a_date_with_one_unreadable_piece_is_asked_with_all_that_may_stand_there(shown: str, meant: int) -> None:
    keys = damaged_date_keys(shown)
    assert meant in keys
    assert len(keys) < 140


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("8/2/1993", 19930823),
        ("8/2/1993", 19930812),
        ("1/5/1993", 19931105),
        ("13/05/1973", 19731005),
        ("04/07/1962", 19620417),
        ("04/07/1962", 19620704),
    ],
)
def test_a_date_is_asked_with_all_that_one_slip_makes_of_it(shown: str, meant: int) -> None:
    keys = near_date_keys(shown, read_dates(shown, born_before=LATEST_BIRTH))
    assert meant in keys
    assert len(keys) < 100


@pytest.mark.parametrize("shown", ["", "soon", "99/99/9999", "1/2/3", "12 34", "Foo Bar 1950 2", "|" * 90])
def test_what_is_no_date_at_all_asks_little(shown: str) -> None:
    assert len(damaged_date_keys(shown)) < 80


def test_of_people_who_fit_equally_well_none_is_left_out() -> None:
    """A page with nothing but a birth date: everybody born then may be meant."""
    born = date(1961, 3, 4)
    twins = [Patient(mrn=f"{700_000 + n}", last_name=f"Name{n}", first_name="Ann", birth_date=born) for n in range(300)]
    others = [
        Patient(mrn=f"{800_000 + n}", last_name=f"Other{n}", first_name="Bea", birth_date=date(1980, 1, 1 + n % 28))
        for n in range(300)
    ]
    index = PatientIndex.of([*others, *twins])
    found = index.candidates(Identifiers(birth_dates=(Reading(value="03/04/1961"),)))
    assert {patient.mrn for patient in twins} <= {patient.mrn for patient in found}


def test_a_doctors_name_in_the_patients_place_hides_nobody() -> None:
    born = date(1961, 3, 4)
    same_day = [
        Patient(mrn=f"{700_000 + n}", last_name=f"Name{n}", first_name="Ann", birth_date=born) for n in range(90)
    ]
    doctors = [
        Patient(
            mrn=f"{800_000 + n}", last_name="Miller", first_name="Joseph", birth_date=date(1980 + n % 9, 1, 1 + n % 28)
        )
        for n in range(90)
    ]
    index = PatientIndex.of([*doctors, *same_day])
    dates = (Reading(value="03/04/1961"),)
    found = index.candidates(Identifiers(names=(Reading(value="Joseph Miller, MD"),), birth_dates=dates))
    assert {patient.mrn for patient in same_day} <= {patient.mrn for patient in found}
    assert len(found) == len({patient.mrn for patient in found})
