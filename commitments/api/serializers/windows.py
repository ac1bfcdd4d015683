"""Windows of time."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.phrases import window_in_words
from commitments.window import Window


class WindowSerializer(serializers.Serializer[Window]):
    """A window of time: "2026" is a window of 365 days, and no day in it is singled out."""

    edtf = serializers.CharField(
        source="text", help_text="EDTF (ISO 8601-2), as `2025-21`; empty where undated."
    )
    earliest = serializers.DateField(
        allow_null=True, help_text="The first possible day; null where open or undated."
    )
    latest = serializers.DateField(
        allow_null=True, help_text="The last possible day; null where open or undated."
    )
    words = serializers.SerializerMethodField(help_text="As people say it: “spring 2025”.")

    @extend_schema_field(str)
    def get_words(self, window: Window) -> str:
        return window_in_words(window, self.context["language"])


class WordsSerializer(serializers.Serializer[dict[str, str]]):
    """The same window in each language."""

    en = serializers.CharField()
    ru = serializers.CharField()
    kk = serializers.CharField()


class PhraseSerializer(serializers.Serializer[dict[str, object]]):
    """What the words of a date were understood as."""

    edtf = serializers.CharField(help_text="EDTF (ISO 8601-2); empty where undated.")
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    words = WordsSerializer()
