"""The durable truth: everything that was taken in, decided and filed, with the chain that proves it."""

from ingest.ledger.accounts import Account, Session
from ingest.ledger.confidentiality import SITE_ITSELF, Clearance
from ingest.ledger.ledger import Ledger
from ingest.ledger.lessons import PatientLesson, TypeLesson
from ingest.ledger.looks import Look
from ingest.ledger.misfiles import FoundHow, Misfile
from ingest.ledger.proposals import Proposal, ProposalKind, ProposalState
from ingest.ledger.queue_records import Inquiry, InquiryKind, QueueFilter, QueueLength, Waiting
from ingest.ledger.recalling import Recall
from ingest.ledger.records import (
    Act,
    AuditedRow,
    AuditRow,
    BatchRow,
    DecisionRow,
    DeskRole,
    DuplicateRow,
    DuplicateState,
    FilingOrder,
    Job,
    JobKind,
    JobState,
    LoadCounts,
    PageRow,
    Problem,
    Reconsidered,
    Rendition,
    RenditionRow,
    SameBytes,
    SameBytesState,
    ScanRow,
    Shown,
    Sidecar,
    WorkerId,
)
from ingest.ledger.recutting import Recut
from ingest.ledger.rematching import Concerned, RematchQueue, Stand
from ingest.ledger.undoing import acts_that_stand

__all__ = [
    "SITE_ITSELF",
    "Account",
    "Act",
    "AuditRow",
    "AuditedRow",
    "BatchRow",
    "Clearance",
    "Concerned",
    "DecisionRow",
    "DeskRole",
    "DuplicateRow",
    "DuplicateState",
    "FilingOrder",
    "FoundHow",
    "Inquiry",
    "InquiryKind",
    "Job",
    "JobKind",
    "JobState",
    "Ledger",
    "LoadCounts",
    "Look",
    "Misfile",
    "PageRow",
    "PatientLesson",
    "Problem",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "QueueFilter",
    "QueueLength",
    "Recall",
    "Reconsidered",
    "Recut",
    "RematchQueue",
    "Rendition",
    "RenditionRow",
    "SameBytes",
    "SameBytesState",
    "ScanRow",
    "Session",
    "Shown",
    "Sidecar",
    "Stand",
    "TypeLesson",
    "Waiting",
    "WorkerId",
    "acts_that_stand",
]
