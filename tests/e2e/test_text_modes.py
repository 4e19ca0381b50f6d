"""How much of each page is read, and what becomes of a filed document when text that is read later objects."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.ledger import RenditionRow
from ingest.running.site import open_site
from tests.e2e.conftest import House
from tests.fakes.paper import page, save

pytestmark = pytest.mark.ocr

HOLLOWAY = [
    "LAKESIDE GENERAL HOSPITAL",
    "",
    "Patient: HOLLOWAY, MARGARET",
    "Date of Birth: 03/14/1951",
    "MRN: 00412345",
]
OKAFOR = ["Patient: OKAFOR, CHIDI", "Date of Birth: 07/25/1984", "MRN: 00455550"]
BODY = ["Sodium was stable over the night", "Potassium was given with breakfast"]
GAP = [""] * 9


def drop(house: House) -> None:
    save([page([*HOLLOWAY, *GAP, *BODY])], house.inbox / "one.png")
    save([page([*HOLLOWAY, *GAP, *OKAFOR, *BODY])], house.inbox / "two.png")


def lines(house: House) -> dict[str, dict[str, Any]]:
    return {line["source"]: line for line in house.documents()}


def renditions(house: House, document: str) -> tuple[RenditionRow, ...]:
    with open_site(house.home) as site:
        return site.ledger.renditions(document)


def acts(house: House, document: str) -> list[tuple[str, str]]:
    with open_site(house.home) as site:
        return [(row.act, row.state.value) for row in site.ledger.history(document)]


def text_of(file: Path) -> str:
    return subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout


def records(house: House) -> list[str]:
    return sorted(str(path.relative_to(house.home)) for path in (house.home / "records").rglob("*.pdf"))


def test_all_text_at_once_sees_the_second_person_before_it_files(house: House) -> None:
    drop(house)
    house.run("batch")
    ended = lines(house)
    assert (ended["one.png"]["state"], ended["one.png"]["text"]) == ("filed", "layer")
    assert (ended["two.png"]["state"], ended["two.png"]["text"]) == ("review", None)
    assert acts(house, ended["two.png"]["document"]) == [("pipeline", "review")]


def test_text_read_later_is_searchable_and_recalls_what_names_somebody_else(house: House) -> None:
    house.settings(text='"deferred"')
    drop(house)
    house.run("batch")
    ended = lines(house)
    kept, recalled = ended["one.png"], ended["two.png"]

    assert (kept["state"], kept["mrn"], kept["text"], kept["version"]) == ("filed", "00412345", "layer", 1)
    assert "Potassium" in text_of(house.home / kept["filed_as"])
    old, new = renditions(house, kept["document"])
    assert (old.rendition.text_state, new.rendition.text_state) == ("identity", "layer")
    assert "Potassium" not in text_of(house.home / str(old.kept_as))

    assert (recalled["state"], recalled["mrn"], recalled["filed_as"]) == ("review", None, None)
    assert acts(house, recalled["document"]) == [("pipeline", "filed"), ("recalled", "review")]
    assert recalled["reasons"][0].startswith("Text that was read later speaks against this patient: ")
    assert "two patients" in recalled["reasons"][0]
    assert "00455550" in {one["value"] for one in recalled["evidence"]}
    (gone,) = renditions(house, recalled["document"])
    assert gone.removed_at is not None

    assert records(house) == [kept["filed_as"]]
    house.run("verify")
    house.run("review", "assign", recalled["document"], "00412345", "--yes")
    assert lines(house)["two.png"]["text"] == "layer"
    house.run("verify")


def test_identity_alone_leaves_the_rest_unread(house: House) -> None:
    house.settings(text='"identity"')
    drop(house)
    house.run("batch")
    for line in lines(house).values():
        assert (line["state"], line["text"], line["version"]) == ("filed", "identity", 1)
        text = text_of(house.home / line["filed_as"])
        assert "HOLLOWAY" in text
        assert "Sodium" not in text
    house.run("verify")


def test_kill_9_while_text_is_read_later_and_again_ends_the_same(house: House) -> None:
    house.settings(text='"deferred"')
    drop(house)
    for number in range(4):
        save([page([*HOLLOWAY, f"Leaf {number}", *GAP, *BODY])] * 2, house.inbox / f"more{number}.tif")
    chance = random.Random(20261125)
    for _ in range(6):
        running = house.start("batch")
        time.sleep(chance.uniform(1.5, 4.5))
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    house.run("batch")

    ended = lines(house)
    assert ended.pop("two.png")["state"] == "review"
    assert {(line["state"], line["mrn"], line["text"]) for line in ended.values()} == {("filed", "00412345", "layer")}
    assert records(house) == sorted(str(line["filed_as"]) for line in ended.values())
    house.run("verify")
