"""A desk for somebody, put together from an open site: for the terminal and for the browser."""

from __future__ import annotations

from ingest.ledger import Account, Clearance
from ingest.review import RIGHTS, Clerk, MovingDesk, SecondLook
from ingest.running.objections import objections
from ingest.running.rejudge import rejudge
from ingest.running.runner import utc_now
from ingest.running.site import Site
from ingest.running.turning import turned


def desk_of(site: Site, clerk: Clerk) -> MovingDesk:
    """The clerk's desk at this site."""
    return MovingDesk(
        site.ledger,
        clerk,
        objections=lambda document, patient: objections(document, patient, site.house()),
        judge=lambda scan, pages: rejudge(site, scan, pages),
        turner=lambda document, page, degrees: turned(site, document, page, degrees),
        now=utc_now,
    )


def second_look_of(site: Site, clerk: Clerk) -> SecondLook:
    """The clerk's second looks at this site."""
    return SecondLook(site.ledger, clerk, judge=lambda scan, pages: rejudge(site, scan, pages), now=utc_now)


def clerk_of(site: Site, account: Account, *, acting_for: str | None = None) -> Clerk:
    """An account at the desk: the rights of its role, and whom its labels let it see."""
    labels = account.clearances
    hidden = (kind for kind, label in site.settings.desk.confidential_types.items() if label not in labels)
    return Clerk(
        user=account.name,
        acting_for=acting_for,
        rights=RIGHTS[account.role],
        clearance=Clearance(labels=labels, hidden_types=frozenset(hidden)),
    )
