"""`ingest serve`: the review desk in a browser."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli.site import Home, open_site
from ingest.errors import BadSettings, CannotRunNow
from ingest.running.site import Site

_KEEP_ALIVE_S = 75  # a form sent while the connection is being closed would be lost
# A page asks the ledger two dozen times, and after each answer waits its turn behind a thread that computes, which
# Python lets run for 5 ms.
_SWITCH_S = 0.0005


class _Ended(Exception):
    """Somebody ends the desk: by Ctrl-C, or by a signal of the system."""


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Where to listen. [default: desk.host]")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="[default: desk.port]")] = None,
    home: Home = None,
) -> None:
    """The review desk in a browser, at /review."""
    sys.setswitchinterval(_SWITCH_S)
    with open_site(home) as site:
        desk = site.settings.desk
        where, number = host or desk.host, desk.port if port is None else port
        certificate = site.home / desk.certificate if desk.certificate else None
        key = site.home / desk.certificate_key if certificate is not None else None
        if certificate is not None and key is not None:
            _try(certificate, key)
        secure = certificate is not None or desk.tls_proxy
        if not secure and not _is_loopback(where):
            typer.echo(
                f"ingest: {where} is reachable by others, and nothing is encrypted: name a certificate in the settings "
                "([desk] certificate), or put a proxy with TLS before it ([desk] tls_proxy)",
                err=True,
            )
        with suppress(_Ended), _ends_in_order():
            _run(site, where, number, certificate, key, secure=secure)


def _run(site: Site, where: str, number: int, certificate: Path | None, key: Path | None, *, secure: bool) -> None:
    import uvicorn  # the web is for this command only

    from ingest.running.filer import Filer
    from ingest.running.page_pictures import PagePictures
    from ingest.web.app import make_app

    site.house()  # the patient index and the rules are at hand before the first person asks for them
    workers, keep_bytes = max(1, (os.cpu_count() or 2) // 2), site.settings.desk.picture_cache_mb << 20
    with PagePictures(site, workers=workers, keep_bytes=keep_bytes) as pictures, Filer(site) as filer:
        pictures.prepare_shift()
        config = uvicorn.Config(
            make_app(site, pictures, filer, secure=secure),
            host=where,
            port=number,
            log_level="warning",
            access_log=False,  # URLs name documents, and who looked is in the audit
            server_header=False,
            proxy_headers=False,  # the door knows whom it believes: `proxy_addresses`
            date_header=False,
            ssl_certfile=None if certificate is None else str(certificate),
            ssl_keyfile=None if key is None else str(key),
            timeout_graceful_shutdown=5,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )
        scheme = "https" if certificate else "http"
        typer.echo(f"the review desk: {scheme}://{where}:{number}/review (ends with Ctrl-C)", err=True)
        if not site.ledger.accounts():
            typer.echo("nobody can log in yet: ingest users add NAME --role supervisor", err=True)
        config.load()
        gc.freeze()  # else all that lives as long as the desk is gone through time and again: a tenth of a second each
        try:
            uvicorn.Server(config).run()
        except SystemExit:
            msg = (
                f"{where} port {number} cannot be listened on: is another desk running (--port takes another), "
                "or is this no address of this computer (--host)?"
            )
            raise CannotRunNow(msg) from None


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """The server hands on the signals that ended it: what runs beside it is to be ended as well."""
    before = {number: signal.signal(number, _end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(_number: int, _frame: object) -> None:
    raise _Ended


def _try(certificate: Path, key: Path) -> None:
    """Raises BadSettings when browsers could not be answered with this certificate."""

    def asked_for_a_password() -> str:
        msg = f"desk.certificate_key: {key} wants a password; keep it without one, for the desk's user alone to read"
        raise BadSettings(msg)

    for name, file in (("desk.certificate", certificate), ("desk.certificate_key", key)):
        if not file.is_file():
            msg = f"{name}: {file} is not there"
            raise BadSettings(msg)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, asked_for_a_password)
    except OSError as error:  # ssl.SSLError is one
        msg = (
            f"desk.certificate: {certificate} and its key cannot be used ({error.strerror or error}): both must be "
            "PEM, and belong together"
        )
        raise BadSettings(msg) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
