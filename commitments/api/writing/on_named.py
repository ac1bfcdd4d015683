"""The addresses of parties, topics and sources that write.

The desk finds what only drafts name, at the address of one record; lists stay the public ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.idempotency import idempotent
from commitments.api.named import (
    PartyDetail,
    PartyList,
    SourceDetail,
    SourceList,
    TopicDetail,
    TopicList,
)
from commitments.api.writing import named as writes
from commitments.api.writing.operations import Operation
from commitments.api.writing.versions import version_of
from commitments.api.writing.views import Writing
from commitments.models import Party, Source, Topic


class Named(Writing):
    """One party, topic or source: its version is in its ETag."""

    everything: ClassVar[Any]
    reads_by_session = True
    own_version = ""

    def within_reach(self) -> QuerySet[Any]:
        """All for the desk; for everybody else what is public."""
        found: QuerySet[Any] = self.everything if self.sees_all() else super().get_queryset()  # type: ignore[misc]
        return found.all()

    def get_queryset(self) -> QuerySet[Any]:
        return self.within_reach()

    def kwargs_of_record(self) -> dict[str, Any]:
        return dict(self.kwargs)

    def get_object(self) -> Any:
        row = super().get_object()  # type: ignore[misc]  # of the detail beside it
        self.own_version = str(version_of(row))
        return row

    def version(self) -> str:
        return self.own_version


class Parties(Writing, PartyList):
    __doc__ = PartyList.__doc__
    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CREATE_PARTY}

    @idempotent
    def post(self, _request: Request) -> Response:
        """Record a party: a country, organisation, region or person."""
        return self.write()


class OneParty(Named, PartyDetail):
    __doc__ = PartyDetail.__doc__
    everything = Party.objects.select_related("body")
    operations: ClassVar[Mapping[str, Operation]] = {"PATCH": writes.CORRECT_PARTY}

    def patch(self, _request: Request, key: str) -> Response:  # noqa: ARG002
        """Correct a party; what is left out stays, and the key is permanent."""
        return self.write()


class Topics(Writing, TopicList):
    __doc__ = TopicList.__doc__
    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CREATE_TOPIC}

    @idempotent
    def post(self, _request: Request) -> Response:
        """Record a topic."""
        return self.write()


class OneTopic(Named, TopicDetail):
    __doc__ = TopicDetail.__doc__
    everything = Topic.objects.all()
    operations: ClassVar[Mapping[str, Operation]] = {"PATCH": writes.CORRECT_TOPIC}

    def patch(self, _request: Request, key: str) -> Response:  # noqa: ARG002
        """Correct a topic; what is left out stays, and the key is permanent."""
        return self.write()


class Sources(Writing, SourceList):
    __doc__ = SourceList.__doc__
    operations: ClassVar[Mapping[str, Operation]] = {"POST": writes.CREATE_SOURCE}

    @idempotent
    def post(self, _request: Request) -> Response:
        """Record a source, with its text where you have it: quotes are checked against it."""
        return self.write()


class OneSource(Named, SourceDetail):
    __doc__ = SourceDetail.__doc__
    everything = Source.objects.defer("text")
    operations: ClassVar[Mapping[str, Operation]] = {"PATCH": writes.CORRECT_SOURCE}

    def patch(self, _request: Request, public_id: str) -> Response:  # noqa: ARG002
        """Correct a source; what is left out stays.

        A corrected text must still hold every quote that was taken from it.
        """
        return self.write()
