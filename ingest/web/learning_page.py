"""What decisions would teach: proposals with their figures, for a supervisor to apply, refuse or take back."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ingest.errors import NotFound
from ingest.learning import apply_proposal, in_use, refuse_proposal, revert
from ingest.learning.words import changes, figures_in_words, line_of
from ingest.review import Right
from ingest.running.runner import utc_now
from ingest.web.door import Visit, checked_page
from ingest.web.office import Office


def learning(office: Office, visit: Visit) -> Response:
    """Every proposal, the newest first, with what it would change and its figures before and after."""
    visit.desk.need(Right.SETTLE)
    shown = [
        {
            "proposal": proposal,
            "used": in_use(office.site, proposal),
            "line": line_of(proposal, in_use(office.site, proposal)),
            "figures": list(figures_in_words(proposal.kind, proposal.figures)),
            "changes": list(changes(proposal.kind, office.site.ledger.proposal_body(proposal.number))),
        }
        for proposal in reversed(office.site.ledger.proposals())
    ]
    return office.page(visit, "learning.html", shown=shown)


def settle(office: Office, visit: Visit) -> Response:
    """Applies, refuses or takes back."""
    visit.desk.need(Right.SETTLE)
    number, way = checked_page(visit.request.path_params["number"]), visit.request.path_params["way"]
    by, note = visit.who.account.name, visit.form.get("note", "").strip()
    if way == "apply":
        confirm = visit.form.get("confirm") == "yes"
        apply_proposal(office.site, number, by=by, now=utc_now(), note=note or None, confirm=confirm)
    elif way == "refuse":
        refuse_proposal(office.site, number, by=by, now=utc_now(), note=note)
    elif way == "revert":
        revert(office.site, office.site.ledger.proposal(number).kind, by=by, now=utc_now(), note=note)
    else:
        msg = "there is no such act"
        raise NotFound(msg)
    return RedirectResponse("/review/learning", status_code=303)
