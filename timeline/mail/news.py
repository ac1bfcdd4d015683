"""What a change of the record is in a mail: from what to what, since a revision. It only reads."""

from __future__ import annotations

from dataclasses import dataclass

from timeline.entries import Entry
from timeline.enums import ReminderKind


@dataclass(frozen=True, slots=True)
class News:
    """What is different now from before a revision: words before and after, None for no difference.

    `is_new`: neither date nor status has moved since, so what is told is that it is there.
    """

    moved: tuple[str, str] | None
    status: tuple[str, str] | None
    is_new: bool


def news_since(entry: Entry, revision: int) -> News:
    """What became of `entry` from `revision` on, as one step, whatever was in between.

    So two edits in a row are told as one, and there and back again as nothing.
    """
    moves = [move for move in entry.moves if move.revision >= revision]
    changes = [change for change in entry.status_changes if change.revision >= revision]
    moved = (moves[0].from_words, entry.window_words) if moves else None
    status = (changes[0].from_label, entry.status_label) if changes else None
    return News(
        moved=moved if moved and moved[0] != moved[1] else None,
        status=status if status and status[0] and status[0] != status[1] else None,
        is_new=not moves and not changes,
    )


def is_still_news(entry: Entry, kind: str, revision: int) -> bool:
    """Whether there is anything left to say of a change of this kind."""
    news = news_since(entry, revision)
    if kind == ReminderKind.DATE_MOVED:
        return news.moved is not None
    if kind == ReminderKind.STATUS_CHANGED:
        return news.status is not None
    return news.is_new or news.moved is not None or news.status is not None
