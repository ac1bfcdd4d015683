"""Text that a spreadsheet program would run is harmless in a file, and comes back unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.exchange.formulas import neutralised, restored


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralised(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "a=1", "'quoted'", "2-1", " =1"])
def test_other_text_stays(text: str) -> None:
    assert neutralised(text) == text
    assert restored(text) == text


@given(st.text(alphabet="'=+-@\t\ra1", max_size=6))
def test_round_trip_loses_nothing(text: str) -> None:
    assert restored(neutralised(text)) == text
