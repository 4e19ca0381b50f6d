"""Batches: what came together from one folder, with what a scanner's sidecar says of it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Text

from ingest.ledger.columns import AnyText, Instant, Whole

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Scans that were taken in before belong to no batch."""
    op.create_table(
        "batches",
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("origin", AnyText, nullable=False),
        Column("opened_at", Instant, nullable=False),
        Column("last_at", Instant, nullable=False),
        Column("operator", AnyText),
        Column("station", AnyText),
        Column("expected_pages", Integer),
        Column("expected_files", Integer),
        Column("sidecar", Text),
        Column("sidecar_sha256", Text),
        PrimaryKeyConstraint("number", name="pk_batches"),
        sqlite_strict=True,
    )
    op.create_index("ix_batches_origin", "batches", ["origin", "number"])
    op.execute("INSERT INTO counters (name, value) VALUES ('batch', 0)")
    op.add_column("scans", Column("batch", Whole))
    op.create_index("ix_scans_batch", "scans", ["batch"])
