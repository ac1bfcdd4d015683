"""What the desk sees and does about mails that may not have arrived."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.builders import NOW, make_admin, make_user
from tests.timeline.mail.builders import make_queued, make_subscriber, make_subscription
from timeline.actions.alarms import acknowledge_emails
from timeline.enums import MailState
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db

OUTBOX = "admin:timeline_outboxemail_changelist"


def make_alarming(count: int = 1) -> list[OutboxEmail]:
    emails = make_queued(count)
    OutboxEmail.objects.update(
        state=MailState.UNRESOLVED,
        maybe_delivered=2,
        settled_at=NOW,
        last_code=None,
        last_text="TimeoutError: timed out",
    )
    return emails


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_admin())
    return client


def test_acknowledged_alarm_is_counted_no_more_rem49() -> None:
    first, second = make_alarming(2)
    desk = make_admin()
    assert OutboxEmail.objects.alarming().count() == 2
    assert acknowledge_emails(ids=[first.pk], actor=desk, now=NOW) == 1
    assert acknowledge_emails(ids=[first.pk], actor=desk, now=NOW) == 0
    assert list(OutboxEmail.objects.alarming()) == [second]
    first.refresh_from_db()
    assert (first.acknowledged_at, first.acknowledged_by) == (NOW, desk)


def test_only_alarms_are_acknowledged() -> None:
    (email,) = make_queued()
    assert acknowledge_emails(ids=[email.pk], actor=make_admin(), now=NOW) == 0


def test_outbox_warns_shows_the_reason_and_is_acknowledged_rem16_rem49(desk: Client) -> None:
    (email,) = make_alarming()
    page = desk.get(reverse(OUTBOX)).content.decode()
    assert "1 mail may not have reached its reader." in page
    assert "TimeoutError: timed out" in page
    answer = desk.post(
        reverse(OUTBOX), {"action": "acknowledge", "_selected_action": [str(email.pk)]}, follow=True
    )
    assert "1 alarm was seen." in answer.content.decode()
    assert "may not have reached" not in desk.get(reverse(OUTBOX)).content.decode()


def test_outbox_and_subscribers_are_shown_and_never_changed(desk: Client) -> None:
    (email,) = make_alarming()
    assert email.subscriber is not None
    for name, number in (("outboxemail", email.pk), ("subscriber", email.subscriber.pk)):
        path = reverse(f"admin:timeline_{name}_change", args=[number])
        page = desk.get(path).content.decode()
        assert email.to_address in page
        assert 'name="_save"' not in page
        assert desk.post(path, {"to_address": "eve@example.org"}).status_code == 403
        assert desk.get(reverse(f"admin:timeline_{name}_add")).status_code == 403
        assert desk.post(reverse(f"admin:timeline_{name}_delete", args=[number])).status_code == 403


def test_subscriber_s_page_tells_the_reason_and_the_selections(desk: Client) -> None:
    reader = make_subscriber(
        state="suppressed", suppression="bounced", suppression_text="550 5.1.1 no such user"
    )
    make_subscription(reader, query="kind=event")
    page = desk.get(reverse("admin:timeline_subscriber_change", args=[reader.pk])).content.decode()
    assert "550 5.1.1 no such user" in page
    assert "kind=event" in page


def test_outbox_needs_permission(client: Client) -> None:
    user = make_user(is_staff=True)
    client.force_login(user)
    assert client.get(reverse(OUTBOX)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_outboxemail"))
    assert client.get(reverse(OUTBOX)).status_code == 200


@pytest.mark.parametrize("name", ["outboxemail", "subscriber"])
def test_list_makes_as_many_queries_for_three_as_for_one(
    name: str, desk: Client, django_assert_max_num_queries: Any
) -> None:
    path = reverse(f"admin:timeline_{name}_changelist")
    make_queued(1)
    desk.get(path)
    with django_assert_max_num_queries(100) as one:
        desk.get(path)
    most = len(one)
    make_queued(3)
    desk.get(path)  # the counts of the desk's queues are kept until the record changes
    with django_assert_max_num_queries(most):
        desk.get(path)
