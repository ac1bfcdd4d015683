"""What became of a commitment: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Manager
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.serializers.fields import Word, distinct
from commitments.api.serializers.windows import WindowSerializer
from commitments.enums import DateMoveKind, Publication, ReasonCode, Status
from commitments.models import Citation, DateMove, StatusChange
from commitments.window import Window


class HistoryRowSerializer(serializers.Serializer[Any]):
    """What both kinds of rows tell."""

    effective = serializers.SerializerMethodField(
        help_text="When it came about in the world, if that is known."
    )
    recorded_at = serializers.DateTimeField(help_text="When we learnt of it.")
    reason = serializers.CharField()
    sources = serializers.SerializerMethodField(help_text="Ids of the sources that show it.")
    revision = serializers.IntegerField(help_text="Of the commitment, by this change.")

    @extend_schema_field(WindowSerializer(allow_null=True))
    def get_effective(self, row: DateMove | StatusChange) -> dict[str, Any] | None:
        return window_or_null(row.effective, self.context)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_sources(self, row: DateMove | StatusChange) -> list[str]:
        citations: Manager[Citation] = row.citations
        return distinct(citation.source.public_id for citation in citations.all())


class DateMoveSerializer(HistoryRowSerializer):
    """How the promised time moved."""

    kind = Word(DateMoveKind)
    from_window = WindowSerializer(source="from_value")
    to_window = WindowSerializer(source="to_value")
    from_wording = serializers.CharField()
    to_wording = serializers.CharField()
    slip_days = serializers.IntegerField(
        allow_null=True, help_text="Between the last possible days; positive is later."
    )


class StatusChangeSerializer(HistoryRowSerializer):
    """How the status moved. Names of the desk are not shown."""

    from_status = Word(Status, allow_null=True)
    to_status = Word(Status)
    reason_code = Word(ReasonCode, allow_null=True)
    missing = serializers.CharField(help_text="Of a partly delivered one.")
    explicit_refusal = serializers.BooleanField(
        help_text="The party itself said that it will not be done."
    )
    by_two = serializers.SerializerMethodField(help_text="A second person agreed.")
    successor = serializers.SerializerMethodField(help_text="Id of what replaced it.")

    @extend_schema_field(bool)
    def get_by_two(self, change: StatusChange) -> bool:
        return change.approver_id is not None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_successor(self, change: StatusChange) -> str | None:
        successor = change.successor
        if successor is None or successor.publication != Publication.PUBLISHED:
            return None
        return successor.public_id


def window_or_null(edtf: str, context: Mapping[str, Any]) -> dict[str, Any] | None:
    """The window that a column holds, as JSON; null where the column is empty."""
    return dict(WindowSerializer(Window.parse(edtf), context=dict(context)).data) if edtf else None
