"""The window value: bounds, refusals, round trip, agreement with the edtf library."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commitments.exceptions import WindowError
from commitments.window import Hemisphere, Precision, Shape, Window
from commitments.window_text import MAX_LENGTH, Sentence, shown
from tests.commitments.windows import single_texts, window_texts


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2025-05-09", "2025-05-09", "2025-05-09"),
        ("2025-21", "2025-03-01", "2025-05-31"),
        ("2025-22", "2025-06-01", "2025-08-31"),
        ("2025-23", "2025-09-01", "2025-11-30"),
        ("2024-24", "2024-12-01", "2025-02-28"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("2025-25", "2025-03-01", "2025-05-31"),
        ("2025-28", "2025-12-01", "2026-02-28"),
        ("2025-29", "2025-09-01", "2025-11-30"),
        ("2025-30", "2025-12-01", "2026-02-28"),
        ("2025-31", "2025-03-01", "2025-05-31"),
        ("2025-32", "2025-06-01", "2025-08-31"),
        ("2026-33", "2026-01-01", "2026-03-31"),
        ("2026-34", "2026-04-01", "2026-06-30"),
        ("2026-35", "2026-07-01", "2026-09-30"),
        ("2026-36", "2026-10-01", "2026-12-31"),
        ("2026-40", "2026-01-01", "2026-06-30"),
        ("2026-41", "2026-07-01", "2026-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2026-XX", "2026-01-01", "2026-12-31"),
        ("2026-04-XX", "2026-04-01", "2026-04-30"),
        ("2026-XX-XX", "2026-01-01", "2026-12-31"),
        ("2021/2025", "2021-01-01", "2025-12-31"),
        ("2024-12-24/2024-12-25", "2024-12-24", "2024-12-25"),
        ("2026/2026", "2026-01-01", "2026-12-31"),
        ("2026-06/2026", "2026-06-01", "2026-12-31"),
        ("2026/2026-06", "2026-01-01", "2026-06-30"),
        ("2025-24/2026-33", "2025-12-01", "2026-03-31"),
        ("2026-04/..", "2026-04-01", None),
        ("2026-04/", "2026-04-01", None),
        ("../2026", None, "2026-12-31"),
        ("/2026", None, "2026-12-31"),
        ("", None, None),
    ],
)
def test_window_bounds_are_first_and_last_possible_day(
    text: str, earliest: str | None, latest: str | None
) -> None:
    window = Window.parse(text)
    assert str(window) == text
    assert window.earliest == (earliest and date.fromisoformat(earliest))
    assert window.latest == (latest and date.fromisoformat(latest))


@pytest.mark.parametrize("qualifier", ["~", "?", "%"])
@pytest.mark.parametrize("text", ["2026", "2026-04", "2026-04-09", "2025-24", "2026-33", "201X"])
def test_window_qualifier_leaves_the_bounds_alone(text: str, qualifier: str) -> None:
    plain, qualified = Window.parse(text), Window.parse(text + qualifier)
    assert (qualified.earliest, qualified.latest) == (plain.earliest, plain.latest)
    assert qualified != plain
    assert qualified.is_approximate == (qualifier in "~%")
    assert qualified.is_uncertain == (qualifier in "?%")
    assert not plain.is_approximate
    assert not plain.is_uncertain


def test_window_qualifiers_stand_on_each_side() -> None:
    window = Window.parse("2024~/2026?")
    assert window.is_approximate
    assert window.is_uncertain
    assert (window.earliest, window.latest) == (date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "canonical", "earliest", "latest"),
    [
        ("2025-21", "2025-29", date(2025, 9, 1), date(2025, 11, 30)),
        ("2025-22~", "2025-30~", date(2025, 12, 1), date(2026, 2, 28)),
        ("2025-23", "2025-31", date(2025, 3, 1), date(2025, 5, 31)),
        ("2025-24", "2025-32", date(2025, 6, 1), date(2025, 8, 31)),
        ("2025-25", "2025-25", date(2025, 3, 1), date(2025, 5, 31)),
        ("2025-32", "2025-32", date(2025, 6, 1), date(2025, 8, 31)),
        ("2025-33", "2025-33", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025-21/2025-22", "2025-29/2025-30", date(2025, 9, 1), date(2026, 2, 28)),
    ],
)
def test_window_southern_seasons_are_named_as_such(
    text: str, canonical: str, earliest: date, latest: date
) -> None:
    window = Window.parse(text, hemisphere=Hemisphere.SOUTH)
    assert str(window) == canonical
    assert (window.earliest, window.latest) == (earliest, latest)
    assert Window.parse(canonical) == window
    assert Window.parse(canonical, hemisphere=Hemisphere.SOUTH) == window


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-02-30", "2025-02-30 is not a day: that month has 28 days."),
        ("2026-02-29", "2026-02-29 is not a day: that month has 28 days."),
        ("2026-04-31", "2026-04-31 is not a day: that month has 30 days."),
        ("2026-04-00", "2026-04-00 is not a day: that month has 30 days."),
        ("2026-00", "2026-00 has 00 where a month (01 to 12)"),
        ("2026-13", "2026-13 has 13 where a month (01 to 12)"),
        ("2026-20", "2026-20 has 20 where a month (01 to 12)"),
        ("2026-37", "2026-37 has 37 where a month (01 to 12)"),
        ("2026-39", "2026-39 has 39 where a month (01 to 12)"),
        ("2026-42", "2026-42 has 42 where a month (01 to 12)"),
        ("2026-21-01", "2026-21-01 gives a day of a season"),
        ("2026-33-XX", "2026-33-XX gives a day of a season"),
        ("2026/2025", "2026/2025 ends before it starts"),
        ("2026-04-02/2026-04-01", "2026-04-02/2026-04-01 ends before it starts"),
        ("2026-05/2026-33", "2026-05/2026-33 ends before it starts"),
        ("/", "/ has no date on either side"),
        ("../..", "../.. has no date on either side"),
        ("../", "../ has no date on either side"),
        ("/..", "/.. has no date on either side"),
        ("2024/2025/2026", "2024/2025/2026 has more than one slash"),
        ("2026-04/..~", "2026-04/..~ qualifies an open end"),
        ("..?/2026", "..?/2026 qualifies an open end"),
        ("2026/open", "2026/open uses a word for an end"),
        ("unknown/2026", "unknown/2026 uses a word for an end"),
        ("2026-04-12T10:00:00Z", "2026-04-12T10:00:00Z has a time of day"),
        ("2026-04-12 10:00", "2026-04-12 10:00 has a time of day"),
        ("Y170000002", "Y170000002 has a year of more than four digits"),
        ("20260", "20260 has a year of more than four digits"),
        ("12026-04", "12026-04 has a year of more than four digits"),
        ("2026/20270", "2026/20270 has a year of more than four digits"),
        ("-2026", "-2026 has a year with a sign"),
        ("+2026", "+2026 has a year with a sign"),
        ("0000", "0000 reaches beyond the years"),
        ("0000-04", "0000-04 reaches beyond the years"),
        ("000X", "000X reaches beyond the years"),
        ("00XX", "00XX reaches beyond the years"),
        ("9999-24", "9999-24 reaches beyond the years"),
        ("[2025,2026]", "[2025,2026] is a set of dates"),
        ("{2025..2026}", "{2025..2026} is a set of dates"),
        ("2026?~", "2026?~ has two qualifiers: write % for both"),
        ("~2026", "~2026 qualifies a part of a date: put ?, ~ or % at the end"),
        ("2026?-04", "2026?-04 qualifies a part of a date"),
        ("2026-4", "2026-4 lacks a zero"),
        ("2026-04-9", "2026-04-9 lacks a zero"),
        ("2026-4-09", "2026-4-09 lacks a zero"),
        ("2026-uu", "2026-uu has a letter that is not known"),
        ("2021\N{EN DASH}2025", "2021\N{EN DASH}2025 has a long dash"),
        ("2026-XX-05", "2026-XX-05 is not a date in EDTF"),
        ("201X-04", "201X-04 is not a date in EDTF"),
        ("2XXX", "2XXX is not a date in EDTF"),
        ("2", "2 is not a date in EDTF"),
        ("spring 2026", "spring 2026 is not a date in EDTF"),
        (
            "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO}26",
            "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO}26 is not a date in EDTF",
        ),
        ("2026\x00", "2026U+0000 has a control or invisible character"),
        ("2026\n", "2026U+000A has a control or invisible character"),
        ("\u202e2026", "U+202E2026 has a control or invisible character"),
        ("2026\ud800", "2026U+D800 has a control or invisible character"),
        ("2026 / 2027", "2026 / 2027 is not a date in EDTF"),
    ],
)
def test_window_refuses_with_a_sentence(text: str, message: str) -> None:
    with pytest.raises(WindowError) as refused:
        Window.parse(text)
    assert str(refused.value).startswith(message)
    assert str(refused.value).endswith((".", ")"))
    assert refused.value.code == "window_invalid"
    sentence = refused.value.message
    assert isinstance(sentence, Sentence)
    assert sentence.template % sentence.params == sentence


@pytest.mark.parametrize("length", [MAX_LENGTH + 1, 1_000_000])
@pytest.mark.parametrize("char", ["2", "-", "/", " ", "X", "?", "\x00", "\ud800"])
def test_window_refuses_long_text_at_once(char: str, length: int) -> None:
    started = time.perf_counter()
    with pytest.raises(WindowError, match="too long for a date: write at most 40 characters"):
        Window.parse(char * length)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("char", ["2", "-", "/", "X", "?", ".", "u", "T", "\N{EN DASH}"])
def test_window_explains_the_longest_text_quickly(char: str) -> None:
    started = time.perf_counter()
    with pytest.raises(WindowError):
        Window.parse(char * MAX_LENGTH)
    assert time.perf_counter() - started < 0.5


def test_window_ignores_spaces_around() -> None:
    assert Window.parse("  2026-04 ") == Window.parse("2026-04")
    assert Window.parse("   ") == Window.undated()


def test_window_undated_has_no_bounds() -> None:
    window = Window.undated()
    assert (window.is_undated, window.is_day, window.is_interval) == (True, False, False)
    assert (window.shape, window.precision, window.start) == (Shape.UNDATED, None, None)


def test_window_of_day_takes_the_calendar_day() -> None:
    assert str(Window.of_day(date(2025, 5, 9))) == "2025-05-09"
    assert str(Window.of_day(date(9, 1, 2))) == "0009-01-02"
    assert str(Window.of_day(datetime(2025, 5, 9, 23, 59, tzinfo=UTC))) == "2025-05-09"


def test_window_shape_and_precision_are_told() -> None:
    assert Window.parse("2025-24").precision is Precision.SEASON
    assert Window.parse("2025-24").shape is Shape.SINGLE
    assert Window.parse("2025/2026").precision is None
    assert Window.parse("2025/..").shape is Shape.OPEN_END
    assert Window.parse("2025/").shape is Shape.UNKNOWN_END
    assert Window.parse("../2025").shape is Shape.OPEN_START
    assert Window.parse("/2025").shape is Shape.UNKNOWN_START
    assert Window.parse("2025-05-09~").is_day
    assert Window.parse("2025-05-09/2025-05-09").is_day
    assert not Window.parse("2025-05-09/2025-05-10").is_day


def test_window_survives_pickling_and_is_a_key() -> None:
    window = Window.parse("2024-12-24/2024-12-25?")
    assert pickle.loads(pickle.dumps(window)) == window
    assert {window: 1}[Window.parse("2024-12-24/2024-12-25?")] == 1


@settings(deadline=None)
@given(window_texts())
def test_window_round_trip(text: str) -> None:
    window = Window.parse(text)
    assert Window.parse(str(window)) == window
    assert str(window) == text
    if window.earliest and window.latest:
        assert window.earliest <= window.latest


@settings(deadline=None)
@given(window_texts(Hemisphere.SOUTH))
def test_window_round_trip_from_the_south(text: str) -> None:
    window = Window.parse(text, hemisphere=Hemisphere.SOUTH)
    again = Window.parse(str(window))
    assert again == window
    assert (again.earliest, again.latest) == (window.earliest, window.latest)


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="0123456789-/.X?~% ", max_size=24))
def test_window_any_text_parses_or_is_refused(text: str) -> None:
    try:
        found = str(Window.parse(text))
    except WindowError as refused:
        message = refused.message
    else:
        message = ""
        assert str(Window.parse(found)) == found
    assert message.isprintable()


@settings(deadline=None)
@given(st.dates())
def test_window_of_any_day_is_that_day(day: date) -> None:
    window = Window.of_day(day)
    assert (window.earliest, window.latest, window.is_day) == (day, day, True)


def test_shown_text_is_short_and_visible() -> None:
    assert shown("a\x00b") == "aU+0000b"
    assert shown("a" * 40) == "a" * 40
    assert shown("a" * 41) == "a" * 40 + "…"
    assert len(shown("\x00" * 100)) == 41


def _edtf_bounds(text: str) -> tuple[date, date]:
    parsed = parse_edtf(text)
    lower, upper = parsed.lower_strict(), parsed.upper_strict()
    return date(*lower[:3]), date(*upper[:3])


def _edtf_answer(text: str) -> str:
    """What the edtf library makes of a text: its two days, or the name of its error."""
    try:
        parsed = parse_edtf(text)
        sides = (parsed.lower_strict(), parsed.upper_strict())
    except Exception as error:  # noqa: BLE001 (its errors have no common root)
        return type(error).__name__
    return " ".join("-".join(f"{part:02}" for part in side[:3]) for side in sides)


def _our_answer(text: str) -> str:
    try:
        window = Window.parse(text)
    except WindowError:
        return "WindowError"
    return f"{window.earliest} {window.latest}"


# Where edtf 5.0.2 is wrong or guesses, so that it cannot be the judge there.
@pytest.mark.parametrize(
    ("text", "edtf", "ours"),
    [
        # The winter and the southern summer are cut off at the end of the year.
        ("2024-24", "2024-12-01 2024-12-31", "2024-12-01 2025-02-28"),
        ("2025-28", "2025-12-01 2025-12-31", "2025-12-01 2026-02-28"),
        ("2025-30", "2025-12-01 2025-12-31", "2025-12-01 2026-02-28"),
        # A qualified season or quarter is not read.
        ("2025-21~", "EDTFParseException", "2025-03-01 2025-05-31"),
        ("2026-33?", "EDTFParseException", "2026-01-01 2026-03-31"),
        # A day that does not exist is taken, and an end before its start.
        ("2026-02-29", "2026-02-29 2026-02-29", "WindowError"),
        ("2026/2025", "2026-01-01 2025-12-31", "WindowError"),
        # An unknown end is guessed to be ten years away.
        ("2026-04/", "2026-04-01 2036-04-01", "2026-04-01 None"),
        ("/2026", "2016-12-31 2026-12-31", "None 2026-12-31"),
    ],
)
def test_window_where_the_edtf_library_is_wrong(text: str, edtf: str, ours: str) -> None:
    assert _edtf_answer(text) == edtf
    assert _our_answer(text) == ours


QUALIFIABLE = ("year", "month", "day", "decade", "century", "some")


@settings(deadline=None)
@given(
    single_texts(QUALIFIABLE, qualified=True)
    | single_texts(("season", "named_season", "quarter", "half"))
)
def test_window_agrees_with_the_edtf_library_on_single_dates(text: str) -> None:
    assume(text[4:] not in {"-24", "-28", "-30"})
    window = Window.parse(text)
    assert (window.earliest, window.latest) == _edtf_bounds(text)


@settings(deadline=None)
@given(single_texts(("year", "month", "day"), qualified=True), st.integers(0, 4000))
def test_window_agrees_with_the_edtf_library_on_intervals(text: str, days: int) -> None:
    start = Window.parse(text)
    assert start.latest is not None
    end = start.latest + timedelta(days=min(days, (date.max - start.latest).days))
    window = Window.parse(f"{text}/{end.isoformat()}")
    assert (window.earliest, window.latest) == _edtf_bounds(str(window))
