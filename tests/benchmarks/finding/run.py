"""How fast words are found in the text of a million filed pages.

    python -m tests.benchmarks.finding.run [--pages 1000000] [--ledger URL] [--in FOLDER]

Made-up pages are put into a fresh store of full text as filing does it, a few at a time; then searches of several
kinds are asked, each as `ingest find` asks it (21 pages, with their text). Words of a page: 150 to 250, drawn by Zipf's
law from 50,000 made-up words (the commonest is on nearly every page), a name, an MRN, dates and amounts.
Without `--ledger` the store is an SQLite file; with a PostgreSQL URL it is made in that database.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path

from ingest.finding import FiledPages, PageText, Reached, Search, TextStore, open_store, parse

_WORDS = 50_000
_PATIENTS = 100_000
_TYPES = ("lab_report", "radiology_report", "discharge_summary", "progress_note", "consent", "order", "ekg", "referral")
_SYLLABLES = [first + vowel for first in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
_BEGINS = date(2006, 1, 1)
_DAYS = 20 * 365
_AT_ONCE = 200  # documents in a transaction, as in keeping step with the ledger
_SHOWN = 21


class Pages:
    """Made-up documents of one to four pages; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.vocabulary = ["".join(_syllables(number)) for number in range(_WORDS)]
        self._dice.shuffle(self.vocabulary)
        self._shares = list(accumulate(1 / (rank + 2) for rank in range(_WORDS)))

    def documents(self, pages: int) -> Iterator[FiledPages]:
        """Documents until there are so many pages."""
        made, number = 0, 0
        while made < pages:
            number += 1
            count = min(self._dice.choice((1, 1, 1, 2, 2, 4)), pages - made)
            made += count
            patient, day = self._dice.randrange(_PATIENTS), _BEGINS + timedelta(days=self._dice.randrange(_DAYS))
            texts = tuple(
                PageText(page=page, text=self._text(patient, day, f"{page} of {count}")) for page in range(1, count + 1)
            )
            yield FiledPages(
                document=number, pages=texts, mrn=f"{patient:08d}", type=self._dice.choice(_TYPES), day=day
            )

    def _text(self, patient: int, day: date, page: str) -> str:
        words = self._dice.choices(self.vocabulary, cum_weights=self._shares, k=self._dice.randint(150, 250))
        amounts = [f"{self._dice.randrange(5_000) / 10}" for _ in range(12)]
        lines = [" ".join(words[at : at + 9]) for at in range(0, len(words), 9)]
        mixed = [f"{line} {amount}" for line, amount in zip(lines, amounts, strict=False)]
        head = f"Patient: {name(patient, self)}  MRN {patient:08d}  Date: {day:%m/%d/%Y}  Page {page}"
        return "\n".join((head, *mixed, *lines[len(mixed) :]))


def name(patient: int, pages: Pages) -> str:
    """The patient's two names: words of the vocabulary that are rare elsewhere."""
    return f"{pages.vocabulary[20_000 + patient % 997].title()} {pages.vocabulary[30_000 + patient % 19_997].title()}"


def _syllables(number: int) -> Iterator[str]:
    number += len(_SYLLABLES)
    while number:
        number, least = divmod(number, len(_SYLLABLES))
        yield _SYLLABLES[least]


def kinds(pages: Pages, dice: random.Random) -> dict[str, Callable[[], Search]]:
    """A maker of searches for each kind."""
    known = pages.vocabulary

    def of(*words: str, **filters: object) -> Search:
        return Search(terms=parse(words), **filters)  # type: ignore[arg-type]

    def patient() -> int:
        return dice.randrange(_PATIENTS)

    def common() -> str:
        return known[dice.randrange(30)]

    def rare() -> str:
        return known[dice.randrange(10_000, _WORDS)]

    def span(days: int) -> dict[str, object]:
        first = _BEGINS + timedelta(days=dice.randrange(_DAYS - days))
        return {"first": first, "last": first + timedelta(days=days)}

    return {
        "a rare word": lambda: of(rare()),
        "a common word": lambda: of(common()),
        "two common words": lambda: of(common(), common()),
        "a common and a rare word": lambda: of(common(), rare()),
        "three middling words": lambda: of(*(known[dice.randrange(100, 2_000)] for _ in range(3))),
        "a name (phrase)": lambda: of(name(patient(), pages)),
        "a phrase of common words": lambda: of(f"{common()} {common()}"),
        "a phrase of middling words": lambda: of(" ".join(known[dice.randrange(30, 300)] for _ in range(3))),
        "an MRN on paper": lambda: of(f"{patient():08d}"),
        "a date on paper": lambda: of(f"{_BEGINS + timedelta(days=dice.randrange(_DAYS)):%m/%d/%Y}"),
        "the beginning of a word": lambda: of(f"{rare()[:5]}*"),
        "a common word of one patient": lambda: of(common(), mrn=f"{patient():08d}"),
        "a common word, one type": lambda: of(common(), type=dice.choice(_TYPES)),
        "a common word, 90 days": lambda: of(common(), **span(90)),
        "a common word, one type, a week": lambda: of(common(), type=dice.choice(_TYPES), **span(7)),
        "a rare word since a day": lambda: of(rare(), first=_BEGINS + timedelta(days=dice.randrange(_DAYS))),
        "a word that is nowhere": lambda: of(common(), "qqqq"),
    }


def fill(store: TextStore, pages: Pages, count: int) -> float:
    """Puts so many pages into the store; seconds."""
    begun, reached = time.perf_counter(), store.reached()
    documents = pages.documents(count)
    while some := tuple(islice(documents, _AT_ONCE)):
        now = Reached(seq=reached.seq + 1, hash="made up")
        store.take(some, after=reached, now=now)
        reached = now
    return time.perf_counter() - begun


def main() -> None:
    """Fills, asks, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=60, help="searches of each kind")
    parser.add_argument("--seed", type=int, default=950_001)
    parser.add_argument("--ledger", default="sqlite:///none", help="a PostgreSQL URL")
    parser.add_argument("--in", dest="folder", type=Path, help="where the file is made (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        file = Path(temporary) / "text.sqlite"
        store = open_store(options.ledger, file)
        pages = Pages(options.seed)
        seconds = fill(store, pages, options.pages)
        size = f", {file.stat().st_size / 1e6:.0f} MB" if file.exists() else ""
        print(f"{options.pages} pages taken in: {seconds:.0f} s{size}", flush=True)
        ask(store, pages, options.times, options.seed)
        store.close()


def ask(store: TextStore, pages: Pages, times: int, seed: int) -> None:
    """Each kind of search in turn, so that none finds the machine's caches as it left them."""
    makers = kinds(pages, random.Random(seed + 1))
    took: dict[str, list[float]] = {kind: [] for kind in makers}
    hits = dict.fromkeys(makers, 0)
    for _ in range(times):
        for kind, make in makers.items():
            search = make()
            begun = time.perf_counter()
            found = store.find(search, limit=_SHOWN)
            took[kind].append(1000 * (time.perf_counter() - begun))
            hits[kind] += len(found)
    print("| search | pages shown | median, ms | p95, ms |\n|---|---|---|---|")
    for kind, times_ms in took.items():
        print(f"| {kind} | {hits[kind] / times:.1f} | {at(times_ms, 0.5):.1f} | {at(times_ms, 0.95):.1f} |")
    everything = [one for times_ms in took.values() for one in times_ms]
    print(f"| all of them | | {at(everything, 0.5):.1f} | {at(everything, 0.95):.1f} |")


def at(values: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
