"""What alembic runs: the migrations, on the connection and in the transaction of `ingest.ledger.migrate`."""

from __future__ import annotations

from alembic import context

from ingest.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
