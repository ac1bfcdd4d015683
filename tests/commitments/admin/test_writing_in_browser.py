"""What helps while one writes, in a real browser: dates read back, statements, two versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commitments.actions.commitments import correct_commitment
from commitments.actions.roles import create_roles
from commitments.models import Commitment, Source, User
from commitments.roles import EDITORS
from tests.builders import NOW, make_commitment, make_party, make_source, make_topic, make_user
from tests.commitments.admin.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

GAMES = "The Games will be held in Kazakhstan in 2026."
# The satellite is two units of UTF-16: offsets are counted in characters.
TEXT = f"🛰 President Tokayev: Dear friends,\n\nWe open the Alley in spring 2025.\n\n{GAMES}\n"


@pytest.fixture
def source(transactional_db: None) -> Source:
    """A statement, and who promises."""
    cache.clear()
    make_party("kz", name="Kazakhstan")
    make_topic("sport", name="sport")
    return make_source(title="Talks in Astana", text=TEXT, place="Astana")


def an_editor() -> User:
    """Somebody who works through statements."""
    user = make_user("ainur", is_staff=True)
    user.groups.add(create_roles()[EDITORS])
    return user


@pytest.fixture
def ainur(source: Source, browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """The editor's window."""
    desk = Desk(browser, live_server.url)
    desk.come_in(an_editor())
    yield desk
    desk.context.close()


def test_date_reads_back_while_one_types_and_the_nearest_can_be_taken(ainur: Desk) -> None:
    page = ainur.page
    page.goto("/admin/commitments/commitment/add/")
    said = page.locator("#id_when_read_back")
    page.locator("#id_when").fill("sprng 2025")
    expect(said).to_contain_text("is not understood as a date")
    said.get_by_role("button", name="spring 2025", exact=True).click()
    days = "1 March – 31 May 2025, overdue from 1 June 2025 (Asia/Almaty)"
    expect(said).to_contain_text(days)
    expect(page.locator("#id_when")).to_have_value("spring 2025")
    page.locator("#id_when").fill("next year")
    expect(said).to_contain_text("source")
    ainur.choose(page.locator("#id_citations-0-source"), "Talks in Astana")
    expect(said).to_contain_text("1 January 2025 – 31 December 2025")
    assert ainur.complaints == []


def test_marked_words_become_the_quote_and_two_commitments_are_entered(
    ainur: Desk, source: Source
) -> None:
    page = ainur.page
    page.goto(f"/admin/commitments/source/{source.pk}/change/")
    page.get_by_role("link", name="Work through this statement").click()
    ainur.mark("We open the Alley in spring 2025")
    expect(page.locator("#id_quote")).to_have_value("We open the Alley in spring 2025")
    expect(page.locator("#id_when")).to_have_value("in spring 2025")
    page.locator("#id_title").fill("The Alley")
    page.locator("#id_kind").select_option("milestone")
    page.get_by_role("searchbox", name="Promised by").click()
    page.get_by_role("option", name="Kazakhstan").click()
    page.get_by_role("button", name="Save and add next").click()
    expect(page.get_by_text("Entered as a draft: “The Alley”.")).to_be_visible()
    ainur.mark(GAMES)
    expect(page.locator("#id_quote")).to_have_value(GAMES)
    page.get_by_role("button", name="Save and add next").click()
    expect(page.get_by_role("heading", name="Entered already (2)")).to_be_visible()
    made = list(Commitment.objects.order_by("pk"))
    assert [(one.title, one.window) for one in made] == [("The Alley", "2025-21"), (GAMES, "2026")]
    assert [[party.key for party in one.parties.all()] for one in made] == [["kz"], ["kz"]]
    for one, quote in zip(made, ["We open the Alley in spring 2025", GAMES], strict=True):
        citation = one.citations.get()
        assert TEXT[citation.start : citation.end] == quote
    assert ainur.complaints == []


def test_candidates_are_dropped_and_accepted_without_script(
    source: Source, browser: Browser, live_server: LiveServer
) -> None:
    desk = Desk(browser, live_server.url, script=False)
    desk.come_in(an_editor())
    page = desk.page
    page.goto(f"/admin/commitments/source/{source.pk}/statement/")
    candidates = page.locator("li.candidate")
    expect(candidates).to_have_count(2)
    candidates.first.get_by_role("button", name="Drop").click()
    expect(candidates).to_have_count(1)
    candidates.first.get_by_role("link", name="Accept and edit").click()
    expect(page.locator("#id_quote")).to_have_value(GAMES)
    page.locator("#id_title").fill("The Games")
    page.locator("#id_kind").select_option("event")
    page.locator("#id_promised_by").select_option(label="Kazakhstan")
    page.get_by_role("button", name="Save and add next").click()
    expect(page.get_by_text("Understood as 2026 (2026)")).to_be_visible()
    expect(candidates).to_have_count(0)
    assert Commitment.objects.get().window == "2026"
    desk.context.close()


def test_second_editor_chooses_between_both_versions(ainur: Desk) -> None:
    commitment = make_commitment(title="A bridge", place="Aktau")
    page = ainur.page
    page.goto(f"/admin/commitments/commitment/{commitment.pk}/change/")
    changed = {"title": "A long bridge", "place": "Atyrau"}
    correct_commitment(commitment=commitment, fields=changed, actor=None, now=NOW)
    page.locator("#id_title").fill("A tunnel")
    page.get_by_role("button", name="Save and continue editing").click()
    table = page.locator(".versions")
    table.get_by_label("A long bridge").check()
    expect(page.locator("#id_title")).to_have_value("A long bridge")
    table.get_by_role("row", name="Place").get_by_role("radio").nth(1).check()
    expect(page.locator("#id_place")).to_have_value("Aktau")
    assert ainur.violations() == []
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    commitment.refresh_from_db()
    assert (commitment.title, commitment.place) == ("A long bridge", "Aktau")
    assert ainur.complaints == []


def test_axe_finds_nothing_on_a_statement_at_work(ainur: Desk, source: Source) -> None:
    page = ainur.page
    make_commitment(title="The Games", source=source)
    page.goto(f"/admin/commitments/source/{source.pk}/statement/")
    ainur.mark(GAMES)
    expect(page.locator("#id_when_read_back")).to_contain_text("2026")
    page.locator("#id_when").fill("sprng 2025")
    expect(page.locator("#id_when_read_back button").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert ainur.violations() == []
