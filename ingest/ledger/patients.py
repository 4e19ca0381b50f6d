"""The master patient index as the ledger keeps it: loaded, never deleted, read back whole."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select

from ingest.errors import BadFile
from ingest.ledger import chain, patient_merge
from ingest.ledger.counters import Counter, last_number
from ingest.ledger.documents import PIPELINE
from ingest.ledger.part import LedgerPart
from ingest.ledger.patient_load import apply_staged, deactivate_missing
from ingest.ledger.patient_rows import count_of, patients_numbered, patients_where
from ingest.ledger.patient_stage import spare as spare_patients
from ingest.ledger.patient_stage import stage, staged_count
from ingest.ledger.records import LoadCounts
from ingest.ledger.schema import patients
from matchers.patient import Patient


class Patients(LedgerPart):
    """Loading patients and reading them."""

    def load_patients(
        self,
        rows: Iterable[Patient],
        *,
        now: datetime,
        replace: bool = False,
        spare: Collection[str] = (),
    ) -> LoadCounts:
        """Adds and updates patients in one transaction; `replace` marks those that `rows` lacks as inactive.

        A row states a whole registration: what it leaves out holds no longer. Former names, addresses,
        phones and account numbers stay as history. The first row of an MRN counts. Rows are read before
        the transaction begins and never all in memory, so that others wait for the writing alone; when
        `rows` raises, nothing is loaded. `spare` (looked at when `rows` is used up) names MRNs that
        `replace` leaves as they are: those of rows that could not be used. Raises BadFile when `replace`
        is given no row at all.
        """
        with self._database.session() as connection, stage(connection, rows) as total:
            with self._database.writing(connection, alone=False):
                count = staged_count(connection)
                inserted, updated = apply_staged(connection, now=now)
                deactivated = 0
                if replace:
                    if count == 0:
                        msg = "there is no usable row: it would mark every patient as inactive"
                        raise BadFile(msg)
                    spare_patients(connection, spare)
                    deactivated = deactivate_missing(connection, now=now)
                counts = LoadCounts(
                    inserted=inserted,
                    updated=updated,
                    unchanged=count - inserted - updated,
                    deactivated=deactivated,
                    repeated=total - count,
                )
                generation = last_number(connection, Counter.PATIENT_CHANGE)
                chain.append(
                    connection,
                    action="patients.loaded",
                    actor=PIPELINE,
                    subject="patients",
                    now=now,
                    facts={**asdict(counts), "generation": generation},
                )
            return counts

    def merge_patients(self, *, retired: str, survivor: str, by: str, now: datetime) -> int:
        """From now on the MRN `retired` means the patient `survivor`; both registrations keep what they hold.

        How many lines of the worklist of possible duplicates that settles. Raises NotFound, or Conflict when
        one of them is merged already or people called the pair two persons. All or nothing.
        """
        with self._database.write() as connection:
            settled = patient_merge.merge(connection, retired=retired, survivor=survivor, by=by, now=now)
            self._audit_merger(connection, "patients.merged", retired, survivor, by, now)
            return settled

    def unmerge_patient(self, *, retired: str, by: str, now: datetime) -> int:
        """Takes a merger back: the registration stands for itself again.

        How many lines of the worklist are open again. Raises NotFound or Conflict. All or nothing.
        """
        with self._database.write() as connection:
            survivor, opened = patient_merge.take_back(connection, retired=retired, by=by, now=now)
            self._audit_merger(connection, "patients.unmerged", retired, survivor, by, now)
            return opened

    def _audit_merger(
        self, connection: Connection, action: str, retired: str, survivor: str, by: str, now: datetime
    ) -> None:
        chain.append(
            connection,
            action=action,
            actor=by,
            subject="patients",
            now=now,
            facts={"generation": last_number(connection, Counter.PATIENT_CHANGE)},
            details={"retired": retired, "survivor": survivor},
        )

    def patients(self) -> Iterator[Patient]:
        """Every patient, inactive ones too, in the order of their first load; a batch in memory at a time."""
        with self._database.read() as connection:
            yield from patients_where(connection)

    def patients_changed(self, *, since: int) -> tuple[int, tuple[Patient, ...]]:
        """(the present generation, every patient changed after generation `since`), of one moment."""
        with self._database.read() as connection:
            generation = last_number(connection, Counter.PATIENT_CHANGE)
            # By number, lest the database walk through all patients to have them in order.
            changed = select(patients.c.number).where(patients.c.changed_seq > since)
            return generation, tuple(patients_numbered(connection, connection.execute(changed).scalars().all()))

    def patients_changed_count(self, *, since: int) -> int:
        """How many patients changed after generation `since`."""
        with self._database.read() as connection:
            return count_of(connection, patients.c.changed_seq > since)

    def patient(self, mrn: str) -> Patient | None:
        """The patient of exactly this MRN, also an inactive one."""
        with self._database.read() as connection:
            return next(patients_where(connection, patients.c.mrn == mrn), None)

    def patients_of(self, mrns: Collection[str]) -> dict[str, Patient]:
        """The patients of these MRNs, those that there are, by MRN."""
        if not mrns:
            return {}
        with self._database.read() as connection:
            return {one.mrn: one for one in patients_where(connection, patients.c.mrn.in_(sorted(set(mrns))))}

    def mrns_drawn(self, count: int, *, seed: int) -> tuple[str, ...]:
        """The MRNs of `count` registrations drawn at random (of all, when there are no more), in the order of
        their first load: the same for the same seed and number of registrations."""
        with self._database.read() as connection:
            last = last_number(connection, Counter.PATIENT)
            drawn = random.Random(seed).sample(range(1, last + 1), min(count, last))  # noqa: S311 - no secret
            query = select(patients.c.mrn).where(patients.c.number.in_(drawn)).order_by(patients.c.number)
            return tuple(connection.execute(query).scalars())

    def patient_generation(self) -> int:
        """The number of the last change to any patient: grows with every change, in the order of commits."""
        with self._database.read() as connection:
            return last_number(connection, Counter.PATIENT_CHANGE)

    def patient_count(self) -> int:
        """How many patients there are, inactive ones too."""
        with self._database.read() as connection:
            return count_of(connection)
