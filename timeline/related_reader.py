"""The relations of many commitments at once: topics, parties and citations as plain rows.

Thousands of commitments name the same few parties, topics and sources. A model instance for each
time would be more than half of the work of reading a feed; a plain row costs a tenth of it. Nor is
it a prefetch, which makes a queryset for each commitment and relation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from commitments.models import Citation, Commitment, DateMove, Involvement, StatusChange

_TOPIC: Final = ("topic__key", "topic__name", "topic__translations")
_PARTY: Final = ("party__key", "party__name", "party__translations", "party__kind")
_SAID_BY: Final = ("said_by__key", "said_by__name", "said_by__translations")
_SOURCE: Final = tuple(
    f"source__{name}"
    for name in (
        "public_id",
        "title",
        "translations",
        "date",
        "kind",
        "url",
        "archive_url",
        "language",
    )
)


class NamedRow(NamedTuple):
    """A topic or a party, with what `Topic` and `Party` have under the same names."""

    key: str
    name: str
    translations: dict[str, dict[str, str]]
    kind: str = ""

    def text_in(self, language: str, field: str) -> str:
        """As `TranslatedTexts.text_in`."""
        return _text_in(self, language, field)


class SourceRow(NamedTuple):
    """As `Source`."""

    public_id: str
    title: str
    translations: dict[str, dict[str, str]]
    date: date
    kind: str
    url: str
    archive_url: str
    language: str

    def text_in(self, language: str, field: str) -> str:
        """As `TranslatedTexts.text_in`."""
        return _text_in(self, language, field)


class InvolvementRow(NamedTuple):
    """As `Involvement`."""

    role: str
    party: NamedRow


class CitationRow(NamedTuple):
    """As `Citation`."""

    role: str
    quote: str
    locator: str
    source: SourceRow
    said_by: NamedRow | None


def add_related(rows: Sequence[Commitment]) -> None:
    """Give each of `rows` its relations, in their order, as `<relation>_read`; five queries."""
    keys = [row.pk for row in rows]
    if not keys:
        return
    related: dict[str, Mapping[int, list[Any]]] = {
        "topics": _topics(keys),
        "involvements": _parties(keys),
        "citations": _cited(keys),
        "date_moves": _history(DateMove.objects.filter(commitment__in=keys)),
        "status_changes": _history(StatusChange.objects.filter(commitment__in=keys)),
    }
    for row in rows:
        vars(row).update({f"{name}_read": found[row.pk] for name, found in related.items()})


def _topics(keys: list[int]) -> dict[int, list[NamedRow]]:
    links = Commitment.topics.through.objects.filter(commitment__in=keys).order_by("topic__key")
    return _grouped(
        (key, NamedRow(*topic)) for key, *topic in links.values_list("commitment_id", *_TOPIC)
    )


def _parties(keys: list[int]) -> dict[int, list[InvolvementRow]]:
    rows = Involvement.objects.filter(commitment__in=keys)
    return _grouped(
        (key, InvolvementRow(role, NamedRow(*party)))
        for key, role, *party in rows.values_list("commitment_id", "role", *_PARTY)
    )


def _cited(keys: list[int]) -> dict[int, list[CitationRow]]:
    rows = Citation.objects.filter(commitment__in=keys).order_by("source__date", "pk")
    names = ("commitment_id", "role", "quote", "locator", *_SOURCE, *_SAID_BY)
    return _grouped((row[0], _citation(row[1:])) for row in rows.values_list(*names))


def _citation(values: tuple[Any, ...]) -> CitationRow:
    role, quote, locator, *named = values
    source, speaker = named[: len(_SOURCE)], named[len(_SOURCE) :]
    said_by = None if speaker[0] is None else NamedRow(*speaker)
    return CitationRow(role, quote, locator, SourceRow(*source), said_by)


def _history(
    rows: QuerySet[DateMove] | QuerySet[StatusChange],
) -> dict[int, list[DateMove | StatusChange]]:
    return _grouped((row.commitment_id, row) for row in rows.order_by("pk"))


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return found


def _text_in(row: NamedRow | SourceRow, language: str, field: str) -> str:
    translated = row.translations.get(language, {}).get(field, "")
    return translated or str(getattr(row, field))
