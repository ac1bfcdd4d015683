"""The ways to subscribe in a real browser: the page of all, and the screen of one's own feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings as PytestSettings
from pytest_django.live_server_helper import LiveServer

from tests.builders import NOW, make_commitment, make_topic, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(autouse=True)
def _a_list(live_server: LiveServer) -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        make_commitment(topics=[make_topic("space")])
        make_commitment(window="", topics=[make_topic("sea")])
        yield


def open_page(browser: Browser, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_everybody_can_read_and_use_it(
    browser: Browser, live_server: LiveServer, settings: PytestSettings, scheme: str, width: int
) -> None:
    complaints: list[str] = []
    viewport = {"width": width, "height": 800}
    page = open_page(browser, color_scheme=scheme, viewport=viewport)
    page.on("console", lambda message: complaints.append(message.text))
    for site in ("https://commitments.example", live_server.url):
        settings.SITE_URL = site
        for prefix in ("", "/ru", "/kk"):
            page.goto(f"{live_server.url}{prefix}/subscribe/?topic=space&alarms=7")
            results = Axe().run(page, options={"runOnly": RULES})
            assert results.response["violations"] == [], results.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    page.context.close()


def test_addresses_are_copied_by_a_button(
    browser: Browser, live_server: LiveServer, settings: PytestSettings
) -> None:
    settings.SITE_URL = "https://commitments.example"
    page = open_page(browser, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/subscribe/?topic=space")
    for number, start in ((0, "/feeds/commitments.ics?topic=space"), (1, "/dav/lists/")):
        button = page.locator("button[data-copy]").nth(number)
        button.click()
        expect(page.locator("#copied")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"https://commitments.example{start}")
        assert button.text_content() == "Copied"
        expect(page.locator("#copied")).to_have_text("")
    page.context.close()


def test_choices_are_made_without_script(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, java_script_enabled=False)
    page.goto(f"{live_server.url}/subscribe/?topic=space")
    assert page.locator("button[data-copy]:visible").count() == 0
    page.click("summary")
    page.check("text=all its days")
    page.check("text=7 days before")
    page.check("text=1 day before")
    page.select_option("select[name=language]", "kk")
    page.click("button:text('Update the addresses below')")
    assert page.url.partition("?")[2] == "topic=space&show=window&language=kk&alarms=1%2C7"
    feed = page.locator("#feed-address").text_content() or ""
    assert feed.endswith("/feeds/commitments.ics?topic=space&show=window&alarms=1%2C7&language=kk")
    page.click("a:text('See the list')")
    assert page.url == f"{live_server.url}/?topic=space"
    page.click("a:text('All ways to subscribe')")
    assert page.url == f"{live_server.url}/subscribe/?topic=space"
    page.context.close()


@pytest.mark.parametrize(("prefix", "scheme", "width"), [("", "light", 1280), ("/kk", "dark", 320)])
def test_own_feed_is_made_changed_and_stopped_by_hand(
    browser: Browser, live_server: LiveServer, client: Client, prefix: str, scheme: str, width: int
) -> None:
    client.force_login(make_user())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    viewport = {"width": width, "height": 800}
    page = open_page(browser, color_scheme=scheme, viewport=viewport)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )

    def look() -> None:
        results = Axe().run(page, options={"runOnly": RULES})
        assert results.response["violations"] == [], results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width

    page.goto(f"{live_server.url}{prefix}/calendars/")
    page.fill("input[name=name]", "Mine")
    look()
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("Mine")
    expect(page.locator("code.address")).to_have_count(2)
    expect(page.locator("button.copy").first).to_be_visible()
    look()
    page.goto(f"{live_server.url}{prefix}/calendars/")
    page.click("section.outlets li a[href*='/calendars/']")
    look()
    page.fill("input[name=name]", "Ours")
    page.press("input[name=name]", "Enter")
    expect(page.locator("section.outlets h2").first).to_have_text("Ours")
    page.click("section.outlets li a[href*='/calendars/']")
    page.click("button[name=revoke]")
    expect(page.locator("section.outlets")).to_have_count(1)
    page.context.close()
