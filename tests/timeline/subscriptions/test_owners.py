"""The mail to a responsible party: three answers, each a proposal in the queue of the desk."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.actions.publication import retract_commitment
from commitments.enums import Status
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_admin,
    make_approver,
    make_commitment_in,
    make_editor,
    make_user,
)
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.owners import REPORTS_PER_DAY
from timeline.actions.planning import plan_reminders
from timeline.actions.subscribing import end_subscription, leave
from timeline.enums import MailState, Purpose
from timeline.models import OutboxEmail, OwnerReport, Subscription

pytestmark = pytest.mark.django_db

ANSWERS = ["on_course", "slipped", "done"]


def make_owner(**fields: Any) -> Subscription:
    return make_subscription(make_subscriber("office@example.org", **fields), purpose=Purpose.OWNER)


def links() -> list[str]:
    (message,) = sent_mails()
    return re.findall(r"http://localhost:8000(/\S*/answer/\S+)", text_of(message))


def state_of_record() -> list[Any]:
    names = ("status", "window", "revision", "changed_at")
    return list(Commitment.objects.order_by("pk").values(*names))


@pytest.fixture
def asked() -> list[str]:
    """The three links of a mail about one commitment."""
    make_due("The launch")
    make_owner()
    tick(NOW)
    return links()


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        yield


def test_mail_has_three_answers_and_goes_to_the_office_alone(asked: list[str]) -> None:
    (message,) = sent_mails()
    assert message["To"] == "office@example.org"
    assert message["Subject"].startswith("How does it stand? The launch: Last possible day")
    assert [re.search(r"answer=(\w+)$", link)[1] for link in asked] == ANSWERS  # type: ignore[index]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "On course" not in message["Subject"]


def test_opening_the_links_changes_nothing(asked: list[str], client: Client) -> None:
    before = state_of_record()
    for link, answer in zip(asked, ANSWERS, strict=True):
        page = client.get(link)
        assert page.status_code == 200
        assert page.context["form"]["answer"].value() == answer
        assert client.head(link).status_code == 200
    assert (OwnerReport.objects.count(), state_of_record()) == (0, before)


def test_answer_is_a_proposal_with_their_words_and_never_a_change(
    asked: list[str], client: Client
) -> None:
    before = state_of_record()
    body = {"answer": "done", "words": "Opened on Friday; see our site."}
    response = client.post(asked[2], body)
    assert "The record has not changed." in response.content.decode()
    report = OwnerReport.objects.get()
    assert (report.answer, report.words, report.state) == ("done", body["words"], "waiting")
    assert (report.address, report.commitment.title) == ("office@example.org", "The launch")
    assert report.about_revision == report.commitment.revision
    assert state_of_record() == before


def test_same_answer_twice_is_one_report_and_another_is_another(
    asked: list[str], client: Client
) -> None:
    for body in ({"answer": "done"}, {"answer": "done"}, {"answer": "slipped"}):
        assert client.post(asked[0], body).status_code == 200
    assert OwnerReport.objects.count() == 2


def test_answer_needs_the_button_of_the_page(asked: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(asked[0], {"answer": "done"}).status_code == 403
    assert OwnerReport.objects.count() == 0


@pytest.mark.parametrize(
    "body", [{}, {"answer": "perhaps"}, {"answer": "done", "words": "x" * 2001}]
)
def test_wrong_answer_is_refused(body: dict[str, str], asked: list[str], client: Client) -> None:
    assert client.post(asked[0], body).status_code == 400
    assert OwnerReport.objects.count() == 0


def test_who_answers_too_often_is_told_to_wait(asked: list[str], client: Client) -> None:
    codes = [
        client.post(asked[0], {"answer": "slipped", "words": f"Day {n}"}).status_code
        for n in range(REPORTS_PER_DAY + 1)
    ]
    assert codes == [200] * REPORTS_PER_DAY + [429]


@pytest.mark.parametrize(("days", "code"), [(59.9, 200), (60, 410), (61, 410)])
def test_link_expires_after_sixty_days(
    days: float, code: int, asked: list[str], client: Client
) -> None:
    with time_machine.travel(NOW + days * DAY, tick=False):
        assert client.get(asked[0]).status_code == code
        assert client.post(asked[0], {"answer": "done"}).status_code == code


def test_link_that_was_changed_is_unknown(asked: list[str], client: Client) -> None:
    path = asked[0].partition("?")[0]
    other = re.sub(r"/answer/(\d+)-", lambda found: f"/answer/{int(found[1]) + 1}-", path)
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("how", ["ended", "left", "retracted"])
def test_link_dies_with_what_it_is_about(how: str, asked: list[str], client: Client) -> None:
    subscription = Subscription.objects.get()
    if how == "ended":
        end_subscription(subscription=subscription, now=NOW)
    elif how == "left":
        leave(subscriber=subscription.subscriber, now=NOW)
    else:
        commitment = Commitment.objects.get()
        retract_commitment(
            commitment=commitment, actor=make_approver(), now=NOW, reason="Not ours."
        )
    assert client.get(asked[0]).status_code == 410
    assert OwnerReport.objects.count() == 0


def test_office_is_not_asked_about_what_has_its_verdict() -> None:
    commitment = make_commitment_in(Status.STALLED, window=(NOW + 7 * DAY).date().isoformat())
    make_owner()
    plan_reminders(now=NOW - DAY)
    Commitment.objects.filter(pk=commitment.pk).update(status=Status.DELIVERED)
    tick(NOW)
    assert sent_mails() == []
    assert not OutboxEmail.objects.exclude(state=MailState.CANCELLED).exists()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_mail_and_page_are_in_the_language_of_the_office(language: str, client: Client) -> None:
    make_due()
    make_owner(language=language)
    tick(NOW)
    first, *_others = links()
    assert first.startswith(f"/{language}/")
    assert f'<html lang="{language}">' in client.get(first).content.decode()


def test_desk_enters_an_office_and_sees_its_answer(client: Client) -> None:
    commitment = make_due("The launch")
    client.force_login(make_admin())
    address = reverse("admin:timeline_subscription_add")
    assert client.get(address).status_code == 200
    body = {
        "address": "office@example.org",
        "query": f"id={commitment.public_id}",
        "lead_days": "30, 7",
        "also": ["last_day:1"],
        "time_zone": "UTC",
        "language": "en",
    }
    for wrong in ({"query": "colour=red"}, {"query": ""}, {"address": "nobody"}):
        assert client.post(address, {**body, **wrong}).status_code == 200
        assert Subscription.objects.count() == 0
    assert client.post(address, body).status_code == 302
    subscription = Subscription.objects.get()
    assert (subscription.purpose, subscription.query) == ("owner", body["query"])
    assert subscription.moments == [["last_day", -30], ["last_day", -7], ["last_day", 1]]
    listed = client.get(reverse("admin:timeline_subscription_changelist")).content.decode()
    assert "office@example.org" in listed
    report = OwnerReport.objects.create(
        subscription=subscription,
        commitment=commitment,
        address="office@example.org",
        answer="slipped",
        words="Not before spring.",
        about_revision=1,
        created_at=NOW,
    )
    queue = reverse("admin:timeline_ownerreport_changelist")
    assert "Not before spring." in client.get(queue).content.decode()
    client.post(queue, {"action": "take_up", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert report.state == "taken_up"
    assert (
        client.get(reverse("admin:timeline_ownerreport_change", args=[report.pk])).status_code
        == 200
    )


def test_queue_and_offices_are_for_editors_and_not_for_viewers(client: Client) -> None:
    pages = [
        reverse(f"admin:timeline_{name}")
        for name in ("ownerreport_changelist", "subscription_changelist", "subscription_add")
    ]
    client.force_login(make_editor())
    assert [client.get(page).status_code for page in pages] == [200] * 3
    client.force_login(make_user(permissions=["view_commitment"], is_staff=True))
    assert [client.get(page).status_code for page in pages] == [403] * 3


def test_readers_are_not_listed_among_the_offices(client: Client) -> None:
    make_subscription(make_subscriber("reader@example.org"))
    make_owner()
    client.force_login(make_editor())
    page = client.get(reverse("admin:timeline_subscription_changelist")).content.decode()
    assert ("office@example.org" in page, "reader@example.org" in page) == (True, False)


def test_queue_makes_as_many_queries_for_three_reports_as_for_one(client: Client) -> None:
    client.force_login(make_admin())
    subscription, counts = make_owner(), []
    for number in (1, 3):
        for _ in range(number):
            OwnerReport.objects.create(
                subscription=subscription,
                commitment=make_due(),
                address="office@example.org",
                answer="done",
                about_revision=1,
                created_at=NOW,
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:timeline_ownerreport_changelist"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
