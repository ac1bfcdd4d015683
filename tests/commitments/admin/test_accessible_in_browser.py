"""The desk is for everybody: axe-core finds nothing on its pages, and every control has a key.

Every address of the resolver is in `PAGES`: as a page that is looked at, or with the reason why it
is none. Each page is seen in both themes, and in one of the three languages in turn; those where
people spend their day are seen in all three.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_admin
from tests.commitments.admin.addresses import address_of, furnish_the_desk, names_of_addresses
from tests.commitments.admin.desk import Desk

pytestmark = pytest.mark.once

LANGUAGES = ("en", "ru", "kk")
MAIN = [
    "",
    "commitments/commitment/",
    "commitments/commitment/*/change/",
    "commitments/source/*/statement/",
]
NO_PAGES = {
    "login/": "closed to whoever is in: the test before the login, below",
    "logout/": "by POST only; leads to the login",
    "autocomplete/": "JSON",
    "jsi18n/": "a script",
    "search/": "a piece of a page",
    "r/*/*/": "leads on to the public page",
    "commitments/commitment/read-back/": "JSON",
    "commitments/commitment/similar/": "JSON",
    "commitments/commitment/import/write/": "by POST only: test_exchange_in_browser.py",
    "commitments/commitment/export/*/": "a file",
    "commitments/commitment/export/*/selected/": "a file",
    "commitments/commitment/bulk/*/": "by POST only: the test of moving many, below",
    "commitments/statusproposal/bulk/approve/": "by POST only: the same test",
    "commitments/source/*/statement/marked/": "JSON",
    "*": "what is nowhere: the site's own page",
}


def pages() -> list[str]:
    """The names of all addresses at which a page of the desk stands."""
    return [name for name in names_of_addresses() if name not in NO_PAGES and not is_led_on(name)]


def is_led_on(name: str) -> bool:
    """Whether it is the bare address of a record: Django leads on from there."""
    return name.count("/") == 3 and name.endswith("/*/")


def seen_in(language: str) -> list[str]:
    """The pages that are looked at in `language`."""
    turn = LANGUAGES.index(language)
    return [
        name
        for number, name in enumerate(pages())
        if name in MAIN or number % len(LANGUAGES) == turn
    ]


def test_what_is_no_page_is_still_an_address() -> None:
    assert set(NO_PAGES) - set(names_of_addresses()) == set()


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """An administrator's window: every page is open to it, and nothing is empty."""
    furnish_the_desk()
    window = Desk(browser, live_server.url)
    window.come_in(make_admin("admin"))
    yield window
    window.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(desk: Desk, language: str) -> None:
    desk.speak(language)
    # With each document, rather than sent to each page.
    desk.context.add_init_script(AXE_SCRIPT)
    found: dict[str, list[str]] = {}
    for name in seen_in(language):
        desk.page.goto(address_of(name))
        assert desk.page.locator("html").get_attribute("lang") == language, name
        if problems := desk.violations():
            found[name] = problems
    assert found == {}


def test_axe_finds_nothing_before_the_login_and_on_what_opens(
    browser: Browser, live_server: LiveServer, desk: Desk
) -> None:
    outside = Desk(browser, live_server.url)
    outside.page.goto("/admin/login/")
    assert outside.violations() == []
    outside.page.get_by_label("Username").fill("nobody")
    outside.page.get_by_label("Password").fill("wrong")
    outside.page.get_by_role("button", name="Log in").click()
    expect(outside.page.locator(".errornote, [role=alert]").first).to_be_visible()
    assert outside.violations() == []
    outside.context.close()
    desk.page.goto(address_of("commitments/commitment/"))
    desk.page.get_by_role("row", name="A tunnel").get_by_role("checkbox").check()
    desk.page.locator("select[name=action]").select_option("review")
    desk.page.get_by_role("button", name="Run").click()
    expect(desk.page.get_by_role("table", name="The chosen commitments")).to_be_visible()
    assert desk.violations() == []
    desk.page.get_by_role("button", name="Send to review").click()
    expect(desk.page.get_by_text("1 commitment sent to review.")).to_be_visible()
    desk.page.goto(address_of("commitments/statusproposal/"))
    desk.page.get_by_role("row", name="A bridge").get_by_role("checkbox").check()
    desk.page.locator("select[name=action]").select_option("approve")
    desk.page.get_by_role("button", name="Run").click()
    expect(desk.page.get_by_role("table", name="The chosen proposals")).to_be_visible()
    assert desk.violations() == []
    desk.page.get_by_role("button", name="Approve the chosen").click()
    expect(desk.page.get_by_text("1 verdict approved.")).to_be_visible()


def test_filters_and_menu_open_and_close_by_key(desk: Desk) -> None:
    page = desk.page
    page.goto(address_of("commitments/commitment/"))
    filters = page.get_by_role("button", name="Filters")
    filters.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#changelist-filter")
    expect(panel).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(filters).to_be_focused()
    page.locator("#nav-sidebar").get_by_role("button", name="admin").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Русский")).to_be_visible()


# What a person can work with by mouse and that shows: each has to be reached by Tab.
_CONTROLS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex], [x-on\\\\:click]"
  )].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled
    && one.getClientRects().length && one.type !== "hidden"
    && !one.matches(".select2-hidden-accessible"))"""
_LEFT_OUT = f"""() => ({_CONTROLS})().filter((one) => !one.dataset.reached
    && !one.querySelector("[data-reached]") && !one.closest("[data-reached]"))
  .map((one) => one.outerHTML.slice(0, 140))"""
# The element with the focus, marked as reached: where it is, and whether its focus can be seen.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const again = "reached" in one.dataset;
  one.dataset.reached = "";
  const style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && !/transparent|rgba\\(.*, 0\\)/.test(style.outlineColor);
  return { again, seen, name: one.outerHTML.slice(0, 140) };
}"""


def walk_by_tab(page: Page) -> list[str]:
    """Press Tab until the focus has gone round; returns what is wrong on the way."""
    wrong, steps = [], 0
    page.evaluate("() => document.activeElement?.blur()")
    while steps < 400:
        page.keyboard.press("Tab")
        steps += 1
        at = page.evaluate(_FOCUSED)
        if at is None or at["again"]:
            break
        if not at["seen"]:
            wrong.append(f"focus not seen: {at['name']}")
    left_out: list[str] = page.evaluate(_LEFT_OUT)
    return wrong + left_out


@pytest.mark.parametrize("name", MAIN)
def test_every_control_of_a_main_page_is_reached_by_tab_and_seen(desk: Desk, name: str) -> None:
    desk.page.goto(address_of(name))
    assert walk_by_tab(desk.page) == []
