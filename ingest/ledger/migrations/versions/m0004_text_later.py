"""Jobs that read the rest of a scan's text."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, text

from ingest.ledger.columns import AnyText, Instant, Whole

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('read', 'file', 'text')"
_LIVE = "state IN ('open', 'leased')"


def upgrade() -> None:
    """Lets a job be of the kind `text`."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
    else:
        op.drop_constraint(op.f("ck_jobs_kind_known"), "jobs", type_="check")
        op.create_check_constraint(op.f("ck_jobs_kind_known"), "jobs", _KINDS)


def _make_anew() -> None:
    """SQLite cannot change a check: the table is copied. No other table refers to it."""
    op.rename_table("jobs", "jobs_before")
    columns = _columns()
    op.create_table(
        "jobs",
        *columns,
        CheckConstraint(_KINDS, name="kind_known"),
        CheckConstraint("state IN ('open', 'leased', 'done', 'cancelled')", name="state_known"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_jobs_document"),
        ForeignKeyConstraint(["scan"], ["scans.number"], name="fk_jobs_scan"),
        PrimaryKeyConstraint("number", name="pk_jobs"),
        sqlite_strict=True,
    )
    names = ", ".join(column.name for column in columns)
    op.execute(f"INSERT INTO jobs ({names}) SELECT {names} FROM jobs_before")  # noqa: S608 - names of our columns
    op.drop_table("jobs_before")
    op.create_index("ix_jobs_live", "jobs", ["number"], **_where(_LIVE))
    op.create_index("ix_jobs_live_scan", "jobs", ["scan"], **_where(_LIVE))
    op.create_index("uq_jobs_live_file", "jobs", ["document"], unique=True, **_where(f"{_LIVE} AND kind = 'file'"))
    op.create_index("uq_jobs_live_read", "jobs", ["scan"], unique=True, **_where(f"{_LIVE} AND kind = 'read'"))


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("kind", Text, nullable=False),
        Column("scan", Whole, nullable=False),
        Column("document", Whole),
        Column("state", Text, nullable=False),
        Column("not_before", Instant, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("fence", Integer, nullable=False),
        Column("lease_until", Instant),
        Column("worker_host", AnyText),
        Column("worker_pid", Whole),
        Column("worker_boot_id", Text),
        Column("worker_started", Text),
        Column("created_at", Instant, nullable=False),
        Column("finished_at", Instant),
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition)}
