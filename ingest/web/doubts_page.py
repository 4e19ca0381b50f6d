"""What people filed and what something speaks against since: a list, and the word that it is right where it is."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import RedirectResponse, Response

from ingest.web.door import Visit, form_of_other_page
from ingest.web.office import Office


def doubts(office: Office, visit: Visit) -> Response:
    """Every open doubt, oldest first, and what was let stand."""
    return office.page(visit, "doubts.html", doubts=visit.desk.doubts(), let_stand=visit.desk.doubts(settled=True))


def let_stand(office: Office, visit: Visit) -> Response:
    """A supervisor's word on one of them; back to the list."""
    try:
        raised_at = datetime.fromisoformat(visit.form.get("raised_at", ""))
    except ValueError:
        raise form_of_other_page() from None
    visit.desk.let_stand(visit.request.path_params["document"], visit.form.get("note", ""), raised_at=raised_at)
    del office
    return RedirectResponse("/review/doubts", status_code=303)


def doubt_again(office: Office, visit: Visit) -> Response:
    """A supervisor takes that word back; back to the list."""
    visit.desk.doubt_again(visit.request.path_params["document"])
    del office
    return RedirectResponse("/review/doubts", status_code=303)
