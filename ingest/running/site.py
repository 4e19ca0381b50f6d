"""One site, put together: settings, folders, ledger, patients. The composition root of every command."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.drafts import owner_is_gone
from ingest.errors import BadSettings, StorageTrouble, WrongUse
from ingest.evidence.doctypes import DocType, DocTypes, load_doctypes
from ingest.evidence.find import SiteFacts
from ingest.evidence.labels import Labels, load_labels
from ingest.evidence.type_model import NO_MODEL, TypeModel, type_model_from
from ingest.filing.names import check_template
from ingest.finding import TextStore, open_store
from ingest.house import House
from ingest.intake.spool import Spool
from ingest.ledger import Ledger
from ingest.page import Guide
from ingest.patients.search_index import SearchIndex
from ingest.reading.options import ReadingOptions
from ingest.running.folders import folder_problems, has_own_drop_folder
from ingest.running.pool import Limits
from ingest.settings import SETTINGS_FILE, Settings, SitePaths, TextMode, load
from ingest.syncing import make_folders, sync_folder, write_whole
from matchers import PatientIndex, Policy, PolicyError, load_policy
from matchers.population import usual_shapes

_DEFAULTS = (
    Path(__file__).parents[2] / "config",  # a source tree
    Path(__file__).parents[1] / "defaults",  # an installed wheel
)
_LARGEST_MODEL = 16 << 20


@dataclass(slots=True, kw_only=True)
class Site:
    """An open site. Close it, or use it as a context manager."""

    home: Path
    settings: Settings
    paths: SitePaths
    ledger: Ledger
    spool: Spool
    artefacts: Spool
    policy: Policy
    labels: Labels
    doctypes: DocTypes
    type_model: TypeModel
    search: SearchIndex
    texts: TextStore

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the index, the full text and the ledger; idempotent."""
        self.texts.close()
        self.search.close()
        self.ledger.close()

    def index(self) -> PatientIndex:
        """The patient index of the ledger's present generation; safe to call from several threads."""
        return self.search.current()

    def house(self) -> House:
        """What a decision taken now rests on."""
        index = self.search.current(rebuild=True)
        return House(
            labels=self.labels,
            doctypes=self.doctypes,
            type_model=self.type_model,
            facts=self._facts(index),
            index=index,
            policy=self.policy,
            settings=self.settings,
            filing_stopped=self.paths.stop_switch.exists(),
        )

    def guide(self) -> Guide:
        """Where identity stands on this site's pages."""
        return Guide(labels=self.labels, facts=self._facts(self.search.current()))

    def _facts(self, index: PatientIndex) -> SiteFacts:
        return SiteFacts(
            mrn_shapes=usual_shapes(index.population),
            day_first=self.settings.identifiers.day_first,
            today=datetime.now(UTC).date(),
        )

    def reading_options(self, *, isolated: bool = False) -> ReadingOptions:
        """How this site's pages are to be read."""
        reading = self.settings.reading
        return ReadingOptions(
            engine=reading.engine,
            languages=reading.languages,
            max_pages=reading.max_pages,
            max_pixels=reading.max_megapixels * 1_000_000,
            max_file_bytes=reading.max_file_mb << 20,
            isolated=isolated,
            ocr_timeout_s=reading.page_timeout_s,
            second_reader=reading.second_reader,
            upper_first=reading.text is not TextMode.FULL,
            passwords=tuple(password.get_secret_value() for password in reading.pdf_passwords),
        )

    def limits(self) -> Limits:
        """What each of this site's worker processes may use."""
        reading = self.settings.reading
        return Limits(
            memory_bytes=reading.worker_memory_mb << 20,
            file_bytes=reading.worker_output_mb << 20,
            cpu_s=reading.worker_cpu_s,
            open_files=reading.worker_open_files,
            answer_bytes=reading.worker_answer_mb << 20,
            scratch=self.paths.temporary,
        )


def create_site(home: Path, *, restoring: bool = False) -> None:
    """Makes a site, or completes one; what exists is left as it is.

    `restoring`: the scans that are there already get their ledger now. Raises StorageTrouble, BadSettings, and
    LedgerDamaged for a site whose ledger is gone.
    """
    try:
        there = next(folder for folder in home.absolute().parents if folder.is_dir())
        make_folders(home.absolute(), there)
        sync_folder(home.absolute().parent)  # where it was made before, by whoever was killed then
        file = home / SETTINGS_FILE
        if not file.exists():
            write_whole(file, default_file(SETTINGS_FILE).read_bytes())
        settings = load(home)
        _refuse(folder_problems(SitePaths(home, settings)), home)
        paths = SitePaths(home, settings)
        _make_folders(paths)
        _make_drop_folder(paths.inbox)
    except (NotADirectoryError, FileExistsError) as error:
        msg = f"the site {home} cannot be made: {error.filename} is a file; name a folder with --home"
        raise WrongUse(msg) from None
    except OSError as error:
        msg = f"the site {home} cannot be made: {error.strerror}"
        raise StorageTrouble(msg) from None
    Ledger.open(paths.ledger_url, create=True, begin=restoring or not _keeps_scans(paths)).close()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A site as its own files tell it: nothing is opened yet, and nothing needs to be there but these."""

    home: Path
    settings: Settings
    paths: SitePaths
    policy: Policy
    labels: Labels
    doctypes: DocTypes
    type_model: TypeModel

    def make_folders(self) -> None:
        """Makes what is missing. Raises StorageTrouble.

        Of a drop folder elsewhere only `ingest init` makes anything: where a share is not mounted, an empty folder in
        its place would look like a quiet day.
        """
        try:
            _make_folders(self.paths)
            if has_own_drop_folder(self.paths):
                _make_drop_folder(self.paths.inbox)
        except OSError as error:
            msg = f"the site's folders cannot be used: {error.strerror}"
            raise StorageTrouble(msg) from None

    def open(self) -> Site:
        """The site. Raises StorageTrouble (of it LedgerDamaged), LedgerUnreachable, OtherVersion, MissingPart."""
        self.make_folders()
        paths = self.paths
        ledger = Ledger.open(paths.ledger_url, create=True, begin=not _keeps_scans(paths))
        ledger.set_review_limits(self.settings.due_minutes(), now=datetime.now(UTC))
        return Site(
            home=self.home,
            settings=self.settings,
            paths=paths,
            ledger=ledger,
            search=SearchIndex(ledger, paths.ledger_url, paths.index),
            texts=open_store(paths.ledger_url, paths.full_text),
            spool=Spool(paths.spool, paths.temporary),
            artefacts=Spool(paths.artefacts, paths.temporary),
            policy=self.policy,
            labels=self.labels,
            doctypes=self.doctypes,
            type_model=self.type_model,
        )


def read_site(home: Path, *, ledger_url: str | None = None) -> SitePlan:
    """What the files of the site at `home` say, with the ledger that its settings name or another one.

    Raises `NoSuchSite` or `BadSettings` (every error at once).
    """
    settings = load(home)
    problems = [f"filing.naming: {problem}" for problem in check_template(settings.filing.naming)]
    problems += [
        f"unattended_by_type: there is no type {name!r}; there are {', '.join(DocType)}"
        for name in settings.unattended_by_type
        if name not in list(DocType)
    ]
    problems += [
        f"desk.{table}: there is no type {name!r}; there are {', '.join(DocType)}"
        for table in ("due_hours_by_type", "confidential_types")
        for name in getattr(settings.desk, table)
        if name not in list(DocType)
    ]
    if bool(settings.desk.certificate) != bool(settings.desk.certificate_key):
        problems.append("desk.certificate: name both a certificate and its key, or neither")
    problems += folder_problems(SitePaths(home, settings))
    _refuse(problems, home)
    paths = SitePaths(home, settings)
    if ledger_url is not None:
        paths.ledger_url = ledger_url
    own_labels = home / "labels.toml"
    own_kinds = home / "doctypes.toml"
    return SitePlan(
        home=home,
        settings=settings,
        paths=paths,
        policy=read_policy(home / "matching.toml"),
        labels=load_labels(*([own_labels] if own_labels.exists() else [])),
        doctypes=load_doctypes(*([own_kinds] if own_kinds.exists() else [])),
        type_model=read_type_model(paths.type_model),
    )


def open_site(home: Path, *, ledger_url: str | None = None) -> Site:
    """The site at `home`. Raises what `read_site` and `SitePlan.open` raise."""
    return read_site(home, ledger_url=ledger_url).open()


def _refuse(problems: list[str], home: Path) -> None:
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        msg = f"{home / SETTINGS_FILE} has {len(problems)} wrong setting(s):\n{lines}"
        raise BadSettings(msg)


def read_policy(own: Path) -> Policy:
    """The policy in a site's own file, the shipped one where there is none. Raises BadSettings with every error."""
    try:
        return load_policy(own if own.exists() else None)
    except PolicyError as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        msg = f"{own} has {len(error.problems)} wrong setting(s):\n{lines}"
        raise BadSettings(msg) from None
    except OSError as error:
        msg = f"{own} cannot be read: {error.strerror}"
        raise BadSettings(msg) from None


def read_type_model(file: Path) -> TypeModel:
    """The learned classifier in a site's file; where there is none, one that says nothing. Raises BadSettings."""
    try:
        if not file.exists():
            return NO_MODEL
        if file.stat().st_size > _LARGEST_MODEL:
            msg = f"it is larger than {_LARGEST_MODEL >> 20} MB"
            raise ValueError(msg)
        return type_model_from(json.loads(file.read_bytes()))
    except (ValueError, RecursionError) as error:
        msg = f"{file} is no classifier of types ({error}); remove it, and apply one with: ingest learn apply"
        raise BadSettings(msg) from None
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise BadSettings(msg) from None


def default_file(name: str) -> Path:
    """A file of `config/`, from the source tree or from the installed wheel."""
    for folder in _DEFAULTS:
        if (folder / name).is_file():
            return folder / name
    msg = f"{name} is missing from the installation; install Paperchart again"
    raise BadSettings(msg)


def sweep_temporary(paths: SitePaths) -> None:
    """Removes what a broken-off run left in the site's folder of temporary files.

    Only the taker of the drop folder calls it, at its start. Drafts of processes that live are spared. Raises
    StorageTrouble.
    """
    try:
        for left in paths.temporary.iterdir():
            if owner_is_gone(left.name):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
    except OSError as error:
        msg = f"the site's folder of temporary files cannot be used: {error.strerror}"
        raise StorageTrouble(msg) from None


def _make_folders(paths: SitePaths) -> None:
    for folder in paths.kept:
        folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(paths.home)


def _make_drop_folder(inbox: Path) -> None:
    if not inbox.exists():
        inbox = inbox.absolute()
        make_folders(inbox, next(folder for folder in inbox.parents if folder.is_dir()))


def _keeps_scans(paths: SitePaths) -> bool:
    """Whether a ledger has been at work here: bytes come to the spool only with one."""
    return any(paths.spool.glob("[0-9a-f][0-9a-f]/*"))  # a disk of its own has folders of the system's beside
