"""The whole way of one scan, from pages that were read to what becomes of each of them.

    reading    → a `PageOutcome` for every page                     (reading.tasks, in worker processes)
    evidence   → `PageNotes`: whose values stand on it, what it looks like
    splitting  → which pages are one document
    judging    → whose it is, how certainly, and what it is         (matchers)
    here       → `Disposition`s: file, review, separator, blank …   (recorded by the ledger)
    filing     → the PDF in the patient's folder                    (filing.pdf, in a worker process)

Promises: pure, so that any decision can be replayed; every page of the scan stands in exactly one
disposition; nothing is filed that a page of the document speaks against.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.evidence.notes import PageNotes
from ingest.evidence.separators import Mark
from ingest.house import House
from ingest.judging import Judged, Noted, judge, judge_covered, note, words_of_trouble
from ingest.model import Disposition, DocumentState, FileRefused, PageFailure, PageOutcome, Scan
from ingest.settings import Unattended
from ingest.splitting import Part, parts_of

_COVER = "A cover sheet: it names the patient of what follows."


def dispose(scan: Scan, pages: Iterable[PageOutcome], house: House) -> tuple[Disposition, ...]:
    """What becomes of each page of a scan: its documents, separators, blank pages, and pages beyond reading.

    `pages` are taken one by one, and little is kept of each: a stack may be of any height.
    """
    noted = [note(page, house) for page in pages]
    laid_out = _Sorted.of(noted)
    dispositions = [_quarantined_page(page, [other.page for other in noted]) for page in laid_out.lost]
    dispositions += [permitted(scan, judged, house) for judged in _judge_parts(laid_out, house)]
    for laid, reason in (
        ([sheet for sheet in laid_out.sheets if sheet.cover is None], "A separator: documents end and begin here."),
        ([sheet for sheet in laid_out.sheets if sheet.cover is not None], _COVER),
    ):
        if laid:
            numbers = tuple(sheet.page for sheet in laid)
            dispositions.append(Disposition(pages=numbers, state=DocumentState.SEPARATOR, reasons=(reason,)))
    if blank := laid_out.blank:
        nothing = "Nothing is written on this page." if len(blank) == 1 else "Nothing is written on these pages."
        numbers = tuple(page.page for page in blank)
        dispositions.append(Disposition(pages=numbers, state=DocumentState.BLANK, reasons=(nothing,)))
    return tuple(dispositions)


def judge_scan(pages: Iterable[PageOutcome], house: House) -> tuple[Judged, ...]:
    """The documents of a scan as `dispose` finds them, whatever the site lets the program do alone."""
    return tuple(_judge_parts(_Sorted.of([note(page, house) for page in pages]), house))


def refuse(refused: FileRefused) -> tuple[Disposition, ...]:
    """A file that cannot be opened: one line, no pages, the bytes stay in the spool."""
    return (Disposition(pages=(), state=DocumentState.QUARANTINED, reasons=(refused.reason,)),)


def duplicate(of: str, pages: int) -> tuple[Disposition, ...]:
    """The same bytes as an earlier scan that was kept."""
    reason = f"The same bytes were taken in before, as scan {of}."
    return (Disposition(pages=tuple(range(1, pages + 1)), state=DocumentState.DUPLICATE, reasons=(reason,)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """A scan's pages by what they are: written ones, blank ones, separators, and those beyond reading."""

    written: tuple[Noted, ...]
    blank: tuple[PageNotes, ...]
    sheets: tuple[PageNotes, ...]
    lost: tuple[PageFailure, ...]

    @classmethod
    def of(cls, noted: Sequence[Noted]) -> _Sorted:
        blank = tuple(page for page in noted if isinstance(page, PageNotes) and page.blank)
        lost = tuple(page for page in noted if isinstance(page, PageFailure) and not page.has_picture)
        marked = (page for page in noted if isinstance(page, PageNotes) and page.mark is Mark.SHEET)
        sheets = tuple(page for page in marked if not page.blank)
        aside = {page.page for page in blank} | {page.page for page in lost} | {page.page for page in sheets}
        written = tuple(page for page in noted if page.page not in aside)
        return cls(written=written, blank=blank, sheets=sheets, lost=lost)


def _judge_parts(pages: _Sorted, house: House) -> Iterator[Judged]:
    """Whose each document is. A cover sheet that one of them contradicts says nothing of those behind it."""
    contradicted: set[int] = set()
    for part in parts_of(pages.written, pages.sheets, house):
        sheet = part.cover
        judged = None
        if sheet is not None and sheet.cover is not None and sheet.page not in contradicted:
            judged = judge_covered(part.pages, sheet, sheet.cover, house)
            if judged is not None and judged.mrn is None:
                contradicted.add(sheet.page)
        yield _asked(part, judged or judge(part.pages, house))


def _asked(part: Part, judged: Judged) -> Judged:
    """Where another document may begin in it, a person decides, with the cut proposed."""
    if not part.proposed:
        return judged
    asked = (f"Split before page {cut.before}? {cut.reason}" for cut in part.proposed)
    reasons = (*asked, *judged.disposition.reasons)
    return Judged(disposition=replace(judged.disposition, reasons=reasons), mrn=None)


def settle(scan: Scan, pages: Iterable[PageOutcome], house: House) -> Disposition:
    """What becomes of one document: filed where it is certain whose it is and the site lets the program act alone."""
    return permitted(scan, judge([note(page, house) for page in pages], house), house)


def permitted(scan: Scan, judged: Judged, house: House) -> Disposition:
    """What becomes of a document that was judged, where the site lets the program act alone and where it does not."""
    if judged.mrn is None:
        return judged.disposition
    return _with_permission(judged.disposition, judged.mrn, scan, house)


def _with_permission(certain: Disposition, mrn: str, scan: Scan, house: House) -> Disposition:
    """Files what is certain where the site lets the program act alone; else says what it would have done."""
    mode = house.settings.unattended_for(scan.origin, certain.type)
    if house.filing_stopped:
        mode = Unattended.OFF
        why = "Unattended filing was stopped by the stop switch"
    else:
        why = f'Unattended filing is "{mode}" here'
    match mode:
        case Unattended.ON:
            return replace(certain, state=DocumentState.FILED, mrn=mrn)
        case Unattended.SHADOW:
            reasons = (f"{why}: the program would have filed this by itself.", *certain.reasons)
            return replace(certain, would_file_mrn=mrn, reasons=reasons)
        case Unattended.OFF:
            return replace(certain, reasons=(f"{why}: a person decides.", *certain.reasons))


def _quarantined_page(page: PageFailure, all_pages: Sequence[int]) -> Disposition:
    reason = f"Page {page.page} cannot be opened ({words_of_trouble(page.trouble)}): please scan it again."
    beside = [number for number in (page.page - 1, page.page + 1) if number in all_pages]
    if beside:
        reason += f" It lies beside page {' and page '.join(map(str, beside))}."
    return Disposition(pages=(page.page,), state=DocumentState.QUARANTINED, reasons=(reason,))
