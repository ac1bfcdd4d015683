"""Days and distances between days, as a reader of the page says them.

Days are worded as the record words its windows, so that no page has two ways to say one date. Short
months are Babel's: Django has no date formats for Kazakh.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.phrases import window_in_words
from commitments.phrases.languages import language_for
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


def as_spoken(sentence: str, language: str) -> str:
    """A sentence with a day in it as it is said: in Russian "со 2 января", not "с 2 января".

    Only before a second, "второго", is a vowel spoken; the table of the language knows.
    """
    for pattern, better in language_for(language).printing.repairs:
        sentence = re.sub(pattern, better, sentence)
    return sentence


def month_in_short(day: date, language: str) -> str:
    """The month of `day` for the axis of a picture: "Nov", "нояб.", "қар."."""
    return format_date(day, format="LLL", locale=language)


def quarter_in_short(day: date, language: str, *, with_year: bool = False) -> str:
    """The quarter of `day` for the axis of a picture: "Q4", "4-й кв.", "IV тқс."."""
    return format_date(day, format="QQQ y" if with_year else "QQQ", locale=language)


def days_in_short(first: date, last: date, language: str) -> str:
    """The days from `first` to `last` for a picture: "2026", "Q4 2026", "Oct 2026", "1–7 Oct 2026".

    Whole years, quarters and months are named as such.
    """
    month = format_date(first, format="LLL y", locale=language)
    if first == last:
        return f"{first.day} {month}"
    after = last + timedelta(days=1) if last < date.max else None
    if first.day > 1 or (after is not None and after.day > 1):
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {month}"
        return f"{month}–{format_date(last, format='LLL y', locale=language)}"
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months % 12 == 0 and first.month == 1:
        return str(first.year) if months == 12 else f"{first.year}–{last.year}"
    if months == 3 and first.month % 3 == 1:
        return quarter_in_short(first, language, with_year=True)
    if months == 1:
        return month
    start = month_in_short(first, language) if first.year == last.year else month
    return f"{start}–{format_date(last, 'LLL y', locale=language)}"


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
