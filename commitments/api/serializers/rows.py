"""What hangs on commitments, in lists of its own: each row says of which commitment it is."""

from __future__ import annotations

from rest_framework import serializers

from commitments.api.serializers.commitments import (
    CommitmentBriefSerializer,
    CommitmentItselfSerializer,
)
from commitments.api.serializers.fields import Either
from commitments.api.serializers.history import DateMoveSerializer, StatusChangeSerializer
from commitments.api.serializers.sources import CitationWithIdSerializer
from commitments.api.serializers.targets import TargetValueSerializer


def _commitment(source: str | None = None) -> Either:
    return Either(
        CommitmentBriefSerializer, CommitmentItselfSerializer, expand="commitment", source=source
    )


class CitationRowSerializer(CitationWithIdSerializer):
    """A citation, and what it was cited for."""

    commitment = _commitment()
    recorded_at = serializers.DateTimeField(source="created_at")


class StatusChangeRowSerializer(StatusChangeSerializer):
    """A move of a status, and whose."""

    commitment = _commitment()


class DateMoveRowSerializer(DateMoveSerializer):
    """A move of a date, and whose."""

    commitment = _commitment()


class TargetValueRowSerializer(TargetValueSerializer):
    """A reported value, and for which target."""

    commitment = _commitment("target.commitment")
    measure = serializers.CharField(source="target.measure")
    unit = serializers.CharField(source="target.unit")
