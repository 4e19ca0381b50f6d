"""A drop folder with its spool and ledger, and a clock that the test turns: real files, without a process beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.intake.drop_folder import DropFolder, Sweep
from ingest.intake.rescan import see
from ingest.intake.settle import SettleWatch
from ingest.intake.spool import Spool
from ingest.intake.take import intake_key
from ingest.ledger import Ledger

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

NAMES = {
    "spaces": b"  two  words .pdf",
    "a newline": b"first\nsecond.pdf",
    "quotes": b'O\'Neil "Bob" `x` $(y).pdf',
    "bytes that are no UTF-8": b"caf\xe9 \xff\xfe.pdf",
    "half a surrogate": b"\xed\xa0\x80.pdf",
    "a dash before": b"-rf --home .pdf",
    "control signs": b"\x01\x1b[31m\x7f.pdf",
    "backslashes": b"a\\xe9\\..\\b.pdf",
    "255 bytes": b"n" * 251 + b".pdf",
    "255 bytes that are no UTF-8": b"\xe9" * 251 + b".pdf",
    "no suffix": b"scan",
    "only a dash": b"-",
}


@dataclass
class Yard:
    """One drop folder with its spool and ledger, and a clock that the test turns."""

    home: Path
    ledger: Ledger
    folder: DropFolder
    clock_s: float = 0.0
    sweeps: list[Sweep] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def sweep(self, *, after_s: float = 1.0) -> Sweep:
        """A look, and all that it found ready: as many sweeps as that takes. The last one."""
        self.clock_s += after_s
        now = NOW + timedelta(seconds=self.clock_s)
        sweep = self.folder.sweep(now_s=self.clock_s, now=now)
        self.sweeps.append(sweep)
        while sweep.ready:
            sweep = self.folder.sweep(now_s=self.clock_s, now=now, look=False)
            self.sweeps.append(sweep)
        return sweep

    def settle(self) -> None:
        """Two looks: the first sees, the second takes what has been still between them."""
        self.sweep()
        self.sweep()

    def commit(self, path: Path) -> str:
        """The file's row in the ledger, the original still in its place: as a crash between the two leaves them."""
        seen = see(path, self.inbox)
        with path.open("rb") as original:
            kept = self.folder.spool.keep(original.fileno())
        key = intake_key(seen, kept.sha256)
        return self.ledger.take_in(key=key, source=seen.source, origin=seen.origin, now=NOW, drop=True).id

    def restart(self) -> None:
        """What a new process knows: nothing but the ledger and the disk."""
        self.folder = _folder(self.home, self.ledger)

    def sources(self) -> list[str]:
        return sorted(row.scan.source for row in self.ledger.scans())

    def contents(self) -> list[bytes]:
        spool = self.folder.spool
        return sorted(spool.path(row.scan.sha256).read_bytes() for row in self.ledger.scans() if row.spooled)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.inbox.rglob("*") if not path.is_dir())


def _folder(home: Path, ledger: Ledger) -> DropFolder:
    spool = Spool(home / "spool", home / "tmp")
    # the settle time is half of a turn of the clock
    return DropFolder(root=home / "inbox", spool=spool, ledger=ledger, watch=SettleWatch(0.5))


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    for name in ("inbox", "spool", "tmp"):
        (tmp_path / name).mkdir()
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", create=True) as ledger:
        yield Yard(tmp_path, ledger, _folder(tmp_path, ledger))
