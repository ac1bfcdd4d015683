"""A reader opens the page of the real statement and follows one promise to its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

import commitments
from commitments.actions.status import StatusMove, approve_proposal, propose_status
from commitments.enums import SourceKind, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import NOW, make_approver, make_citation, make_editor, make_source

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENT = Path(commitments.__file__).parent / "data" / "statement-2024-11-27.json"


@pytest.fixture(autouse=True)
def _statement_on_record() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        call_command("load_statement", str(STATEMENT), verbosity=0)
        yield


def card_of(page: Page, part: str, title: str) -> str:
    """The words of one item in one part of the page, blanks squeezed."""
    card = page.locator(f"#{part} .card", has=page.locator("h3", has_text=title))
    return " ".join(card.inner_text().split())


def test_reader_sees_what_is_overdue_and_what_is_open(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    tally = " ".join(page.inner_text(".tally").split())
    assert tally == "9 Overdue 2 Open now 0 Coming 18 Undated 9 Finished"
    launch = card_of(page, "overdue", "First Soyuz-5 launch from the Baiterek complex")
    assert launch.startswith("2025 First Soyuz-5 launch")
    assert "Overdue since 1 January 2026, 328 days" in launch
    alley = card_of(page, "overdue", "Alley of Eternal Kazakhstani-Russian Friendship")
    assert alley.startswith("Spring 2025 Opening of the Alley")
    assert "Overdue since 1 June 2025" in alley
    games = card_of(page, "open", "Games of the Future")
    assert games.startswith("2026 3rd Games of the Future")
    assert "Last possible day: 31 December 2026, in 37 days" in games
    assert page.locator(".sheet.wide .lane").count() == 20


def test_reader_follows_a_promise_to_its_words(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.click("h3 a:has-text('Baiterek')")
    words = " ".join(page.inner_text("main").split())
    assert "next year, as planned" in words
    assert "Vladimir Putin, Statements for the media following Russian-Kazakhstani talks" in words
    assert "paragraph 47, 27 November 2024" in words
    assert "The last possible day has passed without evidence. No verdict has been given." in words
    assert "1 January 2025 to 31 December 2025" in words


def test_page_tells_when_a_promise_is_kept(page: Page, live_server: LiveServer) -> None:
    launch = Commitment.objects.get(key="baiterek-first-launch")
    record = make_source(title="Flight record", kind=SourceKind.OFFICIAL_RECORD)
    evidence = make_citation(launch, record)
    move = StatusMove(Status.DELIVERED, Window.parse("2026-11-20"), citations=(evidence,))
    proposal = propose_status(commitment=launch, move=move, actor=make_editor(), now=NOW)
    page.goto(live_server.url)
    assert "Overdue since" in card_of(page, "overdue", "Baiterek")

    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)
    page.reload()
    told = card_of(page, "finished", "Baiterek")
    assert "Delivered, 20 November 2026, late, evidence: documented" in told
    page.click("h3 a:has-text('Baiterek')")
    story = " ".join(page.inner_text(".story").split())
    assert story.index("Source: announces") < story.index("Last possible day")
    assert story.index("Last possible day") < story.index("Delivered (20 November 2026)")
    assert "Agreed by a second person." in story
