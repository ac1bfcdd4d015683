"""What a page says about entries in a list: its parts, and where each entry stands.

Pure functions over `Entry`; no clock and no database. Texts are made in the active language.
"Overdue" is worded as what it is: the last possible day has passed, and that is no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.enums import (
    DELIVERED_STATUSES,
    FINAL_STATUSES,
    CitationRole,
    DateMoveKind,
    PartyRole,
    Schedule,
)
from commitments.phrases import window_in_words
from commitments.time_zones import day_at
from commitments.window import Window
from timeline.dates_in_words import (
    as_spoken,
    day_after_since,
    day_in_words,
    distance_in_words,
    duration_in_words,
)
from timeline.entries import Entry
from timeline.layout.bars import chain_of_moves
from timeline.layout.placing import BARE, Sheet, Span, Statement, lay_out
from timeline.layout.sheet import Move
from timeline.list_reader import Standing

_PARTS: Final = (
    (
        "overdue",
        pgettext_lazy("heading of a list", "Overdue"),
        gettext_lazy("Their last possible day has passed, and no verdict has been given."),
        (Schedule.OVERDUE,),
    ),
    (
        "open",
        pgettext_lazy("heading of a list", "Open now"),
        gettext_lazy("Their time is running. What is due soon comes first."),
        (Schedule.DUE_SOON, Schedule.OPEN),
    ),
    (
        "coming",
        pgettext_lazy("heading of a list", "Coming"),
        gettext_lazy("Their first possible day lies ahead."),
        (Schedule.UPCOMING,),
    ),
    (
        "undated",
        pgettext_lazy("heading of a list", "Undated"),
        gettext_lazy("Said in public, but for no stated time."),
        (Schedule.UNDATED,),
    ),
    (
        "finished",
        pgettext_lazy("heading of a list", "Finished"),
        gettext_lazy("Judged: delivered or not, withdrawn, replaced. The latest comes first."),
        (Schedule.EARLY, Schedule.ON_TIME, Schedule.LATE, Schedule.CLOSED),
    ),
)


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in a list. `look` names its mark and colour, `word` says the same in a word.

    `sentence` is where it stands, `detail` how far away that is or on what evidence ("" without);
    `who` names those who said it.
    """

    entry: Entry
    look: str
    word: str
    sentence: str
    detail: str
    who: str

    @property
    def status_beside(self) -> str:
        """The status where `sentence` says only how it stands in time, else ""."""
        is_said = self.look == self.entry.status or self.look == Schedule.UNDATED
        return "" if is_said else self.entry.status_label


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `key` is its anchor, `about` says what is in it.

    `count` is how many there are on all pages, of which `cards` are on this one.
    """

    key: str
    title: str
    about: str
    cards: tuple[Card, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand in a part of the list; `schedules` are what it is made of."""

    key: str
    title: str
    count: int
    schedules: tuple[str, ...]


def sections(
    entries: Iterable[Entry],
    *,
    now: datetime,
    counts: Mapping[str, int],
    in_given_order: bool,
) -> tuple[Section, ...]:
    """The parts that have entries on this page: overdue, open now, coming, undated, finished.

    `counts` are by schedule, over all pages. In a given order there is one part with everything.
    """
    cards = [card(entry, now=now) for entry in entries]
    if in_given_order:
        total = sum(counts.values())
        whole = Section("all", _("In the chosen order"), "", tuple(cards), total)
        return (whole,) if cards else ()
    found = []
    for key, title, about, schedules in _PARTS:
        here = tuple(one for one in cards if one.entry.schedule in schedules)
        if here:
            found.append(Section(key, str(title), str(about), here, _sum(counts, schedules)))
    return tuple(found)


def tally(counts: Mapping[str, int]) -> tuple[Tally, ...]:
    """How many stand in each part, over all pages; `counts` are by schedule."""
    return tuple(
        Tally(key, str(title), _sum(counts, schedules), tuple(schedules))
        for key, title, _about, schedules in _PARTS
    )


def _sum(counts: Mapping[str, int], schedules: Iterable[str]) -> int:
    return sum(counts.get(one, 0) for one in schedules)


def card(entry: Entry, *, now: datetime) -> Card:
    """The entry as a list shows it; days are counted from the one at its own place."""
    sentence, detail = _standing(entry, day_at(entry.time_zone, now))
    return Card(entry, look_of(entry), word_for(entry), sentence, detail, _who_said_it(entry))


def _who_said_it(entry: Entry) -> str:
    """The speaker of the announcing source; without one, the parties that promised it."""
    speakers = [
        citation.said_by
        for citation in sorted(entry.citations, key=lambda c: c.role != CitationRole.ANNOUNCES)
        if citation.said_by
    ]
    promisers = [party.name for party in entry.parties if party.role == PartyRole.PROMISED_BY]
    return speakers[0] if speakers else ", ".join(promisers)


def look_of(entry: Entry) -> str:
    """The name of its mark and colour: the verdict, or where it stands in time without one."""
    return entry.status if entry.status in FINAL_STATUSES else entry.schedule


def word_for(entry: Entry) -> str:
    """The one word that goes with the mark, so that no verdict is told by colour alone."""
    return entry.status_label if entry.status in FINAL_STATUSES else entry.schedule_label


def overdue_since(entry: Entry) -> date | None:
    """The day after the last possible one, for what is overdue; else None."""
    if entry.schedule != Schedule.OVERDUE or entry.window.latest is None:
        return None
    return entry.window.latest + timedelta(days=1)


def _standing(entry: Entry, today: date) -> tuple[str, str]:
    """Where an entry stands in time, and how far away that is."""
    since = overdue_since(entry)
    if since is not None:
        # Translators: in Kazakh the day stands in the ablative: 2026 жылғы 1 қаңтардан.
        sentence = _("Overdue since %(day)s") % {"day": day_after_since(since, entry.language)}
        sentence = as_spoken(sentence, entry.language)
        return sentence, duration_in_words(max((today - since).days + 1, 1))
    if entry.status in FINAL_STATUSES:
        return _verdict(entry), _("evidence: %(level)s") % {"level": entry.evidence_label}
    if entry.schedule == Schedule.UNDATED:
        return capitalised(entry.status_label), ""
    if entry.schedule == Schedule.UPCOMING and entry.window.earliest is not None:
        day = entry.window.earliest
        sentence = _("First possible day: %(day)s")
    elif entry.window.latest is not None:
        day = entry.window.latest
        sentence = _("Last possible day: %(day)s")
    else:
        return _("Under way, with no last day"), ""
    return sentence % {"day": day_in_words(day, entry.language)}, distance_in_words(today, day)


def _verdict(entry: Entry) -> str:
    """The verdict with what is known of its time: "delivered, August 2024, on time"."""
    parts = [entry.status_label]
    last = entry.status_changes[-1].effective_words if entry.status_changes else ""
    # An earlier day keeps it with the changes only, a list of today with the commitment only.
    if last or entry.effective_words:
        parts.append(last or entry.effective_words)
    if entry.status in DELIVERED_STATUSES and entry.schedule != Schedule.CLOSED:
        parts.append(entry.schedule_label)
    return capitalised(", ".join(parts))


def span(card: Card) -> Span:
    """What the picture draws of a card."""
    entry = card.entry
    return Span(
        public_id=entry.public_id,
        title=entry.title,
        word=card.word,
        look=card.look,
        window=entry.window,
        waits=entry.schedule == Schedule.OVERDUE,
    )


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One commitment in time: its window, those that were named before, and who said it when."""

    sheet: Sheet
    moves: tuple[Move, ...]

    @property
    def has_years(self) -> bool:
        """Whether years begin on it: then a phone names these alone."""
        return sum(1 for period in self.sheet.axis.periods if period.begins) > 1

    @property
    def top(self) -> int:
        """Where the window stands, in pixels; what was said stands above it."""
        return 62 if self.sheet.said else 40

    @property
    def rows(self) -> tuple[tuple[int, Move], ...]:
        """Each earlier window with its place below, the first one lowest."""
        below = self.top + 18
        return tuple((below + 15 * row, move) for row, move in enumerate(reversed(self.moves)))

    @property
    def height(self) -> int:
        """In pixels."""
        return self.top + 22 + 15 * len(self.moves)


def story_line(card: Card, *, today: date) -> StoryLine | None:
    """The line of time of one commitment; None where it has no date."""
    entry = card.entry
    earlier = [
        move.from_window
        for move in entry.moves
        if move.kind != DateMoveKind.CORRECTED and not move.from_window.is_undated
    ]
    said = [
        Statement(one.source_public_id, one.source_title, one.source_date)
        for one in entry.citations
    ]
    sheet = lay_out(
        [span(card)],
        today=today,
        language=entry.language,
        form=BARE,
        statements=said,
        also=[*earlier, *(Window.of_day(one.day) for one in said)],
    )
    if sheet is None:
        return None
    return StoryLine(sheet, chain_of_moves([*earlier, entry.window], sheet.axis))


def spans(standings: Iterable[Standing]) -> list[Span]:
    """What the picture draws of a whole list."""
    words = {one.value: str(one.label) for one in [*Schedule, *FINAL_STATUSES]}
    found = []
    for one in standings:
        look = one.status if one.status in FINAL_STATUSES else one.schedule
        waits = one.schedule == Schedule.OVERDUE
        found.append(Span(one.public_id, one.title, words[look], look, one.window, waits))
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a programme in a line: when, and where it stands."""

    public_id: str
    title: str
    when: str
    look: str
    word: str


def parts_of(standings: Iterable[Standing], *, language: str) -> tuple[Part, ...]:
    """The parts of a programme in lines, in the given order."""
    return tuple(
        Part(drawn.public_id, drawn.title, _when(drawn, language), drawn.look, drawn.word)
        for drawn in spans(standings)
    )


def _when(drawn: Span, language: str) -> str:
    return capitalised(window_in_words(drawn.window, language))


def capitalised(text: str) -> str:
    """With a capital first letter and the rest as it is: labels of the record are lower case."""
    return text[:1].upper() + text[1:]
