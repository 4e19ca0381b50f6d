"""The tables, as they are now. `migrations/` makes them; a test holds the two against each other.

`number` columns are counted by `counters`, so that ids have no gaps and are never given twice. States are
text with a check. What is JSON is text: it comes back byte for byte (`codec`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from ingest.ledger.columns import AnyText, Day, Flag, Instant, Real, Whole, WideInteger
from ingest.ledger.records import JobKind, JobState
from ingest.model import DocumentState

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
)  # of the migrations, oldest first; the last one makes these tables

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Any) -> Table:
    """A table of the ledger, strict in SQLite."""
    return Table(name, metadata, *parts, sqlite_strict=True)


def _number() -> Column[int]:
    return Column("number", Whole, primary_key=True, autoincrement=False)


def _to(name: str, target: str, **more: Any) -> Column[int]:
    return Column(name, Whole, ForeignKey(target), nullable=more.pop("nullable", False), **more)


def _one_of(column: str, values: type[DocumentState] | type[JobKind] | type[JobState]) -> CheckConstraint:
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


counters = table("counters", Column("name", Text, primary_key=True), Column("value", Whole, nullable=False))

batches = table(
    "batches",
    _number(),
    Column("origin", AnyText, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),  # when something of it last came in
    Column("operator", AnyText),
    Column("station", AnyText),
    Column("expected_pages", Integer),
    Column("expected_files", Integer),
    Column("sidecar", Text),  # the appearance of the file that told these
    Column("sidecar_sha256", Text),
)
Index("ix_batches_origin", batches.c.origin, batches.c.number)

scans = table(
    "scans",
    _number(),
    Column("source", AnyText, nullable=False),
    Column("origin", AnyText, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Whole, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("spooled", Flag, nullable=False),
    Column("kind", Text),
    Column("page_count", Integer),
    Column("released_at", Instant),
    Column("appearance", Text, unique=True),
    Column("key_path", AnyText),
    Column("key_device", WideInteger),
    Column("key_inode", WideInteger),
    Column("key_size", WideInteger),
    Column("key_mtime_ns", WideInteger),
    Column("key_sha256", Text),
    Column("batch", Whole, index=True),  # no foreign key: SQLite adds none to a table that is there
)
Index("ix_scans_sha256", scans.c.sha256)
Index("ix_scans_unreleased", scans.c.number, **where("released_at IS NULL"))

pages = table(
    "pages",
    _to("scan", "scans.number"),
    Column("page", Integer, nullable=False),
    Column("artefact_sha256", Text),
    Column("trouble", Text),
    Column("detail", AnyText),
    Column("has_picture", Flag),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("scan", "page"),
    CheckConstraint("page >= 1", name="page_from_one"),
)

documents = table(
    "documents",
    _number(),
    _to("scan", "scans.number", index=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("mrn", AnyText),
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Column("copy_of", Whole),  # no foreign key: SQLite adds none to a table that is there
    _one_of("state", DocumentState),
    CheckConstraint("mrn IS NULL OR state = 'filed'", name="mrn_only_when_filed"),
)
Index("ix_documents_state", documents.c.state, documents.c.number, **where("retired_at IS NULL"))
Index("ix_documents_mrn", documents.c.mrn, **where("mrn IS NOT NULL"))

document_pages = table(
    "document_pages",
    _to("document", "documents.number"),
    _to("scan", "scans.number"),
    Column("page", Integer, nullable=False),
    Column("holds", Flag, nullable=False),
    PrimaryKeyConstraint("document", "page"),
)
# The law of pages, kept by the database: of all documents that hold a page only one is living.
Index(
    "uq_document_pages_held",
    document_pages.c.scan,
    document_pages.c.page,
    unique=True,
    **where("holds"),
)

document_parents = table(
    "document_parents",
    _to("document", "documents.number"),
    _to("parent", "documents.number", index=True),
    PrimaryKeyConstraint("document", "parent"),
)

decisions = table(
    "decisions",
    _to("document", "documents.number"),
    Column("version", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("mrn", AnyText),
    Column("probability", Real),
    Column("reasons", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("candidates", Text, nullable=False),
    Column("would_file_mrn", AnyText),
    Column("index_generation", Whole),
    Column("fingerprint", AnyText),
    Column("threshold", Real),
    Column("type", AnyText),
    Column("document_date", Day),
    Column("decided_at", Instant, nullable=False),
    Column("decided_by", AnyText, nullable=False),
    Column("acting_for", AnyText),
    Column("note", AnyText),
    Column("traits", Text),
    PrimaryKeyConstraint("document", "version"),
    _one_of("state", DocumentState),
)

Index("ix_decisions_decided_at_act_state", decisions.c.decided_at, decisions.c.act, decisions.c.state)

renditions = table(
    "renditions",
    _number(),
    _to("document", "documents.number"),
    Column("version", Integer, nullable=False),
    Column("mrn", AnyText, nullable=False),
    Column("path", AnyText, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Whole, nullable=False),
    Column("text_state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("removed_at", Instant),
    Column("kept_as", AnyText),
    Column("filed_at", Instant),  # null while it is only announced: it counts as withdrawn until then
)
Index("ix_renditions_document", renditions.c.document)
Index(
    "uq_renditions_current",
    renditions.c.document,
    unique=True,
    **where("withdrawn_at IS NULL"),
)
Index(
    "ix_renditions_pending",
    renditions.c.number,
    **where("withdrawn_at IS NOT NULL AND removed_at IS NULL"),
)

jobs = table(
    "jobs",
    _number(),
    Column("kind", Text, nullable=False),
    _to("scan", "scans.number"),
    _to("document", "documents.number", nullable=True),
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
    _one_of("kind", JobKind),
    _one_of("state", JobState),
)
_LIVE = "state IN ('open', 'leased')"
Index("ix_jobs_live", jobs.c.number, **where(_LIVE))
Index("ix_jobs_live_scan", jobs.c.scan, **where(_LIVE))
Index("uq_jobs_live_read", jobs.c.scan, unique=True, **where(f"{_LIVE} AND kind = 'read'"))
Index("uq_jobs_live_file", jobs.c.document, unique=True, **where(f"{_LIVE} AND kind = 'file'"))

audit_head = table(
    "audit_head",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Whole, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

audit = table(
    "audit",
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", AnyText, nullable=False),
    Column("subject", AnyText, nullable=False),
    Column("facts", Text, nullable=False),
    Column("details_hash", Text),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("ix_audit_subject", audit.c.subject)

audit_details = table(
    "audit_details",
    Column("seq", Whole, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("salt", Text),
    Column("body", Text),
    Column("disposed_at", Instant),
    CheckConstraint("(body IS NULL) = (disposed_at IS NOT NULL)", name="disposal_is_dated"),
)

patients = table(
    "patients",
    _number(),
    Column("mrn", AnyText, nullable=False, unique=True),
    Column("birth_date", Day, nullable=False),
    Column("sex", Text),
    Column("active", Flag, nullable=False),
    Column("stated", Text, nullable=False),
    Column("changed_seq", Whole, nullable=False, unique=True),
    Column("merged_into", Whole),
    Column("seal", Text),
)
Index("ix_patients_merged_into", patients.c.merged_into)


def _history(name: str, *parts: Any) -> Table:
    """A table of values that held from one change (`since_seq`) until another (`until_seq`)."""
    return table(
        name,
        Column("id", Whole, Identity(), primary_key=True),
        _to("patient", "patients.number", index=True),
        *parts,
        Column("since_seq", Whole, nullable=False),
        Column("until_seq", Whole),
    )


patient_names = _history(
    "patient_names",
    Column("use", Text, nullable=False),
    Column("last_name", AnyText, nullable=False),
    Column("first_name", AnyText),
    Column("middle_name", AnyText),
    Column("suffix", AnyText),
    CheckConstraint("use IN ('usual', 'former')", name="use_known"),
)
patient_addresses = _history(
    "patient_addresses",
    Column("address", AnyText),
    Column("city", AnyText),
    Column("state", AnyText),
    Column("zip", AnyText),
)
patient_phones = _history("patient_phones", Column("value", AnyText, nullable=False))
patient_identifiers = _history(
    "patient_identifiers",
    Column("issuer", AnyText, nullable=False),
    Column("type", Text, nullable=False),
    Column("value", AnyText, nullable=False),
)
Index("ix_patient_identifiers_value", patient_identifiers.c.type, patient_identifiers.c.value)

patient_changes = table(
    "patient_changes",
    Column("seq", Whole, primary_key=True, autoincrement=False),
    _to("patient", "patients.number", index=True),
    Column("change", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

duplicate_suspicions = table(
    "duplicate_suspicions",
    Column("id", Whole, Identity(), primary_key=True),
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
)
Index("uq_duplicate_suspicions_pair", duplicate_suspicions.c.mrn, duplicate_suspicions.c.other_mrn, unique=True)
