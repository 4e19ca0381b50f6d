"""Logging in: passwords as argon2 hashes, sessions as random tokens of which only the hash is kept.

Promises: nobody learns from an answer, or from how long it takes, whether an account exists; guessing is slowed down
by name and by address; a session ends when it is idle, when it is old, and when its account changes. Time and
randomness come in as arguments.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ingest.errors import WrongUse
from ingest.ledger import Account, Ledger

_WITHIN = timedelta(minutes=15)
_FAILURES_OF_NAME = 5
_FAILURES_OF_ADDRESS = 20
_SEEN_EVERY = timedelta(seconds=30)  # how exactly the last use of a session is known
_PASSWORD_LEAST = 12  # characters; NIST SP 800-63B asks for 8, and for no other rule
_PASSWORD_MOST = 1024
_NAME_MOST = 100
_NICER = 5


class Refusal(StrEnum):
    """Why nobody was logged in."""

    WRONG = "The name or the password is wrong."
    TOO_OFTEN = "Too many attempts failed. Wait a quarter of an hour, or ask an administrator for a new password."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Somebody at a browser: their token, and the token that their forms carry."""

    account: Account
    token: str

    @property
    def form_token(self) -> str:
        """What proves that a form came from a page of this session."""
        return form_token(self.token)


class Logins:
    """The door of the desk in the browser."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        idle: timedelta,
        longest: timedelta,
        now: Callable[[], datetime],
        new_token: Callable[[], str],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._ledger = ledger
        self._idle = idle
        self._longest = longest
        self._now = now
        self._new_token = new_token
        self._hasher = hasher or PasswordHasher()
        self._one_at_a_time = threading.Lock()
        self._hashing = ThreadPoolExecutor(1, "passwords", initializer=_give_way)

    def hash(self, password: str) -> str:
        """What is kept of a password. Raises WrongUse for one that is too short."""
        if not _PASSWORD_LEAST <= len(password) <= _PASSWORD_MOST:
            msg = f"a password has {_PASSWORD_LEAST} to {_PASSWORD_MOST} characters: take a sentence"
            raise WrongUse(msg)
        return self._hasher.hash(password)

    def log_in(self, name: str, password: str, *, address: str) -> LoggedIn | Refusal:
        """A new session, or why there is none. Failures are recorded.

        One at a time: guesses sent together are counted one by one, and cost the memory of one.
        """
        with self._one_at_a_time:
            return self._log_in(name[:_NAME_MOST], password[:_PASSWORD_MOST], address=address)

    def _log_in(self, name: str, password: str, *, address: str) -> LoggedIn | Refusal:
        now = self._now()
        of_name, of_address = self._ledger.login_failures_since(now - _WITHIN, name=name, address=address)
        if of_name >= _FAILURES_OF_NAME or of_address >= _FAILURES_OF_ADDRESS:
            self._ledger.login_failed(name, address=address, counts=False, now=now)
            return Refusal.TOO_OFTEN
        kept = self._ledger.password_hash(name)
        if not self._fits(kept or self._nobody, password) or kept is None:
            self._ledger.login_failed(name, address=address, now=now)
            return Refusal.WRONG
        return self.begin(name, address=address)

    def begin(self, name: str, *, address: str) -> LoggedIn:
        """A session for somebody who has proved who they are elsewhere."""
        token = self._new_token()
        session = self._ledger.begin_session(name, token_hash=_hashed(token), now=self._now(), address=address)
        return LoggedIn(account=session.account, token=token)

    def who(self, token: str) -> LoggedIn | None:
        """Who holds a token, as long as its session lives; each use keeps it from being idle."""
        key, now = _hashed(token), self._now()
        session = self._ledger.session(key)
        if session is None:
            return None
        if now - session.created_at >= self._longest:
            self._ledger.end_session(key, why="expired", now=now)
            return None
        if now - session.seen_at >= self._idle:
            self._ledger.end_session(key, why="idle", now=now)
            return None
        if now - session.seen_at >= min(_SEEN_EVERY, self._idle / 4):
            self._ledger.see_session(key, now=now)
        return LoggedIn(account=session.account, token=token)

    def log_out(self, token: str) -> None:
        """Ends a session; idempotent."""
        self._ledger.end_session(_hashed(token), why="left", now=self._now())

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hashing.submit(self._hasher.verify, kept, password).result()
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobody(self) -> str:
        """What the password of an unknown name is held against, so that it takes as long."""
        return self._hasher.hash(self._new_token())


def _give_way() -> None:
    """A shift that logs in takes both cores for seconds: who works already goes first. Niceness is a thread's here."""
    thread = threading.get_native_id()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICER)


def form_token(token: str) -> str:
    """The form token of a session's token."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
