"""The system's failures. A document's failure is data in the ledger, never one of these.

PaperchartError               code             exit  retry
├── WrongUse                  wrong_use           2  never
│   ├── NoSuchSite            no_such_site        2  never
│   ├── BadSettings           bad_settings        2  human
│   ├── BadFile               bad_file            2  human
│   ├── NotFound              not_found           2  never
│   ├── NotAllowed            not_allowed         2  human   (the account's role does not give the right)
│   ├── Conflict              conflict            2  human   (somebody else acted first)
│   └── NothingToLearn        nothing_to_learn    2  later   (people have decided too little)
├── CannotRunNow              cannot_run_now      3  later
│   ├── IntakeBusy            intake_busy         3  later
│   ├── OtherVersion          other_version       3  human   (the ledger is of another version)
│   ├── LedgerUnreachable     ledger_unreachable  3  later
│   │   └── LedgerRefused     ledger_refused      3  human   (its server lets us not in)
│   ├── StorageTrouble        storage_trouble     3  later   (disk full, read-only)
│   │   └── LedgerDamaged     ledger_damaged      3  human
│   ├── ScannerTrouble        scanner_trouble     3  later   (the malware scanner does not answer)
│   └── LostLease             lost_lease          3  never   (result is thrown away)
├── MissingPart               missing_part        3  human   (no engine, no data)
└── Damaged                   damaged             1  human   (kept bytes are gone or changed)

Every message names the remedy and holds no patient data: ids, keys and counts only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Retry(StrEnum):
    """When trying again can help."""

    NEVER = "never"
    LATER = "later"
    HUMAN = "human"


class PaperchartError(Exception):
    """The root: everything this program raises on purpose."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2
    retry: ClassVar[Retry] = Retry.NEVER


class WrongUse(PaperchartError):
    """The call cannot be carried out as it was given."""

    code = "wrong_use"


class NoSuchSite(WrongUse):
    """The folder named is no site."""

    code = "no_such_site"


class BadSettings(WrongUse):
    """The settings are wrong; the message lists every error, one a line."""

    code = "bad_settings"
    retry = Retry.HUMAN


class BadFile(WrongUse):
    """A file given on the command line cannot be used."""

    code = "bad_file"
    retry = Retry.HUMAN


class NotFound(WrongUse):
    """No document, scan or patient of that name."""

    code = "not_found"


class NotAllowed(WrongUse):
    """The account may not do this; an administrator gives rights with `ingest users`."""

    code = "not_allowed"
    retry = Retry.HUMAN


class Conflict(WrongUse):
    """The document has moved on since it was shown; look again."""

    code = "conflict"
    retry = Retry.HUMAN


class NothingToLearn(WrongUse):
    """What people have decided so far is too little to learn from; the message says how much is needed."""

    code = "nothing_to_learn"
    retry = Retry.LATER


class CannotRunNow(PaperchartError):
    """Nothing was lost; run it again later."""

    code = "cannot_run_now"
    exit_code = 3
    retry = Retry.LATER


class IntakeBusy(CannotRunNow):
    """Another process takes in this drop folder."""

    code = "intake_busy"


class OtherVersion(CannotRunNow):
    """The ledger was made by another version of the program."""

    code = "other_version"
    retry = Retry.HUMAN


class LedgerUnreachable(CannotRunNow):
    """The database does not answer."""

    code = "ledger_unreachable"


class LedgerRefused(LedgerUnreachable):
    """The database's server answers, and refuses whom the settings name."""

    code = "ledger_refused"
    retry = Retry.HUMAN


class StorageTrouble(CannotRunNow):
    """The disk is full, read-only or gone."""

    code = "storage_trouble"


class LedgerDamaged(StorageTrouble):
    """The ledger's file is damaged, or is none."""

    code = "ledger_damaged"
    retry = Retry.HUMAN


class ScannerTrouble(CannotRunNow):
    """The site's malware scanner does not work: nothing is parsed until it does."""

    code = "scanner_trouble"


class LostLease(CannotRunNow):
    """This worker's lease went to another; its result must not be written."""

    code = "lost_lease"
    retry = Retry.NEVER


class MissingPart(CannotRunNow):
    """A part of the installation is missing; `ingest doctor` says how to get it."""

    code = "missing_part"
    retry = Retry.HUMAN


class Damaged(PaperchartError):
    """What the site kept is gone or has changed: `ingest verify` says what, and `--repair` mends what it can."""

    code = "damaged"
    exit_code = 1
    retry = Retry.HUMAN
