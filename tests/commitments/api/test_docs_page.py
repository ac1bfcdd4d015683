"""The page for people: it renders with nothing from elsewhere, under the site's own policy."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response, expect

from commitments.models import Topic
from tests.builders import make_admin
from tests.conftest import StartProgram
from tests.services.programs import Program
from tests.services.site import Environment

pytestmark = pytest.mark.once

# Milliseconds: the page draws some hundred operations, and the machine may be crowded.
DRAWN_WITHIN = 60_000


def test_the_page_is_complete_without_a_word_of_script_in_it(client: Client) -> None:
    answer = client.get("/api/v1/docs/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = answer.content.decode()
    assert "http://" not in page
    assert "https://" not in page
    assert "<script>" not in page
    assert "<style" not in page
    assert 'data-schema="/api/v1/schema/"' in page


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", "image/png"])
def test_whoever_asks_gets_the_page(client: Client, accept: str) -> None:
    answer = client.get("/api/v1/docs/", headers={"Accept": accept})
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.once
def test_a_reader_finds_an_operation_and_tries_it(
    live_site: StartProgram, site_environment: Environment, page: Page
) -> None:
    program: Program = live_site()
    site = site_environment["SITE_URL"]
    complaints: list[str] = []
    asked: list[Response] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda answer: asked.append(answer))  # noqa: PLW0108 - it sets attributes

    page.goto(f"{site}/api/v1/docs/")
    operation = page.locator("#operations-windows-windows_read")
    operation.locator(".opblock-summary").click(timeout=DRAWN_WITHIN)
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("[data-param-name=text] input").fill("spring 2025")
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").nth(1)).to_have_text(
        "200"
    )
    expect(operation.locator(".live-responses-table")).to_contain_text("весна 2025 года")

    assert complaints == []
    assert {answer.status for answer in asked} == {200}
    assert {answer.url.startswith(site) for answer in asked} == {True}
    assert "Traceback" not in program.output


@pytest.mark.once
def test_who_is_logged_in_at_the_desk_tries_a_write(
    live_site: StartProgram, site_environment: Environment, page: Page
) -> None:
    live_site()
    site = site_environment["SITE_URL"]
    browser = Client()
    browser.force_login(make_admin("ada"))
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    # What the login form of the desk leaves behind.
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: "a" * 32}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
    )
    page.goto(f"{site}/api/v1/docs/")
    operation = page.locator("[id$=create_topic]")
    operation.locator(".opblock-summary").click(timeout=DRAWN_WITHIN)
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill('{"key": "space", "name": "Space"}')
    operation.get_by_role("button", name="Execute").click()
    status = operation.locator(".live-responses-table .response-col_status").nth(1)
    expect(status).to_contain_text("201")
    assert Topic.objects.get().key == "space"
