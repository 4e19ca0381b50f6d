"""Settings: every error at once, each with its key and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import BadSettings, NoSuchSite
from ingest.settings import Settings, TextMode, Unattended, load

DEFAULTS = Path(__file__).parents[3] / "config" / "ingest.toml"


def _site(tmp_path: Path, text: str) -> Path:
    (tmp_path / "ingest.toml").write_text(text)
    return tmp_path


def test_the_commented_file_shows_exactly_the_defaults(tmp_path: Path) -> None:
    assert load(_site(tmp_path, DEFAULTS.read_text())).model_dump() == Settings().model_dump()


def test_all_errors_are_reported_together_with_key_and_remedy(tmp_path: Path) -> None:
    text = 'unattended = "maybe"\nledgr = "x"\n[intake]\nsettle_s = -1\n[reading]\nlanguages = []\nengine = "a b"\n'
    with pytest.raises(BadSettings) as caught:
        load(_site(tmp_path, text))
    message = str(caught.value)
    assert "5 wrong setting(s)" in message
    for key in ("unattended:", "ledgr:", "intake.settle_s:", "reading.languages:", "reading.engine:"):
        assert key in message
    assert "'on'" in message
    assert "no such setting" in message


def test_how_much_is_read_is_one_of_three(tmp_path: Path) -> None:
    assert load(_site(tmp_path, "")).reading.text is TextMode.FULL
    assert load(_site(tmp_path, '[reading]\ntext = "deferred"\n')).reading.text is TextMode.DEFERRED
    with pytest.raises(
        BadSettings, match=r"reading\.text: 'some' will not do; it should be 'full', 'deferred' or 'identity'"
    ):
        load(_site(tmp_path, '[reading]\ntext = "some"\n'))


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="line 2"):
        load(_site(tmp_path, 'unattended = "on"\nunattended = = \n'))


def test_no_site_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoSuchSite, match="init"):
        load(tmp_path)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_UNATTENDED", "shadow")
    monkeypatch.setenv("INGEST_READING__WORKERS", "3")
    settings = load(_site(tmp_path, 'unattended = "on"'))
    assert settings.unattended is Unattended.SHADOW
    assert settings.reading.worker_count == 3


@pytest.mark.parametrize(
    ("origin", "document_type", "mode"),
    [
        ("", None, Unattended.ON),
        ("fax", None, Unattended.SHADOW),
        ("fax/night", None, Unattended.SHADOW),
        ("faxes", None, Unattended.ON),
        ("fax", "consent", Unattended.OFF),
        ("desk", "consent", Unattended.OFF),
    ],
)
def test_of_several_modes_the_most_careful_wins(origin: str, document_type: str | None, mode: Unattended) -> None:
    settings = Settings(unattended_by_origin={"fax": Unattended.SHADOW}, unattended_by_type={"consent": Unattended.OFF})
    assert settings.unattended_for(origin, document_type) is mode


def test_passwords_are_neither_shown_nor_quoted_when_they_are_wrong(tmp_path: Path) -> None:
    settings = load(_site(tmp_path, '[reading]\npdf_passwords = ["hush-hush", "x"]\n'))
    assert [password.get_secret_value() for password in settings.reading.pdf_passwords] == ["hush-hush", "x"]
    assert "hush" not in repr(settings) + str(settings) + str(settings.model_dump())
    many = "[" + "'hush-hush'," * 101 + "]"
    for wrong in ('"hush-hush"', '{a = "hush-hush"}', "[20101966]", many):
        with pytest.raises(BadSettings) as caught:
            load(_site(tmp_path, f"[reading]\npdf_passwords = {wrong}\n"))
        assert "reading.pdf_passwords: this will not do; write a list" in str(caught.value)
        assert "hush" not in str(caught.value)
        assert "2010" not in str(caught.value)
