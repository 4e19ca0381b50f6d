"""What a changed patient index makes of a document that waits or is filed.

Promises: what waits is decided as if its scan had been read now, its neighbours and cover sheet heard as then; what the
program filed and would not file there now goes back to people; what people filed stays, and is told where the index
knows somebody whom they could not choose. Reasons name the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest import pipeline
from ingest.house import House
from ingest.judging import Judged, decided, judge, note
from ingest.ledger import Concerned, Stand
from ingest.model import Disposition, Document, DocumentState, PageArtefact, PageOutcome
from ingest.running.filemarks import flags_held, with_flags
from ingest.running.objections import objections
from ingest.running.outcomes import load
from ingest.running.site import Site
from ingest.running.suspicions import with_suspicions
from ingest.settings import TextMode
from matchers import Decision, Outcome
from matchers.decision import Candidate

_AGAIN = "Matched again"
_CHANGED = "The patient index has changed since it was filed"
_UNREAD = "A part of a page was never read: a person decides."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematched:
    """What comes of it: a new decision of the program's, or what speaks against a person's; else all stands."""

    disposition: Disposition | None = None
    against: tuple[str, ...] = ()
    speaks_for: str | None = None


_STANDS = Rematched()


@dataclass(slots=True)
class Rematcher:
    """Matches documents by one generation of the index; the scan that it last judged is kept for the next document."""

    site: Site
    house: House
    judged_scans: int = 0
    _last: tuple[str, tuple[Judged, ...]] = field(default=("", ()))

    def rematch(self, one: Concerned) -> Rematched:
        """Cheap at first, by what is kept of the pages; only where that says something new are they judged anew."""
        document = self.site.ledger.document(one.document_id)
        fresh = decided(document.findings, self.house)
        match one.stand:
            case Stand.OPEN:
                if fresh.outcome is not Outcome.FILE and _weighs_the_same(fresh.candidates, document.candidates):
                    return _STANDS
                return self._open(document, one)
            case Stand.FILED:
                return self._filed(document, fresh, one)
            case Stand.FILED_BY_PERSON:
                return self._filed_by_person(document, fresh)
            case Stand.HELD | Stand.THEIRS:
                return _STANDS

    def _open(self, document: Document, one: Concerned) -> Rematched:
        judged = self._judged(document)
        if judged is None:
            return _STANDS
        if judged.mrn is not None and self._unread(document):
            kept = replace(judged.disposition, reasons=(_UNREAD, *judged.disposition.reasons))
            judged = Judged(disposition=kept, mrn=None)
        settled = pipeline.permitted(document.scan, judged, self.house)
        before = tuple(reason for reason in document.reasons if not reason.startswith(_AGAIN))
        if (
            settled.state is DocumentState.REVIEW
            and settled.reasons == before
            and settled.would_file_mrn == document.would_file_mrn
            and _weighs_the_same(settled.candidates, document.candidates)
        ):
            return _STANDS
        told = f"{_AGAIN} because {self._change(settled.candidates, document, one)}."
        return Rematched(disposition=self._marked(document, replace(settled, reasons=(*settled.reasons, told))))

    def _filed(self, document: Document, fresh: Decision, one: Concerned) -> Rematched:
        mrn = document.mrn if document.mrn is not None else self.site.ledger.decision(document.id).mrn
        patient = self.house.index.patient(mrn) if mrn is not None else None  # merged with another since, perhaps
        if patient is not None and fresh.mrn == patient.mrn and not objections(document, patient, self.house):
            return _STANDS
        judged = self._judged(document)
        if judged is None or (patient is not None and judged.mrn == patient.mrn):
            return _STANDS
        change = self._change(judged.disposition.candidates, document, one)
        if judged.mrn is not None:
            first = f"{_CHANGED}: {change}, and its pages speak for MRN {judged.mrn} now."
        else:
            first = f"{_CHANGED}: {change}."
        recalled = replace(judged.disposition, reasons=(first, *judged.disposition.reasons))
        return Rematched(disposition=self._marked(document, recalled))

    def _filed_by_person(self, document: Document, fresh: Decision) -> Rematched:
        known = {candidate.mrn for candidate in document.candidates}
        if document.copy_of is not None or fresh.mrn is None or fresh.mrn == document.mrn or fresh.mrn in known:
            return _STANDS
        told = f"{_CHANGED}, and its pages speak for MRN {fresh.mrn} now."
        return Rematched(against=(told,), speaks_for=fresh.mrn)

    def _judged(self, document: Document) -> Judged | None:
        """The document as its scan is judged now; None where the scan would be cut otherwise and no person cut it."""
        if self._last[0] != document.scan.id:
            self._last = (document.scan.id, pipeline.judge_scan(self._pages(document, whole=True), self.house))
            self.judged_scans += 1
        same = (judged for judged in self._last[1] if judged.disposition.pages == document.pages)
        if (found := next(same, None)) is not None or not document.parents:
            return found
        return judge([note(page, self.house) for page in self._pages(document, whole=False)], self.house)

    def _pages(self, document: Document, *, whole: bool) -> Iterable[PageOutcome]:
        for row in self.site.ledger.pages_of(document.scan.id):
            known = row.artefact_sha256 is not None or row.failure is not None
            if known and (whole or row.number in document.pages):
                yield load(row, self.site)

    def _unread(self, document: Document) -> bool:
        """Whether a part of a page was to be read later, and was not: somebody else may be named there."""
        if self.house.settings.reading.text is TextMode.IDENTITY:
            return False
        pages = self._pages(document, whole=False)
        return any(isinstance(page, PageArtefact) and page.read_to_px is not None for page in pages)

    def _marked(self, document: Document, disposition: Disposition) -> Disposition:
        """With what is told of the file as a whole, and of its likeness to what the record holds."""
        flagged = with_flags(disposition, flags_held((document,)))
        (suspected,) = with_suspicions(self.site, document.scan.id, (flagged,))
        return suspected

    def _change(self, candidates: Sequence[Candidate], document: Document, one: Concerned) -> str:
        """The change in words: that of the likeliest of those whom the document could mean."""
        named = [mrn for candidate in candidates for mrn in (candidate.mrn, *_others(candidate))]
        mrns = dict.fromkeys((*named, *(candidate.mrn for candidate in document.candidates)))
        changes = self.site.ledger.changes_of(tuple(mrns), since=document.index_generation or 0)
        for mrn in mrns:
            if mrn in changes:
                return f"MRN {mrn} {_in_words(changes[mrn])}"
        return f"patients changed (up to change {one.seq})"


def _others(candidate: Candidate) -> list[str]:
    return [veto.other_mrn for veto in candidate.vetoes if veto.other_mrn is not None]


def _in_words(change: str) -> str:
    match change:
        case "inserted":
            return "was registered"
        case "deactivated":
            return "was marked inactive"
        case "merged":
            return "was merged"
        case "unmerged":
            return "stands for itself again"
        case _:
            return "was changed"


def _weighs_the_same(ones: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """The same suspects with the same evidence and vetoes, whatever the bits: they move with every registration."""
    return list(map(_shown, ones)) == list(map(_shown, others))


def _shown(candidate: Candidate) -> object:
    fields = [(one.field, one.query, one.patient, one.level, one.agrees) for one in candidate.fields]
    return candidate.mrn, fields, [(veto.name, veto.other_mrn) for veto in candidate.vetoes]
