"""Who sits at the terminal: the operating system says so, and the account of its user says what they may."""

from __future__ import annotations

import os
import pwd

import typer

from ingest.errors import NotAllowed
from ingest.review import Clerk, Right
from ingest.running.desks import clerk_of, desk_of
from ingest.running.site import Site


def current_user() -> str:
    """The login name of whoever sits at the terminal; a number when there is no name.

    A site belongs to one user of the system, and its files to nobody else: the others come by sudo, which tells whom it
    let in. Only who is root or such a user already could say that of himself.
    """
    uid = os.getuid()
    told = os.environ.get("SUDO_UID", "")
    if told.isascii() and told.isdigit() and os.environ.get("SUDO_USER"):
        uid = int(told)
    return _name_of(uid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def clerk_here(site: Site, acting_for: str | None = None) -> Clerk:
    """The person at the terminal. Raises NotAllowed for somebody without an account.

    Whom the site's folder belongs to, and root, can read and change all of it anyway: without an account of their own
    they may do everything, under their own name. So may whom sudo lets in as one of them, until they have an account.
    """
    owner = os.getuid() in (0, site.home.stat().st_uid)
    user = current_user() if owner else _name_of(os.getuid())
    account = site.ledger.account_of_system_user(user)
    if account is not None:
        if account.disabled_at is not None:
            msg = f"the account {account.name} is disabled: an administrator opens it with `ingest users enable`"
            raise NotAllowed(msg)
        return clerk_of(site, account, acting_for=acting_for)
    if owner:
        return Clerk(user=user, acting_for=acting_for)
    msg = f"{user} has no account at this site: ingest users add NAME --role reviewer --system-user {user}"
    raise NotAllowed(msg)


def need(site: Site, right: Right) -> Clerk:
    """The person at the terminal, if they have a right; a refusal is recorded. Raises NotAllowed."""
    clerk = clerk_here(site)
    desk_of(site, clerk).need(right)
    return clerk


def hint_at_no_patients(site: Site) -> None:
    """Without patients every answer is "nobody": whoever runs this may not know why."""
    if site.ledger.patient_generation() == 0:
        typer.echo("ingest: no patients are loaded yet; load them with: ingest patients load FILE.csv", err=True)
