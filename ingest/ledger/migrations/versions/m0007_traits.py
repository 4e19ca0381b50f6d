"""What else is known of a document: flags of what it lacks, how final it is, what it looks like."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Decisions so far know nothing of the kind."""
    op.add_column("decisions", Column("traits", Text))
