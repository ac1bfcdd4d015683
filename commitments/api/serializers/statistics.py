"""The figures of the scoreboard."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commitments.statistics import Statistics

BY = ("party", "source", "topic")


class FiguresSerializer(serializers.Serializer[Statistics]):
    """Counts of promises, and days."""

    promises = serializers.IntegerField()
    undated = serializers.IntegerField()
    upcoming = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Due soon included.")
    overdue = serializers.IntegerField()
    early = serializers.IntegerField()
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    partly_delivered = serializers.IntegerField()
    not_delivered = serializers.IntegerField()
    other_verdicts = serializers.IntegerField()
    moves = serializers.IntegerField(help_text="Of dates; corrections of our own are none.")
    slip_days = serializers.IntegerField(help_text="The sum of the moves; positive is later.")
    share_on_time = serializers.FloatField(
        allow_null=True, min_value=0, max_value=1, help_text="Null where nothing counts yet."
    )


class CriteriaSerializer(serializers.Serializer[dict[str, Any]]):
    """What is counted, in the language of the answer."""

    promises = serializers.CharField()
    kept = serializers.CharField(help_text="The numerator of the share on time.")
    counted = serializers.CharField(help_text="Its denominator.")
    left_out = serializers.CharField(help_text="What is in neither.")
    slip_days = serializers.CharField()


class GroupSerializer(serializers.Serializer[dict[str, Any]]):
    """The figures of one party, source or topic."""

    key = serializers.CharField(help_text="The key of a party or topic, the id of a source.")
    name = serializers.CharField(help_text="The name, or the title of a source.")
    url = serializers.URLField()
    commitments_url = serializers.URLField()
    figures = FiguresSerializer()


class StatisticsSerializer(serializers.Serializer[dict[str, Any]]):
    """What became of the promises that the filters ask for."""

    criteria = CriteriaSerializer()
    total = FiguresSerializer()
    by = serializers.ChoiceField(choices=BY, allow_null=True)
    groups = GroupSerializer(many=True)
