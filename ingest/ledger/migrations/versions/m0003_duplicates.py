"""The worklist of possible duplicate registrations."""

from __future__ import annotations

from alembic import op
from sqlalchemy import CheckConstraint, Column, Identity, PrimaryKeyConstraint, Text

from ingest.ledger.columns import AnyText, Instant, Whole

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the worklist, empty."""
    op.create_table(
        "duplicate_suspicions",
        Column("id", Whole, Identity(), nullable=False),
        Column("mrn", AnyText, nullable=False),
        Column("other_mrn", AnyText, nullable=False),
        Column("state", Text, nullable=False),
        Column("times", Whole, nullable=False),
        Column("first_seen", Instant, nullable=False),
        Column("last_seen", Instant, nullable=False),
        Column("document", Whole, nullable=False),
        Column("settled_at", Instant),
        Column("settled_by", AnyText),
        Column("note", AnyText),
        CheckConstraint("state IN ('open', 'merged', 'distinct')", name="state_known"),
        PrimaryKeyConstraint("id", name="pk_duplicate_suspicions"),
        sqlite_strict=True,
    )
    op.create_index("uq_duplicate_suspicions_pair", "duplicate_suspicions", ["mrn", "other_mrn"], unique=True)
