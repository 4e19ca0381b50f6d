"""What people filed and what something speaks against since: a list, and the word that it is right where it is."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ingest.web.door import Visit, shown_time
from ingest.web.office import Office

_LATELY = 20  # let stand, on the page; the terminal lists them all


def doubts(office: Office, visit: Visit) -> Response:
    """Every open doubt, oldest first, and what was let stand lately."""
    let_stand = visit.desk.doubts(settled=True)[:_LATELY]
    return office.page(visit, "doubts.html", doubts=visit.desk.doubts(), let_stand=let_stand)


def let_stand(office: Office, visit: Visit) -> Response:
    """A supervisor's word on one of them; back to the list."""
    raised_at = shown_time(visit, "raised_at")
    visit.desk.let_stand(visit.request.path_params["document"], visit.form.get("note", ""), raised_at=raised_at)
    del office
    return RedirectResponse("/review/doubts", status_code=303)


def doubt_again(office: Office, visit: Visit) -> Response:
    """A supervisor takes that word back; back to the list."""
    visit.desk.doubt_again(visit.request.path_params["document"], settled_at=shown_time(visit, "settled_at"))
    del office
    return RedirectResponse("/review/doubts", status_code=303)
