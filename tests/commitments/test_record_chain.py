"""The keyed hash: any edit of any part shows, and only who has the key can hide it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.enums import ChangeKind
from commitments.models import Revision
from commitments.record_chain import next_digest, row_content

KEY = "a key"
AT = datetime(2026, 11, 24, 9, 0, 0, 1, tzinfo=UTC)


def row(**given: Any) -> Revision:
    fields: dict[str, Any] = {
        "number": 7,
        "record_type": "commitment",
        "record_id": "bcdf2345",
        "revision": 3,
        "kind": ChangeKind.CORRECTED,
        "changes": {"title": ["a", "б"]},
        "reason": "why",
        "actor_id": 1,
        "approver_id": None,
        "recorded_at": AT,
    }
    return Revision(**{**fields, **given})


def digest(previous: str = "", *, key: str = KEY, **given: Any) -> str:
    return next_digest(previous, row_content(row(**given)), key=key)


def test_a_digest_is_sha_256_in_hexadecimal_and_always_the_same() -> None:
    assert digest() == digest()
    assert len(digest()) == 64
    assert int(digest(), 16) >= 0


@pytest.mark.parametrize(
    "edit",
    [
        {"number": 8},
        {"record_type": "source"},
        {"record_id": "bcdf2346"},
        {"revision": 4},
        {"revision": None},
        {"kind": ChangeKind.CITED},
        {"changes": {"title": ["a", "в"]}},
        {"changes": {}},
        {"changes": {"title": ["a", None]}},
        {"reason": "why "},
        {"actor_id": 2},
        {"actor_id": None},
        {"approver_id": 1},
        {"recorded_at": AT + timedelta(microseconds=1)},
    ],
)
def test_an_edit_of_anything_changes_the_digest(edit: dict[str, Any]) -> None:
    assert digest(**edit) != digest()


def test_another_key_or_another_past_changes_the_digest() -> None:
    assert digest(key="another key") != digest()
    assert digest("0" * 64) != digest()
    assert digest(digest()) != digest("0" * 64)


def test_the_same_content_has_one_digest_however_it_is_written() -> None:
    east = timezone(timedelta(hours=5))
    assert digest(recorded_at=AT.astimezone(east)) == digest()
    assert digest(changes={"b": 1, "a": 2}) == digest(changes={"a": 2, "b": 1})


@given(
    first=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
    second=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)
def test_two_contents_share_a_digest_only_if_they_are_the_same(
    first: dict[str, str], second: dict[str, str]
) -> None:
    same = next_digest("", first, key=KEY) == next_digest("", second, key=KEY)
    assert same == (first == second)
