"""Entries to write calendars of: one full of everything, changed as a test needs it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from commitments.window import Window
from timeline.entries import Entry, EntryCitation, EntryMove, EntryParty, EntryTopic

CREATED_AT = datetime(2024, 11, 27, 12, 0, 0, tzinfo=UTC)
CHANGED_AT = datetime(2025, 3, 1, 9, 30, 15, 999999, tzinfo=UTC)

CITATION = EntryCitation(
    source_public_id="s2345678",
    source_title="Statements for the media",
    source_date=date(2024, 11, 27),
    source_kind_label="transcript",
    source_url="https://example.org/statements",
    role="announces",
    role_label="announces",
    quote="We will open the Alley in the spring of 2025.",
    locator="paragraph 22",
    said_by="Kassym-Jomart Tokayev",
)

MOVE = EntryMove(
    recorded_at=datetime(2025, 3, 1, 9, 30, tzinfo=UTC),
    kind="slipped",
    kind_label="slipped",
    from_words="2024",
    to_words="spring 2025",
    slip_days=151,
    reason="Works are late.",
)


def make_entry(*, window: str = "2025-21", **changes: Any) -> Entry:
    """The opening of the Alley in spring 2025, with `changes` of its fields."""
    fields: dict[str, Any] = {
        "public_id": "b2345678",
        "language": "en",
        "title": "Opening of the Alley",
        "summary": "A walk with trees in the middle of Astana.",
        "kind": "milestone",
        "kind_label": "milestone",
        "strength": "promise",
        "strength_label": "promise",
        "window": Window.parse(window),
        "window_words": "spring 2025",
        "wording": "spring of 2025",
        "time_zone": "Asia/Almaty",
        "status": "announced",
        "status_label": "announced",
        "schedule": "upcoming",
        "schedule_label": "upcoming",
        "evidence": "none",
        "evidence_label": "none found",
        "evidence_checked_on": date(2025, 2, 20),
        "note": "",
        "place": "Astana",
        "revision": 3,
        "created_at": CREATED_AT,
        "changed_at": CHANGED_AT,
        "topics": (EntryTopic("culture", "culture"), EntryTopic("memory", "memory")),
        "parties": (EntryParty("kz", "Kazakhstan", "country", "promised_by", "promised by"),),
        "citations": (CITATION,),
        "moves": (MOVE,),
    }
    fields |= changes
    fields.setdefault("url", f"https://example.org/c/{fields['public_id']}/")
    return Entry(**fields)


def make_plain_entry(
    title: str, *, number: int = 0, window: str = "2025-05-09", **changes: Any
) -> Entry:
    """One day with nothing but `title`, so that SUMMARY is the title itself."""
    bare = {"summary": "", "wording": "", "note": "", "place": "", "topics": (), "parties": ()}
    bare |= {"citations": (), "moves": (), "public_id": f"p{number:07}", "window_words": ""}
    return make_entry(window=window, title=title, **{**bare, **changes})
