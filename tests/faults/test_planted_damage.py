"""Every kind of damage that somebody or something may do to a site is found by `verify`; without damage nothing is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.ledger import Problem
from ingest.patients.csv_feed import CsvFeed
from ingest.running.custody import verify_site
from ingest.running.repairing import repair_site
from ingest.running.runner import utc_now
from ingest.running.site import open_site
from tests.faults import story


def found(home: Path) -> tuple[Problem, ...]:
    with open_site(home) as site:
        return verify_site(site).problems


def test_without_damage_nothing_is_found(home: Path) -> None:
    assert found(home) == ()


def harm(home: Path, statements: str) -> None:
    """What somebody does who takes the ledger's own guards away first."""
    with sqlite3.connect(home / "ledger.sqlite") as connection:
        guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.executescript("".join(f"DROP TRIGGER {name};" for (name,) in guards) + statements)


def flip(file: Path) -> None:
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def first(home: Path, pattern: str) -> Path:
    return min(path for path in home.glob(pattern) if path.is_file())


ON_DISK: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a byte of a scan": ("damaged", lambda home: flip(first(home, "spool/*/*"))),
    "a byte of an artefact": ("damaged", lambda home: flip(first(home, "artefacts/*/*"))),
    "a byte of a filed PDF": ("damaged", lambda home: flip(first(home, "records/**/*.pdf"))),
    "a byte of a withdrawn PDF": ("damaged", lambda home: flip(first(home, "withdrawn/*.pdf"))),
    "a scan gone": ("missing", lambda home: first(home, "spool/*/*").unlink()),
    "an artefact gone": ("missing", lambda home: first(home, "artefacts/*/*").unlink()),
    "a filed PDF gone": ("missing", lambda home: first(home, "records/**/*.pdf").unlink()),
    "a filed PDF under another patient": (
        "foreign",
        lambda home: first(home, "records/**/*.pdf").rename(home / "records" / "moved.pdf"),
    ),
    "a strange file in the records": ("foreign", lambda home: _strange(home / "records" / "notes.txt")),
    "a strange file in the spool": ("foreign", lambda home: _strange(home / "spool" / "00" / ("0" * 64))),
}


def _strange(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("whose?")


@pytest.mark.parametrize("what", ON_DISK)
def test_damage_on_disk_is_found(what: str, home: Path) -> None:
    kind, damage = ON_DISK[what]
    damage(home)
    assert kind in {problem.kind for problem in found(home)}


IN_LEDGER = {
    "a patient's birth date": ("edited", "UPDATE patients SET birth_date = '1950-01-01' WHERE number = 1"),
    "a patient's name": ("edited", "UPDATE patient_names SET first_name = 'OTHER' WHERE id = 1"),
    "a patient's identifier": (
        "edited",
        "INSERT INTO patient_identifiers (patient, issuer, type, value, since_seq)"
        " VALUES (1, '', 'account_number', '0815', 1)",
    ),
    "a patient's row": (
        "missing",
        "PRAGMA foreign_keys = OFF; DELETE FROM patients WHERE number = (SELECT max(number) FROM patients)",
    ),
    "a misfile that nobody told of": (
        "foreign",
        "INSERT INTO misfiles SELECT document, version, 1, 'refile', 'x', decided_at FROM decisions LIMIT 1",
    ),
    "an account that nobody made": (
        "foreign",
        "INSERT INTO accounts (name, role, clearances, created_at)"
        " VALUES ('eve', 'supervisor', '[]', (SELECT min(at) FROM audit))",
    ),
    "a scan's source": ("edited", "UPDATE scans SET source = 'other.png' WHERE number = 1"),
    "a scan's hash": (
        "edited",
        "UPDATE scans SET sha256 = (SELECT sha256 FROM scans WHERE number = 2) WHERE number = 1",
    ),
    "a page's artefact": (
        "edited",
        "UPDATE pages SET artefact_sha256 = (SELECT artefact_sha256 FROM pages WHERE scan = 2) "
        "WHERE scan = (SELECT min(scan) FROM pages)",
    ),
    "a page gone": ("missing", "DELETE FROM pages WHERE scan = (SELECT min(scan) FROM pages)"),
    "a page too many": (
        "foreign",
        "INSERT INTO pages (scan, page, recorded_at, trouble) VALUES (1, 99, '2026-11-26T00:00:00.000000Z', 'timeout')",
    ),
    "whom a document is filed to": ("edited", "UPDATE documents SET mrn = '00498761' WHERE mrn = '00467302'"),
    "a document's state": ("edited", "UPDATE documents SET state = 'discarded' WHERE state = 'review'"),
    "a decision's patient": ("edited", "UPDATE decisions SET mrn = '00498761' WHERE mrn = '00467302'"),
    "a decision's reasons": ("edited", "UPDATE decisions SET reasons = '[\"All agrees.\"]' WHERE version = 1"),
    "a decision's probability": ("edited", "UPDATE decisions SET probability = 0.5 WHERE mrn IS NOT NULL"),
    "who decided": ("edited", "UPDATE decisions SET decided_by = 'bob' WHERE decided_by = 'anna'"),
    "a decision gone": ("missing", "DELETE FROM decisions WHERE document = 1 AND version = 1"),
    "where a document was filed": ("edited", "UPDATE renditions SET path = 'records/x.pdf' WHERE filed_at IS NOT NULL"),
    "a filing gone": ("missing", "DELETE FROM renditions WHERE filed_at IS NOT NULL"),
    "a job gone": ("missing", "DELETE FROM jobs WHERE number = 1"),
    "a number taken back": ("foreign", "UPDATE counters SET value = value - 1 WHERE name = 'scan'"),
    "an event's actor": ("audit", "UPDATE audit SET actor = 'bob' WHERE seq = 5"),
    "an event gone": ("audit", "DELETE FROM audit WHERE seq = 5"),
    "the last event gone": ("audit", "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)"),
    "two events changed about": (
        "audit",
        "UPDATE audit SET seq = CASE seq WHEN 5 THEN -6 WHEN 6 THEN -5 END WHERE seq IN (5, 6); "
        "UPDATE audit SET seq = -seq WHERE seq < 0",
    ),
    "an event's details": ("audit", "UPDATE audit_details SET body = '{}' WHERE body IS NOT NULL"),
}


@pytest.mark.parametrize("what", IN_LEDGER)
def test_damage_in_the_ledger_is_found(what: str, home: Path) -> None:
    kind, statements = IN_LEDGER[what]
    harm(home, statements)
    assert kind in {problem.kind for problem in found(home)}


def test_a_tail_cut_off_with_its_head_is_found_by_a_head_kept_elsewhere(home: Path) -> None:
    """The only damage that the ledger by itself cannot show, when its rows were cut with it."""
    with open_site(home) as site:
        head = site.ledger.audit_head()
        site.ledger.note(action="x", actor="anna", subject="site", details=None, now=story.utc_now())
        assert site.ledger.check_audit(head) == ()
        later = site.ledger.audit_head()
    harm(
        home,
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit);"
        "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit),"
        "hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)",
    )
    with open_site(home) as site:
        assert site.ledger.check_audit() == ()
        assert site.ledger.check_audit(head) == ()
        assert site.ledger.check_audit(later) == (f"audit event {later.split(':')[0]}, kept elsewhere, is not here",)


def test_an_edited_patient_is_written_anew_by_the_next_load_after_a_repair(home: Path) -> None:
    feed = CsvFeed(home / "patients.csv", today=utc_now().date())
    with open_site(home) as site:
        site.ledger.load_patients(feed.patients(), now=utc_now())
    harm(home, "UPDATE patients SET birth_date = '1950-01-01' WHERE number = 1;")
    with open_site(home) as site:
        before = site.ledger.patient(next(iter(feed.patients())).mrn)
        assert site.ledger.load_patients(feed.patients(), now=utc_now()).updated == 0  # the feed says nothing new
        (mended,) = repair_site(site, (), by="ada", now=utc_now)
        assert mended.subject == "patient row 1"
        assert site.ledger.load_patients(feed.patients(), now=utc_now()).updated == 1
        after = site.ledger.patient(next(iter(feed.patients())).mrn)
        assert before is not None
        assert after is not None
        assert before.birth_date != after.birth_date
        assert verify_site(site).problems == ()
