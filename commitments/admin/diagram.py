"""The state diagram of the status, laid out from the table of moves; plain arithmetic, no database.

The open statuses stand in a frame at the left, the verdicts in one at the right. A row of the
table that holds for a whole frame is one arrow at the frame, as in a statechart (Harel, 1987), so
that the picture has no crossings: between the frames each arrow is level, at a height of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments.admin.buttons.base import ButtonsAdmin
from commitments.admin.buttons.status import needs_in_words
from commitments.admin.record_admin import person
from commitments.enums import FINAL_STATUSES, OPEN_STATUSES, Status
from commitments.models import Commitment
from commitments.roles import APPROVE, may
from commitments.transitions import TABLE, Transition

# All in units of the picture, which the browser scales.
NODE_WIDTH: Final = 200
NODE_HEIGHT: Final = 44
_ROW: Final = 72
_MARGIN: Final = 16
_SIDE: Final = 56  # room in the frame for the arrows beside the nodes
_GAP: Final = 220  # between the frames
_BESIDE: Final = 20  # from a short arrow to its number
_TOP: Final = 40  # room for the title of a frame


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `x` and `y` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2

    @property
    def centre(self) -> int:
        """The middle of its width."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A move: the row of the table counted from 1, and the corners of its line, start first."""

    row: int
    points: tuple[tuple[int, int], ...]
    second_person: bool

    @property
    def line(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def label_at(self) -> tuple[int, int]:
        """The middle of its longest part, where its number stands; beside one that is short."""
        parts = zip(self.points, self.points[1:], strict=False)
        longest = (x1, y1), (x2, y2) = max(parts, key=_length)
        beside = _BESIDE if _length(longest) < NODE_HEIGHT else 0
        return (x1 + x2) // 2 + beside, (y1 + y2) // 2


@dataclass(frozen=True, slots=True)
class Diagram:
    """Where everything stands in a picture of `width` by `height`."""

    width: int
    height: int
    nodes: dict[Status, Box]
    open_frame: Box
    final_frame: Box
    arrows: tuple[Arrow, ...]


def _length(part: tuple[tuple[int, int], tuple[int, int]]) -> int:
    (x1, y1), (x2, y2) = part
    return abs(x1 - x2) + abs(y1 - y2)


def lay_out(table: Sequence[Transition]) -> Diagram:
    """The picture of `table`: every status once, and an arrow for each row and start."""
    open_ones = [status for status in Status if status in OPEN_STATUSES]
    final_ones = [status for status in Status if status in FINAL_STATUSES]
    width = NODE_WIDTH + 2 * _SIDE
    height = _TOP + _ROW * len(final_ones)
    open_frame = Box(_MARGIN, _MARGIN, width, height)
    final_frame = Box(open_frame.right + _GAP, _MARGIN, width, height)
    # The open ones stand half a row lower: so the ways back run between those that lead on.
    step = 2 * _ROW
    nodes = {
        **_column(open_ones, open_frame, first=_ROW // 2, step=step),
        **_column(final_ones, final_frame, first=0, step=_ROW),
    }
    bare = Diagram(
        final_frame.right + _MARGIN,
        final_frame.bottom + _MARGIN,
        nodes,
        open_frame,
        final_frame,
        (),
    )
    arrows = [
        Arrow(number, points, row.second_person)
        for number, row in enumerate(table, start=1)
        for points in _lines(row, bare)
    ]
    return Diagram(bare.width, bare.height, nodes, open_frame, final_frame, tuple(arrows))


def _column(statuses: Sequence[Status], frame: Box, *, first: int, step: int) -> dict[Status, Box]:
    top = frame.y + _TOP + (_ROW - NODE_HEIGHT) // 2 + first
    return {
        status: Box(frame.x + _SIDE, top + number * step, NODE_WIDTH, NODE_HEIGHT)
        for number, status in enumerate(statuses)
    }


def _lines(row: Transition, diagram: Diagram) -> list[tuple[tuple[int, int], ...]]:
    target = diagram.nodes[row.to_status]
    if row.from_statuses == OPEN_STATUSES and row.to_status in FINAL_STATUSES:
        return [((diagram.open_frame.right, target.middle), (target.x, target.middle))]
    if row.from_statuses == FINAL_STATUSES and row.to_status in OPEN_STATUSES:
        return [((diagram.final_frame.x, target.middle), (target.right, target.middle))]
    starts = (diagram.nodes[status] for status in Status if status in row.from_statuses)
    return [_between(start, target) for start in starts]


def _between(start: Box, target: Box) -> tuple[tuple[int, int], ...]:
    """From node to node: straight between neighbours of a column, else around what is between."""
    if start.x != target.x:
        edge = (start.right, target.x) if start.x < target.x else (start.x, target.right)
        return ((edge[0], start.middle), (edge[1], target.middle))
    between = abs(start.y - target.y)
    if between <= 2 * _ROW:  # the next one, in either column
        # Down at the left and up at the right, so that a way and its way back are two lines.
        if start.y < target.y:
            return ((start.centre - 40, start.bottom), (start.centre - 40, target.y))
        return ((start.centre + 40, start.y), (start.centre + 40, target.bottom))
    around = start.x - _SIDE // 2
    return (
        (start.x, start.middle),
        (around, start.middle),
        (around, target.middle),
        (target.x, target.middle),
    )


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A row of the table in words: its number is that of its arrows."""

    number: int
    from_labels: list[str | Promise]
    to_label: str | Promise
    needs: list[str | Promise]
    who: str | Promise


def move_rows(table: Sequence[Transition]) -> list[MoveRow]:
    """The table beneath the picture, for whoever does not see it."""
    return [
        MoveRow(
            number,
            [status.label for status in Status if status in row.from_statuses],
            row.to_status.label,
            needs_in_words(row),
            _("an approver") if row.by == APPROVE else _("an editor"),
        )
        for number, row in enumerate(table, start=1)
    ]


class DiagramAdmin(ButtonsAdmin[Commitment]):
    """Commitments with a page that shows how their status may move."""

    def get_urls(self) -> list[URLPattern]:
        """With the page of the diagram."""
        view = self.admin_site.admin_view(require_safe(self.diagram_view))
        address = path("status-diagram/", view, name="commitments_commitment_diagram")
        return [address, *super().get_urls()]

    def diagram_view(self, request: HttpRequest) -> HttpResponse:
        """The picture and the table; `?at=` marks a status."""
        if not may(person(request), "commitments.view_commitment"):
            raise PermissionDenied
        diagram = lay_out(TABLE)
        at = request.GET.get("at", "")
        nodes: list[dict[str, Any]] = [
            {"box": box, "label": status.label, "is_here": status.value == at}
            for status, box in diagram.nodes.items()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("How a status may move"),
            "opts": self.opts,
            "diagram": diagram,
            "nodes": nodes,
            "moves": move_rows(TABLE),
            "media": self.media,
        }
        return TemplateResponse(request, "commitments/admin/diagram.html", context)
