"""The review desk: queue, accounts, questions, labels, misfiles, second looks, proposals; copies of documents; what is
to be matched again when the patient index changes."""

from __future__ import annotations

from datetime import datetime, timedelta

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
    func,
    insert,
    select,
    table,
    text,
)

from ingest.ledger.codec import decode_candidates, decode_findings
from ingest.ledger.columns import AnyText, Day, Flag, Instant, Real, Whole
from ingest.ledger.identity_keys import keys_of_document
from ingest.ledger.patient_seals import seal_all
from ingest.ledger.rematch_rows import remember

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_DAY_MINUTES = 1440
_BATCH = 500
_DECIDED = ("document", "version", "findings", "candidates", "mrn", "would_file_mrn", "index_generation")


def upgrade() -> None:
    """What is in review waits from now on in a queue; everything wants a person within a day."""
    _make_queue()
    _make_accounts()
    _make_second_looks()
    _make_learning_and_rematching()
    op.add_column("documents", Column("copy_of", Whole))
    op.add_column("patients", Column("seal", Text))
    seal_all(op.get_bind())
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    op.execute("INSERT INTO review_limits (origin, type, minutes) VALUES ('', '', 1440)")
    # What was decided before there were second looks is not drawn: it would be years at once.
    op.execute("INSERT INTO second_look_head (id, seq) SELECT 1, seq FROM audit_head WHERE seq > 0")
    _queue_what_waits()
    _remember_keys()


def _make_queue() -> None:
    op.create_table(
        "waiting",
        Column("document", Whole, autoincrement=False, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("due_at", Instant, nullable=False),
        Column("origin", AnyText, nullable=False),
        Column("type", AnyText),
        Column("held_by", AnyText),
        Column("held_until", Instant),
        Column("deferred_until", Instant),
        Column("touched_at", Instant),
        PrimaryKeyConstraint("document", name="pk_waiting"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_waiting_document"),
        sqlite_strict=True,
    )
    op.create_index("ix_waiting_due_at_document", "waiting", ["due_at", "document"])
    op.create_index(
        "ix_waiting_held_by",
        "waiting",
        ["held_by"],
        sqlite_where=text("held_by IS NOT NULL"),
        postgresql_where=text("held_by IS NOT NULL"),
    )
    op.create_table(
        "review_limits",
        Column("origin", AnyText, nullable=False),
        Column("type", AnyText, nullable=False),
        Column("minutes", Whole, nullable=False),
        PrimaryKeyConstraint("origin", "type", name="pk_review_limits"),
        sqlite_strict=True,
    )
    op.create_table(
        "inquiries",
        Column("number", Whole, Identity(), nullable=False),
        Column("document", Whole, nullable=False),
        Column("kind", Text, nullable=False),
        Column("owner", AnyText, nullable=False),
        Column("question", AnyText, nullable=False),
        Column("due", Day),
        Column("asked_by", AnyText, nullable=False),
        Column("asked_at", Instant, nullable=False),
        Column("answer", AnyText),
        Column("closed_by", AnyText),
        Column("closed_at", Instant),
        PrimaryKeyConstraint("number", name="pk_inquiries"),
        CheckConstraint("kind IN ('rescan', 'query')", name="kind_known"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_inquiries_document"),
        sqlite_strict=True,
    )
    op.create_index("ix_inquiries_document", "inquiries", ["document"])


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        Column("name", AnyText, nullable=False),
        Column("role", Text, nullable=False),
        Column("password_hash", Text),
        Column("system_user", AnyText),
        Column("clearances", Text, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("disabled_at", Instant),
        PrimaryKeyConstraint("name", name="pk_accounts"),
        CheckConstraint("role IN ('reviewer', 'supervisor', 'auditor', 'administrator')", name="role_known"),
        UniqueConstraint("system_user", name="uq_accounts_system_user"),
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        Column("token_hash", Text, nullable=False),
        Column("account", AnyText, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("seen_at", Instant, nullable=False),
        Column("ended_at", Instant),
        PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        ForeignKeyConstraint(["account"], ["accounts.name"], name="fk_sessions_account"),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "login_failures",
        Column("id", Whole, Identity(), nullable=False),
        Column("account", AnyText, nullable=False),
        Column("address", AnyText, nullable=False),
        Column("at", Instant, nullable=False),
        PrimaryKeyConstraint("id", name="pk_login_failures"),
        sqlite_strict=True,
    )
    op.create_index("ix_login_failures_at", "login_failures", ["at"])
    op.create_table(
        "patient_labels",
        Column("mrn", AnyText, nullable=False),
        Column("label", AnyText, nullable=False),
        Column("set_by", AnyText, nullable=False),
        Column("set_at", Instant, nullable=False),
        PrimaryKeyConstraint("mrn", "label", name="pk_patient_labels"),
        sqlite_strict=True,
    )


def _make_second_looks() -> None:
    op.create_table(
        "misfiles",
        Column("document", Whole, nullable=False),
        Column("version", Integer, nullable=False),
        Column("by_program", Flag, nullable=False),
        Column("found_how", Text, nullable=False),
        Column("found_by", AnyText, nullable=False),
        Column("found_at", Instant, nullable=False),
        PrimaryKeyConstraint("document", "version", name="pk_misfiles"),
        CheckConstraint("found_how IN ('refile', 'second_look')", name="found_how_known"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_misfiles_document"),
        sqlite_strict=True,
    )
    op.create_table(
        "second_looks",
        Column("number", Whole, Identity(), nullable=False),
        Column("document", Whole, nullable=False),
        Column("version", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("stratum", AnyText, nullable=False),
        Column("chance", Real),
        Column("expected_mrn", AnyText),
        Column("chosen_at", Instant, nullable=False),
        Column("held_by", AnyText),
        Column("held_until", Instant),
        Column("answer", Text),
        Column("answer_mrn", AnyText),
        Column("answered_by", AnyText),
        Column("answered_at", Instant),
        Column("agrees", Flag),
        Column("settled", Text),
        Column("settled_mrn", AnyText),
        Column("settled_by", AnyText),
        Column("settled_at", Instant),
        PrimaryKeyConstraint("number", name="pk_second_looks"),
        CheckConstraint("answer IN ('patient', 'no_patient', 'unsure')", name="answer_known"),
        CheckConstraint(
            "kind IN ('unattended', 'filed_by_person', 'discarded_by_person', 'known')",
            name="kind_known",
        ),
        CheckConstraint("settled IN ('first_right', 'first_wrong')", name="settled_known"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_second_looks_document"),
        sqlite_strict=True,
    )
    op.create_index("ix_second_looks_document", "second_looks", ["document"])
    op.create_index(
        "ix_second_looks_open",
        "second_looks",
        ["number"],
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    )
    op.create_index(
        "uq_second_looks_document_version",
        "second_looks",
        ["document", "version"],
        unique=True,
        sqlite_where=text("kind <> 'known'"),
        postgresql_where=text("kind <> 'known'"),
    )
    op.create_table(
        "second_look_head",
        Column("id", Integer, autoincrement=False, nullable=False),
        Column("seq", Whole, nullable=False),
        PrimaryKeyConstraint("id", name="pk_second_look_head"),
        CheckConstraint("id = 1", name="one_row"),
        sqlite_strict=True,
    )
    op.create_table(
        "second_look_strata",
        Column("stratum", AnyText, nullable=False),
        Column("block", Whole, nullable=False),
        Column("size", Whole, nullable=False),
        Column("seen", Whole, nullable=False),
        PrimaryKeyConstraint("stratum", name="pk_second_look_strata"),
        sqlite_strict=True,
    )
    op.create_table(
        "second_look_frame",
        Column("kind", Text, nullable=False),
        Column("month", Text, nullable=False),
        Column("type", AnyText, nullable=False),
        Column("origin", AnyText, nullable=False),
        Column("one_in", Whole, nullable=False),
        Column("decisions", Whole, nullable=False),
        PrimaryKeyConstraint("kind", "month", "type", "origin", "one_in", name="pk_second_look_frame"),
        sqlite_strict=True,
    )


def _make_learning_and_rematching() -> None:
    op.create_table(
        "proposals",
        Column("number", Whole, Identity(), nullable=False),
        Column("kind", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("figures", Text, nullable=False),
        Column("made_at", Instant, nullable=False),
        Column("made_by", AnyText, nullable=False),
        Column("state", Text, nullable=False),
        Column("settled_by", AnyText),
        Column("settled_at", Instant),
        Column("note", AnyText),
        PrimaryKeyConstraint("number", name="pk_proposals"),
        CheckConstraint("kind IN ('weights', 'types')", name="kind_known"),
        CheckConstraint("state IN ('open', 'applied', 'refused')", name="state_known"),
        sqlite_strict=True,
    )
    op.create_table(
        "match_keys",
        Column("key", Whole, nullable=False),
        Column("document", Whole, nullable=False),
        PrimaryKeyConstraint("key", "document", name="pk_match_keys"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rematches",
        Column("document", Whole, autoincrement=False, nullable=False),
        Column("seq", Whole, nullable=False),
        Column("queued_at", Instant, nullable=False),
        Column("not_before", Instant, nullable=False),
        Column("attempt", Integer, nullable=False),
        PrimaryKeyConstraint("document", name="pk_rematches"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_rematches_document"),
        sqlite_strict=True,
    )
    op.create_index("ix_rematches_not_before", "rematches", ["not_before"])
    op.create_table(
        "doubts",
        Column("document", Whole, autoincrement=False, nullable=False),
        Column("version", Whole, nullable=False),
        Column("reasons", Text, nullable=False),
        Column("speaks_for", AnyText),
        Column("raised_at", Instant, nullable=False),
        Column("settled_by", AnyText),
        Column("settled_at", Instant),
        PrimaryKeyConstraint("document", name="pk_doubts"),
        ForeignKeyConstraint(["document"], ["documents.number"], name="fk_doubts_document"),
        sqlite_strict=True,
    )


def _queue_what_waits() -> None:
    documents = table("documents", *map(column, ("number", "scan", "version", "state", "retired_at")))
    scans = table("scans", column("number"), column("origin"), column("received_at", Instant))
    decisions = table("decisions", *map(column, ("document", "version", "type")))
    waiting = table(
        "waiting",
        *map(column, ("document", "origin", "type")),
        column("received_at", Instant),
        column("due_at", Instant),
    )
    connection = op.get_bind()
    rows = connection.execute(
        select(documents.c.number, scans.c.origin, scans.c.received_at, decisions.c.type)
        .join(scans, scans.c.number == documents.c.scan)
        .join(decisions, (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version))
        .where(documents.c.state == "review", documents.c.retired_at.is_(None))
    ).all()
    if rows:
        connection.execute(insert(waiting), [_waiting(*row) for row in rows])


def _waiting(number: int, origin: str, received_at: datetime, type_: str | None) -> dict[str, object]:
    due_at = received_at + timedelta(minutes=_DAY_MINUTES)
    return {"document": number, "origin": origin, "type": type_, "received_at": received_at, "due_at": due_at}


def _remember_keys() -> None:
    """Keys of all that waits or is filed; changes since the oldest decision that waits are looked through again."""
    documents = table("documents", *map(column, ("number", "version", "state", "retired_at", "mrn")))
    decisions = table("decisions", *map(column, _DECIDED))
    connection = op.get_bind()
    oldest = connection.execute(
        select(func.min(decisions.c.index_generation))
        .join(documents, (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version))
        .where(documents.c.state == "review", documents.c.retired_at.is_(None))
    ).scalar_one()
    counters = table("counters", column("name"), column("value"))
    newest = connection.execute(select(counters.c.value).where(counters.c.name == "patient_change")).scalar_one()
    connection.execute(insert(counters).values(name="rematched", value=newest if oldest is None else oldest))
    query = (
        select(documents.c.number, decisions)
        .join(decisions, (decisions.c.document == documents.c.number) & (decisions.c.version == documents.c.version))
        .where(documents.c.state.in_(("review", "filed", "working")), documents.c.retired_at.is_(None))
        .order_by(documents.c.number)
        .limit(_BATCH)
    )
    last = 0
    while rows := connection.execute(query.where(documents.c.number > last)).all():
        last = rows[-1].number
        for row in rows:
            findings, candidates = decode_findings(row.findings), decode_candidates(row.candidates)
            remember(connection, row.number, keys_of_document(findings, candidates, (row.mrn, row.would_file_mrn)))
