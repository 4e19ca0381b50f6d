"""The contract of the ledger: its tables, made and migrated, and what it says of other versions."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, create_engine, inspect, text

import ingest.ledger
from ingest.errors import BadSettings, CannotRunNow, LedgerUnreachable
from ingest.ledger import Ledger
from ingest.ledger.schema import REVISIONS, metadata
from tests.contract.ledger_steps import take


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "postgres":
        make: Callable[..., str] = request.getfixturevalue("make_postgres")
        return make(empty=True)
    return f"sqlite:///{tmp_path / 'new.sqlite'}"


def test_migrated_tables_are_those_of_the_schema(ledger: Ledger) -> None:
    with ledger._database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_migrated_and_fresh_tables_have_the_same_constraints(
    ledger: Ledger, ledger_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if ledger_url.startswith("sqlite"):
        fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    else:
        fresh = create_engine(request.getfixturevalue("make_postgres")(empty=True))
    metadata.create_all(fresh)

    with ledger._database.session() as migrated, fresh.connect() as made:
        assert shape(inspect(migrated)) == shape(inspect(made))

    fresh.dispose()


def test_every_table_of_sqlite_is_strict(sqlite_template: Path) -> None:
    listed = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND NOT strict"
    with Ledger.open(f"sqlite:///{sqlite_template}") as ledger, ledger._database.read() as connection:
        lax = set(connection.execute(text(listed)).scalars())

    assert lax == {"alembic_version"}


def shape(inspector: Inspector) -> dict[str, object]:
    """Tables with all that constrains them, by names and texts."""
    return {
        name: {
            "columns": columns(inspector, name),
            "key": str(inspector.get_pk_constraint(name)),
            "indexes": indexes(inspector, name),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "checks": sorted(map(str, inspector.get_check_constraints(name))),
            "references": sorted(map(str, inspector.get_foreign_keys(name))),
        }
        for name in set(inspector.get_table_names()) - {"alembic_version"}
    }


def indexes(inspector: Inspector, name: str) -> list[tuple[str, ...]]:
    return sorted(
        (
            str(index["name"]),
            str(index["column_names"]),
            str(index["unique"]),
            *(f"{option}: {value}" for option, value in sorted(index.get("dialect_options", {}).items())),
        )
        for index in inspector.get_indexes(name)
    )


def columns(inspector: Inspector, name: str) -> list[tuple[str, str, bool]]:
    found = inspector.get_columns(name)
    return [(column["name"], str(column["type"]), column["nullable"]) for column in found]


def test_the_last_migration_is_the_one_that_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(ingest.ledger.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(REVISIONS)


def test_a_ledger_is_made_once_and_opened_often(empty_url: str) -> None:
    with Ledger.open(empty_url, create=True) as ledger:
        scan = take(ledger)
    for create in (True, False):
        with Ledger.open(empty_url, create=create) as ledger:
            assert [row.scan for row in ledger.scans()] == [scan]


def test_several_may_make_it_at_once(empty_url: str) -> None:
    def open_and_close(_: int) -> int:
        with Ledger.open(empty_url, create=True) as ledger:
            return ledger.patient_count()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(open_and_close, range(4))) == [0, 0, 0, 0]


def test_a_missing_ledger_is_refused_with_the_remedy(empty_url: str) -> None:
    with pytest.raises(LedgerUnreachable, match="ingest init"):
        Ledger.open(empty_url)


def test_a_newer_ledger_is_refused_and_left_alone(ledger: Ledger, ledger_url: str) -> None:
    with ledger._database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    for create in (False, True):
        with pytest.raises(CannotRunNow, match="newer version"):
            Ledger.open(ledger_url, create=create)


def test_an_older_ledger_is_refused_with_the_remedy(ledger: Ledger, ledger_url: str) -> None:
    with ledger._database.write() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{REVISIONS[-2]}'")

    with pytest.raises(CannotRunNow, match=r"older version.*ingest init"):
        Ledger.open(ledger_url)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "postgresql://x/y", "sqlite://", "sqlite:relative"])
def test_other_urls_are_wrong_settings(url: str) -> None:
    with pytest.raises(BadSettings, match="sqlite:///FILE"):
        Ledger.open(url, create=True)


@pytest.mark.parametrize("name", ["a ledger.sqlite", "100%.sqlite", "what?.sqlite", "lädger#1.sqlite"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    Ledger.open(f"sqlite:///{tmp_path / name}", create=True).close()

    assert (tmp_path / name).is_file()


def test_only_the_owner_may_read_the_ledgers_files(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        with Ledger.open(f"sqlite:///{tmp_path / 'l.sqlite'}", create=True) as ledger:
            take(ledger)
            files = sorted(tmp_path.iterdir())
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    finally:
        os.umask(former)

    assert modes == {"l.sqlite": 0o600, "l.sqlite-shm": 0o600, "l.sqlite-wal": 0o600}


def test_sqlite_keeps_what_it_was_told_to_keep(tmp_path: Path) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys")
    url = f"sqlite:///{tmp_path / 'l.sqlite'}"
    with Ledger.open(url, create=True) as ledger, ledger._database.read() as connection:
        facts = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    assert facts == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
