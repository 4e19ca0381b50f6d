"""Logging in: guesses are counted, also those sent together; an administrator can help."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from ingest.errors import WrongUse
from ingest.ledger import DeskRole, Ledger
from ingest.review.logins import LoggedIn, Logins, Refusal

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
WORD = "a long enough sentence"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Make = Callable[..., Logins]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", create=True) as ledger:
        ledger.add_account(
            "rita", role=DeskRole.REVIEWER, password_hash=CHEAP.hash(WORD), system_user=None,
            clearances=frozenset(), by="adam", now=NOW,
        )  # fmt: skip
        yield ledger


@pytest.fixture
def logins(ledger: Ledger) -> Make:
    """The door at some minutes past nine."""
    tokens = count()

    def at(minutes: float = 0.0, *, hasher: PasswordHasher = CHEAP, **more: timedelta) -> Logins:
        return Logins(
            ledger,
            idle=more.get("idle", timedelta(minutes=15)),
            longest=more.get("longest", timedelta(hours=12)),
            now=lambda: NOW + timedelta(minutes=minutes),
            new_token=lambda: f"token {next(tokens)}",
            hasher=hasher,
        )

    return at


def guess(door: Logins, word: str = "guess guess guess", *, name: str = "rita", address: str = "10.0.0.1") -> object:
    return door.log_in(name, word, address=address)


def failures(ledger: Ledger, name: str = "rita") -> int:
    return ledger.login_failures_since(NOW - timedelta(days=1), name=name, address="nowhere")[0]


def test_five_wrong_words_stop_the_right_one_for_a_quarter_of_an_hour(logins: Make, ledger: Ledger) -> None:
    assert [guess(logins()) for _ in range(5)] == [Refusal.WRONG] * 5
    assert guess(logins(1), WORD) is Refusal.TOO_OFTEN
    assert failures(ledger) == 5  # what was not tried counts no further: nobody is kept out for ever by asking on
    assert sum(row.action == "login.failed" for row in ledger.audit()) == 6
    assert isinstance(guess(logins(15.1), WORD), LoggedIn)
    assert failures(ledger) == 0


def test_guesses_sent_together_are_counted_one_by_one(logins: Make) -> None:
    door = logins()
    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(lambda number: guess(door, f"guess number {number}"), range(40)))
    assert answers.count(Refusal.WRONG) == 5
    assert answers.count(Refusal.TOO_OFTEN) == 35


def test_whoever_logs_in_gives_way_to_who_works(logins: Make) -> None:
    niceness: list[int] = []

    class Telling(PasswordHasher):
        def verify(self, *given: str) -> bool:  # type: ignore[override]
            niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return super().verify(*given)

    door = logins(hasher=Telling(time_cost=1, memory_cost=8, parallelism=1))
    for _ in range(2):
        assert isinstance(door.log_in("rita", WORD, address="10.0.0.1"), LoggedIn)
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert niceness == [min(mine + 5, 19)] * 2


def test_an_address_is_stopped_whatever_names_it_tries(logins: Make) -> None:
    assert {guess(logins(), name=f"name{number}") for number in range(20)} == {Refusal.WRONG}
    assert guess(logins(), WORD) is Refusal.TOO_OFTEN
    assert isinstance(guess(logins(), WORD, address="10.0.0.2"), LoggedIn)


@pytest.mark.parametrize("helped", ["a new password", "opened again"])
def test_an_administrator_lets_somebody_in_again_at_once(logins: Make, ledger: Ledger, helped: str) -> None:
    for _ in range(5):
        guess(logins())
    if helped == "a new password":
        ledger.change_account("rita", password_hash=CHEAP.hash(WORD), by="adam", now=NOW)
    else:
        for disabled in (True, False):
            ledger.set_account_disabled("rita", disabled, by="adam", now=NOW)
    assert isinstance(guess(logins(), WORD), LoggedIn)


def test_of_a_long_name_only_a_name_is_kept(logins: Make, ledger: Ledger) -> None:
    assert guess(logins(), name="x" * 60_000) is Refusal.WRONG
    assert failures(ledger, "x" * 100) == 1
    assert max(len(str(row)) for row in ledger.audit()) < 2_000


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(logins: Make) -> None:
    first = guess(logins(), WORD)
    assert isinstance(first, LoggedIn)
    assert logins(14).who(first.token) is not None
    assert logins(28).who(first.token) is not None
    assert logins(43.1).who(first.token) is None
    second = guess(logins(), WORD)
    assert isinstance(second, LoggedIn)
    assert logins(10).who(second.token) is not None
    assert logins(11, longest=timedelta(minutes=11)).who(second.token) is None
    assert logins(10).who(second.token) is None  # ended is ended


def test_a_password_is_a_sentence(logins: Make) -> None:
    for word in ("short", "x" * 1025):
        with pytest.raises(WrongUse, match="12 to 1024 characters"):
            logins().hash(word)
