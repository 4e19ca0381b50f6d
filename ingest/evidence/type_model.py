"""A learned classifier of document types, applied where the rules do not say what a paper is.

Promises: pure and total; numpy alone applies it. Its file is JSON that is checked value by value before it is used:
whoever can write it can make types wrong, and run nothing. It abstains below its threshold, and names only types that
it was found to know. A type that it tells never lets more be filed: settings by type only take away.

Words weighed by TF-IDF (Salton and Buckley 1988), a multinomial logistic model, its odds softened by one temperature so
that probabilities mean what they say (Guo et al., "On calibration of modern neural networks", 2017).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ingest.evidence.doctypes import DocType
from ingest.evidence.terms import term_of

Array: TypeAlias = NDArray[np.float64]
MOST_WORDS: Final = 4_000
_FORMAT: Final = 1
_KEYS: Final = ("format", "words", "rarity", "types", "weights", "intercepts", "temperature", "threshold", "speaks_for")
_LARGEST: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypeModel:
    """`weights`: shape (types, words); `rarity`: each word's inverse document frequency.

    `threshold` is the least probability with which it speaks, `speaks_for` the types that it may name.
    """

    words: tuple[str, ...]
    rarity: Array
    types: tuple[DocType, ...]
    weights: Array
    intercepts: Array
    temperature: float
    threshold: float
    speaks_for: frozenset[DocType]
    fingerprint: str = field(init=False)
    _places: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {word: at for at, word in enumerate(self.words)})
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        object.__setattr__(self, "fingerprint", hashlib.sha256(text.encode()).hexdigest()[:16] if self.words else "")

    def known(self, terms: Mapping[str, int]) -> Mapping[str, int]:
        """Of a page's words those that the model knows: all that has to be kept of the page."""
        return {word: count for word, count in terms.items() if word in self._places}

    def probabilities(self, terms: Mapping[str, int]) -> Array:
        """Of each of `types`, for a document with these words."""
        spoken = np.zeros(len(self.types))
        weighed = weigh(terms, self._places, self.rarity)
        if weighed:
            places, values = zip(*weighed, strict=True)
            spoken = self.weights[:, list(places)] @ np.array(values)
        return softened(spoken + self.intercepts, self.temperature)

    def type_of(self, terms: Mapping[str, int]) -> tuple[DocType, float] | None:
        """The type of a document with these words and its probability; None when the model does not know."""
        if not self.types or not any(word in self._places for word in terms):
            return None
        likely = self.probabilities(terms)
        best = int(likely.argmax())
        if likely[best] < self.threshold or self.types[best] not in self.speaks_for:
            return None
        return self.types[best], float(likely[best])

    def to_json(self) -> dict[str, Any]:
        """All of it, as `type_model_from` reads it."""
        return {
            "format": _FORMAT,
            "words": list(self.words),
            "rarity": self.rarity.tolist(),
            "types": [one.value for one in self.types],
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
            "temperature": self.temperature,
            "threshold": self.threshold,
            "speaks_for": sorted(one.value for one in self.speaks_for),
        }


def weigh(terms: Mapping[str, int], places: Mapping[str, int], rarity: Array) -> list[tuple[int, float]]:
    """A document as a vector of length 1: each known word's place and weight; () when it has none."""
    found = [
        (place, (1.0 + math.log(count)) * float(rarity[place]))
        for word, count in terms.items()
        if (place := places.get(word)) is not None and count > 0
    ]
    length = math.sqrt(math.fsum(value * value for _, value in found))
    return sorted((place, value / length) for place, value in found)


def softened(odds: Array, temperature: float) -> Array:
    """Probabilities of log-odds at a temperature, along the last axis."""
    scaled = odds / temperature
    likely = np.exp(scaled - scaled.max(-1, keepdims=True, initial=-np.inf))
    total = likely.sum(-1, keepdims=True)
    result: Array = np.divide(likely, total, out=np.zeros_like(likely), where=total > 0)
    return result


def type_model_from(told: object) -> TypeModel:
    """The model that `to_json` tells. Raises ValueError with what is wrong, for anything else of whatever kind."""
    if not isinstance(told, dict) or set(told) != set(_KEYS) or told["format"] != _FORMAT:
        msg = f"it must hold {', '.join(_KEYS)} of format {_FORMAT}, and nothing else"
        raise ValueError(msg)
    words, types, speaks_for = _texts(told, "words"), _texts(told, "types"), _texts(told, "speaks_for")
    if len(words) > MOST_WORDS or len(set(words)) != len(words) or any(term_of(word) != word for word in words):
        msg = f"words must be at most {MOST_WORDS} different ones of small letters"
        raise ValueError(msg)
    if len(set(types)) != len(types) or not set(speaks_for) <= set(types) <= set(DocType):
        msg = "types must be different types of documents, and speaks_for some of them"
        raise ValueError(msg)
    temperature, threshold = _numbers(told["temperature"], ()), _numbers(told["threshold"], ())
    if not 0.01 <= temperature <= 100.0 or not 0.5 <= threshold <= 1.0:
        msg = "temperature must be 0.01 to 100 and threshold 0.5 to 1"
        raise ValueError(msg)
    return TypeModel(
        words=words,
        rarity=_numbers(told["rarity"], (len(words),)),
        types=tuple(map(DocType, types)),
        weights=_numbers(told["weights"], (len(types), len(words))),
        intercepts=_numbers(told["intercepts"], (len(types),)),
        temperature=float(temperature),
        threshold=float(threshold),
        speaks_for=frozenset(map(DocType, speaks_for)),
    )


def _texts(told: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = told[key]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        msg = f"{key} must be a list of texts"
        raise ValueError(msg)
    return tuple(value)


def _numbers(value: object, shape: Sequence[int]) -> Array:
    """Finite numbers, none huge, in lists of this shape; nothing else becomes an array."""
    if not _is_shaped(value, tuple(shape)):
        msg = f"its numbers must be finite, and in lists of the shape {tuple(shape)}"
        raise ValueError(msg)
    return np.array(value, np.float64).reshape(tuple(shape))


def _is_shaped(value: object, shape: tuple[int, ...]) -> bool:
    if not shape:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and -_LARGEST <= value <= _LARGEST  # type: ignore[operator]
    return isinstance(value, list) and len(value) == shape[0] and all(_is_shaped(one, shape[1:]) for one in value)


NO_MODEL: Final = TypeModel(
    words=(),
    rarity=np.zeros(0),
    types=(),
    weights=np.zeros((0, 0)),
    intercepts=np.zeros(0),
    temperature=1.0,
    threshold=1.0,
    speaks_for=frozenset(),
)
"""Knows nothing and says nothing: of a site that has learned nothing."""
