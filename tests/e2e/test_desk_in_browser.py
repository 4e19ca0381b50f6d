"""The desk in a real browser: worked by keyboard alone, by several people, and by those who may not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from ingest.ledger import SITE_ITSELF, Act, LookAnswer
from ingest.model import DocumentState
from ingest.review.second_look_draw import Shares, draw, lot_of
from ingest.running.runner import utc_now
from ingest.running.site import open_site
from tests.e2e.desk_house import PASSWORD, DeskHouse, make, served
from tests.fakes.doubtful import doubt

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
LONG_MS = 30_000  # what the server works out first, on a machine that is busy
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskHouse]:
    made = make(tmp_path_factory.mktemp("desk") / "site", singles=30, pairs=3)
    assert {document.state for document in made.documents()} == {DocumentState.REVIEW}
    with served(made):
        yield made


@pytest.fixture(scope="module")
def playing() -> Iterator[Playwright]:
    expect.set_options(timeout=LONG_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playing: Playwright) -> Iterator[Browser]:
    browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


# A hand faster than any that a test could play from outside: it acts in the very task that changed the item.
ACT_WHEN_ANOTHER_ITEM_SHOWS = """act => {
    const was = document.querySelector("#desk").dataset.item;
    const key = () => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "1", bubbles: true, cancelable: true }));
    const click = () => document.querySelector("#desk [data-key='1']").dispatchEvent(
        new MouseEvent("click", { detail: 2, bubbles: true, cancelable: true }));
    new MutationObserver((_, watch) => {
        const desk = document.querySelector("#desk");
        if (!desk || desk.dataset.item === was) return;
        watch.disconnect();
        for (let count = 0; count < 2; count += 1) (act === "key" ? key : click)();
        document.body.dataset.acted = "on-another-item";
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-item"] });
}"""

Enter = Callable[..., Page]


@pytest.fixture
def enter(house: DeskHouse, browser: Browser) -> Iterator[Enter]:
    """Logs somebody in, by keyboard, in a browser of their own."""
    contexts = []

    def log_in(name: str, password: str = PASSWORD) -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{house.url}/review")
        expect(page).to_have_url(f"{house.url}/review/login")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        if password == PASSWORD:
            expect(page).to_have_url(f"{house.url}/review")
        return page

    yield log_in
    for context in contexts:
        for page in context.pages:
            page.evaluate(
                "() => { const f = document.querySelector('form.who'); if (f) return fetch('/review/logout',"
                " {method: 'POST', body: new URLSearchParams(new FormData(f))}); }"
            )
        context.close()


def item_of(page: Page) -> str:
    """The item on the screen."""
    shown = page.locator("#desk[data-item]").get_attribute("data-item")
    assert shown
    return shown


def press(page: Page, key: str) -> None:
    """A key, after the moment in which keys rest."""
    page.wait_for_selector("body:not([data-resting])")
    page.keyboard.press(key)


def moved_on(page: Page, item: str) -> str:
    """The next item, as soon as it is on the screen."""
    page.wait_for_function(
        "was => { const d = document.querySelector('#desk'); return d && d.dataset.item !== was; }", arg=item
    )
    return page.locator("#desk").get_attribute("data-item") or ""


def work(page: Page) -> str:
    """From the home page to the first item, by keyboard."""
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    press(page, "Enter")
    page.wait_for_url("**/review/items/*")
    return item_of(page)


def test_a_wrong_password_opens_nothing_and_is_recorded(house: DeskHouse, enter: Enter) -> None:
    page = enter("rita", "not the sentence")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    assert ("nobody", "desk") in house.events("login.failed")


def test_ten_items_are_worked_by_keyboard_alone(house: DeskHouse, enter: Enter) -> None:
    page = enter("rita")
    item = work(page)
    worked = []
    for _ in range(10):
        expect(page.locator(".sheet:not([hidden]) img")).to_have_js_property("complete", True)
        worked.append(item)
        press(page, "1")
        item = moved_on(page, item)
        expect(page.locator(".done")).to_contain_text(f"{worked[-1]} filed to MRN")
    assert len(set(worked)) == 10
    for one in worked:
        document = house.settled(one, DocumentState.FILED)
        assert (document.decided_by, document.mrn) == ("rita", document.candidates[0].mrn)
        assert (house.home / (document.filed_as or "")).is_file()
    assert {("rita", one) for one in worked} <= set(house.events("page.viewed"))


@pytest.mark.parametrize("act", ["key", "click"])
def test_keys_and_clicks_rest_for_a_moment_after_the_item_changes(house: DeskHouse, enter: Enter, act: str) -> None:
    page = enter("rita")
    item = work(page)
    page.evaluate(ACT_WHEN_ANOTHER_ITEM_SHOWS, act)
    press(page, "1")
    following = moved_on(page, item)
    page.wait_for_selector("body[data-acted=on-another-item]")
    page.wait_for_selector("body:not([data-resting])")
    page.wait_for_load_state("networkidle")
    assert item_of(page) == following
    with open_site(house.home) as site:
        assert site.ledger.document(following).state is DocumentState.REVIEW


def test_an_item_is_undone_from_the_next_one(house: DeskHouse, enter: Enter) -> None:
    page = enter("rita")
    item = work(page)
    press(page, "1")
    moved_on(page, item)
    press(page, "u")
    page.wait_for_function("was => document.querySelector('#desk').dataset.item === was", arg=item)
    assert house.settled(item, DocumentState.REVIEW).decided_by == "rita"


def test_a_document_is_split_before_the_page_shown(house: DeskHouse, enter: Enter) -> None:
    pair = next(one for one in house.documents(DocumentState.REVIEW) if len(one.pages) == 2)
    page = enter("rita")
    page.goto(f"{house.url}/review/items/{pair.id}")
    press(page, "n")
    expect(page.locator("[data-pageno]")).to_have_text("Page 2 of 2")
    press(page, "s")
    first = moved_on(page, pair.id)
    parts = [one for one in house.documents() if pair.id in one.parents]
    assert [one.pages for one in parts] == [(1,), (2,)]
    assert first == parts[0].id


def test_somebody_else_is_searched_asked_about_and_assigned(house: DeskHouse, enter: Enter) -> None:
    page = enter("rita")
    item = work(page)
    with open_site(house.home) as site:
        mine = site.ledger.document(item).candidates[0].mrn
    other = "HOLLOWAY" if mine != "00412345" else "OKAFOR"
    press(page, "/")
    page.keyboard.type(other.lower(), delay=20)
    found = page.locator("#found button").first
    expect(found).to_contain_text(other)
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog")).to_contain_text("speak against")
    expect(page.get_by_text("Do not", exact=False).first).to_be_focused()
    press(page, "n")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert item_of(page) == item
    press(page, "/")
    page.locator("#found button").first.click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    press(page, "y")
    moved_on(page, item)
    assert house.settled(item, DocumentState.FILED).mrn != mine


def test_a_page_is_turned_and_read_as_it_lies(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    item = work(page)
    expect(page.get_by_role("button", name="Read it this way")).to_be_hidden()
    press(page, "r")
    press(page, "r")
    assert "rotate(180deg)" in (page.locator(".sheet:not([hidden])").get_attribute("style") or "")
    press(page, "R")
    expect(page.locator(".done")).to_contain_text("read as it lies", timeout=60_000)
    assert item_of(page) == item
    assert [actor for actor, _ in house.events("page.turned")] == ["sam"]


# Where the sheet stands when the view is moved as far as it goes: the gaps to the view's edges, none of them negative.
GAPS = """() => {
    const view = document.querySelector("[data-view]");
    const sheet = document.querySelector(".sheet:not([hidden])");
    const frame = view.getBoundingClientRect();
    view.scrollTo(0, 0);
    let at = sheet.getBoundingClientRect();
    const gaps = [at.left - frame.left, at.top - frame.top];
    view.scrollTo(1e6, 1e6);
    at = sheet.getBoundingClientRect();
    return [...gaps, frame.left + view.clientWidth - at.right, frame.top + view.clientHeight - at.bottom];
}"""


@pytest.mark.parametrize(("turns", "zooms"), [(1, 0), (1, 3), (3, 3), (2, 3), (0, 3)])
def test_every_edge_of_a_turned_page_can_be_reached(house: DeskHouse, enter: Enter, turns: int, zooms: int) -> None:
    page = enter("sam")
    work(page)
    expect(page.locator(".sheet:not([hidden]) img")).to_have_js_property("complete", True)
    page.emulate_media(reduced_motion="reduce")
    for key, times in (("r", turns), ("+", zooms)):
        for _ in range(times):
            press(page, key)
    assert min(page.evaluate(GAPS)) >= -1


def test_single_keys_can_be_switched_off(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    item = work(page)
    press(page, "?")
    page.get_by_role("button", name="Single keys").click()
    page.keyboard.press("Escape")
    press(page, "1")
    page.reload()
    press(page, "1")
    page.wait_for_load_state("networkidle")
    assert item_of(page) == item
    press(page, "?")
    page.get_by_role("button", name="Single keys").click()
    page.keyboard.press("Escape")
    press(page, "1")
    moved_on(page, item)


def test_a_filter_stays_while_one_works(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    page.goto(f"{house.url}/review/queue?older=0&reason=unattended")
    page.get_by_role("link", name="Work these").click()
    page.wait_for_url("**/review/items/*?*")
    for _ in range(2):
        assert parse_qs(urlsplit(page.url).query) == {"older": ["0"], "reason": ["unattended"]}
        item = item_of(page)
        press(page, "d")
        page.get_by_role("button", name="Put off").click()
        moved_on(page, item)


def test_a_desk_that_is_away_is_said_and_decides_nothing(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    item = work(page)
    page.context.set_offline(True)
    press(page, "1")
    expect(page.locator("#message")).to_contain_text("does not answer")
    page.context.set_offline(False)
    page.context.route("**/accept*", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    press(page, "1")
    expect(page.locator("#message")).to_contain_text("nothing was decided")
    assert item_of(page) == item


def test_a_click_on_the_evidence_shows_its_place_and_back(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    work(page)
    row = page.locator("tr[data-spot]").first
    number = row.get_attribute("data-spot")
    row.get_by_role("button").click()
    expect(page.locator(f'rect[data-spot="{number}"]')).to_have_class("box f-name lit")
    expect(row.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    page.locator("rect[data-spot]").nth(1).click()
    expect(page.locator("tr.lit")).to_have_count(1)
    assert page.locator("tr.lit").get_attribute("data-spot") != number


def test_type_is_corrected_a_question_asked_and_an_item_put_off(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    item = work(page)
    press(page, "t")
    page.locator("#type").select_option("consent")
    page.get_by_role("button", name="Correct").click()
    expect(page.locator(".done")).to_contain_text("type and date corrected")
    assert house.settled(item, DocumentState.REVIEW).type == "consent"
    press(page, "a")
    page.locator("#owner").fill("registration")
    page.locator("#question").fill("Is this the twin?")
    page.get_by_role("button", name="Ask", exact=True).click()
    following = moved_on(page, item)
    press(page, "d")
    page.keyboard.press("Enter")
    moved_on(page, following)
    with open_site(house.home) as site:
        assert site.ledger.inquiries_of(item)[0].question == "Is this the twin?"
    assert ("sam", following) in house.events("document.deferred")


def test_two_reviewers_never_get_the_same_item(house: DeskHouse, enter: Enter) -> None:
    rita, ron = enter("rita"), enter("ron")
    seen = {"rita": [work(rita)], "ron": [work(ron)]}
    for _ in range(2):
        for name, page in (("rita", rita), ("ron", ron)):
            item = seen[name][-1]
            press(page, "x")
            page.keyboard.type("a copy")
            page.keyboard.press("Enter")
            seen[name].append(moved_on(page, item))
    assert not set(seen["rita"]) & set(seen["ron"])
    rita.goto(f"{house.url}/review/items/{seen['ron'][-1]}")
    expect(rita.get_by_role("alert")).to_contain_text("is with ron")


@pytest.mark.parametrize(
    ("name", "path"), [("ada", "next"), ("adam", "queue"), ("adam", "next"), ("adam", "documents/D000001")]
)
def test_the_wrong_role_is_refused(house: DeskHouse, enter: Enter, name: str, path: str) -> None:
    page = enter(name)
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    before = len(house.events("access.refused"))
    answer = page.goto(f"{house.url}/review/{path}")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("alert")).to_contain_text(f"account {name} may not")
    assert len(house.events("access.refused")) == before + 1


def test_an_auditor_sees_a_document_and_its_history_and_no_button(house: DeskHouse, enter: Enter) -> None:
    page = enter("ada")
    page.goto(f"{house.url}/review/documents/D000001")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)
    assert ("ada", "D000001") in house.events("document.viewed")


def test_the_stop_switch_works_at_once(house: DeskHouse, enter: Enter) -> None:
    page = enter("sam")
    page.get_by_label("Why").fill("new scanner")
    page.get_by_role("button", name="Stop at once").click()
    expect(page.get_by_text("stopped", exact=True)).to_be_visible()
    with open_site(house.home) as site:
        assert site.paths.stop_switch.exists()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_role("button", name="Stop at once")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_fit_for_everybody(house: DeskHouse, enter: Enter, scheme: str) -> None:
    page = enter("sam")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{house.url}/review/queue")
    assert faults(page) == []
    page.goto(f"{house.url}/review/next")
    assert faults(page) == []
    press(page, "w")
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.goto(f"{house.url}/review/documents/D000001")
    assert faults(page) == []
    page.goto(f"{house.url}/review/next?reason=no+such+reason")
    expect(page.get_by_role("heading", name="Nothing more waits")).to_be_visible()
    assert faults(page) == []
    page.goto(f"{house.url}/review/documents/D999999")
    assert faults(page) == []
    for path in ("left-out", "second-look", "second-look/next", "doubts", "learning"):
        page.goto(f"{house.url}/review/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert faults(page) == [], path
    page.goto(f"{house.url}/review/report")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == "collapse"
    assert faults(page) == []
    page.get_by_role("button", name="Log out").count()
    page.context.clear_cookies()
    page.goto(f"{house.url}/review/login")
    assert faults(page) == []


def test_a_supervisor_takes_back_what_they_let_stand_and_how_they_settled(house: DeskHouse, enter: Enter) -> None:
    with open_site(house.home) as site:
        waiting = site.ledger.documents(state=DocumentState.REVIEW)
        document = next(one for one in waiting if len(site.ledger.history(one.id)) == 1)  # no other test decided on it
        discarded = site.ledger.decide_by_person(
            document_id=document.id, version=document.version, act=Act.DISCARD, mrn=None, by="rita", acting_for=None,
            note=None, now=utc_now(),
        )  # fmt: skip
        doubt(site.ledger, discarded, "Its pages speak for MRN 00412345 now.", now=utc_now())
        undrawn = site.ledger.undrawn()
        everything = Shares(unattended=1, people=1, discards=1, known=0)
        drawn = draw(undrawn, shares=everything, lot=lot_of(b"seed"))
        assert site.ledger.record_drawing(drawn, of=undrawn, by="cron", now=utc_now())
        wanted = {look.number for look in site.ledger.second_looks() if look.document_id == document.id}
        while True:
            held = site.ledger.claim_second_look(
                user="ron", names={"ron"}, clearance=SITE_ITSELF, hold_s=300, now=utc_now()
            )
            assert held is not None
            site.ledger.answer_second_look(held.number, answer=LookAnswer.UNSURE, mrn=None, user="ron", now=utc_now())
            if held.number in wanted:
                break

    page = enter("sam")
    page.goto(f"{house.url}/review/doubts")
    page.get_by_label("Why").fill("a cover sheet")
    page.get_by_role("button", name="It is right").click()
    expect(page.get_by_role("heading", name="Let stand lately")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name=document.id).click()
    page.get_by_role("link", name="Take that back").click()
    page.get_by_role("button", name=f"Doubt {document.id} again").click()
    expect(page.get_by_role("button", name="It is right")).to_be_visible()

    page.goto(f"{house.url}/review/second-look")
    row = page.get_by_role("row").filter(has_text=document.id)
    row.get_by_role("button", name="The first is wrong").click()
    expect(page.get_by_role("heading", name="Settled lately")).to_be_visible()
    assert house.settled(document.id, DocumentState.REVIEW).reasons[0].startswith("A second look found")
    assert faults(page) == []
    page.get_by_role("button", name=f"Take back how {document.id} was settled").click()
    expect(row.get_by_role("button", name="The first is wrong")).to_be_visible()
    with open_site(house.home) as site:
        assert site.ledger.document(document.id).reasons[0].startswith("It was discarded; a second look's finding")


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in SERIOUS]


def test_who_works_in_one_tab_is_not_idle_in_another_and_who_stops_is_logged_off_in_both(
    tmp_path: Path, browser: Browser
) -> None:
    idle = make(tmp_path / "site", singles=1, pairs=0)
    with served(idle, INGEST_DESK__IDLE_MINUTES="0.1"):
        context = browser.new_context()
        tabs = [context.new_page(), context.new_page()]
        tabs[0].goto(f"{idle.url}/review/login")
        tabs[0].fill("#name", "rita")
        tabs[0].fill("#password", PASSWORD)
        tabs[0].keyboard.press("Enter")
        expect(tabs[0].get_by_role("heading", name="The desk")).to_be_visible()
        tabs[1].goto(f"{idle.url}/review")
        for _ in range(20):
            tabs[1].keyboard.press("Shift")
            tabs[1].wait_for_timeout(500)
        for tab in tabs:
            assert tab.url == f"{idle.url}/review"
        for tab in tabs:
            tab.wait_for_url("**/review/login", timeout=30_000)
        context.close()
    assert idle.events("session.ended") == [("rita", "rita")]


def test_who_does_nothing_is_logged_off(tmp_path: Path, browser: Browser) -> None:
    idle = make(tmp_path / "site", singles=2, pairs=0)
    with served(idle, INGEST_DESK__IDLE_MINUTES="0.05"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{idle.url}/review/login")
        page.fill("#name", "rita")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="The desk")).to_be_visible()
        page.wait_for_url("**/review/login", timeout=30_000)
        context.close()
    assert ("rita", "rita") in idle.events("session.ended")
