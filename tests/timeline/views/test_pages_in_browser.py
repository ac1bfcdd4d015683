"""The public pages in a real browser: for the eye, the keyboard, the phone, and with axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from commitments.actions.commitments import correct_commitment
from commitments.actions.targets import report_value, set_target
from commitments.enums import PartyRole, Status, Strength
from commitments.models import Commitment, Target
from commitments.window import Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from tests.services.axe import wrong_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def launch() -> Commitment:
    """A record with something in every part of the page; the launch is the one to open."""
    space, parties = (
        make_topic("space"),
        [(make_party("kz", name="Kazakhstan"), PartyRole.PROMISED_BY)],
    )
    for title, window, status in (
        (LONG, "2024-11-27", Status.DELIVERED),
        ("Games", "2026", Status.ANNOUNCED),
        ("Meeting", "2026-12-01", Status.ANNOUNCED),
        ("Corridor", "2027/..", Status.IN_PROGRESS),
    ):
        make_commitment(title=title, window=window, status=status, parties=parties)
    make_commitment(title="Trade", window="", wording="soon", strength=Strength.PROPOSAL)
    commitment = make_commitment(
        title="Frist launch",
        window="2025",
        wording="next year, as planned",
        place=LONG,
        topics=[space],
        parties=parties,
        status=Status.IN_PROGRESS,
    )
    make_citation(commitment, quote=f"We said {LONG}.", locator="paragraph 47")
    make_commitment(title="A part of it", window="2025", parent=commitment)
    measure_and_correct(commitment)
    return commitment


def measure_and_correct(commitment: Commitment) -> None:
    """A target with two values, and a correction for the page of them."""
    editor = make_editor()
    target = Target(
        commitment=commitment,
        measure="launches",
        unit="a year",
        goal=Decimal(30),
        baseline=Decimal(2),
        baseline_period="2023",
    )
    set_target(target=target, actor=editor, now=NOW)
    for period, value in (("2024", 11), ("2025", 19)):
        report_value(
            target=target,
            value=Decimal(value),
            period=Window.parse(period),
            source=make_source(title=f"Report of {period}"),
            actor=editor,
            now=NOW,
        )
    correct_commitment(
        commitment=commitment,
        fields={"title": "First launch"},
        reason="A slip of the pen.",
        actor=editor,
        now=NOW,
    )


@pytest.fixture
def addresses(launch: Commitment) -> list[str]:
    """Every page there is; of those that share a template one, with all that it can show."""
    source = launch.citations.latest("pk").source
    return [
        "/",
        "/?topic=space&q=launch&as_of=2026-11-24&group=topic",
        f"/c/{launch.public_id}/",
        "/?nope=1",
        "/c/bbbbbbbb/",
        f"/c/{launch.public_id}/embed/",
        f"/sources/{source.public_id}/",
        "/parties/kz/",
        "/topics/space/",
        "/parties/?as_of=2026-11-24",
        "/changes/?since=2024-01-01&as_of=2026-11-24",
        "/corrections/",
        "/methodology/",
    ]


def open_page(browser: Browser, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_nothing_is_wrong_on_any_page_in_either_scheme_at_any_width(
    browser: Browser, live_server: LiveServer, addresses: list[str], prefix: str
) -> None:
    pages = [f"{live_server.url}{prefix}{address}" for address in addresses]
    assert wrong_on(browser, pages) == {}


def test_list_is_narrowed_without_script(
    browser: Browser, live_server: LiveServer, launch: Commitment
) -> None:
    page = open_page(browser, java_script_enabled=False)
    page.goto(live_server.url)
    page.click("summary")
    page.check("text=Space")
    page.click("button:text('Show')")
    assert page.url == f"{live_server.url}/?topic=space"
    assert page.locator("h3").all_text_contents() == ["First launch"]
    page.click("a[hreflang=kk]:visible")
    assert page.url == f"{live_server.url}/kk/?topic=space"
    page.click("h3 a")
    assert page.url == f"{live_server.url}/kk/c/{launch.public_id}/"
    page.context.close()


def test_picture_leads_to_each_commitment(
    browser: Browser, live_server: LiveServer, launch: Commitment
) -> None:
    page = open_page(browser)
    page.goto(live_server.url)
    page.locator(".sheet a:has-text('First launch'):visible").first.click()
    assert page.url == f"{live_server.url}/c/{launch.public_id}/"
    page.context.close()


def test_keyboard_skips_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_page_is_light(page: Page, live_server: LiveServer, launch: Commitment) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(live_server.url)
    assert len(sizes) <= 5
    assert sum(sizes) < 200_000


def test_paper_has_no_controls(page: Page, live_server: LiveServer, launch: Commitment) -> None:
    page.goto(live_server.url)
    page.emulate_media(media="print")
    assert not page.is_visible(".filters")
    assert not page.is_visible(".languages")
    assert page.is_visible(".sheet")
    assert page.is_visible("text=Overdue since 1 January 2026")
