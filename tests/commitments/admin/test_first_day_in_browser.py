"""A new editor's first day: the ten commitments of the guide, from the pasted text to the public.

What is typed stands in the table of `docs/editing.md`; what has to come of it in the example
statement. The text is made up around the facts. `SCREENSHOTS=folder` keeps what was seen.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commitments.actions.roles import create_roles
from commitments.enums import PartyKind
from commitments.models import Commitment
from commitments.roles import APPROVERS, EDITORS
from tests.builders import make_party, make_topic, make_user
from tests.commitments.admin.desk import Desk
from tests.commitments.admin.test_editing_guide import EXAMPLE, first_ten

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

# The words to mark for each row of the guide, in its order; between them stands what is no promise.
MARKED: Final = (
    "The first Soyuz-5 will lift off from Baiterek next year, as planned.",
    "We open the Alley of Friendship in the capital in the spring of 2025.",
    "Our country holds the third Games of the Future in 2026.",
    "We celebrate Victory Day together in Moscow on 9 May 2025.",
    "Festive events for the eightieth Victory Day will take place in both countries in 2025.",
    "Baikonur turns seventy, and we shall mark it with festive events in 2025.",
    "The agreement on our border will be twenty years old next January.",
    "The Comprehensive Programme of Economic Cooperation for 2021-2025 is being carried out.",
    "The Joint Action Plan for 2024-2026 is being carried out.",
    "The leaders meet in St Petersburg on December 24-25.",
)
TEXT: Final = "President: Dear friends, thank you for the warm welcome.\n\n" + "\n\n".join(
    f"{sentence}\n\nWe spoke of this openly." for sentence in MARKED
)
BOTH: Final = ["Kazakhstan", "Russia"]
# What the guide has in its last column: changes of the fields that stay from row to row.
ALSO: Final[dict[int, dict[str, Any]]] = {
    0: {"promised_by": BOTH, "topics": ["space"], "place": "Baikonur Cosmodrome", "begun": True},
    1: {"promised_by": ["Kazakhstan"], "topics": ["culture"], "place": "Astana"},
    3: {"promised_by": BOTH, "time_zone": "Europe/Moscow"},
    4: {"time_zone": "Asia/Almaty"},
    5: {"topics": ["memory", "space"]},
    7: {"begun": True},
    8: {"begun": True},
}


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, where somebody wants to see it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/first-day-{name}.png", full_page=True)


@pytest.fixture
def desks(
    transactional_db: None, browser: Browser, live_server: LiveServer
) -> Iterator[tuple[Desk, Desk]]:
    """The windows of an editor and an approver; parties and topics are on record."""
    cache.clear()
    roles = create_roles()
    for key, name in (("kz", "Kazakhstan"), ("ru", "Russia")):
        make_party(key, name=name)
    make_party("president-kz", name="Kassym-Jomart Tokayev", kind=PartyKind.PERSON)
    for topic in ("space", "culture", "memory"):
        make_topic(topic, name=topic)
    windows = []
    for name, role in (("ainur", EDITORS), ("bolat", APPROVERS)):
        user = make_user(name, is_staff=True)
        user.groups.add(roles[role])
        windows.append(Desk(browser, live_server.url))
        windows[-1].come_in(user)
    yield windows[0], windows[1]
    for window in windows:
        window.context.close()


def paste_the_statement(page: Page) -> None:
    """Chapter 1 of the guide, from the front page."""
    page.goto("/admin/")
    look(page, "1-front")
    page.get_by_role("link", name="Add a source").click()
    example = json.loads(EXAMPLE.read_text())["sources"][0]
    page.get_by_label("Title").first.fill(example["title"])
    page.locator("#id_kind").select_option("transcript")
    page.locator("#id_date").fill(example["date"])
    page.get_by_label("Place").first.fill(example["place"])
    page.locator("#id_language").fill("en")
    page.locator("#id_text").fill(TEXT)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    look(page, "2-source")
    page.get_by_role("link", name="Work through this statement").click()


def choose_all(page: Page, name: str, wanted: list[str]) -> None:
    """Have exactly `wanted` in a field of several: take the others away, then search and choose."""
    box = page.locator(f"#id_{name} + .select2-container")
    chosen = box.locator(".select2-selection__choice")
    for text in chosen.all_inner_texts():
        if not any(one in text for one in wanted):
            taken = chosen.filter(has_text=text.strip("×\n "))
            taken.locator(".select2-selection__choice__remove").click()
            page.keyboard.press("Escape")
    for one in wanted:
        if not chosen.filter(has_text=one).count():
            box.get_by_role("searchbox").click()
            page.keyboard.type(one)
            page.locator(".select2-results__option", has_text=one).first.click()


def open_more(page: Page) -> None:
    """The fields that are seldom changed."""
    if page.locator("details.statement-more[open]").count() == 0:
        page.locator("details.statement-more summary").click()


def enter(desk: Desk, number: int, row: list[str]) -> None:
    """Chapter 2 of the guide, for one of its ten rows."""
    page, also = desk.page, ALSO.get(number, {})
    title, kind, when, understood, _also = row
    desk.mark(MARKED[number])
    expect(page.locator("#id_quote")).to_have_value(MARKED[number])
    page.locator("#id_when").fill(when)
    page.locator("#id_title").fill(title)
    page.locator("#id_kind").select_option(kind)
    for name in ("promised_by", "topics"):
        if name in also:
            choose_all(page, name, also[name])
    if "place" in also:
        page.locator("#id_place").fill(also["place"])
    if "time_zone" in also or "begun" in also:
        open_more(page)
    if "time_zone" in also:
        desk.choose(page.locator("#id_time_zone"), also["time_zone"])
    if "begun" in also:
        page.locator("#id_first_status").select_option("in_progress")
    expect(page.locator("#id_when_read_back")).to_contain_text(understood)
    look(page, f"3-row-{number + 1}")
    page.get_by_role("button", name="Save and add next").click()
    expect(page.get_by_role("heading", name=f"Entered already ({number + 1})")).to_be_visible()


def test_first_ten_of_the_guide_are_entered_and_published(desks: tuple[Desk, Desk]) -> None:
    ainur, bolat = desks
    paste_the_statement(ainur.page)
    rows = first_ten()
    for number, row in enumerate(rows):
        enter(ainur, number, row)
    look(ainur.page, "4-entered")
    hand_on(ainur.page)
    publish(bolat.page)

    example = json.loads(EXAMPLE.read_text())["commitments"][:10]
    made = list(Commitment.objects.order_by("pk"))
    assert [(one.title, one.kind, one.window) for one in made] == [
        (one["title"], one["kind"], one["due"]) for one in example
    ]
    assert [one.status for one in made] == [one["status"] for one in example]
    assert [sorted(party.key for party in one.parties.all()) for one in made] == [
        sorted(set(one["parties"])) for one in example
    ]
    assert {one.publication for one in made} == {"published"}
    assert [TEXT[one.start : one.end] for one in (m.citations.get() for m in made)] == list(MARKED)
    assert {one.citations.get().source.date for one in made} == {date(2024, 11, 27)}
    assert ainur.complaints == bolat.complaints == []


def hand_on(page: Page) -> None:
    """Chapter 3 of the guide: the first from its page, the others together from the drafts."""
    page.get_by_role("link", name="First Soyuz-5 launch").click()
    page.get_by_role("link", name="Send to review").click()
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_text("Sent to review.")).to_be_visible()
    look(page, "5-in-review")
    page.locator("#nav-sidebar-apps").get_by_role("link", name="Drafts").click()
    move_all(page, "review", "Send to review")
    expect(page.get_by_text("9 commitments sent to review.")).to_be_visible()


def publish(page: Page) -> None:
    """What the approver does with all ten."""
    page.goto("/admin/")
    page.locator("#nav-sidebar-apps").get_by_role("link", name="In review").click()
    look(page, "6-queue")
    move_all(page, "publish", "Publish")
    expect(page.get_by_text("10 commitments published.")).to_be_visible()
    look(page, "7-published")


def move_all(page: Page, action: str, label: str) -> None:
    """Choose all rows of a list, the action, and confirm."""
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(action)
    page.get_by_role("button", name="Run").click()
    look(page, f"confirm-{action}")
    page.get_by_role("button", name=label).click()
