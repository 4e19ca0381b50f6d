"""Pages of the desk beside the item: moving, the second look, learning, the proxy. Asked for as a browser does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.ledger import SITE_ITSELF, ProposalKind
from ingest.model import Disposition, Document, DocumentState
from ingest.running.runner import utc_now
from ingest.running.second_look import draw_second_looks
from tests.contract.ledger_steps import candidate, read, to_review
from tests.e2e.desk_requests import Desk, desk_at
from tests.fakes.doubtful import doubt
from tests.fakes.taken import open_white_page

FIGURES = {"taught": 300, "confirmed": 60, "levels_changed": 0}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("pages") / "site"
    with desk_at(home, files=3, looks=True) as desk:
        assert {document.state for document in desk.site.ledger.documents()} == {DocumentState.FILED}
        yield desk


def filed(desk: Desk) -> Document:
    """A document that is filed, and no copy."""
    return next(one for one in desk.site.ledger.documents(state=DocumentState.FILED) if one.copy_of is None)


def settled(desk: Desk, document_id: str, mrn: str) -> None:
    """Waits until a document is filed to a patient."""
    until = time.monotonic() + 60
    while (document := desk.site.ledger.document(document_id)).mrn != mrn:
        assert time.monotonic() < until, document.state
        time.sleep(0.1)


def test_a_second_look_is_blind_and_a_disagreement_is_a_supervisors(desk: Desk) -> None:
    draw_second_looks(desk.site, by="test", now=utc_now())
    reviewer, supervisor = desk.logged_in("ron"), desk.logged_in("sam")
    where = reviewer.get("/review/second-look/next").headers["location"]
    page = reviewer.get(where)
    assert "Somebody has decided on it" in page.text
    assert "filed" not in page.text.split("<main")[1]
    assert not any(f"D{number:06d}" in page.text.split("<main")[1] for number in range(1, 9))
    picture = reviewer.get(f"{where}/pages/1")
    assert picture.headers["content-type"].startswith("image/")
    assert supervisor.get(where).status_code in (404, 409)
    token = desk.token(reviewer)
    assert reviewer.post(f"{where}/answer", data={"token": token, "answer": "maybe"}).status_code == 400
    told = reviewer.post(f"{where}/answer", data={"token": token, "answer": "no_patient"})
    assert told.headers["location"] == "/review/second-look/next"
    overview = supervisor.get("/review/second-look").text
    assert "Two answers that differ" in overview
    assert "Two answers that differ" not in reviewer.get("/review/second-look").text
    number = where.rsplit("/", 1)[1]
    document_id = desk.site.ledger.disagreement(int(number)).document_id
    refused = reviewer.post(f"/review/second-look/{number}/settle", data={"token": token, "settlement": "first_wrong"})
    assert refused.status_code == 403
    form = {"token": desk.token(supervisor), "settlement": "first_wrong"}
    assert supervisor.post(f"/review/second-look/{number}/settle", data=form).status_code == 303
    assert desk.site.ledger.document(document_id).state is DocumentState.REVIEW
    assert (document_id, "sam") in [
        (row.subject, row.actor) for row in desk.site.ledger.audit() if row.action == "document.misfiled"
    ]
    assert "Settled lately" not in reviewer.get("/review/second-look").text
    assert ": first wrong</td>" in supervisor.get("/review/second-look").text
    again = f"/review/second-look/{number}/reopen"
    (one,) = desk.site.ledger.disagreements(clearance=SITE_ITSELF, settled=True)
    shown = {"settled_at": one.settled_at.isoformat()}
    assert shown["settled_at"] in supervisor.get("/review/second-look").text
    assert reviewer.post(again, data={"token": token} | shown).status_code == 403
    form = {"token": form["token"]}
    assert supervisor.post(again, data=form).status_code == 400
    assert supervisor.post(again, data=form | {"settled_at": "2026-01-01T00:00:00+00:00"}).status_code == 409
    assert supervisor.post(again, data=form | shown).headers["location"] == "/review/second-look"
    assert desk.site.ledger.misfiles() == ()
    overview = supervisor.get("/review/second-look").text
    assert "Two answers that differ" in overview
    assert "Settled lately" not in overview
    assert supervisor.post(again, data=form | shown).status_code == 404


def test_a_filed_document_is_moved_and_who_looked_is_told(desk: Desk) -> None:
    document = filed(desk)
    auditor, reviewer = desk.logged_in("ada"), desk.logged_in("rita")
    auditor.get(f"/review/documents/{document.id}")
    other = "00498761" if document.mrn != "00498761" else "00412345"
    form = {"token": desk.token(reviewer), "version": document.version, "mrn": other, "why": "it is his sister's"}
    asked = reviewer.post(f"/review/documents/{document.id}/move/refile", data=form)
    assert "speak against" in asked.text
    moved = reviewer.post(f"/review/documents/{document.id}/move/refile", data=form | {"confirm": "yes"})
    assert "marked as a misfile by the program" in moved.text
    assert "ada" in moved.text
    settled(desk, document.id, other)
    assert [found.document_id for found in desk.site.ledger.misfiles(document_id=document.id)] == [document.id]
    theirs = form | {"token": desk.token(auditor)}
    assert auditor.post(f"/review/documents/{document.id}/move/refile", data=theirs).status_code == 403
    assert reviewer.post(f"/review/documents/{document.id}/move/nowhere", data=form).status_code == 404


def test_a_filed_document_is_copied_to_a_second_patient(desk: Desk) -> None:
    reviewer = desk.logged_in("rita")
    document = filed(desk)
    other = "00455550" if document.mrn != "00455550" else "00412345"
    token = desk.token(reviewer)
    form = {"token": token, "version": document.version, "mrn": other, "why": "mother and child", "confirm": "yes"}
    answer = reviewer.post(f"/review/documents/{document.id}/move/copy", data=form)
    assert answer.status_code == 303
    copies = [one for one in desk.site.ledger.documents() if one.copy_of == document.id]
    assert len(copies) == 1
    settled(desk, copies[0].id, other)


def test_what_people_filed_and_is_in_doubt_since_is_told_and_settled_by_a_supervisor(desk: Desk) -> None:
    reviewer, supervisor = desk.logged_in("rita"), desk.logged_in("sam")
    document = filed(desk)
    assert "in doubt since" not in reviewer.get("/review").text
    doubt(desk.site.ledger, document, "Its pages speak for <b>MRN 00412345</b> now.", now=utc_now())
    assert "1 in doubt since people decided" in reviewer.get("/review").text
    for page in ("/review/doubts", f"/review/documents/{document.id}"):
        assert "&lt;b&gt;MRN 00412345" in reviewer.get(page).text
    where = f"/review/doubts/{document.id}"
    (raised,) = desk.site.ledger.doubts()
    shown = {"raised_at": raised.raised_at.isoformat()}
    refused = reviewer.post(where, data={"token": desk.token(reviewer), "note": "it is right", **shown})
    assert refused.status_code == 403
    assert "It is right" not in reviewer.get("/review/doubts").text
    form = {"token": desk.token(supervisor), "note": "her maiden name"}
    assert supervisor.post(where, data=form | shown | {"note": " "}).status_code == 400
    assert supervisor.post(where, data=form).status_code == 400
    assert supervisor.post(where, data=form | {"raised_at": "2026-01-01T00:00:00+00:00"}).status_code == 409
    settled = supervisor.post(where, data=form | shown)
    assert settled.headers["location"] == "/review/doubts"
    assert "Nothing is in doubt" in supervisor.get("/review/doubts").text
    assert supervisor.post(where, data=form | shown).status_code == 404
    assert "<h2>Let stand lately</h2>" in reviewer.get("/review/doubts").text
    assert "sam let it stand" in reviewer.get(f"/review/documents/{document.id}").text
    assert "Take that back" in supervisor.get(f"/review/documents/{document.id}").text
    assert "Doubt it again" not in reviewer.get("/review/doubts").text
    (one,) = desk.site.ledger.doubts(settled=True)
    shown = {"settled_at": one.settled_at.isoformat()}
    form = {"token": form["token"]}
    assert reviewer.post(f"{where}/again", data={"token": desk.token(reviewer)} | shown).status_code == 403
    assert supervisor.post(f"{where}/again", data=form).status_code == 400
    assert supervisor.post(f"{where}/again", data=form | shown).headers["location"] == "/review/doubts"
    assert desk.site.ledger.doubts() == (raised,)
    assert supervisor.post(f"{where}/again", data=form | shown).status_code == 404


def test_a_blank_page_is_found_small_and_brought_back(desk: Desk) -> None:
    ledger, now = desk.site.ledger, utc_now()
    blank = Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("Nothing stands on it.",))
    (document,) = ledger.conclude_reading(open_white_page(desk.site, now), dispositions=(blank,), now=now)
    reviewer = desk.logged_in("rita")
    page = reviewer.get("/review/left-out").text
    assert f"{document.id}, blank" in page
    small = f"/review/documents/{document.id}/pages/1?size=small"
    assert small in page
    assert reviewer.get(small).headers["content-type"].startswith("image/")
    looks = [row.details for row in ledger.audit() if row.action == "page.viewed" and row.subject == document.id]
    assert looks == [{"page": "1", "size": "small"}]
    form = {"token": desk.token(reviewer), "version": document.version}
    assert reviewer.post(f"/review/items/{document.id}/bring-back", data=form).status_code == 200
    assert ledger.document(document.id).state is DocumentState.REVIEW
    assert document.id not in reviewer.get("/review/left-out").text


def test_the_waterfall_of_a_candidate_stands_on_its_item(desk: Desk) -> None:
    ledger, now = desk.site.ledger, utc_now()
    told = replace(to_review(1), candidates=(replace(candidate("0012", 0.9), prior_bits=-16.0, odds_bits=4.0),))
    (document,) = ledger.conclude_reading(open_white_page(desk.site, now, name="b.png"), dispositions=(told,), now=now)
    page = desk.logged_in("rita").get(f"/review/items/{document.id}").text
    assert "From the first guess to the odds" in page
    steps = page.split("From the first guess to the odds")[1].split("</table>")[0]
    assert "-16.0" in steps
    assert "+4.0" in steps


def test_only_what_somebody_may_see_is_offered_for_joining(desk: Desk) -> None:
    ledger, now = desk.site.ledger, utc_now()
    ledger.label_patient("00412345", "VIP", by="test", now=now)
    theirs = replace(to_review(2), candidates=(candidate("00412345", 0.9),))
    first, second = read(ledger, to_review(1), theirs, name="c.png")
    page = desk.logged_in("rita").get(f"/review/items/{first.id}")
    assert page.status_code == 200
    assert second.id not in page.text
    ledger.unlabel_patient("00412345", "VIP", by="test", now=now)
    assert second.id in desk.logged_in("rita").get(f"/review/items/{first.id}").text


def test_what_was_learned_is_shown_and_refused_by_a_supervisor(desk: Desk) -> None:
    supervisor, reviewer = desk.logged_in("sam"), desk.logged_in("rita")
    assert "Nothing was proposed yet" in supervisor.get("/review/learning").text
    assert reviewer.get("/review/learning").status_code == 403
    made = desk.site.ledger.propose(
        kind=ProposalKind.WEIGHTS,
        body={"policy": desk.site.policy.name, "levels": {}},
        figures=FIGURES,
        by="sam",
        now=utc_now(),
    )
    assert "Proposal" in supervisor.get("/review/learning").text
    form = {"token": desk.token(supervisor), "note": "too few"}
    assert supervisor.post(f"/review/learning/{made.number}/refuse", data=form).status_code == 303
    assert desk.site.ledger.proposal(made.number).settled_by == "sam"
    assert supervisor.post(f"/review/learning/{made.number}/sell", data=form).status_code == 404


def test_a_proxys_word_is_taken_where_the_site_says_so(tmp_path: Path) -> None:
    settings = {"proxy_user_header": '"Remote-User"', "proxy_addresses": '["testclient"]'}
    with desk_at(tmp_path / "site", files=1, **settings) as desk:
        inside = desk.browser().get("/review", headers={"remote-user": "rita"})
        assert inside.status_code == 200
        assert "rita, reviewer" in inside.text
        assert desk.browser().get("/review", headers={"remote-user": "nora"}).status_code == 303
        assert desk.browser().get("/review").status_code == 303
        desk.site.ledger.set_account_disabled("rita", True, by="test", now=utc_now())
        assert desk.browser().get("/review", headers={"remote-user": "rita"}).status_code == 303


def test_without_scripts_an_objection_is_a_page_that_leads_back(desk: Desk) -> None:
    ledger, now = desk.site.ledger, utc_now()
    told = replace(to_review(1), candidates=(candidate("00498761", 0.9),))
    (document,) = ledger.conclude_reading(open_white_page(desk.site, now, name="d.png"), dispositions=(told,), now=now)
    reviewer = desk.logged_in("rita")
    form = {"token": desk.token(reviewer), "version": document.version, "mrn": "00412345"}
    patient = replace(ledger.patient("00412345"), active=False)
    ledger.load_patients([patient], now=now)
    asked = reviewer.post(f"/review/items/{document.id}/assign?type=lab_report", data=form).text
    ledger.load_patients([replace(patient, active=True)], now=now)
    assert "marked inactive" in asked
    assert f'<a class="button" href="/review/items/{document.id}?type=lab_report" data-key="n" data-first>' in asked
    assert "data-close" not in asked
