"""The picture in time: where each window stands on the sheet.

Plain arithmetic, no Django: `lay_out` turns windows into positions, and a template draws them. What
lies along time is in percent of the width, so that one drawing fits a phone and a wall; what
lies down the sheet is in pixels, so that letters keep their size.

A vague window gets soft edges: "spring 2025" is no box with hard sides. An edge fades over
a quarter of the unit it was given in (a year, a season, a month), over half if it was "about".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.window import Point, Precision, Window
from timeline.dates_in_words import month_in_short

MAX_LANES: Final = 80
HORIZONS_IN_YEARS: Final = (10, 25, 50)
"""How far around today the sheet may reach: the nearest that holds nine tenths of all days. What
lies beyond is cut, or one "by 2060" would press everything else into a corner."""

_AXIS_HEIGHT: Final = 34
_LABELLED_LANE: Final = 34
_BARE_LANE: Final = 22
_FOOT: Final = 8
_BAR_HEIGHT: Final = 8
_LEAST_WIDTH: Final = 0.4
_GAP_BEFORE_TODAY: Final = 0.8
_FADE: Final = 0.25
_FADE_IF_ABOUT: Final = 0.5
_FADE_IF_ENDLESS: Final = 0.6
_MOST_TICKS: Final = 10
_MOST_TICKS_ON_A_PHONE: Final = 5
_STEPS_IN_MONTHS: Final = (1, 3, 12, 24, 60, 120, 240)
# Letters that fit: on a wide screen a label has the wider side of its bar, on a tablet or a phone
# the whole line.
_LETTERS_ACROSS: Final = 140
_LETTERS_ON_A_TABLET: Final = 70
_LETTERS_ON_A_PHONE: Final = 38
_LETTERS_FOR_A_MARK: Final = 4


@dataclass(frozen=True, slots=True)
class Span:
    """What is to be drawn. `look` names colour and mark; `waits`: a line runs on until today."""

    public_id: str
    title: str
    word: str
    look: str
    window: Window
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Fade:
    """How a bar of one look grows from nothing and goes: shares of its width, in percent."""

    key: str
    look: str
    start: int
    end: int

    @property
    def solid_until(self) -> int:
        """Where the end begins to fade, in percent of the bar's width."""
        return 100 - self.end


@dataclass(frozen=True, slots=True)
class Bar:
    """A window on the sheet: `x`, `width` and what is named after them in percent, `y` in pixels.

    `wait_to` is where today's line is met, None where nothing runs on. `opens_left` and
    `opens_right` say that time goes on beyond the bar. `label_at_end`: the label ends where the
    bar ends, because there is more room on its left; `label_x` is where it starts or ends.
    """

    span: Span
    y: int
    x: float
    width: float
    fade: Fade
    is_point: bool
    opens_left: bool
    opens_right: bool
    wait_to: float | None
    label_at_end: bool
    label_x: float
    label: str
    middle_label: str
    short_label: str

    @property
    def x_end(self) -> float:
        return round(self.x + self.width, 2)

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis; a `minor` one bears no words on a phone."""

    x: float
    words: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole sheet; `height` in pixels, `today_x` in percent."""

    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    fades: tuple[Fade, ...]
    today_x: float
    total: int

    @property
    def today_is_on_the_right(self) -> bool:
        """Whether the word at today's line has more room on its left."""
        return self.today_x > 50

    @property
    def is_cut(self) -> bool:
        """Whether there were more windows than lanes."""
        return self.total > len(self.bars)


@dataclass(frozen=True, slots=True)
class _Axis:
    """The days that the sheet shows: ordinals (`date.toordinal`), `end` is the day after."""

    first: int
    end: int

    def x(self, ordinal: int) -> float:
        inside = min(max(ordinal, self.first), self.end)
        return round(100 * (inside - self.first) / (self.end - self.first), 2)


def lay_out(
    spans: Iterable[Span], *, today: date, language: str, labelled: bool = True
) -> Picture | None:
    """Place the dated ones of `spans`, one lane each, the first to end on top.

    Without a label the lanes are lower. Where there are more than `MAX_LANES`, the ones nearest
    to today are drawn. None where nothing has a date. `language` is that of the axis.
    """
    dated = [span for span in spans if not _is_undated(span.window)]
    if not dated:
        return None
    nearest = sorted(dated, key=lambda span: _distance(span.window, today))[:MAX_LANES]
    axis, step = _axis([span.window for span in nearest], today)
    lane = _LABELLED_LANE if labelled else _BARE_LANE
    bars = tuple(
        _bar(span, axis, today, y=_AXIS_HEIGHT + row * lane)
        for row, span in enumerate(sorted(nearest, key=_by_end))
    )
    return Picture(
        height=_AXIS_HEIGHT + len(bars) * lane + _FOOT,
        bars=bars,
        ticks=_ticks(axis, step, language),
        fades=tuple(sorted({bar.fade for bar in bars}, key=lambda fade: fade.key)),
        today_x=axis.x(today.toordinal()),
        total=len(dated),
    )


def _is_undated(window: Window) -> bool:
    return window.earliest is None and window.latest is None


def _by_end(span: Span) -> tuple[date, date, str, str]:
    window = span.window
    return (
        window.latest or date.max,
        window.earliest or date.min,
        span.title,
        span.public_id,
    )


def _distance(window: Window, today: date) -> int:
    if window.latest is not None and window.latest < today:
        return (today - window.latest).days
    if window.earliest is not None and window.earliest > today:
        return (window.earliest - today).days
    return 0


def _axis(windows: Sequence[Window], today: date) -> tuple[_Axis, int]:
    """The axis in whole steps around all `windows` and today, and its step in months."""
    days = [day for window in windows for day in (window.earliest, window.latest) if day]
    kept = [*_within_horizon(days, today), today]
    first, last = _month_number(min(kept)), _month_number(max(kept)) + 1
    step = next(
        (step for step in _STEPS_IN_MONTHS if -(-(last - first) // step) <= _MOST_TICKS),
        _STEPS_IN_MONTHS[-1],
    )
    start, end = first // step * step, -(-last // step) * step
    return _Axis(_ordinal_of_month(start), _ordinal_of_month(end)), step


def _within_horizon(days: Sequence[date], today: date) -> list[date]:
    for years in HORIZONS_IN_YEARS:
        kept = [day for day in days if abs(day.year - today.year) <= years]
        if 10 * len(kept) >= 9 * len(days):
            break
    return kept


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _ordinal_of_month(number: int) -> int:
    return _first_of_month(number).toordinal()


def _first_of_month(number: int) -> date:
    return date(min(max(number // 12, 1), date.max.year), number % 12 + 1, 1)


def _ticks(axis: _Axis, step: int, language: str) -> tuple[Tick, ...]:
    first = _month_number(date.fromordinal(axis.first))
    last = _month_number(date.fromordinal(axis.end))
    days = [_first_of_month(number) for number in range(first, last, step)]
    every = -(-len(days) // _MOST_TICKS_ON_A_PHONE)
    return tuple(
        Tick(axis.x(day.toordinal()), _tick_words(day, step, row, language), row % every != 0)
        for row, day in enumerate(days)
    )


def _tick_words(day: date, step: int, row: int, language: str) -> str:
    if step >= 12 or day.month == 1:
        return str(day.year)
    month = month_in_short(day, language)
    return f"{month} {day.year}" if row == 0 else month


def _bar(span: Span, axis: _Axis, today: date, *, y: int) -> Bar:
    window = span.window
    first = window.earliest.toordinal() if window.earliest else axis.first
    after = window.latest.toordinal() + 1 if window.latest else axis.end
    x, x_end = axis.x(first), axis.x(after)
    width = max(round(x_end - x, 2), _LEAST_WIDTH)
    x = min(x, 100 - width)
    waits = span.waits and window.latest is not None and window.latest < today
    today_x = axis.x(today.toordinal())
    at_end, label_x = _label_place(span, x, round(x + width, 2), today_x)
    room = (label_x if at_end else 100 - label_x) / 100
    return Bar(
        span=span,
        y=y,
        x=x,
        width=width,
        fade=_fade(span.look, window),
        is_point=window.is_day,
        opens_left=window.earliest is None or first < axis.first,
        opens_right=window.latest is None or after > axis.end,
        wait_to=today_x if waits else None,
        label_at_end=at_end,
        label_x=label_x,
        label=_cut(span.title, int(_LETTERS_ACROSS * room) - len(span.word)),
        middle_label=_cut(span.title, _LETTERS_ON_A_TABLET - len(span.word)),
        short_label=_cut(span.title, _LETTERS_ON_A_PHONE - len(span.word)),
    )


def _label_place(span: Span, x: float, x_end: float, today_x: float) -> tuple[bool, float]:
    """Whether the label of a bar ends at its end, and where it ends or else starts.

    It keeps off today's line: on the far side of the past and the future where it fits there, and
    before the line for a bar that runs on beyond today. Else it has the side with more room.
    """
    needed = 100 * (len(span.title) + len(span.word) + _LETTERS_FOR_A_MARK) / _LETTERS_ACROSS
    end = round(today_x - _GAP_BEFORE_TODAY, 2) if x < today_x < x_end else x_end
    if x_end <= today_x and end >= needed:
        return True, end
    if x >= today_x and 100 - x >= needed:
        return False, x
    return (True, end) if end > 100 - x else (False, x)


def _fade(look: str, window: Window) -> Fade:
    length = _length(window)
    start = _share(window.start, window.earliest, length)
    end = _share(window.end, window.latest, length)
    return Fade(f"{look}-{start}-{end}", look, start, end)


def _length(window: Window) -> int:
    """The days of a window, 0 where it has no first or no last day."""
    if window.earliest is None or window.latest is None:
        return 0
    return (window.latest - window.earliest).days + 1


def _share(side: Point | None, bound: date | None, length: int) -> int:
    """How much of the bar's width an edge takes to fade, in percent, in steps of five."""
    if side is None or bound is None:
        return round(100 * _FADE_IF_ENDLESS)
    if side.precision is Precision.DAY and side.qualifier in {"", "?"}:
        return 0
    part = _FADE_IF_ABOUT if side.qualifier in {"~", "%"} else _FADE
    if not length:
        return round(100 * _FADE)
    grain = (side.last - side.first).days + 1
    return min(50, 5 * max(1, round(20 * part * grain / length)))


def _cut(text: str, letters: int) -> str:
    """The beginning of `text` in at most `letters` letters, ending at a word if it is cut."""
    if len(text) <= letters:
        return text
    kept = text[: max(letters - 1, 1)]
    whole_words = kept.rpartition(" ")[0]
    return (whole_words if len(whole_words) > letters // 2 else kept).rstrip(" ,.;:-–—") + "…"
