"""Filed PDFs are announced before they are put into the records, so that none is ever there unknown."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column

from ingest.ledger.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every rendition so far was filed when its row was made."""
    op.add_column("renditions", Column("filed_at", Instant))
    op.execute("UPDATE renditions SET filed_at = created_at")
