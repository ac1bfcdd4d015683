"""The shapes of the picture in time: what is to be drawn, and where it stands on the sheet.

What lies along time (`x`, `width`, …) is in percent of the width, so that one drawing fits a phone
and a wall; what lies down the sheet (`y`, `height`) is in pixels, so that letters keep their size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.window import Window
from timeline.layout.axis import Axis

LINE: Final = 16
"""Pixels from one line of a title to the next."""


@dataclass(frozen=True, slots=True)
class Span:
    """A commitment to be drawn. `look` names colour and mark, `word` says the same.

    `waits`: a line runs on until today. `moved_from` is the window that was named first, where the
    date was moved. `groups` are the keys of the groups that it belongs to.
    """

    public_id: str
    title: str
    word: str
    look: str
    window: Window
    waits: bool = False
    moved_from: Window | None = None
    groups: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Statement:
    """A source, as a point on the day on which it was said."""

    public_id: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Said:
    """Statements that stand as one point at `x`; all but the nearest are so far apart."""

    x: float
    statements: tuple[Statement, ...]

    @property
    def count(self) -> int:
        return len(self.statements)


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

    @property
    def is_crisp(self) -> bool:
        """Whether both ends are exact days."""
        return not (self.start or self.end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A window along the sheet; `opens_left` and `opens_right` say that time goes on beyond it."""

    x: float
    width: float
    is_point: bool
    opens_left: bool
    opens_right: bool

    @property
    def x_end(self) -> float:
        return round(self.x + self.width, 2)

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Move:
    """The first window, and the arrow from its end to the new one; None where the end stayed."""

    old: Stretch
    arrow_from: float
    arrow_to: float | None

    @property
    def is_later(self) -> bool:
        return self.arrow_to is not None and self.arrow_to > self.arrow_from


@dataclass(frozen=True, slots=True)
class Bar:
    """A window on the sheet, in the lane that begins at `y`.

    `wait_to` is where today's line is met, None where nothing runs on. `label_at_end`: the label
    ends at `label_x` instead of starting there. `left` and `right` are the ends of all that
    belongs to it: nothing else in its lane is between them.
    `first_line` stands above `label` where the title takes two lines.
    """

    span: Span
    y: int
    height: int
    stretch: Stretch
    fade: Fade
    wait_to: float | None
    move: Move | None
    label: str
    label_x: float
    label_at_end: bool
    left: float
    right: float
    first_line: str = ""

    @property
    def shift(self) -> int:
        """How far the second line and all below it stand down, in pixels."""
        return LINE if self.first_line else 0


@dataclass(frozen=True, slots=True)
class Part:
    """Those of a block that stand alike: `family` names fill and hatching."""

    family: str
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Block:
    """How many of a group are due in one period; `parts` are piled up from the foot.

    Without parts it is only a number: what is in no named group is no measure for the others.
    """

    period: int
    x: float
    width: float
    count: int
    top: float
    parts: tuple[Part, ...]

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the sheet from `y`: the bars or blocks of one topic, party or place in time.

    `total` of it are dated, `before` and `after` of them not in view. `height` is without heading.
    """

    key: str
    name: str
    y: int
    top: int
    height: int
    total: int
    before: int
    after: int
    bars: tuple[Bar, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole drawing; `today_x` is None where today is not in view."""

    height: int
    axis: Axis
    said: tuple[Said, ...]
    groups: tuple[Group, ...]
    fades: tuple[Fade, ...]
    today_x: float | None
    is_counted: bool

    @property
    def bars(self) -> tuple[Bar, ...]:
        return tuple(bar for group in self.groups for bar in group.bars)

    @property
    def today_is_on_the_right(self) -> bool:
        """Whether the word at today's line has more room on its left."""
        return self.today_x is not None and self.today_x > 50
