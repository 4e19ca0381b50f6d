"""`ingest watch` beside the test, and ways to wait for what it does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import House

WAIT_S = 180.0  # a bound on hanging, no measure of speed


@contextmanager
def daemon(house: House, *before: str, logs: Path | None = None) -> Iterator[Path]:
    """`ingest watch` at work, run by the command `before` where one is given; its log, in `logs` or beside the site.

    In the end it is alive, and stops when it is asked to.
    """
    log = (logs or house.home.parent) / f"{house.home.name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*before, *house.command("watch")],
            stdout=out,
            stderr=out,
            env=os.environ | {"PYTHONFAULTHANDLER": "1"},
            start_new_session=True,
        )
        try:
            yield log
            assert process.poll() is None, log.read_text()
            os.kill(process.pid, signal.SIGTERM)
            try:
                status = process.wait(timeout=WAIT_S)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGABRT)  # it says where each of its threads is
                process.wait()
                pytest.fail(f"it does not stop\n{log.read_text()}")
            assert status == 0, log.read_text()
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text()


def at_rest(house: House, scans: int) -> bool:
    lines = house.documents()
    return len({line["scan"] for line in lines}) == scans and all(line["state"] != "working" for line in lines)
