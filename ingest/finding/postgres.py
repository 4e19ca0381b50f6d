"""Full text on PostgreSQL: word lists (tsvector) under a GIN index, in the schema `finding` of the ledger's database.

The word lists are made here, not by the server's parser, which takes "3/26/2020" for a file's path and depends on the
server's locale: what is found is the same as on SQLite.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from ingest.finding.port import NOTHING, FiledPages, Hit, Reached, Search, Term
from ingest.finding.rows import document_and_page, key_of, keys_of, marks_of, marks_wanted, told
from ingest.finding.tokens import VERSION, words
from ingest.ledger.database import BUSY_S, Database

_LOCK = 7_283_946_501  # any number: makers of the schema wait for each other on it
_TABLES = (
    "CREATE SCHEMA IF NOT EXISTS finding",
    "CREATE TABLE IF NOT EXISTS finding.state (version integer NOT NULL, seq bigint NOT NULL, hash text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS finding.pages (key bigint PRIMARY KEY, text text NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_pages_words ON finding.pages USING gin (words) WITH (fastupdate = off)",
)
_NEWEST = 5_000  # pages that are read before the index is asked
_LAST_PLACE = 16_383  # of a word in a tsvector; what stands behind has this one


class PostgresTexts:
    """A `TextStore` on a server, made when it is first used. Threads may share it."""

    def __init__(self, url: str, *, busy_s: float = BUSY_S) -> None:
        self._url = url
        self._busy_s = busy_s
        self._database: Database | None = None
        self._lock = threading.Lock()

    def reached(self) -> Reached:
        """See the port."""
        with told(), self._opened().read() as connection:
            return _reached(connection)

    def take(self, documents: tuple[FiledPages, ...], *, after: Reached, now: Reached) -> bool:
        """See the port."""
        with told(), self._opened().write(alone=False) as connection:
            connection.execute(text("LOCK TABLE finding.state IN EXCLUSIVE MODE"))
            if _reached(connection) != after:
                return False
            for filed in documents:
                least, greatest = keys_of(filed.document)
                connection.execute(
                    text("DELETE FROM finding.pages WHERE key BETWEEN :least AND :greatest"),
                    {"least": least, "greatest": greatest},
                )
                if rows := _rows(filed):
                    connection.execute(
                        text("INSERT INTO finding.pages VALUES (:key, :text, CAST(:words AS tsvector))"), rows
                    )
            connection.execute(text("DELETE FROM finding.state"))
            connection.execute(
                text("INSERT INTO finding.state VALUES (:version, :seq, :hash)"),
                {"version": VERSION, "seq": now.seq, "hash": now.hash},
            )
        return True

    def find(self, search: Search, *, limit: int) -> tuple[Hit, ...]:
        """See the port."""
        asked = _expression(search)
        if asked is None:
            return ()
        with told(), self._opened().read() as connection:
            rows = _newest(connection, asked, limit)
            if len(rows) < limit:
                rows = _by_index(connection, asked, limit)
        return tuple(
            Hit(document=document, page=page, text=row.text)
            for row in rows
            for document, page in (document_and_page(row.key),)
        )

    def clear(self) -> None:
        """See the port."""
        with told(), self._opened().write(alone=False) as connection:
            connection.execute(text("LOCK TABLE finding.state IN EXCLUSIVE MODE"))
            connection.execute(text("DELETE FROM finding.state"))
            connection.execute(text("TRUNCATE finding.pages"))

    def close(self) -> None:
        """See the port."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _opened(self) -> Database:
        with self._lock:
            if self._database is None:
                database = Database.open(self._url, create=False, busy_s=self._busy_s)
                try:
                    with database.write(alone=False) as connection:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                        for statement in _TABLES:
                            connection.execute(text(statement))
                        version = connection.execute(text("SELECT version FROM finding.state")).scalar()
                        if version not in (None, VERSION):
                            connection.execute(text("TRUNCATE finding.pages, finding.state"))
                except BaseException:
                    database.close()
                    raise
                self._database = database
            return self._database


def _newest(connection: Connection, asked: str, limit: int) -> Sequence[Row[Any]]:
    """Hits among the newest pages, read one by one: quick for common words, of which the index holds too many."""
    query = text(
        "SELECT key, text FROM finding.pages WHERE words @@ CAST(:asked AS tsquery) AND key >= coalesce("
        "(SELECT key FROM finding.pages ORDER BY key DESC OFFSET :most LIMIT 1), 0) ORDER BY key DESC LIMIT :limit"
    )
    return connection.execute(query, {"asked": asked, "most": _NEWEST, "limit": limit}).all()


def _by_index(connection: Connection, asked: str, limit: int) -> Sequence[Row[Any]]:
    """All hits by the index, then the newest of them. The planner takes rare words for commoner ones, and would read
    page after page for them."""
    for setting in ("enable_indexscan", "enable_seqscan"):
        connection.execute(text(f"SET LOCAL {setting} = off"))
    query = text(
        "SELECT key, text FROM finding.pages WHERE words @@ CAST(:asked AS tsquery) ORDER BY key DESC LIMIT :limit"
    )
    return connection.execute(query, {"asked": asked, "limit": limit}).all()


def _reached(connection: Connection) -> Reached:
    row = connection.execute(text("SELECT seq, hash FROM finding.state")).one_or_none()
    return NOTHING if row is None else Reached(seq=row.seq, hash=row.hash)


def _rows(filed: FiledPages) -> list[dict[str, object]]:
    marks = marks_of(filed)
    rows: list[dict[str, object]] = []
    for page in filed.pages:
        kept = page.text.encode("utf-8", "replace").decode().replace("\0", " ")
        rows.append({"key": key_of(filed.document, page.page), "text": kept, "words": _vector(words(kept), marks)})
    return rows


def _vector(found: Sequence[str], marks: Sequence[str]) -> str:
    """A tsvector as the server reads it; words are letters and digits only, so that nothing needs escaping."""
    placed = [f"'{word}':{min(place, _LAST_PLACE)}" for place, word in enumerate(found, start=1)]
    return " ".join((*placed, *(f"'{mark}'" for mark in marks)))


def _expression(search: Search) -> str | None:
    """A tsquery as the server reads it; None where no page can meet it."""
    parts = [_adjacent(term) for term in search.terms]
    wanted = marks_wanted(search)
    if wanted is None:
        return None
    parts += ["(" + " | ".join(f"'{mark}'" for mark in group) + ")" for group in wanted]
    return " & ".join(parts)


def _adjacent(term: Term) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.prefix else "") + ")"
