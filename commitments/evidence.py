"""How much the citations of a commitment show of its being done.

Only what reports or confirms counts; what announces a promise is no evidence for its keeping.

| the source                                            | level       |
|-------------------------------------------------------|-------------|
| independent: no party speaks or publishes there       | confirmed   |
| agreement, official record, report, dataset           | documented  |
| anything else: somebody says so                       | claimed     |
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commitments.enums import CitationRole, Evidence, SourceKind
from commitments.models import Citation

RANK: Final = {
    Evidence.NONE: 0,
    Evidence.CLAIMED: 1,
    Evidence.DOCUMENTED: 2,
    Evidence.CONFIRMED: 3,
}
DOCUMENTS: Final = frozenset(
    {SourceKind.AGREEMENT, SourceKind.OFFICIAL_RECORD, SourceKind.REPORT, SourceKind.DATASET}
)


def evidence_of(citation: Citation) -> Evidence:
    """What one citation shows; reads its source."""
    if citation.role not in {CitationRole.REPORTS, CitationRole.CONFIRMS}:
        return Evidence.NONE
    if citation.source.independent:
        return Evidence.CONFIRMED
    return Evidence.DOCUMENTED if citation.source.kind in DOCUMENTS else Evidence.CLAIMED


def evidence_level(citations: Iterable[Citation]) -> Evidence:
    """The strongest level that any of `citations` shows."""
    return max(
        (evidence_of(citation) for citation in citations),
        key=lambda level: RANK[level],
        default=Evidence.NONE,
    )
