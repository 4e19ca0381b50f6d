"""A site, and the test PostgreSQL server, for whoever asks."""

from __future__ import annotations

from tests.e2e.conftest import house
from tests.postgres import make_postgres, postgres_server, postgres_url

__all__ = ["house", "make_postgres", "postgres_server", "postgres_url"]
