"""A scan dropped in the folder ends in the right record, or in a queue with the reasons."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.e2e.conftest import House
from tests.fakes.paper import lab_report, page, save

pytestmark = pytest.mark.ocr


def test_certain_scans_are_filed_and_doubtful_ones_wait_with_their_reason(house: House) -> None:
    holloway = lab_report("HOLLOWAY, MARGARET A", "03/14/1951", "00412345")
    okafor = lab_report("OKAFOR, CHIDI J", "07/25/1984", "00455550")
    save([holloway, page(["Page 2 of 2", "", "Comment: repeat in six months."])], house.inbox / "lab.pdf")
    save([holloway, okafor], house.inbox / "fax" / "two people.tif")
    save([page(["INVOICE", "Paper and toner, 12 boxes", "Total due: $ 480.00"])], house.inbox / "invoice.png")
    save([page([])], house.inbox / "blank.png")
    house.run("batch")

    lines = {line["source"]: line for line in house.documents() if line["source"] != "fax/two people.tif"}
    assert set(lines) == {"lab.pdf", "invoice.png", "blank.png"}
    assert not any(path.is_file() for path in house.inbox.rglob("*"))

    filed = lines["lab.pdf"]
    assert (filed["state"], filed["mrn"], filed["pages"]) == ("filed", "00412345", [1, 2])
    assert filed["decided_by"] == "pipeline"
    assert filed["probability"] > 0.999
    assert {"name", "birth_date", "mrn"} <= {one["field"] for one in filed["evidence"]}
    with pikepdf.open(house.home / filed["filed_as"]) as pdf:
        assert len(pdf.pages) == 2

    parts = [line for line in house.documents() if line["source"] == "fax/two people.tif"]
    assert sorted((line["pages"], line["state"], line["mrn"]) for line in parts) == [
        ([1], "filed", "00412345"),
        ([2], "filed", "00455550"),
    ]
    assert {line["origin"] for line in parts} == {"fax"}
    assert lines["invoice.png"]["state"] == "review"
    assert lines["blank.png"]["state"] == "blank"
    assert all(line["reasons"] for line in lines.values())
    assert all(line["mrn"] is None for line in lines.values() if line["state"] != "filed")
    assert house.run("verify").returncode == 0


def test_bad_files_are_quarantined_with_a_plain_reason_and_the_run_goes_on(house: House, tmp_path: Path) -> None:
    good = lab_report("BRANNIGAN, TERRENCE", "11/02/1968", "00498761")
    save([good], house.inbox / "good.pdf")
    whole = (house.inbox / "good.pdf").read_bytes()
    (house.inbox / "empty.pdf").write_bytes(b"")
    (house.inbox / "cut.png").write_bytes(_png(good, tmp_path)[:2000])
    (house.inbox / "words.pdf").write_bytes(b"Dear colleague, this is no scan.")
    save([good], house.inbox / "named wrongly.pdf.jpg.tif")
    shutil.move(house.inbox / "named wrongly.pdf.jpg.tif", house.inbox / "named wrongly.jpg")
    with pikepdf.open(house.inbox / "good.pdf") as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="secret"))
    shutil.copy(tmp_path / "locked.pdf", house.inbox)
    with pikepdf.new() as nothing:
        nothing.save(house.inbox / "no pages.pdf")
    (house.inbox / "folder.pdf").mkdir()
    house.run("batch", code=1)

    lines = {line["source"]: line for line in house.documents()}
    assert {name for name, line in lines.items() if line["state"] == "filed"} == {"good.pdf", "named wrongly.jpg"}
    bad = {name: line for name, line in lines.items() if line["state"] == "quarantined"}
    assert set(bad) == {"empty.pdf", "cut.png", "words.pdf", "locked.pdf", "no pages.pdf", "folder.pdf"}
    assert "password" in bad["locked.pdf"]["reasons"][0]
    assert "empty" in bad["empty.pdf"]["reasons"][0]
    assert all(line["pages"] == [] for name, line in bad.items() if name != "cut.png")
    kept = {path.read_bytes() for path in (house.home / "spool").rglob("*") if path.is_file()}
    assert whole in kept
    assert (tmp_path / "locked.pdf").read_bytes() in kept
    house.run("verify")
    house.run("batch")  # nothing new: the folder named like a scan is not reported again
    assert len(house.documents()) == len(lines)


def test_the_same_files_again_add_duplicates_and_nothing_else(house: House, tmp_path: Path) -> None:
    save([lab_report("VASQUEZ, ELENA M", "01/19/1992", "00431117")], tmp_path / "keep" / "a.png")
    save([page(["A page about nobody in particular"])], tmp_path / "keep" / "b.png")
    (tmp_path / "keep" / "c.pdf").write_bytes(b"no scan")
    for _ in range(2):
        shutil.copytree(tmp_path / "keep", house.inbox, dirs_exist_ok=True)
        house.run("batch", code=1)
    states = sorted((line["source"], line["state"]) for line in house.documents())
    assert states == [
        ("a.png", "duplicate"),
        ("a.png", "filed"),
        ("b.png", "duplicate"),
        ("b.png", "review"),
        ("c.pdf", "quarantined"),
        ("c.pdf", "quarantined"),
    ]
    copy = next(line for line in house.documents() if line["state"] == "duplicate")
    assert copy["pages"] == [1]
    waiting = next(line for line in house.documents() if line["state"] == "review")
    house.run("review", "discard", waiting["document"], "--reason", "not ours")
    shutil.copy(tmp_path / "keep" / "b.png", house.inbox / "again.png")
    house.run("batch")
    assert [line["state"] for line in house.documents(scan="again.png")] == ["review"]


def test_what_a_person_accepts_is_filed_at_once_and_can_be_taken_back(house: House) -> None:
    save([lab_report("LINDQVIST, PETER", "", "")], house.inbox / "name only.png")
    house.run("batch")
    (line,) = house.documents()
    assert line["state"] == "review"
    house.run("review", "assign", line["document"], "00467302", "--yes")
    listed = house.run("documents", "--json", "--mrn", "00467302", "--state", "filed")
    filed = json.loads(listed.stdout)
    assert filed["state"] == "filed"
    assert filed["decided_by"] not in (None, "pipeline")
    assert (house.home / filed["filed_as"]).is_file()
    house.run("review", "undo", line["document"])
    (back,) = house.documents()
    assert (back["state"], back["mrn"], back["filed_as"]) == ("review", None, None)
    assert not (house.home / filed["filed_as"]).exists()
    house.run("verify")


def test_files_named_on_the_command_line_stay_and_are_taken_once(house: House, tmp_path: Path) -> None:
    save([lab_report("OKAFOR, CHIDI J", "07/25/1984", "00455550")], tmp_path / "old" / "box1" / "1.png")
    house.run("batch", str(tmp_path / "old"))
    again = house.run("batch", str(tmp_path / "old"), "--json")
    assert json.loads(again.stdout)["skipped"] == 1
    (line,) = house.documents()
    assert (line["source"], line["state"]) == ("box1/1.png", "filed")
    assert (tmp_path / "old" / "box1" / "1.png").is_file()


def test_shadow_and_the_stop_switch_file_nothing_and_say_what_would_have_been(house: House) -> None:
    picture = lab_report("HOLLOWAY, MARGARET A", "03/14/1951", "00412345")
    house.settings(unattended='"shadow"')
    save([picture], house.inbox / "1.png")
    house.run("batch")
    (line,) = house.documents()
    assert (line["state"], line["mrn"], line["would_file_mrn"]) == ("review", None, "00412345")
    house.settings(unattended='"on"')
    house.run("unattended", "stop", "--reason", "audit")
    save([picture.resize((1200, 1553))], house.inbox / "2.png")
    house.run("batch")
    assert [one["state"] for one in house.documents(scan="2.png")] == ["review"]


def test_identifiers_are_matched_line_by_line(house: House) -> None:
    questions = [
        {"id": 1, "name": "HOLLOWAY, MARGARET A", "birth_date": "3/14/51", "mrn": "00412345"},
        {"id": 2, "name": "Nobody Known", "birth_date": "1/1/1931"},
        {"id": 3},
    ]
    text = "\n".join(json.dumps(one) for one in questions) + "\n[]\n"
    done = house.run("patients", "match", stdin=text, code=1)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [1, 2, 3, None]
    assert [one["outcome"] for one in answers] == ["file", "none", "none", "none"]
    assert answers[0]["mrn"] == "00412345"
    assert all(one["reasons"] for one in answers)


def test_wrong_use_is_one_line_and_exit_2(house: House, tmp_path: Path) -> None:
    elsewhere = House(tmp_path / "nothing")
    for arguments in (["documents"], ["batch"], ["verify"]):
        done = elsewhere.run(*arguments, code=2)
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1
    for arguments in (["batch", "--wat"], ["wat"], ["patients", "load", "gone.csv"], ["batch", "gone.pdf"]):
        done = house.run(*arguments, code=2)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def _png(picture: Image.Image, folder: Path) -> bytes:
    path = folder / "whole.png"
    picture.save(path)
    return path.read_bytes()


def test_a_page_that_a_person_turns_is_read_as_it_lies(house: House) -> None:
    save([lab_report("OKAFOR, CHIDI J", "07/25/1984", "00455550")], house.inbox / "lab.pdf")
    house.run("unattended", "stop", "--reason", "a look first")
    house.run("batch")
    (line,) = house.documents()
    assert line["state"] == "review"
    house.run("review", "rotate", line["document"], "--by", "180")
    (upside_down,) = house.documents()
    assert upside_down["document"] == line["document"]
    assert not {"mrn"} & {one["field"] for one in upside_down["evidence"]}
    house.run("review", "rotate", line["document"], "--by", "180")
    (again,) = house.documents()
    assert {one["value"] for one in again["evidence"] if one["field"] == "mrn"} == {"00455550"}
    assert again["candidates"][0]["mrn"] == "00455550"
    house.run("verify")
