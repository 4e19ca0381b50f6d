"""The contract of the ledger: how it says that the database fails, and that it says nothing else."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from pathlib import Path

import pytest

from ingest.errors import LedgerRefused, LedgerUnreachable, PaperchartError, Retry, StorageTrouble
from ingest.ledger import JobKind, Ledger
from tests.contract.ledger_steps import HERE, NOW, patient, take
from tests.postgres import Server, run_sql

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    file = tmp_path / "ledger.sqlite"
    Ledger.open(f"sqlite:///{file}", create=True).close()
    return file


def test_a_ledger_that_another_process_holds_is_busy(sqlite_file: Path) -> None:
    holder = sqlite3.connect(sqlite_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with Ledger.open(f"sqlite:///{sqlite_file}", busy_s=0.1) as ledger:
            assert ledger.patient_count() == 0
            with pytest.raises(LedgerUnreachable, match="busy"):
                take(ledger)
    finally:
        holder.close()


def test_who_claims_in_vain_waits_for_no_writer(sqlite_file: Path) -> None:
    holder = sqlite3.connect(sqlite_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with Ledger.open(f"sqlite:///{sqlite_file}", busy_s=0.1) as ledger:
            assert ledger.claim(worker=HERE, kinds=tuple(JobKind), lease_s=60, now=NOW) is None
    finally:
        holder.close()


def test_another_process_is_waited_for_and_then_written(sqlite_file: Path) -> None:
    holder = sqlite3.connect(sqlite_file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.5, holder.execute, ["COMMIT"])
    with Ledger.open(f"sqlite:///{sqlite_file}", busy_s=60.0) as ledger:
        end.start()
        scan = take(ledger)
        assert not holder.in_transaction
        assert [row.scan for row in ledger.scans()] == [scan]
        with ledger._database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 60_000
    end.join()
    holder.close()


def test_a_full_disk_is_storage_trouble_and_loses_nothing(sqlite_file: Path) -> None:
    with Ledger.open(f"sqlite:///{sqlite_file}") as ledger:
        scan = take(ledger)
        with ledger._database.session() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.rollback()
        with pytest.raises(StorageTrouble, match="full"):
            ledger.load_patients((patient(str(number)) for number in range(500)), now=NOW)
        assert [row.scan for row in ledger.scans()] == [scan]
        assert ledger.check_audit() == ()


def test_a_damaged_file_is_storage_trouble(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    file.write_bytes(b"this is no database, whatever its name says" * 100)

    for create in (True, False):
        with pytest.raises(StorageTrouble, match="damaged"):
            Ledger.open(f"sqlite:///{file}", create=create)


def test_damage_that_is_met_in_the_midst_of_reading_is_storage_trouble(sqlite_file: Path) -> None:
    with Ledger.open(f"sqlite:///{sqlite_file}") as ledger:
        ledger.load_patients((patient(str(number)) for number in range(3000)), now=NOW)
    whole = sqlite_file.read_bytes()
    sqlite_file.write_bytes(whole[: len(whole) // 2] + b"\xff" * (len(whole) // 2))

    with Ledger.open(f"sqlite:///{sqlite_file}") as ledger, pytest.raises(StorageTrouble, match="damaged"):
        list(ledger.patients())


def test_a_folder_that_is_not_there_is_named_as_the_cause(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreachable, match="folder"):
        Ledger.open(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.sqlite'}", create=True)


def test_a_folder_in_the_files_place_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises((LedgerUnreachable, StorageTrouble)):
        Ledger.open(f"sqlite:///{tmp_path}", create=True)


def test_a_read_only_ledger_is_storage_trouble(sqlite_file: Path) -> None:
    with Ledger.open(f"sqlite:///{sqlite_file}") as ledger:
        with ledger._database.session() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.rollback()
        with pytest.raises(StorageTrouble, match="read-only"):
            take(ledger)


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_unreachable_and_its_password_stays_secret() -> None:
    with pytest.raises(LedgerUnreachable, match="does not answer") as refused:
        Ledger.open("postgresql+psycopg://clerk:hunter2@127.0.0.1:1/ledger")

    assert "hunter2" not in str(refused.value)


@pytest.mark.postgres
@pytest.mark.parametrize("part", ["password", "database"])
def test_a_wrong_password_or_database_is_refused_with_the_remedy(postgres_url: str, part: str) -> None:
    user, _, host = postgres_url.partition("@")
    wrong = f"{user}x@{host}" if part == "password" else f"{user}@{host}x"

    with pytest.raises(LedgerRefused, match=r"correct .*") as refused:
        Ledger.open(wrong)

    assert refused.value.retry is Retry.HUMAN
    assert user.rpartition(":")[2] not in str(refused.value)


@pytest.mark.postgres
def test_a_crowded_server_is_not_one_that_refuses(postgres_server: Server, postgres_url: str) -> None:
    name = f"crowd_{secrets.token_hex(4)}"
    run_sql(postgres_server, f"CREATE ROLE {name} LOGIN PASSWORD '{name}' CONNECTION LIMIT 0")
    _, _, host = postgres_url.partition("@")
    try:
        with pytest.raises(LedgerUnreachable) as crowded:
            Ledger.open(f"postgresql+psycopg://{name}:{name}@{host}")
    finally:
        run_sql(postgres_server, f"DROP ROLE {name}")

    assert crowded.value.retry is Retry.LATER


@pytest.mark.postgres
def test_a_server_that_drops_the_connection_is_met_again(postgres_url: str) -> None:
    with Ledger.open(postgres_url) as ledger, Ledger.open(postgres_url) as other:
        take(ledger)
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
        with other._database.write(alone=False) as connection:
            connection.exec_driver_sql(kill)

        assert take(ledger, "b.pdf").id == "S000002"


def test_no_message_repeats_what_was_to_be_written(ledger: Ledger) -> None:
    ledger.load_patients([patient("CANARY-4711")], now=NOW)
    twice = (
        "INSERT INTO patients SELECT number + 1, mrn, birth_date, sex, active, stated, changed_seq + 1 FROM patients"
    )

    with pytest.raises(PaperchartError) as refused, ledger._database.write() as connection:
        connection.exec_driver_sql(twice)

    assert "CANARY" not in str(refused.value)
    assert refused.value.__suppress_context__
