"""The desk as a web application: routes, errors in words, the desk's own files."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.errors import CannotRunNow, Conflict, NotAllowed, NotFound, PaperchartError, WrongUse
from ingest.review.logins import Logins
from ingest.running.filer import Filer
from ingest.running.page_pictures import PagePictures
from ingest.running.runner import utc_now
from ingest.running.site import Site
from ingest.web import doubts_page, item_page, learning_page, move_page, pages, report_page, second_look_page
from ingest.web.door import HEADERS, WENT_WRONG, Answer, Door, Refused, Visit, read_form
from ingest.web.office import Office, make_templates

_STATIC = Path(__file__).parent / "static"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_ODD = frozenset((400, 404, 413, 415))  # what no page of the desk asks for
_log = structlog.get_logger()


def make_app(
    site: Site, pictures: PagePictures, filer: Filer, *, secure: bool, hasher: PasswordHasher | None = None
) -> ASGIApp:
    """The desk of an open site. `secure`: browsers reach it by https, directly or through a proxy."""
    desk = site.settings.desk
    logins = Logins(
        site.ledger,
        idle=timedelta(minutes=desk.idle_minutes),
        longest=timedelta(hours=desk.session_hours),
        now=utc_now,
        new_token=lambda: secrets.token_urlsafe(32),
        hasher=hasher,
    )
    files = {file.name: file.read_bytes() for file in _STATIC.iterdir() if file.suffix in _KINDS}
    templates = make_templates()
    templates.globals |= {"mark": pages.digest(files), "idle_s": round(desk.idle_minutes * 60)}
    door = Door(site, logins, secure=secure)
    office = Office(site=site, pictures=pictures, filer=filer, door=door, templates=templates)

    def inside(page: Callable[[Office, Visit], Response]) -> Callable[[Request], Awaitable[Response]]:
        answer: Answer = lambda visit: page(office, visit)  # noqa: E731
        return door.inside(answer)

    routes = [
        Route("/", lambda _: RedirectResponse("/review", status_code=303)),
        Route("/review", inside(pages.home)),
        Route("/review/login", _login(office), methods=["GET", "POST"]),
        Route("/review/logout", door.inside(door.log_out), methods=["POST"]),
        Route("/review/here", inside(pages.here), methods=["POST"]),
        Route("/review/next", inside(item_page.next_item)),
        Route("/review/queue", inside(pages.queue)),
        Route("/review/left-out", inside(pages.left_out)),
        Route("/review/items/{document}", inside(item_page.show_item)),
        Route("/review/items/{document}/{act}", inside(item_page.act), methods=["POST"]),
        Route("/review/documents", inside(pages.find_document)),
        Route("/review/documents/{document}", inside(pages.show_document)),
        Route("/review/documents/{document}/pages/{page}", inside(pages.picture)),
        Route("/review/search", inside(pages.search)),
        Route("/review/doubts", inside(doubts_page.doubts)),
        Route("/review/doubts/{document}", inside(doubts_page.let_stand), methods=["POST"]),
        Route("/review/doubts/{document}/again", inside(doubts_page.doubt_again), methods=["POST"]),
        Route("/review/documents/{document}/move/{way}", inside(move_page.move), methods=["POST"]),
        Route("/review/second-look", inside(second_look_page.overview)),
        Route("/review/second-look/next", inside(second_look_page.next_look)),
        Route("/review/second-look/{number}", inside(second_look_page.show)),
        Route("/review/second-look/{number}/pages/{page}", inside(second_look_page.picture)),
        Route("/review/second-look/{number}/answer", inside(second_look_page.answer), methods=["POST"]),
        Route("/review/second-look/{number}/settle", inside(second_look_page.settle), methods=["POST"]),
        Route("/review/second-look/{number}/reopen", inside(second_look_page.reopen), methods=["POST"]),
        Route("/review/learning", inside(learning_page.learning)),
        Route("/review/learning/{number}/{way}", inside(learning_page.settle), methods=["POST"]),
        Route("/review/report", inside(report_page.report)),
        Route("/review/unattended/{way}", inside(pages.switch), methods=["POST"]),
        Route("/review/static/{mark}/{name}", _static(files)),
    ]
    handlers = dict.fromkeys((PaperchartError, Refused, HTTPException), _errors(office))
    app = Starlette(routes=routes, exception_handlers=handlers)
    return _WithHeaders(app)


class _WithHeaders:
    """Every answer tells the browser what it may not do; an unforeseen error tells nobody anything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.lower(): value for name, value in message["headers"]}
                added = [
                    (name.lower().encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.lower().encode() not in told
                ]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, sending)


def _login(office: Office) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if request.method == "GET":
            await run_in_threadpool(office.door.end_if_idle, request)
            nobody = not await run_in_threadpool(office.site.ledger.accounts)
            return office.page(None, "login.html", words=None, name="", nobody=nobody)
        form = await read_form(request)
        answer = await run_in_threadpool(office.door.log_in, request, form)
        if isinstance(answer, Response):
            return answer
        return office.page(None, "login.html", status=401, words=answer, name=form.get("name", ""), nobody=False)

    return endpoint


def _static(files: dict[str, bytes]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise Refused(404, "There is no such file.")
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(files[name], media_type=_KINDS[Path(name).suffix], headers=kept)

    return endpoint


def _errors(office: Office) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        status, words = _in_words(error)
        if status in _ODD:
            office.door.note_refused(request, office.door.name_of(request) or "somebody", f"status {status}")
        part = request.headers.get("hx-request") == "true"
        response = office.page(None, "_message.html" if part else "message.html", status=status, words=words)
        if part:
            response.headers.update({"HX-Retarget": "#message", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"})
        return response

    return answer


def _in_words(error: Exception) -> tuple[int, str]:
    match error:
        case Refused():
            return error.status, error.words
        case HTTPException():
            return error.status_code, "There is nothing here." if error.status_code == 404 else str(error.detail)
        case NotFound():
            return 404, _sentence(error)
        case NotAllowed():
            return 403, _sentence(error)
        case Conflict():
            return 409, _sentence(error)
        case WrongUse():
            return 400, _sentence(error)
        case CannotRunNow():
            return 503, _sentence(error)
        case _:
            _log.error("a request failed", code=getattr(error, "code", type(error).__name__))
            return 500, WENT_WRONG


def _sentence(error: Exception) -> str:
    told = str(error)
    return f"{told[:1].upper()}{told[1:]}."
