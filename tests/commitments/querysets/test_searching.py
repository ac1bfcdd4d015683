"""Search by words: the same answers by full text on PostgreSQL and by the plain method."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict

from commitments.filters import CommitmentFilter, select_commitments
from commitments.models import Commitment
from commitments.querysets.searching import search
from tests.builders import NOW, make_commitment

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    params = QueryDict(mutable=True)
    params["q"] = query
    chosen = select_commitments(params, queryset=Commitment.objects.published(), now=NOW)
    return sorted(one.title for one in chosen)


def found_plainly(query: str) -> list[str]:
    """By the plain method, whichever database it is."""
    columns = ["title", "summary", "wording"]
    columns += [f"translations__{language}__title" for language in ("en", "ru", "kk")]
    rows = search(Commitment.objects.published(), query, columns, is_indexed=False)
    return sorted(one.title for one in rows)


def make_three() -> None:
    make_commitment(
        title="Opening of the forum",
        summary="The 20th meeting of regional cooperation, and/or a fair",
        wording="next year, as planned",
        translations={
            "ru": {"title": "Открытие форума межрегионального сотрудничества"},
            "kk": {"title": "Форумның ашылуы"},
        },
    )
    make_commitment(
        title="Аллея дружбы",
        summary="Посадка деревьев весной",
        language="ru",
        translations={"en": {"title": "Alley of Friendship"}, "kk": {"title": "Достық аллеясы"}},
    )
    make_commitment(title="Launch of flight No. 7", summary="Cargo 100% on the Soyuz-5")


FORUM, ALLEY, LAUNCH = "Opening of the forum", "Аллея дружбы", "Launch of flight No. 7"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("forum", [FORUM]),
        ("FORUMS", [FORUM]),
        ("for", [FORUM]),
        ("opened", [FORUM]),
        ("meetings cooperation", [FORUM]),
        ("20th", [FORUM]),
        ("fair", [FORUM]),
        ("planned", [FORUM]),
        ("форумы", [FORUM]),
        ("сотрудничество", [FORUM]),
        ("открытия форума", [FORUM]),
        ("форумның", [FORUM]),
        ("ашыл", [FORUM]),
        ("аллея", [ALLEY]),
        ("аллею дружбы", [ALLEY]),
        ("деревья", [ALLEY]),
        ("alleys", [ALLEY]),
        ("friend", [ALLEY]),
        ("достық", [ALLEY]),
        ("ДОСТЫҚ аллея", [ALLEY]),
        ("flights", [LAUNCH]),
        ("soyuz", [LAUNCH]),
        ("Soyuz-5", [LAUNCH]),
        ("100%", [LAUNCH]),
        ("7", [LAUNCH]),
        ("the", [FORUM, LAUNCH]),
        ("орум", []),
        ("unch", []),
        ("forum alley", []),
        ("Soyuz-6", []),
        ("99%", []),
        ("—", []),
        ("' OR 1=1 --", []),
        ("forum & !alley", []),
        ("\\", []),
    ],
)
def test_words_are_found_in_three_languages(query: str, expected: list[str]) -> None:
    make_three()
    assert found(query) == sorted(expected)
    assert found_plainly(query) == sorted(expected)


def test_a_search_goes_by_the_index_on_postgresql() -> None:
    make_three()
    chosen = CommitmentFilter(
        QueryDict("q=forum"), queryset=Commitment.objects.order_by(), now=NOW
    ).qs
    if connection.vendor != "postgresql":
        assert chosen.count() == 1
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "commitment_by_words" in chosen.explain()
