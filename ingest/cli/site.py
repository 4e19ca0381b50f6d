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


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="The site's folder. [default: $INGEST_HOME, else ./site]",
        callback=_resolve,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, one object a line.")]


def day_of(moment: datetime | None) -> date | None:
    """The day that an option names."""
    return None if moment is None else moment.date()


def home_of(home: Path | None) -> Path:
    """The folder that the options name."""
    return (home or DEFAULT_HOME).absolute()


def open_site(home: Path | None) -> Site:
    """The site named by the options. Raises `NoSuchSite` or `BadSettings`."""
    return _open(home_of(home))
