"""Attacks on the desk: each is refused, and each leaves an event in the audit. Requests as an attacker makes them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from ingest.model import DocumentState
from ingest.running.runner import utc_now
from matchers.patient import Patient
from tests.contract.ledger_steps import patient
from tests.e2e.desk_requests import WORD, Desk, desk_at

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_at(tmp_path_factory.mktemp("attacked") / "site", files=4, unattended='"off"') as desk:
        yield desk


def form_of(browser: TestClient, document: str = "D000001") -> dict[str, str]:
    """The fields that a form of this session carries."""
    page = browser.get(f"/review/items/{document}").text
    return {"token": page.split('data-token="')[1].split('"')[0]}


@pytest.mark.parametrize(
    "path", ["", "/next", "/queue", "/items/D000001", "/documents/D000001", "/documents/D000001/pages/1", "/search?q=a"]
)
def test_nothing_is_answered_without_a_session(desk: Desk, path: str) -> None:
    answer = desk.browser().get(f"/review{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/login")
    assert answer.text == ""


@pytest.mark.parametrize("act", ["accept", "assign", "discard", "undo", "split"])
def test_nothing_is_done_without_a_session(desk: Desk, act: str) -> None:
    answer = desk.browser().post(f"/review/items/D000001/{act}", data={"candidate": "1", "reason": "x"})
    assert answer.status_code == 401
    assert desk.site.ledger.document("D000001").state is DocumentState.REVIEW


@pytest.mark.parametrize("forged", ["x", "0" * 43, "' OR 1=1 --", "../../etc/passwd"])
def test_a_forged_session_is_none(desk: Desk, forged: str) -> None:
    browser = desk.browser()
    browser.cookies.set("paperchart", forged)
    assert browser.get("/review/queue").status_code == 303
    assert desk.events("request.refused")[-1] == ("nobody", "session")


def test_a_session_that_was_left_cannot_be_replayed(desk: Desk) -> None:
    browser = desk.logged_in()
    stolen = browser.cookies["paperchart"]
    answer = browser.post("/review/logout", data=form_of(browser))
    assert answer.status_code == 303
    thief = desk.browser()
    thief.cookies.set("paperchart", stolen)
    assert thief.get("/review/queue").status_code == 303
    assert desk.events("request.refused")[-1] == ("nobody", "session")


def test_a_disabled_account_is_out_at_once(desk: Desk) -> None:
    browser = desk.logged_in("ada")
    assert browser.get("/review").status_code == 200
    desk.site.ledger.set_account_disabled("ada", True, by="test", now=utc_now())
    assert browser.get("/review").status_code == 303
    assert desk.browser().post("/review/login", data={"name": "ada", "password": WORD}).status_code == 401
    desk.site.ledger.set_account_disabled("ada", False, by="test", now=utc_now())


@pytest.mark.parametrize("token", ["", "0" * 64, None])
def test_a_form_from_elsewhere_changes_nothing(desk: Desk, token: str | None) -> None:
    browser = desk.logged_in()
    data = {"reason": "x"} | ({} if token is None else {"token": token})
    answer = browser.post("/review/items/D000001/discard", data=data)
    assert answer.status_code == 403
    assert desk.events("request.refused")[-1] == ("rita", "form token")
    assert desk.site.ledger.document("D000001").state is DocumentState.REVIEW


def test_the_token_of_another_session_is_no_good(desk: Desk) -> None:
    mine, other = desk.logged_in(), desk.logged_in()
    answer = mine.post("/review/items/D000001/discard", data={"reason": "x", **form_of(other)})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_a_good_token_from_another_origin_is_no_good(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.logged_in()
    answer = browser.post("/review/items/D000001/discard", data={"reason": "x", **form_of(browser)}, headers=headers)
    assert answer.status_code == 403


def test_nobody_is_logged_in_from_elsewhere(desk: Desk) -> None:
    data = {"name": "rita", "password": WORD}
    answer = desk.browser().post("/review/login", data=data, headers={"origin": "http://evil"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert desk.events("request.refused")[-1] == ("anybody", "origin")


@pytest.mark.parametrize(
    "path",
    [
        "/review/documents/D000001/pages/..%2f..%2f..%2fetc%2fpasswd",
        "/review/documents/D000001/pages/1%00",
        "/review/documents/D000001/pages/-1",
        "/review/documents/D000001/pages/99",
        "/review/documents/..%2f..%2fledger.sqlite/pages/1",
        "/review/documents/D000001;DROP TABLE/pages/1",
        "/review/static/x/..%2f..%2fapp.py",
        "/review/static/x/../../app.py",
        "/review/documents/D99999999999999999999/pages/1",
    ],
)
def test_no_path_leads_out(desk: Desk, path: str) -> None:
    answer = desk.logged_in().get(path)
    assert answer.status_code in (400, 404)
    assert desk.events("request.refused")[-1] == ("rita", f"status {answer.status_code}")
    assert b"root:" not in answer.content
    assert b"SQLite" not in answer.content


def test_script_in_a_patients_name_is_text(desk: Desk) -> None:
    mean: Patient = replace(patient("0099"), last_name=SCRIPT, first_name="<img src=x onerror=alert(1)>")
    desk.site.ledger.load_patients([mean], now=utc_now())
    answer = desk.logged_in().get("/review/search", params={"q": "0099", "document": SCRIPT, "version": SCRIPT})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert html.escape("<script>alert(1)") in answer.text


def test_script_in_a_filter_or_a_message_is_text(desk: Desk) -> None:
    browser = desk.logged_in()
    for path in (f"/review/queue?origin={SCRIPT}&reason={SCRIPT}&older={SCRIPT}", f"/review/documents?id={SCRIPT}"):
        assert "<script>alert" not in browser.get(path).text


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("ada", "get", "/review/next"),
        ("ada", "get", "/review/search?q=a"),
        ("ada", "post", "/review/items/D000001/accept"),
        ("ada", "post", "/review/items/D000001/discard"),
        ("ada", "post", "/review/unattended/resume"),
        ("adam", "get", "/review/queue"),
        ("adam", "get", "/review/documents/D000001"),
        ("adam", "get", "/review/documents/D000001/pages/1"),
        ("adam", "post", "/review/items/D000001/discard"),
        ("rita", "post", "/review/unattended/resume"),
    ],
)
def test_another_roles_url_is_refused(desk: Desk, name: str, method: str, path: str) -> None:
    browser = desk.logged_in(name)
    page = browser.get("/review").text
    token = page.split('data-token="')[1].split('"')[0]
    before = len(desk.events("access.refused"))
    if method == "get":
        answer = browser.get(path)
    else:
        answer = browser.post(path, data={"token": token, "version": "1", "candidate": "1", "reason": "x"})
    assert answer.status_code == 403
    assert len(desk.events("access.refused")) == before + 1
    assert desk.site.ledger.document("D000001").state is DocumentState.REVIEW


def test_guessing_passwords_is_stopped_also_with_the_right_one(desk: Desk) -> None:
    browser = desk.browser()
    for _ in range(5):
        answer = browser.post("/review/login", data={"name": "adam", "password": "guess guess guess"})
        assert answer.status_code == 401
    answer = browser.post("/review/login", data={"name": "adam", "password": WORD})
    assert answer.status_code == 401
    assert "Too many attempts" in answer.text
    assert len(desk.events("login.failed")) >= 6


def test_an_unknown_name_is_answered_like_a_wrong_password(desk: Desk) -> None:
    known = desk.browser().post("/review/login", data={"name": "rita", "password": "wrong wrong wrong"})
    unknown = desk.browser().post("/review/login", data={"name": "nora", "password": "wrong wrong wrong"})
    assert known.text.replace("rita", "nora") == unknown.text
    assert known.status_code == unknown.status_code == 401


def test_an_oversized_form_is_refused(desk: Desk) -> None:
    browser = desk.logged_in()
    data = {"reason": "x" * 100_000, **form_of(browser)}
    assert browser.post("/review/items/D000001/discard", data=data).status_code == 413
    assert desk.events("request.refused")[-1] == ("rita", "status 413")
    many = "&".join(f"f{number}=1" for number in range(300))
    answer = browser.post(
        "/review/items/D000001/discard", content=many, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 400
    assert browser.post("/review/items/D000001/discard", files={"reason": b"x"}).status_code == 415


def test_every_answer_tells_the_browser_to_be_careful(desk: Desk) -> None:
    browser = desk.logged_in()
    for path in ("/review", "/review/login", "/review/items/D000001", "/review/nothing", "/"):
        headers = desk.browser().get(path).headers if path == "/review/login" else browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_cookie_is_for_the_desk_alone(desk: Desk) -> None:
    told = desk.browser().post("/review/login", data={"name": "rita", "password": WORD}).headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=strict" in told.replace("Strict", "strict")
    assert "Path=/review" in told


def test_a_header_of_a_proxy_is_believed_only_when_the_site_says_so(desk: Desk) -> None:
    answer = desk.browser().get("/review", headers={"remote-user": "rita", "x-forwarded-user": "rita"})
    assert answer.status_code == 303


def test_refusals_of_forms_and_logins_hold_no_password(desk: Desk) -> None:
    typed = "never to be seen anywhere"
    desk.browser().post("/review/login", data={"name": "nora", "password": typed})
    kept = "".join(str(row) for row in desk.site.ledger.audit())
    assert typed not in kept
