"""Every bad statement file is told with its line, its field and the fix, and loads nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from commitments.models import Target
from tests.commitments.actions.bad_statements import (
    BAD,
    BAD_FILES,
    EDTF,
    GOAL,
    LEFT_OUT,
    Place,
)
from tests.commitments.actions.loading import load, problems_of
from tests.commitments.statement_files import Document, as_file, whole_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def broken(place: Place, value: object) -> Document:
    document = whole_document()
    part: Any = document
    for step in place[:-1]:
        part = part[step]
    if value is LEFT_OUT:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return document


def expected_place(document: Document, place: Place) -> str:
    """ "line 12, commitments “launch”" of the row that `place` is in."""
    section, index = str(place[0]), int(place[1])
    row = document[section][index]
    lines = as_file(document).decode().splitlines()
    openings = [number for number, line in enumerate(lines, 1) if line == "  {"]
    before = sum(len(document[name]) for name in list(document)[: list(document).index(section)])
    key = str(row.get("key", "?"))
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in key[:40])
    if len(key) > 40:
        shown += "…"
    return f"line {openings[before + index]}, {section} “{shown}”"


@pytest.mark.parametrize(("place", "value", "problem"), BAD)
def test_a_bad_row_is_told_with_its_line_its_field_and_the_fix(
    place: Place, value: object, problem: str
) -> None:
    document = broken(place, value)
    assert problems_of(as_file(document)) == (f"{expected_place(document, place)}: {problem}",)


def test_there_are_more_than_a_hundred_ways() -> None:
    assert len(BAD) + len(BAD_FILES) > 130


def text_file(change: Callable[[str], str]) -> bytes:
    return change(as_file(whole_document()).decode()).encode()


@pytest.mark.parametrize(("content", "problem"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_a_file_that_cannot_be_read_is_told_with_its_place(content: bytes, problem: str) -> None:
    assert problems_of(content) == (problem,)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("NaN", "has to be a number."),
        ("Infinity", "has to be a number."),
        ("-Infinity", "has to be a number."),
        ("1e400", "Ensure that there are no more than 24 digits in total."),
        ("-1e400", "Ensure that there are no more than 24 digits in total."),
        ("1e999999999", "Ensure that there are no more than 24 digits in total."),
        ("1e99999999999999999999", "has to be a number."),
        ("1e-400", "Ensure that there are no more than 24 digits in total."),
        ("9" * 5000, "has to be a number."),
        ("0." + "1" * 5000, "has to be a number."),
        ("1.00001", "Ensure that there are no more than 4 decimal places."),
    ],
)
def test_a_number_of_any_size_is_a_sentence_and_no_crash(number: str, problem: str) -> None:
    content = text_file(lambda text: text.replace(GOAL, f'"goal": {number}'))
    [told] = problems_of(content)
    assert told.endswith(f"commitments “launch”: target.goal: {problem}")


def test_the_largest_and_the_finest_numbers_are_kept_exactly() -> None:
    for number in ("28400000000.1234", "1e19", "-0.0001"):
        document = whole_document()
        document["commitments"][1]["key"] = f"launch{number}".replace(".", "-")
        content = as_file(document).decode().replace(GOAL, f'"goal": {number}').encode()
        load(content)
        assert Target.objects.latest("pk").goal == Decimal(number)


def test_all_problems_are_told_at_once_and_only_their_causes() -> None:
    document = whole_document()
    document["sources"][0]["date"] = "yesterday"
    document["parties"][0]["name"] = "\x07"
    document["commitments"][1]["due"] = "soon"
    told = [problem.split(", ", 1)[1] for problem in problems_of(as_file(document))]
    # The rows that need the bad source and the bad country are not told as well.
    assert told == [
        "sources “talks”: date: has to be a day like 2024-11-27.",
        "parties “kz”: name: Remove the control character U+0007 at position 1.",
        f"commitments “launch”: due: {EDTF.format('soon')}",
    ]


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ({"a": "b", "b": "a"}, 1),
        ({"a": "b", "b": "c", "c": "a"}, 1),
        ({"a": "b", "b": "b", "c": "b"}, 1),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, 2),
    ],
)
def test_circles_of_rows_are_told_and_never_walked_for_ever(
    links: dict[str, str], told: int
) -> None:
    parties = [
        {"key": key, "kind": "organisation", "name": key, "of": body} for key, body in links.items()
    ]
    problems = problems_of(as_file({"parties": parties}))
    assert len(problems) == told
    assert all(problem.endswith("of: closes a circle; leave it out.") for problem in problems)
