"""What a comparison and a decision are made of: the nouns that `compare` and `decide` exchange."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matchers.patient import Field


class Outcome(StrEnum):
    """What may happen to a document without a person."""

    FILE = "file"
    REVIEW = "review"
    NONE = "none"


class VetoName(StrEnum):
    """Reasons that forbid filing however high the score; each has a sentence in `explain`."""

    TOO_FEW_IDENTIFIERS = "too_few_identifiers"
    MRN_OF_ANOTHER = "mrn_of_another"
    MRN_CONTRADICTS = "mrn_contradicts"
    ACCOUNT_OF_ANOTHER = "account_of_another"
    GIVEN_NAME_CONTRADICTS = "given_name_contradicts"
    FAMILY_NAME_CONTRADICTS = "family_name_contradicts"
    SUFFIX_CONTRADICTS = "suffix_contradicts"
    BIRTH_DATE_CONTRADICTS = "birth_date_contradicts"
    SEX_CONTRADICTS = "sex_contradicts"
    SSN_CONTRADICTS = "ssn_contradicts"
    ANOTHER_IDENTITY = "another_identity"
    ONLY_ANOTHER_ROLE = "only_another_role"
    TEMPORARY_IDENTITY = "temporary_identity"
    RIVAL = "rival"
    DUPLICATE_REGISTRATION = "duplicate_registration"
    INACTIVE = "inactive"
    BELOW_THRESHOLD = "below_threshold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """One named reason against filing, with its sentence in a clerk's words (may name values).

    `other_mrn` is the patient that the reason speaks of besides the candidate, where there is one.
    """

    name: VetoName
    reason: str
    other_mrn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldComparison:
    """One field of the paper held against one patient: the first true level and its weight.

    `weight_bits` is log2(m/u); 0 means no evidence. `agrees` says that the level counts as an
    agreement for the two-identifier rule of this field. `query` and `patient` are as shown to people.
    """

    field: Field
    query: str
    patient: str | None
    level: str
    weight_bits: float
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A patient who might be meant, with the evidence for and against.

    `prior_bits` (of one of `people`) + `weight_bits` and what the alternatives weigh make `odds_bits`, the
    log2 odds behind `probability`; `against_unknown_bits` are the odds were there no other candidate. None
    in decisions that older versions recorded.
    """

    mrn: str
    probability: float
    weight_bits: float
    fields: tuple[FieldComparison, ...]
    vetoes: tuple[Veto, ...]
    prior_bits: float | None = None
    odds_bits: float | None = None
    people: int | None = None
    against_unknown_bits: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which patient, how certainly, and why; replayable from its generation and fingerprint.

    `mrn` is set exactly when `outcome` is FILE. `candidates` stand best first. `reasons` is never
    empty. `probability` is the best candidate's posterior (over the candidates and "none of them"),
    `None` when there is no candidate.
    """

    outcome: Outcome
    mrn: str | None
    probability: float | None
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    index_generation: int
    fingerprint: str
    threshold: float
