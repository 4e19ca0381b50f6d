"""The second look in the browser: blind, by its number, never by its document; disagreements for a supervisor."""

from __future__ import annotations

import itertools

from starlette.responses import RedirectResponse, Response

from ingest.errors import NotFound, WrongUse
from ingest.ledger import LookAnswer, Settlement
from ingest.review import Right
from ingest.review.second_look_rates import RatesBy
from ingest.running.page_pictures import PAGE_PX, THUMBNAIL_PX
from ingest.web.door import Visit, checked_page, shown_time
from ingest.web.office import Office
from ingest.web.pages import picture_response
from ingest.web.views import blind_suspects, spots

_LATELY = 20  # settled ones on the page; the terminal lists them all


def overview(office: Office, visit: Visit) -> Response:
    """What second looks say: rates with their bounds, and for a supervisor what is to be settled or was lately."""
    visit.desk.need(Right.REPORT)
    settles = visit.may(Right.SETTLE)
    disputed = list(visit.second_look.disagreements()) if settles else []
    settled = list(itertools.islice(visit.second_look.settled(), _LATELY)) if settles else []
    told = {kind: visit.second_look.rates(kind) for kind in (RatesBy.NOTHING, RatesBy.MONTH)}
    return office.page(visit, "second_looks.html", disputed=disputed, settled=settled, rates=told)


def next_look(office: Office, visit: Visit) -> Response:
    """On to the next document that somebody should see again."""
    look = visit.second_look.next()
    if look is None:
        return office.page(visit, "second_look_none.html")
    return RedirectResponse(f"/review/second-look/{look.number}", status_code=303)


def show(office: Office, visit: Visit) -> Response:
    """One document as if nobody had decided on it."""
    number = checked_page(visit.request.path_params["number"])
    look = visit.second_look.show(number)
    office.pictures.prepare(look.document, whole=True)
    return office.page(
        visit,
        "second_look.html",
        number=number,
        document=look.document,
        spots=spots(look.document.findings),
        suspects=blind_suspects(look),
        pictures=f"/review/second-look/{number}/pages",
        rotatable=False,
        query="",
    )


def picture(office: Office, visit: Visit) -> Response:
    """A page's picture; the look is recorded before it is shown."""
    number = checked_page(visit.request.path_params["number"])
    page = checked_page(visit.request.path_params["page"])
    document = visit.second_look.look_at(number, page)
    small = visit.request.query_params.get("size") == "small"
    return picture_response(office.pictures.get(document, page, long_side_px=THUMBNAIL_PX if small else PAGE_PX))


def answer(office: Office, visit: Visit) -> Response:
    """What was found; on to the next."""
    number = checked_page(visit.request.path_params["number"])
    told, mrn = visit.form.get("answer", ""), visit.form.get("mrn", "").strip() or None
    if told not in list(LookAnswer):
        msg = "a second look is answered with a patient, no patient, or unsure"
        raise WrongUse(msg)
    visit.second_look.answer(number, LookAnswer(told), mrn=mrn if told == LookAnswer.PATIENT else None)
    del office
    return RedirectResponse("/review/second-look/next", status_code=303)


def settle(office: Office, visit: Visit) -> Response:
    """A supervisor's word on two answers that differ."""
    number = checked_page(visit.request.path_params["number"])
    told = visit.form.get("settlement", "")
    if told not in list(Settlement):
        msg = "say whether the first answer was right or wrong"
        raise NotFound(msg)
    mrn = visit.form.get("mrn", "").strip() or None
    visit.second_look.settle(number, Settlement(told), mrn=mrn if told == Settlement.FIRST_WRONG else None)
    office.filer.tell()
    return RedirectResponse("/review/second-look", status_code=303)


def reopen(office: Office, visit: Visit) -> Response:
    """A supervisor takes back how two answers were settled."""
    number = checked_page(visit.request.path_params["number"])
    visit.second_look.reopen(number, settled_at=shown_time(visit, "settled_at"))
    del office
    return RedirectResponse("/review/second-look", status_code=303)
