"""What this part of the API answers, field by field."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commitments.enums import ChangeKind

RECORD_TYPES = ("commitment", "party", "topic", "source")


class ChangeSerializer(serializers.Serializer[dict[str, Any]]):
    """One change. Of what is gone there is the number and the id, and nothing else."""

    number = serializers.IntegerField(help_text="Rises; each change of the record has one.")
    record = serializers.ChoiceField(choices=RECORD_TYPES, help_text="What has changed.")
    id = serializers.CharField(help_text="The id of a commitment or source, the key of others.")
    gone = serializers.BooleanField(
        help_text="It was taken back, or is no longer what the filter asks for."
    )
    merged_into = serializers.CharField(
        required=False, help_text="The id of the commitment under which this one goes on."
    )
    kind = serializers.ChoiceField(required=False, choices=ChangeKind.choices)
    revision = serializers.IntegerField(
        required=False, help_text="Of the commitment, by this change."
    )
    recorded_at = serializers.DateTimeField(required=False)
    url = serializers.URLField(required=False, help_text="Where it stands as it is now.")


class ChangesSerializer(serializers.Serializer[dict[str, Any]]):
    """Changes in the order of their numbers."""

    results = ChangeSerializer(many=True)
    next = serializers.IntegerField(help_text="Ask on with `since` set to this number.")
    head = serializers.IntegerField(
        help_text="The last number of the record; below it there is more to read."
    )
