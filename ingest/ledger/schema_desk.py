"""The tables of the review desk: who waits for whom, who may what, what was asked, copied, misfiled and learned."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, Integer, PrimaryKeyConstraint, Text

from ingest.ledger.columns import AnyText, Day, Flag, Instant, Real, Whole
from ingest.ledger.schema import table, where

# One row for each living document in review, kept by `decide` and `retire`: the queue is asked for without the rest.
waiting = table(
    "waiting",
    Column("document", Whole, ForeignKey("documents.number"), primary_key=True, autoincrement=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # the first due is the first shown
    Column("origin", AnyText, nullable=False),
    Column("type", AnyText),
    Column("held_by", AnyText),
    Column("held_until", Instant),
    Column("deferred_until", Instant),
    Column("touched_at", Instant),  # when a person last did something about it, short of deciding
)
Index("ix_waiting_due_at_document", waiting.c.due_at, waiting.c.document)
Index("ix_waiting_held_by", waiting.c.held_by, **where("held_by IS NOT NULL"))

# Within how many minutes a document wants a person; '' stands for any origin, any type.
review_limits = table(
    "review_limits",
    Column("origin", AnyText, nullable=False),
    Column("type", AnyText, nullable=False),
    Column("minutes", Whole, nullable=False),
    PrimaryKeyConstraint("origin", "type"),
)

inquiries = table(
    "inquiries",
    Column("number", Whole, Identity(), primary_key=True),
    Column("document", Whole, ForeignKey("documents.number"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("owner", AnyText, nullable=False),
    Column("question", AnyText, nullable=False),
    Column("due", Day),
    Column("asked_by", AnyText, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answer", AnyText),
    Column("closed_by", AnyText),
    Column("closed_at", Instant),
    CheckConstraint("kind IN ('rescan', 'query')", name="kind_known"),
)

accounts = table(
    "accounts",
    Column("name", AnyText, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),
    Column("system_user", AnyText, unique=True),
    Column("clearances", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    CheckConstraint("role IN ('reviewer', 'supervisor', 'auditor', 'administrator')", name="role_known"),
)

sessions = table(
    "sessions",
    Column("token_hash", Text, primary_key=True),
    Column("account", AnyText, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

login_failures = table(
    "login_failures",
    Column("id", Whole, Identity(), primary_key=True),
    Column("account", AnyText, nullable=False),
    Column("address", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_login_failures_at", login_failures.c.at)

patient_labels = table(
    "patient_labels",
    Column("mrn", AnyText, nullable=False),
    Column("label", AnyText, nullable=False),
    Column("set_by", AnyText, nullable=False),
    Column("set_at", Instant, nullable=False),
    PrimaryKeyConstraint("mrn", "label"),
)

# A filing that turned out to be to the wrong patient: `version` is that of its decision.
misfiles = table(
    "misfiles",
    Column("document", Whole, ForeignKey("documents.number"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("by_program", Flag, nullable=False),
    Column("found_how", Text, nullable=False),
    Column("found_by", AnyText, nullable=False),
    Column("found_at", Instant, nullable=False),
    PrimaryKeyConstraint("document", "version"),
    CheckConstraint("found_how IN ('refile', 'second_look')", name="found_how_known"),
)

second_looks = table(
    "second_looks",
    Column("number", Whole, Identity(), primary_key=True),
    Column("document", Whole, ForeignKey("documents.number"), nullable=False, index=True),
    Column("version", Integer, nullable=False),  # of the decision that is looked at again
    Column("kind", Text, nullable=False),
    Column("stratum", AnyText, nullable=False),
    Column("chance", Real),  # of being chosen; null for known cases, which stand for nothing
    Column("expected_mrn", AnyText),  # of known cases
    Column("chosen_at", Instant, nullable=False),
    Column("held_by", AnyText),
    Column("held_until", Instant),
    Column("answer", Text),
    Column("answer_mrn", AnyText),
    Column("answered_by", AnyText),
    Column("answered_at", Instant),
    Column("agrees", Flag),
    Column("settled", Text),  # what a supervisor found where the answers differ
    Column("settled_mrn", AnyText),
    Column("settled_by", AnyText),
    Column("settled_at", Instant),
    CheckConstraint("kind IN ('unattended', 'filed_by_person', 'discarded_by_person', 'known')", name="kind_known"),
    CheckConstraint("answer IN ('patient', 'no_patient', 'unsure')", name="answer_known"),
    CheckConstraint("settled IN ('first_right', 'first_wrong')", name="settled_known"),
)
# A decision is drawn once; a document that proved known may be shown to many.
Index(
    "uq_second_looks_document_version",
    second_looks.c.document,
    second_looks.c.version,
    unique=True,
    **where("kind <> 'known'"),
)
Index(
    "ix_second_looks_open",
    second_looks.c.number,
    **where("answered_at IS NULL"),
)

# How far the drawing of second looks has come: an event of the audit. Without a row: nothing was drawn yet.
second_look_head = table(
    "second_look_head",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Whole, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# Of each stratum the block under way, one of whose decisions is looked at.
second_look_strata = table(
    "second_look_strata",
    Column("stratum", AnyText, primary_key=True),
    Column("block", Whole, nullable=False),
    Column("size", Whole, nullable=False),
    Column("seen", Whole, nullable=False),
)

# What second looks stand for: how many decisions had the chance of one in so many. No type is ''.
second_look_frame = table(
    "second_look_frame",
    Column("kind", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("type", AnyText, nullable=False),
    Column("origin", AnyText, nullable=False),
    Column("one_in", Whole, nullable=False),
    Column("decisions", Whole, nullable=False),
    PrimaryKeyConstraint("kind", "month", "type", "origin", "one_in"),
)

# What the desk's decisions would teach: weights or a type classifier, applied by a supervisor or refused.
proposals = table(
    "proposals",
    Column("number", Whole, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("figures", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", AnyText, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_by", AnyText),
    Column("settled_at", Instant),
    Column("note", AnyText),
    CheckConstraint("kind IN ('weights', 'types')", name="kind_known"),
    CheckConstraint("state IN ('open', 'applied', 'refused')", name="state_known"),
)
