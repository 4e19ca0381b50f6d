"""A desk in this process, and browsers at it that send whatever a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from ingest.ledger import DeskRole
from ingest.review.logins import Logins
from ingest.running.batch import run_drop_folder
from ingest.running.filer import Filer
from ingest.running.page_pictures import PagePictures
from ingest.running.runner import Runner, utc_now
from ingest.running.site import Site, open_site
from ingest.web.app import make_app
from tests.fakes import scripted
from tests.faults import story

WORD = "a long enough sentence"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = {
    "rita": DeskRole.REVIEWER,
    "ron": DeskRole.REVIEWER,
    "sam": DeskRole.SUPERVISOR,
    "ada": DeskRole.AUDITOR,
    "adam": DeskRole.ADMINISTRATOR,
}


@dataclass(slots=True, kw_only=True)
class Desk:
    """An open site, and browsers at its desk."""

    site: Site
    app: object

    def browser(self) -> TestClient:
        """A browser that nobody has logged in with. It follows no redirects."""
        return TestClient(self.app, base_url="http://desk", follow_redirects=False)  # type: ignore[arg-type]

    def logged_in(self, name: str = "rita") -> TestClient:
        """Somebody's browser."""
        browser = self.browser()
        answer = browser.post("/review/login", data={"name": name, "password": WORD})
        assert answer.status_code == 303
        return browser

    def events(self, action: str) -> list[tuple[str, str]]:
        return [(row.actor, row.facts.get("why", "")) for row in self.site.ledger.audit() if row.action == action]

    def token(self, browser: TestClient) -> str:
        """What the forms of a browser's session carry."""
        return browser.get("/review").text.split('data-token="')[1].split('"')[0]


@contextmanager
def desk_at(home: Path, *, files: int, looks: bool = False, **settings: str) -> Iterator[Desk]:
    """A site with so many files of one page worked, and its desk; with `looks` everything filed is looked at again."""
    story.make(home, **{"text": '"full"'} | settings)
    if looks:
        file = home / "ingest.toml"
        file.write_text(file.read_text().replace("\nunattended = 0.01\n", "\nunattended = 1.0\n"))
    for number in range(files):
        scripted.save((scripted.page(number % 5 + 1, salt=number + 1),), home / "inbox" / f"{number}.png")
    with open_site(home) as site:
        with Runner(site, workers=1) as runner:
            run_drop_folder(site, runner, lambda _: None)
        door = Logins(
            site.ledger, idle=timedelta(1), longest=timedelta(1), now=utc_now, new_token=lambda: "x", hasher=CHEAP
        )
        for name, role in PEOPLE.items():
            site.ledger.add_account(
                name,
                role=role,
                password_hash=door.hash(WORD),
                system_user=None,
                clearances=frozenset(),
                by="test",
                now=utc_now(),
            )
        with PagePictures(site, workers=1, keep_bytes=1 << 26) as pictures, Filer(site) as filer:
            yield Desk(site=site, app=make_app(site, pictures, filer, secure=False, hasher=CHEAP))
