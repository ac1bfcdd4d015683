"""What reading a phrase gives, and the rule of those that count from another event."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from commitments.exceptions import PhraseError
from commitments.window import Window
from commitments.window_text import Sentence
from commitments.window_text import translatable as _

Unit = Literal["day", "week", "month", "year"]

SOURCE_ANCHOR = "source"
"""The anchor of "within 40 days" without a word about what they count from: the source's date."""


@dataclass(frozen=True, slots=True)
class AnchorRule:
    """ "Within 40 days of the signing": from the day of `anchor` to `amount` units after it.

    Keep it beside the window: when the anchor moves, `window(new_day)` is the new window.
    """

    anchor: str
    amount: int
    unit: Unit

    def window(self, day: date) -> Window:
        """The window if the anchor falls on `day`; raises PhraseError beyond the year 9999.

        Months and years keep the day of the month, or take the month's last day if it is shorter.
        """
        try:
            end = self._end(day)
        except (OverflowError, ValueError):
            raise PhraseError(
                Sentence(_("That is beyond the year 9999: write a smaller number."))
            ) from None
        return Window.parse(f"{date.isoformat(day)}/{date.isoformat(end)}")

    def _end(self, day: date) -> date:
        if self.unit in {"day", "week"}:
            return day + timedelta(days=self.amount * (7 if self.unit == "week" else 1))
        months = day.month - 1 + self.amount * (12 if self.unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase that was understood.

    `text` is the phrase as it was given. `is_relative`: the window depends on the date of the
    source or of an anchor. `is_year_assumed`: the phrase named no year and has the one nearest to
    the date of the source, so that a person should look at it. `anchor` is None if it has none.
    """

    window: Window
    text: str
    is_relative: bool
    is_year_assumed: bool = False
    anchor: AnchorRule | None = None
