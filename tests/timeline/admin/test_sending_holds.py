"""A hold on mail at the desk: everybody is told, postmasters alone lift it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from commitments.actions.roles import create_roles
from commitments.roles import EDITORS, POSTMASTERS
from tests.builders import NOW, make_user
from tests.timeline.mail.builders import DAY, make_queued, sent_mails, tick
from timeline.actions.sending_hold import hold_sending, is_on_hold
from timeline.models import OutboxEmail, SendingHold

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOLDS = "/admin/timeline/sendinghold/"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def log_in(client: Client, role: str) -> Client:
    create_roles()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def make_hold() -> SendingHold:
    return hold_sending(reason="restored from Monday", backup_at=NOW - DAY, now=NOW)


@pytest.mark.parametrize(("role", "may_lift"), [(EDITORS, False), (POSTMASTERS, True)])
def test_front_page_tells_everybody(client: Client, role: str, may_lift: bool) -> None:
    hold = make_hold()
    page = log_in(client, role).get("/admin/").content.decode()
    assert "Mail is on hold since 2026-11-24 09:00 UTC: restored from Monday." in page
    assert (f'href="{HOLDS}{hold.pk}/lift/"' in page) is may_lift


def test_front_page_says_nothing_once_it_is_lifted(client: Client) -> None:
    make_hold()
    SendingHold.objects.update(lifted_at=NOW)
    assert "Mail is on hold" not in log_in(client, POSTMASTERS).get("/admin/").content.decode()


def test_reason_is_text_and_no_markup(client: Client) -> None:
    hold_sending(reason="<b>bold</b>", backup_at=None, now=NOW)
    page = log_in(client, POSTMASTERS).get("/admin/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page


def test_postmaster_lifts_it_by_a_button(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    make_queued()
    hold = make_hold()
    address = f"{HOLDS}{hold.pk}/lift/"
    page = log_in(client, POSTMASTERS).get(address).content.decode()
    assert "1 mail waits." in page
    assert 'value="2026-11-24T09:00:00"' in page
    assert is_on_hold()
    sent = {"lift": "1", "sent_until": "2026-11-24T09:00:00"}
    with caplog.at_level(logging.WARNING):
        answer = client.post(address, sent, follow=True)
    assert "Mail leaves again. 1 mail counts as sent before." in answer.content.decode()
    hold.refresh_from_db()
    assert hold.lifted_by is not None
    assert "lifted the hold on sending" in caplog.text
    tick(NOW)
    assert sent_mails() == []


def test_empty_moment_sends_all(client: Client) -> None:
    make_queued()
    hold = make_hold()
    sent = {"lift": "1", "sent_until": ""}
    log_in(client, POSTMASTERS).post(f"{HOLDS}{hold.pk}/lift/", sent)
    tick(NOW)
    assert len(sent_mails()) == 1


@pytest.mark.parametrize(
    ("sent_until", "sentence"),
    [
        ("2026-11-24T09:00:01", "This moment is still to come."),
        ("2026-11-23T08:59:59", "This is before the backup"),
        ("yesterday", "Enter a valid date/time."),
    ],
)
def test_wrong_moment_is_told_beside_its_field(
    client: Client, sent_until: str, sentence: str
) -> None:
    hold = make_hold()
    sent = {"lift": "1", "sent_until": sent_until}
    answer = log_in(client, POSTMASTERS).post(f"{HOLDS}{hold.pk}/lift/", sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert is_on_hold()


def test_editor_may_neither_see_nor_lift_it(client: Client) -> None:
    hold = make_hold()
    log_in(client, EDITORS)
    address = f"{HOLDS}{hold.pk}/lift/"
    assert [client.get(HOLDS).status_code, client.get(address).status_code] == [403, 403]
    assert client.post(address, {"lift": "1"}).status_code == 403
    assert is_on_hold()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_often_for_one_as_for_three(
    client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        SendingHold.objects.create(since=NOW, reason=f"restore {number}", lifted_at=NOW)
    log_in(client, POSTMASTERS)
    with django_assert_max_num_queries(12):
        page = client.get(HOLDS).content.decode()
    assert page.count("restore ") >= count
    assert OutboxEmail.objects.count() == 0
