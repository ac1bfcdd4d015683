"""English: every word and pattern that is read, every template that is printed.

Decided here: "by 2026" and "until 2026" leave all of 2026, since what is not yet late must not be
called late; "before 2026" ends with 2025. A date such as 5/9/2025 is refused: half the readers
of English would put it in September.
"""

from __future__ import annotations

from commitments.phrases.table import Forms, Language, Printing, Words, forms, numbered
from commitments.window import Precision

_MONTHS = (
    ("January", "Jan"),
    ("February", "Feb"),
    ("March", "Mar"),
    ("April", "Apr"),
    ("May",),
    ("June", "Jun"),
    ("July", "Jul"),
    ("August", "Aug"),
    ("September", "Sept", "Sep"),
    ("October", "Oct"),
    ("November", "Nov"),
    ("December", "Dec"),
)

_WORDS: Words = {
    "month": numbered(*_MONTHS),
    "season": numbered(
        ("spring", "springtime"), ("summer", "summertime"), ("autumn", "fall"), ("winter",)
    ),
    "ordinal": numbered(("first",), ("second",), ("third",), ("fourth",)),
    "number": {
        1: ("one", "a", "an"),
        2: ("two",),
        3: ("three",),
        4: ("four",),
        5: ("five",),
        6: ("six",),
        7: ("seven",),
        8: ("eight",),
        9: ("nine",),
        10: ("ten",),
        12: ("twelve",),
        14: ("fourteen",),
        15: ("fifteen",),
        20: ("twenty",),
        30: ("thirty",),
        40: ("forty",),
        60: ("sixty",),
        90: ("ninety",),
        100: ("one hundred", "a hundred"),
    },
    "nth": {0: ("st", "nd", "rd", "th")},
    "quarter": {0: ("quarter", "q")},
    "half": {0: ("half", "half-year", "h")},
    "year_word": {0: ("year", "years")},
    "unit": {
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
    },
    "relative_year": {
        0: ("this year", "current year", "present year", "year in progress"),
        1: ("next year", "coming year", "this coming year", "following year"),
        2: ("year after next",),
        -1: ("last year", "previous year", "past year"),
    },
    "relative_month": {
        0: ("this month", "current month"),
        1: ("next month", "coming month", "following month"),
        -1: ("last month", "previous month", "past month"),
    },
    "relative_week": {
        0: ("this week", "current week"),
        1: ("next week", "coming week", "following week"),
        -1: ("last week", "previous week", "past week"),
    },
    "relative_quarter": {
        0: ("this quarter", "current quarter"),
        1: ("next quarter", "coming quarter", "following quarter"),
        -1: ("last quarter", "previous quarter", "past quarter"),
    },
    "relative_day": {
        0: ("today", "this day", "just signed", "just now"),
        1: ("tomorrow",),
        2: ("day after tomorrow",),
        -1: ("yesterday",),
        -2: ("day before yesterday",),
    },
    "pointer": {
        "this": ("this",),
        "next": ("next", "following"),
        "last": ("last", "previous"),
        "coming": ("coming", "upcoming", "this coming"),
        "past": ("past", "this past", "just past"),
    },
    "third": {
        1: ("early", "early in", "beginning of", "start of", "at beginning of", "at start of"),
        2: ("mid", "mid -", "middle of", "in middle of"),
        3: ("late", "late in", "end of", "at end of", "towards end of", "toward end of"),
    },
    "some_year": {0: ("some year of", "some year in")},
    "some": {
        "month": ("some month of", "some month in"),
        "day": ("some day of", "some day in"),
    },
    "decade": {0: ("s",)},
    "in": {0: ("in", "on", "at", "during", "over", "sometime in", "some time in")},
    "of": {0: ("of",)},
    "until": {0: ("by", "until", "till", "no later than", "not later than", "through", "up to")},
    "until_end": {
        0: ("by end of", "until end of", "till end of", "before end of", "no later than end of")
    },
    "before": {0: ("before", "earlier than", "prior to", "before start of")},
    "from": {
        0: (
            "from",
            "since",
            "starting",
            "starting in",
            "starting from",
            "beginning in",
            "as of",
            "no earlier than",
            "not earlier than",
            "not before",
        )
    },
    "onwards": {0: ("onward", "onwards", "and later")},
    "after": {0: ("after", "later than")},
    "to": {0: ("to",)},
    "between": {0: ("between",)},
    "and": {0: ("and",)},
    "within": {0: ("within",)},
    "counted": {0: ("from date of", "of date of", "following date of")},
    "anchor": {
        "source": ("this statement", "statement", "announcement", "talks", "meeting"),
        "signing": ("signing", "signature", "being signed", "its signing"),
        "entry_into_force": ("entry into force", "its entry into force", "coming into force"),
        "ratification": ("ratification", "its ratification"),
        "adoption": ("adoption", "its adoption"),
        "publication": ("publication", "its publication"),
    },
    "about": {0: ("about", "around", "approximately", "circa", "roughly", "c", "ca", "~")},
    "uncertain": {0: ("(uncertain)", "(?)", "?")},
    "hemisphere": {"north": ("(northern hemisphere)",), "south": ("(southern hemisphere)",)},
    "end_unknown": {0: ("end unknown",)},
    "start_unknown": {0: ("start unknown",)},
    "filler": {
        0: (
            "as planned",
            "as scheduled",
            "as agreed",
            "as expected",
            "as announced",
            "planned for",
            "scheduled for",
        )
    },
}

_PARTS = {
    "YEAR": ("year_word? y", "relative_year"),
    "OF_YEAR": ("of? YEAR",),
    "NTH": ("ordinal", "n nth?"),
    "CORE": (
        "date",
        "YEAR",
        "n nth? of? month OF_YEAR?",
        "month n nth? OF_YEAR?",
        "month OF_YEAR?",
        "season of? y dash|slash y|n",
        "season OF_YEAR?",
        "pointer month|season",
        "NTH quarter|half of? YEAR|year_word",
        "quarter|half n of? YEAR",
        "YEAR quarter|half n",
        "third YEAR|year_word",
        "third month OF_YEAR?",
        "relative_day|relative_week|relative_month|relative_quarter",
        "some_year y dash y",
        "some YEAR",
        "some month of? YEAR",
        "y decade",
    ),
    "PERIOD": ("year_word|unit|quarter",),
    "POINT": ("in? about? in? CORE hemisphere? uncertain?",),
    # One side of a range may leave to the other what they share: "24-25 December".
    "SIDE": ("POINT", "n nth? YEAR?", "ordinal"),
}

_WINDOWS = {
    "at": ("A:POINT",),
    "until": ("until|until_end B:POINT", "until_end B:PERIOD"),
    "until_unknown": ("until|until_end B:POINT start_unknown",),
    "before": ("before B:POINT",),
    "since": ("from A:POINT", "from? A:POINT onwards"),
    "since_unknown": ("from A:POINT end_unknown",),
    "after": ("after A:POINT",),
    "within": (
        "within n|number unit|year_word",
        "within|in pointer n|number unit|year_word",
        "within n|number unit|year_word of|from|after|counted anchor",
    ),
    # Last, so that the dash of a winter is not taken for that of a range.
    "dash": ("in? A:SIDE dash B:SIDE",),
    "range": (
        "from A:SIDE to|until|dash B:SIDE",
        "A:SIDE to|until B:SIDE",
        "between A:SIDE and B:SIDE",
    ),
}


def _with_article(template: str) -> Forms:
    """A template that takes "the" wherever it does not stand by itself."""
    inside = f"{{about}}the {template}"
    return forms(template, f"in {inside}", inside, inside, inside)


_PRINTING = Printing(
    months=tuple(forms(names[0]) for names in _MONTHS),
    seasons=tuple(forms(name) for name in ("spring", "summer", "autumn", "winter")),
    quarters=tuple(forms(f"{nth} quarter") for nth in ("first", "second", "third", "fourth")),
    halves=(forms("first half"), forms("second half")),
    points={
        Precision.DAY: forms("{day} {month} {year}", "on {about}{day} {month} {year}"),
        Precision.MONTH: forms("{month} {year}", "in {about}{month} {year}"),
        Precision.SEASON: forms("{season} {year}", "in {about}{season} {year}"),
        Precision.QUARTER: _with_article("{quarter} of {year}"),
        Precision.HALF: _with_article("{half} of {year}"),
        Precision.YEAR: forms("{year}", "in {about}{year}"),
        Precision.DECADE: _with_article("{year}s"),
        Precision.CENTURY: forms("some year of {years}", "in {about}some year of {years}"),
        Precision.SOME_MONTH_OF_YEAR: forms(
            "some month of {year}", "in {about}some month of {year}"
        ),
        Precision.SOME_DAY_OF_MONTH: forms(
            "some day of {month} {year}", "on {about}some day of {month} {year}"
        ),
        Precision.SOME_DAY_OF_YEAR: forms("some day of {year}", "on {about}some day of {year}"),
    },
    crossing_season=forms("{season} {years}", "in {about}{season} {years}"),
    year_span=forms("{years}", "in {years}"),
    short={
        Precision.DAY: forms("{day} {month}"),
        Precision.MONTH: forms("{month}"),
        Precision.SEASON: forms("{season}"),
    },
    year_comes_first=False,
    from_to="from {start:from} to {end:to}",
    since="from {start:from}",
    until_end_of="by the end of {end:of}",
    no_later_than="no later than {end:of}",
    end_unknown="{words}, end unknown",
    start_unknown="{words}, start unknown",
    about="about ",
    uncertain=" (uncertain)",
    northern=" (northern hemisphere)",
    southern=" (southern hemisphere)",
    undated="undated",
)

ENGLISH = Language(
    code="en",
    words=_WORDS,
    parts=_PARTS,
    windows=_WINDOWS,
    dropped=frozenset({"the"}),
    printing=_PRINTING,
    unclear={
        "in the next year": ("next year", "within one year"),
        "over the next year": ("next year", "within one year"),
        "during the next year": ("next year", "within one year"),
        "in the next month": ("next month", "within one month"),
        "over the next month": ("next month", "within one month"),
        "in the next week": ("next week", "within one week"),
        "over the next week": ("next week", "within one week"),
        "within the year": ("this year", "within one year"),
    },
    undated=(
        "undated",
        "no date",
        "no date given",
        "date not set",
        "to be announced",
        "soon",
        "very soon",
        "shortly",
        "in near future",
        "in foreseeable future",
        "in future",
        "in coming years",
        "in coming months",
        "in coming weeks",
        "in coming days",
        "in next few years",
        "in next few months",
        "in next few weeks",
        "in next few days",
        "over next few years",
        "over coming years",
        "in due course",
        "as soon as possible",
        "some day",
        "later",
        "at a later date",
        # The state of the thing and no time at all.
        "under discussion",
        "prospects discussed",
        "on agenda",
        "proposed",
        "signed",
        "in progress",
        "currently in progress",
        # The day of the agreement is not the day by which the thing agreed on will be done.
        "agreement signed today",
    ),
    examples=(
        "2026",
        "spring 2025",
        "the spring of 2025",
        "winter 2024-2025",
        "January 2025",
        "9 May 2025",
        "May 9, 2025",
        "first quarter of 2026",
        "second half of 2026",
        "early 2026",
        "mid-2026",
        "late 2026",
        "24-25 December 2024",
        "2021-2025",
        "from 2024 to 2026",
        "by the end of 2026",
        "no later than 1 July 2026",
        "before 2026",
        "from April 2026",
        "within 40 days of the signing",
        "about 2026",
        "today",
        "tomorrow",
        "yesterday",
        "this year",
        "next year",
        "next month",
        "next January",
        "this autumn",
        "this past August",
        "spring of next year",
        "by the end of the year",
        "soon",
        "in the near future",
        "in the next few years",
        "no date",
    ),
)
