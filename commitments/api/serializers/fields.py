"""Fields that the shapes share."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.db.models.enums import TextChoices
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from commitments.api.addresses import address


class TranslatedText(serializers.CharField):
    """A text in the language of the answer, or as it was entered where that is missing."""

    def get_attribute(self, instance: Any) -> str:
        return str(instance.text_in(self.context["language"], self.source))


class Translations(serializers.DictField):
    """Texts in further languages, as they are stored: `{"ru": {"title": "…"}}`."""

    def __init__(self, **options: Any) -> None:
        texts = serializers.DictField(child=serializers.CharField())
        super().__init__(child=texts, help_text="Texts by language and field.", **options)


class Word(serializers.ChoiceField):
    """One of a closed list of words; null where the column is empty."""

    def __init__(self, words: type[TextChoices], **options: Any) -> None:
        super().__init__(choices=words.choices, **options)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or None


class Address(serializers.URLField):
    """The address of a record in this API: the route, and the attribute that stands in it."""

    def __init__(self, route: str, attribute: str, **options: Any) -> None:
        self.route = route
        self.attribute = attribute
        super().__init__(source="*", **options)

    def to_representation(self, value: Any) -> str:
        return address(self.route, getattr(value, self.attribute))


class CommitmentsAddress(serializers.URLField):
    """The address of the commitments that a filter finds for this record."""

    def __init__(self, parameter: str, attribute: str, **options: Any) -> None:
        self.parameter = parameter
        self.attribute = attribute
        super().__init__(source="*", **options)

    def to_representation(self, value: Any) -> str:
        return address("commitments", query={self.parameter: getattr(value, self.attribute)})


class Amount(serializers.DecimalField):
    """A number as text, exact and without an exponent: "30000000000"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=24, decimal_places=4, normalize_output=True, **options)


class Either(serializers.Field[Any, Any, Any, Any]):
    """A record that is only named (`brief`), or stands here in full where `expand` asks for it."""

    def __init__(
        self,
        brief: type[serializers.Serializer[Any]],
        full: type[serializers.Serializer[Any]],
        *,
        expand: str,
        **options: Any,
    ) -> None:
        self.brief, self.full, self.expand = brief, full, expand
        super().__init__(**options)

    @functools.cached_property
    def chosen(self) -> serializers.Serializer[Any]:
        """What writes it for this request."""
        expanded = self.expand in (self.context.get("expand") or ())
        return (self.full if expanded else self.brief)(context=self.context)

    def to_representation(self, value: Any) -> Any:
        return self.chosen.to_representation(value)


class EitherInTheSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Either shape may stand there."""

    target_class = Either

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        shapes = (self.target.brief, self.target.full)
        return {"anyOf": [auto_schema.resolve_serializer(one, direction).ref for one in shapes]}


class Shaped(serializers.Serializer[Any]):
    """Leaves the fields in `expandable` out where `expand` does not ask for them."""

    expandable: ClassVar[Collection[str]] = ()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        expand = self.context.get("expand")
        left_out = set() if expand is None else set(self.expandable) - set(expand)
        return {name: field for name, field in fields.items() if name not in left_out}


def distinct(values: Iterable[str]) -> list[str]:
    """`values`, each once, in their order."""
    return list(dict.fromkeys(values))
