"""What a runner leaves behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ingest.errors import PaperchartError
from ingest.running.runner import Runner
from ingest.running.site import create_site, open_site


def test_a_runner_that_cannot_begin_leaves_no_thread_behind(tmp_path: Path) -> None:
    """The daemon begins one every minute for as long as the ledger is away."""
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.close()
        for file in site.home.glob("ledger.sqlite*"):
            file.unlink()
        before = set(threading.enumerate())
        with pytest.raises(PaperchartError), Runner(site, workers=3):
            pytest.fail("it began without a ledger")
        assert set(threading.enumerate()) == before
