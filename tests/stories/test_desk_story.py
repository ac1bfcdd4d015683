"""An editor marks a commitment delivered with documented evidence, and an approver agrees.

The page, the API and the calendar feed tell the same from then on; in the feed only that one item
has other bytes.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from commitments.actions.roles import create_roles
from commitments.enums import SourceKind
from commitments.models import Commitment, Source, StatusProposal, User
from commitments.roles import APPROVERS, EDITORS
from tests.builders import make_commitment, make_source, make_user

pytestmark = pytest.mark.django_db

FEED = "/feeds/commitments.ics"
DAY = "2026-11-24T09:00:00+00:00"


@pytest.fixture
def alley() -> Commitment:
    """What the story is about, among others; no feed is kept from another record."""
    cache.clear()
    make_commitment(title="3rd Games of the Future", window="2026")
    make_commitment(title="First launch from Baiterek", window="2025")
    return make_commitment(
        title="Alley of Friendship",
        window="2025-21",
        source=make_source(title="Statements for the media"),
    )


def logged_in(name: str, role: str) -> tuple[Client, User]:
    """A member of the desk with one of its roles."""
    user = make_user(name, is_staff=True)
    user.groups.add(create_roles()[role])
    client = Client()
    client.force_login(user)
    return client, user


def items_of(feed: bytes) -> dict[str, bytes]:
    """The bytes of each item of a feed by its UID."""
    found = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed, flags=re.DOTALL)
    return {re.findall(rb"UID:(\S+)", item)[0].decode(): item for item in found}


def words_of(page: str) -> str:
    """The visible words of a page in small letters."""
    hidden = r"<(svg|script|style|title)\b.*?</\1>"
    bare = re.sub(r"<[^>]+>", " ", re.sub(hidden, " ", page, flags=re.DOTALL))
    return " ".join(bare.lower().split())


def outlets(commitment: Commitment) -> dict[str, Any]:
    """What everybody sees of `commitment` now."""
    visitor = Client()
    feed = visitor.get(FEED)
    return {
        "page": words_of(visitor.get(f"/c/{commitment.public_id}/").content.decode()),
        "api": visitor.get(f"/api/v1/commitments/{commitment.public_id}/").json(),
        "etag": feed.headers["etag"],
        "items": items_of(feed.content),
    }


def add_the_document(editor: Client) -> Source:
    """Enter the act of acceptance as a source."""
    sent = {
        "title": "Act of acceptance",
        "kind": SourceKind.OFFICIAL_RECORD,
        "date": "2025-05-20",
        "language": "en",
        "text": "The alley was opened on 18 May 2025.",
    }
    assert editor.post(reverse("admin:commitments_source_add"), sent).status_code == 302
    return Source.objects.get(title="Act of acceptance")


def propose_delivery(editor: Client, commitment: Commitment, act: Source) -> StatusProposal:
    """Find the move, and propose it with a quote from the document."""
    choose = reverse("admin:commitments_commitment_status", args=[commitment.pk])
    choices = editor.get(choose).context["choices"]
    (delivered,) = [one for one in choices if one.button.to_status == "delivered"]
    page = reverse(f"admin:commitments_commitment_{delivered.button.name}", args=[commitment.pk])
    sent = {
        "expected_revision": editor.get(page).context["form"]["expected_revision"].value(),
        "effective": "18 May 2025",
        "new_source": act.pk,
        "new_role": "reports",
        "new_quote": "The alley was opened on 18 May 2025.",
    }
    assert editor.post(page, sent).status_code == 302
    return StatusProposal.objects.get()


def approve(approver: Client, proposal: StatusProposal) -> None:
    """Find it in the queue, read it, and agree."""
    queue = reverse("admin:commitments_statusproposal_changelist")
    listed = approver.get(f"{queue}?state__exact=waiting").context["cl"].result_list
    assert list(listed) == [proposal]
    page = reverse("admin:commitments_statusproposal_change", args=[proposal.pk])
    (link,) = [one for one in approver.get(page).context["links"] if one.label == "Approve"]
    revision = approver.get(link.url).context["form"]["expected_revision"].value()
    assert approver.post(link.url, {"expected_revision": revision}).status_code == 302


@time_machine.travel(DAY, tick=False)
def test_delivery_is_proposed_approved_and_seen_everywhere(alley: Commitment) -> None:
    editor, ainur = logged_in("ainur", EDITORS)
    approver, bolat = logged_in("bolat", APPROVERS)
    before = outlets(alley)
    assert (before["api"]["status"]["value"], before["api"]["schedule"]) == ("announced", "overdue")
    assert "overdue since 1 june 2025" in before["page"]

    proposal = propose_delivery(editor, alley, add_the_document(editor))
    waiting = outlets(alley)
    assert waiting["api"]["status"]["value"] == "announced"
    assert "delivered" not in waiting["page"]

    approve(approver, proposal)
    after = outlets(alley)
    assert (after["api"]["status"]["value"], after["api"]["schedule"]) == ("delivered", "on_time")
    assert after["api"]["evidence"]["level"] == "documented"
    assert "delivered" in after["page"]
    assert "overdue since" not in after["page"]
    assert "act of acceptance" in after["page"]
    change = alley.status_changes.latest("id")
    assert (change.actor, change.approver, change.effective) == (ainur, bolat, "2025-05-18")


@time_machine.travel(DAY, tick=False)
def test_feed_changes_in_that_one_item_only(alley: Commitment) -> None:
    editor, _ainur = logged_in("ainur", EDITORS)
    approver, _bolat = logged_in("bolat", APPROVERS)
    before = outlets(alley)
    approve(approver, propose_delivery(editor, alley, add_the_document(editor)))
    after = outlets(alley)
    assert after["etag"] != before["etag"]
    assert set(after["items"]) == set(before["items"])
    changed = [uid for uid, item in after["items"].items() if item != before["items"][uid]]
    assert len(changed) == 1
    assert changed[0].startswith(alley.public_id)
    assert b"delivered" in after["items"][changed[0]].lower()
    unchanged = Client().get(FEED, headers={"if-none-match": after["etag"]})
    assert unchanged.status_code == 304


@time_machine.travel(DAY, tick=False)
def test_editor_alone_changes_nothing(alley: Commitment) -> None:
    editor, _ainur = logged_in("ainur", EDITORS)
    proposal = propose_delivery(editor, alley, add_the_document(editor))
    address = reverse("admin:commitments_statusproposal_approve", args=[proposal.pk])
    answer = editor.post(address, {"expected_revision": alley.revision})
    assert answer.status_code == 403
    assert outlets(alley)["api"]["status"]["value"] == "announced"
