"""The other pages: home, the queue, any document's history, the search, pictures, logging in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from ingest.errors import NotFound, WrongUse
from ingest.evidence.doctypes import DocType
from ingest.ledger import Waiting
from ingest.model import DocumentState
from ingest.review import Right
from ingest.review.words import person
from ingest.running.page_pictures import PAGE_PX, THUMBNAIL_PX
from ingest.running.runner import utc_now
from ingest.running.standing import standing_of
from ingest.running.stop_switch import resume, stop
from ingest.web.door import Visit, checked_page
from ingest.web.item_page import filter_of
from ingest.web.office import Office
from ingest.web.views import history, query_of, spots, suspects

_LISTED_MOST = 200
_FOUND_MOST = 12
_LEFT_OUT_MOST = 60


def home(office: Office, visit: Visit) -> Response:
    """How things stand: the queue, today, the drop folder, the workers, the stop switch."""
    doubts = len(visit.desk.doubts()) if visit.may(Right.LOOK) else 0
    return office.page(visit, "home.html", standing=standing_of(office.site, now=utc_now()), doubts=doubts)


def queue(office: Office, visit: Visit) -> Response:
    """What waits, in the order in which it is due, as far as the filter lets it through."""
    wanted = filter_of(visit.request.query_params)
    shown: list[Waiting] = []
    for one in visit.desk.waiting(wanted):
        if len(shown) == _LISTED_MOST:
            break
        shown.append(one)
    tuple(visit.desk.listed(one.document for one in shown))
    now = utc_now()
    return office.page(
        visit,
        "queue.html",
        waiting=shown,
        more=len(shown) == _LISTED_MOST,
        now=now,
        query=query_of(visit.request.query_params),
        wanted=wanted,
        older=visit.request.query_params.get("older", ""),
        types=list(DocType),
    )


def show_document(office: Office, visit: Visit) -> Response:
    """Any document, whatever its state, with all that was ever decided and asked."""
    item = visit.desk.show(visit.request.path_params["document"])
    document = item.document
    office.pictures.prepare(document, whole=True)
    return office.page(
        visit,
        "document.html",
        document=document,
        query="",
        rotatable=False,
        pictures=f"/review/documents/{document.id}/pages",
        spots=spots(document.findings),
        suspects=suspects(item),
        inquiries=item.inquiries,
        history=history(item.history),
        doubt=visit.desk.doubt_about(document),
        let_stand=visit.desk.doubt_about(document, settled=True),
        may_undo=document.state in (DocumentState.FILED, DocumentState.DISCARDED) and visit.may(Right.DECIDE),
        may_move=document.state is DocumentState.FILED and visit.may(Right.DECIDE),
        moved=None,
        may_bring_back=document.state in (DocumentState.BLANK, DocumentState.SEPARATOR) and visit.may(Right.DECIDE),
        waits=document.state is DocumentState.REVIEW and visit.may(Right.DECIDE),
    )


def left_out(office: Office, visit: Visit) -> Response:
    """Blank pages and separators, small: what is none is brought back from its own page."""
    visit.desk.need(Right.LOOK)
    found = visit.desk.listed(
        document for document in office.site.ledger.left_out(newest=_LEFT_OUT_MOST) if visit.desk.is_there(document)
    )
    return office.page(visit, "left_out.html", documents=tuple(found), most=_LEFT_OUT_MOST)


def find_document(office: Office, visit: Visit) -> Response:
    """To a document by its id."""
    del office
    wanted = visit.request.query_params.get("id", "").strip()
    if not (wanted[:1].upper() == "D" and wanted[1:].isascii() and wanted[1:].isdigit() and len(wanted) < 16):
        msg = "a document's id looks like D000001"
        raise WrongUse(msg)
    return RedirectResponse(f"/review/documents/D{int(wanted[1:]):06d}", status_code=303)


def search(office: Office, visit: Visit) -> Response:
    """Patients as somebody types: the part of the page with what was found."""
    visit.desk.need(Right.DECIDE)
    text = visit.request.query_params.get("q", "").strip()[:200]
    found = visit.desk.found(text, office.site.index().search(text, _FOUND_MOST)) if text else ()
    shown = [(patient, person(patient)) for patient in found]
    return office.page(
        visit,
        "_found.html",
        found=shown,
        text=text,
        document=visit.request.query_params.get("document", ""),
        version=visit.request.query_params.get("version", ""),
        query=query_of(visit.request.query_params),
    )


def picture(office: Office, visit: Visit) -> Response:
    """A page's picture; the look is recorded before it is shown."""
    page = checked_page(visit.request.path_params["page"])
    small = visit.request.query_params.get("size") == "small"
    ahead = "x-preparing" in visit.request.headers
    document = visit.desk.look_at_page(visit.request.path_params["document"], page, small=small, ahead=ahead)
    long_side_px = THUMBNAIL_PX if small else PAGE_PX
    return picture_response(office.pictures.get(document, page, long_side_px=long_side_px, ahead=ahead))


def here(office: Office, visit: Visit) -> Response:
    """Somebody reads or types: coming in has told the session already."""
    del office, visit
    return Response(status_code=204)


def picture_response(data: bytes) -> Response:
    """A picture as an answer."""
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return Response(data, media_type=kind, headers={"Content-Length": str(len(data))})


def switch(office: Office, visit: Visit) -> Response:
    """The stop switch of unattended filing."""
    if visit.request.path_params["way"] == "stop":
        visit.desk.need(Right.STOP)
        stop(
            office.site,
            by=visit.who.account.name,
            reason=visit.form.get("reason", "") or "stopped at the desk",
            now=utc_now(),
        )
    elif visit.request.path_params["way"] == "resume":
        visit.desk.need(Right.RESUME)
        resume(office.site, by=visit.who.account.name, now=utc_now())
    else:
        msg = "there is no such switch"
        raise NotFound(msg)
    return RedirectResponse("/review", status_code=303)


def digest(files: Mapping[str, bytes]) -> str:
    """A short mark of the desk's own files: browsers keep them until they change."""
    return hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:12]
