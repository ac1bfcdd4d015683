"""A query string in a path: there and back, and one way only to write it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from timeline.feeds.path_queries import LONGEST_PART, params_of_path_part, path_part_of

NAMES = st.sampled_from(["q", "topic", "place", "show"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.lists(TEXTS, min_size=1, max_size=3), min_size=1))
def test_what_is_written_is_read_again(values: dict[str, list[str]]) -> None:
    params = QueryDict(mutable=True)
    for name, texts in values.items():
        params.setlist(name, texts)
    part = path_part_of(params)
    assert part.replace("-", "a").replace("_", "a").isalnum()
    read = params_of_path_part(part)
    assert read is not None
    assert {name: sorted(texts) for name, texts in read.lists()} == {
        name: sorted(texts) for name, texts in values.items()
    }


def test_the_order_makes_no_other_address() -> None:
    one, other = QueryDict("b=2&a=1&b=1"), QueryDict("a=1&b=1&b=2")
    assert path_part_of(one) == path_part_of(other)


@given(st.text(max_size=40))
def test_anything_else_is_none_or_the_one_way_to_write_it(part: str) -> None:
    read = params_of_path_part(part)
    assert read is None or path_part_of(read) == part


@pytest.mark.parametrize("part", ["", "a", "Yj0y Cg", "YT0x=", "/", "b" * (LONGEST_PART + 1)])
def test_what_we_never_wrote_is_none(part: str) -> None:
    assert params_of_path_part(part) is None
