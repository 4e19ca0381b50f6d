"""A backup of a site at work is one instant of it, a site made of it is whole; `--repair` mends what it can prove."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import BadFile, Conflict
from ingest.running.backup import back_up, restore
from ingest.running.custody import verify_site
from ingest.running.repairing import repair_site
from ingest.running.runner import utc_now
from ingest.running.site import open_site
from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.faults import dying, story
from tests.faults.test_planted_damage import first, flip


def backed_up(home: Path, target: Path) -> str:
    with open_site(home) as site:
        copied = back_up(site, target, now=utc_now())
    assert copied.verification.problems == ()
    return copied.audit_head


def test_a_site_restored_elsewhere_is_the_same(home: Path, tmp_path: Path) -> None:
    head = backed_up(home, tmp_path / "backup")
    restored = restore(tmp_path / "backup", tmp_path / "new")
    assert restored.verification.problems == ()
    assert restored.audit_head == head
    assert story.ending(tmp_path / "new") == story.ending(home)
    scripted.save((scripted.page(2, salt=99),), tmp_path / "new" / "inbox" / "next.png")
    dying.live(tmp_path / "new")  # and it works
    assert ("next.png", "filed") in {(line.source, line.state) for line in story.ending(tmp_path / "new")}


@pytest.mark.postgres
def test_a_site_on_postgresql_too_and_from_one_kind_to_the_other(tmp_path: Path, make_postgres) -> None:
    home = tmp_path / "site"
    story.make(home, ledger_url=make_postgres())
    story.drop(home / "inbox")
    dying.live(home)
    backed_up(home, tmp_path / "backup")
    for name, url in (("again", make_postgres()), ("embedded", "")):
        restored = restore(tmp_path / "backup", tmp_path / name, ledger_url=url)
        assert restored.verification.problems == ()
        assert story.ending(tmp_path / name) == story.ending(home)
        scripted.save((scripted.page(2, salt=99),), tmp_path / name / "inbox" / "next.png")
        dying.live(tmp_path / name)


def test_a_backup_of_a_site_at_work_and_again_into_the_same_folder(tmp_path: Path) -> None:
    home = tmp_path / "site"
    story.make(home)
    story.drop(home / "inbox")
    process, claimed = dying.begin_and_tell(home)
    claimed.poll(60)
    backed_up(home, tmp_path / "backup")
    process.join(dying.WAIT_S)
    claimed.close()
    with open_site(home) as site:
        second = back_up(site, tmp_path / "backup", now=utc_now())
    assert second.known > 0
    assert second.verification.problems == ()
    restore(tmp_path / "backup", tmp_path / "new")
    assert story.ending(tmp_path / "new") == story.ending(home)


def test_what_is_no_place_for_a_backup_or_a_site_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("x")
    with open_site(home) as site:
        for place in (home / "backup", home, tmp_path, tmp_path / "full"):
            with pytest.raises(BadFile):
                back_up(site, place, now=utc_now())
    with pytest.raises(BadFile, match="no backup"):
        restore(tmp_path / "full", tmp_path / "new")
    backed_up(home, tmp_path / "backup")
    with pytest.raises(Conflict, match="already"):
        restore(tmp_path / "backup", home)


def test_bytes_come_back_from_a_backup_and_pdfs_are_written_again(home: Path, tmp_path: Path) -> None:
    backed_up(home, tmp_path / "backup")
    flip(first(home, "spool/*/*"))
    first(home, "artefacts/*/*").unlink()
    flip(first(home, "records/**/*.pdf"))
    with open_site(home) as site:
        assert len(verify_site(site).problems) >= 3
        mended = repair_site(site, (tmp_path / "backup",), by="anna", now=utc_now)
        assert {one.subject.split()[0] for one in mended} >= {"scan", "page"}
        assert verify_site(site).problems == ()
        assert len(list((home / "damaged").iterdir())) == 2
        (event,) = (row for row in site.ledger.audit() if row.action == "site.repaired")
        assert len(event.facts["mended"]) == len(mended)


def test_a_filed_pdf_needs_no_backup(home: Path) -> None:
    lost = first(home, "records/**/*.pdf")
    content = lost.read_bytes()
    lost.unlink()
    with open_site(home) as site:
        (mended,) = repair_site(site, (), by="anna", now=utc_now)
        assert "byte for byte" in mended.how
        assert lost.read_bytes() == content
        assert repair_site(site, (), by="anna", now=utc_now) == ()


def test_what_cannot_be_proven_is_left_and_told(home: Path, tmp_path: Path) -> None:
    backed_up(home, tmp_path / "backup")
    flip(first(home, "spool/*/*"))
    flip(first(tmp_path / "backup", "spool/*/*"))
    (home / "records" / "notes.txt").write_text("whose?")
    with open_site(home) as site:
        assert repair_site(site, (tmp_path / "backup",), by="anna", now=utc_now) == ()
        assert {problem.kind for problem in verify_site(site).problems} == {"damaged", "foreign"}


def test_as_it_is_typed(home: Path, tmp_path: Path) -> None:
    house = House(home)
    said = json.loads(house.run("backup", str(tmp_path / "backup"), "--json").stdout.splitlines()[-1])
    assert said["problems"] == 0
    first(home, "spool/*/*").unlink()
    house.run("verify", code=1)
    mended = house.run("verify", "--repair", "--from", str(tmp_path / "backup"), "--head", said["audit_head"])
    assert "mended: scan" in mended.stdout
    new = House(tmp_path / "new")
    assert "nothing is missing" in new.run("restore", str(tmp_path / "backup")).stdout
    assert new.run("verify", "--head", "nonsense", code=2).stderr.startswith("ingest: an audit head")
