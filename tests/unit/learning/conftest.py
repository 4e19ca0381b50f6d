"""A site whose desk has decided enough to learn from; each test gets its own copy."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest.learning import propose_weights
from ingest.running.site import create_site, open_site
from tests.contract.ledger_steps import NOW
from tests.unit.learning.clinic import PEOPLE, decided_by_people

DRAWN = 60


@pytest.fixture(scope="session")
def taught_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """340 documents that one reviewer gave to the right patients, a minute between two of them."""
    home = tmp_path_factory.mktemp("taught") / "site"
    create_site(home)
    with open_site(home) as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        decided_by_people(site.ledger, range(340))
    return home


@pytest.fixture(autouse=True)
def fewer_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough of them for made-up people, in a quarter of the time."""
    monkeypatch.setattr("ingest.running.weights._DRAWN", DRAWN)


@pytest.fixture(scope="session")
def untouched(taught_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the site's decisions propose, as they are."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ingest.running.weights._DRAWN", DRAWN)
        home = Path(shutil.copytree(taught_site, tmp_path_factory.mktemp("untouched") / "site"))
        with open_site(home) as site:
            found = propose_weights(site, by="ann", now=NOW).proposal
            assert found is not None
            return site.ledger.proposal_body(found.number)


@pytest.fixture
def home(taught_site: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(taught_site, tmp_path / "site"))
