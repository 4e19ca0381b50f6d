"""Paperchart's command line: `ingest`. Every command, and how failures become exit codes.

Promise: a failure is one line on standard error that names the remedy, and the exit code of
`ingest.errors`; never a traceback for wrong use or a system's trouble.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ingest import logs
from ingest.cli import (
    backup,
    batches,
    calibrate,
    custody,
    documents,
    doubts,
    explain,
    find,
    learn,
    moves,
    patients,
    recall,
    rematch,
    report,
    review,
    runs,
    second_look,
    separators,
    serve,
    unattended,
    users,
    weights,
)
from ingest.cli import review_more as review_more  # its commands belong to `review`
from ingest.errors import PaperchartError, StorageTrouble

app = typer.Typer(
    name="ingest",
    help="Paper scans into the right patient's chart: read, matched against the master patient index, "
    "filed when certain, queued for a person with the reasons when not.",
    epilog="First steps: ingest init; ingest patients load patients.csv; put scans into site/inbox; ingest batch",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(custody.init)
app.add_typer(patients.app, name="patients")
app.command("batch")(runs.batch)
app.command("watch")(runs.watch)
app.command("documents")(documents.documents)
app.command("find")(find.find)
app.command("calibrate")(calibrate.calibrate_site)
app.add_typer(weights.app, name="weights")
app.add_typer(learn.app, name="learn")
app.command("explain")(explain.explain)
app.command("batches")(batches.batches)
review.app.add_typer(second_look.app, name="second-look")
app.add_typer(review.app, name="review")
app.command("serve")(serve.serve)
app.command("report")(report.report)
app.command("retry")(runs.retry)
app.command("recall")(recall.recall)
app.command("refile")(moves.refile)
review.app.command("copy")(moves.copy)
review.app.command("rematch")(rematch.rematch_now)
review.app.command("doubts")(doubts.doubts)
review.app.command("let-stand")(doubts.let_stand)
app.add_typer(unattended.app, name="unattended")
app.command("separators")(separators.separators)
app.add_typer(users.app, name="users")
app.command("verify")(custody.verify)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(custody.doctor)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@app.callback()
def _before(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="INGEST_HOME", metavar="DIR", help="The site's folder."),
    ] = None,
) -> None:
    context.obj = home


def main() -> None:
    """The entry point of the `ingest` program."""
    logs.configure()
    try:
        code = _run()
    except TyperException as error:
        message = error.format_message().replace(": Value error, ", ": ")
        where = getattr(getattr(error, "ctx", None), "command_path", None)
        if message.startswith("Usage:"):  # no command was named: the help is the answer
            typer.echo(message, err=True)
            message = "name a command"
        _complain(f"{message}{f' (see: {where} --help)' if where else ''}")
        code = 2
    except PaperchartError as error:
        _complain(str(error))
        code = error.exit_code
    except (KeyboardInterrupt, EOFError, typer.Abort):
        _complain("interrupted; nothing was lost, run it again")
        code = 130
    except BrokenPipeError:  # the reader of our output has seen enough: `ingest documents | head`
        code = 0
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        _complain(f"what was to be written found no room ({error.strerror}): nothing was lost, make room and run again")
        code = StorageTrouble.exit_code
    _let_go_of_output()
    sys.exit(code)


def _run() -> int:
    """The command that was called; what it wrote has left when this returns."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("ingest", sys.argv[1:]) as context:
            command.invoke(context)
    except typer.Exit as end:
        code = end.exit_code
    else:
        code = 0
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _let_go_of_output() -> None:
    """What could not be written is not tried again, with a traceback, when Python ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(message: str) -> None:
    typer.echo(f"ingest: {message}", err=True)


if __name__ == "__main__":
    main()
