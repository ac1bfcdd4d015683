"""A body for each write, for people who read the OpenAPI document; a test reads them all."""

from __future__ import annotations

from typing import Any, Final

_REASON: Final = {"reason": "Entered twice."}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "create": {
        "title": "The 20th forum",
        "kind": "event",
        "window": "spring 2026",
        "wording": "next spring",
        "parties": [{"party": "kz", "role": "promised_by"}],
        "topics": ["regions"],
        "citations": [{"source": "talks-2024", "quote": "The forum will be held next spring."}],
    },
    "correct": {"place": "Uralsk", "time_zone": "Asia/Oral", "reason": "The place was missing."},
    "move_date": {
        "window": {"text": "next year", "language": "en", "said_on": "2026-11-20"},
        "wording": "next year",
        "new_citations": [{"source": "report-2026", "role": "moves"}],
    },
    "change_status": {
        "to_status": "delivered",
        "effective": "2026-11-20",
        "new_citations": [{"source": "report-2026", "role": "reports"}],
    },
    "reject": {"reason": "The report tells of another forum."},
    "cite": {"source": "talks-2024", "role": "confirms", "locator": "paragraph 47"},
    "correct_citation": {"locator": "paragraph 48"},
    "note_evidence_check": {"day": "2026-11-24"},
    "set_target": {
        "measure": "mutual trade",
        "unit": "USD",
        "goal": "30000000000",
        "comparison": "more_than",
    },
    "report_value": {"value": "28400000000", "period": "2025", "source": "report-2026"},
    "remove_target": {"reason": "It promises no figure."},
    "return_to_draft": {"reason": "The source is missing."},
    "retract": _REASON,
    "merge": {"into": "4kxq7zbn", **_REASON},
    "split": {
        "parts": [
            {"title": "The forum opens", "window": "2026-05"},
            {"title": "The forum ends", "window": "2026-06"},
        ],
        "reason": "Two days were promised.",
    },
    "add_occurrences": {"rule": "FREQ=YEARLY", "first": "2026-01-01", "last": "2028-12-31"},
    "anchor_date": {
        "source": "talks-2024",
        "amount": 40,
        "unit": "day",
        "wording": "within 40 days of the talks",
    },
    "create_party": {"key": "kz", "kind": "country", "name": "Kazakhstan", "country_code": "KZ"},
    "correct_party": {"translations": {"kk": {"name": "Қазақстан"}}},
    "create_topic": {"key": "regions", "name": "Regions"},
    "correct_topic": {"translations": {"ru": {"name": "Регионы"}}},
    "create_source": {
        "key": "talks-2024",
        "title": "Talks in Astana",
        "kind": "transcript",
        "date": "2024-11-27",
        "language": "ru",
    },
    "correct_source": {"archive_url": "https://archive.example.org/talks"},
    "batch": {
        "mode": "all",
        "operations": [
            {
                "operation": "create",
                "data": {"title": "The 21st forum", "kind": "event", "window": "2027"},
            },
            {"operation": "submit", "on_row": 0},
        ],
    },
}
