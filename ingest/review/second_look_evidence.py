"""The evidence of `calibrate`: what people decided anyhow, and second looks at unattended filings. Pure.

Its statistics count every audited decision as one and take no weights. Decisions with unequal chances of a second look
would make it a statement about a mixture that nobody files. So only the looks of one chance count, the one that most of
them had: each stands for as many filings as the next, and their wrong share is that of all filings of that chance.
A look that is disputed counts as wrong until it is settled; one that waits does not count.

Where a second look counts, what a person decided on the same document afterwards does not: it is the same finding.
A misfile found otherwise counts as it did before, and so does one that a look of another chance found: nothing stands
against these, which errs on the side of more wrong ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.ledger import AuditedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The rows that count, how many of them are second looks, and how many looks had another chance."""

    rows: tuple[AuditedRow, ...]
    second_looks: int
    of_another_chance: int


def joined(decided: Sequence[AuditedRow], looked: Sequence[AuditedRow]) -> Evidence:
    """`decided` are rows of `audited_decisions`, `looked` of `second_looked_decisions`."""
    chances = Counter(row.one_in for row in looked)
    usual = max(chances, key=lambda one_in: (chances[one_in], one_in or 0), default=None)
    counted = [row for row in looked if row.one_in == usual]
    same = {(row.document_id, row.version) for row in counted}
    others = [row for row in decided if (row.document_id, row.version) not in same]
    return Evidence(rows=(*others, *counted), second_looks=len(counted), of_another_chance=len(looked) - len(counted))
