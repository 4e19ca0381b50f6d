"""What a person types, as terms. Pure.

All words must stand on the page. "Quoted words" stand next to each other, and so do the words of one argument with a
space in it, and the parts of a number, date or hyphened word; `word*` is any word that begins so. Nothing else has a
meaning: AND, OR, brackets and the like are words or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.errors import WrongUse
from ingest.finding.port import Term
from ingest.finding.tokens import words

_SIGNS_MOST = 2_000
_WORDS_MOST = 64
_PREFIX_LEAST = 2
_PIECE = re.compile(r'"([^"]*)("\*?)?|([^\s"]+)')


def parse(arguments: Sequence[str]) -> tuple[Term, ...]:
    """The terms, each once, in the order typed. Raises WrongUse for too much or nothing to look for."""
    if sum(map(len, arguments)) > _SIGNS_MOST:
        msg = f"that is too much to look for; at most {_SIGNS_MOST} characters"
        raise WrongUse(msg)
    terms = tuple(dict.fromkeys(term for argument in arguments for term in _terms(argument)))
    if not terms:
        msg = "there is nothing to look for: a search needs a word or a number (see: ingest find --help)"
        raise WrongUse(msg)
    if sum(len(term.words) for term in terms) > _WORDS_MOST:
        msg = f"that is too much to look for; at most {_WORDS_MOST} words"
        raise WrongUse(msg)
    if any(term.prefix and len(term.words[-1]) < _PREFIX_LEAST for term in terms):
        msg = f"a word that may go on (word*) needs at least {_PREFIX_LEAST} characters"
        raise WrongUse(msg)
    return terms


def _terms(argument: str) -> Iterator[Term]:
    if '"' not in argument:
        yield from _term(argument)
        return
    for match in _PIECE.finditer(argument):
        quoted, ending, bare = match.groups()
        yield from _term(bare if bare is not None else quoted + ("*" if ending == '"*' else ""))


def _term(text: str) -> Iterator[Term]:
    found = tuple(words(text))
    if found:
        yield Term(words=found, prefix=text.rstrip().endswith("*"))
