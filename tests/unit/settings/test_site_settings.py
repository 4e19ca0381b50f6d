"""What opening a site refuses beyond the shape of its settings, and that a wheel brings every file of defaults."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ingest.errors import BadSettings
from ingest.running.site import create_site, open_site
from ingest.settings import SETTINGS_FILE

ROOT = Path(__file__).parents[3]


def test_a_type_of_document_that_does_not_exist_is_refused_with_every_other_error(tmp_path: Path) -> None:
    create_site(tmp_path)
    file = tmp_path / SETTINGS_FILE
    text = file.read_text().replace("unattended_by_type = {}", 'unattended_by_type = {konsent = "off"}')
    file.write_text(text.replace('naming = "{mrn}', 'naming = "{patient}'))
    with pytest.raises(BadSettings) as trouble:
        open_site(tmp_path)
    assert "there is no type 'konsent'" in str(trouble.value)
    assert "filing.naming" in str(trouble.value)
    assert "2 wrong setting(s)" in str(trouble.value)


def test_every_file_of_defaults_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    brought = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {f"config/{file.name}" for file in (ROOT / "config").glob("*.toml")} == set(brought)


@pytest.mark.parametrize("text", [b"threshold = ", b"\xff", b"a = " + b"[" * 5_000, b"[decision]\nthreshold = 7"])
def test_a_wrong_matching_file_is_named_and_no_traceback(tmp_path: Path, text: bytes) -> None:
    create_site(tmp_path)
    (tmp_path / "matching.toml").write_bytes(text)
    with pytest.raises(BadSettings, match=r"matching\.toml has [0-9]+ wrong"):
        open_site(tmp_path)
