"""The guide for a new editor says what the desk does."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from commitments.admin.read_back import Question, answer_to
from commitments.window import Hemisphere

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs/editing.md"
EXAMPLE = ROOT / "commitments/data/statement-2024-11-27.json"


def first_ten() -> list[list[str]]:
    """The rows of the guide's table: title, kind, when, understood as, also."""
    section = GUIDE.read_text().partition("## The first ten")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+) \|$", section, flags=re.MULTILINE)[2:]
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def test_guide_has_the_first_ten_of_the_example() -> None:
    example = json.loads(EXAMPLE.read_text())["commitments"][:10]
    assert [row[:2] for row in first_ten()] == [[one["title"], one["kind"]] for one in example]


@pytest.mark.parametrize("number", range(10))
def test_what_the_guide_tells_to_type_is_understood_as_it_says(number: int) -> None:
    _title, _kind, when, understood, _also = first_ten()[number]
    asked = Question(when, date(2024, 11, 27), ("en",), "Asia/Almaty", Hemisphere.NORTH, past=False)
    answer = answer_to(asked)
    example = json.loads(EXAMPLE.read_text())["commitments"][number]
    assert answer["sentence"].partition(", overdue")[0] == understood
    assert answer["edtf"] == example["due"]
