"""The picture in time under a hand, under the keys, without a script, on paper, and with axe-core.

One story with one browser; its screenshots are in `var/screenshots`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from benchmarks.made_up import make_commitments
from commitments.actions.dates import move_date
from commitments.enums import Status
from commitments.window import Window
from tests.builders import NOW, make_approver, make_citation, make_commitment, make_topic

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Two fingers that part by half of the picture; no other way is there to have them here.
TWO_FINGERS = """() => {
  const canvas = document.querySelector(".canvas");
  const { left, top, width } = canvas.getBoundingClientRect();
  const touch = (kind, pointerId, part) => canvas.dispatchEvent(new PointerEvent(kind, {
    pointerId, clientX: left + width * part, clientY: top + 80, button: 0, bubbles: true,
  }));
  touch("pointerdown", 1, 0.4);
  touch("pointerdown", 2, 0.5);
  touch("pointermove", 1, 0.2);
  touch("pointermove", 2, 0.7);
  touch("pointerup", 1, 0.2);
  touch("pointerup", 2, 0.7);
}"""
FOLDER = Path(settings.BASE_DIR) / "var" / "screenshots"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def open_page(browser: Browser, address: str, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    return page


def keep(page: Page, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"picture-{name}.png", full_page=True)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def shown(page: Page) -> tuple[str, str]:
    """The first day of the axis and the one after its last."""
    canvas = page.locator(".canvas")
    return str(canvas.get_attribute("data-first")), str(canvas.get_attribute("data-end"))


def look_as_close_as_one_likes(page: Page, x: float, y: float) -> None:
    """By keys, by wheel, by a pull and by two fingers, at the place `x`, `y` of the picture."""
    whole = shown(page)
    page.keyboard.press("+")
    expect(page.locator(".view")).to_have_count(1)
    near = shown(page)
    assert whole[0] <= near[0] < near[1] <= whole[1]
    assert focused(page).startswith("First launch")  # it is still there, and keeps the focus
    page.keyboard.press("PageUp")
    expect(page.locator(".canvas")).not_to_have_attribute("data-first", near[0])
    page.keyboard.press("PageDown")
    expect(page.locator(".canvas")).to_have_attribute("data-first", near[0])
    page.keyboard.press("-")
    expect(page.locator(".canvas")).not_to_have_attribute("data-first", near[0])
    page.keyboard.press("0")
    expect(page.locator(".canvas")).to_have_attribute("data-first", whole[0])
    # A look further away may begin on the same day: the whole is here when none is chosen.
    expect(page.locator(".canvas[data-free]")).to_have_count(0)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator(".canvas")).to_have_attribute("data-free", "yes")
    near = shown(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 400, y, steps=4)
    page.mouse.up()
    expect(page.locator(".canvas")).not_to_have_attribute("data-first", near[0])
    pulled = shown(page)
    assert pulled > near
    page.evaluate(TWO_FINGERS)
    expect(page.locator(".canvas")).not_to_have_attribute("data-end", pulled[1])
    assert shown(page)[1] < pulled[1]
    page.go_back()
    expect(page.locator(".canvas")).to_have_attribute("data-first", whole[0])


def check_with_axe(page: Page) -> None:
    results = Axe().run(page, options={"runOnly": RULES})
    assert results.response["violations"] == [], results.generate_report()


@pytest.fixture
def launch() -> str:
    """Four commitments in time; the address of the one that was moved."""
    space = make_topic("space")
    launch = make_commitment(title="First launch", window="2025", topics=[space])
    citation = make_citation(launch)
    move_date(
        commitment=launch,
        window=Window.parse("2026"),
        actor=make_approver(),
        now=NOW,
        citations=[citation],
    )
    make_commitment(title="State visit", window="2024-11-27", status=Status.DELIVERED)
    make_commitment(title="Games", window="2026-22", topics=[make_topic("sport")])
    make_commitment(title="Corridor", window="2027/..", topics=[space])
    return f"/c/{launch.public_id}/"


def test_picture_is_found_by_hand_by_key_and_without_a_script(
    browser: Browser, live_server: LiveServer, launch: str
) -> None:
    page = open_page(browser, live_server.url, viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    # The hand: details, a closer look without a new page, and a pull to the next year.
    page.hover(".wide .item:has-text('First launch')")
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    assert tip.inner_text().split("\n") == [
        *("First launch", "2026", "Open now", "first promised for 2025")
    ]
    keep(page, "by-hand")
    page.evaluate("window.isTheSame = true")
    page.click(".looks-at >> text=Year")
    expect(page.locator(".view")).to_have_text("2026")
    assert page.url == f"{live_server.url}/?zoom=year&at=2026"
    canvas = page.locator(".canvas").bounding_box()
    assert canvas is not None
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y, steps=4)
    page.mouse.up()
    expect(page.locator(".view")).to_have_text("2027")
    assert page.locator(".wide .lane").count() == 1
    page.go_back()
    expect(page.locator(".view")).to_have_text("2026")
    page.click(".looks-by >> text=Topic")
    expect(page.locator(".wide .group-name").first).to_have_text("Space 2")
    assert page.evaluate("window.isTheSame") is True
    check_with_axe(page)
    # The keys: from item to item, closer, further, and to the page of the one in focus.
    page.goto(live_server.url)
    page.locator(".wide .item.lane").first.focus()
    assert focused(page) == "State visit, 27 November 2024, Delivered"
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith("First launch")
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("Games")
    page.keyboard.press("End")
    assert focused(page).startswith("Corridor")
    page.keyboard.press("ArrowLeft")
    assert focused(page).startswith("First launch")
    expect(page.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()
    look_as_close_as_one_likes(page, x, y)
    page.locator(".wide .item:has-text('First launch')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}{launch}")
    assert [text for text in complaints if "Permissions-Policy" not in text] == []
    page.context.close()
    # Without a script the links are pages, and the table is one click away.
    page = open_page(browser, f"{live_server.url}/?topic=space", java_script_enabled=False)
    page.click(".looks-at >> text=Year")
    assert page.url == f"{live_server.url}/?topic=space&zoom=year&at=2026#picture"
    page.click("text=The same as a table")
    page.click(".as-table >> text=First launch")
    assert page.url == f"{live_server.url}{launch}"
    page.context.close()


def test_picture_fits_paper_phones_and_large_letters(
    browser: Browser, live_server: LiveServer, launch: str
) -> None:
    phone = {"width": 320, "height": 700}
    page = open_page(
        browser,
        f"{live_server.url}/kk/?group=status",
        viewport=phone,
        color_scheme="dark",
        reduced_motion="reduce",
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.is_visible(".sheet.narrow")
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.narrow .lane text')]"
        ".map((text) => text.getBoundingClientRect().right))"
    )
    assert right <= 320
    duration = page.evaluate(
        "getComputedStyle(document.querySelector('.canvas')).transitionDuration"
    )
    assert duration == "0s"
    check_with_axe(page)
    keep(page, "phone-dark-kk")
    # 200 % on a screen of 1280 pixels is one of 640.
    page.set_viewport_size({"width": 640, "height": 450})
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    page.emulate_media(media="print", color_scheme="light")
    assert page.is_visible(".as-table table")
    assert not page.is_visible(".looks-at")
    page.context.close()


def test_many_are_piles_that_lead_to_their_lists(browser: Browser, live_server: LiveServer) -> None:
    make_commitments(120)
    page = open_page(browser, f"{live_server.url}/?group=topic", color_scheme="dark")
    check_with_axe(page)
    keep(page, "many-dark")
    pile = page.locator(".item.pile").nth(4)
    count = pile.locator(".number").text_content()
    pile.click()
    page.wait_for_url("**latest_before**")
    assert f"{count} public commitment" in page.locator(".standfirst").inner_text()
    # So few are drawn one by one.
    assert page.locator(".wide .lane").count() == int(count or 0)
    page.context.close()
