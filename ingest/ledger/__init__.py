"""The durable truth: everything that was taken in, decided and filed, with the chain that proves it."""

from ingest.ledger.ledger import Ledger
from ingest.ledger.records import (
    Act,
    AuditRow,
    DecisionRow,
    DuplicateRow,
    DuplicateState,
    FilingOrder,
    Job,
    JobKind,
    JobState,
    LoadCounts,
    PageRow,
    Rendition,
    RenditionRow,
    SameBytes,
    SameBytesState,
    ScanRow,
    WorkerId,
)

__all__ = [
    "Act",
    "AuditRow",
    "DecisionRow",
    "DuplicateRow",
    "DuplicateState",
    "FilingOrder",
    "Job",
    "JobKind",
    "JobState",
    "Ledger",
    "LoadCounts",
    "PageRow",
    "Rendition",
    "RenditionRow",
    "SameBytes",
    "SameBytesState",
    "ScanRow",
    "WorkerId",
]
