"""Which published commitments have no title in a language of the site."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from commitments.models import Commitment
from tests.builders import make_commitment

pytestmark = pytest.mark.django_db

ALL = ["en", "ru", "kk"]
RU, KK = {"ru": {"title": "Запуск"}}, {"kk": {"title": "Ұшыру"}}


@pytest.mark.parametrize(
    ("fields", "gaps"),
    [
        ({}, ["ru", "kk"]),
        ({"translations": RU}, ["kk"]),
        ({"translations": {**RU, **KK}}, []),
        ({"translations": {"ru": {"summary": "Коротко"}, **KK}}, ["ru"]),
        ({"language": "ru", "translations": KK}, ["en"]),
        ({"language": "de", "translations": KK}, ["en", "ru"]),
        ({"published": False}, []),
    ],
)
def test_title_is_missing_where_neither_text_nor_translation_is_in_the_language(
    fields: dict[str, Any], gaps: list[str]
) -> None:
    make_commitment(**fields)
    found = [code for code in ALL if Commitment.objects.untitled_in([code]).exists()]
    assert found == gaps
    assert Commitment.objects.count_untitled_in(ALL) == bool(gaps)


@pytest.mark.parametrize("how_many", [1, 3])
def test_count_is_one_query(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(how_many):
        make_commitment()
    with django_assert_num_queries(1):
        assert Commitment.objects.count_untitled_in(ALL) == how_many
