"""The ledger held against its own audit: rows that are missing, were added or were edited past the program.

Promises: read only, one snapshot. What the chain tells of scans, pages, decisions and filings must stand in their
tables, and what stands there must have been told, as must misfiles and what accounts may do; numbers have no gaps. A
decision is sealed as a whole: its event carries the hash of its row (events of older versions carry none). So is each
patient, beside its row (`patient_seals`). Problems name ids, never values.

Residual risk: who writes rows *and* a whole new chain is found only by an `audit_head` that was kept elsewhere; who
edits a patient *and* its seal, by the feed alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, func, select, update

from ingest.ledger.codec import decode_mapping, decode_texts
from ingest.ledger.counters import Counter, document_id, document_number, last_number, scan_id, scan_number
from ingest.ledger.documents import seal
from ingest.ledger.part import LedgerPart
from ingest.ledger.patient_seals import check_patients, edited_patients
from ingest.ledger.records import Problem
from ingest.ledger.schema import (
    audit,
    audit_details,
    decisions,
    documents,
    jobs,
    pages,
    patient_changes,
    patients,
    renditions,
    scans,
)
from ingest.ledger.schema_desk import accounts, misfiles
from ingest.model import DocumentState

_BATCH = 1000
_COUNTED: tuple[tuple[Counter, Column[int], str], ...] = (
    (Counter.SCAN, scans.c.number, "scan"),
    (Counter.DOCUMENT, documents.c.number, "document"),
    (Counter.JOB, jobs.c.number, "job"),
    (Counter.RENDITION, renditions.c.number, "rendition"),
    (Counter.PATIENT, patients.c.number, "patient row"),
    (Counter.PATIENT_CHANGE, patient_changes.c.seq, "patient change"),
)


@dataclass(slots=True)
class _Told:
    """What the audit tells, by what it tells of; None where the details were disposed of."""

    scans: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    pages: dict[tuple[int, int], tuple[str, str] | None] = field(default_factory=dict)
    decisions: dict[tuple[int, int], tuple[Any, ...]] = field(default_factory=dict)
    filings: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    removals: set[int] = field(default_factory=set)
    misfiles: set[tuple[int, int]] = field(default_factory=set)
    accounts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


class Checking(LedgerPart):
    """The second half of `ingest verify`."""

    def check_rows(self) -> tuple[Problem, ...]:
        """Everything found wrong; () when rows and audit agree."""
        with self._database.read() as connection:
            told = _what_was_told(connection)
            return (
                *_gaps(connection),
                *_check_scans(connection, told),
                *_check_pages(connection, told),
                *_check_decisions(connection, told),
                *_check_documents(connection, told),
                *_check_renditions(connection, told),
                *_check_misfiles(connection, told),
                *_check_accounts(connection, told),
                *check_patients(connection),
            )

    def distrust_edited_patients(self) -> tuple[int, ...]:
        """Has the next load of their feed write every edited patient anew; the numbers of these rows."""
        with self._database.write() as connection:
            numbers = edited_patients(connection)
            for number in numbers:
                connection.execute(update(patients).where(patients.c.number == number).values(stated=""))
        return numbers


def _what_was_told(connection: Connection) -> _Told:
    told = _Told()
    for subject, action, facts, details in _events(connection):
        match action:
            case "scan.taken_in" | "scan.refused":
                names = None if details is None else (details.get("source"), details.get("origin"))
                told.scans[scan_number(subject)] = (facts["sha256"], facts["size"], names)
            case "page.read" | "page.text_read":
                told.pages[scan_number(subject), facts["page"]] = ("read", facts["artefact_sha256"])
            case "page.failed":
                told.pages[scan_number(subject), facts["page"]] = ("failed", facts["trouble"])
            case "scan.retried":
                for page in facts["pages"]:
                    if (told.pages.get((scan_number(subject), page)) or ("",))[0] == "failed":
                        told.pages[scan_number(subject), page] = None
            case "document.decided":
                sealed = None if details is None else details.get("row")
                mrn = None if details is None else (details.get("mrn"),)
                which = (document_number(subject), facts["version"])
                told.decisions[which] = (facts["act"], facts["state"], mrn, sealed)
            case "document.filed":
                mrn_path = None if details is None else (details.get("mrn"), details.get("path"))
                which_document = document_number(subject)
                told.filings[facts["rendition"]] = (which_document, facts["version"], facts["sha256"], mrn_path)
            case "rendition.removed":
                told.removals.add(facts["rendition"])
            case "document.misfiled":
                told.misfiles.add((document_number(subject), facts["version"]))
            case "document.misfile_taken_back":
                told.misfiles.discard((document_number(subject), facts["version"]))
            case "account.added" | "account.changed":
                role, clearances = told.accounts.get(subject, ("", ()))
                clearances = tuple(facts.get("clearances", clearances))
                told.accounts[subject] = (facts.get("role", role), clearances)
            case _:
                pass
    return told


def _events(connection: Connection) -> Iterator[tuple[str, str, dict[str, Any], Mapping[str, str] | None]]:
    """Subject, action, facts and details of every event; details {} where it has none, None where they are gone."""
    query = (
        select(audit.c.seq, audit.c.subject, audit.c.action, audit.c.facts, audit.c.details_hash, audit_details.c.body)
        .outerjoin(audit_details, audit_details.c.seq == audit.c.seq)
        .order_by(audit.c.seq)
        .limit(_BATCH)
    )
    last = -1
    while rows := connection.execute(query.where(audit.c.seq > last)).all():
        for row in rows:
            details: Mapping[str, str] | None = {}
            if row.details_hash is not None:
                details = None if row.body is None else decode_mapping(row.body)
            yield row.subject, row.action, json.loads(row.facts), details
        last = rows[-1].seq


def _gaps(connection: Connection) -> Iterator[Problem]:
    for counter, column, what in _COUNTED:
        given = last_number(connection, counter)
        count, highest = connection.execute(select(func.count(column), func.coalesce(func.max(column), 0))).one()
        if highest > given:
            reason = f"{what} {highest} stands there, and {given} numbers were given"
            yield Problem(kind="foreign", subject=f"{what}s", reason=reason)
        elif count < given:
            reason = f"{given} numbers were given, {count} rows stand there"
            yield Problem(kind="missing", subject=f"{what}s", reason=reason)


def _check_scans(connection: Connection, told: _Told) -> Iterator[Problem]:
    query = select(scans.c.number, scans.c.sha256, scans.c.size, scans.c.source, scans.c.origin)
    rows = {row.number: row for row in connection.execute(query)}
    for number, (sha256, size, names) in told.scans.items():
        row = rows.get(number)
        if row is None:
            yield _missing(scan_id(number), "it was taken in, and its row is gone")
        elif (row.sha256, row.size) != (sha256, size) or names not in (None, (row.source, row.origin)):
            yield _edited(scan_id(number), "its row is not as it was taken in")
    yield from (_foreign(scan_id(number), "no event tells of it") for number in rows.keys() - told.scans.keys())


def _check_pages(connection: Connection, told: _Told) -> Iterator[Problem]:
    there: dict[tuple[int, int], tuple[str, str] | None] = {}
    for row in connection.execute(select(pages.c.scan, pages.c.page, pages.c.artefact_sha256, pages.c.trouble)):
        read = row.artefact_sha256 is not None
        outcome = ("read", row.artefact_sha256) if read else ("failed", row.trouble) if row.trouble else None
        there[row.scan, row.page] = outcome
    for (scan, page), outcome in told.pages.items():
        if (scan, page) not in there:
            yield _missing(scan_id(scan), f"page {page} was read, and its row is gone")
        elif there[scan, page] != outcome:
            yield _edited(scan_id(scan), f"the row of page {page} is not as reading left it")
    for scan, page in there.keys() - told.pages.keys():
        yield _foreign(scan_id(scan), f"no event tells of page {page}")


def _check_decisions(connection: Connection, told: _Told) -> Iterator[Problem]:
    there = set()
    for row in connection.execute(select(decisions)).mappings():
        which = (row["document"], row["version"])
        there.add(which)
        if which not in told.decisions:
            yield _foreign(document_id(which[0]), f"no event tells of its decision {which[1]}")
            continue
        act, state, mrn, sealed = told.decisions[which]
        same = (row["act"], row["state"]) == (act, state) and mrn in (None, (row["mrn"],))
        if not same or sealed not in (None, seal(dict(row))):
            yield _edited(document_id(which[0]), f"its decision {which[1]} is not as it was taken")
    for document, version in told.decisions.keys() - there:
        yield _missing(document_id(document), f"its decision {version} is gone")


def _check_documents(connection: Connection, told: _Told) -> Iterator[Problem]:
    """A document's row shows its newest decision, and FILED with the patient once that was carried out."""
    carried_out = {(document, version) for document, version, _, _ in told.filings.values()}
    query = select(documents.c.number, documents.c.state, documents.c.version, documents.c.mrn)
    newest: dict[int, int] = {}
    for document, version in told.decisions:
        newest[document] = max(version, newest.get(document, 0))
    mrns = {
        (row.document, row.version): row.mrn
        for row in connection.execute(select(decisions.c.document, decisions.c.version, decisions.c.mrn))
    }
    for row in connection.execute(query):
        version = newest.get(row.number, 0)
        if version == 0:
            expected: tuple[str, str | None] = (DocumentState.WORKING, None)
        else:
            state = told.decisions[row.number, version][1]
            filed = state == DocumentState.FILED and (row.number, version) in carried_out
            shown = DocumentState.WORKING if state == DocumentState.FILED and not filed else DocumentState(state)
            expected = (shown, mrns.get((row.number, version)) if filed else None)
        if (row.version, row.state, row.mrn) != (version, *expected):
            yield _edited(document_id(row.number), "its row does not show its newest decision")


def _check_renditions(connection: Connection, told: _Told) -> Iterator[Problem]:
    query = select(renditions).where(renditions.c.filed_at.is_not(None))
    filed = {row.number: row for row in connection.execute(query)}
    for number, (document, version, sha256, mrn_path) in told.filings.items():
        row = filed.get(number)
        if row is None:
            yield _missing(document_id(document), f"its filing (rendition {number}) is gone")
        elif (row.document, row.version, row.sha256) != (document, version, sha256) or mrn_path not in (
            None,
            (row.mrn, row.path),
        ):
            yield _edited(document_id(document), f"rendition {number} is not as it was filed")
        elif (row.removed_at is not None) != (number in told.removals):
            yield _edited(document_id(document), f"rendition {number} is not where the audit tells")
    for number in filed.keys() - told.filings.keys():
        yield _foreign(document_id(filed[number].document), f"no event tells of rendition {number}")


def _check_misfiles(connection: Connection, told: _Told) -> Iterator[Problem]:
    there = {(row.document, row.version) for row in connection.execute(select(misfiles.c.document, misfiles.c.version))}
    for document, version in told.misfiles - there:
        yield _missing(document_id(document), f"that its decision {version} was a misfile is gone")
    for document, version in there - told.misfiles:
        yield _foreign(document_id(document), f"no event tells that its decision {version} was a misfile")


def _check_accounts(connection: Connection, told: _Told) -> Iterator[Problem]:
    query = select(accounts.c.name, accounts.c.role, accounts.c.clearances)
    there = {row.name: (row.role, decode_texts(row.clearances)) for row in connection.execute(query)}
    for name, rights in told.accounts.items():
        if name not in there:
            yield _missing(f"account {name}", "it was made, and its row is gone")
        elif there[name] != rights:
            yield _edited(f"account {name}", "its role or clearances are not as they were given")
    yield from (_foreign(f"account {name}", "no event tells of it") for name in there.keys() - told.accounts.keys())


def _missing(subject: str, reason: str) -> Problem:
    return Problem(kind="missing", subject=subject, reason=reason)


def _foreign(subject: str, reason: str) -> Problem:
    return Problem(kind="foreign", subject=subject, reason=reason)


def _edited(subject: str, reason: str) -> Problem:
    return Problem(kind="edited", subject=subject, reason=reason)
