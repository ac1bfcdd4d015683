"""Problems, as RFC 9457 has them, and what each kind of them means."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commitments.api.problems import ProblemKind
from commitments.api.serializers.fields import Address


class ProblemItemSerializer(serializers.Serializer[dict[str, str]]):
    """One thing that is wrong, and where."""

    parameter = serializers.CharField(required=False, help_text="Of the query.")
    pointer = serializers.CharField(required=False, help_text="JSON pointer into the body.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """What went wrong, for people and for programs (RFC 9457)."""

    type = serializers.URLField(help_text="The kind of problem; its address explains it.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    code = serializers.CharField(help_text="The very case; stable.")
    instance = serializers.CharField(  # type: ignore[assignment]  # a field of the answer
        required=False, help_text="Of an error on our side."
    )
    errors = ProblemItemSerializer(  # type: ignore[assignment]  # a field of the answer
        many=True, required=False
    )
    nearest = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What would be understood."
    )


class ProblemKindSerializer(serializers.Serializer[ProblemKind]):
    """A kind of problem."""

    name = serializers.CharField()
    url = Address("problem", "name")
    status = serializers.IntegerField()
    title = serializers.CharField()
    remedy = serializers.CharField(help_text="What to do.")


class ProblemKindsSerializer(serializers.Serializer[dict[str, Any]]):
    """All kinds of problem."""

    results = ProblemKindSerializer(many=True)
