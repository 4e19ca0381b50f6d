"""Whether what was read of a page says for certain whose it is, so that the rest of it may wait.

Promise: pure. True only where two of the patient's name, birth date and MRN were read with certainty, a name was
read at all, nobody else is called the patient, the engines agree, no writing waits for a person's eyes, and where no
label names the patient nothing is left that the second engine could read better. What may
be a sticker (a compact block whose name has no label) does not count: the page's own identity, which may be another's,
may stand further down.
"""

from __future__ import annotations

from ingest.evidence.doubt import hides_a_name
from ingest.evidence.find import evidence_of
from ingest.evidence.identity import patient_role
from ingest.evidence.labels import Labels
from ingest.evidence.people import two_people
from ingest.evidence.unread import find_unread
from ingest.evidence.values import SiteFacts
from ingest.model import PageArtefact
from matchers.patient import ENOUGH_TO_FILE, PERSONAL, Field

_CERTAIN = 0.95
_READ = 0.5


def suffices(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> bool:
    """Whether a page of which only the upper part was read need not be read on to know its patient."""
    page = evidence_of(artefact, labels, site)
    findings = page.findings
    owner = patient_role(findings)
    own = [finding for finding in findings if finding.role is owner and finding.field in PERSONAL]
    if any(finding.other_reading is not None for finding in own) or two_people(findings) is not None:
        return False
    labelled = {finding.place for finding in own if finding.field is Field.NAME and finding.label is not None}
    printed = [one for one in own if one.place in labelled or not one.place.startswith("sticker")]
    certain = {finding.field for finding in printed if finding.confidence >= _CERTAIN}
    named = any(finding.field is Field.NAME and finding.confidence >= _READ for finding in printed)
    if not (named and len(certain) >= ENOUGH_TO_FILE) or find_unread(page, labels).written:
        return False
    return not hides_a_name(page)
