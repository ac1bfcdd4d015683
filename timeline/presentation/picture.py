"""What goes with the picture in time: its words, its links, and the same as a table.

Pure functions over the layout; texts are made in the active language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import ngettext, pgettext_lazy

from commitments.phrases import window_in_words
from timeline.dates_in_words import day_in_words, days_in_short
from timeline.layout.axis import Axis, Zoom, look_at
from timeline.layout.placing import MIDDLE, NARROW, WIDE, Format, lay_out
from timeline.layout.sheet import Bar, Block, Group, Said, Sheet
from timeline.numbers_in_words import number_in_words
from timeline.picture_reader import Drawn, Grouping
from timeline.presentation.picture_choice import PictureChoice, query_of
from timeline.presentation.picture_links import (
    GROUP_WORDS,
    Link,
    Tick,
    beside,
    between,
    closer_of,
    groupings,
    name_of,
    narrowed,
    outside,
    period_in_words,
    ticks_of,
    zooms,
)

FAMILY_WORDS: Final = {
    "overdue": pgettext_lazy("key of the picture", "overdue"),
    "running": pgettext_lazy("key of the picture", "open now"),
    "coming": pgettext_lazy("key of the picture", "coming"),
    "delivered": pgettext_lazy("key of the picture", "delivered, also in part"),
    "closed": pgettext_lazy("key of the picture", "other verdicts"),
}
_MOST_SOURCES_OF_A_LINK: Final = 20


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """Statements at one point, with their words and the list of what was said in them."""

    said: Said
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its window in words, and the one before the move ("" without)."""

    bar: Bar
    window: str
    moved_from: str

    @property
    def reach(self) -> float:
        """How wide all that belongs to it is, in percent."""
        return round(self.bar.right - self.bar.left, 2)


@dataclass(frozen=True, slots=True)
class Pile:
    """A block with its words and its list; `query` is "" where no filter says just these."""

    block: Block
    count: str
    when: str
    query: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A group of the sheet with what is in it, and the list of all of it."""

    group: Group
    total: str
    bars: tuple[DrawnBar, ...]
    piles: tuple[Pile, ...]
    query: str
    before: Link | None
    after: Link | None

    row: tuple[Pile | None, ...]

    @property
    def foot(self) -> int:
        """Where its piles stand."""
        return self.group.top + self.group.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, for wide, middle or narrow windows; `key` tells their gradients apart."""

    key: str
    sheet: Sheet
    parts: tuple[Part, ...]
    said: tuple[SaidPoint, ...]
    has_words: bool


@dataclass(frozen=True, slots=True)
class PicturePage:
    """All that the template needs; `here` is its page, the first drawing the wide one.

    `drawn` are the ways of drawing that its key explains: exact, vague, day, wait, move. `look` is
    the query string of just this picture, `csv` the address of what is drawn, as rows.
    """

    here: str
    drawings: tuple[Drawing, ...]
    ticks: tuple[Tick, ...]
    name: str
    zooms: tuple[Link, ...]
    groupings: tuple[Link, ...]
    previous: Link | None
    following: Link | None
    families: tuple[tuple[str, str], ...]
    grouping: str
    drawn: frozenset[str]
    is_stretch: bool
    look: str
    csv: str

    @property
    def has_moves(self) -> bool:
        """Whether an earlier window is drawn."""
        return "move" in self.drawn

    @property
    def main(self) -> Drawing:
        return self.drawings[0]

    @property
    def first_day(self) -> str:
        """The first day of the axis, for the script."""
        return date.fromordinal(self.main.sheet.axis.first).isoformat()

    @property
    def end_day(self) -> str:
        """The day after the last one, or the last one that there is."""
        return date.fromordinal(min(self.main.sheet.axis.end, date.max.toordinal())).isoformat()

    @property
    def is_counted(self) -> bool:
        return self.main.sheet.is_counted


def picture_page(
    drawn: Drawn,
    choice: PictureChoice,
    params: QueryDict,
    *,
    here: str,
    today: date,
    language: str,
    csv: str,
    needless: Grouping | None = None,
) -> PicturePage | None:
    """The picture of `drawn` with its links, which keep the filter `params`; None without dates.

    It stands on the page of the address `here`; to group by `needless` is not offered there. `csv`
    is where its rows are to be had.
    """
    wide = _sheet(drawn, choice, WIDE, today, language)
    if wide is None:
        return None
    drawings = [_drawing("wide", wide, params, choice, language)]
    for key, form in () if wide.is_counted else (("middle", MIDDLE), ("narrow", NARROW)):
        sheet = _sheet(drawn, choice, form, today, language)
        if sheet is not None:
            drawings.append(_drawing(key, sheet, params, choice, language))
    families = {part.family for group in wide.groups for b in group.blocks for part in b.parts}
    return PicturePage(
        here=here,
        drawings=tuple(drawings),
        ticks=ticks_of(wide.axis, params, choice, language),
        name=name_of(choice, language),
        zooms=zooms(wide.axis, params, choice, today),
        groupings=groupings(params, choice, needless),
        previous=beside(params, choice, -1, language),
        following=beside(params, choice, 1, language),
        families=tuple((key, str(words)) for key, words in FAMILY_WORDS.items() if key in families),
        grouping=str(GROUP_WORDS[choice.grouping]) if choice.grouping else "",
        drawn=_kinds_of_drawing(wide.bars),
        is_stretch=choice.view.until is not None,
        look=query_of(params, closer_of(choice), choice.grouping),
        csv=csv,
    )


def _kinds_of_drawing(bars: Iterable[Bar]) -> frozenset[str]:
    found = set()
    for bar in bars:
        is_crisp = bar.fade.is_crisp
        found.add("day" if bar.stretch.is_point else "exact" if is_crisp else "vague")
        found |= {"wait"} if bar.wait_to is not None else set()
        found |= {"move"} if bar.move else set()
    return frozenset(found)


def _sheet(
    drawn: Drawn, choice: PictureChoice, form: Format, today: date, language: str
) -> Sheet | None:
    return lay_out(
        drawn.spans,
        today=today,
        language=language,
        view=choice.view,
        form=replace(form, has_words=choice.grouping is not Grouping.STATUS),
        names=drawn.names,
        statements=drawn.statements,
    )


def _drawing(
    key: str, sheet: Sheet, params: QueryDict, choice: PictureChoice, language: str
) -> Drawing:
    parts = []
    for group in sheet.groups:
        query = narrowed(params, group.key, choice.grouping)
        piles = {
            block.period: _pile(block, group, sheet.axis, query, language) for block in group.blocks
        }
        parts.append(
            Part(
                group=group,
                total=number_in_words(str(group.total), language),
                bars=tuple(_drawn_bar(bar, language) for bar in group.bars),
                piles=tuple(piles.values()),
                query=query.urlencode() if query is not None and group.key else "",
                before=outside(query, group.before, language, end=sheet.axis.first),
                after=outside(query, group.after, language, first=sheet.axis.end),
                row=tuple(piles.get(place) for place in range(len(sheet.axis.periods))),
            )
        )
    said = _said(sheet, params, choice, language)
    return Drawing(key, sheet, tuple(parts), said, choice.grouping is not Grouping.STATUS)


def _drawn_bar(bar: Bar, language: str) -> DrawnBar:
    moved_from = bar.span.moved_from if bar.move else None
    return DrawnBar(
        bar,
        window_in_words(bar.span.window, language),
        window_in_words(moved_from, language) if moved_from else "",
    )


def _pile(block: Block, group: Group, axis: Axis, query: QueryDict | None, language: str) -> Pile:
    period = axis.periods[block.period]
    when = period_in_words(period, language)
    counted = ngettext("%(count)s is due", "%(count)s are due", block.count)
    parts = "\n".join(
        f"{number_in_words(str(part.count), language)} {FAMILY_WORDS[part.family]}"
        for part in block.parts
    )
    count = number_in_words(str(block.count), language)
    head = f"{group.name}, {when}" if group.name else when
    words = f"{head}\n{counted % {'count': count}}\n{parts}"
    link = between(query, period.first, period.end)
    return Pile(block, count, when, link, words)


def _said(
    sheet: Sheet, params: QueryDict, choice: PictureChoice, language: str
) -> tuple[SaidPoint, ...]:
    found = []
    for said in sheet.said:
        first, last = said.statements[0], said.statements[-1]
        if said.count == 1:
            words = f"{first.title}\n{day_in_words(first.day, language)}"
        else:
            counted = ngettext("%(count)s statement", "%(count)s statements", said.count)
            days = days_in_short(first.day, last.day, language)
            count = number_in_words(str(said.count), language)
            words = f"{counted % {'count': count}}\n{days}"
        query = params.copy()
        if said.count <= _MOST_SOURCES_OF_A_LINK:
            query.setlist("source", [one.public_id for one in said.statements])
            address = query.urlencode()
        else:
            address = query_of(params, look_at(Zoom.QUARTER, first.day), choice.grouping)
        found.append(SaidPoint(said, words, address))
    return tuple(found)
