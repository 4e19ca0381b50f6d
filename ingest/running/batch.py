"""One scheduled run: take in everything, work until all of it has reached an end, stop.

Promises: it ends when nothing is left, waiting for files that are still being written (up to the site's
limit) and for jobs that another process holds; run again after any interruption, it ends the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import BadFile, StorageTrouble
from ingest.intake.lock import only_taker
from ingest.intake.rescan import Leftover, Oddity, Unseen, rescan, see
from ingest.intake.take import Announced, NotSettled, Overtaken, Stays, Unreadable, Vanished, refuse, take
from ingest.ledger import JobKind
from ingest.model import FileTrouble, Scan
from ingest.running.failure_folder import FailureFolder
from ingest.running.runner import Runner, utc_now
from ingest.running.site import Site, sweep_temporary
from ingest.running.taking import Taking


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands, for whoever shows it."""

    taken: int
    open_jobs: int
    waiting: int
    pages_read: int  # of the scans that are being read
    pages_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a run did: scans taken, paths skipped as known, files left because their writer went on."""

    scans: tuple[str, ...]
    skipped: int
    left: int


def run_drop_folder(site: Site, runner: Runner, show: Callable[[Progress], None]) -> BatchResult:
    """Empties the drop folder. Raises `IntakeBusy` when another process takes it in."""
    with only_taker(site.paths.inbox, site.home / "intake.lock") as held:
        sweep_temporary(site.paths)
        taking = Taking(site, held)
        scans: list[str] = []
        deadline = time.monotonic() + site.settings.intake.give_up_s
        while True:
            taken = taking.turn(woken=True)
            scans += [scan.id for scan in taken]
            if taken:
                deadline = time.monotonic() + site.settings.intake.give_up_s
            runner.step()
            open_jobs = site.ledger.open_jobs()
            show(_progress(site, len(scans), open_jobs, taking.waiting))
            given_up = time.monotonic() > deadline
            if open_jobs == 0 and runner.idle and taking.ready == 0 and (taking.waiting == 0 or given_up):
                FailureFolder(site).keep_in_step()
                if taking.unseen is not None:
                    msg = f"a part of the drop folder could not be looked at ({taking.unseen}); run again"
                    raise StorageTrouble(msg)
                return BatchResult(scans=tuple(scans), skipped=0, left=taking.waiting)
            if taking.ready == 0:
                runner.wait(min(0.2, max(0.02, site.settings.intake.settle_s / 4)))


def run_paths(site: Site, runner: Runner, paths: Sequence[Path], show: Callable[[Progress], None]) -> BatchResult:
    """Takes in the files and folders named, leaves them where they are, and works them to an end."""
    scans: list[str] = []
    skipped = 0
    for path in paths:
        if not path.exists():
            msg = f"{path} does not exist"
            raise BadFile(msg)
    for path in paths:
        root = path if path.is_dir() else path.parent
        for found in rescan(root) if path.is_dir() else (see(path, root),):
            if isinstance(found, Unseen):
                msg = f"a part of {root} could not be looked at ({found.reason}); run again"
                raise StorageTrouble(msg)
            if isinstance(found, Leftover):  # a matter of whoever takes that drop folder
                continue
            if isinstance(found, Oddity):
                scans.append(refuse(found, ledger=site.ledger, now=utc_now()).id)
                continue
            started = utc_now()
            outcome = take(found, root=root, spool=site.spool, ledger=site.ledger, now=started, drop=False)
            match outcome:
                case Scan() if outcome.received_at < started:
                    skipped += 1
                case Scan():
                    scans.append(outcome.id)
                case Unreadable(reason=reason):
                    odd = Oddity(seen=found, reason=reason)
                    scans.append(refuse(odd, ledger=site.ledger, now=started, trouble=FileTrouble.UNREADABLE).id)
                case Stays(scan=scan):  # nothing is removed here
                    scans.append(scan.id)
                case Announced() | Overtaken():
                    pass
                case NotSettled() | Vanished():
                    msg = "a file changed while it was copied; wait until it is written and run again"
                    raise BadFile(msg)

    taken = tuple(scans)

    def done() -> bool:
        open_jobs = site.ledger.open_jobs(scans=taken)
        show(_progress(site, len(taken), open_jobs, 0))
        filings = site.ledger.open_jobs(kinds=(JobKind.FILE,))  # also of what was matched again
        return open_jobs == 0 and filings == 0 and runner.idle

    runner.drain(done)
    FailureFolder(site).keep_in_step()
    return BatchResult(scans=taken, skipped=skipped, left=0)


def _progress(site: Site, taken: int, open_jobs: int, waiting: int) -> Progress:
    read, known = site.ledger.pages_in_work()
    return Progress(taken=taken, open_jobs=open_jobs, waiting=waiting, pages_read=read, pages_known=known)
