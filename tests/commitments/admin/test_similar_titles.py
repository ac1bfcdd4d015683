"""Titles that are like one that is being entered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commitments.admin.similar_titles import LONGEST_TITLE, MOST_SHOWN, similar_to
from tests.builders import make_commitment, make_user
from tests.commitments.admin.pages import messages_of, new_commitment

pytestmark = pytest.mark.django_db
URL = "/admin/commitments/commitment/similar/"


def titles(title: str, **how: Any) -> list[str]:
    return [one.commitment.title for one in similar_to(title, **how)]


def test_similar_titles_are_found_the_most_alike_first() -> None:
    make_commitment(title="First launch from Baiterek")
    make_commitment(title="The first launch from the Baiterek complex")
    make_commitment(title="Launch of a newspaper")
    assert titles("first LAUNCH from Baiterek") == [
        "First launch from Baiterek",
        "The first launch from the Baiterek complex",
    ]


def test_letter_case_and_translations_do_not_matter_in_any_script() -> None:
    made = make_commitment(
        title="Opening of the alley", translations={"ru": {"title": "Открытие аллеи дружбы"}}
    )
    make_commitment(title="Строительство моста")
    assert titles("открытие Аллеи дружбы") == [made.title]
    assert titles("строительство моста") == ["Строительство моста"]


def test_the_one_itself_and_short_words_do_not_count() -> None:
    made = make_commitment(title="A bridge over the Ural")
    assert titles("A bridge over the Ural", besides=made.pk) == []
    assert titles("of an in") == []
    assert titles("") == []


def test_no_more_than_a_few_are_shown_in_a_fixed_number_of_queries(
    django_assert_num_queries: Any,
) -> None:
    for _number in range(MOST_SHOWN + 2):
        make_commitment(title="The same bridge")
    with django_assert_num_queries(1):
        assert len(similar_to("The same bridge")) == MOST_SHOWN


def test_the_desk_answers_with_words_and_addresses(desk: Client) -> None:
    made = make_commitment(title="Baiterek launch", window="2025")
    assert desk.get(URL, {"title": "Baiterek launches"}).json() == {
        "sentence": "On record already with a similar title — is it the same?",
        "similar": [
            {
                "words": "Baiterek launch · 2025 · published",
                "url": f"/admin/commitments/commitment/{made.pk}/change/",
            }
        ],
    }
    assert desk.get(URL, {"title": "Alley"}).json() == {"sentence": "", "similar": []}
    itself = desk.get(URL, {"title": "Baiterek launch", "besides": str(made.pk)})
    assert itself.json()["similar"] == []


@pytest.mark.parametrize(
    ("question", "field"),
    [({"title": "x" * (LONGEST_TITLE + 1)}, "title"), ({"besides": "x"}, "besides")],
)
def test_a_wrong_question_names_its_field(
    desk: Client, question: dict[str, str], field: str
) -> None:
    response = desk.get(URL, question)
    assert (response.status_code, response.json()["field"]) == (400, field)


def test_only_the_desk_is_answered(client: Client) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(make_user("newcomer", is_staff=True))
    assert client.get(URL).status_code == 403


def test_without_script_it_is_said_on_saving(desk: Client) -> None:
    made = make_commitment(title="A <long> bridge")
    saved = new_commitment(title="A <long> bridge", _continue="1")
    response = desk.post("/admin/commitments/commitment/add/", saved, follow=True)
    link = f'<a href="/admin/commitments/commitment/{made.pk}/change/">A &lt;long&gt; bridge · 2026'
    assert any(link in message for message in messages_of(response))
