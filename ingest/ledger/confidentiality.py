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
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import patients
from ingest.ledger.schema_desk import patient_labels
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

    def may_see(self, document: Document, clearance: Clearance) -> bool:
        """Whether somebody may see a document and whose it may be."""
        if clearance.everything:
            return True
        with self._database.read() as connection:
            return not barred(connection, document, clearance)


def barred(connection: Connection, document: Document, clearance: Clearance) -> bool:
    """Whether a document is kept from somebody: by its type, its patient, or anybody whom it may belong to."""
    if clearance.everything:
        return False
    if document.type is not None and document.type in clearance.hidden_types:
        return True
    mrns = {candidate.mrn for candidate in document.candidates}
    mrns |= {mrn for mrn in (document.mrn, document.would_file_mrn) if mrn is not None}
    return any(not labels <= clearance.labels for labels in _labels(connection, mrns).values())


def _labels(connection: Connection, mrns: Iterable[str]) -> dict[str, frozenset[str]]:
    wanted = sorted(set(mrns))
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), _MRNS_MOST):
        some = wanted[start : start + _MRNS_MOST]
        for row in connection.execute(select(patient_labels).where(patient_labels.c.mrn.in_(some))):
            found.setdefault(row.mrn, set()).add(row.label)
    return {mrn: frozenset(labels) for mrn, labels in found.items()}


def _note(connection: Connection, action: str, mrn: str, label: str, by: str, now: datetime) -> None:
    details = {"mrn": mrn, "label": label}
    chain.append(connection, action=action, actor=by, subject="patients", now=now, details=details)
