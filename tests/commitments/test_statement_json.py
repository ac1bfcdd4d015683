"""JSON that knows its lines and keeps its digits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.statement_json import LONGEST_NUMBER, NoNumber, Row, read_json

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(value=values, indent=st.sampled_from([None, 0, 1, 3]))
def test_what_json_writes_is_read_as_it_was(value: Any, indent: int | None) -> None:
    assert read_json(json.dumps(value, indent=indent)) == value


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n"])
def test_an_object_knows_the_line_of_its_brace(separator: str) -> None:
    text = separator.join(["{", '"a": [{', '"b": {}}, {}],', '"c": {"d":', "{}}}"])
    document = read_json(text)
    per_line = separator.count("\n")
    found = [
        document.line,
        document["a"][0].line,
        document["a"][0]["b"].line,
        document["a"][1].line,
        document["c"].line,
        document["c"]["d"].line,
    ]
    assert found == [1 + per_line * (number - 1) for number in (1, 2, 3, 3, 4, 5)]
    assert type(document["a"][1]) is Row


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28400000000.1234", Decimal("28400000000.1234")),
        ("0.1", Decimal("0.1")),
        ("1e400", Decimal("1e400")),
        ("-0.0", Decimal("-0.0")),
        ("7", 7),
        ("9" * LONGEST_NUMBER, int("9" * LONGEST_NUMBER)),
    ],
)
def test_a_number_keeps_its_digits(text: str, value: Decimal | int) -> None:
    read = read_json(text)
    assert (type(read), str(read)) == (type(value), str(value))


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "9" * (LONGEST_NUMBER + 1),
        "9" * 100_000,
        "0." + "1" * LONGEST_NUMBER,
        "1e9999999999999999999",
    ],
)
def test_what_is_no_number_or_too_long_is_told_apart(text: str) -> None:
    assert isinstance(read_json(text), NoNumber)


def test_a_key_twice_is_an_error_at_its_object() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        read_json('{"a": 1,\n "b": {"c": 1, "c": 2}}')
    assert (caught.value.lineno, caught.value.msg) == (2, "“c” stands twice")
    assert read_json('{"a": {"a": 1}, "b": {"a": 2}}') == {"a": {"a": 1}, "b": {"a": 2}}


def test_a_deep_text_raises_and_does_not_crash() -> None:
    with pytest.raises(RecursionError):
        read_json("[" * 100_000)
