"""What the office that is responsible is asked, and what it answers: proposals, never changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from commitments.models import User
from timeline.actions.selections import canonical_query
from timeline.actions.subscribing import Moments, begin_subscription
from timeline.enums import OwnerAnswer, OwnerReportState, Purpose, SubscriberState
from timeline.exceptions import TooManyRequests
from timeline.models import OwnerReport, Subscriber, Subscription
from timeline.record_reader import read_selected_ids
from timeline.validators import normalised_address

REPORTS_PER_DAY: Final = 10
"""Of one office on one commitment: who has more to say writes to the desk."""


@transaction.atomic
def ask_owner(
    *,
    address: str,
    query: str,
    moments: Moments,
    language: str,
    time_zone: str,
    now: datetime,
) -> Subscription:
    """Begin to ask an office about what `query` selects; the desk has its address from the office.

    Raises ValidationError, also where mail to the address was switched off or its owner has left:
    then nobody but they can begin anew. Side effects, in order: the subscriber is made where it is
    new, the subscription is made or takes the new moments. The next tick plans its reminders.
    """
    clean = normalised_address(address)
    wishes = {"language": language, "time_zone": time_zone, "state_changed_at": now}
    subscriber, _is_new = Subscriber.objects.get_or_create(
        address=clean, defaults={**wishes, "created_at": now, "confirmed_at": now}
    )
    if subscriber.state != SubscriberState.ACTIVE:
        sentence = _("This address gets no mail: it has left, or mail to it was switched off.")
        raise ValidationError({"address": sentence}, code="no_mail")
    subscriber.full_clean()
    subscription = begin_subscription(
        subscriber=subscriber,
        query=_checked(query, now),
        moments=moments,
        purpose=Purpose.OWNER,
        now=now,
    )
    subscription.full_clean(validate_unique=False)
    return subscription


def _checked(query: str, now: datetime) -> str:
    params = QueryDict(query.strip().lstrip("?"))
    if not params:
        raise ValidationError({"query": _("Say what is asked about, such as id=… or party=….")})
    try:
        read_selected_ids(params, now=now)
    except InvalidInput as error:
        raise ValidationError({"query": f"{error.field}: {error.message}"}) from error
    return canonical_query(params)


@transaction.atomic
def send_owner_report(
    *,
    subscription: Subscription,
    commitment_id: int,
    revision: int,
    answer: OwnerAnswer,
    words: str,
    now: datetime,
) -> OwnerReport:
    """Put what an office says into the queue of the desk; the record stays as it is.

    The same said twice, such as by a second press of the button, is one report. Raises
    ValidationError, TooManyRequests. Side effect: the report.
    """
    report = OwnerReport(
        subscription=subscription,
        commitment_id=commitment_id,
        address=subscription.subscriber.address,
        answer=answer,
        words=words.strip(),
        about_revision=revision,
        created_at=now,
    )
    report.full_clean()
    own = OwnerReport.objects.filter(subscription=subscription, commitment_id=commitment_id)
    same = own.filter(answer=answer, words=report.words, state=OwnerReportState.WAITING).first()
    if same is not None:
        return same
    if own.filter(created_at__gt=now - timedelta(days=1)).count() >= REPORTS_PER_DAY:
        raise TooManyRequests(_("You have answered often today. Write to us, or try tomorrow."))
    report.save()
    return report


def settle_owner_reports(
    *, ids: Collection[int], state: OwnerReportState, actor: User, now: datetime
) -> int:
    """Note what the desk has done about waiting reports; return how many were still waiting."""
    waiting = OwnerReport.objects.filter(pk__in=ids, state=OwnerReportState.WAITING)
    return waiting.update(state=state, seen_at=now, seen_by=actor)
