"""What a page says of its patient: layouts as they come in through the post, drawn in letters."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field
from tests.fakes.pages import lines_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999",))

# (what it is, the page, what it says of the patient)
PAGES: tuple[tuple[str, str, dict[Field, set[str]]], ...] = (
    (
        "label and value on one line",
        """
Patient: DOE, JOHN Q        MRN: 0012345        DOB: 04/07/1962        Sex: M
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.SEX: {"M"}},
    ),
    (
        "a code in a row of services that looks like a misread DOB",
        """
Patient: SMITH, JOHN    p08: 04/07/1962

O08  01 26 11
0O8  02 26 21
""",
        {Field.NAME: {"SMITH, JOHN"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "an initial that touches the last name",
        """
Patient: KEVIN D.SCHMIDT    D.O.B.: 04/07/1962
""",
        {Field.NAME: {"SCHMIDT, KEVIN D"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "labels above values in a grid",
        """
Patient Name              Date of Birth      Sex      Medical Record Number
DOE, JOHN Q               04/07/1962         M        0012345

Account No.               Admit Date         Home Phone
778812345                 08/01/2026         (330) 555-0142
""",
        {
            Field.NAME: {"DOE, JOHN Q"},
            Field.MRN: {"0012345"},
            Field.BIRTH_DATE: {"1962-04-07"},
            Field.ACCOUNT_NUMBER: {"778812345"},
            Field.PHONE: {"330-555-0142"},
        },
    ),
    (
        "labels below values",
        """
DOE, JOHN Q               04/07/1962         0012345
Patient name              Date of birth      MRN

08/01/2026                Dr. Ann Stone
Date of service           Provider
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "labels in a column, values in another",
        """
Name                  Jane A. Roe
Birth date            April 7, 1962
Chart                 0012345
Visit date            08/01/2026
Physician             Ann Stone
""",
        {Field.NAME: {"ROE, JANE A"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "a running header",
        """
DOE, JOHN Q   MRN: 0012345   DOB 04/07/1962   Page 2 of 3

The patient was seen on 08/01/2026 by Dr. Ann Stone and did well after surgery on 07/30/2026.
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "a letter's subject line",
        """
Ann Stone, MD                     Lakeside Cardiology
August 1, 2026

RE: John Q. Doe, DOB 4/7/62

Dear Dr. Miller,

Thank you for referring this pleasant gentleman.
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "a letter's subject in two lines",
        """
Regarding:   Jane Roe
             DOB: 12-03-1948
             MRN: 0012345

Dear Colleague:
""",
        {Field.NAME: {"ROE, JANE"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.MRN: {"0012345"}},
    ),
    (
        "prose",
        """
Mr. John Doe is a 64-year-old man, born April 7, 1962, who presents with chest pain. He was
seen on August 1, 2026. His wife, Mrs. Mary Doe, was present.
""",
        {Field.NAME: {"DOE, JOHN"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "prose whose age was misread, with a date over the end of a line",
        """
This is to record that John Henry Doe, a 1i-year-old boy, whose birthday is June
14, 2014, was brought to the operating room on the morning of June 24, 2025 by
his mother, who gives the history. He had been well until the night before.
""",
        {Field.NAME: {"DOE, JOHN HENRY"}, Field.BIRTH_DATE: {"2014-06-14"}},
    ),
    (
        "a number in brackets behind a name",
        """
I saw Jane Roe (MRN 0012345) in the clinic on 08/01/2026 together with Dr. Ann Stone.
""",
        {Field.NAME: {"ROE, JANE"}, Field.MRN: {"0012345"}},
    ),
    (
        "a sticker without labels",
        """
CONSENT FOR SURGERY                                        DOE, JOHN Q
                                                           04/07/1962  M  64Y
                                                           0012345


I, the undersigned, consent to the operation on 08/01/2026 and have read this form.
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1962-04-07"}},
    ),
    (
        "a sticker with short labels",
        """
                                                           ROE, JANE A        F
                                                           DOB:12/03/1948  77Y
                                                           MR#:0012345
                                                           Adm:08/01/2026
                                                           STONE, ANN MD
""",
        {Field.NAME: {"ROE, JANE A"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1948-12-03"}},
    ),
    (
        "a name split over boxes",
        """
Last Name             First Name           MI     Suffix
Doe                   John                 Q      Jr

Date of Birth         Social Security Number
04 07 1962            XXX-XX-6789
""",
        {Field.NAME: {"DOE, JOHN Q JR"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.SSN_LAST4: {"6789"}},
    ),
    (
        "a claim form with another insured",
        """
2. PATIENT'S NAME (Last Name, First Name, Middle Initial)   3. PATIENT'S BIRTH DATE     SEX
DOE, JOHN, Q                                                04 07 1962                  M
4. INSURED'S NAME (Last Name, First Name, Middle Initial)   11a. INSURED'S DATE OF BIRTH
DOE, MARY                                                   09 12 1960
1a. INSURED'S I.D. NUMBER                                   26. PATIENT'S ACCOUNT NO.
XWY883211                                                   778812345
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.ACCOUNT_NUMBER: {"778812345"}},
    ),
    (
        "sections of several people",
        """
PATIENT INFORMATION
Name: DOE, JOHN Q                 DOB: 04/07/1962        MRN: 0012345
Address: 12 Elm St, Akron, OH 44301                      Phone: (330) 555-0142

GUARANTOR INFORMATION
Name: DOE, MARY                   DOB: 09/12/1960
Address: 99 Oak Ave, Akron, OH 44302                     Phone: (330) 555-0199

EMERGENCY CONTACT
Name: ROE, PAUL                   Phone: (330) 555-0111

ENCOUNTER INFORMATION
Account #: 778812345              Admit date: 08/01/2026     Attending: STONE, ANN MD
""",
        {
            Field.NAME: {"DOE, JOHN Q"},
            Field.BIRTH_DATE: {"1962-04-07"},
            Field.MRN: {"0012345"},
            Field.PHONE: {"330-555-0142"},
            Field.ACCOUNT_NUMBER: {"778812345"},
            Field.ZIP: {"44301"},
        },
    ),
    (
        "two columns of people",
        """
PATIENT                                   INSURED / SUBSCRIBER
Name: DOE, JOHN Q                         Name: DOE, MARY
DOB: 04/07/1962                           DOB: 09/12/1960
MRN: 0012345                              Policy #: 5544332
Phone: 330-555-0142                       Phone: 330-555-0199
""",
        {
            Field.NAME: {"DOE, JOHN Q"},
            Field.BIRTH_DATE: {"1962-04-07"},
            Field.MRN: {"0012345"},
            Field.PHONE: {"330-555-0142"},
        },
    ),
    (
        "one person a row",
        """
Patient: DOE, JOHN Q       DOB: 04/07/1962     MRN: 0012345
Guarantor: DOE, MARY       DOB: 09/12/1960     Phone: 330-555-0199
Mother: DOE, ELLEN         DOB: 02/02/1940     MRN: 0099887
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "labels damaged by the engine",
        """
Pat1ent Narne: DOE, JOHN Q        Medical Recerd No: 0012345
Date 0f Bitth: 04/07/1962         Accouut Number: 778812345
""",
        {
            Field.NAME: {"DOE, JOHN Q"},
            Field.BIRTH_DATE: {"1962-04-07"},
            Field.MRN: {"0012345"},
            Field.ACCOUNT_NUMBER: {"778812345"},
        },
    ),
    (
        "labels glued to values",
        """
Name:DOE,JOHN   D0B:04/07/1962   MRN#0012345
""",
        {Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "labels run together",
        """
PatientName: Jane Roe       DateofBirth: 12/03/1948     MedicalRecordNumber: 0012345
""",
        {Field.NAME: {"ROE, JANE"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.MRN: {"0012345"}},
    ),
    (
        "joined labels",
        """
Name: ROE, JANE            DOB/Sex: 12/03/1948 F            MRN/Acct: 0012345 / 778812345
""",
        {
            Field.NAME: {"ROE, JANE"},
            Field.BIRTH_DATE: {"1948-12-03"},
            Field.SEX: {"F"},
            Field.MRN: {"0012345"},
        },
    ),
    (
        "dates of every kind",
        """
Patient: ROE, JANE         Birthdate: 03-DEC-1948           Unit #: 0012345
Collected: 07/30/2026      Received: 07/31/2026             Reported: 08/01/2026
Printed: 08/02/2026 14:22  Order date: 07/29/2026           Expires: 12/31/2027
""",
        {Field.NAME: {"ROE, JANE"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.MRN: {"0012345"}},
    ),
    (
        "numbers of every kind",
        """
Patient: ROE, JANE         DOB: 12/03/1948             MRN: 0012345
Accession #: 2612345       Visit #: 9988776            Invoice No: 7654321
NPI: 1234567890            Policy: 1112223             Order No: 3334445
Room: 4123                 Acct: 5566778               Group #: 9090909
""",
        {Field.MRN: {"0012345"}, Field.ACCOUNT_NUMBER: {"5566778"}},
    ),
    (
        "an MRN with letters read for digits",
        """
Patient: ROE, JANE         DOB: l2/O3/1948             MRN: OO12345
""",
        {Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1948-12-03"}},
    ),
    (
        "a newborn's record",
        """
NEWBORN RECORD
Infant's Name: BABY GIRL ROE          Infant MRN: 0012399       Date of Birth: 08/01/2026
Mother's Name: ROE, JANE              Mother's MRN: 0012345     Mother's DOB: 12/03/1998
""",
        {},
    ),
    (
        "an intake form",
        """
Welcome to our practice!  Please print clearly.

Your full name: Jane Ann Roe                 Today's date: 08/01/2026
Date of birth: 12/3/48      Sex: F           Phone (home): 330 555 0142
Who referred you? Dr. Stone                  Emergency contact: Paul Roe   Phone: 330 555 0111
""",
        {Field.NAME: {"ROE, JANE ANN"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.PHONE: {"330-555-0142"}},
    ),
    (
        "a driver's licence",
        """
OHIO   DRIVER LICENSE
DLN TA998204
NAME DOE, JOHN Q
DOB 04/07/1962
ISS 04/30/2022
EXP 04/07/2030
SEX M
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.SEX: {"M"}},
    ),
    (
        "names of several words",
        """
Patient Name: DE LA CRUZ-LOPEZ, MARIA DEL CARMEN        DOB: 04/07/1962
""",
        {Field.NAME: {"DE LA CRUZ LOPEZ, MARIA DEL CARMEN"}},
    ),
    (
        "a name with apostrophe and suffix",
        """
PT: O'BRIEN, SEAN P JR       D.O.B.: 04/07/1962       M.R.N.: 0012345
""",
        {Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "surnames that are words of forms",
        """
Patient Name: PAGE, GRACE          DOB: 04/07/1962
Attending: WARD, APRIL MD          MRN: 0012345
""",
        {Field.NAME: {"PAGE, GRACE"}, Field.MRN: {"0012345"}},
    ),
    (
        "a table with one row a patient",
        """
MRN            Patient             DOB              Admitted        Room
0012345        ROE, JANE A         12/03/1948       08/01/2026      412-B
""",
        {Field.NAME: {"ROE, JANE A"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.MRN: {"0012345"}},
    ),
    (
        "colons in a column of their own",
        """
Patient Name  : DOE, JOHN Q          Age/Sex   : 64Y/M
Birth Date    : 04/07/1962           Lab No.   : 26-0001234
MRN           : 0012345              Ref By    : Dr. Ann Stone
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "everything in brackets",
        "Patient: Doe, John Q (MRN: 0012345) (DOB: 4/7/1962)",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "a header at the right of the letterhead",
        """
Lakeside Health                                        Doe, John Q
1 Main St, Akron, OH 44301                             MRN: 0012345, DOB: 4/7/1962, Sex: M
Phone: 330-555-0000  Fax: 330-555-0001                 Adm: 8/1/2026, D/C: 8/4/2026
""",
        {
            Field.NAME: {"DOE, JOHN Q"},
            Field.BIRTH_DATE: {"1962-04-07"},
            Field.MRN: {"0012345"},
            Field.PHONE: set(),
        },
    ),
    (
        "a header without any label",
        "DOE, JOHN Q          0012345          04/07/1962          Page 2 of 3",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "a line of an order",
        "DOE,JOHN Q [0012345]   04/07/1962   64 yrs   Male",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "a child's form",
        """
Child's name: Emma Roe        Date of birth: 5/6/2019      Parent/Guardian: Jane Roe
School: Lakeside Elementary   Grade: 2                     Parent phone: 330-555-0111
""",
        {Field.NAME: {"ROE, EMMA"}, Field.BIRTH_DATE: {"2019-05-06"}, Field.PHONE: set()},
    ),
    (
        "dots that lead to the value",
        """
Patient's Name .......... John Q. Doe
Hospital Number ......... 0012345
Date of Birth ........... 7 April 1962
Date of Admission ....... 1 August 2026
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "labels on two lines of a narrow cell",
        """
Medical          Date of         Patient
Record No.       Birth           Name
0012345          04/07/1962      DOE, JOHN Q
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "one field a line, the value beneath",
        """
Name
John Doe
Date of birth
04/07/1962
MRN
0012345
Attending physician
Ann Stone
""",
        {Field.NAME: {"DOE, JOHN"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "another person beside the patient",
        """
Name: Jane Roe                             Emergency Contact: Paul Roe
DOB: 12/03/1948                            Relationship: Husband
MRN: 0012345                               Phone: 330-555-0111
Phone: 330-555-0142                        Work Phone: 330-555-0112
""",
        {
            Field.NAME: {"ROE, JANE"},
            Field.BIRTH_DATE: {"1948-12-03"},
            Field.MRN: {"0012345"},
            Field.PHONE: {"330-555-0142"},
        },
    ),
    (
        "a contact whose heading is lost",
        """
Patient Name: DOE, JOHN Q        DOB: 04/07/1962        MRN: 0012345

Name                             Relationship           Phone
ROE, PAUL                        Brother                330-555-0111
""",
        {Field.NAME: {"DOE, JOHN Q"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
    (
        "a patient named like a relation",
        """
Name                             Age                    Phone                 Birth Date
PARENT, PAUL                     37                     330-555-0111          11/10/1989
""",
        {Field.NAME: {"PARENT, PAUL"}, Field.BIRTH_DATE: {"1989-11-10"}, Field.PHONE: {"330-555-0111"}},
    ),
    (
        "a sentence of an emergency note",
        """
This 34-year-old man, Mark C. Hall, born June 03, 1992, arrived by ambulance complaining of a fall.
He is accompanied by his wife, Nancy Hall, who gives part of the history.
""",
        {Field.NAME: {"HALL, MARK C"}, Field.BIRTH_DATE: {"1992-06-03"}},
    ),
    (
        "surname and given names",
        "Surname: ROE   Given Names: JANE ANN   Date of Birth: 03 Dec 1948   URN: 0012345",
        {Field.NAME: {"ROE, JANE ANN"}, Field.BIRTH_DATE: {"1948-12-03"}, Field.MRN: {"0012345"}},
    ),
    (
        "a newborn's sticker",
        """
BABY BOY DOE
DOB 08/01/2026  M
MRN 0012399
MOTHER: DOE, MARY
""",
        {Field.NAME: {"DOE, BABY BOY"}, Field.BIRTH_DATE: {"2026-08-01"}, Field.MRN: {"0012399"}},
    ),
    (
        "a dot read for the comma",
        "Patient Name: Thomas. Francis        DOB: 04/07/1962        MRN: 0012345",
        {Field.NAME: {"THOMAS, FRANCIS"}, Field.BIRTH_DATE: {"1962-04-07"}, Field.MRN: {"0012345"}},
    ),
)


def patient_values(page: PageArtefact, field: Field, facts: SiteFacts = FACTS) -> set[str]:
    return {f.value for f in find_evidence(page, LABELS, facts) if f.role is Role.PATIENT and f.field is field}


@pytest.mark.parametrize(("drawing", "expected"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_the_patient_of_a_page_is_read(drawing: str, expected: dict[Field, set[str]]) -> None:
    page = lines_of(drawing)

    found = {field: patient_values(page, field) for field in expected}

    assert found == expected
    if expected:
        for field in (Field.NAME, Field.BIRTH_DATE, Field.MRN):
            assert patient_values(page, field) <= expected.get(field, patient_values(page, field))


# (what it is, the page, values that must not be the patient's)
DECOYS: tuple[tuple[str, str, dict[Field, set[str]]], ...] = (
    ("a service date", "Service date: 04/07/1962", {Field.BIRTH_DATE: {"1962-04-07"}}),
    ("an account", "Account number: 0012345", {Field.MRN: {"0012345"}}),
    ("a visit", "Visit #: 0012345", {Field.MRN: {"0012345"}, Field.ACCOUNT_NUMBER: {"0012345"}}),
    (
        "a mother without labels",
        """
NEWBORN RECORD

MOTHER
DOE, MARY          0012345          07/15/1987
""",
        {Field.NAME: {"DOE, MARY"}, Field.MRN: {"0012345"}, Field.BIRTH_DATE: {"1987-07-15"}},
    ),
    ("a sticker's doctor", "ROE, JANE   DOB 12/03/1948\nADM Aug 21, 2026 ATT SMITH, W", {Field.NAME: {"SMITH, W"}}),
    ("a bank", "Example Bank, Member FDIC. To learn more, visit us.", {Field.NAME: {"FDIC, TO"}}),
    ("a surname alone", "Mr. St. Clair, a 70-year-old with a cough", {Field.NAME: {"CLAIR, ST", "ST CLAIR"}}),
    ("a town", "Larkspur Valley Medical Center   MRN: 0012345", {Field.NAME: {"VALLEY, LARKSPUR"}}),
    ("a street", "12 Grant Miller Rd, Akron, OH 44301   DOB: 04/07/1962", {Field.NAME: {"MILLER, GRANT"}}),
    ("a provider by title", "Seen by Dr. Ann Stone on 08/01/2026", {Field.NAME: {"STONE, ANN"}}),
    ("a provider by credential", "Ann Stone, MD", {Field.NAME: {"STONE, ANN"}}),
    ("a provider behind the patient's label", "Patient: Ann Stone, M.D.", {Field.NAME: {"STONE, ANN"}}),
    ("a signature", "Electronically signed by: Ann Stone 08/01/2026", {Field.NAME: {"STONE, ANN"}}),
    ("a copy", "cc: Ann Stone", {Field.NAME: {"STONE, ANN"}}),
    (
        "next of kin",
        "Next of Kin: Paul Roe   Phone: 330-555-0111",
        {Field.NAME: {"ROE, PAUL"}, Field.PHONE: {"330-555-0111"}},
    ),
    (
        "a responsible party",
        "Responsible Party: DOE, MARY   DOB: 09/12/1960",
        {Field.NAME: {"DOE, MARY"}, Field.BIRTH_DATE: {"1960-09-12"}},
    ),
    (
        "a spouse",
        "Spouse's Name: DOE, MARY   Spouse DOB: 09/12/1960",
        {Field.NAME: {"DOE, MARY"}, Field.BIRTH_DATE: {"1960-09-12"}},
    ),
    (
        "a letterhead",
        "Lakeside Medical Center   Phone: 330-555-0000   Fax: 330-555-0001",
        {Field.PHONE: {"330-555-0000", "330-555-0001"}},
    ),
    (
        "a pharmacy",
        "Pharmacy Name: Grant Miller   Pharmacy Phone: 330-555-0000",
        {Field.NAME: {"MILLER, GRANT"}, Field.PHONE: {"330-555-0000"}},
    ),
    ("a subscriber's number", "Subscriber ID: 0012345   Group No: 7654321", {Field.MRN: {"0012345", "7654321"}}),
    ("a birth date in the future", "DOB: 04/07/2031", {Field.BIRTH_DATE: {"2031-04-07"}}),
    ("an age", "35 yo M complains of pain since 2 months", {Field.BIRTH_DATE: {"1991-01-01"}}),
    (
        "a parent in a grid whose headings are lost",
        """
Name                             Relatonshlp            Phone                 Birth Date
ROE, PAUL                        Parent                 330-555-0111          11/10/1989
""",
        {Field.NAME: {"ROE, PAUL"}, Field.BIRTH_DATE: {"1989-11-10"}, Field.PHONE: {"330-555-0111"}},
    ),
    (
        "a relative in prose",
        "He came with his wife, Mrs. Mary Doe, and his brother Paul Doe.",
        {Field.NAME: {"DOE, MARY", "DOE, PAUL"}},
    ),
    (
        "titles of a page",
        "Patient Education Materials   Discharge Summary   Patient Rights Notice",
        {Field.NAME: {"EDUCATION MATERIALS"}},
    ),
)


@pytest.mark.parametrize(("drawing", "wrong"), [decoy[1:] for decoy in DECOYS], ids=[decoy[0] for decoy in DECOYS])
def test_what_is_not_the_patients_is_not_taken(drawing: str, wrong: dict[Field, set[str]]) -> None:
    page = lines_of(drawing)

    for field, values in wrong.items():
        assert not patient_values(page, field) & values


def roles(page: PageArtefact, field: Field) -> dict[str, Role]:
    return {f.value: f.role for f in find_evidence(page, LABELS, FACTS) if f.field is field}


def test_everybody_on_a_newborns_record_keeps_their_own() -> None:
    page = lines_of(
        """
NEWBORN RECORD
Infant's Name: BABY GIRL ROE          Infant MRN: 0012399       Infant DOB: 08/01/2026
Mother's Name: ROE, JANE              Mother's MRN: 0012345     Mother's DOB: 12/03/1998
Delivered by: Ann Stone, MD
"""
    )

    assert roles(page, Field.MRN) == {"0012399": Role.NEWBORN, "0012345": Role.MOTHER}
    assert roles(page, Field.BIRTH_DATE) == {"2026-08-01": Role.NEWBORN, "1998-12-03": Role.MOTHER}
    assert roles(page, Field.NAME)["ROE, JANE"] is Role.MOTHER


def test_of_boxes_to_tick_one_alone_says_no_sex() -> None:
    page = lines_of("DOB: 04/07/1962      MRN: 0012345\nSEX  M[X  F\n")
    assert patient_values(page, Field.SEX) <= {"M"}


def test_a_cards_member_is_the_patient_unless_another_is_named() -> None:
    alone = lines_of("Member: JOHN DOE\n\nPCP Name: MATEO JACKSON, PhD")
    beside = lines_of("Patient: JANE ROE\n\nMember: JOHN DOE")

    assert roles(alone, Field.NAME) == {"DOE, JOHN": Role.PATIENT, "JACKSON, MATEO": Role.PROVIDER}
    assert roles(beside, Field.NAME) == {"ROE, JANE": Role.PATIENT, "DOE, JOHN": Role.INSURED}


def test_a_site_that_writes_the_day_first_is_believed() -> None:
    page = lines_of("DOB: 04/07/1962")
    facts = SiteFacts(today=date(2026, 11, 23), day_first=True)

    assert patient_values(page, Field.BIRTH_DATE, facts) == {"1962-07-04"}


def test_a_patient_id_counts_only_where_it_has_the_sites_shape() -> None:
    fitting, foreign = lines_of("Patient ID: 0012345"), lines_of("Patient ID: A-184054-222")

    assert patient_values(fitting, Field.MRN) == {"0012345"}
    assert patient_values(foreign, Field.MRN) == set()


def find(page: PageArtefact, field: Field) -> Finding:
    return next(f for f in find_evidence(page, LABELS, FACTS) if f.field is field)


def test_confidence_falls_with_the_worst_word() -> None:
    well, badly = lines_of("DOB: 04/07/1962"), lines_of("DOB: 04/07/1962~")

    assert find(well, Field.BIRTH_DATE).confidence > 0.98
    assert find(badly, Field.BIRTH_DATE).confidence < 0.7


def test_provenance_tells_box_raw_text_and_label() -> None:
    found = find(lines_of("MRN: OO12345"), Field.MRN)

    assert (found.raw, found.value, found.label, found.page) == ("OO12345", "0012345", "MRN:", 1)
    assert 0 < found.box.x0 < found.box.x1 < 0.2
