"""What published commitments name: parties, topics and sources. Nothing else is shown of them."""

from __future__ import annotations

from django.db.models import QuerySet

from commitments.api.base import PublicDetail, PublicList
from commitments.api.serializers.parties import PartySerializer, TopicSerializer
from commitments.api.serializers.sources import SourceSerializer
from commitments.mentions import parties_named_by, sources_named_by, topics_named_by
from commitments.models import Commitment, Party, Source, Topic
from commitments.ordering import Order, SortKey

BY_KEY: Order = (SortKey("key"),)


def _parties() -> QuerySet[Party]:
    return parties_named_by(Commitment.objects.published()).select_related("body")


def _topics() -> QuerySet[Topic]:
    return topics_named_by(Commitment.objects.published())


def _sources() -> QuerySet[Source]:
    return sources_named_by(Commitment.objects.published()).defer("text")


class PartyList(PublicList[Party]):
    """Who promises, is responsible or is the other side, in the order of their keys."""

    serializer_class = PartySerializer
    queryset = Party.objects.all()

    def get_queryset(self) -> QuerySet[Party]:
        return _parties()

    def order(self) -> Order:
        return BY_KEY


class PartyDetail(PublicDetail[Party]):
    """One party."""

    serializer_class = PartySerializer
    queryset = Party.objects.all()
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Party]:
        return _parties()


class TopicList(PublicList[Topic]):
    """What commitments are about, in the order of the keys."""

    serializer_class = TopicSerializer
    queryset = Topic.objects.all()

    def get_queryset(self) -> QuerySet[Topic]:
        return _topics()

    def order(self) -> Order:
        return BY_KEY


class TopicDetail(PublicDetail[Topic]):
    """One topic."""

    serializer_class = TopicSerializer
    queryset = Topic.objects.all()
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Topic]:
        return _topics()


class SourceList(PublicList[Source]):
    """Where it was said, the latest source first."""

    serializer_class = SourceSerializer
    queryset = Source.objects.all()

    def get_queryset(self) -> QuerySet[Source]:
        return _sources()

    def order(self) -> Order:
        return (SortKey("date", descending=True), SortKey("public_id"))


class SourceDetail(PublicDetail[Source]):
    """One source. Its stored text is not shown, only the hash of it."""

    serializer_class = SourceSerializer
    queryset = Source.objects.all()
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Source]:
        return _sources()
