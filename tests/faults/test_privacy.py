"""A canary patient, whose name is also in the names of files: it sings in no log, error, process title or passing name.

The files of a site are its owner's alone, whatever the umask that its processes were started with.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.fakes.paper import lab_report, save
from tests.faults import dying, story

WAIT_S = 120.0  # a bound on hanging, no measure of speed
CANARY = ("HOLLOWAY", "MARGARET", "00412345", "1951")


def sings(text: str) -> list[str]:
    return [word for word in CANARY if word.casefold() in text.casefold()]


def _comes_from_here(process: Path) -> bool:
    """Whether this test's own process started it, or what it started: other tests type names beside it."""
    while process.name not in ("0", "1"):
        if process.name == str(os.getpid()):
            return True
        parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
        process = process.with_name(parent)
    return False


@contextmanager
def listening(*folders: Path) -> Iterator[set[str]]:
    """Every process title and every name in these folders, as often as one can look."""
    heard: set[str] = set()
    over = threading.Event()

    def listen() -> None:
        while not over.wait(0.002):
            for process in Path("/proc").iterdir():
                with suppress(OSError):
                    if process.name.isdigit() and _comes_from_here(process):
                        words = (process / "cmdline").read_bytes().split(b"\0")
                        if any(b"ingest" in word or b"tesseract" in word or b"pdfto" in word for word in words):
                            heard.add(os.fsdecode(b" ".join(words)))
            for folder in folders:
                with suppress(OSError):
                    heard.update(str(path.relative_to(folder)) for path in folder.rglob("*"))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join()


@pytest.mark.ocr
def test_the_canary_sings_nowhere_but_in_its_record(house: House, tmp_path: Path) -> None:
    """Read by the tesseract program and poppler, which take their pictures from files."""
    house.settings(engine='"pytesseract"')
    elsewhere = tmp_path / "system"
    elsewhere.mkdir()
    inbox = house.inbox / "HOLLOWAY MARGARET 1951"
    save([lab_report("HOLLOWAY, MARGARET", "03/14/1951", "00412345")], inbox / "HOLLOWAY_00412345.png")
    save([lab_report("HOLLOWAY, MARGARET", "03/14/1951", "00412345")] * 2, inbox / "Margaret.tif")
    (inbox / "Holloway broken.pdf").write_bytes(b"%PDF-1.7 HOLLOWAY, MARGARET and nothing more")
    (inbox / "00412345.batch.json").write_text('{"operator": 7, "HOLLOWAY": ')
    (inbox / "MARGARET.png").symlink_to("/HOLLOWAY")
    log = tmp_path / "log"
    with listening(house.home / "tmp", elsewhere) as heard, log.open("w") as out:
        daemon = subprocess.Popen(
            house.command("watch"),
            stdout=out,
            stderr=out,
            env=os.environ | {"INGEST_LOG": "debug", "TMPDIR": str(elsewhere)},
        )
        deadline = time.monotonic() + WAIT_S
        while len(house.documents()) < 5 or any(line["state"] == "working" for line in house.documents()):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=WAIT_S) == 0
    assert {line["state"] for line in house.documents()} >= {"filed", "quarantined"}
    assert any("work-" in name for name in heard), "nothing was heard"
    assert [line for line in log.read_text().splitlines() if sings(line)] == []
    assert [name for name in heard if sings(name)] == []
    assert list(elsewhere.iterdir()) == []  # passing files lie inside the site
    assert list((house.home / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("review", "show", "HOLLOWAY"),
        ("review", "accept", "D000001", "00412345"),
        ("retry", "HOLLOWAY"),
        ("explain", "D000001", "--candidate", "00412345"),
        ("refile", "HOLLOWAY"),
        ("recall", "--fingerprint", "x"),
        ("batch", "/HOLLOWAY/MARGARET"),
    ],
)
def test_errors_do_not_repeat_what_they_were_given(house: House, words: tuple[str, ...]) -> None:
    """But for a path or an option that somebody typed a moment ago, which they must be able to correct."""
    said = house.run(*words, code=None).stderr
    if words[0] not in ("batch", "refile"):
        assert sings(said) == [], said


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "site"
    story.make(home)
    story.drop(home / "inbox")
    dying.live(home)  # with a umask that lets everybody read
    scripted.save((scripted.page(1, salt=5),), home / "inbox" / "left.png")
    open_ones = [
        f"{path.relative_to(home)} {path.stat().st_mode & 0o777:o}"
        for path in home.rglob("*")
        if not path.is_relative_to(home / "inbox") and path.name != "patients.csv" and path.stat().st_mode & 0o077
    ]
    assert open_ones == []
    assert home.stat().st_mode & 0o077 == 0
