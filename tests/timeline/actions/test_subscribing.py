"""Double opt-in, settings and leaving."""

from __future__ import annotations

import hashlib
import re
from datetime import time, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.builders import NOW
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.subscribing import (
    MAILS_PER_ADDRESS,
    REQUESTS_PER_CLIENT,
    change_settings,
    confirm_subscription,
    end_subscription,
    leave,
    request_subscription,
)
from timeline.enums import MailState, SubscriberState
from timeline.exceptions import LinkExpired, LinkUnknown, TooManyRequests
from timeline.models import OutboxEmail, Subscriber, Subscription, SubscriptionRequest
from timeline.moments import Habits

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def ask(address: str = "ann@example.org", **fields: Any) -> OutboxEmail | None:
    wishes: dict[str, Any] = {
        "query": "",
        "lead_days": [7],
        "language": "en",
        "time_zone": "Asia/Almaty",
        "client": "192.0.2.1",
        "now": NOW,
    }
    return request_subscription(address=address, **{**wishes, **fields})


def secret_of(email: OutboxEmail | None) -> str:
    assert email is not None
    message = message_from_bytes(bytes(email.rendered or b""), policy=policy.default)
    found = re.search(r"/confirm/([^/\s]+)/", text_of(message))
    assert found is not None
    return found[1]


def test_request_sends_one_mail_and_subscribes_nobody() -> None:
    ask()
    tick(NOW)
    (message,) = sent_mails()
    assert message["To"] == "ann@example.org"
    assert message["Subject"] == "Please confirm your subscription"
    assert (Subscriber.objects.count(), Subscription.objects.count()) == (0, 0)


def test_secret_is_kept_as_a_hash_only_once_the_mail_is_out() -> None:
    secret = secret_of(ask())
    request = SubscriptionRequest.objects.get()
    assert request.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    tick(NOW)
    email = OutboxEmail.objects.get()
    assert (email.state, email.rendered) == (MailState.SENT, None)


def test_known_and_unknown_address_are_treated_alike() -> None:
    make_subscription(make_subscriber("known@example.org"))
    emails = [ask("known@example.org"), ask("unknown@example.org")]
    first, second = (
        bytes(email.rendered or b"").replace(email.to_address.encode(), b"")
        for email in emails
        if email
    )
    assert len(first) == len(second)
    assert SubscriptionRequest.objects.count() == 2


def test_confirmed_request_subscribes() -> None:
    subscription = confirm_subscription(token=secret_of(ask(query="kind=event")), now=NOW + HOUR)
    subscriber = subscription.subscriber
    assert (subscription.query, subscription.lead_days) == ("kind=event", [7])
    assert (subscriber.address, subscriber.language) == ("ann@example.org", "en")
    assert (subscriber.time_zone, subscriber.confirmed_at) == ("Asia/Almaty", NOW + HOUR)
    assert subscription.needs_planning


@pytest.mark.parametrize(("after", "works"), [(47.99, True), (48, False), (49, False)])
def test_link_is_valid_for_48_hours_eml05(after: float, works: bool) -> None:
    secret = secret_of(ask(query="kind=event"))
    now = NOW + after * HOUR
    if works:
        confirm_subscription(token=secret, now=now)
    else:
        with pytest.raises(LinkExpired) as caught:
            confirm_subscription(token=secret, now=now)
        assert caught.value.query == "kind=event"
    assert Subscription.objects.count() == int(works)


def test_link_works_once_eml05() -> None:
    secret = secret_of(ask())
    subscription = confirm_subscription(token=secret, now=NOW)
    leave(subscriber=subscription.subscriber, now=NOW)
    with pytest.raises(LinkExpired):
        confirm_subscription(token=secret, now=NOW)
    assert Subscriber.objects.get().state == SubscriberState.LEFT


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 43])
def test_link_that_we_never_sent_is_unknown_eml05(token: str) -> None:
    ask()
    with pytest.raises(LinkUnknown):
        confirm_subscription(token=token, now=NOW)


def test_request_that_was_confirmed_by_another_mail_is_not_sent_any_more() -> None:
    secret = secret_of(ask())
    confirm_subscription(token=secret, now=NOW)
    tick(NOW)
    assert OutboxEmail.objects.get().state == MailState.CANCELLED


def test_second_selection_is_a_second_subscription_of_the_same_reader() -> None:
    for query in ("", "kind=event"):
        confirm_subscription(token=secret_of(ask(query=query)), now=NOW)
    assert Subscriber.objects.count() == 1
    assert Subscription.objects.count() == 2


def test_same_selection_again_takes_the_new_days() -> None:
    for days in ([7], [3, 1]):
        confirm_subscription(token=secret_of(ask(lead_days=days)), now=NOW)
    assert Subscription.objects.get().lead_days == [3, 1]


def test_address_differs_by_its_local_part_and_not_by_the_case_of_its_domain_eml08() -> None:
    for address in ("ann@Example.org", "ann@example.ORG", "Ann@example.org", "ann+x@example.org"):
        confirm_subscription(token=secret_of(ask(address)), now=NOW)
    addresses = set(Subscriber.objects.values_list("address", flat=True))
    assert addresses == {"ann@example.org", "Ann@example.org", "ann+x@example.org"}


def test_bad_input_is_refused_and_leaves_nothing() -> None:
    wrong: list[dict[str, Any]] = [
        {"address": "a@b,c@d"},
        {"time_zone": "Moon/Base"},
        {"lead_days": []},
    ]
    for fields in wrong:
        with pytest.raises(ValidationError):
            ask(**fields)
    assert (SubscriptionRequest.objects.count(), OutboxEmail.objects.count()) == (0, 0)


def test_one_address_gets_three_mails_a_day_at_most() -> None:
    emails = [ask(client=f"192.0.2.{number}") for number in range(MAILS_PER_ADDRESS + 1)]
    assert [email is not None for email in emails] == [True, True, True, False]
    assert ask(now=NOW + DAY) is not None
    assert ask("other@example.org") is not None


def test_one_client_asks_twenty_times_an_hour_at_most() -> None:
    for number in range(REQUESTS_PER_CLIENT):
        ask(f"reader{number}@example.org")
    with pytest.raises(TooManyRequests):
        ask("one-more@example.org")
    assert ask("elsewhere@example.org", client="198.51.100.7") is not None
    assert ask("later@example.org", now=NOW + HOUR) is not None


def test_client_is_kept_as_a_keyed_hash() -> None:
    ask(client="192.0.2.1")
    stored = SubscriptionRequest.objects.get().client_hash
    assert len(stored) == 64
    assert stored != hashlib.sha256(b"192.0.2.1").hexdigest()


def test_settings_change_moments_and_habits() -> None:
    subscription = make_subscription(lead_days=[7])
    subscription.moments = [["opens", 0], ["last_day", 1], ["last_day", -7]]
    subscription.needs_planning = False
    subscription.save()
    change_settings(
        subscriber=subscription.subscriber,
        language="ru",
        habits=Habits("Europe/Berlin", time(7, 30), rhythm="weekly", weekly_day=5),
        moments={subscription.pk: [["opens", 0], ["last_day", -14], ["last_day", -1]]},
    )
    subscription.refresh_from_db()
    moments = [["opens", 0], ["last_day", -14], ["last_day", -1]]
    assert (subscription.moments, subscription.lead_days) == (moments, [14, 1])
    assert subscription.subscriber.habits == Habits(
        "Europe/Berlin", time(7, 30), rhythm="weekly", weekly_day=5
    )
    assert subscription.needs_planning
    assert subscription.subscriber.language == "ru"
    assert Subscriber.objects.get().time_zone == "Europe/Berlin"


def test_settings_refuse_what_makes_no_sense_and_change_nothing() -> None:
    subscription = make_subscription()
    wrong: list[tuple[str, list[list[str | int]]]] = [
        ("Moon/Base", [["last_day", 0]]),
        ("UTC", []),
        ("UTC", [["last_day", 367]]),
        ("UTC", [["date_moved", 1]]),
    ]
    for zone, moments in wrong:
        with pytest.raises(ValidationError):
            change_settings(
                subscriber=Subscriber.objects.get(),
                language="en",
                habits=Habits(zone, time(9, 0)),
                moments={subscription.pk: moments},
            )
    subscription.refresh_from_db()
    assert subscription.lead_days == [7]


def test_leaving_ends_everything_and_voids_old_links() -> None:
    subscription = make_subscription()
    for _ in range(2):
        reader = leave(subscriber=subscription.subscriber, now=NOW)
    subscription.refresh_from_db()
    assert (reader.state, reader.link_version) == (SubscriberState.LEFT, 2)
    assert subscription.ended_at == NOW


def test_who_comes_back_gets_the_new_selection_and_not_the_old_ones() -> None:
    subscription = make_subscription(make_subscriber("ann@example.org"), query="kind=event")
    leave(subscriber=subscription.subscriber, now=NOW)
    confirm_subscription(token=secret_of(ask()), now=NOW + DAY)
    reader = Subscriber.objects.get()
    assert (reader.state, reader.state_changed_at) == (SubscriberState.ACTIVE, NOW + DAY)
    assert [one.query for one in reader.subscriptions.live()] == [""]


def test_switched_off_address_is_switched_on_by_confirming() -> None:
    reader = make_subscriber("ann@example.org", state="suppressed", suppression="bounced")
    confirm_subscription(token=secret_of(ask()), now=NOW)
    reader.refresh_from_db()
    assert (reader.state, reader.suppression) == (SubscriberState.ACTIVE, "")


def test_ended_subscription_sends_nothing_and_the_other_goes_on() -> None:
    make_due("The launch", kind="event")
    reader = make_subscriber()
    ended = make_subscription(reader, query="kind=event")
    make_subscription(reader, query="q=launch")
    end_subscription(subscription=ended, now=NOW)
    tick(NOW)
    assert len(sent_mails()) == 1
