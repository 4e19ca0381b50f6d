"""The tables of "when the index changes": by what a change finds documents, and which are to be matched again;
doubts about what people filed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from ingest.ledger.columns import AnyText, Instant, Whole
from ingest.ledger.schema import metadata, table

# What documents in review or filed say and weigh, as hashes (`identity_keys`): only ever added to. A key that is out of
# date costs a look. Without row numbers: the key is the table.
match_keys = Table(
    "match_keys",
    metadata,
    Column("key", Whole, nullable=False),
    Column("document", Whole, nullable=False),
    PrimaryKeyConstraint("key", "document"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The documents that changes up to the counter `rematched` concern, until they were matched again.
rematches = table(
    "rematches",
    Column("document", Whole, ForeignKey("documents.number"), primary_key=True, autoincrement=False),
    Column("seq", Whole, nullable=False),  # of the newest change that concerns it
    Column("queued_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),  # how often it failed
)
Index("ix_rematches_not_before", rematches.c.not_before)

# What speaks against decisions of people since they were made; about a version that is not the document's any more it
# says nothing.
doubts = table(
    "doubts",
    Column("document", Whole, ForeignKey("documents.number"), primary_key=True, autoincrement=False),
    Column("version", Whole, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("speaks_for", AnyText),
    Column("raised_at", Instant, nullable=False),
    Column("settled_by", AnyText),
    Column("settled_at", Instant),
)
