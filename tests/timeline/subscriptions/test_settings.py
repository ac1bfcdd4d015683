"""The one page on which a reader manages everything, and subscribing from an account."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import make_admin, make_commitment, make_editor, make_party, make_topic
from tests.timeline.mail.builders import make_due, make_subscriber, make_subscription
from tests.timeline.subscriptions.test_views import WISHES, settings_path
from timeline.actions.planning import plan_reminders
from timeline.actions.subscribing import request_subscription
from timeline.enums import SubscriberState, Suppression
from timeline.models import Mute, Reminder, Subscriber, Subscription, SubscriptionRequest
from timeline.moments import Habits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    handed: list[list[int]] = []
    monkeypatch.setattr("timeline.views.subscriptions.deliver_soon", handed.append)
    return handed


def wishes(subscription: Subscription, **changes: Any) -> dict[str, Any]:
    days = {f"lead_days_{subscription.pk}": "7"}
    return {"language": "en", "time_zone": "UTC", "rhythm": "immediate", **days, **changes}


def test_every_setting_is_saved_and_shown_again(client: Client) -> None:
    subscription = make_subscription()
    path, key = settings_path(subscription.subscriber), subscription.pk
    sent = wishes(
        subscription,
        time_zone="Europe/Berlin",
        rhythm="weekly",
        weekly_day="5",
        wall_time="07:30",
        quiet_from="22:00",
        quiet_until="07:00",
        quiet_days=["6", "7"],
        pause_until="2026-12-01",
        **{
            f"lead_days_{key}": "30, 7, 0",
            f"after_days_{key}": "1 14",
            f"opens_before_{key}": "3",
            f"opens_after_{key}": "2",
            f"middle_before_{key}": "0",
            f"news_{key}": ["date_moved", "weekly"],
        },
    )
    assert client.post(path, sent).status_code == 302
    subscription.refresh_from_db()
    assert subscription.moments == [
        ["last_day", -30],
        ["last_day", -7],
        ["last_day", 0],
        ["last_day", 14],
        ["last_day", 1],
        ["opens", -3],
        ["opens", 2],
        ["half_way", 0],
        ["date_moved", 0],
        ["weekly", 0],
    ]
    assert Subscriber.objects.get().habits == Habits(
        time_zone="Europe/Berlin",
        wall_time=time(7, 30),
        rhythm="weekly",
        weekly_day=5,
        quiet_from=time(22),
        quiet_until=time(7),
        quiet_days=0b1100000,
        paused_until=datetime(2026, 11, 30, 23, tzinfo=UTC),
    )
    form = client.get(path).context["form"]
    shown = {
        name: form[name].value()
        for name in ("rhythm", "weekly_day", "quiet_days", f"lead_days_{key}", f"after_days_{key}")
    }
    assert shown == {
        "rhythm": "weekly",
        "weekly_day": 5,
        "quiet_days": [6, 7],
        f"lead_days_{key}": "30, 7, 0",
        f"after_days_{key}": "14, 1",
    }
    page = client.get(path).content.decode()
    assert 'value="2026-12-01"' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quiet_days": list("1234567")}, "Leave one day of the week"),
        ({"quiet_from": "22:00"}, "Give both times, or neither."),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Enter a valid time."),
        ({"pause_until": "soon"}, "Enter a valid date."),
        ({"rhythm": "hourly"}, "Select a valid choice"),
        ({"lead_days_": ""}, "Choose at least one time"),
        ({"after_days_": "0"}, "Write up to 10 numbers"),
        ({"lead_days_": "1,2,3,4,5,6,7,8", "after_days_": "1,2,3,4,5,6,7,8,9"}, None),
        (
            {"lead_days_": "1,2,3,4,5,6,7,8,9,0", "after_days_": "1,2,3,4,5,6,7,8,9", "x": "x"},
            None,
        ),
    ],
)
def test_wrong_settings_are_told_beside_their_field(
    changes: dict[str, Any], sentence: str | None, client: Client
) -> None:
    subscription = make_subscription()
    own = {
        f"{name}{subscription.pk}" if name.endswith("_") else name: value
        for name, value in changes.items()
    }
    response = client.post(settings_path(subscription.subscriber), wishes(subscription, **own))
    if sentence is None:
        assert response.status_code == 302
        return
    assert response.status_code == 400
    assert sentence in response.content.decode()
    subscription.refresh_from_db()
    assert subscription.moments == [["last_day", -7]]


def test_more_than_twenty_times_are_refused(client: Client) -> None:
    subscription = make_subscription()
    key, ten = subscription.pk, "1,2,3,4,5,6,7,8,9,10"
    many = {f"lead_days_{key}": ten, f"after_days_{key}": ten, f"opens_before_{key}": "1"}
    response = client.post(settings_path(subscription.subscriber), wishes(subscription, **many))
    assert response.status_code == 400
    assert "Choose at most 20 times." in response.content.decode()


def test_one_item_is_muted_and_heard_of_again(client: Client) -> None:
    loud, quiet = make_due("Loud", in_days=30), make_due("Quiet", in_days=40)
    subscription = make_subscription()
    path = settings_path(subscription.subscriber)
    plan_reminders(now=subscription.created_at)
    page = client.get(path)
    assert [entry.title for entry, _day in page.context["following"]] == ["Loud", "Quiet"]
    assert client.post(path, {"mute": quiet.public_id}).status_code == 302
    plan_reminders(now=subscription.created_at)
    assert list(Reminder.objects.planned().values_list("commitment", flat=True)) == [loud.pk]
    assert [entry.title for entry in client.get(path).context["muted"]] == ["Quiet"]
    client.post(path, {"unmute": quiet.public_id})
    plan_reminders(now=subscription.created_at)
    assert Reminder.objects.planned().count() == 2


def test_link_to_mute_in_a_mail_changes_nothing_until_its_button_is_pressed(
    client: Client,
) -> None:
    commitment = make_due("Quiet")
    path = settings_path(make_subscription().subscriber)
    page = client.get(f"{path}?mute={commitment.public_id}").content.decode()
    assert "Hear nothing more of “Quiet”?" in page
    assert Mute.objects.count() == 0


def test_what_is_not_public_can_be_neither_named_nor_muted(client: Client) -> None:
    draft = make_commitment(title="Secret", published=False)
    path = settings_path(make_subscription().subscriber)
    page = client.get(f"{path}?mute={draft.public_id}").content.decode()
    assert "Secret" not in page
    client.post(path, {"mute": draft.public_id})
    assert Mute.objects.count() == 0


def test_selection_of_one_commitment_bears_its_title_as_long_as_it_is_public(
    client: Client,
) -> None:
    shown, hidden = (
        make_commitment(title="The Games"),
        make_commitment(title="Secret", published=False),
    )
    reader = make_subscriber()
    for one in (shown, hidden):
        make_subscription(reader, query=f"id={one.public_id}")
    page = client.get(settings_path(reader)).content.decode()
    assert "<h2>The Games</h2>" in page
    assert f"<h2>Public ids: {hidden.public_id}</h2>" in page
    assert "Secret" not in page


def test_settings_page_makes_as_many_queries_for_three_items_as_for_one(client: Client) -> None:
    subscription = make_subscription()
    path = settings_path(subscription.subscriber)
    counts = []
    for number in (1, 3):
        for one in [make_due(in_days=30 + number * 5 + n) for n in range(number)]:
            muted = make_due(in_days=30)
            Mute.objects.create(
                subscriber=subscription.subscriber, commitment=muted, created_at=one.created_at
            )
        subscription.needs_planning = True
        subscription.save()
        plan_reminders(now=subscription.created_at)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("what", ["id", "party", "topic", "kind"])
def test_one_commitment_a_party_a_topic_and_a_filter_can_be_followed(
    what: str, client: Client
) -> None:
    party, topic = make_party("kazakhstan"), make_topic("space")
    chosen = make_due(kind="event", parties=[(party, "promised_by")], topics=[topic])
    make_due()
    query = {
        "id": f"id={chosen.public_id}",
        "party": "party=kazakhstan",
        "topic": "topic=space",
        "kind": "kind=event",
    }[what]
    address = f"{reverse('timeline:subscribe')}?{query}"
    assert client.get(address).context["total"] == 1
    client.post(address, WISHES)
    assert SubscriptionRequest.objects.get().query == query
    make_subscription(query=query)
    plan_reminders(now=chosen.created_at)
    assert set(Reminder.objects.values_list("commitment", flat=True)) <= {chosen.pk}


def test_ticks_of_the_form_become_moments(client: Client) -> None:
    also = ["opens:0", "half_way:0", "last_day:1", "status_changed:0", "date_moved:0", "weekly:0"]
    assert client.post(reverse("timeline:subscribe"), {**WISHES, "also": also}).status_code == 200
    assert SubscriptionRequest.objects.get().moments == [
        ["last_day", -7],
        ["opens", 0],
        ["half_way", 0],
        ["last_day", 1],
        ["status_changed", 0],
        ["date_moved", 0],
        ["weekly", 0],
    ]


def test_week_alone_can_be_followed_and_nothing_at_all_cannot(client: Client) -> None:
    address = reverse("timeline:subscribe")
    body = {**WISHES, "lead_days": ""}
    response = client.post(address, body)
    assert (response.status_code, SubscriptionRequest.objects.count()) == (400, 0)
    assert "Choose at least one time." in response.content.decode()
    assert client.post(address, {**body, "also": ["weekly:0"]}).status_code == 200
    assert SubscriptionRequest.objects.get().moments == [["weekly", 0]]


def test_account_subscribes_at_once_and_without_a_mail(client: Client) -> None:
    editor = make_editor()
    editor.email = "Editor@Example.org"
    editor.save()
    client.force_login(editor)
    assert 'name="address"' not in client.get(reverse("timeline:subscribe")).content.decode()
    body = {**WISHES, "address": "somebody@example.org"}
    response = client.post(reverse("timeline:subscribe") + "?kind=event", body)
    assert response.status_code == 200
    subscription = Subscription.objects.get()
    assert (subscription.query, subscription.lead_days) == ("kind=event", [7])
    assert subscription.subscriber.address == "Editor@example.org"
    assert subscription.subscriber.user == editor
    assert (SubscriptionRequest.objects.count(), mail.outbox) == (0, [])


def test_account_whose_address_was_switched_off_is_told_why(client: Client) -> None:
    admin = make_admin()
    admin.email = "admin@example.org"
    admin.save()
    reader = make_subscriber("admin@example.org")
    reader.state, reader.suppression = SubscriberState.SUPPRESSED, Suppression.BOUNCED
    reader.save()
    client.force_login(admin)
    response = client.post(reverse("timeline:subscribe"), WISHES)
    assert response.status_code == 400
    assert "switched off: mail came back" in response.content.decode()
    assert Subscription.objects.count() == 0


def test_account_without_an_address_or_without_a_desk_confirms_like_everybody(
    client: Client,
) -> None:
    client.force_login(make_editor())
    assert 'name="address"' in client.get(reverse("timeline:subscribe")).content.decode()
    client.post(reverse("timeline:subscribe"), WISHES)
    assert (Subscription.objects.count(), SubscriptionRequest.objects.count()) == (0, 1)


def test_work_is_the_same_for_known_and_unknown_addresses() -> None:
    make_subscription(make_subscriber("known@example.org"))
    work = []
    for address in ("known@example.org", "unknown@example.org"):
        with CaptureQueriesContext(connection) as captured:
            request_subscription(
                address=address,
                query="",
                lead_days=[7],
                language="en",
                time_zone="UTC",
                client="192.0.2.1",
                now=datetime(2026, 11, 24, tzinfo=UTC),
            )
        work.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert work[0] == work[1]
