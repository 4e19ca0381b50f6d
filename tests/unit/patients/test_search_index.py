"""The site's index follows the ledger: changes at once, builds beside the work, damage never answered from."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.errors import StorageTrouble
from ingest.ledger import Ledger
from ingest.patients.search_index import SearchIndex, build_beside, build_segment, generation_of
from matchers import Identifiers, Patient, PatientIndex, Reading

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger.open(url, create=True)
    opened.load_patients(people(50), now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "index"
    made.mkdir()
    return made


def people(count: int, first: int = 0) -> list[Patient]:
    return [
        Patient(
            mrn=f"{1000 + number}",
            last_name=f"Last{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}",
            first_name="Ann",
            birth_date=date(1950 + number % 50, 1 + number % 12, 3),
            account_numbers=(f"77{number:05}",),
        )
        for number in range(first, first + count)
    ]


def found(index: PatientIndex, mrn: str) -> list[str]:
    return [p.mrn for p in index.candidates(Identifiers(mrns=(Reading(value=mrn),)))]


def test_the_first_look_builds_a_segment(ledger: Ledger, url: str, folder: Path) -> None:
    index = SearchIndex(ledger, url, folder).current()
    assert len(index) == 50
    assert index.generation == ledger.patient_generation()
    assert [generation_of(p) for p in folder.glob("patients-*")] == [index.generation]


def test_a_build_leaves_the_collection_of_garbage_as_it_was(ledger: Ledger, folder: Path) -> None:
    before = gc.get_threshold()
    build_segment(ledger, folder)
    assert gc.get_threshold() == before


def test_changes_show_at_once_without_a_build(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder)
    before = search.current()
    changed = replace(people(1)[0], last_name="Marriedname", former_last_names=())
    ledger.load_patients([changed, *people(1, first=60)], now=NOW)
    after = search.current()
    assert after.patient("1000") == replace(changed, former_last_names=("Lastaa",))
    assert after.patient("1060") is not None
    assert before.patient("1060") is None, "an index is a value: who holds it sees no half of a change"
    assert (len(after), after.overlaid, after.built_generation) == (51, 2, before.generation)
    assert after.generation == ledger.patient_generation()


def test_another_process_sees_the_change_too(ledger: Ledger, url: str, folder: Path) -> None:
    here, there = SearchIndex(ledger, url, folder), SearchIndex(Ledger.open(url, create=False), url, folder)
    there.current()
    ledger.load_patients(people(1, first=70), now=NOW)
    assert found(there.current(), "1070")[:1] == ["1070"]
    assert len(here.current()) == len(there.current()) == 51


def test_a_merged_mrn_leads_to_the_survivor(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder)
    search.current()
    ledger.merge_patients(retired="1001", survivor="1002", by="ann", now=NOW)
    overlaid, rebuilt = search.current(), search.build()
    for index in (overlaid, rebuilt):
        assert set(found(index, "1001")) >= {"1002"}
        assert "1001" not in found(index, "1001")
        survivor = index.patient("1001")
        assert survivor is not None
        assert survivor.mrn == "1002"
    ledger.unmerge_patient(retired="1001", by="ann", now=NOW)
    assert found(search.current(), "1001")[0] == "1001"


def test_too_many_changes_build_a_segment(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder, most_overlaid=10)
    first = search.current()
    ledger.load_patients(people(11, first=100), now=NOW)
    index = search.current()
    assert index.overlaid == 0
    assert index.built_generation > first.built_generation


def test_a_segment_built_beside_is_taken_up(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder)
    search.current()
    ledger.load_patients(people(5, first=100), now=NOW)
    assert search.current().overlaid == 5
    build_beside(url, folder)
    ledger.load_patients(people(1, first=200), now=NOW)
    index = search.current()
    assert (index.overlaid, len(index)) == (1, 56)
    assert len(list(folder.glob("patients-*"))) == 1


def test_many_changes_start_a_build_in_the_background(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder, rebuilt_from=3)
    first = search.current(rebuild=True)
    ledger.load_patients(people(3, first=100), now=NOW)
    deadline = time.monotonic() + 60
    while (index := search.current(rebuild=True)).built_generation == first.built_generation:
        assert time.monotonic() < deadline
        assert len(index) == 53
        time.sleep(0.05)
    assert (len(index), index.overlaid) == (53, 0)
    search.close()


def test_a_build_that_is_broken_off_leaves_the_former_segment(ledger: Ledger, url: str, folder: Path) -> None:
    SearchIndex(ledger, url, folder).current()
    (old,) = folder.glob("patients-*")
    (folder / ".index-broken").write_bytes(b"half a segment")
    ledger.load_patients(people(1, first=100), now=NOW)
    assert len(SearchIndex(ledger, url, folder).current()) == 51
    assert old.exists()
    new = build_segment(ledger, folder)
    assert sorted(p.name for p in folder.iterdir()) == [".building", new.name]


@pytest.mark.parametrize("damage", [b"", b"no index at all", None])
def test_a_damaged_segment_is_built_again(ledger: Ledger, url: str, folder: Path, damage: bytes | None) -> None:
    index = SearchIndex(ledger, url, folder).current()
    (segment,) = folder.glob("patients-*")
    content = bytearray(segment.read_bytes())
    content[-9] ^= 1
    segment.write_bytes(bytes(content) if damage is None else damage)
    again = SearchIndex(ledger, url, folder).current()
    assert len(again) == len(index)
    assert found(again, "1007")[0] == "1007"


def test_a_folder_that_is_gone_is_a_trouble_of_storage_not_of_the_program(
    ledger: Ledger, url: str, folder: Path
) -> None:
    search = SearchIndex(ledger, url, folder)
    folder.rmdir()
    for ask in (search.current, search.build):
        with pytest.raises(StorageTrouble, match="patient index cannot be used: No such file"):
            ask()
    build_beside(url, folder)  # says nothing: who needs the index has said it
    folder.mkdir()
    assert len(search.current()) == 50


def test_threads_ask_while_patients_change(ledger: Ledger, url: str, folder: Path) -> None:
    search = SearchIndex(ledger, url, folder)
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(30):
            index = search.current()
            if len({p.mrn for p in index.candidates(Identifiers(mrns=(Reading(value="1003"),)))} & {"1003"}) != 1:
                wrong.append(index.generation)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        ledger.load_patients([replace(people(4)[3], first_name=f"Ann{'e' * number}")], now=NOW)
    for thread in threads:
        thread.join()
    assert not wrong
