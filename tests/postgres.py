"""A PostgreSQL server of the tests' own: started when the first test asks, gone when the test run is.

Promises: one server for a run, also under pytest-xdist; it runs as an unprivileged user (PostgreSQL refuses
root), on a free port of 127.0.0.1, behind a password, without fsync; a small process of its own watches the
run and stops the server when that has ended, however it ended. Each test gets a fresh database, copied from
a template. Without server programs the tests are skipped, visibly; with CI=true or
PAPERCHART_REQUIRE_POSTGRES=1 they fail.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_START_S = 60.0
_POLL_S = 0.2
_ATTEMPTS = 3


@dataclass(frozen=True)
class Server:
    """Where the server listens, and as whom one may connect."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """A database of it, as the settings name it."""
        return f"postgresql+psycopg://tester:{self.password}@127.0.0.1:{self.port}/{database}"


def find_programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian's newest, or the PATH's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: file.parts[-3])
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres", path=str(Path(on_path).parent)):
        found.insert(0, Path(on_path))
    return found[-1].parent if found else None


def unprivileged_user() -> int | None:
    """The user id to drop to when we are root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534


class OwnServer:
    """A server that a test may stop and start again; its databases stay. Use it as a context manager."""

    def __init__(self) -> None:
        programs = find_programs()
        if programs is None:
            pytest.skip("PostgreSQL is not installed")
        self._programs, self._user, self.password = programs, unprivileged_user(), secrets.token_hex(16)
        self._home = Path(tempfile.mkdtemp(prefix="paperchart-postgres-"))
        if self._user is not None:
            os.chown(self._home, self._user, self._user)
        _init(programs, self._home, self.password, self._user)
        self._port: int | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> OwnServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def url(self) -> str:
        """Its database, as the settings name it."""
        return f"postgresql+psycopg://tester:{self.password}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Starts it, on the same port as before."""
        self._server, self._port = _start(self._programs, self._home, self._user, self._port)
        assert _answers(self._server, self._port), "PostgreSQL does not start"

    def stop(self) -> None:
        """Stops it at once: every connection breaks off, as when its machine fails."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(timeout=30)
            self._server = None


def watch(run: int, programs: Path, report: Path) -> None:
    """The watching process: starts the server, tells where it is, stops it when process `run` is gone."""
    user = unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="paperchart-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        if user is not None:
            os.chown(home, user, user)
        password = secrets.token_hex(16)
        _init(programs, home, password, user)
        for _ in range(_ATTEMPTS):
            server, port = _start(programs, home, user)
            if _answers(server, port):
                _publish(report, {"port": port, "password": password})
                break
        else:
            log = (home / "log").read_text(errors="replace")[-2000:]
            _publish(report, {"failure": f"PostgreSQL does not start: {log}"})
            return
        while _lives(run) and server.poll() is None:
            time.sleep(_POLL_S)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", b"") or b""
        _publish(report, {"failure": f"PostgreSQL cannot be set up: {error} {said.decode(errors='replace')}"})
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a shutdown
            server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


def _init(programs: Path, home: Path, password: str, user: int | None) -> None:
    secret = home / "password"
    secret.write_text(password)
    if user is not None:
        os.chown(secret, user, user)
    command = [programs / "initdb", "-D", home / "data", "-U", "tester", "-A", "password", "--pwfile", secret]
    subprocess.run(
        [*command, "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=home,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def _start(
    programs: Path, home: Path, user: int | None, port: int | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """The server of `home`, listening on `port` or on any that is free."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "32MB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("ab") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", home / "data", "-p", str(port), *options],
            stdout=log,
            stderr=log,
            cwd=home,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    return server, port


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.05)
    return False


def _publish(report: Path, facts: dict[str, object]) -> None:
    draft = report.with_suffix(".draft")
    draft.write_text(json.dumps(facts))
    draft.chmod(0o600)
    draft.replace(report)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _server(shared: Path, run: int) -> Server:
    """The run's server, started by whoever asks first. `shared` is the same folder for all of the run."""
    programs = find_programs()
    if programs is None:
        reason = "no PostgreSQL server programs (Debian: apt-get install postgresql-15)"
        if os.environ.get("CI") == "true" or os.environ.get("PAPERCHART_REQUIRE_POSTGRES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    report, ready = shared / "postgres.json", shared / "postgres.ready"
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            subprocess.Popen(
                [sys.executable, __file__, str(run), str(programs), str(report)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            ).returncode = 0  # it outlives us on purpose: nobody waits for it
            _wait_for(report)
        server = _read(report)
        if not ready.exists():
            _make_template(server)
            ready.touch()
        return server


def _wait_for(report: Path) -> None:
    deadline = time.monotonic() + 2 * _START_S
    while not report.exists():
        if time.monotonic() > deadline:
            pytest.fail("PostgreSQL did not start in time")
        time.sleep(0.05)


def _read(report: Path) -> Server:
    facts = json.loads(report.read_text())
    if "failure" in facts:
        pytest.fail(facts["failure"])
    return Server(port=facts["port"], password=facts["password"])


def _make_template(server: Server) -> None:
    from ingest.ledger import Ledger

    run_sql(server, "DROP DATABASE IF EXISTS ledger_template")
    run_sql(server, "CREATE DATABASE ledger_template")
    Ledger.open(server.url("ledger_template"), create=True).close()


def run_sql(server: Server, statement: str) -> None:
    """One statement outside of any transaction, as the server's administrator."""
    import psycopg

    target = server.url("postgres").replace("+psycopg", "")
    deadline = time.monotonic() + _START_S
    while True:
        try:
            with psycopg.connect(target, autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # it listens before it is ready
        else:
            return


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The server of this test run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return _server(base.parent, os.getppid())
    return _server(base, os.getpid())


@pytest.fixture
def make_postgres(postgres_server: Server) -> Iterator[Callable[..., str]]:
    """Makes databases, with the ledger's tables or (`empty=True`) without; gives their URLs."""
    made: list[str] = []

    def make(*, empty: bool = False) -> str:
        name = f"t_{secrets.token_hex(8)}"
        template = "template0" if empty else "ledger_template"
        # From PostgreSQL 15 on; half the time of copying by way of the log.
        run_sql(postgres_server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        made.append(name)
        return postgres_server.url(name)

    yield make
    for name in made:
        run_sql(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(make_postgres: Callable[..., str]) -> str:
    """A fresh database with the ledger's tables."""
    return make_postgres()


if __name__ == "__main__":
    watch(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
