"""The lists of the desk: what they show and find, and how many queries that takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.actions.status import propose_status
from commitments.enums import PartyRole, Status
from commitments.models import Commitment, Source, Target, User
from tests.builders import (
    NOW,
    complete_move,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
    make_party,
    make_topic,
)
from tests.commitments.admin.pages import commitment_url

pytestmark = pytest.mark.django_db
LIST = "admin:commitments_commitment_changelist"


def found(desk: Client, query: str) -> list[str]:
    """The titles that the list shows for `query`, in order."""
    page = desk.get(f"{reverse(LIST)}?{query}")
    return [commitment.title for commitment in page.context["cl"].result_list]


def queries(desk: Client, address: str) -> int:
    """How many queries the page at `address` takes, once what is remembered is warm."""
    desk.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["dated", "later", "drafted", "undated"]),
        ("publication__exact=draft", ["drafted"]),
        ("status__exact=delivered", ["dated"]),
        ("evidence__exact=documented", ["dated"]),
        ("kind__exact=event", ["later"]),
        ("schedule=undated", ["undated"]),
        ("schedule=upcoming", ["later", "drafted"]),
        ("schedule=nonsense", ["dated", "later", "drafted", "undated"]),
        ("schedule=upcoming&publication__exact=published", ["later"]),
        ("q=Semey", ["later"]),
        ("q=next+century", ["drafted"]),
    ],
)
def test_list_is_filtered_and_searched(desk: Client, query: str, titles: list[str]) -> None:
    make_commitment(window="", title="undated")
    make_commitment(window="2099", title="later", kind="event", place="Semey")
    make_commitment(window="2100", title="drafted", published=False, wording="next century")
    make_commitment_in(Status.DELIVERED, title="dated")
    assert found(desk, query) == titles


def test_list_is_filtered_by_topic(desk: Client) -> None:
    topic = make_topic("roads")
    make_commitment(title="with", topics=[topic])
    make_commitment(title="without")
    assert found(desk, f"topics__id__exact={topic.pk}") == ["with"]


def test_row_says_where_it_stands_in_words(desk: Client) -> None:
    make_commitment(window="2025-21")
    page = desk.get(reverse(LIST)).content.decode()
    for words in ("spring 2025", "overdue", "announced", "none found", "published"):
        assert words in page


def test_row_is_in_the_editors_language(desk: Client) -> None:
    make_commitment(window="2025-21")
    page = desk.get(reverse(LIST), headers={"accept-language": "ru"}).content.decode()
    assert "весна 2025" in page


def commitment_with_parts(number: int) -> Commitment:
    """One with `number` citations by a speaker, parties, topics and a target."""
    commitment = make_commitment(
        topics=[make_topic() for _ in range(number)],
        parties=[(make_party(), PartyRole.RESPONSIBLE) for _ in range(number)],
    )
    for _ in range(number):
        make_citation(commitment, said_by=make_party())
    Target.objects.create(commitment=commitment, measure="length", unit="m", goal=1)
    return commitment


def proposal_of(editor: User) -> None:
    """A verdict that waits."""
    commitment = make_commitment(window="2025")
    move = complete_move(commitment, Status.DELIVERED)
    propose_status(commitment=commitment, move=move, actor=editor, now=NOW)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("commitment", lambda _editor: commitment_with_parts(1)),
        ("source", lambda _editor: make_document()),
        ("party", lambda _editor: make_party(body=make_party())),
        ("topic", lambda _editor: make_topic()),
        ("statusproposal", proposal_of),
        ("revision", lambda _editor: make_commitment()),
    ],
)
def test_list_takes_as_many_queries_for_three_rows_as_for_one(
    desk: Client, editor: User, name: str, make: Callable[[User], object]
) -> None:
    address = reverse(f"admin:commitments_{name}_changelist")
    make(editor)
    of_one = queries(desk, address)
    make(editor)
    make(editor)
    assert queries(desk, address) == of_one


@pytest.mark.parametrize("name", ["change", "status", "status-stalled", "date"])
def test_page_takes_as_many_queries_for_three_of_each_part_as_for_one(
    desk: Client, name: str
) -> None:
    of_one = queries(desk, commitment_url(commitment_with_parts(1), name))
    assert queries(desk, commitment_url(commitment_with_parts(3), name)) == of_one


def test_front_page_takes_as_many_queries_for_three_as_for_one(desk: Client) -> None:
    commitment_with_parts(1)
    of_one = queries(desk, reverse("admin:index"))
    commitment_with_parts(1)
    commitment_with_parts(1)
    assert queries(desk, reverse("admin:index")) == of_one


def test_source_list_counts_its_citations(desk: Client) -> None:
    source = make_document(title="Act")
    make_citation(make_commitment(source=source), source)
    page = desk.get(reverse("admin:commitments_source_changelist"))
    counts = {row.title: row.citation_count for row in page.context["cl"].result_list}
    assert counts == {"Act": Source.objects.get().citations.count()} == {"Act": 2}


@pytest.mark.parametrize("name", ["party", "source", "topics", "parent"])
def test_records_are_found_while_one_types(desk: Client, name: str) -> None:
    model = {"party": "involvement", "source": "citation"}.get(name, "commitment")
    make_commitment(title="Ural bridge", topics=[make_topic("ural")])
    make_party("ural")
    make_document(title="Ural")
    asked = {"app_label": "commitments", "model_name": model, "field_name": name, "term": "ural"}
    answer = desk.get(reverse("admin:autocomplete"), asked)
    assert [row["text"].split(" (")[0] for row in answer.json()["results"]] == (
        ["Ural bridge"] if name == "parent" else ["Ural"]
    )
