"""Finding again: the words of all filed pages, in a store of their own that can always be made anew."""

from ingest.finding.port import FiledPages, Hit, PageText, Reached, Search, TextStore
from ingest.finding.query import parse
from ingest.finding.snippet import snippet
from ingest.finding.store import open_store

__all__ = [
    "FiledPages",
    "Hit",
    "PageText",
    "Reached",
    "Search",
    "TextStore",
    "open_store",
    "parse",
    "snippet",
]
