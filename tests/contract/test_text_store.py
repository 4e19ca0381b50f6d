"""What every store of full text promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import StorageTrouble, WrongUse
from ingest.finding import FiledPages, PageText, Reached, Search, TextStore, open_store, parse
from ingest.finding.port import NOTHING


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the ledger lies whose text is kept."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[TextStore]:
    """An empty one."""
    opened = open_store(store_url, tmp_path / "text.sqlite")
    yield opened
    opened.close()


def reached(seq: int) -> Reached:
    """An event's number and a hash for it."""
    return Reached(seq=seq, hash=f"hash {seq}")


def filed(
    document: int, *texts: str, mrn: str = "0012", type_: str | None = None, day: date = date(2020, 3, 26)
) -> FiledPages:
    """A filed document with these pages, from 1."""
    pages = tuple(PageText(page=page, text=text) for page, text in enumerate(texts, start=1))
    return FiledPages(document=document, pages=pages, mrn=mrn, type=type_, day=day)


def put(store: TextStore, *documents: FiledPages) -> None:
    """One more event, which filed these."""
    before = store.reached()
    assert store.take(documents, after=before, now=reached(before.seq + 1))


def found(store: TextStore, *words: str, limit: int = 100, **filters: object) -> list[tuple[int, int]]:
    """Documents and pages."""
    search = Search(terms=parse(words), **filters)  # type: ignore[arg-type]
    return [(hit.document, hit.page) for hit in store.find(search, limit=limit)]


class TestTextStore:
    """The contract."""

    def test_finds_the_newest_document_first_and_its_pages_in_order(self, store: TextStore) -> None:
        put(store, filed(2, "glucose high", "no word", "Glucose again"), filed(1, "glucose"))
        put(store, filed(30, "GLUCOSE"))
        assert found(store, "glucose") == [(30, 1), (2, 1), (2, 3), (1, 1)]
        assert found(store, "glucose", limit=2) == [(30, 1), (2, 1)]

    def test_gives_the_page_as_it_was_read(self, store: TextStore) -> None:
        text = "Müller, Zoë\nGlucose: 5.4 mmol/L\n\ttabs 'quotes' \\ back"
        put(store, filed(1, text))
        (hit,) = store.find(Search(terms=parse(["zoe"])), limit=5)
        assert hit.text == text

    def test_all_words_must_stand_on_one_page(self, store: TextStore) -> None:
        put(store, filed(1, "chest pain", "left arm"), filed(2, "pain of the chest and left arm"))
        assert found(store, "pain", "arm") == [(2, 1)]

    def test_quoted_words_stand_together(self, store: TextStore) -> None:
        put(store, filed(1, "chest pain"), filed(2, "pain of the chest"), filed(3, "chest\npain today"))
        assert found(store, '"chest pain"') == found(store, "chest pain") == [(3, 1), (1, 1)]

    def test_a_prefix_finds_words_that_go_on(self, store: TextStore) -> None:
        put(store, filed(1, "hypertension"), filed(2, "acute hyperkalemia"), filed(3, "hypo"))
        assert found(store, "hyper*") == [(2, 1), (1, 1)]
        assert found(store, '"acute hyper"*') == found(store, '"acute hyper*"') == [(2, 1)]

    @pytest.mark.parametrize("typed", ["3/26/2020", "00123", "O'Brien-Smith", "5.4", "b-12", "1e5", "x@y.org"])
    def test_what_is_typed_as_printed_is_found(self, store: TextStore, typed: str) -> None:
        put(store, filed(1, f"of {typed}, and more"), filed(2, "26 3 2020 0123 123 Smith O'Brien 4.5 12 b org y"))
        assert found(store, typed) == [(1, 1)]

    def test_capitals_and_accents_make_no_difference(self, store: TextStore) -> None:
        put(store, filed(1, "MÜLLER José"), filed(2, "Muller JOSE"), filed(3, "Straße"), filed(4, "\ufb01brosis"))
        assert found(store, "müller", "josé") == found(store, "Muller", "Jose") == [(2, 1), (1, 1)]
        assert found(store, "STRASSE") == [(3, 1)]
        assert found(store, "fibrosis") == [(4, 1)]

    @pytest.mark.parametrize("script", ["Ελένη", "Наталья", "李雷", "ہسپتال"])
    def test_other_scripts(self, store: TextStore, script: str) -> None:
        put(store, filed(1, f"name: {script}."), filed(2, "name: other"))
        assert found(store, script) == [(1, 1)]

    def test_filters(self, store: TextStore) -> None:
        put(
            store,
            filed(1, "glucose", mrn="0012", type_="lab_report", day=date(2019, 12, 31)),
            filed(2, "glucose", mrn="12", type_="lab_report", day=date(2020, 1, 1)),
            filed(3, "glucose", mrn="0012", type_="consent", day=date(2020, 2, 29)),
            FiledPages(document=4, pages=(PageText(page=1, text="glucose"),)),
        )
        assert found(store, "glucose", mrn="0012") == [(3, 1), (1, 1)]
        assert found(store, "glucose", mrn="012") == []
        assert found(store, "glucose", type="lab_report") == [(2, 1), (1, 1)]
        assert found(store, "glucose", mrn="0012", type="consent") == [(3, 1)]
        assert found(store, "glucose", first=date(2020, 1, 1)) == [(3, 1), (2, 1)]
        assert found(store, "glucose", last=date(2020, 1, 1)) == [(2, 1), (1, 1)]
        assert found(store, "glucose", first=date(2020, 1, 1), last=date(2020, 2, 28)) == [(2, 1)]
        assert found(store, "glucose", first=date(1801, 2, 3), last=date(2298, 11, 29)) == [(3, 1), (2, 1), (1, 1)]
        assert found(store, "glucose", first=date(9000, 1, 1)) == []

    def test_a_document_taken_again_stands_in_place_of_what_was(self, store: TextStore) -> None:
        put(store, filed(1, "old words", "second"), filed(2, "old"))
        put(store, filed(1, "new words", mrn="0099"))
        assert found(store, "old") == [(2, 1)]
        assert found(store, "second") == []
        assert found(store, "words", mrn="0012") == []
        assert found(store, "words", mrn="0099") == [(1, 1)]

    def test_a_withdrawn_document_is_gone(self, store: TextStore) -> None:
        put(store, filed(1, "glucose"), filed(2, "glucose"))
        put(store, FiledPages(document=2, pages=()), FiledPages(document=7, pages=()))
        assert found(store, "glucose") == [(1, 1)]

    def test_who_comes_second_changes_nothing(self, store: TextStore) -> None:
        assert store.reached() == NOTHING
        assert store.take((filed(1, "first"),), after=NOTHING, now=reached(5))
        assert not store.take((filed(1, "second"),), after=NOTHING, now=reached(4))
        assert store.reached() == reached(5)
        assert found(store, "first") == [(1, 1)]

    def test_others_see_it_and_it_stays(self, store: TextStore, store_url: str, tmp_path: Path) -> None:
        put(store, filed(1, "glucose"))
        other = open_store(store_url, tmp_path / "text.sqlite")
        assert found(other, "glucose") == [(1, 1)]
        put(other, filed(2, "glucose"))
        other.close()
        assert found(store, "glucose") == [(2, 1), (1, 1)]
        store.close()
        assert store.reached() == reached(2)

    def test_clear(self, store: TextStore) -> None:
        put(store, filed(1, "glucose"))
        store.clear()
        assert store.reached() == NOTHING
        assert found(store, "glucose") == []
        put(store, filed(1, "glucose"))
        assert found(store, "glucose") == [(1, 1)]

    @pytest.mark.parametrize(
        "hostile",
        [
            '"', "'); DROP TABLE pages; --", "a AND", "OR", "NOT x", "NEAR(a b)", "(a", "a)", "body:a", "{body} : a",
            "^a", "a + b", "a & b | !c <-> d", "a:*", "\\", "%", "_a", "a\0b", "\ud800a", "\ue000p30303132", "*a",
            "a**", '"a" "b', "a" * 1_900, " ".join("ab" for _ in range(60)), "😀a", "١٢", "ﷺ", "½",
        ],
    )  # fmt: skip
    def test_hostile_searches_get_an_answer(self, store: TextStore, hostile: str) -> None:
        put(store, filed(1, "only this"))
        with suppress(WrongUse):
            assert store.find(Search(terms=parse([hostile])), limit=5) == ()

    def test_hostile_text_is_taken(self, store: TextStore) -> None:
        text = "glucose \0 \ud800 \ue000p30303132 'x' \\ " + "z" * 100_000 + " " + "w " * 20_000 + "last"
        put(store, filed(1, text, mrn="ü'\\ \ud800"))
        assert found(store, "glucose", "last") == [(1, 1)]
        assert found(store, "glucose", mrn="0012") == []
        assert found(store, "glucose", mrn="ü'\\ \ud800") == [(1, 1)]
        put(store, FiledPages(document=1, pages=()))
        assert found(store, "glucose") == []


def test_a_damaged_file_is_told_with_a_remedy_and_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "text.sqlite"
    file.write_bytes(b"this is no database at all" * 1000)
    store = open_store("sqlite:///ledger", file)
    with pytest.raises(StorageTrouble, match="--rebuild"):
        store.reached()
    store.clear()
    put(store, filed(1, "glucose"))
    assert found(store, "glucose") == [(1, 1)]
    assert file.stat().st_mode & 0o077 == 0
    store.close()


def test_a_file_of_another_version_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "text.sqlite"
    store = open_store("sqlite:///ledger", file)
    put(store, filed(1, "glucose"))
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE state SET version = 999")
    connection.close()
    again = open_store("sqlite:///ledger", shutil.copy(file, tmp_path / "copy.sqlite"))
    assert again.reached() == NOTHING
    again.close()
