"""Made-up paper: what a scan of a made-up person's document would give, OCR noise and mix-ups included."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from matchers.patient import Identifiers, Patient, Reading, Source
from tests.benchmarks.matching.choices import Engine
from tests.benchmarks.matching.people import TODAY, Draw, Person, Town

LOOKALIKES = {
    "0": "OODQ86",
    "1": "lI7i|",
    "2": "Z7",
    "3": "8895",
    "4": "9A",
    "5": "S6S3",
    "6": "G580b",
    "7": "11T2",
    "8": "B3306",
    "9": "g4q0",
    "O": "00QDC",
    "I": "1l",
    "L": "1IT",
    "S": "5",
    "B": "8R",
    "Z": "2",
    "G": "6C",
    "D": "0O",
    "E": "FC",
    "F": "EP",
    "C": "GE",
    "M": "NH",
    "N": "MH",
    "U": "VJ",
    "V": "UY",
    "H": "NM",
    "R": "PK",
    "P": "FR",
    "T": "I1",
    "Y": "V",
    "A": "4",
    "Q": "O",
    "K": "R",
    "W": "M",
    "J": "I",
    "a": "oe",
    "e": "co",
    "c": "eo",
    "o": "ac0",
    "i": "l1",
    "l": "1i",
    "n": "rh",
    "h": "bn",
    "u": "v",
    "r": "n",
    "s": "5",
    "t": "f",
    "y": "v",
    "g": "q9",
    "b": "h6",
}
GROUPS = (("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("li", "u"), ("RN", "M"))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
RATES = {"clean": 0.0015, "middling": 0.012, "awful": 0.05}


@dataclass(frozen=True)
class Document:
    """One document: what was read, who is right (None: nobody may be filed to), of which kind it is.

    `fileable`: there is a right answer, and the paper shows at least two of that patient's own
    person-specific identifiers, however badly read. Left out is what has no single answer: a person with
    two registrations, and strangers of one name and birth date, where no number selects one.
    """

    identifiers: Identifiers
    right: str | None
    kind: str
    quality: str
    fileable: bool


def _together(*pages: Identifiers) -> Identifiers:
    names = ("names", "birth_dates", "mrns", "sexes", "account_numbers", "phones", "ssn_last4s", "addresses", "zips")
    return Identifiers(**{name: tuple(r for page in pages for r in getattr(page, name)) for name in names})


class Desk:
    """Makes documents about the people of a town."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.rng, self.engine = town, random.Random(seed), Engine(seed)
        self.index = {p.patient.mrn: p for p in town.registrations}
        self.doctors = [f"{town.names.male.one(self.rng)} {town.names.last.one(self.rng)}, MD" for _ in range(300)]
        self.twins = [
            (a, b)
            for a, b in self._pairs()
            if a.patient.birth_date == b.patient.birth_date and a.patient.first_name != b.patient.first_name
        ]
        self.juniors = [
            (a, b)
            for a, b in self._pairs()
            if a.patient.first_name == b.patient.first_name and a.patient.birth_date != b.patient.birth_date
        ]
        self.gone = {p.human for p in town.absent}

    def _pairs(self):
        for family in self.town.by_household.values():
            for a in family:
                for b in family:
                    if a.human < b.human:
                        yield a, b

    def document(self) -> Document:
        rng = self.rng
        kinds = {
            "ordinary": 80,
            "absent": 5,
            "absent_relative": 1.5,
            "absent_twin": 0.7,
            "absent_junior": 0.7,
            "absent_namesake": 1,
            "twin": 1,
            "junior": 1,
            "mrn_of_another": 0.7,
            "mrn_typo": 1.2,
            "relative_named": 0.5,
            "provider_named": 0.5,
            "service_date": 0.5,
            "sticker_of_another": 0.6,
            "newborn": 0.6,
            "duplicate": 2,
            "nickname": 2,
            "maiden": 1.5,
            "swapped": 0.5,
            "mrn_account_swapped": 0.3,
            "near_mrn_absent": 0.3,
            "same_name_and_day": 0.5,
            "swapped_in_the_index": 0.5,
            "retired_mrn": 0.6,
            "inactive": 0.4,
            "resident": 0.5,
            "compound": 1,
            "marks": 0.5,
            "stray_page": 0.6,
            "two_named": 0.5,
            "check_digit": 1,
        }
        kind = rng.choices(list(kinds), list(kinds.values()))[0]
        quality = rng.choices(("clean", "middling", "awful"), (60, 28, 12))[0]
        return getattr(self, f"_{kind}")(kind, quality)

    # -- kinds

    def _someone(self) -> Person:
        return self.rng.choice(self.town.registrations)

    def _made(
        self, person: Person, kind: str, quality: str, *, right: bool = True, patient: Patient | None = None, **options
    ) -> Document:
        """`mistaken` names the fields in which the paper is wrong: they do not make a document fileable."""
        mistaken = options.pop("mistaken", ())
        identifiers = self.paper(patient or person.patient, quality, **options)
        registered = person.patient
        if registered.merged_into and registered.merged_into in self.index:
            registered = self.index[registered.merged_into].patient
        known = registered.mrn in self.index and registered.active
        specific = ("names", "birth_dates", "mrns", "account_numbers", "ssn_last4s")
        named = sum(bool(getattr(identifiers, name)) for name in specific if name not in mistaken) >= 2
        doubled = person.human in self.town.duplicated
        mrn = registered.mrn if known and right else None
        own_mrn_shown = bool(identifiers.mrns) and not options.get("foreign")
        return Document(identifiers, mrn, kind, quality, bool(mrn) and named and (own_mrn_shown or not doubled))

    def _ordinary(self, kind, quality):
        return self._made(self._someone(), kind, quality)

    def _duplicate(self, kind, quality):
        doubled = [p for p in self.rng.sample(self.town.registrations, 400) if p.human in self.town.duplicated]
        return self._made(self.rng.choice(doubled or self.town.registrations), kind, quality)

    def _absent(self, kind, quality):
        return self._made(self.rng.choice(self.town.absent), kind, quality, right=False)

    def _absent_pair(self, pairs, kind, quality):
        split = [(a, b) for a, b in pairs if (a.human in self.gone) != (b.human in self.gone)]
        a, b = self.rng.choice(split or pairs)
        return self._made(a if a.human in self.gone else b, kind, quality, right=not split)

    def _absent_twin(self, kind, quality):
        return self._absent_pair(self.twins, kind, quality)

    def _absent_junior(self, kind, quality):
        return self._absent_pair(self.juniors, kind, quality)

    def _absent_relative(self, kind, quality):
        person, rng = self._someone(), self.rng
        p = person.patient
        born = rng.choice((p.birth_date, p.birth_date + timedelta(days=rng.randrange(-4000, 4000))))
        kin = replace(
            p,
            first_name=self._another_name(p.first_name, self.town.names.female),
            middle_name=None,
            birth_date=min(born, TODAY),
            mrn=self._foreign(),
            account_numbers=(),
            ssn_last4=None,
        )
        return self._made(person, kind, quality, right=False, patient=kin, foreign=True)

    def _another_name(self, known: str, draw: Draw) -> str:
        """Any given name but this one; a short form of it may come up, as in life."""
        return next(name for name in iter(lambda: draw.one(self.rng), None) if name != known)

    def _absent_namesake(self, kind, quality):
        person, rng = self._someone(), self.rng
        p = person.patient
        born = (
            p.birth_date + timedelta(days=rng.choice((-3, -1, 1, 2, 7, 10)))
            if rng.random() < 0.5
            else p.birth_date + timedelta(days=rng.randrange(-9000, 0))
        )
        other = replace(
            p,
            birth_date=born,
            mrn=self._foreign(),
            account_numbers=(),
            ssn_last4=f"{rng.randrange(10000):04}",
            middle_name=None,
            address="77 Faraway Rd",
            zip="90210",
            phones=("2135550199",),
        )
        return self._made(person, kind, quality, right=False, patient=other, foreign=True)

    def _near_mrn_absent(self, kind, quality):
        # A relative registered the next minute, and lost from the index.
        person, rng = self._someone(), self.rng
        p = person.patient
        number = int(p.mrn) if p.mrn.isdigit() else 0
        mrn = next((str(number + d) for d in (1, -1, 2, -2, 3) if str(number + d) not in self.index), None)
        if mrn is None or not number:
            return self._ordinary("ordinary", quality)
        kin = replace(
            p,
            mrn=mrn,
            first_name=self._another_name(p.first_name, self.town.names.male),
            middle_name=None,
            birth_date=p.birth_date + timedelta(days=rng.choice((0, 0, 700))),
            account_numbers=(),
            ssn_last4=None,
        )
        return self._made(
            person, kind, quality, right=kin.first_name == p.first_name and kin.birth_date == p.birth_date, patient=kin
        )

    def _twin(self, kind, quality):
        return (
            self._made(self.rng.choice(self.rng.choice(self.twins)), kind, quality, right=True)
            if self.twins
            else self._ordinary(kind, quality)
        )

    def _junior(self, kind, quality):
        person = self.rng.choice(self.rng.choice(self.juniors))
        return self._made(person, kind, quality)

    def _other(self, person: Person) -> Patient:
        family = [
            p
            for p in self.town.by_household[person.household]
            if p.human != person.human and p.patient.mrn in self.index
        ]
        return self.rng.choice(family).patient if family and self.rng.random() < 0.5 else self._someone().patient

    def _mrn_of_another(self, kind, quality):
        person = self._someone()
        mixed = replace(person.patient, mrn=self._other(person).mrn)
        return self._made(person, kind, quality, patient=mixed, has_mrn=True, mistaken=("mrns",))

    def _mrn_typo(self, kind, quality):
        person, rng = self._someone(), self.rng
        digits = list(person.patient.mrn)
        at = rng.randrange(not digits[0].isdigit(), len(digits) - 1)
        if rng.random() < 0.5 and digits[at] != digits[at + 1]:
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
        else:
            digits[at + 1] = str((int(digits[at + 1]) + rng.randrange(1, 10)) % 10)
        # Whoever the typo names may not get it; the true person may.
        mixed = replace(person.patient, mrn="".join(digits))
        return self._made(person, kind, quality, patient=mixed, has_mrn=True, mistaken=("mrns",))

    def _relative_named(self, kind, quality):
        person = self._someone()
        other = self._other(person)
        mixed = replace(
            person.patient,
            first_name=other.first_name,
            last_name=other.last_name,
            middle_name=other.middle_name,
            suffix=other.suffix,
        )
        return self._made(person, kind, quality, patient=mixed, mistaken=("names",))

    def _provider_named(self, kind, quality):
        person, doctor = self._someone(), self.rng.choice(self.doctors)
        doc = self._made(person, kind, quality, mistaken=("names",))
        names = self._readings(doctor, quality, "body")
        return replace(doc, identifiers=replace(doc.identifiers, names=names))

    def _service_date(self, kind, quality):
        person = self._someone()
        born = TODAY - timedelta(days=self.rng.randrange(1, 400))
        mistaken = replace(person.patient, birth_date=born)
        return self._made(person, kind, quality, patient=mistaken, mistaken=("birth_dates",))

    def _sticker_of_another(self, kind, quality):
        person = self._someone()
        other = self._other(person)
        page, sticker = (
            self._named(person.patient, quality, "minimal"),
            self._named(other, quality, "label"),
        )
        sticker = replace(
            sticker,
            mrns=(Reading(value=other.mrn, source=Source.BARCODE, place="sticker"),)
            if self.rng.random() < 0.5
            else sticker.mrns,
        )
        both = Identifiers(
            names=page.names + sticker.names,
            birth_dates=page.birth_dates + sticker.birth_dates,
            mrns=page.mrns + sticker.mrns,
            sexes=page.sexes + sticker.sexes,
            account_numbers=page.account_numbers + sticker.account_numbers,
        )
        return Document(both, None, kind, quality, False)

    def _newborn(self, kind, quality):
        mother, rng = self._someone(), self.rng
        p = mother.patient
        baby = replace(
            p,
            first_name=rng.choice(("Baby Girl", "Baby Boy", "BB", "BabyGirl")),
            middle_name=p.first_name if rng.random() < 0.3 else None,
            suffix=None,
            birth_date=TODAY - timedelta(days=rng.randrange(9)),
            ssn_last4=None,
            account_numbers=(),
            mrn=p.mrn if rng.random() < 0.3 else self._foreign(),
        )
        return self._made(mother, kind, quality, right=False, patient=baby)

    def _nickname(self, kind, quality):
        person = self._someone()
        short = self.town.names.nicknames.get(person.patient.first_name.upper())
        return self._made(
            person,
            kind,
            quality,
            patient=replace(person.patient, first_name=self.rng.choice(short).title()) if short else None,
        )

    def _maiden(self, kind, quality):
        person = next(
            (p for p in self.rng.sample(self.town.registrations, 200) if p.patient.former_last_names), self._someone()
        )
        former = person.patient.former_last_names
        return self._made(
            person, kind, quality, patient=replace(person.patient, last_name=former[0]) if former else None
        )

    def _swapped(self, kind, quality):
        person = self._someone()
        return self._made(
            person,
            kind,
            quality,
            patient=replace(person.patient, first_name=person.patient.last_name, last_name=person.patient.first_name),
        )

    def _at(self, places: list[int], kind: str, quality: str, **options: object) -> Document:
        return self._made(self.town.registrations[self.rng.choice(places)], kind, quality, **options)

    def _same_name_and_day(self, kind, quality):
        """A stranger of the same name and birth date is registered: only further identifiers decide."""
        doc = self._at(self.town.same_name_and_day, kind, quality)
        i = doc.identifiers
        return replace(doc, fileable=doc.fileable and bool(i.mrns or i.account_numbers or i.ssn_last4s))

    def _swapped_in_the_index(self, kind, quality):
        """Registration wrote the names the wrong way round; the paper has them right."""
        person = self.town.registrations[self.rng.choice(self.town.swapped)]
        p = person.patient
        right_way = replace(p, last_name=p.first_name, first_name=p.last_name)
        return self._made(person, kind, quality, patient=right_way)

    def _retired_mrn(self, kind, quality):
        """Old paper of a merged registration belongs to the registration that took it over."""
        gone = self.rng.choice(self.town.merged)
        doc = self._made(gone, kind, quality, patient=replace(gone.patient, active=True), has_mrn=True)
        survivor = self.index[gone.patient.merged_into]
        specific = (doc.identifiers.names, doc.identifiers.birth_dates, doc.identifiers.mrns)
        fileable = survivor.patient.active and sum(map(bool, specific)) >= 2
        return replace(doc, right=survivor.patient.mrn if survivor.patient.active else None, fileable=fileable)

    def _check_digit(self, kind, quality):
        """The MRN has a check digit: no single misreading of it is somebody else's."""
        return self._at(self.town.checked, kind, quality, has_mrn=True)

    def _inactive(self, kind, quality):
        """Deceased or closed: nothing is filed there without a person."""
        gone = [p for p in self.rng.sample(self.town.registrations, 600) if not p.patient.active]
        gone = [p for p in gone if p.patient.merged_into is None]
        return self._made(self.rng.choice(gone), kind, quality) if gone else self._ordinary("ordinary", quality)

    def _resident(self, kind, quality):
        """Somebody in a nursing home: address and phone are dozens of people's."""
        return self._at(self.town.residents, kind, quality, layout="face")

    def _like(self, kind, quality, wanted):
        some = [p for p in self.rng.sample(self.town.registrations, 300) if wanted(p.patient.last_name)]
        return self._made(self.rng.choice(some), kind, quality) if some else self._ordinary("ordinary", quality)

    def _compound(self, kind, quality):
        return self._like(kind, quality, lambda last: " " in last or "-" in last)

    def _marks(self, kind, quality):
        return self._like(kind, quality, lambda last: not last.isascii())

    def _stray_page(self, kind, quality):
        """A page of somebody else got into the document: nobody may be filed to."""
        pages = [self._named(self._someone().patient, quality, layout) for layout in ("lab", "minimal")]
        return Document(_together(*pages), None, kind, quality, False)

    def _named(self, patient: Patient, quality: str, layout: str) -> Identifiers:
        """A page on which the name stands: without it, it would not show a second person."""
        while not (page := self.paper(patient, quality, layout=layout)).names:
            pass
        return page

    def _two_named(self, kind, quality):
        """Two people named on one sheet (a couple, a transplant): one identified fully, one by name alone."""
        person = self._someone()
        other = self._other(person)
        if (other.first_name, other.last_name) == (person.patient.first_name, person.patient.last_name):
            return self._ordinary("ordinary", quality)  # two of one name are one name on paper
        page = self.paper(person.patient, quality, layout=self.rng.choice(("label", "face")))
        named = self._named(other, quality, self.rng.choice(("name", "minimal")))
        return Document(_together(page, named), None, kind, quality, False)

    def _mrn_account_swapped(self, kind, quality):
        person = next(
            (p for p in self.rng.sample(self.town.registrations, 50) if p.patient.account_numbers), self._someone()
        )
        doc = self._made(person, kind, quality, layout="face")
        i = doc.identifiers
        return replace(doc, identifiers=replace(i, mrns=i.account_numbers, account_numbers=i.mrns))

    # -- one sheet

    def _foreign(self) -> str:
        rng = self.rng
        return rng.choice(
            (
                f"{rng.randrange(10**5, 10**6)}",
                f"{rng.randrange(10**8, 10**9)}",
                f"H{rng.randrange(10**6, 10**7)}",
                f"{rng.randrange(2 * 10**6, 10**7)}",
            )
        )

    def paper(
        self, p: Patient, quality: str, *, layout: str | None = None, foreign: bool = False, has_mrn: bool = False
    ) -> Identifiers:
        rng = self.rng
        layout = (
            layout
            or rng.choices(("label", "face", "form", "lab", "outside", "minimal", "name"), (30, 18, 14, 18, 10, 8, 2))[
                0
            ]
        )
        fields = {
            "label": "name birth mrn sex account?",
            "face": "name birth mrn sex account phone address zip ssn?",
            "form": "name birth sex phone? address? zip? ssn?",
            "lab": "name birth mrn? sex",
            "outside": "name birth fmrn? phone? address?",
            "minimal": "name birth",
            "name": "name",
        }[layout].split()
        shown = {f.rstrip("?") for f in fields if not f.endswith("?") or rng.random() < 0.5}
        if has_mrn:
            shown |= {"mrn"}
        place = rng.choice(("header", "body", "sticker"))
        twice = rng.random() < 0.3

        def read(value: str | None, wanted: str) -> tuple[Reading, ...]:
            if not value or wanted not in shown or rng.random() < 0.015:
                return ()
            found = self._readings(value, quality, place, wanted)
            return found + (
                self._readings(value, quality, "footer", wanted) if twice and wanted in ("name", "mrn", "birth") else ()
            )

        mrns = read(p.mrn, "mrn")
        if "fmrn" in shown:
            mrns = tuple(
                replace(r, label=rng.choice(("MRN", "Outside MRN", None)))
                for r in self._readings(self._foreign(), quality, place, "mrn")
            )
        if mrns and rng.random() < 0.15 and layout == "label":
            mrns += (Reading(value=p.mrn, source=Source.BARCODE, place=place),)
        return Identifiers(
            names=read(self._name(p), "name"),
            birth_dates=read(self._date(p.birth_date), "birth"),
            mrns=mrns,
            sexes=read(rng.choice((p.sex.value, {"F": "Female", "M": "Male"}[p.sex.value])) if p.sex else None, "sex"),
            account_numbers=read(
                rng.choice(p.account_numbers) if p.account_numbers else f"{rng.randrange(400_000_000, 460_000_000)}",
                "account",
            ),
            phones=read(self._phone(p), "phone"),
            addresses=read(p.address, "address"),
            zips=read(p.zip, "zip"),
            ssn_last4s=read(p.ssn_last4, "ssn"),
            other_names=self._readings(rng.choice(self.doctors), quality, "body") if rng.random() < 0.4 else (),
        )

    def _name(self, p: Patient) -> str:
        rng = self.rng
        middle = p.middle_name if p.middle_name and rng.random() < 0.6 else ""
        if middle and rng.random() < 0.6:
            middle = middle[0] + rng.choice(("", "."))
        suffix = p.suffix if p.suffix and rng.random() < 0.6 else ""
        first = " ".join(filter(None, (p.first_name, middle)))
        form = rng.random()
        if form < 0.5:
            text = f"{p.last_name}{' ' + suffix if suffix and rng.random() < 0.5 else ''}, {first}"
            text += f" {suffix}" if suffix and suffix not in text else ""
        elif form < 0.9:
            text = f"{first} {p.last_name} {suffix}".strip()
        else:
            text = f"{p.last_name} {first}"
        return text.upper() if rng.random() < 0.6 else text

    def _date(self, d) -> str:
        if self.rng.random() < 0.003 and d.day <= 12:
            d = d.replace(month=d.day, day=d.month)
        return self.rng.choice(
            (f"{d:%m/%d/%Y}",) * 6
            + (
                f"{d.month}/{d.day}/{d.year}",
                f"{d:%m-%d-%Y}",
                f"{d:%Y-%m-%d}",
                f"{d:%m/%d/%y}",
                f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
                f"{d.day:02}-{MONTHS[d.month - 1].upper()}-{d.year}",
            )
        )

    def _phone(self, p: Patient) -> str | None:
        if not p.phones:
            return None
        n = p.phones[0] if self.rng.random() < 0.85 else f"410{self.rng.randrange(2000000, 9999999)}"
        return self.rng.choice((f"({n[:3]}) {n[3:6]}-{n[6:]}", f"{n[:3]}-{n[3:6]}-{n[6:]}", f"{n[3:6]}-{n[6:]}"))

    def _readings(self, value: str, quality: str, place: str, wanted: str = "") -> tuple[Reading, ...]:
        rng = self.rng
        seen = self._smudged(value, RATES[quality])
        certainty = None
        if self.measured(quality, value):
            wrong = seen != value
            certainty = rng.betavariate(6, 4) if wrong and rng.random() < 0.9 else rng.betavariate(30, 2)
            if quality == "awful":
                certainty *= rng.betavariate(8, 2)
        others = self.engine.alternatives(value, seen, quality, wanted)
        return (Reading(value=seen, certainty=certainty, place=place, alternatives=others),)

    def measured(self, quality: str, value: str) -> bool:
        return self.rng.random() < 0.5

    def _smudged(self, text: str, rate: float) -> str:
        rng, out, at = self.rng, [], 0
        while at < len(text):
            c = text[at]
            if rng.random() < rate:
                group = next((g for g in GROUPS if text.startswith(g[0], at)), None)
                roll = rng.random()
                if group and roll < 0.5:
                    out.append(group[1])
                    at += len(group[0])
                    continue
                if roll < 0.75 and c in LOOKALIKES:
                    out.append(rng.choice(LOOKALIKES[c]))
                elif roll < 0.88:
                    out.append(
                        rng.choice(
                            "0123456789"
                            if c.isdigit()
                            else "abcdefghilmnoprstuvy"
                            if c.islower()
                            else "ABCDEFGHILMNOPRSTUVY"
                        )
                    )
                elif roll < 0.95:
                    pass
                else:
                    out.append(c + rng.choice("il1.-'"))
            else:
                out.append(c)
            at += 1
        return "".join(out)
