"""One frozen shape of a commitment that page, feed and mail share.

An `Entry` is what an outlet may show to a reader in one language on one day. It is made by
`timeline/record_reader.py` only, so that no outlet ever touches the record's models.
Days are `datetime.date`; instants are aware `datetime` in UTC; texts are in `language`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from commitments.window import Window


@dataclass(frozen=True, slots=True)
class EntryParty:
    """A party as it stands beside a commitment: `role` is a `commitments.enums.PartyRole`."""

    key: str
    name: str
    kind: str
    role: str
    role_label: str


@dataclass(frozen=True, slots=True)
class EntryTopic:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class EntryCitation:
    """A source for a commitment: what was said, where in the source, and by whom."""

    source_public_id: str
    source_title: str
    source_date: date
    source_kind_label: str
    source_url: str
    role: str
    role_label: str
    quote: str
    locator: str
    said_by: str
    source_language: str = ""
    source_archive_url: str = ""
    said_by_key: str = ""


@dataclass(frozen=True, slots=True)
class EntryMove:
    """A date move, in words: from what to what, when it was recorded, and its type."""

    recorded_at: datetime
    kind: str
    kind_label: str
    from_words: str
    to_words: str
    slip_days: int | None
    reason: str
    revision: int = 0
    from_window: Window = field(default_factory=lambda: Window.parse(""))


@dataclass(frozen=True, slots=True)
class EntryStatusChange:
    """A move of the status: `effective_words` is when it came about, "" where not said.

    `by_two` tells that a second person agreed; names of the desk are not shown in public.
    """

    recorded_at: datetime
    from_status: str
    from_label: str
    to_status: str
    to_label: str
    effective_words: str
    reason: str
    reason_label: str
    missing: str
    by_two: bool
    revision: int = 0


@dataclass(frozen=True, slots=True)
class EntryTarget:
    """What is measured; numbers as plain text without exponent, "" where not given."""

    measure: str
    unit: str
    baseline: str
    baseline_period: str
    goal: str
    comparison_label: str
    baseline_window: Window = field(default_factory=lambda: Window.parse(""))


@dataclass(frozen=True, slots=True)
class EntryLink:
    """Another published commitment that this one points to: part of, replaced by, same as."""

    relation: str
    relation_label: str
    public_id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published commitment, or the tombstone of one that was retracted or deleted.

    A tombstone carries no text of the record: `title`, `summary`, `note`, `wording`, `place` are ""
    and the tuples are empty; only id, window, revision and instants remain.
    `url` is the absolute address of its page.
    `changed_at` is the instant of the last visible change, `revision` rises with each.
    `title_language` is that of the title (a translation may be missing), `text_language` that of
    the record as it was entered, and so of `wording`.
    `effective_words` is since when the status stands, "" where that was not said.
    """

    public_id: str
    language: str
    title: str
    summary: str
    kind: str
    kind_label: str
    strength: str
    strength_label: str
    window: Window
    window_words: str
    wording: str
    time_zone: str
    status: str
    status_label: str
    schedule: str
    schedule_label: str
    evidence: str
    evidence_label: str
    evidence_checked_on: date | None
    note: str
    place: str
    url: str
    revision: int
    created_at: datetime
    changed_at: datetime
    topics: tuple[EntryTopic, ...] = ()
    parties: tuple[EntryParty, ...] = ()
    citations: tuple[EntryCitation, ...] = ()
    moves: tuple[EntryMove, ...] = ()
    status_changes: tuple[EntryStatusChange, ...] = ()
    links: tuple[EntryLink, ...] = ()
    target: EntryTarget | None = None
    is_tombstone: bool = False
    title_language: str = ""
    text_language: str = ""
    effective_words: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether it has a first or a last possible day, so that a calendar can show it."""
        return self.window.earliest is not None or self.window.latest is not None
