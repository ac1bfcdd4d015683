"""Title and description of a calendar item, in words: what a reader sees without a click."""

from __future__ import annotations

from typing import Final

from commitments.enums import FINAL_STATUSES, CitationRole, Strength
from timeline.entries import Entry, EntryCitation, EntryMove
from timeline.ical.choices import CalendarChoices
from timeline.ical.content_lines import clean_text
from timeline.ical.words import Words, words_in

_ANNOUNCES: Final = CitationRole.ANNOUNCES.value
_PROPOSAL: Final = Strength.PROPOSAL.value


def item_title(entry: Entry, choices: CalendarChoices) -> str:
    """The title: "delivered: spring 2025: Opening of the Alley".

    A final verdict stands first. The words of the window stand before the title wherever the
    days on which the item is drawn do not say them: a vague window shown as one day, an open
    end, a day that is only about right. A tombstone says only that it was withdrawn. A title
    with nothing to see in it gives way to the public id, since an item without one is lost.
    """
    if entry.is_tombstone:
        return words_in(choices.language).withdrawn
    parts = []
    if entry.status in FINAL_STATUSES:
        parts.append(entry.status_label)
    if entry.window_words and not _drawn_exactly(entry, choices):
        parts.append(entry.window_words)
    parts.append(clean_text(entry.title).strip() or entry.public_id)
    return ": ".join(parts)


def item_description(entry: Entry, choices: CalendarChoices) -> str:
    """Summary, standing, note, quote, moves so far and link, as paragraphs; "" for a tombstone."""
    if entry.is_tombstone:
        return ""
    words = words_in(choices.language)
    paragraphs = [
        entry.summary and clean_text(entry.summary).strip(),
        "\n".join(_standing(entry, choices, words)),
        entry.note and clean_text(entry.note).strip(),
        _quote(entry.citations, words),
        _moves(entry.moves, words),
        entry.url,
    ]
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph])


def _drawn_exactly(entry: Entry, choices: CalendarChoices) -> bool:
    window = entry.window
    is_band = choices.show == "window" and window.earliest is not None and window.latest is not None
    return (is_band or window.is_day) and not (window.is_uncertain or window.is_approximate)


def _standing(entry: Entry, choices: CalendarChoices, words: Words) -> list[str]:
    since = entry.status_changes[-1].effective_words if entry.status_changes else ""
    lines = [
        words.status_line(entry.status_label, since),
        words.evidence_line(entry.evidence_label, entry.evidence_checked_on),
    ]
    if choices.schedule_words and entry.schedule_label:
        lines.insert(1, words.schedule % {"schedule": entry.schedule_label})
    if entry.wording and entry.wording != entry.window_words:
        shown = {"words": entry.window_words, "wording": entry.wording}
        lines.append(words.window_as_put % shown)
    elif entry.window_words:
        lines.append(words.window % {"words": entry.window_words})
    if entry.strength == _PROPOSAL:
        lines.append(words.proposal)
    names_by_role: dict[str, list[str]] = {}
    for party in entry.parties:
        names_by_role.setdefault(party.role_label, []).append(party.name)
    for role, names in names_by_role.items():
        lines.append(f"{role[:1].upper()}{role[1:]}: {', '.join(names)}")
    return lines


def _quote(citations: tuple[EntryCitation, ...], words: Words) -> str:
    """The words in which it was announced, or else the first quote that there is."""
    quoted = [citation for citation in citations if citation.quote]
    if not quoted:
        return ""
    chosen = quoted[0]
    if chosen.role != _ANNOUNCES:
        chosen = next((one for one in quoted if one.role == _ANNOUNCES), chosen)
    day = words.day(chosen.source_date)
    parts = (chosen.said_by, chosen.source_title, day, chosen.locator)
    origin = ", ".join([part for part in parts if part])
    quote = words.quote % {"quote": chosen.quote, "origin": origin}
    return f"{quote}\n{chosen.source_url}" if chosen.source_url else quote


def _moves(moves: tuple[EntryMove, ...], words: Words) -> str:
    if not moves:
        return ""
    return "\n".join([words.moves, *(_move(move, words) for move in moves)])


def _move(move: EntryMove, words: Words) -> str:
    text = words.move % {
        "day": words.day(move.recorded_at.date()),  # the day in UTC, as the record has it
        "kind": move.kind_label,
        "before": move.from_words or words.undated,
        "after": move.to_words or words.undated,
    }
    if move.slip_days:
        text = f"{text} ({words.slip(move.slip_days)})"
    return f"{text}. {move.reason}" if move.reason else text
