"""Options that every command has, and the site they name."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ingest.running.site import Site
from ingest.running.site import open_site as _open

DEFAULT_HOME = Path("site")


def _resolve(context: typer.Context, home: Path | None) -> Path:
    """The folder given to the command, else before the command or by INGEST_HOME, else ./site."""
    if home is None:
        home = context.find_root().obj
    return (home or DEFAULT_HOME).absolute()


def _folder(text: str) -> Path:
    """A variable that is not set leaves nothing behind `--home`: that must not mean the folder where one stands."""
    if not text.strip():
        msg = "name the site's folder"
        raise typer.BadParameter(msg)
    return Path(text)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        parser=_folder,
        help="The site's folder. [default: $INGEST_HOME, else ./site]",
        callback=_resolve,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, one object a line.")]


def day(text: str) -> date:
    """The day that an option names. Raises BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        msg = f"{text!r} is no day; write one as 2026-11-25"
        raise typer.BadParameter(msg) from None


def home_of(home: Path | None) -> Path:
    """The folder that the options name."""
    return (home or DEFAULT_HOME).absolute()


def open_site(home: Path | None) -> Site:
    """The site named by the options. Raises `NoSuchSite` or `BadSettings`."""
    return _open(home_of(home))
