"""A filed document moved to another patient, or copied to a second one, from its own page."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ingest.errors import NotFound
from ingest.review import AsksAgain, Refiled
from ingest.web.door import Visit, version_of
from ingest.web.office import Office


def move(office: Office, visit: Visit) -> Response:
    """Refiles or copies; what the paper says against the patient is asked about first."""
    document_id, way = visit.request.path_params["document"], visit.request.path_params["way"]
    mrn, why = visit.form.get("mrn", "").strip(), visit.form.get("why", "")
    version = version_of(visit.form)
    confirm = visit.form.get("confirm") == "yes"
    if way == "refile":
        answer: Refiled | AsksAgain | object = visit.desk.refile(
            document_id, mrn, why, version=version, confirm=confirm
        )
    elif way == "copy":
        answer = visit.desk.copy(document_id, mrn, why, version=version, confirm=confirm)
    else:
        msg = "there is no such act"
        raise NotFound(msg)
    if isinstance(answer, AsksAgain):
        return office.page(visit, "move_asks_again.html", asked=answer, way=way, why=why, version=version)
    office.filer.tell()
    if isinstance(answer, Refiled):
        return office.page(visit, "moved.html", moved=answer)
    return RedirectResponse(f"/review/documents/{document_id}", status_code=303)
