"""Measurable targets and what was reported for them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.serializers.fields import Amount, Either, Word
from commitments.api.serializers.history import window_or_null
from commitments.api.serializers.sources import SourceBriefSerializer, SourceSerializer
from commitments.api.serializers.windows import WindowSerializer
from commitments.enums import Comparison
from commitments.models import Target, TargetValue


class TargetValueSerializer(serializers.Serializer[TargetValue]):
    """A value that was reported for a period."""

    value = Amount()
    period = serializers.SerializerMethodField()
    source = Either(  # type: ignore[assignment]  # a field of the answer
        SourceBriefSerializer, SourceSerializer, expand="sources"
    )
    locator = serializers.CharField()
    recorded_at = serializers.DateTimeField()

    @extend_schema_field(WindowSerializer(allow_null=True))
    def get_period(self, row: TargetValue) -> dict[str, Any] | None:
        return window_or_null(row.period, self.context)


class TargetSerializer(serializers.Serializer[Target]):
    """What is measured, from where, and how far."""

    measure = serializers.CharField()
    unit = serializers.CharField()
    baseline = Amount(allow_null=True)
    baseline_period = serializers.SerializerMethodField()
    goal = Amount()
    comparison = Word(Comparison)
    values = TargetValueSerializer(many=True)

    @extend_schema_field(WindowSerializer(allow_null=True))
    def get_baseline_period(self, target: Target) -> dict[str, Any] | None:
        return window_or_null(target.baseline_period, self.context)
