"""A commitment: in a list, and with its whole story."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.addresses import address
from commitments.api.serializers.fields import (
    Address,
    Either,
    Shaped,
    TranslatedText,
    Translations,
    Word,
)
from commitments.api.serializers.history import (
    DateMoveSerializer,
    StatusChangeSerializer,
    window_or_null,
)
from commitments.api.serializers.parties import (
    InvolvementSerializer,
    TopicBriefSerializer,
    TopicSerializer,
)
from commitments.api.serializers.sources import CitationSerializer, CitationWithIdSerializer
from commitments.api.serializers.targets import TargetSerializer
from commitments.api.serializers.windows import WindowSerializer
from commitments.enums import (
    AnchorUnit,
    Evidence,
    Kind,
    Publication,
    Schedule,
    Status,
    Strength,
)
from commitments.mentions import sources_named_by
from commitments.models import Commitment, Source
from commitments.time_zones import day_at

LINKS = ("parent", "successor", "duplicate_of")


class CommitmentStatusSerializer(serializers.Serializer[Commitment]):
    """What happened in the world, as far as it is known."""

    value = Word(Status, source="status")
    label = serializers.CharField(  # type: ignore[assignment]  # a field of the answer
        source="get_status_display"
    )
    effective = serializers.SerializerMethodField(
        help_text="When it came about in the world, if that is known."
    )

    @extend_schema_field(WindowSerializer(allow_null=True))
    def get_effective(self, row: Commitment) -> dict[str, Any] | None:
        return window_or_null(row.effective, self.context)


class CommitmentEvidenceSerializer(serializers.Serializer[Commitment]):
    """What the citations show of its being done."""

    level = Word(Evidence, source="evidence")
    label = serializers.CharField(  # type: ignore[assignment]  # a field of the answer
        source="get_evidence_display"
    )
    checked_on = serializers.DateField(
        source="evidence_checked_on",
        allow_null=True,
        help_text="The day on which an editor last looked for evidence.",
    )


class LinkSerializer(serializers.Serializer[dict[str, str]]):
    """Another published commitment that this one points to."""

    relation = serializers.ChoiceField(choices=LINKS)
    id = serializers.CharField()
    url = serializers.URLField()
    title = serializers.CharField()


class AnchorSerializer(serializers.Serializer[dict[str, Any]]):
    """What a date counts from, and how far: `within 40 days of the signing`."""

    record = serializers.ChoiceField(choices=("commitment", "source"))
    id = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.IntegerField()
    unit = Word(AnchorUnit)


class CommitmentBriefSerializer(serializers.Serializer[Commitment]):
    """A commitment where another record names it."""

    id = serializers.CharField(source="public_id")
    url = Address("commitment", "public_id")
    title = TranslatedText()


class CommitmentItselfSerializer(serializers.Serializer[Commitment]):
    """Something that will be done, by whom and by when, as it was said in public."""

    id = serializers.CharField(source="public_id", help_text="Permanent and never reused.")
    url = Address("commitment", "public_id")
    title = TranslatedText()
    summary = TranslatedText()
    note = serializers.CharField(help_text="What a reader should know about figures or words.")
    language = serializers.CharField(help_text="In which title and summary were entered.")
    translations = Translations()
    kind = Word(Kind)
    strength = Word(Strength)
    window = WindowSerializer(source="window_value")
    wording = serializers.CharField(help_text="The date as the source put it.")
    status = CommitmentStatusSerializer(source="*")
    schedule = serializers.SerializerMethodField(
        help_text="Where it stands in time today, by the calendar of its place."
    )
    evidence = CommitmentEvidenceSerializer(source="*")
    place = serializers.CharField()
    time_zone = serializers.CharField(help_text="Of its place: there the last day ends.")
    topics = serializers.ListField(
        child=Either(TopicBriefSerializer, TopicSerializer, expand="topics"), source="topics.all"
    )
    parties = InvolvementSerializer(source="involvements", many=True)
    citations = CitationSerializer(many=True)
    revision = serializers.IntegerField(help_text="Rises by one with every visible change.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(help_text="Of the last visible change.")
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="Null where it never was: only the desk sees that."
    )

    def get_attribute(self, instance: Any) -> Commitment | None:
        """As a part of another record: null where it is not public, or not there."""
        row: Commitment | None = super().get_attribute(instance)
        return row if row is not None and row.publication == Publication.PUBLISHED else None

    @extend_schema_field(serializers.ChoiceField(choices=Schedule.choices))
    def get_schedule(self, row: Commitment) -> str:
        today = day_at(row.time_zone, self.context["now"])
        return row.schedule_on(today, due_soon_days=settings.DUE_SOON_DAYS).value


class CommitmentSerializer(Shaped, CommitmentItselfSerializer):
    """A commitment in a list; its story and what it points to where `expand` asks for them."""

    expandable: ClassVar[Collection[str]] = (
        *("date_moves", "status_changes", "target", "parent", "successor"),
    )

    date_moves = DateMoveSerializer(many=True, required=False)
    status_changes = StatusChangeSerializer(many=True, required=False)
    target = TargetSerializer(allow_null=True, required=False)
    parent = CommitmentItselfSerializer(allow_null=True, required=False)
    successor = CommitmentItselfSerializer(allow_null=True, required=False)


class CommitmentDetailSerializer(CommitmentSerializer):
    """A commitment with its whole story."""

    expandable = ("parent", "successor")

    publication = Word(Publication, help_text="Who may see it; to the public it is published.")
    citations = CitationWithIdSerializer(many=True)
    date_moves = DateMoveSerializer(many=True)
    status_changes = StatusChangeSerializer(many=True)
    links = serializers.SerializerMethodField()
    milestones = serializers.SerializerMethodField(help_text="The parts of a programme.")
    counts_from = serializers.SerializerMethodField(
        help_text="What its date moves with; null as of an earlier day."
    )
    target = TargetSerializer(allow_null=True)

    @extend_schema_field(LinkSerializer(many=True))
    def get_links(self, row: Commitment) -> list[dict[str, str]]:
        return list(_links(row, self.context))

    @extend_schema_field(CommitmentBriefSerializer(many=True))
    def get_milestones(self, row: Commitment) -> Any:
        found = self.context["milestones"](row)
        return CommitmentBriefSerializer(found, many=True, context=self.context).data

    @extend_schema_field(AnchorSerializer(allow_null=True))
    def get_counts_from(self, row: Commitment) -> dict[str, Any] | None:
        anchor = row.anchor_commitment or row.anchor_source
        if anchor is None or not _may_be_known(anchor, self.context):
            return None
        record = "commitment" if isinstance(anchor, Commitment) else "source"
        return {
            "record": record,
            "id": anchor.public_id,
            "url": address(record, anchor.public_id),
            "amount": row.anchor_amount,
            "unit": row.anchor_unit,
        }


def _may_be_known(record: Commitment | Source, context: Mapping[str, Any]) -> bool:
    """Whether the reader may know of it: the desk of all, everybody of what is public."""
    if context["sees_all"]:
        return True
    if isinstance(record, Commitment):
        return record.publication == Publication.PUBLISHED
    return sources_named_by(Commitment.objects.published()).filter(pk=record.pk).exists()


def _links(row: Commitment, context: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for relation in LINKS:
        other: Commitment | None = getattr(row, relation)
        if other is not None and _may_be_known(other, context):
            yield {
                "relation": relation,
                "id": other.public_id,
                "url": address("commitment", other.public_id),
                "title": other.text_in(context["language"], "title"),
            }
