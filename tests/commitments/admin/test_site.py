"""The desk as a whole: menu, front page, queues."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from commitments.actions.publication import submit_for_review
from commitments.actions.status import propose_status
from commitments.enums import Status
from commitments.models import User
from tests.builders import NOW, complete_move, make_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def menu_of(desk: Client) -> dict[str, list[str]]:
    """The titles of the menu by group."""
    groups = desk.get(reverse("admin:index")).context["sidebar_navigation"]
    return {
        str(group["title"]): [str(item["title"]) for item in group["items"]] for group in groups
    }


def test_menu_has_what_an_editor_may_open(desk: Client) -> None:
    menu = menu_of(desk)
    assert menu["Queues"] == [
        "Waiting for approval",
        "In review",
        "Drafts",
        "My work",
        "My proposals",
        "Needs another look",
        "Titles to translate",
    ]
    assert menu["Another look"] == [
        "Overdue without evidence",
        "Evidence is old",
        "Dead source link",
        "Quote no longer found",
        "Stalled for long",
        "Delivered on a claim only",
    ]
    assert menu["The record"] == ["Commitments", "Sources", "Parties", "Topics", "Changes"]
    assert "People" not in menu
    assert menu["Programs"] == ["API keys"]


def test_menu_has_people_for_an_administrator(administrators_desk: Client) -> None:
    assert menu_of(administrators_desk)["People"] == ["Users", "Groups", "Access attempts"]


def test_front_page_counts_the_queues_and_links_to_their_lists(desk: Client, editor: User) -> None:
    make_commitment(published=False)
    reviewed = make_commitment(published=False)
    submit_for_review(commitment=reviewed, actor=editor, now=NOW)
    waiting = make_commitment(window="2025")
    move = complete_move(waiting, Status.DELIVERED)
    propose_status(commitment=waiting, move=move, actor=editor, now=NOW)
    for window in ("2024", "2025", "2025"):
        make_commitment(window=window)
    context = desk.get(reverse("admin:index")).context
    assert {queue.name: queue.count for queue in context["queues"]} == {
        "approval": 1,
        "review": 1,
        "drafts": 1,
        "mine": 1,
        "my_proposals": 1,
        "look": 3,
        "untitled": 4,
    }
    for queue in (*context["queues"], *context["looking"]):
        assert desk.get(queue.url).context["cl"].result_count == queue.count
    overdue = context["standings"][0]
    assert (str(overdue["label"]), overdue["count"]) == ("overdue", 4)
    assert desk.get(overdue["url"]).context["cl"].result_count == 4


def test_front_page_of_somebody_without_a_role_says_so(client: Client, editor: User) -> None:
    editor.groups.clear()
    make_commitment(title="A secret bridge", published=False)
    client.force_login(User.objects.get(pk=editor.pk))
    page = client.get(reverse("admin:index"))
    assert "ask an administrator for a role" in page.content.decode()
    assert "A secret bridge" not in page.content.decode()
    assert [group["title"] for group in page.context["sidebar_navigation"]] == [""]
