"""The desk is for everybody: axe-core finds nothing on its pages, and every control has a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commitments.actions.status import propose_status
from commitments.enums import Status
from tests.builders import NOW, complete_move, make_admin, make_commitment, make_editor

pytestmark = pytest.mark.django_db(transaction=True)

# What the law of the European Union asks for (EN 301 549), and what axe-core calls good practice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

HOME = "/admin/commitments/"
# The same page is built the same way in every language: the other two see the main ones.
MAIN = ["/admin/", f"{HOME}commitment/", f"{HOME}commitment/{{commitment}}/change/"]
ALL = [
    *MAIN,
    *(
        HOME + path
        for path in (
            "commitment/add/",
            "commitment/status-diagram/?at=announced",
            "commitment/{commitment}/status/",
            "commitment/{commitment}/date/",
            "source/",
            "source/{source}/change/",
            "party/{party}/change/",
            "statusproposal/{proposal}/change/",
            "revision/",
            "user/add/",
        )
    ),
]


@pytest.fixture
def keys(transactional_db: None) -> dict[str, int]:
    """A record of each kind, with something to see: its key by the name of its kind."""
    commitment = make_commitment(window="2025", title="A bridge")
    make_commitment(published=False, title="A tunnel")
    move = complete_move(commitment, Status.DELIVERED)
    proposal = propose_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    return {
        "commitment": commitment.pk,
        "proposal": proposal.pk,
        "source": commitment.citations.order_by("pk")[0].source_id,
        "party": commitment.involvements.order_by("pk")[0].party_id,
    }


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Page]:
    """An administrator's window: every page is open to it."""
    client = Client()
    client.force_login(make_admin("admin"))
    context: Any = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    yield context.new_page()
    context.close()


def speak(desk: Page, language: str, address: str) -> None:
    """Choose the language of the desk, as its menu does."""
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}
    desk.context.add_cookies([cookie])


@pytest.mark.parametrize(("language", "pages"), [("en", ALL), ("ru", MAIN), ("kk", MAIN)])
def test_axe_finds_nothing(
    desk: Page, keys: dict[str, int], language: str, pages: list[str], live_server: LiveServer
) -> None:
    speak(desk, language, live_server.url)
    found = []
    for page in pages:
        desk.goto(page.format(**keys))
        assert desk.locator("html").get_attribute("lang") == language
        answer = Axe().run(desk, options=RULES).response
        found += [
            f"{page} {one['id']}: {node['target']} {node['html'][:160]}"
            for one in answer["violations"]
            for node in one["nodes"]
        ]
    assert found == []


def test_filters_open_and_close_by_key(desk: Page, keys: dict[str, int]) -> None:
    desk.goto(f"{HOME}commitment/")
    filters = desk.get_by_role("button", name="Filters")
    filters.focus()
    desk.keyboard.press("Enter")
    panel = desk.locator("#changelist-filter")
    expect(panel).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(filters).to_be_focused()


def test_menu_of_the_person_opens_by_key(desk: Page, keys: dict[str, int]) -> None:
    desk.goto("/admin/")
    person = desk.locator("#nav-sidebar").get_by_role("button", name="admin")
    person.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Русский")).to_be_visible()


def test_nothing_that_can_be_clicked_is_left_to_the_mouse(desk: Page, keys: dict[str, int]) -> None:
    left = """() => [...document.querySelectorAll("[x-on\\\\:click]")]
        .filter((one) => one.checkVisibility() && one.tabIndex < 0)
        .map((one) => one.outerHTML.slice(0, 120))"""
    for page in MAIN:
        desk.goto(page.format(**keys))
        assert desk.evaluate(left) == []


def test_many_are_moved_together_in_a_browser(desk: Page, keys: dict[str, int]) -> None:
    desk.goto(f"{HOME}commitment/")
    desk.get_by_role("row", name="A tunnel").get_by_role("checkbox").check()
    desk.locator("select[name=action]").select_option("review")
    desk.get_by_role("button", name="Run").click()
    expect(desk.get_by_role("table", name="The chosen commitments")).to_be_visible()
    assert Axe().run(desk, options=RULES).response["violations"] == []
    desk.get_by_role("button", name="Send to review").click()
    expect(desk.get_by_text("1 commitment sent to review.")).to_be_visible()
