"""What only a supervisor may do at the terminal."""

from __future__ import annotations

from ingest.cli.users import current_user
from ingest.errors import WrongUse
from ingest.ledger import DeskRole
from ingest.running.runner import utc_now
from ingest.running.site import Site


def supervisor_at(site: Site) -> str:
    """Who is at the terminal, if they may change what the program has learned. A site without accounts asks nobody.

    Raises WrongUse for everybody else, which is in the audit.
    """
    user = current_user()
    account = site.ledger.account_of_system_user(user)
    if account is not None and account.role is DeskRole.SUPERVISOR and account.disabled_at is None:
        return account.name
    if account is None and not site.ledger.accounts():
        return user
    site.ledger.note(action="learning.not_allowed", actor=user, subject="site", details=None, now=utc_now())
    msg = "only a supervisor may change what was learned: ask one to do this (ingest users list)"
    raise WrongUse(msg)
