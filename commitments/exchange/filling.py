"""The cells of a row put into an unsaved or found record, and the checks of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from commitments.exchange.columns import (
    COLUMNS,
    COMMITMENT,
    PARTY,
    SOURCE,
    TOPIC,
    translation_of,
)
from commitments.exchange.entries import Entry, Problem
from commitments.models import Commitment, Party, Source, Topic
from commitments.public_ids import new_public_id

MODEL_OF: Final[Mapping[str, type[models.Model]]] = {
    COMMITMENT: Commitment,
    SOURCE: Source,
    PARTY: Party,
    TOPIC: Topic,
}
# Columns that are plain fields of the record itself; the others are parts or references.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: tuple(
        name
        for name in COLUMNS[COMMITMENT][1 : COLUMNS[COMMITMENT].index("topics")]
        if name != "window"
    ),
    SOURCE: COLUMNS[SOURCE][1:],
    PARTY: ("key", "kind", "name", "office", "country_code"),
    TOPIC: ("key", "name"),
}


def filled(entry: Entry, *, time_zone: str) -> Any:
    """The found record, or a new one, with the fields that the row gives; nothing is saved."""
    record = entry.row.record
    instance: Any = entry.found or _new(entry, time_zone)
    for name, value in entry.given(*FIELDS[record]).items():
        setattr(instance, name, value)
    instance.translations = translations(entry, instance.translations)
    return instance


def _new(entry: Entry, time_zone: str) -> Any:
    instance: Any = MODEL_OF[entry.row.record]()
    if hasattr(instance, "public_id"):
        instance.public_id = entry.values.get("id") or new_public_id()
    if isinstance(instance, Commitment):
        instance.time_zone = time_zone
    return instance


def translations(
    entry: Entry, before: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """The translations with those that the row gives; an empty cell takes one away."""
    texts = {language: dict(given) for language, given in before.items()}
    for column, text in entry.values.items():
        if (place := translation_of(column)) is None:
            continue
        name, language = place
        texts.setdefault(language, {}).pop(name, None)
        if text:
            texts[language][name] = text
    return {language: given for language, given in texts.items() if given}


def field_problems(instance: models.Model, names: tuple[str, ...]) -> Iterator[Problem]:
    """What the fields `names` of `instance` may not hold, each with the sentence of its field."""
    fields = instance._meta.concrete_fields  # noqa: SLF001  # Django's documented name
    for field in fields:
        if field.name not in names:
            continue
        value = field.value_from_object(instance)
        longest = field.max_length if isinstance(field, models.TextField) else None
        if longest and len(str(value)) > longest:
            sentence = _("Shorten this to %(longest)d characters; it has %(length)d.")
            details = {"longest": longest, "length": len(str(value))}
            yield Problem(field.name, sentence % details)
        try:
            if not (field.blank and value in field.empty_values):
                field.clean(value, instance)
        except ValidationError as error:
            yield Problem(field.name, " ".join(error.messages))
