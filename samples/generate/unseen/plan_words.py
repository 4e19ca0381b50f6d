"""What the government's form of a home health plan of care says, and what agencies write on it."""

from __future__ import annotations

LIMITS = (
    "Amputation",
    "Bowel/Bladder (Incontinence)",
    "Contracture",
    "Hearing",
    "Paralysis",
    "Endurance",
    "Ambulation",
    "Speech",
    "Legally Blind",
)
ALLOWED = (
    "Complete Bedrest",
    "Bedrest BRP",
    "Up As Tolerated",
    "Transfer Bed/Chair",
    "Exercises Prescribed",
    "Partial Weight Bearing",
    "Independent At Home",
    "Cane",
    "Walker",
)
ORDERS = (
    "SN 1 x wk x 9 wks for skilled observation and assessment of cardiopulmonary status, medication "
    "management and teaching. PT eval and treat 2 x wk x 4 wks for gait training and home exercise program. "
    "HHA 2 x wk x 6 wks for assistance with personal care. Notify MD of T > 101, SBP > 160 or < 90."
)
GOALS = (
    "Patient will verbalize understanding of disease process and medication regimen by end of certification period. "
    "Patient will ambulate 150 ft with walker independently. Rehab potential good. Discharge to self when goals met."
)
CERTIFIED = (
    "26. I certify/recertify that this patient is confined to his/her home and needs intermittent skilled "
    "nursing care, physical therapy and/or speech therapy or continues to need occupational therapy. The "
    "patient is under my care, and I have authorized the services on this plan of care."
)
WARNED = (
    "28. Anyone who misrepresents, falsifies, or conceals essential information required for payment of Federal "
    "funds may be subject to fine, imprisonment, or civil penalty under applicable Federal laws."
)
