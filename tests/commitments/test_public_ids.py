"""Short public ids: safe in an address, hard to misread."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.public_ids import (
    ALPHABET,
    LENGTH,
    PATTERN,
    new_public_id,
    number_of,
    public_id_of,
)


def test_ids_match_their_pattern_and_spell_no_word() -> None:
    made = {new_public_id() for _number in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(PATTERN, one) and len(one) == LENGTH for one in made)
    assert set(ALPHABET) & set("aeiouy01l") == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 27
    assert set("".join(made)) == set(ALPHABET)


@given(number=st.integers(0, 27**8 - 1))
def test_a_number_is_read_back_from_its_id(number: int) -> None:
    made = public_id_of(number)
    assert re.fullmatch(PATTERN, made)
    assert number_of(made) == number


def test_the_ids_of_numbers_never_change() -> None:
    assert [public_id_of(number) for number in (1, 2, 1000)] == ["frr6hgzc", "thjczwxq", "ftqm2j4n"]


@pytest.mark.parametrize("text", ["", "frr6hgz", "frr6hgzcc", "frr6hgza", "FRR6HGZC", "1"])
def test_what_is_no_id_has_no_number(text: str) -> None:
    assert number_of(text) is None
