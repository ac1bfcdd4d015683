"""The desk in a real browser: what an editor and an approver do on a usual day."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commitments.actions.roles import create_roles
from commitments.enums import SourceKind
from commitments.models import Commitment, StatusProposal, User
from commitments.roles import APPROVERS, EDITORS
from tests.builders import make_commitment, make_party, make_source, make_user
from tests.commitments.admin.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """An editor and an approver, by name."""
    cache.clear()
    roles = create_roles()
    found = {}
    for name, role in (("ainur", EDITORS), ("bolat", APPROVERS)):
        found[name] = make_user(name, is_staff=True)
        found[name].groups.add(roles[role])
    return found


def window_of(user: User, browser: Browser, address: str) -> Desk:
    """The window of somebody who is in already, at the front page."""
    desk = Desk(browser, address)
    desk.come_in(user)
    desk.page.goto("/admin/")
    return desk


@pytest.fixture
def ainur(people: dict[str, User], browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """The editor's window."""
    desk = window_of(people["ainur"], browser, live_server.url)
    yield desk
    desk.context.close()


@pytest.fixture
def bolat(people: dict[str, User], browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """The approver's window."""
    desk = window_of(people["bolat"], browser, live_server.url)
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


def test_editor_logs_in_and_chooses_the_language_of_the_desk(
    people: dict[str, User], browser: Browser, live_server: LiveServer
) -> None:
    ainur = Desk(browser, live_server.url)
    ainur.log_in("ainur")
    page = ainur.page
    page.locator("#nav-sidebar").get_by_text("ainur").click()
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert ainur.complaints == []
    ainur.context.close()
