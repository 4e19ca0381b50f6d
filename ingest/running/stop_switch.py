"""The stop switch of unattended filing: it works at once, in every process, and is recorded."""

from __future__ import annotations

from datetime import datetime

from ingest.running.site import Site
from ingest.syncing import sync_folder


def stop(site: Site, *, by: str, reason: str, now: datetime) -> None:
    """From now on everything goes to review, whatever the settings say. Idempotent."""
    site.paths.stop_switch.touch(mode=0o600)
    sync_folder(site.home)  # a power cut does not let filing go on
    site.ledger.note(action="unattended.stopped", actor=by, subject="site", details={"reason": reason}, now=now)


def resume(site: Site, *, by: str, now: datetime) -> None:
    """The settings hold again. Idempotent."""
    site.paths.stop_switch.unlink(missing_ok=True)
    sync_folder(site.home)
    site.ledger.note(action="unattended.resumed", actor=by, subject="site", details=None, now=now)
