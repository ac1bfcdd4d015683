"""The picture in time: where everything stands on the sheet.

Plain arithmetic, no Django: `lay_out` turns commitments and statements into positions, and a
template draws them. A few commitments are drawn one by one (`bars.py`), many are counted by
group and period (`blocks.py`). Which days are in view: `axis.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from commitments.window import Window
from timeline.layout.axis import Axis, Zoom, fitted_axis, stretched_axis, zoomed_axis
from timeline.layout.bars import BARE, MIDDLE, NARROW, WIDE, Format, is_in_view, place_bars
from timeline.layout.blocks import (
    AFTER,
    BEFORE,
    LONE_PILE_HEIGHT,
    PILE_HEIGHT,
    count_periods,
    place_blocks,
)
from timeline.layout.sheet import Bar, Group, Said, Sheet, Span, Statement

__all__ = [
    "ALL",
    "BARE",
    "MIDDLE",
    "NARROW",
    "WIDE",
    "Bar",
    "Format",
    "Sheet",
    "Span",
    "Statement",
    "View",
]

MOST_BARS: Final = 40
MOST_GROUPS: Final = 8
OTHERS: Final = "*"
"""The key of the group that holds what is in none of the greatest ones."""

_AXIS_HEIGHT: Final = 72
_SAID_HEIGHT: Final = 38
_HEADING: Final = 30
_GAP: Final = 14
_FOOT: Final = 12
_NUMBER: Final = 20


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: all that there is, or one decade, year or quarter, the one of `at`.

    Or, without a zoom, the months from that of `at` to that of `until`.
    """

    zoom: Zoom | None = None
    at: date | None = None
    until: date | None = None


ALL: Final = View()


def lay_out(
    spans: Iterable[Span],
    *,
    today: date,
    language: str,
    view: View = ALL,
    form: Format = WIDE,
    names: Mapping[str, str] | None = None,
    statements: Iterable[Statement] = (),
    also: Iterable[Window] = (),
) -> Sheet | None:
    """Place the dated ones of `spans` and the `statements`; None where nothing has a date.

    `names` are the groups in the order in which they are to stand, each with its name; without,
    all is one. `also` are more windows that the axis is to hold, `language` is that of the axis.
    The time it takes grows with the number of spans and with nothing else.
    """
    dated = [span for span in spans if span.window.earliest or span.window.latest]
    if not dated:
        return None
    axis = _axis(dated, view, today, language, also)
    members = _members(dated, names or {"": ""})
    is_counted = _are_many(members, axis)
    # Piles are drawn once for wide and narrow sheets.
    apart = (NARROW if is_counted else form).between_statements
    said = place_statements(statements, axis, apart=apart)
    top = _AXIS_HEIGHT + (_SAID_HEIGHT if said else 0) if form.width else 0
    if is_counted:
        groups = _counted(members, names or {"": ""}, axis, top)
    else:
        groups = _drawn(members, names or {"": ""}, axis, today, form, top)
    foot = max((group.top + group.height for group in groups), default=top)
    fades = {bar.fade for group in groups for bar in group.bars}
    return Sheet(
        height=foot + _FOOT,
        axis=axis,
        said=said,
        groups=groups,
        fades=tuple(sorted(fades, key=lambda fade: fade.key)),
        today_x=axis.x(today.toordinal()) if axis.holds(today.toordinal()) else None,
        is_counted=is_counted,
    )


def place_statements(
    statements: Iterable[Statement], axis: Axis, *, apart: float
) -> tuple[Said, ...]:
    """The statements in view as points that are `apart` percent; nearer ones are one point."""
    found: list[tuple[float, list[Statement]]] = []
    for one in sorted(statements, key=lambda one: (one.day, one.public_id)):
        if not axis.holds(one.day.toordinal()):
            continue
        x = axis.x(one.day.toordinal())
        if found and x - found[-1][0] < apart:
            found[-1][1].append(one)
        else:
            found.append((x, [one]))
    return tuple(Said(x, tuple(group)) for x, group in found)


def _axis(
    dated: Sequence[Span], view: View, today: date, language: str, also: Iterable[Window]
) -> Axis:
    if view.zoom is not None:
        return zoomed_axis(view.zoom, view.at or today, language=language)
    if view.at is not None and view.until is not None:
        return stretched_axis(view.at, view.until, language=language)
    windows = [*also, *(span.window for span in dated)]
    windows += [span.moved_from for span in dated if span.moved_from]
    return fitted_axis(windows, today=today, language=language)


def _members(spans: Sequence[Span], names: Mapping[str, str]) -> dict[str, list[Span]]:
    """The spans of each group, the groups in the order of `names`; what is in none is `OTHERS`."""
    found: dict[str, list[Span]] = {key: [] for key in names}
    others: list[Span] = []
    for span in spans:
        groups = [found[key] for key in span.groups if key in found]
        for group in groups or [others]:
            group.append(span)
    return {key: group for key, group in [*found.items(), (OTHERS, others)] if group}


def _are_many(members: Mapping[str, Sequence[Span]], axis: Axis) -> bool:
    """Whether more are in view than can be drawn one by one; looks no further than that."""
    seen = (span for group in members.values() for span in group if is_in_view(span.window, axis))
    return sum(1 for _span in islice(seen, MOST_BARS + 1)) > MOST_BARS


def _counted(
    members: Mapping[str, Sequence[Span]], names: Mapping[str, str], axis: Axis, top: int
) -> tuple[Group, ...]:
    counts = {key: count_periods(group, axis) for key, group in members.items()}
    counts = {key: counted for key, counted in counts.items() if counted.keys() - {BEFORE, AFTER}}
    piles = [
        counter.total()
        for key, counted in counts.items()
        for place, counter in counted.items()
        if place not in {BEFORE, AFTER} and key != OTHERS
    ]
    highest = PILE_HEIGHT if len(counts) > 1 else LONE_PILE_HEIGHT
    placed, y = [], top
    for key, counted in counts.items():
        inside = y + _HEADING
        pile = highest if key != OTHERS else 0
        height = _NUMBER + pile
        placed.append(
            Group(
                key=key,
                name=names.get(key, ""),
                y=y,
                top=inside,
                height=height,
                total=len(members[key]),
                before=counted[BEFORE].total() if BEFORE in counted else 0,
                after=counted[AFTER].total() if AFTER in counted else 0,
                bars=(),
                blocks=place_blocks(
                    counted,
                    axis,
                    most=max(piles, default=1),
                    height=pile,
                    foot=inside + height,
                ),
            )
        )
        y = inside + height + _GAP
    return tuple(placed)


def _drawn(
    members: Mapping[str, Sequence[Span]],
    names: Mapping[str, str],
    axis: Axis,
    today: date,
    form: Format,
    top: int,
) -> tuple[Group, ...]:
    placed, y = [], top
    for key, group in members.items():
        seen = [span for span in group if is_in_view(span.window, axis)]
        if not seen:
            continue
        inside = y + (_HEADING if names.get(key, key) else 0)
        bars, height = place_bars(seen, axis, today=today, form=form, y=inside)
        before = sum(
            1
            for span in group
            if span.window.latest and span.window.latest.toordinal() < axis.first
        )
        placed.append(
            Group(
                key=key,
                name=names.get(key, ""),
                y=y,
                top=inside,
                height=height,
                total=len(group),
                before=before,
                after=len(group) - len(bars) - before,
                bars=bars,
                blocks=(),
            )
        )
        y = inside + height + (_GAP if names.get(key, key) else 0)
    return tuple(placed)
