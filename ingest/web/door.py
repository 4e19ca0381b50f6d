"""Who comes in: session cookie or trusted proxy, the form's token, and what every answer tells the browser.

Promises: nothing but the login page and the desk's own files is answered without a session; every form carries the
token of its session; every refusal leaves an audit event.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.errors import PaperchartError, WrongUse
from ingest.ledger import DeskRole
from ingest.review import RIGHTS, MovingDesk, Right, SecondLook
from ingest.review.logins import LoggedIn, Logins, same
from ingest.running.desks import clerk_of, desk_of, second_look_of
from ingest.running.runner import utc_now
from ingest.running.site import Site

COOKIE = "paperchart"
WENT_WRONG = "Something went wrong here; nothing was lost. Load the page again."
_log = structlog.get_logger()
_NOT_OURS = (
    "This form is not of your session. Load the page again. (Where that never helps, the proxy before the desk must "
    "pass the Host header on.)"
)
_FORM_MOST = 64 << 10  # bytes: no form of the desk is longer
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that is not carried out: the status, and words for a person."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request of somebody who is logged in: who, and their desk."""

    request: Request
    who: LoggedIn
    desk: MovingDesk
    second_look: SecondLook
    form: Mapping[str, str]

    @property
    def role(self) -> DeskRole:
        """Their role."""
        return self.who.account.role

    def may(self, right: Right) -> bool:
        """Whether their role gives a right."""
        return right in RIGHTS[self.role]

    @property
    def wants_part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"


Answer = Callable[[Visit], Response]


class Door:
    """Lets in who has a session."""

    def __init__(self, site: Site, logins: Logins, *, secure: bool) -> None:
        self._site = site
        self._logins = logins
        self._secure = secure
        self._header = site.settings.desk.proxy_user_header
        self._proxies = frozenset(site.settings.desk.proxy_addresses)

    def inside(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that only answers who is logged in; others are sent to the login page."""

        async def endpoint(request: Request) -> Response:
            form: dict[str, str] = {}
            if request.method == "POST":
                form = await read_form(request)
            try:
                return await run_in_threadpool(self._enter, request, form, answer)
            except (PaperchartError, Refused):
                raise
            except Exception as error:  # told here: a traceback in the server's log could hold what pages say
                _log.error("a request failed", code=type(error).__name__)
                raise Refused(500, WENT_WRONG) from None

        return endpoint

    def address(self, request: Request) -> str:
        """Where a request comes from, as far as the desk can tell."""
        return request.client.host if request.client is not None else "unknown"

    def log_in(self, request: Request, form: Mapping[str, str]) -> Response | str:
        """A way in with a cookie, or words for why there is none."""
        if not self._same_origin(request):
            self.note_refused(request, "anybody", "origin")
            raise Refused(403, "This form did not come from the desk itself. Open the login page again.")
        outcome = self._logins.log_in(form.get("name", ""), form.get("password", ""), address=self.address(request))
        if not isinstance(outcome, LoggedIn):
            return outcome.value
        return self._with_cookie(RedirectResponse("/review", status_code=303), outcome)

    def name_of(self, request: Request) -> str | None:
        """Whose browser asks, also where nothing is answered."""
        who = self._logins.who(request.cookies.get(COOKIE, ""))
        return None if who is None else who.account.name

    def end_if_idle(self, request: Request) -> None:
        """Ends the session of a browser in which nobody has done anything for too long."""
        if token := request.cookies.get(COOKIE):
            self._logins.who(token)

    def log_out(self, visit: Visit) -> Response:
        """Ends the session."""
        visit.desk.let_go()
        self._logins.log_out(visit.who.token)
        response = RedirectResponse("/review/login", status_code=303)
        response.delete_cookie(COOKIE, path="/review", secure=self._secure, httponly=True, samesite="strict")
        return response

    def note_refused(self, request: Request, user: str, why: str) -> None:
        """Records a refusal: by whom, of what, why; never what was sent."""
        self._site.ledger.note(
            action="request.refused",
            actor=user,
            subject="desk",
            details={"path": request.url.path[:200], "address": self.address(request)},
            facts={"why": why, "method": request.method[:10]},
            now=utc_now(),
        )

    def _enter(self, request: Request, form: Mapping[str, str], answer: Answer) -> Response:
        who = self._who(request)
        if who is None:
            if request.cookies.get(COOKIE):
                self.note_refused(request, "nobody", "session")
            return _to_login(request)
        if request.method == "POST":
            token = form.get("token") or request.headers.get("x-token") or ""
            if not same(token, who.form_token) or not self._same_origin(request):
                self.note_refused(request, who.account.name, "form token")
                raise Refused(403, _NOT_OURS)
        clerk = clerk_of(self._site, who.account)
        desk, again = desk_of(self._site, clerk), second_look_of(self._site, clerk)
        response = answer(Visit(request=request, who=who, desk=desk, second_look=again, form=form))
        known = request.cookies.get(COOKIE)
        return response if known == who.token else self._with_cookie(response, who)

    def _who(self, request: Request) -> LoggedIn | None:
        who = self._logins.who(request.cookies.get(COOKIE, "")) if request.cookies.get(COOKIE) else None
        named = request.headers.get(self._header, "") if self._header else ""
        if not named or self.address(request) not in self._proxies:
            return who
        if who is not None and who.account.name == named:
            return who
        accounts = {account.name: account for account in self._site.ledger.accounts()}
        if named not in accounts or accounts[named].disabled_at is not None:
            self.note_refused(request, "nobody", "proxy")
            return None
        return self._logins.begin(named, address=self.address(request))

    def _same_origin(self, request: Request) -> bool:
        """Browsers say where a form comes from: what does not come from the desk is no form of it."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("origin")
        return origin is None or origin.split("://")[-1] == request.headers.get("host", "")

    def _with_cookie(self, response: Response, who: LoggedIn) -> Response:
        response.set_cookie(COOKIE, who.token, path="/review", secure=self._secure, httponly=True, samesite="strict")
        return response


async def read_form(request: Request) -> dict[str, str]:
    """A form's fields. Raises Refused for one that is too long or has files."""
    if int(request.headers.get("content-length") or "0") > _FORM_MOST:
        raise Refused(413, "This form is too long.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _FORM_MOST:
            raise Refused(413, "This form is too long.")
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if body and kind != "application/x-www-form-urlencoded":
        raise Refused(415, "Only plain forms are taken here.")
    return dict(_pairs(body))


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "This form cannot be read.") from None


def _to_login(request: Request) -> Response:
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": "/review/login"})
    if request.method != "GET":
        raise Refused(401, "You were logged off. Log in again.")
    return RedirectResponse("/review/login", status_code=303)


def form_of_other_page() -> WrongUse:
    """For a form without what every form of the desk carries."""
    return WrongUse("this form does not say what was shown when it was filled in: load the page again")


def shown_time(visit: Visit, name: str) -> datetime:
    """The time that a form was shown with under this name. Raises WrongUse."""
    try:
        return datetime.fromisoformat(visit.form.get(name, ""))
    except ValueError:
        raise form_of_other_page() from None


def version_of(form: Mapping[str, str]) -> int:
    """The version of the document that a form was shown with. Raises WrongUse."""
    text = form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise form_of_other_page()
    return int(text)


def checked_page(text: str) -> int:
    """A page number of a URL. Raises WrongUse."""
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6):
        msg = "there is no such page"
        raise WrongUse(msg)
    return int(text)
