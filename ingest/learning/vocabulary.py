"""The words that a classifier of types may keep: those of forms, not of people.

Promises: no word that stands on fewer than `FEWEST` documents or on those of fewer than `FEWEST` patients (so nobody is
told from the others by it), none that names somebody on any of the papers, none that is a registered person's family or
given name; numbers and codes are no words to begin with (`evidence.terms`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from ingest.evidence.type_model import MOST_WORDS
from ingest.learning.papers import Paper
from matchers import Population
from matchers.lettering import fold

FEWEST: Final = 5


def vocabulary(papers: Sequence[Paper], population: Population) -> tuple[str, ...]:
    """The words kept, the commonest `MOST_WORDS` of them, in the order of the alphabet."""
    documents: Counter[str] = Counter()
    patients: defaultdict[str, set[str]] = defaultdict(set)
    named = frozenset[str]().union(*(paper.names for paper in papers))
    for paper in papers:
        for word in paper.terms.keys() - named:
            documents[word] += 1
            if paper.patient is not None:
                patients[word].add(paper.patient)
    kept = [
        word
        for word, count in documents.items()
        if count >= FEWEST and len(patients[word]) >= FEWEST and not is_name(word, population)
    ]
    return tuple(sorted(sorted(kept, key=lambda word: (-documents[word], word))[:MOST_WORDS]))


def is_name(word: str, population: Population) -> bool:
    """Whether somebody of the index bears the word as a name."""
    name = fold(word)
    return population.surname_count(name) > 0 or population.given_count(name) > 0
