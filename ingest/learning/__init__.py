"""What the desk's decisions teach: weights and types, proposed with figures, applied by a supervisor, reversible."""

from ingest.learning.applying import apply_proposal, in_use, refuse_proposal, revert
from ingest.learning.proposed import Proposed
from ingest.learning.types import propose_types
from ingest.learning.weights import propose_weights

__all__ = ["Proposed", "apply_proposal", "in_use", "propose_types", "propose_weights", "refuse_proposal", "revert"]
