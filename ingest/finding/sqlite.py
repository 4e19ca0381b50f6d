"""Full text on SQLite: FTS5 over ready-made words, in a database file of its own.

The words are indexed without being stored (contentless); the page's own text lies beside, packed. Filters are
words too (`tokens`), so that every search is one walk along lists in key order from the greatest down, which stops
at the limit: a common word costs no more than a rare one.
"""

from __future__ import annotations

import threading
import zlib
from pathlib import Path

from sqlalchemy import Connection

from ingest.errors import StorageTrouble
from ingest.finding.port import NOTHING, FiledPages, Hit, Reached, Search, Term
from ingest.finding.rows import document_and_page, key_of, keys_of, marks_of, marks_wanted, told
from ingest.finding.tokens import VERSION, words
from ingest.ledger.database import BUSY_S, Database

_TABLES = (
    "CREATE TABLE state (version INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE TABLE pages (key INTEGER PRIMARY KEY, text BLOB NOT NULL, marks TEXT NOT NULL) STRICT",
    "CREATE VIRTUAL TABLE words USING fts5(body, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')",
)


class SqliteTexts:
    """A `TextStore` in one file, made when it is first used. Threads may share it."""

    def __init__(self, file: Path, *, busy_s: float = BUSY_S) -> None:
        self._file = file
        self._busy_s = busy_s
        self._database: Database | None = None
        self._lock = threading.Lock()

    def reached(self) -> Reached:
        """See the port."""
        with told(), self._opened().read() as connection:
            return _reached(connection)

    def take(self, documents: tuple[FiledPages, ...], *, after: Reached, now: Reached) -> bool:
        """See the port."""
        with told(), self._opened().write() as connection:
            if _reached(connection) != after:
                return False
            for filed in sorted(documents, key=lambda filed: filed.document):
                _remove(connection, filed.document)
                _add(connection, filed)
            connection.exec_driver_sql("DELETE FROM state")
            connection.exec_driver_sql("INSERT INTO state VALUES (?, ?, ?)", (VERSION, now.seq, now.hash))
        return True

    def find(self, search: Search, *, limit: int) -> tuple[Hit, ...]:
        """See the port."""
        asked = _expression(search)
        if asked is None:
            return ()
        query = (
            "SELECT pages.key, pages.text FROM (SELECT rowid AS key FROM words WHERE words MATCH ? "
            "ORDER BY rowid DESC LIMIT ?) AS found JOIN pages ON pages.key = found.key ORDER BY pages.key DESC"
        )
        with told(), self._opened().read() as connection:
            rows = connection.exec_driver_sql(query, (asked, limit)).all()
        return tuple(
            Hit(document=document, page=page, text=zlib.decompress(packed).decode())
            for key, packed in rows
            for document, page in (document_and_page(key),)
        )

    def clear(self) -> None:
        """See the port. The file stays where it is in order, for others have it open."""
        try:
            with told(), self._opened().write() as connection:
                _make_anew(connection)
        except StorageTrouble:
            self.close()
            self._remove_file()

    def _remove_file(self) -> None:
        try:
            for ending in ("", "-wal", "-shm"):
                self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        except OSError as error:
            msg = f"the store of full text ({self._file.name}) cannot be removed: {error.strerror}"
            raise StorageTrouble(msg) from None

    def close(self) -> None:
        """See the port."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _opened(self) -> Database:
        with self._lock:
            if self._database is None:
                database = Database.open(f"sqlite:///{self._file}", create=True, busy_s=self._busy_s)
                try:
                    _prepare(database)
                except BaseException:
                    database.close()
                    raise
                self._database = database
            return self._database


def _prepare(database: Database) -> None:
    """Makes the tables where they are missing, and anew where another version made them."""
    with database.read() as connection:
        if _has_tables(connection) and _version(connection) in (None, VERSION):
            return
    with database.write() as connection:
        if not (_has_tables(connection) and _version(connection) in (None, VERSION)):
            _make_anew(connection)


def _make_anew(connection: Connection) -> None:
    for table in ("words", "pages", "state"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


def _has_tables(connection: Connection) -> bool:
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('state', 'pages', 'words')"
    ).scalar_one()
    return bool(count == len(_TABLES))


def _version(connection: Connection) -> int | None:
    version: int | None = connection.exec_driver_sql("SELECT version FROM state").scalar()
    return version


def _reached(connection: Connection) -> Reached:
    row = connection.exec_driver_sql("SELECT seq, hash FROM state").one_or_none()
    return NOTHING if row is None else Reached(seq=row[0], hash=row[1])


def _remove(connection: Connection, document: int) -> None:
    """FTS5 forgets a page when it is told the very words that it was given."""
    span = keys_of(document)
    rows = connection.exec_driver_sql("SELECT key, text, marks FROM pages WHERE key BETWEEN ? AND ?", span).all()
    if not rows:
        return
    connection.exec_driver_sql(
        "INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)",
        [(key, _body(zlib.decompress(packed).decode(), marks)) for key, packed, marks in rows],
    )
    connection.exec_driver_sql("DELETE FROM pages WHERE key BETWEEN ? AND ?", span)


def _add(connection: Connection, filed: FiledPages) -> None:
    marks = " ".join(marks_of(filed))
    rows = sorted((key_of(filed.document, page.page), page.text.encode("utf-8", "replace")) for page in filed.pages)
    if not rows:
        return
    connection.exec_driver_sql(
        "INSERT INTO pages VALUES (?, ?, ?)", [(key, zlib.compress(text, 6), marks) for key, text in rows]
    )
    connection.exec_driver_sql(
        "INSERT INTO words (rowid, body) VALUES (?, ?)", [(key, _body(text.decode(), marks)) for key, text in rows]
    )


def _body(text: str, marks: str) -> str:
    return " ".join((*words(text), marks))


def _expression(search: Search) -> str | None:
    """FTS5's query; None where no page can meet it."""
    parts = [_quoted(term) for term in search.terms]
    wanted = marks_wanted(search)
    if wanted is None:
        return None
    parts += ["(" + " OR ".join(f'"{mark}"' for mark in group) + ")" for group in wanted]
    return " AND ".join(parts)


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'
