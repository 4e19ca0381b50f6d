"""Registrations that were merged into another one."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column

from ingest.ledger.columns import Whole

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds whom a registration was merged into."""
    op.add_column("patients", Column("merged_into", Whole, nullable=True))
    op.create_index("ix_patients_merged_into", "patients", ["merged_into"])
