"""The desk as `ingest serve` runs it: whom it believes when a request says where it comes from."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.desk_house import DeskHouse, house_run, served
from tests.faults import story


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskHouse]:
    """Believes the header of a proxy that is not this machine."""
    home = tmp_path_factory.mktemp("served") / "site"
    story.make(home, proxy_user_header='"Remote-User"', proxy_addresses='["10.9.9.9"]')
    made = DeskHouse(home=home)
    house_run(made, "users", "add", "sam", "--role", "supervisor", "--no-password")
    with served(made):
        yield made


def ask(house: DeskHouse, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, str]:
    browser = http.client.HTTPConnection("127.0.0.1", urlsplit(house.url).port or 0, timeout=30)
    try:
        browser.request(method, path, body, headers)
        answer = browser.getresponse()
        return answer.status, answer.read().decode()
    finally:
        browser.close()


@pytest.mark.parametrize("also", [{}, {"X-Forwarded-For": "10.9.9.9"}, {"Forwarded": "for=10.9.9.9"}])
def test_nobody_is_somebody_by_saying_so(house: DeskHouse, also: dict[str, str]) -> None:
    assert ask(house, "GET", "/review", {"Remote-User": "sam", **also})[0] == 303
    assert house.events("session.begun") == []


def test_guesses_are_counted_by_who_connects_and_not_by_what_they_say(house: DeskHouse) -> None:
    for number in range(21):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": f"10.0.0.{number}"}
        form = urlencode({"name": f"name{number}", "password": "guess guess guess"})
        _, told = ask(house, "POST", "/review/login", headers, form)
    assert "Too many attempts" in told
