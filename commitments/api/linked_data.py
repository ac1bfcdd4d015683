"""A commitment in the words of schema.org, as JSON-LD 1.1, made from what the detail shows.

Every commitment is a `Claim`: it was said, by somebody, in a source. One with a verdict has a
`ClaimReview` as well. An `Event` is an event whose day, month or year is known, for a date of
schema.org is one of ISO 8601 and can be as vague as that, but no vaguer; nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from commitments.enums import FINAL_STATUSES, Kind, PartyKind, PartyRole, Status

CONTEXT: Final = "https://schema.org"
_PUBLISHER: Final = "Commitments"

_TYPES: Final = {PartyKind.PERSON: "Person", PartyKind.ORGANISATION: "Organization"}
_GOVERNMENT: Final = "GovernmentOrganization"  # a country or region that says something
# The other verdicts are no points on a scale: they have their word only.
_RATINGS: Final = {Status.DELIVERED: 3, Status.PARTLY_DELIVERED: 2, Status.NOT_DELIVERED: 1}
_ISO_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")

Json = dict[str, Any]


def linked_data(shown: Mapping[str, Any]) -> Json:
    """The graph of one commitment; `shown` is its detail (`CommitmentDetailSerializer`)."""
    graph = [_claim(shown)]
    if shown["status"]["value"] in FINAL_STATUSES:
        graph.append(_review(shown))
    if shown["kind"] == Kind.EVENT and _date(shown["window"]):
        graph.append(_event(shown))
    return {"@context": CONTEXT, "@graph": graph}


def _claim(shown: Mapping[str, Any]) -> Json:
    return _filled(
        {
            "@type": "Claim",
            "@id": f"{shown['url']}#claim",
            "url": shown["url"],
            "identifier": shown["id"],
            "name": shown["title"],
            "abstract": shown["summary"],
            "author": _promising(shown),
            "appearance": [_work(citation) for citation in shown["citations"]],
            "temporalCoverage": _span(shown["window"]),
            "about": [topic["name"] for topic in shown["topics"]],
            "datePublished": shown["published_at"],
            "dateModified": shown["changed_at"],
        }
    )


def _review(shown: Mapping[str, Any]) -> Json:
    status = shown["status"]
    rating: Json = {"@type": "Rating", "alternateName": status["label"]}
    if status["value"] in _RATINGS:
        value = _RATINGS[Status(status["value"])]
        rating |= {"ratingValue": value, "bestRating": 3, "worstRating": 1}
    verdicts = [
        one["recorded_at"] for one in shown["status_changes"] if one["to_status"] == status["value"]
    ]
    return _filled(
        {
            "@type": "ClaimReview",
            "@id": f"{shown['url']}#review",
            "url": shown["url"],
            "claimReviewed": shown["title"],
            "itemReviewed": {"@id": f"{shown['url']}#claim"},
            "reviewRating": rating,
            "datePublished": verdicts[-1] if verdicts else None,
            "author": {
                "@type": "Organization",
                "name": _PUBLISHER,
                "url": f"{settings.SITE_URL}/",
            },
        }
    )


def _event(shown: Mapping[str, Any]) -> Json:
    moves = [one for one in shown["date_moves"] if one["kind"] != "corrected"]
    withdrawn = shown["status"]["value"] == Status.WITHDRAWN
    state = "EventCancelled" if withdrawn else "EventRescheduled" if moves else "EventScheduled"
    place = {"@type": "Place", "name": shown["place"]} if shown["place"] else None
    return _filled(
        {
            "@type": "Event",
            "@id": f"{shown['url']}#event",
            "url": shown["url"],
            "name": shown["title"],
            "description": shown["summary"],
            "startDate": _date(shown["window"]),
            "previousStartDate": _date(moves[-1]["from_window"]) if moves else None,
            "eventStatus": f"{CONTEXT}/{state}",
            "location": place,
            "organizer": _promising(shown),
        }
    )


def _promising(shown: Mapping[str, Any]) -> list[Json]:
    return [
        {
            "@type": _TYPES.get(one["party"]["kind"], _GOVERNMENT),
            "@id": one["party"]["url"],
            "name": one["party"]["name"],
        }
        for one in shown["parties"]
        if one["role"] == PartyRole.PROMISED_BY
    ]


def _work(citation: Mapping[str, Any]) -> Json:
    source = citation["source"]
    return _filled(
        {
            "@type": "CreativeWork",
            "@id": source["url"],
            "name": source["title"],
            "datePublished": source["date"],
            "url": source["web_url"],
            "archivedAt": source["archive_url"],
            "publisher": {"@type": "Organization", "name": source["publisher"]}
            if source["publisher"]
            else None,
            "text": citation["quote"],
        }
    )


def _span(window: Mapping[str, Any]) -> str | None:
    """The first and the last possible day; ".." where a side is open, as schema.org has it."""
    if window["earliest"] is None and window["latest"] is None:
        return None
    return f"{window['earliest'] or '..'}/{window['latest'] or '..'}"


def _date(window: Mapping[str, Any]) -> str | None:
    """The window as a date of ISO 8601 (day, month or year), where it is one."""
    edtf = window["edtf"]
    return edtf if _ISO_DATE.fullmatch(edtf) else None


def _filled(thing: Json) -> Json:
    """Without what is empty."""
    return {name: value for name, value in thing.items() if value not in (None, "", [])}
