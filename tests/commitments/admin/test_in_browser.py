"""The desk in a real browser: what an editor and an approver do on a usual day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from commitments.actions.roles import create_roles
from commitments.enums import SourceKind
from commitments.models import Commitment, StatusProposal
from commitments.roles import APPROVERS, EDITORS
from tests.builders import make_commitment, make_party, make_source, make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """A browser window at the desk, and the complaints of its console."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context: Any = browser.new_context(
            base_url=address, locale="en-GB", viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def log_in(self, name: str) -> None:
        """Through the form, and on to the front page."""
        self.page.goto("/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill("pw")
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Desk")).to_be_visible()

    def choose(self, select: Locator, text: str) -> None:
        """Find a record while typing, in the choice that stands for `select`."""
        select.locator("xpath=following-sibling::*[contains(@class, 'select2')]").click()
        self.page.locator(".select2-search__field").last.fill(text)
        option = self.page.locator(".select2-results__option", has_text=text)
        option.first.click()


@pytest.fixture
def people() -> None:
    """An editor and an approver."""
    cache.clear()
    roles = create_roles()
    make_user("ainur", is_staff=True).groups.add(roles[EDITORS])
    make_user("bolat", is_staff=True).groups.add(roles[APPROVERS])


@pytest.fixture
def ainur(people: None, browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """The editor's window."""
    desk = Desk(browser, live_server.url)
    desk.log_in("ainur")
    yield desk
    desk.context.close()


@pytest.fixture
def bolat(people: None, browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """The approver's window."""
    desk = Desk(browser, live_server.url)
    desk.log_in("bolat")
    yield desk
    desk.context.close()


def enter_commitment(desk: Desk) -> None:
    """Fill in the page of a new commitment, with its source and party."""
    page = desk.page
    page.get_by_role("link", name="Add a commitment").click()
    page.get_by_label("Title").first.fill("A bridge over the Ural")
    page.locator("#id_kind").select_option("milestone")
    page.locator("#id_when").fill("next year")
    desk.choose(page.locator("#id_citations-0-source"), "Talks in Astana")
    page.locator("#id_citations-0-quote").fill("We open the bridge next year")
    desk.choose(page.locator("#id_involvements-0-party"), "Kazakhstan")
    page.get_by_role("button", name="Save and continue editing").click()


def test_commitment_from_entry_to_verdict(ainur: Desk, bolat: Desk) -> None:
    make_source(title="Talks in Astana", text="We open the bridge next year, as planned.")
    make_source(title="Act of acceptance", kind=SourceKind.OFFICIAL_RECORD)
    make_party("kz", name="Kazakhstan")

    enter_commitment(ainur)
    expect(ainur.page.get_by_text("Understood as 2025 (2025)")).to_be_visible()
    ainur.page.get_by_role("link", name="Send to review").click()
    ainur.page.get_by_role("button", name="Send to review").click()
    expect(ainur.page.get_by_text("Sent to review.")).to_be_visible()

    bolat.page.locator("#nav-sidebar-apps").get_by_role("link", name="In review").click()
    bolat.page.get_by_role("link", name="A bridge over the Ural").click()
    bolat.page.get_by_role("link", name="Publish").click()
    bolat.page.get_by_role("button", name="Publish").click()
    expect(bolat.page.get_by_text("Published.")).to_be_visible()

    ainur.page.reload()
    ainur.page.get_by_role("link", name="Change the status").click()
    delivered = ainur.page.get_by_role("listitem").filter(
        has=ainur.page.get_by_role("heading", name=re.compile("^delivered$"))
    )
    delivered.get_by_role("link", name="Propose").click()
    ainur.page.get_by_label("Since when").fill("18 May 2025")
    ainur.choose(ainur.page.locator("#id_new_source"), "Act of acceptance")
    ainur.page.get_by_role("button", name="Propose").click()
    expect(ainur.page.get_by_text("ainur proposes “delivered”")).to_be_visible()

    bolat.page.locator("#nav-sidebar-apps").get_by_role("link", name="approval").click()
    bolat.page.get_by_role("link", name="A bridge over the Ural").click()
    bolat.page.get_by_role("link", name="Approve").click()
    bolat.page.get_by_role("button", name="Approve").click()
    expect(bolat.page.get_by_text("Approved: the status is “delivered” now.")).to_be_visible()

    commitment, proposal = Commitment.objects.get(), StatusProposal.objects.get()
    assert (commitment.status, commitment.publication) == ("delivered", "published")
    assert (commitment.effective, proposal.state) == ("2025-05-18", "approved")
    assert ainur.complaints == bolat.complaints == []


def test_refused_quote_is_shown_beside_it_and_the_words_stay(ainur: Desk) -> None:
    make_source(title="Talks in Astana", text="We open the tunnel next year.")
    make_party("kz", name="Kazakhstan")
    enter_commitment(ainur)
    error = "These words are not in the stored text. Nearest passage: “We open the tunnel"
    expect(ainur.page.get_by_text(error)).to_be_visible()
    expect(ainur.page.locator("#id_when")).to_have_value("next year")
    expect(ainur.page.locator("#id_citations-0-quote")).to_have_value(
        "We open the bridge next year"
    )
    assert not Commitment.objects.exists()
    assert ainur.complaints == []


def test_second_editor_sees_what_the_first_changed_and_saves_again(
    ainur: Desk, bolat: Desk
) -> None:
    commitment = make_commitment(title="A bridge", place="Aktau")
    for desk in (bolat, ainur):
        desk.page.goto(f"/admin/commitments/commitment/{commitment.pk}/change/")
    bolat.page.locator("#id_place").fill("Atyrau")
    bolat.page.get_by_role("button", name="Save and continue editing").click()
    expect(bolat.page.get_by_text("was changed successfully")).to_be_visible()
    ainur.page.locator("#id_title").fill("A long bridge")
    ainur.page.get_by_role("button", name="Save and continue editing").click()
    expect(ainur.page.get_by_text("bolat changed this while you were writing")).to_be_visible()
    place = ainur.page.get_by_role("row", name="Place Aktau Atyrau Aktau")
    expect(place).to_be_visible()
    expect(ainur.page.locator("#id_title")).to_have_value("A long bridge")
    expect(ainur.page.locator("#id_place")).to_have_value("Atyrau")
    ainur.page.get_by_role("button", name="Save and continue editing").click()
    expect(ainur.page.get_by_text("was changed successfully")).to_be_visible()
    commitment.refresh_from_db()
    assert (commitment.title, commitment.place) == ("A long bridge", "Atyrau")
    assert ainur.complaints == bolat.complaints == []


def test_editor_chooses_the_language_of_the_desk(ainur: Desk) -> None:
    page = ainur.page
    page.locator("#nav-sidebar").get_by_text("ainur").click()
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert ainur.complaints == []
