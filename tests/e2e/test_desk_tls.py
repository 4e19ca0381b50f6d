"""The desk behind a certificate of its own, and what is said of certificates that are none."""

from __future__ import annotations

import http.client
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.desk_house import PASSWORD, DeskHouse, house_run, served
from tests.fakes.settings_file import change_settings
from tests.faults import story

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificates, and is not installed")


def make_certificate(folder: Path, *, password: str = "") -> None:
    """desk.crt and desk.key for this machine's loopback address."""
    locked = ["-passout", f"pass:{password}"] if password else ["-noenc"]
    subprocess.run(
        [
            str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2",
            "-subj", "/CN=desk", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "desk.key"),
            "-out", str(folder / "desk.crt"), *locked,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    story.make(tmp_path / "site", certificate='"desk.crt"', certificate_key='"desk.key"')
    return tmp_path / "site"


@pytest.fixture
def house(home: Path) -> Iterator[DeskHouse]:
    make_certificate(home)
    made = DeskHouse(home=home)
    house_run(made, "users", "add", "rita", "--role", "reviewer", "--password-stdin", typed=f"{PASSWORD}\n")
    with served(made):
        yield made


def serve(home: Path) -> subprocess.CompletedProcess[str]:
    """The desk, which is not to begin."""
    command = [sys.executable, "-m", "ingest.cli.app", "serve", "--port", "0", "--home", str(home)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def ask(connection: http.client.HTTPConnection) -> None:
    """For the login page."""
    with closing(connection):
        connection.request("GET", "/review/login")
        connection.getresponse()


def test_a_browser_that_trusts_the_certificate_logs_in_and_its_cookie_never_goes_unencrypted(house: DeskHouse) -> None:
    port = urlsplit(house.url).port
    trusting = ssl.create_default_context(cafile=str(house.home / "desk.crt"))
    with closing(http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=trusting)) as browser:
        browser.request(
            "POST",
            "/review/login",
            urlencode({"name": "rita", "password": PASSWORD}),
            {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://127.0.0.1:{port}"},
        )
        answer = browser.getresponse()
        answer.read()
        assert (answer.status, answer.headers["location"]) == (303, "/review")
        kept = {part.strip().casefold() for part in answer.headers["set-cookie"].split(";")}
        assert {"secure", "httponly", "samesite=strict"} <= kept
        browser.request("GET", "/review", headers={"Cookie": answer.headers["set-cookie"].split(";")[0]})
        assert b"The desk" in browser.getresponse().read()


def test_nobody_is_answered_without_encryption(house: DeskHouse) -> None:
    port = urlsplit(house.url).port
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30))
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(http.client.HTTPSConnection("127.0.0.1", port, timeout=30))


def test_a_certificate_that_cannot_be_used_ends_the_command_with_the_remedy(home: Path, tmp_path: Path) -> None:
    make_certificate(home)
    other = tmp_path / "other"
    other.mkdir()
    make_certificate(other)
    (home / "other.key").write_bytes((other / "desk.key").read_bytes())
    (home / "garbage").write_bytes(b"\x00not a certificate\xff" * 50)
    make_certificate(other, password="a word")  # noqa: S106 - of a key that lives for a test
    (home / "locked.key").write_bytes((other / "desk.key").read_bytes())
    (home / "locked.crt").write_bytes((other / "desk.crt").read_bytes())
    for certificate, key, remedy in (
        ("gone.crt", "desk.key", "is not there"),
        ("desk.crt", "gone.key", "desk.certificate_key: "),
        ("desk.crt", "other.key", "belong together"),
        ("garbage", "desk.key", "must be PEM"),
        ("locked.crt", "locked.key", "wants a password"),
        ("", "desk.key", "or neither"),
    ):
        change_settings(home / "ingest.toml", certificate=f'"{certificate}"', certificate_key=f'"{key}"')
        ended = serve(home)
        assert ended.returncode == 2, (certificate, key, ended.stderr)
        assert remedy in ended.stderr
        assert "Traceback" not in ended.stderr
