"""A page of commitments as JSON values, written by hand.

Why by hand: the serializers took more than half of the time of a page, model instances and
prefetching most of the rest; a list is what programs ask for most (`benchmarks/api.py`). The shape
is that of `serializers.commitments.CommitmentSerializer`, from which the schema comes, and a test
holds the two together: change both or neither.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from django.db import connections, router
from django.db.models.enums import TextChoices
from django.utils import translation
from orjson import loads

from commitments.api.addresses import route_path
from commitments.enums import Evidence, Status
from commitments.models import Commitment
from commitments.phrases import window_in_words
from commitments.schedule import schedule_on
from commitments.time_zones import day_at
from commitments.window import Hemisphere, Window

Row: TypeAlias = "dict[str, Any]"
Json: TypeAlias = "dict[str, Any]"
Grouped: TypeAlias = "defaultdict[int, list[Json]]"

COLUMNS: Final = (
    *("pk", "public_id", "title", "summary", "note", "language", "translations", "kind"),
    *("strength", "window", "hemisphere", "earliest", "latest", "wording", "status"),
    *("effective", "effective_earliest", "effective_latest", "evidence", "evidence_checked_on"),
    *("time_zone", "place", "revision", "created_at", "changed_at", "published_at"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """In which `language` rows are written, and the instant `now` that decides the schedule.

    The two settings are here because a page asks for them some hundred times.
    """

    language: str
    now: datetime
    site: str
    due_soon_days: int

    def text(self, translations: Mapping[str, Any], field: str, entered: str) -> str:
        """The text in the language, or as it was entered; as `TranslatedTexts.text_in`."""
        translated = translations.get(self.language)
        return (translated and translated.get(field)) or entered

    def address(self, route: str, key: str) -> str:
        """The address of a record, as `addresses.address`."""
        return self.site + route_path(route, key)

    def stored(self, translations: str, field: str, entered: str) -> str:
        """The same where the translations are JSON still; mostly there are none."""
        return entered if translations == "{}" else self.text(loads(translations), field, entered)


def commitment_rows(rows: Sequence[Row], shown: Shown, *, parts: Collection[str]) -> list[Json]:
    """`rows` (values of `COLUMNS`) as the list has them; one query for each relation in `parts`.

    `parts` are those of "topics", "parties", "citations" that are wanted.
    """
    keys = [row["pk"] for row in rows]
    related = {name: RELATED[name](keys, shown) for name in RELATED if name in parts}
    labels = _labels(Status, shown.language), _labels(Evidence, shown.language)
    return [_commitment(row, shown, labels, related) for row in rows]


@functools.lru_cache(maxsize=16)
def _labels(words: type[TextChoices], language: str) -> dict[str, str]:
    with translation.override(language):
        return {value: str(label) for value, label in words.choices}


def _commitment(
    row: Row,
    shown: Shown,
    labels: tuple[Mapping[str, str], Mapping[str, str]],
    related: Mapping[str, Mapping[int, list[Json]]],
) -> Json:
    statuses, evidences = labels
    return {
        "id": row["public_id"],
        "url": shown.address("commitment", row["public_id"]),
        "title": shown.text(row["translations"], "title", row["title"]),
        "summary": shown.text(row["translations"], "summary", row["summary"]),
        "note": row["note"],
        "language": row["language"],
        "translations": row["translations"],
        "kind": row["kind"],
        "strength": row["strength"],
        "window": window_json(row["window"], row["hemisphere"], shown.language),
        "wording": row["wording"],
        "status": {
            "value": row["status"],
            "label": statuses[row["status"]],
            "effective": _effective(row, shown.language),
        },
        "schedule": _schedule(row, shown),
        "evidence": {
            "level": row["evidence"],
            "label": evidences[row["evidence"]],
            "checked_on": row["evidence_checked_on"],
        },
        "place": row["place"],
        "time_zone": row["time_zone"],
        **{name: by_commitment.get(row["pk"], []) for name, by_commitment in related.items()},
        "revision": row["revision"],
        "created_at": row["created_at"],
        "changed_at": row["changed_at"],
        "published_at": row["published_at"],
    }


# The same few windows come again and again; what is kept is never changed by those who get it.
@functools.lru_cache(maxsize=8192)
def window_json(edtf: str, hemisphere: str, language: str) -> Json:
    """A window as `WindowSerializer` writes it."""
    window = Window.parse(edtf, hemisphere=Hemisphere(hemisphere))
    return {
        "edtf": window.text,
        "earliest": window.earliest,
        "latest": window.latest,
        "words": window_in_words(window, language),
    }


def _effective(row: Row, language: str) -> Json | None:
    if not row["effective"]:
        return None
    return window_json(row["effective"], Hemisphere.NORTH.value, language)


def _schedule(row: Row, shown: Shown) -> str:
    return schedule_on(
        status=Status(row["status"]),
        earliest=row["earliest"],
        latest=row["latest"],
        effective_earliest=row["effective_earliest"],
        effective_latest=row["effective_latest"],
        today=day_at(row["time_zone"], shown.now),
        due_soon_days=shown.due_soon_days,
    ).value


_TOPICS: Final = """
SELECT link.commitment_id, topic.key, topic.name, topic.translations
FROM commitments_commitment_topics link
JOIN commitments_topic topic ON topic.id = link.topic_id
WHERE link.commitment_id IN (keys) ORDER BY topic.key
"""
_PARTIES: Final = """
SELECT part.commitment_id, part.role, party.key, party.kind, party.name, party.translations
FROM commitments_involvement part
JOIN commitments_party party ON party.id = part.party_id
WHERE part.commitment_id IN (keys) ORDER BY part.role, part.id
"""
_CITATIONS: Final = """
SELECT cited.commitment_id, cited.role, cited.quote, cited.locator,
    source.public_id, source.title, source.translations, source.kind, source.date,
    source.publisher, source.url, source.archive_url,
    party.key, party.kind, party.name, party.translations
FROM commitments_citation cited
JOIN commitments_source source ON source.id = cited.source_id
LEFT JOIN commitments_party party ON party.id = cited.said_by_id
WHERE cited.commitment_id IN (keys) ORDER BY source.date, cited.id
"""


def _fetched(query: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows of one of the queries above: the ORM would take longer to write it than to run."""
    if not keys:
        return []
    places = ", ".join(["%s"] * len(keys))
    with connections[router.db_for_read(Commitment)].cursor() as cursor:
        cursor.execute(query.replace("(keys)", f"({places})"), keys)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _topics(keys: Sequence[int], shown: Shown) -> Grouped:
    found: Grouped = defaultdict(list)
    for commitment, key, entered, texts in _fetched(_TOPICS, keys):
        name = shown.stored(texts, "name", entered)
        found[commitment].append({"key": key, "url": shown.address("topic", key), "name": name})
    return found


def _parties(keys: Sequence[int], shown: Shown) -> Grouped:
    found: Grouped = defaultdict(list)
    for commitment, role, *party in _fetched(_PARTIES, keys):
        found[commitment].append({"role": role, "party": _party(shown, *party)})
    return found


def _party(shown: Shown, key: str, kind: str, name: str, texts: str) -> Json:
    return {
        "key": key,
        "url": shown.address("party", key),
        "kind": kind,
        "name": shown.stored(texts, "name", name),
    }


def _citations(keys: Sequence[int], shown: Shown) -> Grouped:
    found: Grouped = defaultdict(list)
    for commitment, role, quote, locator, *joined in _fetched(_CITATIONS, keys):
        said_by = joined[8:]
        found[commitment].append(
            {
                "role": role,
                "source": _source(shown, *joined[:8]),
                "quote": quote,
                "locator": locator,
                "said_by": _party(shown, *said_by) if said_by[0] else None,
            }
        )
    return found


def _source(  # a row
    shown: Shown,
    public_id: str,
    title: str,
    texts: str,
    kind: str,
    day: date,
    publisher: str,
    url: str,
    archive_url: str,
) -> Json:
    return {
        "id": public_id,
        "url": shown.address("source", public_id),
        "title": shown.stored(texts, "title", title),
        "kind": kind,
        "date": day,
        "publisher": publisher,
        "web_url": url,
        "archive_url": archive_url,
    }


RELATED: Final = {"topics": _topics, "parties": _parties, "citations": _citations}
