"""The methodology in words, read from the same tables that the record is held to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.enums import FINAL_STATUSES, OPEN_STATUSES, Evidence, Schedule, Status
from commitments.roles import APPROVE
from commitments.transitions import TABLE, Transition, sentence_of
from timeline.presentation.lists import capitalised


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table of moves: from where, to where, what it needs, and who makes it."""

    from_words: str
    to_status: str
    to_words: str
    needs: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the record with what it means; `look` names its mark."""

    look: str
    word: str
    about: str


def moves(*, second_person: bool) -> tuple[Move, ...]:
    """Every move that there is, in the order of the table."""
    return tuple(
        Move(
            from_words=_from_words(row),
            to_status=row.to_status,
            to_words=capitalised(str(row.to_status.label)),
            needs=tuple(str(sentence_of(need)) for need in row.needs),
            who=_who(row, second_person=second_person),
        )
        for row in TABLE
    )


def _from_words(row: Transition) -> str:
    if row.from_statuses == OPEN_STATUSES:
        return _("Any without a verdict")
    if row.from_statuses == FINAL_STATUSES:
        return _("Any verdict")
    labels = [str(status.label) for status in Status if status in row.from_statuses]
    return capitalised(", ".join(labels))


def _who(row: Transition, *, second_person: bool) -> str:
    if row.second_person and second_person:
        return _("an editor proposes, another person approves")
    if row.second_person:
        return _("an editor proposes and may approve it alone")
    return _("an approver") if row.by == APPROVE else _("an editor")


def statuses() -> tuple[Term, ...]:
    """What each status says happened in the world."""
    about = {
        Status.ANNOUNCED: _("It was said in public. Nothing more is known."),
        Status.IN_PROGRESS: _("A source reports that work on it has begun."),
        Status.STALLED: _("A source says or shows that it stands still. Silence is not that."),
        Status.DELIVERED: _("A document or an independent source shows that it was done."),
        Status.PARTLY_DELIVERED: _("Part of it was shown to be done; what is missing is named."),
        Status.NOT_DELIVERED: _("Its time has passed, or it was refused, and it was not done."),
        Status.WITHDRAWN: _("Who promised it has said that it is given up."),
        Status.SUPERSEDED: _("Another commitment has taken its place."),
        Status.UNVERIFIABLE: _("Nobody can tell from public sources whether it was done."),
    }
    return tuple(
        Term(status.value, capitalised(str(status.label)), about[status]) for status in Status
    )


def schedules(*, due_soon_days: int) -> tuple[Term, ...]:
    """Where something stands in time; computed each day and never stored."""
    about = {
        Schedule.UNDATED: _("No time was given."),
        Schedule.UPCOMING: _("The first possible day lies ahead."),
        Schedule.OPEN: _("The first possible day has come, the last has not passed."),
        Schedule.DUE_SOON: _("The last possible day comes within %(days)d days.")
        % {"days": due_soon_days},
        Schedule.OVERDUE: _(
            "The last possible day has passed, by the calendar of its place, and no verdict has "
            "been given. It is no verdict itself."
        ),
        Schedule.EARLY: _("Delivered before the first possible day."),
        Schedule.ON_TIME: _("Delivered within its time; a vague day that touches it counts."),
        Schedule.LATE: _("Delivered after the last possible day."),
        Schedule.CLOSED: _("A verdict without a place in time."),
    }
    return tuple(Term(one.value, capitalised(str(one.label)), about[one]) for one in Schedule)


def levels_of_evidence() -> tuple[Term, ...]:
    """How much the sources show, from nothing to most."""
    about = {
        Evidence.NONE: _("No source reports that it was done."),
        Evidence.CLAIMED: _("A source says so that is a party's own word, or an article."),
        Evidence.DOCUMENTED: _("An agreement, an official record, a report or data show it."),
        Evidence.CONFIRMED: _("A source shows it in which no party speaks or publishes."),
    }
    return tuple(Term(one.value, capitalised(str(one.label)), about[one]) for one in Evidence)
