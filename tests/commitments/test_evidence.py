"""What each kind of citation of each kind of source shows."""

from __future__ import annotations

import itertools

import pytest

from commitments.enums import CitationRole, Evidence, SourceKind
from commitments.evidence import RANK, evidence_level, evidence_of
from commitments.models import Citation, Source

DOCUMENTED = {
    SourceKind.AGREEMENT,
    SourceKind.OFFICIAL_RECORD,
    SourceKind.REPORT,
    SourceKind.DATASET,
}
CLAIMED = {SourceKind.TRANSCRIPT, SourceKind.STATEMENT, SourceKind.ARTICLE, SourceKind.OTHER}


def cited(role: CitationRole, kind: SourceKind, *, independent: bool = False) -> Citation:
    return Citation(role=role, source=Source(kind=kind, independent=independent))


@pytest.mark.parametrize(
    ("role", "kind", "independent"),
    list(itertools.product(CitationRole, SourceKind, [True, False])),
)
def test_a_citation_shows_what_the_table_says(
    role: CitationRole, kind: SourceKind, independent: bool
) -> None:
    if role not in {CitationRole.REPORTS, CitationRole.CONFIRMS}:
        expected = Evidence.NONE
    elif independent:
        expected = Evidence.CONFIRMED
    else:
        expected = Evidence.DOCUMENTED if kind in DOCUMENTED else Evidence.CLAIMED
    assert evidence_of(cited(role, kind, independent=independent)) == expected


def test_every_kind_of_source_has_its_place() -> None:
    assert set(SourceKind) == DOCUMENTED | CLAIMED
    assert set(RANK) == set(Evidence)
    assert sorted(RANK, key=lambda level: RANK[level]) == list(Evidence)


def test_the_level_is_that_of_the_strongest() -> None:
    reports = CitationRole.REPORTS
    claim = cited(reports, SourceKind.STATEMENT)
    document = cited(reports, SourceKind.REPORT)
    independent = cited(reports, SourceKind.ARTICLE, independent=True)
    assert evidence_level([]) == Evidence.NONE
    for citations, level in (
        ([claim], Evidence.CLAIMED),
        ([claim, document], Evidence.DOCUMENTED),
        ([independent, document, claim], Evidence.CONFIRMED),
    ):
        assert {evidence_level(order) for order in itertools.permutations(citations)} == {level}
