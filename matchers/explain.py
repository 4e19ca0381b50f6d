"""Decisions in a clerk's words: why not, why, and what every field weighed."""

from __future__ import annotations

from collections.abc import Sequence

from matchers.decision import VetoName
from matchers.evidence import Comparison, Contradiction, PartEvidence, shown_name
from matchers.levels import Part, field_of
from matchers.patient import Field, Patient

_FIELD_WORDS = {
    Field.NAME: "name",
    Field.BIRTH_DATE: "birth date",
    Field.SEX: "sex",
    Field.MRN: "MRN",
    Field.ACCOUNT_NUMBER: "account number",
    Field.PHONE: "phone",
    Field.SSN_LAST4: "last four of the SSN",
    Field.ADDRESS: "address",
    Field.ZIP: "ZIP",
}
_CONTRADICTED_BY = {
    Part.FAMILY_NAME: VetoName.FAMILY_NAME_CONTRADICTS,
    Part.GIVEN_NAME: VetoName.GIVEN_NAME_CONTRADICTS,
    Part.SUFFIX: VetoName.SUFFIX_CONTRADICTS,
    Part.BIRTH_DATE: VetoName.BIRTH_DATE_CONTRADICTS,
    Part.MRN: VetoName.MRN_CONTRADICTS,
    Part.SSN_LAST4: VetoName.SSN_CONTRADICTS,
    Part.SEX: VetoName.SEX_CONTRADICTS,
}
NOTHING_USABLE = "Nothing on the paper identifies a patient."
NOBODY_NEAR = "Nobody in the patient index comes near what the paper says."


def field_words(field: Field) -> str:
    """The field's name in running text."""
    return _FIELD_WORDS[field]


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def person(patient: Patient) -> str:
    """A patient in one phrase, as told apart at a desk."""
    return f"{shown_name(patient)}, born {patient.birth_date.isoformat()}, MRN {patient.mrn}"


def veto_for(part: Part) -> VetoName | None:
    """The veto that a contradiction in this part raises; None for parts that only support."""
    return _CONTRADICTED_BY.get(part)


def contradiction_reason(contradiction: Contradiction, patient: Patient) -> str:
    """What the paper shows against what is registered."""
    level = contradiction.level
    shown = quoted(contradiction.reading.value)
    return (
        f"The paper shows {shown}: {level.label} than that of {person(patient)}."
        if level.label.startswith("another")
        else f"The paper shows {shown}, which for {person(patient)} means: {level.label}."
    )


def two_doubts_reason(mrn: PartEvidence, given: PartEvidence, patient: Patient) -> str:
    """Two differences that together are too many."""
    return (
        f"The paper shows the MRN {quoted(mrn.reading.value)} and the name {quoted(given.reading.value)}; for "
        f"{person(patient)} that means: {mrn.level.label}, and {given.level.label}."
    )


def of_another_reason(what: str, value: str, owner: Patient, chosen: Patient) -> str:
    """A number on the paper belongs to somebody else."""
    return (
        f"The {what} {quoted(value)} on the paper belongs to {person(owner)}, not to {shown_name(chosen)} "
        f"(MRN {chosen.mrn})."
    )


def too_few_reason(agreeing: Sequence[Field]) -> str:
    """Fewer than two person-specific identifiers."""
    if not agreeing:
        return "No full name, birth date, MRN, account number or SSN digits on the paper agree; two are needed."
    return f"Only the {field_words(agreeing[0])} agrees for certain; two person-specific identifiers are needed."


def only_alternatives_reason(agreeing: Sequence[Field]) -> str:
    """What agrees does so only where doubtful digits are read otherwise."""
    shown = listed([field_words(field) for field in agreeing])
    return f"{shown[0].upper()}{shown[1:]} agree only where doubtful digits are read otherwise; one must agree as read."


def short_form_reason(patient: Patient) -> str:
    """Name and birth date agree, but the name only by a short form of it."""
    return (
        f"The first name is only a short form of that of {person(patient)}, and besides the birth date nothing "
        "agrees that a brother or sister would not share."
    )


def rival_reason(best: Patient, rival: Patient) -> str:
    """Two people between whom the paper does not decide."""
    return f"Two people fit almost equally well: {person(best)}; and {person(rival)}."


def duplicate_reason(best: Patient, twin: Patient) -> str:
    """Two registrations of what seems one person."""
    return (
        f"Possible duplicate registration: MRN {best.mrn} and MRN {twin.mrn} seem to be one person "
        f"({shown_name(best)}), and the paper does not name the MRN."
    )


def another_identity_reason(chosen: Patient, other: Patient, agreeing: Sequence[Field]) -> str:
    """Two people's identifiers stand on one document."""
    shown = listed([field_words(field) for field in agreeing])
    return f"The paper shows another patient too: {shown} of {person(other)}, not of {shown_name(chosen)}."


def other_role_reason(patient: Patient) -> str:
    """The name stands on the paper, but as somebody else's."""
    return f"{shown_name(patient)} stands on the paper only as somebody else (provider, guarantor, relative)."


def only_provider_reason(name: str) -> str:
    """In the patient's place stands a doctor."""
    return f"The only name where the patient's should stand is a provider's: {quoted(name)}."


def temporary_reason(patient: Patient) -> str:
    """A stand-in for an unknown name identifies nobody."""
    return f"A temporary name is involved (registered: {shown_name(patient)}); such a name identifies nobody."


def inactive_reason(patient: Patient) -> str:
    """The registration is no longer in use."""
    return f"{person(patient)}: this registration is inactive."


def threshold_reason(probability: float, threshold: float) -> str:
    """The evidence does not suffice."""
    return f"The evidence makes this patient {probability:.4%} probable; {threshold:.4%} is needed."


def filing_reasons(comparison: Comparison, probability: float) -> tuple[str, ...]:
    """Why a document may be filed without a person."""
    agreeing = listed([field_words(field) for field in comparison.agreements()])
    rest = [
        f"{field_words(shown.field)}: {shown.level}"
        for shown in comparison.fields()
        if not shown.agrees and shown.weight_bits < 0
    ]
    reasons = [f"{agreeing[0].upper()}{agreeing[1:]} agree with {person(comparison.patient)}."]
    reasons += [f"Despite {listed(rest)}."] if rest else []
    reasons += [alternative_reason(item) for item in comparison.evidence if item.alternative]
    return (*reasons, f"Probability {probability:.6f}; nobody else comes near.")


def alternative_reason(item: PartEvidence) -> str:
    """Which value was taken, in place of which."""
    other = item.alternative.value if item.alternative else ""
    what = field_words(field_of(item.part))
    return f"The {what} was read as {quoted(item.reading.value)} and could be {quoted(other)}, as registered."


def quoted(text: str) -> str:
    """A value from paper or index in running text: one line, at most 80 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[:80]).split())
    return f"“{plain}”"
