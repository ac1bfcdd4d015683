"""Days and distances between days, as a reader of the page says them.

Days are worded as the record words its windows, so that no page has two ways to say one date. Short
months are Babel's: Django has no date formats for Kazakh.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.phrases import window_in_words
from commitments.window import Window

_KAZAKH_SINCE: Final = " бастап"


def day_in_words(day: date, language: str) -> str:
    """One day in full: "1 January 2026", "1 января 2026 года", "2026 жылғы 1 қаңтар"."""
    return window_in_words(Window.of_day(day), language)


def day_after_since(day: date, language: str) -> str:
    """One day as it stands with the word "since" in a translated sentence.

    Russian has a genitive there, which is how a day is named anyway; Kazakh has an ablative:
    "2026 жылғы 1 қаңтардан".
    """
    if language != "kk":
        return day_in_words(day, language)
    onward = window_in_words(Window.parse(f"{day.isoformat()}/.."), language)
    return onward.removesuffix(_KAZAKH_SINCE)


def month_in_short(day: date, language: str) -> str:
    """The month of `day` for the axis of a picture: "Nov", "нояб.", "қар."."""
    return format_date(day, format="LLL", locale=language)


def distance_in_words(from_day: date, to_day: date) -> str:
    """How far `to_day` lies ahead of `from_day`, in the active language: "in 3 days", "today"."""
    days = (to_day - from_day).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    sentence = ngettext("in %(days)s day", "in %(days)s days", days)
    return sentence % {"days": days}


def duration_in_words(days: int) -> str:
    """A number of days, in the active language: "1 day", "328 days"."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
