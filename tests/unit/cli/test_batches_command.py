"""`ingest batches` as it is typed: what is missing, what waits, and whose paper may go."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.ledger import JobKind, Sidecar
from ingest.model import Disposition, DocumentState, IntakeKey, ScanKind
from ingest.running.runner import settle_filing
from ingest.running.site import Site, create_site, open_site
from tests.contract.ledger_steps import HERE

NOW = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        yield opened


def listed(site: Site, *words: str) -> list[dict]:
    said = CliRunner().invoke(app, ["batches", *words, "--json", "--home", str(site.home)])
    assert said.exit_code == 0, said.output
    return [json.loads(line) for line in said.stdout.splitlines()]


def scanned(site: Site, disposition: Disposition, now: datetime = NOW) -> None:
    """A scan of white pages, out of the drop folder and read to this end."""
    pages = [Image.new("L", (200, 100), 255) for _ in disposition.pages]
    held = io.BytesIO()
    pages[0].save(held, "TIFF", save_all=True, append_images=pages[1:])
    kept = site.spool.keep_bytes(held.getvalue())
    key = IntakeKey(path="/inbox/a.tif", device=1, inode=1, size=kept.size, mtime_ns=1, sha256=kept.sha256)
    scan = site.ledger.take_in(key=key, source="a.tif", origin="", now=now, drop=True)
    site.ledger.release(scan.id, now)
    job = site.ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=60, now=now, subject=scan.id)
    assert job is not None
    site.ledger.record_opened(job, kind=ScanKind.TIFF, pages=len(pages))
    site.ledger.conclude_reading(job, dispositions=(disposition,), now=now)
    settle_filing(site)


def to_file(*pages: int) -> Disposition:
    return Disposition(pages=pages, state=DocumentState.FILED, mrn="0012", reasons=("All agrees.",), probability=1.0)


def test_what_is_settled_and_on_disk_is_safe_to_shred(site: Site) -> None:
    scanned(site, to_file(1, 2))
    (batch,) = listed(site)
    assert (batch["state"], batch["files"], batch["pages"], batch["documents"]) == ("settled", 1, 2, {"filed": 1})
    (safe,) = listed(site, "--safe")
    assert (safe["batch"], safe["state"]) == (batch["batch"], "safe_to_shred")
    (event,) = [row for row in site.ledger.audit() if row.action == "batch.found_safe"]
    assert event.subject == batch["batch"]


@pytest.mark.parametrize("lost", ["spool", "records"])
def test_what_is_not_on_disk_is_not_safe(site: Site, lost: str) -> None:
    scanned(site, to_file(1))
    folder = {"spool": site.paths.spool, "records": site.paths.records}[lost]
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert listed(site, "--safe") == []


def test_what_waits_for_a_person_is_not_safe(site: Site) -> None:
    scanned(site, Disposition(pages=(1,), state=DocumentState.REVIEW, reasons=("Two patients.",)))
    assert [(batch["state"], batch["why"]) for batch in listed(site)] == [("waits", "1 review")]
    assert listed(site, "--safe") == []


def test_what_was_expected_and_did_not_come_is_told(site: Site) -> None:
    sidecar = Sidecar(sha256="c" * 64, operator="Kim", expected_pages=3)
    site.ledger.note_sidecar(origin="", appearance="x", sidecar=sidecar, now=NOW)
    scanned(site, to_file(1, 2))
    (batch,) = listed(site)
    assert (batch["state"], batch["why"], batch["operator"]) == ("incomplete", "2 of 3 pages came", "Kim")
    assert listed(site, "--safe") == []


def test_what_is_still_coming_in_is_not_safe(site: Site) -> None:
    scanned(site, to_file(1), now=datetime.now(UTC))
    assert [batch["state"] for batch in listed(site)] == ["coming_in"]
    assert listed(site, "--safe") == []


def test_people_get_a_table(site: Site) -> None:
    said = CliRunner().invoke(app, ["batches", "--home", str(site.home)])
    assert said.stdout == "no batches\n"
    scanned(site, to_file(1))
    said = CliRunner().invoke(app, ["batches", "--home", str(site.home)])
    assert "(drop folder)" in said.stdout
    assert "settled" in said.stdout
