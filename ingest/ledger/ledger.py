"""The ledger: the durable truth about scans, documents, people's decisions and patients.

Promises: every public method that changes anything is one transaction, all of it on disk or nothing, with
the audit event of what it changed; the same on SQLite and on PostgreSQL (one contract test for both). Times
are aware and passed in; methods refuse naive ones. A failing database raises `LedgerUnreachable` or
`StorageTrouble` with a remedy. Threads may share a ledger; processes open their own.
"""

from __future__ import annotations

from types import TracebackType

from ingest.errors import LedgerRefused, LedgerUnreachable
from ingest.ledger.accounts import Accounts
from ingest.ledger.auditing import Auditing
from ingest.ledger.audits import Audits
from ingest.ledger.batches import Batches
from ingest.ledger.changes import Changing
from ingest.ledger.checking import Checking
from ingest.ledger.confidentiality import Confidentiality
from ingest.ledger.copying import Copying
from ingest.ledger.database import BUSY_S, Database
from ingest.ledger.document_copies import DocumentCopies
from ingest.ledger.doubts import Doubts
from ingest.ledger.duplicates import Duplicates
from ingest.ledger.figures import Figures
from ingest.ledger.filing import Filing
from ingest.ledger.inquiries import Inquiries
from ingest.ledger.intake import Intake
from ingest.ledger.jobs import Jobs
from ingest.ledger.lessons import Lessons
from ingest.ledger.listings import Listings
from ingest.ledger.looks import Looking
from ingest.ledger.migrate import prepare
from ingest.ledger.misfiles import Misfiles
from ingest.ledger.patients import Patients
from ingest.ledger.people import People
from ingest.ledger.proposals import Proposals
from ingest.ledger.queue import Queue
from ingest.ledger.reading import Reading
from ingest.ledger.recalling import Recalling
from ingest.ledger.recutting import Recutting
from ingest.ledger.rematching import Rematching
from ingest.ledger.retrying import Retrying
from ingest.ledger.second_look_counts import SecondLookCounts
from ingest.ledger.second_look_drawing import SecondLookDrawing
from ingest.ledger.second_looks import SecondLooks
from ingest.ledger.texts import Texts

_REFUSED = "the ledger's database lets nobody in as `ledger` in ingest.toml says; correct user, password or name there"


class Ledger(
    Intake,
    Batches,
    Jobs,
    Reading,
    Texts,
    Filing,
    People,
    DocumentCopies,
    Misfiles,
    Doubts,
    Looking,
    Recutting,
    Recalling,
    Rematching,
    Retrying,
    Listings,
    Auditing,
    Checking,
    Copying,
    Changing,
    Patients,
    Duplicates,
    Audits,
    Queue,
    Inquiries,
    Confidentiality,
    Accounts,
    Figures,
    Lessons,
    Proposals,
    SecondLookDrawing,
    SecondLooks,
    SecondLookCounts,
):
    """One site's ledger, each of its subjects a class of its own."""

    @classmethod
    def open(cls, url: str, *, create: bool = False, begin: bool = True, busy_s: float = BUSY_S) -> Ledger:
        """Opens the ledger at `sqlite:///FILE` or `postgresql+psycopg://…`.

        `create` makes the tables, or brings older ones up to date, first; without it a missing or older ledger is
        refused. A newer one always is. Where none may `begin`, because scans are kept that one knew, a ledger that is
        gone is LedgerDamaged: an empty one would forget what was filed. `busy_s` is how long to wait for another's
        transaction.
        Raises LedgerUnreachable (of it LedgerRefused), StorageTrouble (of it LedgerDamaged), OtherVersion, BadSettings
        (the URL).
        """
        database = Database.open(url, create=create, begin=begin, busy_s=busy_s)
        try:
            prepare(database, create=create, begin=begin)
        except LedgerUnreachable as error:
            refused = database.is_refused()
            database.close()
            raise (LedgerRefused(_REFUSED) if refused else error) from None
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Lets go of the database; idempotent."""
        self._database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
