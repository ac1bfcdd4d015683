"""The outbox at the desk: tried again, cancelled, counted on the front page, each by its role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.actions.roles import create_roles
from commitments.roles import POSTMASTERS
from tests.builders import NOW, make_admin, make_editor, make_user
from tests.timeline.mail.builders import make_queued, sent_mails, state_of, tick
from timeline.actions.alarms import cancel_emails, retry_emails
from timeline.actions.claims import claim_emails
from timeline.enums import MailState
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db

OUTBOX = "admin:timeline_outboxemail_changelist"
HOUR = timedelta(hours=1)


def settle(emails: list[OutboxEmail], state: str, copies: int = 0) -> None:
    OutboxEmail.objects.filter(pk__in=[email.pk for email in emails]).update(
        state=state,
        maybe_delivered=copies,
        settled_at=NOW,
        last_code=550,
        last_text="5.1.1 no such user",
    )


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.EXPIRED])
def test_failed_mail_is_tried_again_and_arrives(state: str) -> None:
    emails = make_queued()
    settle(emails, state)
    assert retry_emails(ids=[emails[0].pk], now=NOW + HOUR) == 1
    assert state_of(emails[0]) == (MailState.QUEUED, 0)
    assert emails[0].expires_at == NOW + HOUR + timedelta(hours=72)
    tick(NOW + HOUR)
    assert state_of(emails[0]) == (MailState.SENT, 1)
    assert len(sent_mails()) == 1


@pytest.mark.parametrize(
    ("state", "copies"),
    [
        (MailState.SENT, 1),
        (MailState.UNRESOLVED, 1),
        (MailState.UNRESOLVED, 2),
        (MailState.CANCELLED, 0),
    ],
)
def test_mail_that_may_have_arrived_or_was_stopped_is_never_tried_again(
    state: str, copies: int
) -> None:
    emails = make_queued()
    settle(emails, state, copies)
    assert retry_emails(ids=[emails[0].pk], now=NOW) == 0
    assert state_of(emails[0]) == (state, copies)


def test_item_that_a_later_mail_has_told_is_not_told_again() -> None:
    first, second = make_queued(2)
    settle([first], MailState.EXPIRED)
    settle([second], MailState.SENT, 1)
    OutboxEmail.objects.filter(pk=first.pk).update(repeated_in=second)
    assert retry_emails(ids=[first.pk], now=NOW) == 0


def test_waiting_mail_need_not_wait() -> None:
    (email,) = make_queued()
    OutboxEmail.objects.update(next_try_at=NOW + HOUR)
    assert retry_emails(ids=[email.pk], now=NOW) == 1
    email.refresh_from_db()
    assert email.next_try_at == NOW


def test_waiting_mail_is_cancelled_and_one_in_hand_is_not() -> None:
    waiting, in_hand = make_queued(2)
    claim_emails(ids=[in_hand.pk], limit=1, per_minute=9, now=NOW)
    desk = make_admin()
    assert cancel_emails(ids=[waiting.pk, in_hand.pk], actor=desk, now=NOW) == 1
    assert state_of(waiting) == (MailState.CANCELLED, 0)
    assert waiting.last_text == f"cancelled at the desk: {desk}"
    assert state_of(in_hand) == (MailState.SENDING, 0)


def press(client: Client, action: str, emails: list[OutboxEmail]) -> str:
    chosen = [str(email.pk) for email in emails]
    data = {"action": action, "_selected_action": chosen}
    return client.post(reverse(OUTBOX), data, follow=True).content.decode()


def postmaster(client: Client) -> Client:
    create_roles()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=POSTMASTERS))
    client.force_login(user)
    return client


def test_postmaster_retries_and_cancels_by_buttons(client: Client) -> None:
    emails = make_queued(3)
    settle(emails[:1], MailState.FAILED)
    settle(emails[1:2], MailState.UNRESOLVED, 2)
    page = press(postmaster(client), "retry", emails[:2])
    assert "1 mail will be tried again." in page
    assert "1 mail was left as it is" in page
    page = press(client, "cancel", emails[2:])
    assert "1 mail was cancelled." in page
    assert [state_of(email)[0] for email in emails] == ["queued", "unresolved", "cancelled"]


def test_who_may_only_see_has_no_such_buttons(client: Client) -> None:
    emails = make_queued()
    group = create_roles()[POSTMASTERS]
    group.permissions.remove(group.permissions.get(codename="change_outboxemail"))
    page = press(postmaster(client), "cancel", emails)
    assert 'value="cancel"' not in page
    assert state_of(emails[0]) == (MailState.QUEUED, 0)


def test_alarms_have_a_list_of_their_own(client: Client) -> None:
    emails = make_queued(2)
    settle(emails[:1], MailState.FAILED)
    client.force_login(make_admin())
    page = client.get(reverse(OUTBOX), {"unseen": "1"}).content.decode()
    assert emails[0].to_address in page
    assert emails[1].to_address not in page


def test_front_page_counts_alarms_for_those_who_see_mail(client: Client) -> None:
    settle(make_queued(2), MailState.FAILED)
    client.force_login(make_admin())
    page = client.get(reverse("admin:index")).content.decode()
    assert "Mails gone wrong" in page
    assert "?unseen=1" in page
    client.force_login(make_editor())
    assert "Mails gone wrong" not in client.get(reverse("admin:index")).content.decode()


def test_front_page_warns_a_postmaster_who_keeps_no_record(client: Client) -> None:
    settle(make_queued(1), MailState.FAILED)
    page = postmaster(client).get(reverse("admin:index")).content.decode()
    assert "1 mail may not have reached its reader." in page


def test_list_of_alarms_makes_as_many_queries_for_three_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_admin())
    settle(make_queued(1, now=timezone.now()), MailState.FAILED)
    path = f"{reverse(OUTBOX)}?unseen=1"
    client.get(path)
    with django_assert_max_num_queries(100) as one:
        client.get(path)
    for_one = len(one)
    settle(make_queued(3, now=timezone.now()), MailState.FAILED)
    client.get(path)  # a count of the desk is kept until the record changes, as it just did
    with django_assert_max_num_queries(for_one):
        client.get(path)
