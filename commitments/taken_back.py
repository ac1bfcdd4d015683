"""What was public once and was taken back, by the shared filter: a feed tells of what it had.

A retracted commitment may have been emptied since, so the filter is held against the version that
was public last. Its words are not searched: whoever could search them could guess them, one by one.
So a search for words finds every one of them, which tells nothing that is not told to everybody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, cast

from django.db.models import F
from django.http import QueryDict

from commitments.as_of import AsOf, VersionFilter
from commitments.enums import Publication
from commitments.filters import refuse_bad_parameters, selected_by
from commitments.models import Commitment, CommitmentVersion
from commitments.models.version import Axis
from commitments.parameters import without_empty
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.versions import CommitmentVersionQuerySet

WORDS: Final = ("q", "place")
"""The parameters that search in texts."""


class TakenBackFilter(VersionFilter):
    """The shared filter on the last public versions of what was taken back at or after `since`."""

    def __init__(self, data: QueryDict, *, since: datetime, now: datetime) -> None:
        self.since = since
        last_public = CommitmentVersion.objects.filter(
            axis=Axis.KNOWN,
            publication=Publication.PUBLISHED,
            until=F("commitment__retracted_at"),
            commitment__in=self.naming_commitments(),
        )
        today = AsOf(now.astimezone(UTC).date(), Axis.KNOWN)
        super().__init__(data, as_of=today, versions=last_public)

    def naming_commitments(self) -> CommitmentQuerySet:
        return Commitment.objects.tombstones(since=self.since)


def select_taken_back(params: QueryDict, *, since: datetime, now: datetime) -> CommitmentQuerySet:
    """Those taken back at or after `since` that `params` asked for while they were public.

    Parameters that search in texts leave nothing out. Raises InvalidInput as
    `commitments.filters.select_commitments` does; the parties, topics and sources that may be named
    are those of what was taken back.
    """
    refuse_bad_parameters(params)
    structured = without_empty(params).copy()
    for name in WORDS:
        structured.pop(name, None)
    asked = TakenBackFilter(structured, since=since, now=now)
    versions = cast("CommitmentVersionQuerySet", selected_by(asked, params)).order_by()
    keys = versions.values("commitment")
    return Commitment.objects.tombstones(since=since).filter(pk__in=keys).order_by("pk")
