"""Commitments drawn one by one: a bar, its label and its move, in lanes where nothing overlaps.

A vague window gets soft edges: "spring 2025" is no box with hard sides. An edge fades over
a quarter of the unit it was given in (a year, a season, a month), over half if it was "about".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from commitments.window import Point, Precision, Window
from timeline.layout.axis import Axis
from timeline.layout.letters import broken, cut, width_of, width_of_bold
from timeline.layout.sheet import Bar, Fade, Move, Span, Stretch

_LEAST_WIDTH: Final = 0.4
_FADE: Final = 0.25
_FADE_IF_ABOUT: Final = 0.5
_FADE_IF_ENDLESS: Final = 0.6
_LEAST_MOVE: Final = 0.8
_MARK: Final = 21


@dataclass(frozen=True, slots=True)
class Format:
    """What there is room for on a sheet that is at least `width` pixels wide; `gap` in percent.

    `is_packed`: several bars may share a lane; else each has its own and its label the whole line.
    `has_words`: where each stands is said beside its title.
    """

    width: int
    gap: float
    is_packed: bool
    has_words: bool = True
    lane: int = 36
    move: int = 13
    between_statements: float = 3.0


WIDE: Final = Format(width=880, gap=2.0, is_packed=True)
MIDDLE: Final = Format(width=640, gap=2.5, is_packed=True, between_statements=4.0)
NARROW: Final = Format(width=292, gap=6.0, is_packed=False, between_statements=9.5)
BARE: Final = Format(width=0, gap=2.0, is_packed=False, lane=22)
"""One line without a word."""


def place_bars(
    spans: Iterable[Span], axis: Axis, *, today: date, form: Format, y: int
) -> tuple[tuple[Bar, ...], int]:
    """The bars of `spans` from `y` on, the first to end on top, and how high they are together."""
    bars = [_bar(span, axis, today, form) for span in sorted(spans, key=by_end)]
    lanes = _lanes(bars, form)
    placed, top = [], y
    for lane in lanes:
        height = form.lane + (form.move if any(bar.move for bar in lane) else 0)
        height += max(bar.shift for bar in lane)
        placed += [replace(bar, y=top, height=height) for bar in lane]
        top += height
    return tuple(placed), top - y


def by_end(span: Span) -> tuple[date, date, str, str]:
    """The order of the picture: what is due first stands first."""
    window = span.window
    return (window.latest or date.max, window.earliest or date.min, span.title, span.public_id)


def stretch_of(window: Window, axis: Axis) -> Stretch:
    """Where a window lies; never too thin to be seen, never off the sheet."""
    first = window.earliest.toordinal() if window.earliest else axis.first
    after = window.latest.toordinal() + 1 if window.latest else axis.end
    x, x_end = axis.x(first), axis.x(after)
    width = max(round(x_end - x, 2), _LEAST_WIDTH)
    return Stretch(
        x=round(min(x, 100 - width), 2),
        width=width,
        is_point=window.is_day,
        opens_left=window.earliest is None or first < axis.first,
        opens_right=window.latest is None or after > axis.end,
    )


def chain_of_moves(windows: Sequence[Window], axis: Axis) -> tuple[Move, ...]:
    """Each of `windows` but the last, with the arrow from its end to the end of the next one."""
    found = []
    for old, new in itertools.pairwise(windows):
        if is_in_view(old, axis):
            found.append(_move_between(stretch_of(old, axis), stretch_of(new, axis)))
    return tuple(found)


def _lanes(bars: Sequence[Bar], form: Format) -> list[list[Bar]]:
    """Each bar in the first lane where it fits beside all that is there."""
    if not form.is_packed:
        return [[bar] for bar in bars]
    lanes: list[list[Bar]] = []
    for bar in bars:
        for lane in lanes:
            if all(_are_apart(bar, other, form.gap) for other in lane):
                lane.append(bar)
                break
        else:
            lanes.append([bar])
    return lanes


def _are_apart(one: Bar, other: Bar, gap: float) -> bool:
    return one.left >= other.right + gap or other.left >= one.right + gap


def _bar(span: Span, axis: Axis, today: date, form: Format) -> Bar:
    stretch = stretch_of(span.window, axis)
    today_x = axis.x(today.toordinal())
    waits = span.waits and span.window.latest is not None and span.window.latest < today
    wait_to = today_x if waits and axis.holds(today.toordinal()) else 100.0 if waits else None
    if wait_to is not None and wait_to <= stretch.x_end:
        wait_to = None
    move = _move(span, stretch, axis)
    at_end, label_x, label = _label(span, stretch, today_x, form)
    first_line, label = _in_two_lines(span, label, form)
    label_width = _share_of(label, span, form)
    ends = [stretch.x, stretch.x_end, label_x, label_x - label_width if at_end else label_x]
    ends += [] if at_end else [label_x + label_width]
    ends += [] if wait_to is None else [wait_to]
    ends += [move.old.x, move.old.x_end] if move else []
    return Bar(
        span=span,
        y=0,
        height=form.lane,
        stretch=stretch,
        fade=_fade(span.look, span.window),
        wait_to=wait_to,
        move=move,
        label=label,
        label_x=label_x,
        label_at_end=at_end,
        left=max(min(ends), 0.0),
        right=min(max(ends), 100.0),
        first_line=first_line,
    )


def _move(span: Span, new: Stretch, axis: Axis) -> Move | None:
    """The window that was named first, where it is in view and another one now."""
    if span.moved_from is None or span.moved_from.is_undated or span.moved_from == span.window:
        return None
    if not is_in_view(span.moved_from, axis):
        return None
    return _move_between(stretch_of(span.moved_from, axis), new)


def _move_between(old: Stretch, new: Stretch) -> Move:
    distance = new.x_end - old.x_end
    return Move(old, old.x_end, new.x_end if abs(distance) >= _LEAST_MOVE else None)


def is_in_view(window: Window, axis: Axis) -> bool:
    """Whether a dated window has a day on the axis."""
    if window.earliest is None and window.latest is None:
        return False
    starts = window.earliest is None or window.earliest.toordinal() < axis.end
    return starts and (window.latest is None or window.latest.toordinal() >= axis.first)


def _pixels_beside(span: Span, form: Format) -> float:
    """What stands beside a title: its mark, and where it stands in a word."""
    return _MARK + (width_of_bold(f" {span.word}") if form.has_words else 0)


def _share_of(label: str, span: Span, form: Format) -> float:
    """How wide a label is, in percent of the sheet."""
    if not form.width:
        return 0.0
    return 100 * (width_of(label) + _pixels_beside(span, form)) / form.width


def _label(span: Span, stretch: Stretch, today_x: float, form: Format) -> tuple[bool, float, str]:
    """Whether the label ends at its place, its place, and as much of the title as fits there.

    It keeps off today's line where it can: what is over stands to the left of its end, what lies
    ahead to the right of its start. Else it has the side with more room.
    """
    if not form.is_packed:
        return False, 0.0, cut(span.title, form.width - _pixels_beside(span, form))
    needed = _share_of(span.title, span, form)
    x, x_end = stretch.x, stretch.x_end
    end = round(today_x - 1, 2) if x < today_x < x_end and today_x >= needed else x_end
    if x_end <= today_x and end >= needed:
        at_end = True
    elif x >= today_x and 100 - x >= needed:
        at_end = False
    else:
        at_end = end > 100 - x
    room = end if at_end else 100 - x
    pixels = form.width * room / 100 - _pixels_beside(span, form)
    return at_end, end if at_end else x, cut(span.title, pixels)


def _in_two_lines(span: Span, label: str, form: Format) -> tuple[str, str]:
    """The two lines of a title that is cut in one, where each bar has its own lane."""
    if form.is_packed or not form.width or label == span.title:
        return "", label
    first, rest = broken(span.title, form.width - _MARK)
    return first, cut(rest, form.width - _pixels_beside(span, form))


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
