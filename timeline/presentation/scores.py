"""The figures of a scoreboard in words, with the criteria that they are counted by."""

from __future__ import annotations

from dataclasses import dataclass

from babel.numbers import format_percent
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.statistics import Statistics
from timeline.numbers_in_words import number_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: `look` names its mark, `word` what is counted."""

    look: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of it: `share` is "75%" or "" where nothing counts yet; `of` says of how many.

    `kept` and `counted` are the two numbers of the share; `slip` and `moves` are in words.
    """

    promises: int
    share: str
    kept: int
    counted: int
    overdue: int
    moves: str
    slip: str


def score(figures: Statistics, language: str) -> Score:
    """The share on time and the slip, in the reader's language."""
    kept = figures.early + figures.on_time
    counted = kept + figures.late + figures.partly_delivered
    counted += figures.not_delivered + figures.overdue
    share = figures.share_on_time
    return Score(
        promises=figures.promises,
        share="" if share is None else format_percent(share, locale=language),
        kept=kept,
        counted=counted,
        overdue=figures.overdue,
        moves=ngettext("%(moves)s move", "%(moves)s moves", figures.moves)
        % {"moves": number_in_words(str(figures.moves), language)},
        slip=_slip(figures.slip_days, language),
    )


def _slip(days: int, language: str) -> str:
    if days == 0:
        return _("no slip")
    sentence = (
        ngettext("%(days)s day later", "%(days)s days later", days)
        if days > 0
        else ngettext("%(days)s day sooner", "%(days)s days sooner", -days)
    )
    return sentence % {"days": number_in_words(str(abs(days)), language)}


def lines(figures: Statistics) -> tuple[Line, ...]:
    """Every figure that is not nothing, in the order from kept to open."""
    found = (
        Line("delivered", _("delivered early"), figures.early),
        Line("delivered", _("delivered on time"), figures.on_time),
        Line("delivered", _("delivered late"), figures.late),
        Line("partly_delivered", _("partly delivered"), figures.partly_delivered),
        Line("not_delivered", _("not delivered"), figures.not_delivered),
        Line("overdue", _("overdue, no verdict yet"), figures.overdue),
        Line("open", _("open now"), figures.open),
        Line("upcoming", _("still to come"), figures.upcoming),
        Line("undated", _("undated"), figures.undated),
        Line("withdrawn", _("withdrawn, superseded or unverifiable"), figures.other_verdicts),
    )
    return tuple(line for line in found if line.count)


def criteria() -> tuple[tuple[str, str], ...]:
    """What is counted and what is not, as term and sentence."""
    return (
        (_("Counted"), _("Promises only: no proposals, and none that is the same as another.")),
        (_("On time"), _("Delivered early or on time.")),
        (
            _("Out of"),
            _("Those, and delivered late, partly delivered, not delivered, and overdue ones."),
        ),
        (
            _("Left out"),
            _(
                "Undated ones, those still running, and what was withdrawn, superseded or cannot "
                "be verified."
            ),
        ),
        (
            _("Slip"),
            _("The sum of all date moves in days; corrections of our own are no moves."),
        ),
    )
