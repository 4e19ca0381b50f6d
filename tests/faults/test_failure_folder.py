"""The failure folder follows the ledger, whatever happened before, and touches nothing that is not its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ingest.errors import BadSettings
from ingest.ledger import Act, JobKind
from ingest.model import Disposition, DocumentState, IntakeKey
from ingest.running.failure_files import NOTE
from ingest.running.failure_folder import FailureFolder
from ingest.running.identity import this_worker
from ingest.running.runner import utc_now
from ingest.running.site import Site, create_site, open_site
from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.faults import story
from tests.faults.daemon import daemon
from tests.waiting import wait_until

BAD = b"%PDF-1.7 and nothing more"


@pytest.fixture
def house(tmp_path: Path) -> House:
    story.make(tmp_path / "site", failure_folder=f'"{tmp_path / "failed"}"')
    return House(tmp_path / "site")


@pytest.fixture
def failed(tmp_path: Path) -> Path:
    return tmp_path / "failed"


def below(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


@pytest.fixture
def site(house: House) -> Iterator[Site]:
    with open_site(house.home) as site:
        yield site


def quarantine(site: Site, source: str, content: bytes = BAD) -> str:
    """A scan that came to its end in quarantine; its id."""
    kept = site.spool.keep_bytes(content)
    number = sum(1 for _ in site.ledger.scans())
    key = IntakeKey(path=source, device=1, inode=number, size=len(content), mtime_ns=1, sha256=kept.sha256)
    origin = source.rpartition("/")[0]
    scan = site.ledger.take_in(key=key, source=source, origin=origin, now=utc_now(), drop=True)
    site.ledger.release(scan.id, utc_now())
    conclude(site, scan.id, DocumentState.QUARANTINED)
    return scan.id


def conclude(site: Site, scan: str, state: DocumentState) -> None:
    job = site.ledger.claim(worker=this_worker(), kinds=(JobKind.READ,), lease_s=60, now=utc_now(), subject=scan)
    assert job is not None
    dispositions = (Disposition(pages=(), state=state, reasons=("The file is damaged; scan the paper again.",)),)
    site.ledger.conclude_reading(job, dispositions=dispositions, now=utc_now())


def discard(site: Site, scan: str) -> None:
    (document,) = site.ledger.documents(scan=scan)
    site.ledger.decide_by_person(
        document_id=document.id,
        version=document.version,
        act=Act.DISCARD,
        mrn=None,
        by="anna",
        acting_for=None,
        note="scanned again",
        now=utc_now(),
    )


def test_each_file_is_mirrored_with_its_reason_and_nobody_else_may_read_it(site: Site, failed: Path) -> None:
    first = quarantine(site, "fax/night/a.pdf")
    quarantine(site, "b.pdf", b"other")
    assert FailureFolder(site).keep_in_step()
    assert below(failed) == ["b.pdf", f"b.pdf{NOTE}", "fax/night/a.pdf", f"fax/night/a.pdf{NOTE}"]
    assert (failed / "fax/night/a.pdf").read_bytes() == BAD
    said = (failed / f"fax/night/a.pdf{NOTE}").read_text()
    assert "The file is damaged" in said
    assert f"ingest retry {first}" in said
    for path in failed.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert failed.stat().st_mode & 0o777 == 0o700


def test_names_that_are_taken_are_never_overwritten(site: Site, failed: Path) -> None:
    failed.mkdir()
    (failed / "a.pdf").write_bytes(b"somebody's")
    one, two = quarantine(site, "a.pdf", b"one"), quarantine(site, "a.pdf", b"two")
    FailureFolder(site).keep_in_step()
    assert below(failed) == sorted(["a.pdf", *(f"a {scan}.pdf{end}" for scan in (one, two) for end in ("", NOTE))])
    assert (failed / "a.pdf").read_bytes() == b"somebody's"
    assert (failed / f"a {two}.pdf").read_bytes() == b"two"


ODD = [
    "n" * 251 + ".pdf",
    "é" * 125 + ".pdf",
    "x" * 255,
    "." + "y" * 254,
    "-rf",
    "a\nScan: S000009\n.pdf",
    " ",
    "a.pdf\\xff",
]


@pytest.mark.parametrize("name", ODD)
def test_any_name_finds_a_place(site: Site, failed: Path, name: str) -> None:
    quarantine(site, f"{name[:200]}/{name}")
    for _ in range(2):
        assert FailureFolder(site).keep_in_step()
        copy, note = below(failed)
        assert note == f"{copy}{NOTE}"
        assert (failed / copy).read_bytes() == BAD


def test_a_path_that_cannot_be_had_there_gives_way_to_the_scans_id(site: Site, failed: Path) -> None:
    quarantine(site, "a.pdf", b"a file")
    inside = quarantine(site, "a.pdf/b.png", b"in a folder of that name")
    deep = quarantine(site, "/".join(["d" * 200] * 25) + "/c.png", b"deep")
    above = quarantine(site, "../../e.png", b"above")
    assert FailureFolder(site).keep_in_step()
    copies = [name for name in below(failed) if not name.endswith(NOTE)]
    assert copies == sorted(["a.pdf", f"{inside}.png", f"{deep}.png", "e.png"])
    assert above in (failed / f"e.png{NOTE}").read_text()


def test_it_can_be_done_again_after_an_end_at_any_moment(site: Site, failed: Path) -> None:
    scans = [quarantine(site, f"fax/{number}.pdf", b"%d" % number) for number in range(3)]
    assert FailureFolder(site).keep_in_step()
    whole = {name: (failed / name).read_bytes() for name in below(failed)}
    (failed / "fax/0.pdf").unlink()  # the note stood, the copy did not yet
    (failed / f"fax/1.pdf{NOTE}").unlink()  # a person's doing
    (failed / ".paperchart-99-abc").write_bytes(b"half")
    (failed / f"fax/2.pdf{NOTE}").write_bytes(whole[f"fax/2.pdf{NOTE}"] + b"more")
    assert FailureFolder(site).keep_in_step()
    named = scans[1]
    assert (failed / "fax/0.pdf").read_bytes() == b"0"
    assert (failed / f"fax/2.pdf{NOTE}").read_bytes() == whole[f"fax/2.pdf{NOTE}"]
    assert below(failed) == sorted(
        [*whole.keys() - {f"fax/1.pdf{NOTE}"}, f"fax/1 {named}.pdf", f"fax/1 {named}.pdf{NOTE}"]
    )
    again = below(failed)
    for _ in range(2):
        FailureFolder(site).keep_in_step()
    assert below(failed) == again


def test_what_is_retried_or_discarded_goes_and_what_a_person_put_there_stays(site: Site, failed: Path) -> None:
    retried, discarded, edited = (quarantine(site, f"fax/{name}.pdf", name.encode()) for name in ("r", "d", "e"))
    mirror = FailureFolder(site)
    mirror.keep_in_step()
    (failed / "fax/e.pdf").unlink()
    (failed / "fax/e.pdf").write_bytes(b"my own, of another length")
    site.ledger.retry((retried, edited), now=utc_now(), by="anna")
    discard(site, discarded)
    mirror.keep_in_step()
    assert below(failed) == ["fax/e.pdf"]
    conclude(site, retried, DocumentState.QUARANTINED)
    FailureFolder(site).keep_in_step()
    assert below(failed) == ["fax/e.pdf", "fax/r.pdf", f"fax/r.pdf{NOTE}"]
    discard(site, retried)
    FailureFolder(site).keep_in_step()  # a process that knows nothing of before
    (failed / "fax/e.pdf").unlink()
    assert below(failed) == []


def test_two_sites_may_share_one_and_see_only_their_own(site: Site, failed: Path, tmp_path: Path) -> None:
    story.make(tmp_path / "other", failure_folder=f'"{failed}"')
    mine = quarantine(site, "a.pdf", b"one")
    with open_site(tmp_path / "other") as other:
        theirs = quarantine(other, "a.pdf", b"two")
        assert mine == theirs
        for each in (site, other, site, other):
            FailureFolder(each).keep_in_step()
        assert len(below(failed)) == 4
        discard(site, mine)
        FailureFolder(site).keep_in_step()
        FailureFolder(other).keep_in_step()
        (copy,) = (name for name in below(failed) if not name.endswith(NOTE))
        assert (failed / copy).read_bytes() == b"two"


def test_its_own_trouble_stops_nothing_and_is_said_once(site: Site, failed: Path) -> None:
    failed.write_bytes(b"a file where the folder should be")
    quarantine(site, "a.pdf")
    mirror = FailureFolder(site)
    with capture_logs() as log:
        assert [mirror.keep_in_step() for _ in range(3)] == [False] * 3
        failed.unlink()
        assert mirror.keep_in_step()
    assert [line["event"] for line in log] == ["the failure folder cannot be used; it is tried again"]
    assert below(failed) == ["a.pdf", f"a.pdf{NOTE}"]


def test_a_program_that_is_killed_goes_on_where_it_was(house: House, failed: Path) -> None:
    (house.inbox / "ward").mkdir()
    for number in range(3):
        (house.inbox / "ward" / f"{number}.pdf").write_bytes(BAD + b"%d" % number)
    (house.inbox / "way.pdf").symlink_to("nowhere")
    scripted.save((scripted.page(1),), house.inbox / "good.png")
    with daemon(house):
        wait_until(lambda: failed.is_dir() and len(below(failed)) == 7)
    assert below(failed)[-1] == f"way.pdf{NOTE}"  # of what could not be copied there is a note only
    assert "good" not in "".join(below(failed))
    (failed / "ward" / "1.pdf").unlink()
    house.run("batch")
    assert len(below(failed)) == 7
    house.run("verify")


@pytest.mark.parametrize("where", ["inbox/failed", "inbox", ".", "records/failed", "tmp", "..", "link/failed"])
def test_a_failure_folder_in_the_drop_folder_or_over_what_is_kept_is_refused(tmp_path: Path, where: str) -> None:
    create_site(tmp_path / "site")
    (tmp_path / "site" / "link").symlink_to("inbox")
    House(tmp_path / "site").settings(failure_folder=f'"{where}"')
    with pytest.raises(BadSettings, match=r"intake\.failure_folder"):
        open_site(tmp_path / "site")
    with pytest.raises(BadSettings):
        create_site(tmp_path / "site")


@pytest.mark.parametrize("where", ["spool", "records/2026", ".", "", "..", "/"])
def test_a_drop_folder_in_or_over_what_is_kept_is_refused(tmp_path: Path, where: str) -> None:
    create_site(tmp_path / "site")
    House(tmp_path / "site").settings(inbox=f'"{where}"')
    with pytest.raises(BadSettings, match=r"intake\.inbox"):
        open_site(tmp_path / "site")


def test_a_drop_folder_inside_the_failure_folder_is_refused(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    House(tmp_path / "site").settings(inbox=f'"{tmp_path}/share/in"', failure_folder=f'"{tmp_path}/share"')
    with pytest.raises(BadSettings, match="taken in again"):
        open_site(tmp_path / "site")
    assert not os.path.lexists(tmp_path / "share")
