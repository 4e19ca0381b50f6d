"""Pages as pictures for people: drawn in worker processes, kept for a while, ready before they are asked for.

Promises: a picture that somebody waits for is drawn before all that are drawn ahead. Pictures lie in private files
below the site's folder of temporary files, whose names tell nothing; the next start sweeps them away. The
oldest go when there are too many. Several threads may ask at once.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice

from ingest.drafts import draft_name
from ingest.errors import PaperchartError, StorageTrouble, WrongUse
from ingest.ledger import SITE_ITSELF, QueueFilter
from ingest.model import Document, PageArtefact, Turn
from ingest.reading import artefact
from ingest.reading.picture import page_picture
from ingest.running.pool import TaskTrouble, WorkerPool
from ingest.running.runner import utc_now
from ingest.running.site import Site

PAGE_PX = 1700  # long side: letters of a page are legible, and a laptop's screen is lower
THUMBNAIL_PX = 260
_TURNS_KEPT = 20_000
_NICENESS = 10  # most pictures are drawn ahead; whoever asks for a page goes first
_READY = 3  # pages of a document that is on somebody's screen
_SHIFT = 40  # documents: all ask at once when a shift begins


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A picture that is under way; `ahead`, when nobody had asked for it yet."""

    picture: Future[bytes]
    ahead: bool


class PagePictures:
    """The pictures of one site's pages. Use it as a context manager."""

    def __init__(self, site: Site, *, workers: int, keep_bytes: int) -> None:
        self._site = site
        self._keep_bytes = keep_bytes
        self._folder = site.paths.temporary / draft_name("pictures")
        self._pool = WorkerPool(workers, replace(site.limits(), niceness=_NICENESS))
        self._looking_up = ThreadPoolExecutor(1, thread_name_prefix="pictures")  # how a page lies takes a while to tell
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] = OrderedDict()  # the one asked for last stands last
        self._bytes = 0
        self._under_way: dict[str, _Drawing] = {}
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        try:
            self._folder.mkdir(mode=0o700)
        except OSError as error:
            self._pool.close(kill=True)
            msg = f"pictures of pages cannot be kept: {error.strerror}"
            raise StorageTrouble(msg) from None

    def __enter__(self) -> PagePictures:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers and removes every picture; idempotent."""
        self._looking_up.shutdown(cancel_futures=True)
        self._pool.close(kill=True)
        with suppress(OSError):
            for file in self._folder.iterdir():
                file.unlink(missing_ok=True)
            self._folder.rmdir()

    def get(self, document: Document, page: int, *, long_side_px: int = PAGE_PX, ahead: bool = False) -> bytes:
        """The page upright, as PNG or JPEG; `ahead`: nobody sees it yet, others go first.

        Raises WrongUse when it has no picture to be shown, StorageTrouble.
        """
        key = _key(document, page, long_side_px)
        while True:
            kept = self._kept(key)
            if kept is not None:
                return kept
            try:
                return self._drawn(key, document, page, long_side_px, ahead=ahead).result()
            except CancelledError:
                continue  # somebody waits for the same picture, who has it drawn out of turn
            except TaskTrouble:
                msg = f"page {page} of document {document.id} has no picture that can be shown"
                raise WrongUse(msg) from None

    def prepare_shift(self, most: int = _SHIFT) -> None:
        """Has the first pages of so many documents drawn that are due first; returns soon."""
        with closing(self._site.ledger.waiting(QueueFilter(), clearance=SITE_ITSELF, now=utc_now())) as due:
            for waits in islice(due, most):
                self.prepare(waits.document, whole=False)

    def prepare(self, document: Document, *, whole: bool) -> None:
        """Has the first page drawn, with `whole` the first three and the thumbnails, if it is not; returns at once."""
        with suppress(RuntimeError):  # the desk is being closed
            self._looking_up.submit(self._prepare, document, whole=whole)

    def _prepare(self, document: Document, *, whole: bool) -> None:
        wanted = [(page, PAGE_PX) for page in document.pages[: _READY if whole else 1]]
        if whole and len(document.pages) > 1:
            wanted += [(page, THUMBNAIL_PX) for page in document.pages[:50]]
        for page, long_side_px in wanted:
            key = _key(document, page, long_side_px)
            with self._lock:
                known = key in self._sizes
            if not known:
                with suppress(PaperchartError, OSError):  # whoever asks for it is told
                    self._drawn(key, document, page, long_side_px, ahead=True)

    def _drawn(self, key: str, document: Document, page: int, long_side_px: int, *, ahead: bool) -> Future[bytes]:
        with self._lock:
            known = self._under_way.get(key)
        # What is drawn ahead gives way, until it is begun, to the same picture out of turn.
        if known is not None and (ahead or not known.ahead or not known.picture.cancel()):
            return known.picture
        kind = self._site.ledger.kind_of(document.scan.id)
        if kind is None:
            msg = f"document {document.id} cannot be shown: its file was never opened"
            raise WrongUse(msg)
        picture = self._pool.submit(
            page_picture,
            self._site.spool.path(document.scan.sha256),
            kind,
            page,
            self._turn(document, page),
            long_side_px,
            self._site.reading_options(),
            timeout_s=self._site.settings.reading.page_timeout_s,
            can_wait=ahead,
        )
        with self._lock:
            self._under_way[key] = _Drawing(picture, ahead)
        picture.add_done_callback(lambda done: self._ended(key, done))
        return picture

    def _ended(self, key: str, picture: Future[bytes]) -> None:
        with self._lock:
            if key in self._under_way and self._under_way[key].picture is picture:
                del self._under_way[key]
        if picture.cancelled() or picture.exception() is not None:
            return
        with suppress(OSError):  # a full disk only makes the next look slower
            self._keep(key, picture.result())

    def _keep(self, key: str, picture: bytes) -> None:
        draft = self._folder / draft_name("picture")  # nobody reads half of one that is drawn a second time
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(picture)
        draft.replace(self._folder / key)
        with self._lock:
            self._bytes += len(picture) - self._sizes.pop(key, 0)
            self._sizes[key] = len(picture)
            gone = []
            while self._bytes > self._keep_bytes and len(self._sizes) > 1:
                oldest, size = self._sizes.popitem(last=False)
                self._bytes -= size
                gone.append(oldest)
        for oldest in gone:
            (self._folder / oldest).unlink(missing_ok=True)

    def _kept(self, key: str) -> bytes | None:
        with self._lock:
            if key not in self._sizes:
                return None
            self._sizes.move_to_end(key)
        try:
            return (self._folder / key).read_bytes()
        except OSError:
            with self._lock:
                self._bytes -= self._sizes.pop(key, 0)
            return None

    def _turn(self, document: Document, page: int) -> Turn:
        """How the page was turned when it was read, told once for each artefact."""
        for row in self._site.ledger.pages_of(document.scan.id):
            if row.number == page and row.artefact_sha256 is not None:
                return self._turn_of(row.artefact_sha256)
        return Turn.NONE

    def _turn_of(self, sha256: str) -> Turn:
        with self._lock:
            if sha256 in self._turns:
                return self._turns[sha256]
        read = artefact.decode(self._site.artefacts.path(sha256).read_bytes())
        turn = read.turn if isinstance(read, PageArtefact) else Turn.NONE
        with self._lock:
            self._turns[sha256] = turn
            while len(self._turns) > _TURNS_KEPT:
                self._turns.popitem(last=False)
        return turn


def _key(document: Document, page: int, long_side_px: int) -> str:
    told = f"{document.scan.sha256}/{document.id}/{document.version}/{page}/{long_side_px}"
    return hashlib.sha256(told.encode()).hexdigest()
