"""The site of `benchmarks/api.py`: the project's own addresses, and beside them what it is held to.

`/raw/` is the page of 50 by psycopg and orjson alone, `/nothing/` a view that does nothing.
"""

from __future__ import annotations

import functools
import os
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import orjson
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

application = get_wsgi_application()
settings.ROOT_URLCONF = __name__

from commitments.enums import Evidence, Status
from commitments.phrases import window_in_words
from commitments.schedule import schedule_on
from commitments.time_zones import day_at
from commitments.window import Window
from config.urls import urlpatterns as site_patterns

SITE = settings.SITE_URL
API = f"{SITE}/api/v1"
STATUS = {value: str(label) for value, label in Status.choices}
EVIDENCE = {value: str(label) for value, label in Evidence.choices}

ROWS = """
SELECT * FROM commitments_commitment
WHERE publication = 'published' ORDER BY last_day, public_id LIMIT 51
"""
TOPICS = """
SELECT link.commitment_id, topic.key, topic.name
FROM commitments_commitment_topics link JOIN commitments_topic topic ON topic.id = link.topic_id
WHERE link.commitment_id = ANY(%s) ORDER BY topic.key
"""
PARTIES = """
SELECT part.commitment_id, part.role, party.key, party.kind, party.name
FROM commitments_involvement part JOIN commitments_party party ON party.id = part.party_id
WHERE part.commitment_id = ANY(%s) ORDER BY part.role, part.id
"""
CITATIONS = """
SELECT cited.commitment_id, cited.role, cited.quote, cited.locator, source.public_id,
    source.title, source.kind, source.date, source.publisher, source.url, source.archive_url,
    party.key AS said_by_key, party.kind AS said_by_kind, party.name AS said_by_name
FROM commitments_citation cited
JOIN commitments_source source ON source.id = cited.source_id
LEFT JOIN commitments_party party ON party.id = cited.said_by_id
WHERE cited.commitment_id = ANY(%s) ORDER BY source.date, cited.id
"""


@functools.cache
def pool() -> ConnectionPool[Connection[dict[str, Any]]]:
    """Connections of the raw view, one pool in each process."""
    return ConnectionPool(
        os.environ["DATABASE_URL"],
        min_size=1,
        max_size=8,
        open=True,
        kwargs={"row_factory": dict_row, "autocommit": True},
        connection_class=Connection[dict[str, Any]],
    )


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


def raw(_request: HttpRequest) -> HttpResponse:
    """The first page of 50 of the list, as fast as one writes it who needs nothing else."""
    now = datetime.now(UTC)
    with pool().connection() as connection:
        rows = connection.execute(ROWS).fetchall()
        is_more, rows = len(rows) > 50, rows[:50]
        keys = [row["id"] for row in rows]
        topics, parties, citations = (
            grouped(connection.execute(query, [keys]).fetchall())
            for query in (TOPICS, PARTIES, CITATIONS)
        )
    results = [
        commitment(
            row, now, topics.get(row["id"], ()), parties.get(row["id"], ()), citations[row["id"]]
        )
        for row in rows
    ]
    body = {"results": results, "next": API if is_more else None, "previous": None}
    return HttpResponse(
        orjson.dumps(body, option=orjson.OPT_UTC_Z), content_type="application/json"
    )


def grouped(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in rows:
        found[row["commitment_id"]].append(row)
    return found


@functools.lru_cache(maxsize=8192)
def window(edtf: str) -> dict[str, Any]:
    value = Window.parse(edtf)
    return {
        "edtf": edtf,
        "earliest": value.earliest,
        "latest": value.latest,
        "words": window_in_words(value, "en"),
    }


def commitment(
    row: dict[str, Any], now: datetime, topics: Any, parties: Any, citations: Any
) -> dict[str, Any]:
    schedule = schedule_on(
        status=Status(row["status"]),
        earliest=row["earliest"],
        latest=row["latest"],
        effective_earliest=row["effective_earliest"],
        effective_latest=row["effective_latest"],
        today=day_at(row["time_zone"], now),
        due_soon_days=settings.DUE_SOON_DAYS,
    )
    return {
        "id": row["public_id"],
        "url": f"{API}/commitments/{row['public_id']}/",
        "title": row["title"],
        "summary": row["summary"],
        "note": row["note"],
        "language": row["language"],
        "translations": row["translations"],
        "kind": row["kind"],
        "strength": row["strength"],
        "window": window(row["window"]),
        "wording": row["wording"],
        "status": {
            "value": row["status"],
            "label": STATUS[row["status"]],
            "effective": window(row["effective"]) if row["effective"] else None,
        },
        "schedule": schedule,
        "evidence": {
            "level": row["evidence"],
            "label": EVIDENCE[row["evidence"]],
            "checked_on": row["evidence_checked_on"],
        },
        "place": row["place"],
        "time_zone": row["time_zone"],
        "topics": [
            {"key": one["key"], "url": f"{API}/topics/{one['key']}/", "name": one["name"]}
            for one in topics
        ],
        "parties": [{"role": one["role"], "party": party(one)} for one in parties],
        "citations": [
            {
                "role": one["role"],
                "source": {
                    "id": one["public_id"],
                    "url": f"{API}/sources/{one['public_id']}/",
                    "title": one["title"],
                    "kind": one["kind"],
                    "date": one["date"],
                    "publisher": one["publisher"],
                    "web_url": one["url"],
                    "archive_url": one["archive_url"],
                },
                "quote": one["quote"],
                "locator": one["locator"],
                "said_by": party(one, "said_by_") if one["said_by_key"] else None,
            }
            for one in citations
        ],
        "revision": row["revision"],
        "created_at": row["created_at"],
        "changed_at": row["changed_at"],
        "published_at": row["published_at"],
    }


def party(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    key = row[f"{prefix}key"]
    return {
        "key": key,
        "url": f"{API}/parties/{key}/",
        "kind": row[f"{prefix}kind"],
        "name": row[f"{prefix}name"],
    }


urlpatterns = [path("nothing/", nothing), path("raw/", raw), *site_patterns]
