"""Names in levels: the best consistent way of reading a printed name against a registered one.

Pure. Term frequencies come from the index's own counts: an agreement on a rare name says more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jellyfish
from rapidfuzz.distance import JaroWinkler

from matchers.givennames import is_common_given_name, is_nickname
from matchers.levels import Level, Part
from matchers.lookalikes import Difference, difference
from matchers.names import PersonName, name_words, patient_name
from matchers.patient import Patient
from matchers.population import Population
from matchers.readings import NameForm, is_temporary
from matchers.weights import Policy

_CUT_LEAST, _CUT_OFF_LEAST = 4, 2  # letters of a short form, and those left out
_LONG_NAME = 5
_SIMILAR, _RESEMBLES = 0.88, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMatch:
    """The level one part came to and its bits after term frequency."""

    level: Level
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """One printed name held against one patient: the parts that could be compared, and their sum."""

    parts: tuple[PartMatch, ...]
    bits: float

    @property
    def agrees(self) -> bool:
        """True when family and given name both agree: one person-specific identifier."""
        family = given = False
        for match in self.parts:
            if match.level.agrees:
                family = family or match.level.part is Part.FAMILY_NAME
                given = given or match.level.part is Part.GIVEN_NAME
        return family and given

    @property
    def agrees_to_the_letter(self) -> bool:
        """True when family and given name agree exactly."""
        return self.agrees and all(
            part.level.key == "exact" for part in self.parts if part.level.part in (Part.FAMILY_NAME, Part.GIVEN_NAME)
        )


class _Borne(NamedTuple):
    """A registered name taken apart, former surnames joined, and whether it only stands in for a name."""

    name: PersonName
    former: tuple[str, ...]
    temporary: bool


def _settled(match: NameMatch) -> bool:
    """Every part that could be compared agrees to the letter, family and given name among them."""
    return match.agrees and all(part.level.key in ("exact", "initial") for part in match.parts)


@dataclass(frozen=True, slots=True)
class NameComparer:
    """Compares names under one policy and population; a comparer lives for one decision."""

    policy: Policy
    population: Population
    _known: dict[tuple[Part, str, str], PartMatch]
    _in_use: dict[tuple[Part, str], bool]
    _plains: dict[tuple[Part, str], PartMatch]
    _borne: dict[tuple[str | tuple[str, ...] | None, ...], _Borne]

    @classmethod
    def under(cls, policy: Policy, population: Population) -> NameComparer:
        """A comparer with an empty memory."""
        return cls(policy, population, {}, {}, {}, {})

    def compare(self, form: NameForm, patient: Patient) -> NameMatch:
        """The best hypothesis's match; on equal bits the likelier reading."""
        borne = self._registered(patient)
        temporary = (form.temporary, borne.temporary)
        first, *others = form.hypotheses
        best = self._hypothesis(first, borne, temporary)
        for hypothesis in others:
            if _settled(best):
                break  # no other way of reading the name fits better
            if hypothesis.run_together and self.borne(Part.FAMILY_NAME, first.surname):
                break  # JOHNSON is no John Son
            match = self._hypothesis(hypothesis, borne, temporary)
            if match.bits > best.bits:
                best = match
        return best

    def _registered(self, patient: Patient) -> _Borne:
        key = (patient.last_name, patient.first_name, patient.middle_name, patient.suffix, patient.former_last_names)
        borne = self._borne.get(key)
        if borne is None:
            name = patient_name(patient)
            borne = self._borne[key] = _Borne(
                name,
                tuple("".join(name_words(former)) for former in patient.former_last_names),
                is_temporary((*name.family, name.given, *name.middle), self.policy.temporary_names),
            )
        return borne

    def _hypothesis(self, paper: PersonName, borne: _Borne, temporary: tuple[bool, bool]) -> NameMatch:
        registered, former = borne.name, borne.former
        family = self._family(paper, registered, former) if paper.family and registered.family else None
        given = middle = None
        if any(temporary):
            family = self._temporary_family(family, paper, registered) if family else None
            given = self._temporary_given(paper, registered, temporary)
        elif paper.given and registered.given:
            given = self._given(paper, registered)
            middle = self._middle(paper, registered, former) if paper.middle and registered.middle else None
        suffix = self._suffix(paper.suffix, registered.suffix) if paper.suffix or registered.suffix else None
        bits, parts = self.policy.out_of_order_bits if paper.out_of_order else 0.0, []
        for part in (family, given, middle, suffix):
            if part is not None:
                bits += part.bits
                parts.append(part)
        return NameMatch(parts=tuple(parts), bits=bits)

    # -- family name

    def _family(self, paper: PersonName, registered: PersonName, former: Sequence[str]) -> PartMatch:
        seen, known = paper.surname, registered.surname
        match = self._remembered(Part.FAMILY_NAME, seen, known)
        simple = not former and len(paper.family) == 1 and len(registered.family) == 1
        if simple or match.level.key in ("exact", "lookalike"):
            return match
        # A former name or one part of a double name explains more than any likeness does.
        if any(difference(seen, name, limit=2).unexplained == 0 for name in former if name):
            return self._plain(Part.FAMILY_NAME, "former")
        if _part_of(paper.family, registered.family):
            part = self._plain(Part.FAMILY_NAME, "part")
            return max(part, match, key=lambda m: m.bits)
        return match

    def _family_level(self, seen: str, known: str) -> str:
        apart = difference(seen, known, limit=2)
        if apart.edits == 0:
            return "exact"
        others = self.borne(Part.FAMILY_NAME, seen)
        if others and (apart.edits == 1 or apart.lookalike):
            return "other_in_use"
        if apart.lookalike:
            return "lookalike"
        long = min(len(seen), len(known)) >= _LONG_NAME
        if _one_edit(apart) and not others and min(len(seen), len(known)) > self.policy.short_letters:
            return "one_edit"
        if apart.edits <= 2 and (long or apart.edits == 1) and not others:
            return "two_edits"
        likeness = JaroWinkler.similarity(seen, known)
        if likeness >= _SIMILAR or sounds_alike(seen, known):
            return "sounds_alike"
        return "resembles" if likeness >= _RESEMBLES and long else "different"

    # -- given name

    def _given(self, paper: PersonName, registered: PersonName) -> PartMatch:
        match = self._remembered(Part.GIVEN_NAME, paper.given, registered.given)
        simple = not paper.middle and not registered.middle
        if simple or (match.level.agrees and match.level.key != "nickname"):
            return match
        if _part_of((paper.given, *paper.middle[:1]), (registered.given, *registered.middle[:1]), joined=True):
            return self._plain(Part.GIVEN_NAME, "part")
        if match.bits < 0 and len(paper.given) > 1 and paper.given in registered.middle:
            return self._plain(Part.GIVEN_NAME, "middle")
        return match

    def _given_level(self, seen: str, known: str) -> str:
        if seen == known:
            return "exact"
        if min(len(seen), len(known)) == 1:
            return "initial" if seen[0] == known[0] else "initial_differs"
        others = self.borne(Part.GIVEN_NAME, seen)
        if is_nickname(seen, known) or (not others and _is_cut_short(seen, known)):
            return "nickname"
        apart = difference(seen, known, limit=2)
        if apart.lookalike:
            return "other_lookalike" if others else "lookalike"
        if others and apart.edits <= 2 and sounds_alike(seen, known):
            return "variant"
        if others:
            return "different"
        long = min(len(seen), len(known)) >= _LONG_NAME
        if _one_edit(apart) and long:
            return "one_edit"
        if apart.edits == 1 or (apart.edits == 2 and long):
            return "two_edits"
        return "resembles" if JaroWinkler.similarity(seen, known) >= _RESEMBLES else "different"

    def _temporary_family(self, match: PartMatch, paper: PersonName, registered: PersonName) -> PartMatch:
        stand_ins = self.policy.temporary_names
        if paper.surname in stand_ins or registered.surname in stand_ins:
            return self._plain(Part.FAMILY_NAME, "temporary")
        return match

    def _temporary_given(self, paper: PersonName, registered: PersonName, temporary: tuple[bool, bool]) -> PartMatch:
        if not all(temporary):
            return self._plain(Part.GIVEN_NAME, "temporary")
        same = {*paper.family, paper.given, *paper.middle} == {
            *registered.family,
            registered.given,
            *registered.middle,
        }
        joined = paper.given + "".join(paper.middle) == registered.given + "".join(registered.middle)
        return self._plain(Part.GIVEN_NAME, "temporary_same" if same or joined else "temporary_other")

    # -- the rest

    def _middle(self, paper: PersonName, registered: PersonName, former: Sequence[str]) -> PartMatch | None:
        key = self._middle_level(paper, registered, former)
        return self._plain(Part.MIDDLE_NAME, key) if key else None

    def _middle_level(self, paper: PersonName, registered: PersonName, former: Sequence[str]) -> str | None:
        seen, known = "".join(paper.middle), "".join(registered.middle)
        if seen == known:
            return "exact" if len(seen) > 1 else "initial"
        first, registered_first = paper.middle[0], registered.middle[0]
        if min(len(first), len(registered_first)) == 1:
            return "initial" if first[0] == registered_first[0] else "other"
        if first == registered_first:
            return "exact"
        if difference(seen, known, limit=2).edits <= 2 or is_nickname(seen, known):
            return "near"
        # A maiden name often stands in the middle.
        return None if seen in former or seen == registered.surname else "other"

    def _suffix(self, seen: str | None, known: str | None) -> PartMatch:
        return self._plain(Part.SUFFIX, _suffix_level(seen, known))

    def _remembered(self, part: Part, seen: str, known: str) -> PartMatch:
        memory = (part, seen, known)
        match = self._known.get(memory)
        if match is None:
            family = part is Part.FAMILY_NAME
            key = self._family_level(seen, known) if family else self._given_level(seen, known)
            match = self._known[memory] = self._weighed(part, key, known)
        return match

    def borne(self, part: Part, name: str) -> bool:
        """True for names that enough people bear: no misprint, then."""
        known = self._in_use.get((part, name))
        if known is None:
            enough = max(1.0, self.policy.in_use_share * self.population.size)
            if part is Part.FAMILY_NAME:
                known = self.population.surname_count(name) >= enough
            else:
                known = is_common_given_name(name) or self.population.given_count(name) >= enough
            self._in_use[part, name] = known
        return known

    def _plain(self, part: Part, key: str) -> PartMatch:
        match = self._plains.get((part, key))
        if match is None:
            level = self.policy.level(part, key)
            match = self._plains[part, key] = PartMatch(level=level, bits=level.bits)
        return match

    def _weighed(self, part: Part, key: str, known: str) -> PartMatch:
        level = self.policy.level(part, key)
        if not level.frequency:
            return PartMatch(level=level, bits=level.bits)
        if part is Part.FAMILY_NAME:
            count, ordinary = self.population.surname_count(known), self.policy.ordinary_family_name
        else:
            count, ordinary = self.population.given_count(known), self.policy.ordinary_given_name
        exact = frequency_bits(count, ordinary, self.population.size, self.policy.smoothing_people, self.policy)
        if key == "exact":
            return PartMatch(level=level, bits=exact)
        shift = exact - self.policy.level(part, "exact").bits
        return PartMatch(level=level, bits=level.bits + min(shift, 1.0))


def frequency_bits(count: int, ordinary: float, people: int, imagined: float, policy: Policy) -> float:
    """log2(m/u) of an exact agreement on a value that `count` of `people` registrations share.

    u is the share of the value in the index, smoothed by `imagined` people among whom the value has
    the `ordinary` share, so that a small index does not take every value for a rare one.
    """
    share = (count + imagined * ordinary) / (people + imagined) if people + imagined else ordinary
    return min(policy.most_bits, math.log2(policy.agreement / max(share, 1e-12)))


def _part_of(seen: Sequence[str], known: Sequence[str], *, joined: bool = False) -> bool:
    """One word of a double name stands for it; particles and initials do not."""
    if joined:
        one, other = "".join(seen), "".join(known)
        return (seen[0] == other or known[0] == one) and seen[0] != known[0]
    if len(seen) == len(known) == 1:
        return False
    return any(len(word) > 3 and word in known for word in seen)


def _one_edit(apart: Difference) -> bool:
    """One edit, whatever look-alike came on top of it."""
    return apart.edits == 1 or (apart.edits == 2 and apart.unexplained == 1)


def sounds_alike(one: str, other: str) -> bool:
    """True for two names in plain capitals that are said alike (metaphone)."""
    if not (one.isascii() and other.isascii()) or one[0] not in (other[0], *_SAME_SOUND.get(other[0], "")):
        return False
    return jellyfish.metaphone(one) == jellyfish.metaphone(other)


_SAME_SOUND = {"C": "K", "K": "C", "F": "P", "P": "F", "G": "J", "J": "G", "I": "Y", "Y": "I"}


def _is_cut_short(seen: str, known: str) -> bool:
    """ "BARB" for BARBARA: short forms that no list holds; a name that others bear ("CARL" for CARLA) is none."""
    fewer, more = sorted((seen, known), key=len)
    cut = len(fewer) >= _CUT_LEAST and len(more) - len(fewer) >= _CUT_OFF_LEAST and more.startswith(fewer)
    return cut and not is_common_given_name(fewer)


def _suffix_level(seen: str | None, known: str | None) -> str:
    if seen == known:
        return "exact"
    if seen is None:
        return "not_shown"
    if known is None:
        return "not_known"
    return "related" if {seen, known} == {"JR", "II"} else "different"
