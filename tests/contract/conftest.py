"""A fresh ledger for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.ledger import Ledger
from tests.postgres import make_postgres, postgres_server, postgres_url

__all__ = ["make_postgres", "postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger, to be copied: making one anew takes longer than most tests."""
    file = tmp_path_factory.mktemp("ledger") / "template.sqlite"
    Ledger.open(f"sqlite:///{file}", create=True).close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger of either kind."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    file = tmp_path / "ledger.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An open one."""
    with Ledger.open(ledger_url) as opened:
        yield opened
