"""A site's settings: `ingest.toml` and the environment, checked as a whole before anything runs.

Promise: `load` either returns complete settings or raises one `BadSettings` that lists *every* error
with its key and what would be right. Nothing below the composition root reads settings by itself.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ingest.errors import BadSettings, NoSuchSite

SETTINGS_FILE = "ingest.toml"


class Unattended(StrEnum):
    """Whether the program may file without a person, from most to least careful."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


class TextMode(StrEnum):
    """How much of each page is read: all at once, the rest when everything is decided, or only what identity needs."""

    FULL = "full"
    DEFERRED = "deferred"
    IDENTITY = "identity"


class Metadata(StrEnum):
    """What a filed PDF says of itself beside its pages, to whoever gets the file: from nothing to whose it is."""

    NONE = "none"
    IDS = "ids"
    FULL = "full"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IntakeSettings(_Section):
    """The drop folder."""

    inbox: str = "inbox"
    settle_s: Annotated[float, Field(ge=0.05, le=3600)] = 3.0
    rescan_s: Annotated[float, Field(ge=0.05, le=3600)] = 5.0
    give_up_s: Annotated[float, Field(ge=1, le=86400)] = 600.0
    failure_folder: str = ""
    scanner_command: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    scanner_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 120.0


class ReadingSettings(_Section):
    """Engines and limits of reading."""

    engine: Annotated[str, Field(pattern=r"^(auto|tesserocr|pytesseract|[\w.]+:\w+)$")] = "auto"
    languages: Annotated[tuple[Annotated[str, Field(pattern=r"^\w+$")], ...], Field(min_length=1)] = ("eng",)
    text: TextMode = TextMode.FULL
    second_reader: Annotated[str, Field(pattern=r"^(auto|off)$")] = "auto"
    workers: Annotated[int, Field(ge=0, le=1024)] = 0
    pdf_passwords: Annotated[tuple[SecretStr, ...], Field(max_length=100)] = ()
    page_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 120.0
    open_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 60.0
    write_timeout_s: Annotated[float, Field(ge=1, le=3600)] = 300.0
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 2000
    max_megapixels: Annotated[int, Field(ge=1, le=178)] = 150
    max_file_mb: Annotated[int, Field(ge=1, le=100_000)] = 2000
    worker_memory_mb: Annotated[int, Field(ge=1000, le=1_000_000)] = 4000
    worker_cpu_s: Annotated[int, Field(ge=1, le=3600)] = 300
    worker_output_mb: Annotated[int, Field(ge=1, le=100_000)] = 8000
    worker_answer_mb: Annotated[int, Field(ge=1, le=2000)] = 256
    worker_open_files: Annotated[int, Field(ge=64, le=1_000_000)] = 256

    @property
    def worker_count(self) -> int:
        """The number of reading workers, with 0 resolved to the cores this process may use."""
        return self.workers or len(os.sched_getaffinity(0))


class IdentifierSettings(_Section):
    """How identifiers are written at this site."""

    day_first: bool = False


class FilingSettings(_Section):
    """Where filed documents go, and what they say of themselves."""

    naming: str = "{mrn}/{document_date:%Y}/{document_date}_{type}_{document}.pdf"
    metadata: Metadata = Metadata.IDS


_Hours = Annotated[float, Field(gt=0, le=24 * 365)]


class DeskSettings(_Section):
    """The review desk: when what wants a person, who may see what, and the desk in the browser."""

    due_hours: _Hours = 24.0
    due_hours_by_type: dict[str, _Hours] = {}
    due_hours_by_origin: dict[str, _Hours] = {}
    confidential_types: dict[str, Annotated[str, Field(min_length=1)]] = {}
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8765
    idle_minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 15.0
    session_hours: Annotated[float, Field(gt=0, le=7 * 24)] = 12.0
    certificate: str = ""
    certificate_key: str = ""
    tls_proxy: bool = False
    proxy_user_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    proxy_addresses: tuple[str, ...] = ("127.0.0.1", "::1")
    picture_cache_mb: Annotated[int, Field(ge=50, le=1_000_000)] = 500


class SecondLookSettings(_Section):
    """Which shares of what was decided are looked at again, blind; 0 switches one off."""

    unattended: Annotated[float, Field(ge=0, le=1)] = 0.01
    people: Annotated[float, Field(ge=0, le=1)] = 0.01
    discards: Annotated[float, Field(ge=0, le=1)] = 0.02
    known: Annotated[float, Field(ge=0, le=0.5)] = 0.05


class Settings(BaseSettings):
    """All settings of one site."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="INGEST_", env_nested_delimiter="__")

    unattended: Unattended = Unattended.ON
    unattended_by_origin: dict[str, Unattended] = {}
    unattended_by_type: dict[str, Unattended] = {}
    ledger: Annotated[str, Field(pattern=r"^(|sqlite:///.+|postgresql\+psycopg://.+)$")] = ""
    intake: IntakeSettings = IntakeSettings()
    reading: ReadingSettings = ReadingSettings()
    identifiers: IdentifierSettings = IdentifierSettings()
    filing: FilingSettings = FilingSettings()
    desk: DeskSettings = DeskSettings()
    second_look: SecondLookSettings = SecondLookSettings()

    def due_minutes(self) -> dict[tuple[str, str], int]:
        """Within how many minutes what wants a person, by origin and type, "" for any."""
        desk = self.desk
        hours = {("", ""): desk.due_hours}
        hours |= {("", kind): value for kind, value in desk.due_hours_by_type.items()}
        hours |= {(origin.strip("/"), ""): value for origin, value in desk.due_hours_by_origin.items()}
        return {key: max(1, round(value * 60)) for key, value in hours.items()}

    def unattended_for(self, origin: str, document_type: str | None) -> Unattended:
        """The most careful of the modes that apply to a document of this origin and type.

        An origin's mode holds for its sub-folders too.
        """
        parts = Path(origin).parts
        origins = {str(Path(*parts[: depth + 1])) for depth in range(len(parts))}
        modes = [self.unattended]
        modes += [mode for name, mode in self.unattended_by_origin.items() if name in origins]
        if document_type in self.unattended_by_type:
            modes.append(self.unattended_by_type[document_type])
        return min(modes, key=list(Unattended).index)


class SitePaths:
    """The folders of one site. `inbox` and `failure_folder` may lie elsewhere; everything else is below `home`."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home = home
        self.inbox = home / settings.intake.inbox
        self.failure_folder = home / settings.intake.failure_folder if settings.intake.failure_folder else None
        self.spool = home / "spool"
        self.artefacts = home / "artefacts"
        self.records = home / "records"
        self.withdrawn = home / "withdrawn"
        self.index = home / "index"
        self.temporary = home / "tmp"
        self.stop_switch = home / "unattended.stopped"
        self.type_model = home / "types.json"
        self.former_models = home / "models"
        self.second_look_seed = home / "second-look.seed"
        self.full_text = (home / "text.sqlite").absolute()  # where the ledger is SQLite
        self.ledger_url = settings.ledger or f"sqlite:///{(home / 'ledger.sqlite').absolute()}"

    @property
    def kept(self) -> tuple[Path, ...]:
        """The folders that `ingest init` makes besides the drop folder."""
        return (self.spool, self.artefacts, self.records, self.withdrawn, self.index, self.temporary)


def load(home: Path) -> Settings:
    """The settings of the site at `home`; `NoSuchSite` without `ingest.toml`, `BadSettings` with every error."""
    file = home / SETTINGS_FILE
    if not file.is_file():
        msg = f"{home} is no site: it has no {SETTINGS_FILE}. Make one with: ingest --home {home} init"
        raise NoSuchSite(msg)

    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    try:
        return FromFile()
    except ValidationError as error:
        lines = "\n".join(f"  {_explain(dict(problem))}" for problem in error.errors())
        msg = f"{file} has {error.error_count()} wrong setting(s):\n{lines}"
        raise BadSettings(msg) from None
    except (ValueError, OSError, RecursionError) as error:
        msg = f"{file} cannot be read as TOML: {error}"
        raise BadSettings(msg) from None


def _explain(problem: dict[str, Any]) -> str:
    """One error as `key: what is wrong; what would be right`."""
    key = ".".join(str(part) for part in problem["loc"] if part != "[key]")
    given = problem.get("input")
    if key.startswith("reading.pdf_passwords"):
        return "reading.pdf_passwords: this will not do; write a list of at most 100 texts"  # never what stands there
    if problem["type"] == "extra_forbidden":
        return f"{key}: no such setting; remove it or correct its spelling (config/ingest.toml lists all)"
    if problem["type"] == "string_pattern_mismatch":
        wanted = {
            "ledger": "leave it empty, or write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
            "reading.engine": 'write "auto", "tesserocr" or "pytesseract"',
            "reading.second_reader": 'write "auto" or "off"',
        }.get(key, "use letters, digits and _ only")
        return f"{key}: {given!r} will not do; {wanted}"
    remedy = str(problem["msg"]).removeprefix("Input ")
    return f"{key}: {given!r} will not do; it {remedy}"
