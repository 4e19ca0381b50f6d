"""JSON from an untrusted process, taken apart with every type and range checked: ValueError otherwise."""

from __future__ import annotations

import math


class Shape:
    """One JSON value of unknown make. `as_…` reads it, the others read a member of an object."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    @property
    def keys(self) -> frozenset[str]:
        """The member names of an object."""
        return frozenset(self._members())

    def part(self, key: str) -> Shape:
        """A member that is there."""
        members = self._members()
        if key not in members:
            raise ValueError(f"{key} is missing")
        return Shape(members[key])

    def text(self, key: str, most: int) -> str:
        """A member that is a string of at most `most` characters."""
        return self.part(key).as_text(most)

    def texts(self, key: str, count: int, most: int) -> tuple[str, ...]:
        """A member that is a list of at most `count` strings."""
        return tuple(item.as_text(most) for item in self.rows(key, 0, count))

    def whole(self, key: str, least: int, most: int) -> int:
        """A member that is a whole number in a range."""
        return self.part(key).as_whole(least, most)

    def whole_or_none(self, key: str, least: int, most: int) -> int | None:
        """A member that is a whole number in a range, or null."""
        member = self.part(key)
        return None if member._value is None else member.as_whole(least, most)

    def number(self, key: str, least: float, most: float) -> float:
        """A member that is a number in a range."""
        return self.part(key).as_number(least, most)

    def flag(self, key: str) -> bool:
        """A member that is true or false."""
        value = self.part(key)._value
        if not isinstance(value, bool):
            raise ValueError(f"{key} is neither true nor false")
        return value

    def rows(self, key: str, least: int, most: int) -> tuple[Shape, ...]:
        """A member that is a list of so many items."""
        return self.part(key).as_rows(least, most)

    def as_text(self, most: int, *, empty: bool = True) -> str:
        """The string; `empty` says whether it may be "". It can always be written as UTF-8."""
        if not isinstance(self._value, str) or len(self._value) > most or not (self._value or empty):
            raise ValueError("a text is no string, too long or empty")
        self._value.encode("utf-8")  # a lone surrogate is a UnicodeEncodeError: a ValueError
        return self._value

    def as_whole(self, least: int, most: int) -> int:
        """The whole number within the range."""
        if isinstance(self._value, bool) or not isinstance(self._value, int):
            raise ValueError("a number is not whole")
        if not least <= self._value <= most:
            raise ValueError("a number is out of range")
        return self._value

    def as_number(self, least: float, most: float) -> float:
        """The number within the range, finite."""
        if isinstance(self._value, bool) or not isinstance(self._value, int | float):
            raise ValueError("a value is no number")
        if isinstance(self._value, int) and abs(self._value) > 2**53:
            raise ValueError("a number is out of range")
        number = float(self._value)
        if not (math.isfinite(number) and least <= number <= most):
            raise ValueError("a number is out of range")
        return number

    def as_rows(self, least: int, most: int) -> tuple[Shape, ...]:
        """The list's items, so many of them."""
        if not isinstance(self._value, list) or not least <= len(self._value) <= most:
            raise ValueError("a list is none, or of another length")
        return tuple(Shape(item) for item in self._value)

    def _members(self) -> dict[str, object]:
        if not isinstance(self._value, dict):
            raise ValueError("an object is none")
        return self._value
