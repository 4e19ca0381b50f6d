"""Why documents go to people, by kinds that stay the same whatever the paper says.

Promise: a kind is one of a fixed list; nothing of a sentence is ever in it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeAlias

from ingest.ledger.documents import FILING_FAILED, RECALLED
from ingest.ledger.figure_records import SentToReview
from matchers.decision import VetoName
from matchers.explain import NOBODY_NEAR, NOTHING_USABLE


class OtherReason(StrEnum):
    """Reasons that are no vetoes."""

    NOTHING_USABLE = "nothing_usable"
    NOBODY_NEAR = "nobody_near"
    TWO_PEOPLE = "two_people"
    PAGE_SPEAKS_AGAINST = "page_speaks_against"
    PAGE_MAY_NAME_ANOTHER = "page_may_name_another"
    BARCODE_OF_ANOTHER = "barcode_of_another"
    PAGE_UNREAD = "page_unread"
    SPLIT_PROPOSED = "split_proposed"
    HELD_BY_SETTING = "held_by_setting"
    LATER_TEXT = "later_text"
    RECALLED = "recalled"
    FILING_FAILED = "filing_failed"
    OTHER = "other"


Reason: TypeAlias = VetoName | OtherReason

_PAGE = r"Page \d+: "
_WORDS: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (re.escape(NOTHING_USABLE), OtherReason.NOTHING_USABLE),
        (re.escape(NOBODY_NEAR), OtherReason.NOBODY_NEAR),
        (r"The scan shows two patients'", OtherReason.TWO_PEOPLE),
        (r"Page \d+ could not be read|The rest of page", OtherReason.PAGE_UNREAD),
        (_PAGE + r"its barcode is the MRN of another", OtherReason.BARCODE_OF_ANOTHER),
        (_PAGE + r"(it may name|it says that it is a first page)", OtherReason.PAGE_MAY_NAME_ANOTHER),
        (_PAGE, OtherReason.PAGE_SPEAKS_AGAINST),
        (r"Split before page \d+\?", OtherReason.SPLIT_PROPOSED),
        (r"Unattended filing (is|was) ", OtherReason.HELD_BY_SETTING),
        (r"Text that was read later|With all its text read", OtherReason.LATER_TEXT),
        (r"This patient's registration is marked inactive", VetoName.INACTIVE),
    )
)


def reasons_of(sent: SentToReview) -> frozenset[Reason]:
    """The kinds of reason for which a document was given to people, at least one."""
    if sent.act == FILING_FAILED:
        return frozenset({OtherReason.FILING_FAILED})
    if sent.act == RECALLED:
        return frozenset({OtherReason.RECALLED})
    found = {*sent.vetoes, *(reason for words in sent.words if (reason := _of_words(words)) is not None)}
    return frozenset(found or {OtherReason.OTHER})


def _of_words(words: str) -> Reason | None:
    """None for words that are no reason of their own (what agrees, say)."""
    return next((reason for pattern, reason in _WORDS if pattern.match(words)), None)
