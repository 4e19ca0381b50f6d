"""The policy: levels, weights, priors and thresholds, read from `matching.toml` and checked whole.

A `Policy` is a value. Its fingerprint changes with every change of content and with nothing else.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from matchers.lettering import fold
from matchers.levels import LEVELS_OF, Level, Part, Surety


class PolicyError(ValueError):
    """The matching configuration is wrong; `problems` lists every error with its key and remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("matching configuration: " + "; ".join(problems))
        self.problems = problems


STANDARD: Final = "standard"
"""The name of the policy that the file states itself, without any of its `[policies.…]`."""
_NUMBERS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "decision": {
        "threshold": (0.5, 1.0),
        "rival_margin_bits": (0.0, 64.0),
        "near_probability": (0.0, 1.0),
        "near_bits": (0.0, 64.0),
        "shown_candidates": (1, 100),
    },
    "prior": dict.fromkeys(("absent", "absent_kin", "absent_twin", "absent_namesake"), (1e-09, 0.5)),
    "reading": dict.fromkeys(("certain_from", "weak_below", "noise_below"), (0.0, 1.0)),
    "alternatives": dict.fromkeys(("alternative_least", "alternative_agrees"), (0.001, 1.0)),
    "term_frequency": {
        "smoothing_people": (0.0, 1e9),
        "smoothing_birth_dates": (0.0, 1e9),
        "ordinary_family_name": (1e-9, 1.0),
        "ordinary_given_name": (1e-9, 1.0),
        "ordinary_birth_date": (1e-9, 1.0),
        "agreement": (0.01, 1.0),
        "most_bits": (1.0, 64.0),
    },
    "name": {"out_of_order_bits": (-64.0, 0.0), "short_letters": (1, 16), "in_use_share": (0.0, 1.0)},
}
_LISTS: Final = ("temporary_names", "foreign_labels")
_SURETIES: Final = {
    "certain": Surety.CERTAIN,
    "ordinary": Surety.ORDINARY,
    "weak": Surety.WEAK,
    "never": Surety.NOISE,
}
_FLAGS: Final = ("agrees", "frequency")
_SLIP: Final = "slip_onto_another"
_SLIPS: Final = {name: surety for name, surety in _SURETIES.items() if surety < Surety.CERTAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a threshold was certified for: at most `risk` wrong with `confidence`, by `wrong` of `audited`.

    `evidence` is the policy's `evidence_fingerprint` at that time: with others the certificate is void.
    `fingerprints` are those of the audited decisions.
    """

    date: str
    threshold: float
    risk: float
    confidence: float
    audited: int
    wrong: int
    at_most: float
    evidence: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All that deciding depends on besides the paper and the index. Probabilities 0..1, weights in bits.

    `fingerprint` tells every change of content; `evidence_fingerprint` leaves out the threshold and its
    certificate, so that choosing a threshold does not outdate the decisions it was chosen from.
    """

    levels: Mapping[Part, Mapping[str, Level]]
    threshold: float
    rival_margin_bits: float
    near_probability: float
    near_bits: float
    shown_candidates: int
    slip_onto_another: Surety
    absent: float
    absent_kin: float
    absent_twin: float
    absent_namesake: float
    certain_from: float
    weak_below: float
    noise_below: float
    alternative_least: float
    alternative_agrees: float
    smoothing_people: float
    smoothing_birth_dates: float
    ordinary_family_name: float
    ordinary_given_name: float
    ordinary_birth_date: float
    agreement: float
    most_bits: float
    out_of_order_bits: float
    short_letters: int
    in_use_share: float
    temporary_names: frozenset[str]
    foreign_labels: frozenset[str]
    fingerprint: str
    evidence_fingerprint: str
    certificate: Certificate | None = None
    name: str = STANDARD

    @property
    def fingerprints_in_use(self) -> frozenset[str]:
        """Fingerprints of decisions that weighed evidence as this policy does, whatever their threshold was."""
        certificate = self.certificate
        if certificate is None or certificate.evidence != self.evidence_fingerprint:
            return frozenset((self.fingerprint,))
        return frozenset((self.fingerprint, *certificate.fingerprints))

    def level(self, part: Part, key: str) -> Level:
        """The declared level of that name."""
        return self.levels[part][key]


def load_policy(path: Path | None = None, *, name: str | None = None) -> Policy:
    """The policy in `path`, or the one shipped with the program; `name` picks one of the file's `[policies.…]`
    in place of the one that its line `policy = "…"` picks.

    Raises `PolicyError` with every problem at once; `OSError` when the file cannot be read.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8") if path else _shipped())
    except (ValueError, RecursionError) as error:
        raise PolicyError((f"not TOML: {error}",)) from error
    return policy_from(content if name is None else {**content, "policy": name})


def _shipped() -> str:
    installed = resources.files("matchers") / "defaults" / "matching.toml"
    if installed.is_file():
        return installed.read_text("utf-8")
    return (Path(__file__).resolve().parents[1] / "config" / "matching.toml").read_text("utf-8")


def policy_from(content: Mapping[str, Any]) -> Policy:
    """The policy declared by the parsed content of a `matching.toml`; raises `PolicyError`.

    A named policy states only what differs from the rest of the file, level by level.
    """
    name, content = _picked(content)
    problems: list[str] = []
    numbers = _numbers(content, problems)
    slip = _slip(content, problems)
    lists = _lists(content, problems)
    levels = _levels(content, problems)
    certificate = _certificate(content, numbers.get("threshold"), problems)
    for key in content.keys() - {*_NUMBERS, "lists", "levels", "version", "certificate"}:
        problems.append(f"{key}: unknown; remove it")
    for table, lower, upper in (
        ("reading", "noise_below", "weak_below"),
        ("reading", "weak_below", "certain_from"),
        ("alternatives", "alternative_least", "alternative_agrees"),
    ):
        if numbers.get(lower, 0.0) > numbers.get(upper, 1.0):
            problems.append(f"{table}.{lower}: must not exceed {upper}")
    if problems or slip is None:
        raise PolicyError(tuple(problems))
    return Policy(
        levels=levels,
        slip_onto_another=slip,
        shown_candidates=int(numbers.pop("shown_candidates")),
        short_letters=int(numbers.pop("short_letters")),
        temporary_names=lists["temporary_names"],
        foreign_labels=lists["foreign_labels"],
        fingerprint=fingerprint(content),
        evidence_fingerprint=fingerprint(_without_threshold(content)),
        certificate=certificate,
        name=name,
        **numbers,
    )


def _picked(content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """(the name of the policy in use, the file's content with that policy laid over it)."""
    rest = {key: value for key, value in content.items() if key not in ("policy", "policies")}
    name, policies = content.get("policy", STANDARD), content.get("policies", {})
    if name == STANDARD:
        return STANDARD, rest
    if not isinstance(policies, Mapping) or not isinstance(name, str) or not isinstance(policies.get(name), Mapping):
        known = ", ".join((STANDARD, *policies)) if isinstance(policies, Mapping) else STANDARD
        raise PolicyError((f"policy: there is no {name!r}; give one of {known}",))
    return name, _laid_over(rest, policies[name])


def _laid_over(content: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(content)
    for key, value in change.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = _laid_over(below, value) if both else value  # type: ignore[arg-type]
    return merged


def fingerprint(content: Mapping[str, Any]) -> str:
    """Sixteen hex digits of the SHA-256 of the content in canonical JSON; order and comments do not count."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _without_threshold(content: Mapping[str, Any]) -> Mapping[str, Any]:
    rest = {key: value for key, value in content.items() if key != "certificate"}
    return rest | {"decision": {key: value for key, value in rest["decision"].items() if key != "threshold"}}


def _certificate(content: Mapping[str, Any], threshold: float | None, problems: list[str]) -> Certificate | None:
    table = content.get("certificate")
    if table is None:
        return None
    try:
        found = Certificate(**{**table, "fingerprints": tuple(table["fingerprints"])})
        numbers = (found.threshold, found.risk, found.confidence, found.audited, found.wrong, found.at_most)
        texts = (found.date, found.evidence, *found.fingerprints)
        told = all(isinstance(text, str) for text in texts)
        if not told or not all(isinstance(number, int | float) for number in numbers):
            raise TypeError
    except (TypeError, KeyError):
        problems.append("certificate: not as `ingest calibrate --apply` writes it; remove the table or run that again")
        return None
    if found.threshold != threshold:
        problems.append("certificate: is for another threshold than decision.threshold; remove the table")
    return found


def _table(content: Mapping[str, Any], key: str, problems: list[str]) -> Mapping[str, Any]:
    table = content.get(key)
    if isinstance(table, Mapping):
        return table
    problems.append(f"{key}: a table is missing")
    return {}


def _numbers(content: Mapping[str, Any], problems: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for section, wanted in _NUMBERS.items():
        table = _table(content, section, problems)
        for key in table.keys() - wanted.keys() - {_SLIP if section == "decision" else ""}:
            problems.append(f"{section}.{key}: unknown; remove it")
        for key, (least, most) in wanted.items():
            value = table.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
                found[key] = float(value)
            else:
                problems.append(f"{section}.{key}: give a number from {least:g} to {most:g}")
    return found


def _slip(content: Mapping[str, Any], problems: list[str]) -> Surety | None:
    table = content.get("decision")
    found = _SLIPS.get(str(table.get(_SLIP))) if isinstance(table, Mapping) else None
    if found is None:
        problems.append(f"decision.{_SLIP}: give one of {', '.join(_SLIPS)}")
    return found


def _lists(content: Mapping[str, Any], problems: list[str]) -> dict[str, frozenset[str]]:
    table = _table(content, "lists", problems)
    found = {}
    for key in table.keys() - set(_LISTS):
        problems.append(f"lists.{key}: unknown; remove it")
    for key in _LISTS:
        value = table.get(key)
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            found[key] = frozenset(fold(word) for word in value)
        else:
            problems.append(f"lists.{key}: give a list of texts")
    return found


def _levels(content: Mapping[str, Any], problems: list[str]) -> Mapping[Part, Mapping[str, Level]]:
    tables = _table(content, "levels", problems)
    for name in tables.keys() - {part.value for part in Part}:
        problems.append(f"levels.{name}: unknown; remove it")
    return MappingProxyType({part: _part_levels(part, tables, problems) for part in Part})


def _part_levels(part: Part, tables: Mapping[str, Any], problems: list[str]) -> Mapping[str, Level]:
    table = tables.get(part.value)
    if not isinstance(table, Mapping):
        problems.append(f"levels.{part}: a table is missing")
        return {}
    for key in table.keys() - set(LEVELS_OF[part]):
        problems.append(f"levels.{part}.{key}: unknown; remove it")
    found = {key: _level(part, key, table.get(key), problems) for key in LEVELS_OF[part]}
    return MappingProxyType({key: level for key, level in found.items() if level})


def _level(part: Part, key: str, row: object, problems: list[str]) -> Level | None:
    place = f"levels.{part}.{key}"
    if not isinstance(row, Mapping):
        problems.append(f"{place}: is missing")
        return None
    wrong = [f"{place}.{extra}: unknown; remove it" for extra in row.keys() - set(_LEVEL_KEYS)]
    bits, label, tolerated = row.get("bits"), row.get("label"), row.get("tolerated")
    if not isinstance(bits, int | float) or isinstance(bits, bool) or not -64 <= bits <= 64:
        wrong.append(f"{place}.bits: give a number from -64 to 64")
    if not isinstance(label, str) or not label.strip():
        wrong.append(f"{place}.label: give a text")
    if tolerated not in _SURETIES:
        wrong.append(f"{place}.tolerated: give one of {', '.join(_SURETIES)}")
    wrong += [f"{place}.{flag}: give true or false" for flag in _FLAGS if not isinstance(row.get(flag), bool)]
    if wrong:
        problems.extend(wrong)
        return None
    return Level(
        part=part,
        key=key,
        label=str(label),
        bits=float(row["bits"]),
        agrees=bool(row["agrees"]),
        tolerated=_SURETIES[str(tolerated)],
        frequency=bool(row["frequency"]),
    )


_LEVEL_KEYS: Final = ("label", "bits", "tolerated", *_FLAGS)
