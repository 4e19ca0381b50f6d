"""A site, and the test PostgreSQL server, for whoever asks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import house
from tests.faults import dying, story
from tests.faults.yard import yard
from tests.postgres import make_postgres, postgres_server, postgres_url

__all__ = ["house", "make_postgres", "postgres_server", "postgres_url", "yard"]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a whole day behind it; nobody may change it."""
    home = tmp_path_factory.mktemp("lived") / "site"
    story.make(home)
    story.drop(home / "inbox")
    dying.live(home)
    return home


@pytest.fixture
def home(lived: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as one likes."""
    shutil.copytree(lived, tmp_path / "site", symlinks=True)
    return tmp_path / "site"
