"""Whether what was read of a page says for certain whose it is, so that the rest of it may wait.

Promise: pure. True only where nothing that was read is in doubt: the patient's name and birth date or MRN stand
beside labels and were read with certainty, nobody else is called the patient, and no label of the patient's waits
for its value.
"""

from __future__ import annotations

from ingest.evidence.find import find_evidence
from ingest.evidence.identity import patient_role
from ingest.evidence.labels import Labels
from ingest.evidence.people import two_people
from ingest.evidence.unread import find_unread
from ingest.evidence.values import SiteFacts
from ingest.model import PageArtefact
from matchers.patient import Field

_CERTAIN = 0.95
_READ = 0.5
_ENOUGH = 2  # person-specific identifiers: what filing asks for
_OWN = (Field.NAME, Field.BIRTH_DATE, Field.MRN)


def suffices(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> bool:
    """Whether a page of which only the upper part was read need not be read on to know its patient."""
    findings = find_evidence(artefact, labels, site)
    owner = patient_role(findings)
    own = [finding for finding in findings if finding.role is owner and finding.field in _OWN]
    if any(finding.other_reading is not None for finding in own) or two_people(findings) is not None:
        return False
    certain = {finding.field for finding in own if finding.confidence >= _CERTAIN}
    named = any(finding.field is Field.NAME and finding.confidence >= _READ for finding in own)
    return named and len(certain) >= _ENOUGH and not find_unread(artefact, labels, site).written
