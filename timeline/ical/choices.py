"""What a subscriber may choose: all that changes a calendar's bytes beside the record itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Show = Literal["last-day", "window"]
Done = Literal["keep", "drop"]

MAX_LEAD_DAYS: Final = 366
MAX_ALARMS: Final = 10


@dataclass(frozen=True, slots=True)
class CalendarChoices:
    """The choices of one subscriber; hashable, so that it can be part of a cache's key.

    `show`      "last-day": one day, the last possible; "window": a band over all possible days.
    `language`  of the words around the record's texts; entries must be read in the same one.
    `alarms`    how many days ahead to sound an alarm (VALARM); none by default. Kept sorted.
    `done`      "keep" or "drop" what has a final status. Tombstones always stay.
    `todos`     write a VTODO beside each event.
    `links`     write the sources as LINK properties too (RFC 9253). Off by default: libical
                (GNOME, KDE) counts a property that it does not know as an error.
    `schedule_words`  say "overdue", "due soon" in the description. Off by default: the bytes
                then depend on the day of `Entry.schedule`, and no longer on the record alone.

    Raises ValueError that names the field for anything else.
    """

    show: Show = "last-day"
    language: str = "en"
    alarms: tuple[int, ...] = ()
    done: Done = "keep"
    todos: bool = False
    links: bool = False
    schedule_words: bool = False

    def __post_init__(self) -> None:
        _check_one_of("show", self.show, get_args(Show))
        _check_one_of("done", self.done, get_args(Done))
        if len(self.alarms) > MAX_ALARMS:
            raise ValueError(f"alarms: give at most {MAX_ALARMS} numbers of days")
        if not all(0 <= days <= MAX_LEAD_DAYS for days in self.alarms):
            raise ValueError(f"alarms: give whole days from 0 to {MAX_LEAD_DAYS}")
        object.__setattr__(self, "alarms", tuple(sorted(set(self.alarms))))


def _check_one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{field}: choose one of {', '.join(allowed)}")
