"""Short public ids: safe in an address, hard to misread."""

from __future__ import annotations

import re

from commitments.public_ids import ALPHABET, LENGTH, PATTERN, new_public_id


def test_ids_match_their_pattern_and_spell_no_word() -> None:
    made = {new_public_id() for _number in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(PATTERN, one) and len(one) == LENGTH for one in made)
    assert set(ALPHABET) & set("aeiouy01l") == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 27
    assert set("".join(made)) == set(ALPHABET)
