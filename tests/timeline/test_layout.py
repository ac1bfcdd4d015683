"""The picture in time: positions in percent, soft edges, today's line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.window import Window
from timeline.layout import MAX_LANES, Bar, Picture, Span, lay_out

TODAY = date(2026, 11, 24)


def span(window: str, title: str = "Launch", **changes: object) -> Span:
    plain = Span("b2345678", title, "overdue", "overdue", Window.parse(window))
    return replace(plain, **changes)  # type: ignore[arg-type]


def draw(*spans: Span, today: date = TODAY, labelled: bool = True) -> Picture:
    picture = lay_out(spans, today=today, language="en", labelled=labelled)
    assert picture is not None
    return picture


def only_bar(*spans: Span, today: date = TODAY) -> Bar:
    (bar,) = draw(*spans, today=today).bars
    return bar


def test_nothing_dated_is_no_picture() -> None:
    assert lay_out([span("")], today=TODAY, language="en") is None
    assert lay_out([], today=TODAY, language="en") is None


def test_year_stands_where_it_is_on_an_axis_of_whole_quarters() -> None:
    picture = draw(span("2025"))
    (bar,) = picture.bars
    # January 2025 to the end of December 2026: 730 days.
    assert (bar.x, bar.width, bar.x_end) == (0.0, 50.0, 50.0)
    assert picture.today_x == round(100 * 692 / 730, 2)
    assert [tick.words for tick in picture.ticks] == [
        *("2025", "Apr", "Jul", "Oct"),
        *("2026", "Apr", "Jul", "Oct"),
    ]


def test_ticks_of_months_name_the_year_where_it_starts() -> None:
    picture = draw(span("2026-11-01/2027-02-10"))
    assert [tick.words for tick in picture.ticks] == ["Nov 2026", "Dec", "2027", "Feb"]


def test_ticks_are_years_over_a_longer_time() -> None:
    picture = draw(span("2021/2025"))
    assert [tick.words for tick in picture.ticks] == [
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
        "2026",
    ]
    assert [tick.is_minor for tick in picture.ticks] == [False, True, False, True, False, True]


def test_axis_always_holds_today() -> None:
    picture = draw(span("2030"))
    assert 0 <= picture.today_x < picture.bars[0].x


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
def test_vague_sides_are_soft_and_days_are_hard(window: str, edges: tuple[int, int]) -> None:
    fade = only_bar(span(window)).fade
    assert (fade.start, fade.end) == edges
    assert fade.solid_until == 100 - edges[1]


def test_fades_are_drawn_once_for_each_look_and_shape() -> None:
    picture = draw(span("2024"), span("2025"), span("2025", look="open"), span("2025-05-09"))
    assert [fade.key for fade in picture.fades] == ["open-25-25", "overdue-0-0", "overdue-25-25"]


def test_one_day_is_a_point_and_never_too_thin_to_see() -> None:
    bar = only_bar(span("2025-05-09"))
    assert bar.is_point
    assert bar.width > 0


def test_last_day_of_the_sheet_stays_on_it() -> None:
    bar = only_bar(span("2026-12-31"))
    assert bar.x_end == 100.0


def test_open_ends_reach_the_edge_and_say_so() -> None:
    onward, before = draw(span("2026/..", "A"), span("../2025", "B")).bars[::-1]
    assert (onward.x_end, onward.opens_left, onward.opens_right) == (100.0, False, True)
    assert (before.x, before.opens_left, before.opens_right) == (0.0, True, False)


@pytest.mark.parametrize(
    ("day", "waits"), [("2026-11-23", True), ("2026-11-24", False), ("2026-11-25", False)]
)
def test_line_runs_on_to_today_only_after_the_last_possible_day(day: str, waits: bool) -> None:
    picture = draw(span(day, waits=True), span("2025"))
    bar = picture.bars[-1]
    assert bar.wait_to == (picture.today_x if waits else None)


def test_line_does_not_run_on_for_what_is_finished() -> None:
    assert only_bar(span("2025", waits=False)).wait_to is None


def test_first_to_end_is_on_top() -> None:
    picture = draw(
        span("2026", "C"), span("2021/2025", "A"), span("2025", "B"), span("2027/..", "D")
    )
    assert [bar.span.title for bar in picture.bars] == ["A", "B", "C", "D"]
    steps = {later.y - bar.y for bar, later in zip(picture.bars, picture.bars[1:], strict=False)}
    assert steps == {34}
    assert picture.height == picture.bars[-1].y + 34 + 8


def test_bare_lanes_are_lower() -> None:
    assert draw(span("2025"), labelled=False).height < draw(span("2025")).height


def test_labels_of_past_and_future_stand_away_from_today() -> None:
    past, future = draw(span("2024", "A"), span("2028", "B")).bars
    assert (past.label_at_end, past.label_x) == (True, past.x_end)
    assert (future.label_at_end, future.label_x) == (False, future.x)


def test_label_that_does_not_fit_there_has_the_side_with_more_room() -> None:
    first, last = draw(span("2021", "A" * 60), span("2029", "B" * 60)).bars
    assert (first.label_at_end, first.label_x) == (False, first.x)
    assert (last.label_at_end, last.label_x) == (True, last.x_end)


def test_label_of_what_runs_on_for_long_starts_with_its_bar() -> None:
    bar = draw(span("2025", "A"), span("2026/2040", "B")).bars[1]
    assert (bar.label_at_end, bar.label_x) == (False, bar.x)


def test_label_of_what_runs_on_ends_before_todays_line() -> None:
    picture = draw(span("2021", "A"), span("2026", "B"))
    assert picture.bars[1].label_x == round(picture.today_x - 0.8, 2)


def test_long_titles_are_cut_at_a_word() -> None:
    bar = only_bar(span("2025", "Opening of the Alley of Eternal Kazakhstani-Russian Friendship"))
    assert bar.short_label == "Opening of the Alley of…"
    assert only_bar(span("2025", "x" * 300)).short_label == "x" * 30 + "…"
    assert only_bar(span("2025", "Short")).short_label == "Short"


def test_of_too_many_the_nearest_to_today_are_drawn() -> None:
    days = [TODAY - timedelta(days=30 * count) for count in range(MAX_LANES + 1)]
    picture = draw(*(span(day.isoformat(), f"{day}") for day in days))
    assert [bar.span.title for bar in picture.bars] == [f"{day}" for day in sorted(days)[1:]]
    assert (picture.total, picture.is_cut) == (MAX_LANES + 1, True)


def test_exactly_as_many_as_lanes_are_all_drawn() -> None:
    picture = draw(*(span("2025", f"{count}") for count in range(MAX_LANES)))
    assert (len(picture.bars), picture.is_cut) == (MAX_LANES, False)


def test_far_years_are_cut_at_the_horizon() -> None:
    bar = draw(span("2025"), span("2026/9999")).bars[-1]
    assert (bar.x_end, bar.opens_right) == (100.0, True)
    far_past = only_bar(span("0001"))
    assert (far_past.x, far_past.opens_left) == (0.0, True)


def test_axis_words_follow_the_language() -> None:
    picture = lay_out([span("2026-11")], today=TODAY, language="ru")
    assert picture is not None
    assert picture.ticks[0].words == "нояб. 2026"


day_texts = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
windows = st.one_of(
    day_texts,
    st.tuples(day_texts, day_texts).map(lambda pair: "/".join(sorted(pair))),
    st.integers(1, 9999).map("{:04}".format),
    day_texts.map("{}/..".format),
    day_texts.map("../{}".format),
    st.tuples(st.integers(1, 9998), st.sampled_from([1, 12, 21, 24, 33, 36, 40, 41])).map(
        lambda pair: f"{pair[0]:04}-{pair[1]:02}"
    ),
)


@given(st.lists(windows, min_size=1, max_size=6), st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_everything_stays_on_the_sheet(texts: list[str], today: date) -> None:
    picture = draw(*(span(text, waits=True) for text in texts), today=today)
    assert len(picture.bars) == len(texts)
    assert 0 <= picture.today_x <= 100
    assert 1 <= len(picture.ticks) <= 12
    for bar in picture.bars:
        assert 0 <= bar.x <= bar.x_end <= 100
        assert 0 <= bar.label_x <= 100
        assert 0 <= bar.fade.start <= 60
        assert 0 <= bar.fade.end <= 60
        assert bar.wait_to is None or bar.x_end - 0.5 <= bar.wait_to <= 100


def years_of(*windows: str) -> tuple[str, str]:
    ticks = draw(*(span(window) for window in windows)).ticks
    return ticks[0].words, ticks[-1].words


def test_one_far_window_does_not_press_the_others_into_a_corner() -> None:
    near = ["2025", "2026", "2027", "2028", "2029"]
    assert years_of(*near, *near, "2060") == ("2025", "2029")
    assert draw(*(span(window) for window in [*near, *near, "2060"])).bars[-1].opens_right


def test_far_windows_are_drawn_where_they_are_more_than_a_few() -> None:
    assert years_of("2025", "2060") == ("2025", "2060")
    assert years_of("2060") == ("2025", "2060")
    assert years_of("2026", "2050") == ("2025", "2050")


def test_nothing_is_drawn_beyond_the_last_horizon() -> None:
    assert years_of("2025", "2999") == ("2025", "Oct")
