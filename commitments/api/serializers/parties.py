"""Parties and topics."""

from __future__ import annotations

from rest_framework import serializers

from commitments.api.serializers.fields import (
    Address,
    CommitmentsAddress,
    Either,
    TranslatedText,
    Translations,
    Word,
)
from commitments.enums import PartyKind, PartyRole
from commitments.models import Involvement, Party, Topic


class PartyBriefSerializer(serializers.Serializer[Party]):
    """A party where another record names it."""

    key = serializers.SlugField()
    url = Address("party", "key")
    kind = Word(PartyKind)
    name = TranslatedText()


class PartySerializer(PartyBriefSerializer):
    """A country, organisation, region or person; a person holds an office of a body."""

    office = TranslatedText(help_text="For a person: President, Minister of Transport, …")
    body = PartyBriefSerializer(
        allow_null=True, help_text="What the person or organisation belongs to."
    )
    country_code = serializers.CharField(help_text="ISO 3166-1 alpha-2, for a country.")
    translations = Translations()
    commitments_url = CommitmentsAddress("party", "key")


class InvolvementSerializer(serializers.Serializer[Involvement]):
    """A party's part in a commitment."""

    role = Word(PartyRole)
    party = Either(PartyBriefSerializer, PartySerializer, expand="parties")


class TopicBriefSerializer(serializers.Serializer[Topic]):
    """A topic where another record names it."""

    key = serializers.SlugField()
    url = Address("topic", "key")
    name = TranslatedText()


class TopicSerializer(TopicBriefSerializer):
    """What commitments are about."""

    translations = Translations()
    commitments_url = CommitmentsAddress("topic", "key")
