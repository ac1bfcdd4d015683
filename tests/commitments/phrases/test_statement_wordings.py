"""The real wordings of a statement, read against its date, give the dates that people gave them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import commitments
from commitments.phrases import read_phrase
from commitments.window import Window

STATEMENT = json.loads(
    (Path(commitments.__file__).parent / "data" / "statement-2024-11-27.json").read_text("utf-8")
)
SAID_ON = date(2024, 11, 27)
ROWS = {row["key"]: row for row in STATEMENT["commitments"]}
# Read more finely than the person who wrote the file did.
FINER = {"early September": "2024-09-01~/2024-09-10~"}


@pytest.mark.parametrize("key", ROWS)
def test_wording_is_read_as_the_due_date(key: str) -> None:
    row = ROWS[key]
    wording, due = row["due_wording"], row.get("due", "")
    is_over = row["status"] == "fulfilled"
    window = read_phrase(wording, said_on=SAID_ON, language="en", past=is_over).window
    assert str(window) == FINER.get(wording, due)


def test_finer_reading_lies_within_the_due_date() -> None:
    for wording, edtf in FINER.items():
        due = next(row["due"] for row in ROWS.values() if row["due_wording"] == wording)
        fine, coarse = Window.parse(edtf), Window.parse(due)
        assert fine.earliest
        assert fine.latest
        assert coarse.earliest
        assert coarse.latest
        assert coarse.earliest <= fine.earliest <= fine.latest <= coarse.latest
