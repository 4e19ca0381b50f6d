"""The test PostgreSQL server for whoever asks."""

from __future__ import annotations

from tests.postgres import make_postgres, postgres_server, postgres_url

__all__ = ["make_postgres", "postgres_server", "postgres_url"]
