"""Labels that keep patients and documents from those who need not see them: VIP, psychotherapy, substance use.

Promise: who lacks a label that a patient carries, or sees no document of a type, is shown neither: not in the queue,
not in a search, not by id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from ingest.errors import NotFound
from ingest.ledger import chain
from ingest.ledger.counters import document_number
from ingest.ledger.doubts import spoken_for
from ingest.ledger.part import LedgerPart
from ingest.ledger.patient_merge import survivor_of
from ingest.ledger.schema import decisions, patients
from ingest.ledger.schema_desk import patient_labels, second_looks
from ingest.model import Document

_MRNS_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What somebody may see: patients with these labels beside all without any, and no document of these types.

    `everything` is for what the site itself does, where nobody looks.
    """

    labels: frozenset[str] = frozenset()
    hidden_types: frozenset[str] = frozenset()
    everything: bool = False


SITE_ITSELF = Clearance(everything=True)


class Confidentiality(LedgerPart):
    """Patients' labels, and who may see what."""

    def label_patient(self, mrn: str, label: str, *, by: str, now: datetime) -> None:
        """Gives a patient a label; idempotent. Raises NotFound for an unknown patient."""
        with self._database.write() as connection:
            if connection.execute(select(patients.c.number).where(patients.c.mrn == mrn)).first() is None:
                msg = "no patient has this MRN: search for the patient, or load the patients again"
                raise NotFound(msg)
            row = {"mrn": mrn, "label": label}
            if connection.execute(select(patient_labels).filter_by(**row)).first() is None:
                connection.execute(insert(patient_labels).values(set_by=by, set_at=now, **row))
                _note(connection, "patient.labelled", mrn, label, by, now)

    def unlabel_patient(self, mrn: str, label: str, *, by: str, now: datetime) -> None:
        """Takes a label off a patient; idempotent."""
        with self._database.write() as connection:
            gone = delete(patient_labels).where(patient_labels.c.mrn == mrn, patient_labels.c.label == label)
            if connection.execute(gone).rowcount:
                _note(connection, "patient.unlabelled", mrn, label, by, now)

    def labels_of(self, mrns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The labels of those of the patients who have any."""
        with self._database.read() as connection:
            return _labels(connection, mrns)

    def labels_hidden(self, clearance: Clearance) -> tuple[str, ...]:
        """The labels that patients carry and that are not among these, by name."""
        with self._database.read() as connection:
            known = connection.execute(select(patient_labels.c.label).distinct()).scalars().all()
        return () if clearance.everything else tuple(sorted(set(known) - clearance.labels))

    def may_see(self, document: Document, clearance: Clearance) -> bool:
        """Whether somebody may see a document and whose it may be."""
        if clearance.everything:
            return True
        with self._database.read() as connection:
            return not barred(connection, document, clearance)


def barred(connection: Connection, document: Document, clearance: Clearance) -> bool:
    """Whether a document is kept from somebody: by its type, or by anybody whose it is, was, or may be.

    Its history names everybody to whom it was ever given, of whom a second look spoke, and for whom it spoke when what
    people decided fell into doubt; its reasons the patient of its cover sheet.
    """
    if clearance.everything:
        return False
    if document.type is not None and document.type in clearance.hidden_types:
        return True
    if all_shown(connection, clearance):
        return False
    number = document_number(document.id)
    past = select(decisions.c.mrn, decisions.c.would_file_mrn).where(decisions.c.document == number)
    looks = select(second_looks.c.answer_mrn, second_looks.c.settled_mrn).where(second_looks.c.document == number)
    mrns = {mrn for query in (past, looks) for row in connection.execute(query) for mrn in row}
    mrns |= spoken_for(connection, document.id)
    mrns |= {candidate.mrn for candidate in document.candidates}
    mrns |= {document.mrn, document.would_file_mrn, document.traits.cover_mrn}
    return any(not labels <= clearance.labels for labels in _labels(connection, mrns - {None}).values())


def all_shown(connection: Connection, clearance: Clearance) -> bool:
    """Whether no patient carries a label that is not among these."""
    hidden = select(patient_labels.c.label).where(patient_labels.c.label.not_in(sorted(clearance.labels))).limit(1)
    return connection.execute(hidden).first() is None


def _labels(connection: Connection, mrns: Iterable[str]) -> dict[str, frozenset[str]]:
    """By MRN; a label of one registration holds for all that were merged with it."""
    if connection.execute(select(patient_labels.c.label).limit(1)).first() is None:
        return {}
    wanted = sorted(set(mrns))
    found: dict[str, set[str]] = {}
    for mrn, family in _families(connection, wanted).items():
        for start in range(0, len(family), _MRNS_MOST):
            some = family[start : start + _MRNS_MOST]
            labels = connection.execute(select(patient_labels.c.label).where(patient_labels.c.mrn.in_(some))).scalars()
            found.setdefault(mrn, set()).update(labels)
    return {mrn: frozenset(labels) for mrn, labels in found.items() if labels}


def _families(connection: Connection, mrns: Collection[str]) -> dict[str, list[str]]:
    """Each MRN with those of all registrations that are merged with its own, in either direction."""
    whole: dict[str, list[str]] = {}
    for mrn in mrns:
        if connection.execute(select(patients.c.number).where(patients.c.mrn == mrn)).first() is None:
            whole[mrn] = [mrn]
            continue
        root = survivor_of(connection, mrn)
        numbers = set(connection.execute(select(patients.c.number).where(patients.c.mrn == root)).scalars())
        fresh = numbers
        while fresh:
            merged = select(patients.c.number).where(patients.c.merged_into.in_(sorted(fresh)))
            fresh = set(connection.execute(merged).scalars()) - numbers
            numbers |= fresh
        known = select(patients.c.mrn).where(patients.c.number.in_(sorted(numbers)))
        whole[mrn] = list(connection.execute(known).scalars())
    return whole


def _note(connection: Connection, action: str, mrn: str, label: str, by: str, now: datetime) -> None:
    details = {"mrn": mrn, "label": label}
    chain.append(connection, action=action, actor=by, subject="patients", now=now, details=details)
