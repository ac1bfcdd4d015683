"""The state diagram: everything of the table is there, and nothing stands in the way."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from commitments.admin.diagram import NODE_HEIGHT, NODE_WIDTH, Box, lay_out, move_rows
from commitments.enums import FINAL_STATUSES, OPEN_STATUSES, Status
from commitments.transitions import TABLE, Need, Transition
from tests.builders import make_commitment
from tests.commitments.admin.pages import commitment_url

DIAGRAM = lay_out(TABLE)
PAGE = "/admin/commitments/commitment/status-diagram/"


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def test_every_status_stands_once_in_its_frame() -> None:
    assert list(DIAGRAM.nodes) == [
        *(one for one in Status if one in OPEN_STATUSES),
        *(one for one in Status if one in FINAL_STATUSES),
    ]
    for status, box in DIAGRAM.nodes.items():
        frame = DIAGRAM.open_frame if status in OPEN_STATUSES else DIAGRAM.final_frame
        assert (box.width, box.height) == (NODE_WIDTH, NODE_HEIGHT)
        assert frame.x < box.x < box.right < frame.right
        assert frame.y < box.y < box.bottom < frame.bottom
    for one, other in combinations(DIAGRAM.nodes.values(), 2):
        assert not overlap(one, other)


def test_picture_holds_both_frames() -> None:
    assert DIAGRAM.open_frame.right < DIAGRAM.final_frame.x
    assert DIAGRAM.final_frame.right < DIAGRAM.width
    assert DIAGRAM.final_frame.bottom < DIAGRAM.height
    for arrow in DIAGRAM.arrows:
        for x, y in arrow.points:
            assert (0 < x < DIAGRAM.width, 0 < y < DIAGRAM.height) == (True, True)


def test_every_row_has_its_arrows() -> None:
    rows = [arrow.row for arrow in DIAGRAM.arrows]
    assert sorted(set(rows)) == list(range(1, len(TABLE) + 1))
    for number, row in enumerate(TABLE, start=1):
        of_frame = row.from_statuses in (OPEN_STATUSES, FINAL_STATUSES)
        assert rows.count(number) == (1 if of_frame else len(row.from_statuses))
    dashed = {arrow.row for arrow in DIAGRAM.arrows if arrow.second_person}
    assert dashed == {number for number, row in enumerate(TABLE, start=1) if row.second_person}


def test_every_arrow_ends_at_the_edge_of_its_status() -> None:
    for arrow in DIAGRAM.arrows:
        target = DIAGRAM.nodes[TABLE[arrow.row - 1].to_status]
        x, y = arrow.points[-1]
        at_side = x in (target.x, target.right) and target.y <= y <= target.bottom
        at_end = y in (target.y, target.bottom) and target.x <= x <= target.right
        assert at_side or at_end, arrow


def test_no_two_numbers_cover_each_other() -> None:
    for one, other in combinations(DIAGRAM.arrows, 2):
        (x1, y1), (x2, y2) = one.label_at, other.label_at
        assert (x1 - x2) ** 2 + (y1 - y2) ** 2 > 22**2, (one, other)


def test_arrows_between_the_frames_never_cross() -> None:
    level = [
        arrow for arrow in DIAGRAM.arrows if abs(arrow.points[0][0] - arrow.points[-1][0]) > 200
    ]
    assert len(level) == 8
    heights = {y for arrow in level for _x, y in arrow.points}
    assert len(heights) == len(level)


def test_another_table_makes_another_picture() -> None:
    row = Transition(frozenset({Status.DELIVERED}), Status.STALLED, (Need.REASON,))
    (arrow,) = lay_out([row]).arrows
    start, target = DIAGRAM.nodes[Status.DELIVERED], DIAGRAM.nodes[Status.STALLED]
    assert arrow.points == ((start.x, start.middle), (target.right, target.middle))
    assert lay_out([]).arrows == ()


def test_table_says_needs_and_people() -> None:
    rows = move_rows(TABLE)
    assert [row.number for row in rows] == list(range(1, len(TABLE) + 1))
    first, reopening = rows[0], rows[9]
    assert [str(one) for one in first.from_labels] == ["announced"]
    assert (str(first.to_label), str(first.who)) == ("in progress", "an editor")
    assert [str(one) for one in first.needs] == ["Cite a source that reports or confirms it."]
    assert str(reopening.who) == "an approver"
    assert "Another person has to agree." in [str(one) for one in rows[3].needs]


@pytest.mark.django_db
def test_page_shows_picture_and_table_without_script_or_style(desk: Client) -> None:
    answer = desk.get(PAGE, {"at": "stalled"})
    picture = re.search(r"<svg class=.diagram.*?</svg>", answer.content.decode(), re.DOTALL)
    assert picture is not None
    assert ("style=" in picture[0], "<script" in picture[0]) == (False, False)
    assert picture[0].count('class="node here"') == 1
    assert picture[0].count("<polyline") == len(DIAGRAM.arrows)
    for row in answer.context["moves"]:
        for need in row.needs:
            assert escape(str(need)) in answer.content.decode()
    assert desk.get(PAGE, {"at": "<b>"}).status_code == 200
    assert desk.post(PAGE).status_code == 405


@pytest.mark.django_db
def test_status_page_leads_to_the_picture(desk: Client) -> None:
    page = desk.get(commitment_url(make_commitment(), "status")).content.decode()
    assert f'href="{reverse("admin:commitments_commitment_diagram")}?at=announced"' in page
