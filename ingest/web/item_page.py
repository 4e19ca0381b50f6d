"""One item: its page, and every act on it. What was decided is filed behind it; the answer is the next item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from ingest.errors import NotFound, WrongUse
from ingest.evidence.doctypes import DocType
from ingest.ledger import InquiryKind
from ingest.model import Document, DocumentState
from ingest.review import AsksAgain, Item, QueueFilter, Right
from ingest.review.typed import typed_day
from ingest.running.runner import utc_now
from ingest.web.door import Visit, checked_page, version_of
from ingest.web.office import Office
from ingest.web.views import query_of, spots, suspects, wanted_of

_DEFER_MOST_H = 24 * 30


def next_item(office: Office, visit: Visit) -> Response:
    """On to the first due item that nobody else works on."""
    queue = filter_of(visit.request.query_params)
    item = visit.desk.next(queue)
    if item is None:
        return office.page(visit, "nothing.html", query=query_of(visit.request.query_params), done=None)
    return RedirectResponse(f"/review/items/{item.document.id}{query_of(visit.request.query_params)}", status_code=303)


def show_item(office: Office, visit: Visit) -> Response:
    """The whole page of an item. What somebody else works on, or what is decided, is shown as a document."""
    item = visit.desk.show(visit.request.path_params["document"])
    if item.document.state is not DocumentState.REVIEW or not visit.may(Right.DECIDE):
        return RedirectResponse(f"/review/documents/{item.document.id}", status_code=303)
    visit.desk.take(item.document.id)
    queue = filter_of(visit.request.query_params)
    return office.page(visit, "item.html", **_told(office, visit, item, queue), done=None)


def act(office: Office, visit: Visit) -> Response:
    """Carries out the act that the URL names; the answer is a part of a page for htmx, else a whole one."""
    document_id, name = visit.request.path_params["document"], visit.request.path_params["act"]
    queue = filter_of(visit.request.query_params)
    acts: dict[str, Callable[[], Response]] = {
        "accept": lambda: _file(office, visit, document_id, queue, "accept"),
        "assign": lambda: _file(office, visit, document_id, queue, "assign"),
        "discard": lambda: _decided(
            office,
            visit,
            queue,
            visit.desk.discard(document_id, visit.form.get("reason", ""), version=version_of(visit.form)),
            "discarded",
        ),
        "split": lambda: _cut(
            office,
            visit,
            queue,
            visit.desk.split(document_id, [checked_page(visit.form.get("before", ""))], version=version_of(visit.form)),
        ),
        "join": lambda: _join(office, visit, document_id, queue),
        "defer": lambda: _defer(office, visit, document_id, queue),
        "ask": lambda: _ask(office, visit, document_id, queue),
        "answer": lambda: _answer(office, visit, document_id),
        "describe": lambda: _describe(office, visit, document_id, queue),
        "rotate": lambda: _rotate(office, visit, document_id, queue),
        "bring-back": lambda: _again(
            office, visit, queue, visit.desk.bring_back(document_id, version=version_of(visit.form)), "brought back"
        ),
        "undo": lambda: _undo(office, visit, document_id, queue),
        "let-go": lambda: _let_go(visit, document_id),
    }
    if name not in acts:
        msg = "there is no such act"
        raise NotFound(msg)
    return acts[name]()


def filter_of(params: Mapping[str, str]) -> QueueFilter:
    """The filter of a URL."""
    told = wanted_of(params)
    hours = told.pop("older", None)
    before = None if hours is None else utc_now() - timedelta(hours=int(hours))
    return QueueFilter(**told, received_before=before)


def _file(office: Office, visit: Visit, document_id: str, queue: QueueFilter, how: str) -> Response:
    form = visit.form
    confirm = form.get("confirm") == "yes"
    version = version_of(visit.form)
    if how == "accept":
        number = checked_page(form.get("candidate", ""))
        answer = visit.desk.accept(document_id, number, version=version, confirm=confirm)
    else:
        answer = visit.desk.assign(document_id, form.get("mrn", "").strip(), version=version, confirm=confirm)
    if isinstance(answer, AsksAgain):
        told = {"asked": answer, "how": how, "candidate": form.get("candidate", ""), "version": form.get("version", "")}
        return _message(office, visit, "_asks_again.html", query=query_of(visit.request.query_params), **told)
    office.filer.tell()
    return _next_part(office, visit, queue, done=_done(answer, f"filed to MRN {_target(office, answer)}"))


def _target(office: Office, document: Document) -> str:
    """The patient to whom an accepted document goes, while it is not filed yet."""
    return document.mrn or office.site.ledger.decision(document.id).mrn or ""


def _decided(office: Office, visit: Visit, queue: QueueFilter, document: Document, what: str) -> Response:
    office.filer.tell()
    return _next_part(office, visit, queue, done=_done(document, what))


def _cut(office: Office, visit: Visit, queue: QueueFilter, documents: tuple[Document, ...]) -> Response:
    office.filer.tell()
    told = ", ".join(document.id for document in documents)
    waits = next((document for document in documents if document.state is DocumentState.REVIEW), None)
    done = _done(documents[0], f"now {told}", undo=False)
    if waits is None:
        return _next_part(office, visit, queue, done=done)
    visit.desk.take(waits.id)
    return _part(office, visit, visit.desk.show(waits.id), queue, done)


def _join(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    """Others are told with their versions: D000002/1."""
    versions = {document_id: version_of(visit.form)}
    for other in visit.form.get("others", "").split():
        name, _, version = other.partition("/")
        versions[name] = version_of({"version": version})
    return _cut(office, visit, queue, (visit.desk.join(tuple(versions), versions=versions),))


def _defer(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    hours = visit.form.get("hours", "")
    if not (hours.isascii() and hours.isdigit() and len(hours) < 6 and 1 <= int(hours) <= _DEFER_MOST_H):
        msg = f"say for how many hours, 1 to {_DEFER_MOST_H}, the document is put off"
        raise WrongUse(msg)
    visit.desk.defer(document_id, until=utc_now() + timedelta(hours=int(hours)), note=visit.form.get("note") or None)
    done = _done(office.site.ledger.document(document_id), f"put off for {hours} hours", undo=False)
    return _next_part(office, visit, queue, done=done)


def _ask(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    form = visit.form
    kind = InquiryKind.RESCAN if form.get("kind") == "rescan" else InquiryKind.QUERY
    asked = visit.desk.ask(
        document_id,
        kind=kind,
        owner=form.get("owner", ""),
        question=form.get("question", ""),
        due=typed_day(form.get("due")),
    )
    done = {"document": office.site.ledger.document(document_id), "what": f"waits for {asked.owner}", "undo": False}
    return _next_part(office, visit, queue, done=done)


def _answer(office: Office, visit: Visit, document_id: str) -> Response:
    visit.desk.answer(document_id, visit.form.get("answer", ""))
    del office
    return RedirectResponse(f"/review/items/{document_id}", status_code=303)


def _describe(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    kind = visit.form.get("type", "")
    if kind and kind not in list(DocType):
        msg = "there is no such type of document"
        raise WrongUse(msg)
    document = visit.desk.describe(
        document_id, type_=kind or None, document_date=typed_day(visit.form.get("date")), version=version_of(visit.form)
    )
    return _again(office, visit, queue, document, "type and date corrected")


def _rotate(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    page, degrees = checked_page(visit.form.get("page", "")), checked_page(visit.form.get("by", ""))
    document = visit.desk.rotate(document_id, page, degrees, version=version_of(visit.form))
    if document.state is not DocumentState.REVIEW:
        return _decided(office, visit, queue, document, "read as it lies, and filed")
    return _again(office, visit, queue, document, "read as it lies")


def _again(office: Office, visit: Visit, queue: QueueFilter, document: Document, what: str) -> Response:
    """The same item, as it is now."""
    visit.desk.take(document.id)
    return _part(
        office, visit, visit.desk.show(document.id), queue, {"document": document, "what": what, "undo": False}
    )


def _undo(office: Office, visit: Visit, document_id: str, queue: QueueFilter) -> Response:
    document = visit.desk.undo(document_id, version=version_of(visit.form))
    office.filer.tell()
    if document.state is not DocumentState.REVIEW:
        return RedirectResponse(f"/review/documents/{document.id}", status_code=303)
    return _again(office, visit, queue, document, "taken back")


def _let_go(visit: Visit, document_id: str) -> Response:
    visit.desk.let_go(document_id)
    return RedirectResponse("/review", status_code=303)


def _done(document: Document, what: str, *, undo: bool = True) -> dict[str, Any]:
    """What was done last, for the line above the item; `undo`: whether it can be taken back from there."""
    return {"document": document, "what": what, "undo": undo}


def _next_part(office: Office, visit: Visit, queue: QueueFilter, *, done: dict[str, Any]) -> Response:
    item = visit.desk.next(queue)
    if item is None:
        template = "_nothing.html" if visit.wants_part else "nothing.html"
        return office.page(visit, template, query=query_of(visit.request.query_params), done=done)
    return _part(office, visit, item, queue, done)


def _part(office: Office, visit: Visit, item: Item, queue: QueueFilter, done: dict[str, Any]) -> Response:
    template = "_item.html" if visit.wants_part else "item.html"
    response = office.page(visit, template, **_told(office, visit, item, queue), done=done)
    response.headers["HX-Push-Url"] = f"/review/items/{item.document.id}{query_of(visit.request.query_params)}"
    return response


def _message(office: Office, visit: Visit, template: str, **told: Any) -> Response:
    if visit.wants_part:
        response = office.page(visit, template, **told, whole=False)
        response.headers.update({"HX-Retarget": "#message", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"})
        return response
    return office.page(visit, "asks_again.html", **told, whole=True)


def _told(office: Office, visit: Visit, item: Item, queue: QueueFilter) -> dict[str, Any]:
    document = item.document
    office.pictures.prepare(document, whole=True)
    following = visit.desk.hold_next(queue, skip=(document.id,))
    if following is not None:
        office.pictures.prepare(following, whole=False)
    brothers = [
        other
        for other in office.site.ledger.of_scan(document.scan.id)
        if other.id != document.id
        and other.state in (DocumentState.REVIEW, DocumentState.BLANK, DocumentState.SEPARATOR)
        and visit.desk.is_there(other)
    ]
    return {
        "document": document,
        "spots": spots(document.findings),
        "suspects": suspects(item),
        "inquiries": item.inquiries,
        "today": utc_now().date(),
        "history": item.history,
        "brothers": brothers,
        "following": following,
        "query": query_of(visit.request.query_params),
        "types": list(DocType),
        "rotatable": True,
        "pictures": f"/review/documents/{document.id}/pages",
    }
