"""The foundations: scans, documents, jobs, patients and the audit chain."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)

from ingest.ledger.columns import AnyText, Day, Flag, Instant, Real, Whole, WideInteger

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From an empty database."""
    _scans()
    _pages()
    _documents()
    _decisions()
    _renditions()
    _jobs()
    _audit()
    _patients()
    _patient_names()
    _patient_identifiers()
    _first_rows()
    _protect_audit()


def _scans() -> None:
    op.create_table(
        "counters",
        Column("name", Text, nullable=False),
        Column("value", Whole, nullable=False),
        PrimaryKeyConstraint("name", name="pk_counters"),
        sqlite_strict=True,
    )
    op.create_table(
        "scans",
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("source", AnyText, nullable=False),
        Column("origin", AnyText, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("size", Whole, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("spooled", Flag, nullable=False),
        Column("kind", Text),
        Column("page_count", Integer),
        Column("released_at", Instant),
        Column("appearance", Text),
        Column("key_path", AnyText),
        Column("key_device", WideInteger),
        Column("key_inode", WideInteger),
        Column("key_size", WideInteger),
        Column("key_mtime_ns", WideInteger),
        Column("key_sha256", Text),
        PrimaryKeyConstraint("number", name="pk_scans"),
        UniqueConstraint("appearance", name="uq_scans_appearance"),
        sqlite_strict=True,
    )
    op.create_index("ix_scans_sha256", "scans", ["sha256"])
    op.create_index("ix_scans_unreleased", "scans", ["number"], **_where("released_at IS NULL"))


def _pages() -> None:
    op.create_table(
        "pages",
        Column("scan", Whole, nullable=False),
        Column("page", Integer, nullable=False),
        Column("artefact_sha256", Text),
        Column("trouble", Text),
        Column("detail", AnyText),
        Column("has_picture", Flag),
        Column("recorded_at", Instant, nullable=False),
        CheckConstraint("page >= 1", name="page_from_one"),
        ForeignKeyConstraint(["scan"], ["scans.number"], name="fk_pages_scan"),
        PrimaryKeyConstraint("scan", "page", name="pk_pages"),
        sqlite_strict=True,
    )


def _documents() -> None:
    op.create_table(
        "documents",
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("scan", Whole, nullable=False),
        Column("state", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("mrn", AnyText),
        Column("created_at", Instant, nullable=False),
        Column("retired_at", Instant),
        CheckConstraint("mrn IS NULL OR state = 'filed'", name="mrn_only_when_filed"),
        CheckConstraint(
            "state IN ('working', 'filed', 'review', 'quarantined', 'duplicate', 'blank', 'separator', 'discarded')",
            name="state_known",
        ),
        ForeignKeyConstraint(["scan"], ["scans.number"], name="fk_documents_scan"),
        PrimaryKeyConstraint("number", name="pk_documents"),
        sqlite_strict=True,
    )
    op.create_index("ix_documents_mrn", "documents", ["mrn"], **_where("mrn IS NOT NULL"))
    op.create_index("ix_documents_scan", "documents", ["scan"])
    op.create_index("ix_documents_state", "documents", ["state", "number"], **_where("retired_at IS NULL"))
    op.create_table(
        "document_pages",
        Column("document", Whole, nullable=False),
        Column("scan", Whole, nullable=False),
        Column("page", Integer, nullable=False),
        Column("holds", Flag, nullable=False),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_document_pages_document"),
        ForeignKeyConstraint(["scan"], ["scans.number"], name="fk_document_pages_scan"),
        PrimaryKeyConstraint("document", "page", name="pk_document_pages"),
        sqlite_strict=True,
    )
    op.create_index("uq_document_pages_held", "document_pages", ["scan", "page"], unique=True, **_where("holds"))
    op.create_table(
        "document_parents",
        Column("document", Whole, nullable=False),
        Column("parent", Whole, nullable=False),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_document_parents_document"),
        ForeignKeyConstraint(["parent"], ["documents.number"], name="fk_document_parents_parent"),
        PrimaryKeyConstraint("document", "parent", name="pk_document_parents"),
        sqlite_strict=True,
    )
    op.create_index("ix_document_parents_parent", "document_parents", ["parent"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        Column("document", Whole, nullable=False),
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
        CheckConstraint(
            "state IN ('working', 'filed', 'review', 'quarantined', 'duplicate', 'blank', 'separator', 'discarded')",
            name="state_known",
        ),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_decisions_document"),
        PrimaryKeyConstraint("document", "version", name="pk_decisions"),
        sqlite_strict=True,
    )


def _renditions() -> None:
    op.create_table(
        "renditions",
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("document", Whole, nullable=False),
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
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_renditions_document"),
        PrimaryKeyConstraint("number", name="pk_renditions"),
        sqlite_strict=True,
    )
    op.create_index("ix_renditions_document", "renditions", ["document"])
    op.create_index(
        "ix_renditions_pending",
        "renditions",
        ["number"],
        **_where("withdrawn_at IS NOT NULL AND removed_at IS NULL"),
    )
    op.create_index("uq_renditions_current", "renditions", ["document"], unique=True, **_where("withdrawn_at IS NULL"))


def _jobs() -> None:
    op.create_table(
        "jobs",
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
        CheckConstraint("kind IN ('read', 'file')", name="kind_known"),
        CheckConstraint("state IN ('open', 'leased', 'done', 'cancelled')", name="state_known"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_jobs_document"),
        ForeignKeyConstraint(["scan"], ["scans.number"], name="fk_jobs_scan"),
        PrimaryKeyConstraint("number", name="pk_jobs"),
        sqlite_strict=True,
    )
    op.create_index("ix_jobs_live", "jobs", ["number"], **_where("state IN ('open', 'leased')"))
    op.create_index("ix_jobs_live_scan", "jobs", ["scan"], **_where("state IN ('open', 'leased')"))
    op.create_index(
        "uq_jobs_live_file",
        "jobs",
        ["document"],
        unique=True,
        **_where("state IN ('open', 'leased') AND kind = 'file'"),
    )
    op.create_index(
        "uq_jobs_live_read",
        "jobs",
        ["scan"],
        unique=True,
        **_where("state IN ('open', 'leased') AND kind = 'read'"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        Column("seq", Whole, autoincrement=False, nullable=False),
        Column("at", Instant, nullable=False),
        Column("action", Text, nullable=False),
        Column("actor", AnyText, nullable=False),
        Column("subject", AnyText, nullable=False),
        Column("facts", Text, nullable=False),
        Column("details_hash", Text),
        Column("previous", Text, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("seq", name="pk_audit"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "audit_head",
        Column("id", Integer, autoincrement=False, nullable=False),
        Column("seq", Whole, nullable=False),
        Column("hash", Text, nullable=False),
        CheckConstraint("id = 1", name="one_row"),
        PrimaryKeyConstraint("id", name="pk_audit_head"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_details",
        Column("seq", Whole, autoincrement=False, nullable=False),
        Column("salt", Text),
        Column("body", Text),
        Column("disposed_at", Instant),
        CheckConstraint("(body IS NULL) = (disposed_at IS NOT NULL)", name="disposal_is_dated"),
        ForeignKeyConstraint(["seq"], ["audit.seq"], name="fk_audit_details_seq"),
        PrimaryKeyConstraint("seq", name="pk_audit_details"),
        sqlite_strict=True,
    )


def _patients() -> None:
    op.create_table(
        "patients",
        Column("number", Whole, autoincrement=False, nullable=False),
        Column("mrn", AnyText, nullable=False),
        Column("birth_date", Day, nullable=False),
        Column("sex", Text),
        Column("active", Flag, nullable=False),
        Column("stated", Text, nullable=False),
        Column("changed_seq", Whole, nullable=False),
        PrimaryKeyConstraint("number", name="pk_patients"),
        UniqueConstraint("mrn", name="uq_patients_mrn"),
        UniqueConstraint("changed_seq", name="uq_patients_changed_seq"),
        sqlite_strict=True,
    )
    op.create_table(
        "patient_changes",
        Column("seq", Whole, autoincrement=False, nullable=False),
        Column("patient", Whole, nullable=False),
        Column("change", Text, nullable=False),
        Column("at", Instant, nullable=False),
        ForeignKeyConstraint(["patient"], ["patients.number"], name="fk_patient_changes_patient"),
        PrimaryKeyConstraint("seq", name="pk_patient_changes"),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_changes_patient", "patient_changes", ["patient"])


def _patient_names() -> None:
    op.create_table(
        "patient_names",
        Column("id", Whole, Identity(always=False), nullable=False),
        Column("patient", Whole, nullable=False),
        Column("use", Text, nullable=False),
        Column("last_name", AnyText, nullable=False),
        Column("first_name", AnyText),
        Column("middle_name", AnyText),
        Column("suffix", AnyText),
        Column("since_seq", Whole, nullable=False),
        Column("until_seq", Whole),
        CheckConstraint("use IN ('usual', 'former')", name="use_known"),
        ForeignKeyConstraint(["patient"], ["patients.number"], name="fk_patient_names_patient"),
        PrimaryKeyConstraint("id", name="pk_patient_names"),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_names_patient", "patient_names", ["patient"])
    op.create_table(
        "patient_addresses",
        Column("id", Whole, Identity(always=False), nullable=False),
        Column("patient", Whole, nullable=False),
        Column("address", AnyText),
        Column("city", AnyText),
        Column("state", AnyText),
        Column("zip", AnyText),
        Column("since_seq", Whole, nullable=False),
        Column("until_seq", Whole),
        ForeignKeyConstraint(["patient"], ["patients.number"], name="fk_patient_addresses_patient"),
        PrimaryKeyConstraint("id", name="pk_patient_addresses"),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_addresses_patient", "patient_addresses", ["patient"])


def _patient_identifiers() -> None:
    op.create_table(
        "patient_phones",
        Column("id", Whole, Identity(always=False), nullable=False),
        Column("patient", Whole, nullable=False),
        Column("value", AnyText, nullable=False),
        Column("since_seq", Whole, nullable=False),
        Column("until_seq", Whole),
        ForeignKeyConstraint(["patient"], ["patients.number"], name="fk_patient_phones_patient"),
        PrimaryKeyConstraint("id", name="pk_patient_phones"),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_phones_patient", "patient_phones", ["patient"])
    op.create_table(
        "patient_identifiers",
        Column("id", Whole, Identity(always=False), nullable=False),
        Column("patient", Whole, nullable=False),
        Column("issuer", AnyText, nullable=False),
        Column("type", Text, nullable=False),
        Column("value", AnyText, nullable=False),
        Column("since_seq", Whole, nullable=False),
        Column("until_seq", Whole),
        ForeignKeyConstraint(["patient"], ["patients.number"], name="fk_patient_identifiers_patient"),
        PrimaryKeyConstraint("id", name="pk_patient_identifiers"),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_identifiers_patient", "patient_identifiers", ["patient"])
    op.create_index("ix_patient_identifiers_value", "patient_identifiers", ["type", "value"])


def _first_rows() -> None:
    counters = table("counters", column("name"), column("value"))
    names = ("scan", "document", "job", "rendition", "patient", "patient_change")
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in names])
    head = table("audit_head", column("id"), column("seq"), column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])


def _protect_audit() -> None:
    """An event that is written stays as it is: the database itself refuses to change or delete it."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'audit events are for ever'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit events are for ever'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_for_ever()"
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
