"""`ingest users`: accounts of the desk, their roles and what they may see."""

from __future__ import annotations

import json
import secrets
import sys
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.cells import plain
from ingest.cli.json_lines import utc
from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.errors import WrongUse
from ingest.ledger import Account, DeskRole
from ingest.review import Right
from ingest.running.runner import utc_now
from ingest.running.site import Site

app = typer.Typer(help="Accounts of the review desk and their roles.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
Role = Annotated[DeskRole, typer.Option("--role", help="What the account may do.")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def _label(text: str) -> str:
    if not text.strip():
        msg = "a label is a word or two; --no-clearance of `ingest users change` takes all away"
        raise typer.BadParameter(msg)
    return text


Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--clearance",
        metavar="LABEL",
        parser=_label,
        help="A label whose patients and documents the account may see.",
    ),
]


@app.command("add")
def add(
    name: Name,
    role: Role = DeskRole.REVIEWER,
    system_user: Annotated[
        str | None, typer.Option("--system-user", metavar="USER", help="Who this is at the terminal.")
    ] = None,
    clearance: Labels = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="For the terminal or a proxy only.")] = False,
    password_stdin: Stdin = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make an account. It asks for the password, unless the account is for the terminal or a proxy only."""
    with open_site(home) as site:
        clerk = need(site, Right.USERS)
        if not name.strip() or len(name) > 100 or any(ord(sign) < 33 for sign in name):
            msg = "an account's name has 1 to 100 letters, digits or signs, and no spaces"
            raise WrongUse(msg)
        account = site.ledger.add_account(
            name,
            role=role,
            password_hash=None if no_password else _hashed(site, password_stdin),
            system_user=system_user,
            clearances=frozenset(clearance or ()),
            by=clerk.user,
            now=utc_now(),
        )
        _report(account, as_json=as_json)


@app.command("list")
def list_(home: Home = None, as_json: Json = False) -> None:
    """Every account."""
    with open_site(home) as site:
        need(site, Right.USERS)
        accounts = site.ledger.accounts()
    if as_json:
        for account in accounts:
            typer.echo(json.dumps(_to_json(account), ensure_ascii=False))
        return
    if not accounts:
        typer.echo("there are no accounts yet: ingest users add NAME --role supervisor")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Name", "Role", "Terminal user", "May see", "Password", "State"):
        table.add_column(heading, overflow="fold")
    for one in accounts:
        table.add_row(
            plain(one.name),
            one.role.value,
            plain(one.system_user or ""),
            plain(", ".join(sorted(one.clearances))),
            "yes" if one.has_password else "none",
            "disabled" if one.disabled_at else "open",
        )
    Console().print(table)


@app.command("disable")
def disable(name: Name, home: Home = None, as_json: Json = False) -> None:
    """Shut an account; whoever is logged in with it is logged off."""
    with open_site(home) as site:
        clerk = need(site, Right.USERS)
        _report(site.ledger.set_account_disabled(name, True, by=clerk.user, now=utc_now()), as_json=as_json)


@app.command("enable")
def enable(name: Name, home: Home = None, as_json: Json = False) -> None:
    """Open an account again."""
    with open_site(home) as site:
        clerk = need(site, Right.USERS)
        _report(site.ledger.set_account_disabled(name, False, by=clerk.user, now=utc_now()), as_json=as_json)


@app.command("change")
def change(
    name: Name,
    role: Annotated[DeskRole | None, typer.Option("--role", help="Another role.")] = None,
    clearance: Labels = None,
    no_clearance: Annotated[bool, typer.Option("--no-clearance", help="Take every label away.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Give an account another role or other labels; whoever is logged in with it logs in again."""
    with open_site(home) as site:
        clerk = need(site, Right.USERS)
        labels = frozenset() if no_clearance else frozenset(clearance) if clearance else None
        account = site.ledger.change_account(name, role=role, clearances=labels, by=clerk.user, now=utc_now())
        _report(account, as_json=as_json)


@app.command("password")
def password(name: Name, password_stdin: Stdin = False, home: Home = None, as_json: Json = False) -> None:
    """Give an account another password; whoever is logged in with it logs in again."""
    with open_site(home) as site:
        clerk = need(site, Right.USERS)
        site.ledger.account(name)
        hashed = _hashed(site, password_stdin)
        account = site.ledger.change_account(name, password_hash=hashed, by=clerk.user, now=utc_now())
        _report(account, as_json=as_json)


def _hashed(site: Site, from_stdin: bool) -> str:
    """The new password's hash; it is asked for twice at a terminal."""
    from ingest.review.logins import Logins  # argon2 is for these commands only

    if from_stdin:
        given = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        msg = "there is nobody to ask for the password: give it with --password-stdin, or say --no-password"
        raise WrongUse(msg)
    door = Logins(
        site.ledger, idle=timedelta(1), longest=timedelta(1), now=utc_now, new_token=lambda: secrets.token_hex(16)
    )
    return door.hash(given)


def _report(account: Account, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_to_json(account), ensure_ascii=False))
    else:
        state = "disabled" if account.disabled_at else account.role.value
        Console().print(plain(f"{account.name}: {state}"))


def _to_json(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role.value,
        "system_user": account.system_user,
        "clearances": sorted(account.clearances),
        "has_password": account.has_password,
        "created_at": utc(account.created_at),
        "disabled_at": utc(account.disabled_at),
    }
