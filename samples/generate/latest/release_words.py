"""What a form for the release of records says beside its blanks."""

from __future__ import annotations

TITLES = (
    "AUTHORIZATION FOR USE AND DISCLOSURE OF PROTECTED HEALTH INFORMATION",
    "Authorization for Release of Medical Records",
    "REQUEST FOR RELEASE OF INFORMATION",
)
KINDS = (
    "Discharge summary",
    "History and physical",
    "Operative report",
    "Laboratory results",
    "Radiology reports",
    "Emergency dept. record",
    "Immunization record",
    "Itemized bill",
    "Entire record",
)
WHY = ("Continuing care", "Legal", "Insurance", "Disability", "Personal use")
RIGHTS = (
    "I understand that the information in my health record may include information relating to sexually transmitted "
    "disease, acquired immunodeficiency syndrome (AIDS), behavioral or mental health services, and treatment for "
    "alcohol and drug abuse.",
    "I understand that I have a right to revoke this authorization at any time, in writing, except to the extent that "
    "action has already been taken in reliance on it. Unless otherwise revoked, it will expire on the date below.",
    "I understand that authorizing the disclosure of this health information is voluntary, that I can refuse to sign, "
    "and that treatment will not be conditioned on my signature. Any disclosure carries with it the potential for "
    "an unauthorized redisclosure, and the information may not be protected by federal confidentiality rules.",
)
