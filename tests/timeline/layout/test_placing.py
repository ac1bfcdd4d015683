"""The picture in time: nothing overlaps, nothing falls off the sheet, and the counts sum up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.window import Window
from timeline.layout.axis import MOST_PERIODS, Zoom
from timeline.layout.letters import broken, cut, width_of
from timeline.layout.placing import (
    ALL,
    BARE,
    MIDDLE,
    MOST_BARS,
    NARROW,
    OTHERS,
    WIDE,
    Bar,
    Format,
    Sheet,
    Span,
    Statement,
    View,
    lay_out,
)
from timeline.layout.sheet import LINE

TODAY = date(2026, 11, 24)
forms = st.sampled_from([WIDE, MIDDLE, NARROW])
# How long one example takes is no fault of the drawing: a crowded machine may stop for a second.
patiently = settings(deadline=None)


def span(window: str, title: str = "Launch", **changes: object) -> Span:
    plain = Span("b2345678", title, "overdue", "overdue", Window.parse(window))
    return replace(plain, **changes)  # type: ignore[arg-type]


def draw(
    *spans: Span,
    today: date = TODAY,
    form: Format = WIDE,
    view: View = ALL,
    statements: tuple[Statement, ...] = (),
) -> Sheet:
    sheet = lay_out(spans, today=today, language="en", form=form, view=view, statements=statements)
    assert sheet is not None
    return sheet


def only_bar(*spans: Span, today: date = TODAY, form: Format = WIDE) -> Bar:
    (bar,) = draw(*spans, today=today, form=form).bars
    return bar


def axis_words(sheet: Sheet) -> list[str]:
    return [f"{one.begins} {one.words}".strip() for one in sheet.axis.periods]


def test_nothing_dated_is_no_picture() -> None:
    assert lay_out([span("")], today=TODAY, language="en") is None
    assert lay_out([], today=TODAY, language="en") is None


def test_year_stands_where_it_is_on_an_axis_of_whole_quarters() -> None:
    sheet = draw(span("2025"))
    (bar,) = sheet.bars
    # January 2025 to the end of December 2026: 730 days.
    assert (bar.stretch.x, bar.stretch.width, bar.stretch.x_end) == (0.0, 50.0, 50.0)
    assert sheet.today_x == round(100 * 692 / 730, 2)
    assert axis_words(sheet) == [
        *("2025 Q1", "Q2", "Q3", "Q4"),
        *("2026 Q1", "Q2", "Q3", "Q4"),
    ]


def test_ticks_of_months_name_the_year_where_it_starts() -> None:
    sheet = draw(span("2026-11-01/2027-02-10"))
    assert axis_words(sheet) == ["2026 Nov", "Dec", "2027 Jan", "Feb"]


def test_year_that_is_over_at_once_has_no_room_for_its_name() -> None:
    sheet = draw(span("2025-12-31"))
    assert axis_words(sheet)[:2] == ["Dec", "2026 Jan"]


def test_ticks_are_half_years_then_years_over_a_longer_time() -> None:
    assert axis_words(draw(span("2021/2025")))[:3] == ["2021 Jan", "Jul", "2022 Jan"]
    sheet = draw(span("2018/2025"))
    assert axis_words(sheet) == [str(year) for year in range(2018, 2027)]
    assert [one.is_minor for one in sheet.axis.periods][:4] == [False, True, False, True]


def test_axis_words_follow_the_language() -> None:
    for language, words in (("ru", "нояб."), ("kk", "қар.")):
        sheet = lay_out([span("2026-11")], today=TODAY, language=language)
        assert sheet is not None
        assert sheet.axis.periods[0].words == words
    quarters = lay_out([span("2025")], today=TODAY, language="ru")
    assert quarters is not None
    assert quarters.axis.periods[0].words == "1-й кв."


@pytest.mark.parametrize(
    ("zoom", "at", "first", "last", "periods"),
    [
        (Zoom.DECADE, date(2026, 5, 1), "2020", "2029", 10),
        (Zoom.YEAR, date(2026, 5, 1), "2026 Jan", "Dec", 12),
        (Zoom.QUARTER, date(2026, 12, 31), "Oct 2026 1", "22", 12),
        (Zoom.DECADE, date(1, 1, 1), "1", "9", 10),
        (Zoom.QUARTER, date(9999, 12, 31), "Oct 9999 1", "22", 12),
    ],
)
def test_zoom_shows_whole_decades_years_and_quarters(
    zoom: Zoom, at: date, first: str, last: str, periods: int
) -> None:
    sheet = draw(span("2026"), view=View(zoom, at))
    words = axis_words(sheet)
    assert (words[0], words[-1], len(words)) == (first, last, periods)


@pytest.mark.parametrize(
    ("day", "is_seen"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_zoom_draws_what_has_a_day_in_view(day: str, is_seen: bool) -> None:
    sheet = draw(span(day), view=View(Zoom.YEAR, TODAY))
    assert len(sheet.bars) == is_seen


@pytest.mark.parametrize(
    ("today", "is_seen"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2027, 1, 1), False)],
)
def test_line_of_today_is_drawn_where_today_is_in_view(today: date, is_seen: bool) -> None:
    sheet = draw(span("2026"), today=today, view=View(Zoom.YEAR, TODAY))
    assert (sheet.today_x is not None) == is_seen


@pytest.mark.parametrize(
    ("window", "edges"),
    [
        ("2025", (25, 25)),
        ("2025~", (50, 50)),
        ("2025?", (25, 25)),
        ("2021/2025", (5, 5)),
        ("2025-05-09", (0, 0)),
        ("2025-05-09~", (50, 50)),
        ("2024-12-24/2024-12-25", (0, 0)),
        ("2025-01-15/2025", (0, 25)),
        ("2026/..", (25, 60)),
        ("../2026", (60, 25)),
        ("2026-05-01/..", (0, 60)),
    ],
)
def test_vague_sides_are_soft_and_days_are_crisp(window: str, edges: tuple[int, int]) -> None:
    fade = only_bar(span(window)).fade
    assert (fade.start, fade.end) == edges
    assert fade.solid_until == 100 - edges[1]
    assert fade.is_crisp == (edges == (0, 0))


def test_fades_are_drawn_once_for_each_look_and_shape() -> None:
    sheet = draw(span("2024"), span("2025"), span("2025", look="open"), span("2025-05-09"))
    assert [fade.key for fade in sheet.fades] == ["open-25-25", "overdue-0-0", "overdue-25-25"]


def test_one_day_is_a_point_and_never_too_thin_to_see() -> None:
    stretch = only_bar(span("2025-05-09")).stretch
    assert stretch.is_point
    assert stretch.width > 0


def test_open_ends_reach_the_edge_and_say_so() -> None:
    before, onward = (bar.stretch for bar in draw(span("2026/..", "A"), span("../2025", "B")).bars)
    assert (onward.x_end, onward.opens_left, onward.opens_right) == (100.0, False, True)
    assert (before.x, before.opens_left, before.opens_right) == (0.0, True, False)


@pytest.mark.parametrize(
    ("day", "waits"), [("2026-11-22", True), ("2026-11-23", False), ("2026-11-24", False)]
)
def test_line_runs_on_for_each_day_between_the_last_possible_one_and_today(
    day: str, waits: bool
) -> None:
    sheet = draw(span(day, waits=True), view=View(Zoom.QUARTER, TODAY))
    (bar,) = sheet.bars
    assert bar.wait_to == (sheet.today_x if waits else None)


def test_line_runs_off_the_sheet_where_today_is_later() -> None:
    bar = draw(span("2025-03", waits=True), view=View(Zoom.YEAR, date(2025, 1, 1))).bars[0]
    assert bar.wait_to == 100.0


def test_move_is_drawn_from_the_old_end_to_the_new_one() -> None:
    bar = only_bar(span("2026", moved_from=Window.parse("2025")))
    assert bar.move is not None
    assert (bar.move.old.x, bar.move.old.x_end) == (0.0, 50.0)
    assert (bar.move.arrow_from, bar.move.arrow_to, bar.move.is_later) == (50.0, 100.0, True)
    assert bar.left <= 0.0
    assert bar.height > only_bar(span("2026")).height


def test_move_to_an_earlier_time_points_back() -> None:
    bar = only_bar(span("2025", moved_from=Window.parse("2026-02")))
    assert bar.move is not None
    assert not bar.move.is_later


@pytest.mark.parametrize("old", ["", "2026", "1999"])
def test_move_from_nowhere_in_view_is_not_drawn(old: str) -> None:
    sheet = draw(
        span("2026", moved_from=Window.parse(old)), view=View(Zoom.YEAR, TODAY), form=NARROW
    )
    assert sheet.bars[0].move is None


def test_end_that_stayed_has_an_old_window_and_no_arrow() -> None:
    bar = only_bar(span("2026", moved_from=Window.parse("2026-12")))
    assert bar.move is not None
    assert bar.move.arrow_to is None


def test_first_to_end_is_on_top_and_each_has_its_line_on_a_phone() -> None:
    spans = (span("2026", "C"), span("2021/2025", "A"), span("2025", "B"), span("2027/..", "D"))
    sheet = draw(*spans, form=NARROW)
    assert [bar.span.title for bar in sheet.bars] == ["A", "B", "C", "D"]
    assert {later.y - bar.y for bar, later in pairwise(sheet.bars)} == {NARROW.lane}


def test_far_apart_ones_share_a_lane_on_a_wide_sheet() -> None:
    first, last = draw(span("2021-01", "A"), span("2026-10", "B")).bars
    assert first.y == last.y
    again = draw(span("2021-01", "A"), span("2026-10", "B"), form=NARROW).bars
    assert again[0].y != again[1].y


def test_long_title_takes_two_lines_on_a_phone_and_one_on_a_wider_sheet() -> None:
    title = "Opening of the Alley of Eternal Kazakhstani-Russian Friendship"
    bar = only_bar(span("2025", title), form=NARROW)
    assert (bar.first_line, bar.label) == (
        *("Opening of the Alley of Eternal", "Kazakhstani-Russian Friendship"),
    )
    assert bar.height == NARROW.lane + LINE
    short = only_bar(span("2025", "Launch"), form=NARROW)
    assert (short.first_line, short.label, short.height) == ("", "Launch", NARROW.lane)
    assert only_bar(span("2025", title)).first_line == ""


def test_longer_titles_are_cut_at_a_word() -> None:
    title = "Opening of the Alley of Eternal Kazakhstani-Russian Friendship and of its gardens"
    bar = only_bar(span("2025", title), form=NARROW)
    assert bar.label == "Kazakhstani-Russian…"
    assert broken("Donaudampfschifffahrt", 100)[0] + broken("Donaudampfschifffahrt", 100)[1] == (
        "Donaudampfschifffahrt"
    )
    assert broken("Zwei Worte", 1_000) == ("Zwei Worte", "")
    assert cut("Short", 100) == "Short"
    assert width_of(cut("x" * 300, 100)) <= 100


def test_one_line_for_one_commitment_has_no_words() -> None:
    sheet = draw(span("2025"), form=BARE)
    assert sheet.height < draw(span("2025")).height
    assert sheet.said == ()


def statement(day: str) -> Statement:
    return Statement(day, "Talks", date.fromisoformat(day))


def test_statements_are_points_on_their_days_and_near_ones_are_one() -> None:
    days = ("2025-01-01", "2025-07-01", "2025-07-03", "2020-01-01")
    sheet = draw(span("2025"), span("2026"), statements=tuple(map(statement, days)))
    assert [(said.x, said.count) for said in sheet.said] == [(0.0, 1), (24.79, 2)]


def test_as_many_as_there_is_room_for_are_drawn_one_by_one() -> None:
    spans = [span("2025", f"{number}") for number in range(MOST_BARS)]
    sheet = draw(*spans)
    assert (len(sheet.bars), sheet.is_counted) == (MOST_BARS, False)
    sheet = draw(*spans, span("2026"))
    assert (sheet.bars, sheet.is_counted) == ((), True)
    assert [block.count for group in sheet.groups for block in group.blocks] == [MOST_BARS, 1]


def test_piles_are_as_high_as_there_are_many() -> None:
    sheet = draw(*[span("2025-01")] * 40, *[span("2026-12", look="upcoming")] * 80)
    (group,) = sheet.groups
    small, great = group.blocks
    assert [(part.family, part.count) for part in great.parts] == [("coming", 80)]
    assert great.parts[0].height == 2 * small.parts[0].height
    assert great.top == group.top + group.height - great.parts[0].height
    assert small.parts[0].y + small.parts[0].height == group.top + group.height


def test_groups_stand_in_the_order_given_and_the_rest_is_last() -> None:
    spans = [
        span("2025", "A", groups=("sport",)),
        span("2025", "B", groups=("space", "sport")),
        span("2025", "C", groups=("trade",)),
    ]
    names = {"space": "Space", "sport": "Sport", "empty": "Empty"}
    sheet = lay_out(spans, today=TODAY, language="en", names=names)
    assert sheet is not None
    assert [(group.key, group.name, group.total) for group in sheet.groups] == [
        ("space", "Space", 1),
        ("sport", "Sport", 2),
        (OTHERS, "", 1),
    ]


def test_rest_is_only_numbers_and_no_measure_for_the_others() -> None:
    spans = [span("2025", groups=("a",))] * 45 + [span("2025", groups=("b",))] * 900
    sheet = lay_out(spans, today=TODAY, language="en", names={"a": "A", "c": "C"})
    assert sheet is not None
    named, rest = sheet.groups
    assert named.blocks[0].parts[0].height == 44
    assert (rest.blocks[0].count, rest.blocks[0].parts) == (900, ())


def test_what_began_long_before_the_others_is_cut_and_stays_in_view() -> None:
    spans = [span("2024/2025", f"{number}") for number in range(15)]
    sheet = draw(*spans, span("2001/2024-06", "Long"))
    long = next(bar for bar in sheet.bars if bar.span.title == "Long")
    assert axis_words(sheet)[0] == "2024 Q1"
    assert (long.stretch.x, long.stretch.opens_left) == (0.0, True)


def test_what_ended_long_before_the_others_is_never_cut_off() -> None:
    spans = [span("2024/2025", f"{number}") for number in range(15)]
    assert len(draw(*spans, span("2019-03", "Old")).bars) == 16


def test_far_years_are_cut_at_the_horizon() -> None:
    bar = draw(span("2025"), span("2026/9999")).bars[-1]
    assert (bar.stretch.x_end, bar.stretch.opens_right) == (100.0, True)


def years_of(*windows: str) -> tuple[str, str]:
    periods = draw(*(span(window) for window in windows)).axis.periods
    first, last = (date.fromordinal(one) for one in (periods[0].first, periods[-1].end - 1))
    return str(first.year), str(last.year)


def test_one_far_window_does_not_press_the_others_into_a_corner() -> None:
    near = ["2025", "2026", "2027", "2028", "2029"]
    assert years_of(*near, *near, "2060") == ("2025", "2029")


def test_far_windows_are_drawn_where_they_are_more_than_a_few() -> None:
    first, last = years_of("2025", "2060")
    assert int(first) <= 2025
    assert int(last) >= 2060


day_texts = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
near_days = st.dates(date(2010, 1, 1), date(2040, 12, 31)).map(date.isoformat)
windows = st.one_of(
    near_days,
    day_texts,
    st.tuples(near_days, near_days).map(lambda pair: "/".join(sorted(pair))),
    st.tuples(day_texts, day_texts).map(lambda pair: "/".join(sorted(pair))),
    st.integers(1, 9999).map("{:04}".format),
    near_days.map("{}/..".format),
    near_days.map("../{}".format),
    st.tuples(st.integers(1, 9998), st.sampled_from([1, 12, 21, 24, 33, 36, 40, 41])).map(
        lambda pair: f"{pair[0]:04}-{pair[1]:02}"
    ),
)
titles = st.text(alphabet="abcdefgh mwijк ыЖ", min_size=1, max_size=80)
looks = st.sampled_from(["overdue", "open", "upcoming", "delivered", "withdrawn"])
spans_drawn = st.builds(
    lambda window, old, title, look, groups: Span(
        title,
        title,
        look,
        look,
        Window.parse(window),
        waits=look == "overdue",
        moved_from=Window.parse(old) if old else None,
        groups=tuple(groups),
    ),
    windows,
    st.one_of(st.just(""), windows),
    titles,
    looks,
    st.sets(st.sampled_from(["a", "b", "c", "d"]), max_size=3).map(sorted),
)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
views = st.one_of(
    st.just(ALL), st.builds(View, st.sampled_from(list(Zoom)), st.dates(date(1, 1, 1)))
)
NAMES = {"a": "A", "b": "B", "c": "C"}


@patiently
@given(st.lists(spans_drawn, min_size=1, max_size=12), days, views, forms)
def test_nothing_overlaps_and_everything_stays_on_the_sheet(
    spans: list[Span], today: date, view: View, form: Format
) -> None:
    sheet = lay_out(spans, today=today, language="en", view=view, form=form, names=NAMES)
    assert sheet is not None
    assert 1 <= len(sheet.axis.periods) <= MOST_PERIODS
    for bar in sheet.bars:
        stretch = bar.stretch
        assert 0 <= stretch.x <= stretch.x_end <= 100
        assert 0 <= bar.left <= stretch.x
        assert stretch.x_end <= bar.right <= 100
        assert 0 <= bar.label_x <= 100
        assert bar.wait_to is None or stretch.x_end <= bar.wait_to <= bar.right
        assert bar.y > 0
        assert bar.y + bar.height <= sheet.height
    for group in sheet.groups:
        for one in group.bars:
            for other in group.bars:
                is_apart = one.right + form.gap <= other.left or other.right + form.gap <= one.left
                is_elsewhere = one.y + one.height <= other.y or other.y + other.height <= one.y
                assert one is other or is_apart or is_elsewhere
    for above, below in pairwise(sheet.groups):
        assert above.top + above.height <= below.y


@patiently
@given(st.lists(spans_drawn, min_size=1, max_size=12), days, views)
def test_line_of_today_is_where_the_day_is(spans: list[Span], today: date, view: View) -> None:
    sheet = draw(*spans, today=today, view=view)
    first, end = sheet.axis.first, sheet.axis.end
    if first <= today.toordinal() < end:
        assert sheet.today_x == round(100 * (today.toordinal() - first) / (end - first), 2)
    else:
        assert sheet.today_x is None
        assert view is not ALL


@patiently
@given(st.lists(spans_drawn, min_size=1, max_size=12), days, views)
def test_counts_sum_up(spans: list[Span], today: date, view: View) -> None:
    many = spans * (MOST_BARS + 1)
    sheet = lay_out(many, today=today, language="en", view=view, names=NAMES)
    assert sheet is not None
    due = Counter(
        key for one in many for key in ([k for k in one.groups if k in NAMES] or [OTHERS])
    )
    for group in sheet.groups:
        assert group.total == due[group.key]
        if not sheet.is_counted:
            assert group.before + len(group.bars) + group.after == group.total
            continue
        counted = sum(block.count for block in group.blocks)
        assert group.before + counted + group.after == group.total
        for block in group.blocks:
            assert 0 <= block.x <= block.x + block.width <= 100
            assert sum(part.count for part in block.parts) in {0, block.count}
            assert block.top >= group.y
        for left, right in pairwise(group.blocks):
            assert left.x + left.width < right.x


@patiently
@given(st.lists(days, max_size=40), days)
def test_statements_never_overlap_and_none_is_lost(said: list[date], today: date) -> None:
    spans = [span("1990/2060")]
    statements = tuple(Statement(str(number), "", day) for number, day in enumerate(said))
    for form in (WIDE, MIDDLE, NARROW):
        sheet = draw(*spans, today=today, form=form, statements=statements)
        assert sum(one.count for one in sheet.said) == sum(
            sheet.axis.holds(day.toordinal()) for day in said
        )
        for left, right in pairwise(sheet.said):
            assert right.x - left.x >= form.between_statements


@patiently
@given(windows, days)
def test_every_dated_one_is_in_the_whole_view_unless_beyond_the_horizon(
    window: str, today: date
) -> None:
    near = [span(f"{today - timedelta(days=300 * number)}", f"{number}") for number in range(11)]
    sheet = draw(*near, span(window, "Drawn"), today=today)
    found = [bar for bar in sheet.bars if bar.span.title == "Drawn"]
    parsed = Window.parse(window)
    bounds = [day for day in (parsed.earliest, parsed.latest) if day]
    is_far = all(abs(day.year - today.year) > 10 for day in bounds)
    assert found or is_far
