"""Sources, and what is cited from them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.serializers.fields import (
    Address,
    CommitmentsAddress,
    Either,
    TranslatedText,
    Translations,
    Word,
)
from commitments.api.serializers.parties import PartyBriefSerializer, PartySerializer
from commitments.enums import CitationRole, SourceKind
from commitments.models import Citation, Source
from commitments.public_ids import public_id_of


class SourceBriefSerializer(serializers.Serializer[Source]):
    """A source where another record names it."""

    id = serializers.CharField(source="public_id")
    url = Address("source", "public_id")
    title = TranslatedText()
    kind = Word(SourceKind)
    date = serializers.DateField(help_text="The day on which it was said or published.")
    publisher = serializers.CharField()
    web_url = serializers.CharField(source="url", help_text="Its own address; empty if unknown.")
    archive_url = serializers.CharField(help_text="An archived copy; empty if unknown.")


class SourceSerializer(SourceBriefSerializer):
    """A transcript, statement, agreement, article or report."""

    translations = Translations()
    language = serializers.CharField(help_text="Of the source itself.")
    place = serializers.CharField()
    independent = serializers.BooleanField(
        help_text="No party of its commitments speaks or publishes here."
    )
    text_sha256 = serializers.CharField(
        help_text="SHA-256 of the stored text in UTF-8; empty where none is stored."
    )
    created_at = serializers.DateTimeField()
    commitments_url = CommitmentsAddress("source", "public_id")


class CitationSerializer(serializers.Serializer[Citation]):
    """What a source says about a commitment, word for word."""

    role = Word(CitationRole)
    source = Either(  # type: ignore[assignment]  # a field of the answer
        SourceBriefSerializer, SourceSerializer, expand="sources"
    )
    quote = serializers.CharField()
    locator = serializers.CharField(help_text="Its place in the source, as “paragraph 47”.")
    said_by = Either(PartyBriefSerializer, PartySerializer, expand="parties", allow_null=True)


class CitationWithIdSerializer(CitationSerializer):
    """As `CitationSerializer`, with the id by which a write names it."""

    id = serializers.SerializerMethodField(help_text="Permanent; a write names it by this.")

    @extend_schema_field(str)
    def get_id(self, citation: Citation) -> str:
        return public_id_of(citation.pk)
