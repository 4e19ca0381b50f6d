"""What filing is asked for and what it answers: values that cross to a worker process and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from ingest.filing.archive import NOTHING, About, PdfKind
from ingest.model import PageArtefact, ScanKind


class TextState(StrEnum):
    """Where the text of a filed PDF comes from."""

    LAYER = "layer"  # every page that has text has our invisible layer
    OWN = "own"  # every page that has text was born with it
    MIXED = "mixed"
    NONE = "none"  # nothing on it can be searched
    IDENTITY = "identity"  # a layer, of some page that of the upper part only


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfOrder:
    """One document to be written: the pages `pages` of `scan`, in this order, as one PDF at `target`.

    `artefacts` are the pages' readings, in any order; a page without one is filed without a text
    layer and without turning. `max_pixels` bounds any picture that has to be decoded. `about` is what the PDF
    says of itself; `parts` are those of `pages` with which a part of it begins (none, where it is of one).
    `passwords` are tried on a PDF that wants one; what is written wants none.
    """

    scan: Path
    kind: ScanKind
    pages: tuple[int, ...]
    artefacts: tuple[PageArtefact, ...]
    target: Path
    max_pixels: int = 250_000_000
    about: About = NOTHING
    parts: tuple[int, ...] = ()
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.pages:
            msg = "a document without pages cannot be filed"
            raise ValueError(msg)
        if len({artefact.page for artefact in self.artefacts}) != len(self.artefacts):
            msg = "a page has more than one artefact"
            raise ValueError(msg)
        if not set(self.parts) <= set(self.pages):
            msg = "a part that begins with a page of another document"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """The PDF that was written: hash and size of its bytes, its pages, where their text comes from, what it is."""

    sha256: str
    size: int
    pages: int
    text_state: TextState
    kind: PdfKind

    def encode(self) -> bytes:
        """As JSON, for the way back from a worker."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def decode(cls, data: bytes) -> PdfFacts:
        """The inverse of `encode`; `ValueError` for anything else: a worker's answer is not trusted."""
        try:
            fields = json.loads(data)
            facts = cls(
                sha256=str(fields["sha256"]),
                size=int(fields["size"]),
                pages=int(fields["pages"]),
                text_state=TextState(fields["text_state"]),
                kind=PdfKind(fields["kind"]),
            )
        except (KeyError, TypeError, OverflowError, RecursionError) as error:
            msg = "no facts of a PDF"
            raise ValueError(msg) from error
        return facts
