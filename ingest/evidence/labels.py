"""How identifiers are labelled on paper: data, read from `labels.toml` and a site's own file on top.

Promise: `load_labels` returns complete labels or raises one `BadSettings` that lists every error of
every file. `Labels` is a value: it can be pickled and compared, and knows nothing of any page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ingest.errors import BadSettings
from ingest.evidence.spelling import fold, words_of


class Meaning(StrEnum):
    """What stands behind a label."""

    NAME = "name"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    NAME_SUFFIX = "name_suffix"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    AGE = "age"
    MRN = "mrn"
    PERHAPS_MRN = "perhaps_mrn"
    ACCOUNT_NUMBER = "account_number"
    PHONE = "phone"
    SSN = "ssn"
    ADDRESS = "address"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    PLACE = "place"
    OTHER_DATE = "other_date"
    OTHER_NUMBER = "other_number"
    OTHER_TEXT = "other_text"
    IDENTITY_CARD = "identity_card"


class Owner(StrEnum):
    """Whom a label or a heading speaks of."""

    PATIENT = "patient"
    MEMBER = "member"
    PROVIDER = "provider"
    GUARANTOR = "guarantor"
    INSURED = "insured"
    MOTHER = "mother"
    NEWBORN = "newborn"
    EMERGENCY_CONTACT = "emergency_contact"
    OTHER = "other"
    NOBODY = "nobody"


class WordList(StrEnum):
    """The lists of single words that the rules go by."""

    FILLERS = "fillers"
    HINTS = "hints"
    DATE_HINTS = "date_hints"
    NEVER_NAMES = "never_names"
    SELDOM_NAMES = "seldom_names"
    STREETS = "streets"
    TITLES = "titles"
    PROVIDER_TITLES = "provider_titles"
    CREDENTIALS = "credentials"
    SUFFIXES = "suffixes"
    PARTICLES = "particles"
    RELATIVES = "relatives"


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Phrases in canonical words and what they mean, spellings that are one word, and word lists.

    `vocabulary` maps the folded spelling of every word of every phrase, and of every phrase written
    as one word, to its canonical words. `longest` is the number of words of the longest phrase.
    """

    fields: Mapping[Phrase, Meaning]
    owners: Mapping[Phrase, Owner]
    vocabulary: Mapping[str, Phrase]
    lists: Mapping[WordList, frozenset[str]]
    longest: int

    def has(self, which: WordList, word: str) -> bool:
        """Whether a lower-case word is on the list."""
        return word in self.lists[which]


def load_labels(*paths: Path) -> Labels:
    """The labels of the house with the files at `paths` on top, in that order.

    Raises `BadSettings` with every error, one a line, when a file cannot be read or is wrong.
    """
    errors: list[str] = []
    merged = _Merged()
    for path in (_house_file(), *paths):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:  # also a number of 5000 digits, brackets 500 deep
            errors.append(f"{path.name}: cannot be read as TOML ({type(error).__name__}: {error})")
            continue
        errors.extend(f"{path.name}: {error}" for error in merged.add(tables))
    errors.extend(merged.contradictions())
    if errors:
        raise BadSettings("\n".join(errors))
    return merged.compile()


def _house_file() -> Path:
    """`labels.toml` of the wheel, else of the source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "defaults" / "labels.toml"
    return installed if installed.exists() else package.parent / "config" / "labels.toml"


class _Merged:
    """The tables of several files, one upon the other."""

    def __init__(self) -> None:
        self.fields: dict[Meaning, dict[str, None]] = {meaning: {} for meaning in Meaning}
        self.owners: dict[Owner, dict[str, None]] = {owner: {} for owner in Owner}
        self.same: dict[str, str] = {}
        self.lists: dict[WordList, set[str]] = {which: set() for which in WordList}

    def add(self, tables: Mapping[str, Any]) -> Iterator[str]:
        """Lays one file on top; yields what is wrong with it."""
        for key, table in tables.items():
            if key == "field":
                yield from self._add_phrases(key, table, self.fields)
            elif key == "role":
                yield from self._add_phrases(key, table, self.owners)
            elif key == "words":
                yield from self._add_words(table)
            else:
                yield f"[{key}] is no table of labels; there are [field.…], [role.…] and [words.…]"

    def _add_phrases(self, kind: str, table: Any, target: Mapping[Any, dict[str, None]]) -> Iterator[str]:
        names = {str(name): name for name in target}
        for name, entry in table.items() if isinstance(table, dict) else ():
            if name not in names:
                yield f"[{kind}.{name}] is not known; there are {', '.join(names)}"
                continue
            if not isinstance(entry, dict) or set(entry) - {"phrases", "without"}:
                yield f'[{kind}.{name}] may hold "phrases" and "without" and nothing else'
                continue
            phrases, without = entry.get("phrases", []), entry.get("without", [])
            if not (_is_words(phrases) and _is_words(without)):
                yield f"[{kind}.{name}] must be lists of phrases that hold at least one letter"
                continue
            held = target[names[name]]
            held.update(dict.fromkeys(phrases))
            for phrase in without:
                held.pop(phrase, None)

    def _add_words(self, table: Any) -> Iterator[str]:
        for key, entry in table.items() if isinstance(table, dict) else ():
            if key not in ("same", "lists") or not isinstance(entry, dict):
                yield f"[words.{key}] is not known; there are [words.same] and [words.lists]"
                continue
            for name, words in entry.items():
                if not (isinstance(words, list) and all(isinstance(word, str) and word for word in words)):
                    yield f"words.{key}.{name} must be a list of words"
                elif key == "same":
                    self.same.update({word.lower(): name for word in words})
                elif name in list(WordList):
                    self.lists[WordList(name)].update(word.lower() for word in words)
                else:
                    yield f"words.lists.{name} is not known; there are {', '.join(WordList)}"

    def contradictions(self) -> Iterator[str]:
        """Phrases that two fields, or two roles, both claim."""
        for target in (self.fields, self.owners):
            claimed: dict[Phrase, str] = {}
            for name, phrases in target.items():
                for phrase in phrases:
                    first = claimed.setdefault(self._canonical(phrase), str(name))
                    if first != name:
                        yield f'"{phrase}" stands under both {first} and {name}; take it from one by "without"'

    def _canonical(self, phrase: str) -> Phrase:
        return tuple(self.same.get(word, word) for word in words_of(phrase))

    def compile(self) -> Labels:
        """The merged tables as a value."""
        fields = {self._canonical(p): meaning for meaning, phrases in self.fields.items() for p in phrases}
        owners = {self._canonical(p): owner for owner, phrases in self.owners.items() for p in phrases}
        phrases = [*fields, *owners]
        vocabulary: dict[str, Phrase] = {
            fold("".join(phrase)): phrase for phrase in phrases if len("".join(phrase)) >= 7
        }
        vocabulary.update({fold(word): (name,) for word, name in self.same.items() if fold(word)})
        alone = {phrase[0] for phrase in phrases if len(phrase) == 1}
        for word in (word for phrase in phrases for word in phrase):
            # "birthdate of member" must not take "birthdate" from those who write "birth date" as one word
            if word in alone or fold(word) not in vocabulary or len(vocabulary[fold(word)]) == 1:
                vocabulary[fold(word)] = (word,)
        return Labels(
            fields=fields,
            owners=owners,
            vocabulary=vocabulary,
            lists={which: frozenset(words) for which, words in self.lists.items()},
            longest=max(map(len, phrases), default=0),
        )


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and words_of(item) for item in value)
