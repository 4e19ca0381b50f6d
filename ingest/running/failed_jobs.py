"""A job that failed in a way nobody foresaw: tried again with growing pauses, then given up, one document's loss of
time and nobody else's.

Promise: whatever a job raises, the runner lives. A system's trouble (disk, database, scanner) is not the job's fault
and never counts here; what is given up goes to people with a reason, and no page stays at work for ever.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from ingest import pipeline
from ingest.ledger import Job, JobKind
from ingest.model import FileRefused, FileTrouble
from ingest.running.work import Hands

TRIES_MOST = 5
_FIRST_PAUSE_S = 0.5
_TIMES = 4  # each pause is so much longer: half a second, two, eight, half a minute
_log = structlog.get_logger()


def retry_or_give_up(job: Job, hands: Hands, error: Exception) -> None:
    """Opens the job again for later, or ends it. Raises LostLease or a system's failure."""
    log = _log.bind(job=job.number, kind=job.kind.value, subject=job.subject, attempt=job.attempt)
    if job.attempt < TRIES_MOST:
        pause_s = _FIRST_PAUSE_S * _TIMES ** (job.attempt - 1)
        log.error("job failed; it is tried again", error=type(error).__name__, pause_s=pause_s)
        now = hands.now()
        hands.site.ledger.put_back(job, not_before=now + timedelta(seconds=pause_s), now=now)
        return
    log.error("job failed for the last time; it is given up", error=type(error).__name__)
    match job.kind:
        case JobKind.READ:
            reason = f"The program failed on this scan {job.attempt} times: scan the paper again, or retry it later."
            refused = FileRefused(trouble=FileTrouble.CRASHED, reason=reason)
            hands.site.ledger.conclude_reading(job, dispositions=pipeline.refuse(refused), now=hands.now())
        case JobKind.FILE:
            reason = f"The program failed {job.attempt} times to file this document: please look at it."
            hands.site.ledger.filing_failed(job, reason=reason, now=hands.now())
        case JobKind.TEXT:
            hands.site.ledger.give_up_text(job, now=hands.now())
