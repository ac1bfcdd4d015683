"""Signed addresses in mails: who holds one may act for that reader, and nobody else can make one.

Opening one never changes anything (link scanners open all of them); only a POST does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from timeline.enums import Purpose, SubscriberState
from timeline.exceptions import LinkExpired, LinkUnknown
from timeline.models import Subscriber, Subscription

_MANAGE: Final = "timeline.links.manage"
_UNSUBSCRIBE: Final = "timeline.links.unsubscribe"
_OWNER: Final = "timeline.links.owner"
_PLACE: Final = "place-of-the-token"

OWNER_LINK_VALID_FOR: Final = timedelta(days=60)


def manage_url(reader: Subscriber) -> str:
    """The reader's settings page, in their language."""
    token = _signer(_MANAGE).sign(f"{reader.pk}-{reader.link_version}")
    return _url("timeline:manage", token, reader.language)


def unsubscribe_url(reader: Subscriber) -> str:
    """Where the reader leaves; the same address takes the one-click POST of RFC 8058."""
    return _url("timeline:unsubscribe", unsubscribe_token(reader), reader.language)


def unsubscribe_token(reader: Subscriber) -> str:
    """The signed part of the address to unsubscribe; it never expires."""
    return _signer(_UNSUBSCRIBE).sign(str(reader.pk))


def commitment_url(public_id: str, language: str) -> str:
    """The page of a commitment in the reader's language."""
    return _url("timeline:commitment", public_id, language)


def list_url(public_ids: Iterable[str], language: str) -> str:
    """These commitments as a list, in the reader's language."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('timeline:home')}?id={','.join(public_ids)}"


def calendar_url(public_id: str, language: str) -> str:
    """The commitment as a file for calendars: a thing to add, never an invitation."""
    path = reverse("commitment_calendar", args=[public_id])
    query = "" if language == settings.LANGUAGE_CODE else f"?language={language}"
    return f"{settings.SITE_URL}{path}{query}"


def confirm_url(token: str, language: str) -> str:
    """Where the owner of an address confirms a request."""
    return _url("timeline:confirm", token, language)


def owner_url(subscription: Subscription, commitment_id: int, *, now: datetime) -> str:
    """Where the responsible party answers, for as long as `OWNER_LINK_VALID_FOR`."""
    until = int((now + OWNER_LINK_VALID_FOR).timestamp())
    token = _signer(_OWNER).sign(f"{subscription.pk}-{commitment_id}-{until}")
    return _url("timeline:owner_answer", token, subscription.subscriber.language)


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """Who is asked, as a subscription, and about what."""

    subscription: Subscription
    commitment_id: int


def owner_link_of_token(token: str, *, now: datetime) -> OwnerLink:
    """Raises LinkUnknown; LinkExpired where it is too old, or the office is asked no more."""
    number, commitment_id, until = map(int, _unsigned(_OWNER, token).split("-"))
    live = Subscription.objects.live().select_related("subscriber")
    subscription = live.filter(pk=number, purpose=Purpose.OWNER).first()
    if subscription is None or now.timestamp() >= until:
        raise LinkExpired(link_expired())
    return OwnerLink(subscription, commitment_id)


def link_expired() -> str:
    """The sentence for a link whose time is over."""
    return _("This link is no longer valid. Use the one in the newest mail.")


def subscriber_of_manage_token(token: str) -> Subscriber:
    """Raises LinkUnknown, or LinkExpired where the reader has left or asked for new links."""
    number, _dash, version = _unsigned(_MANAGE, token).partition("-")
    reader = _reader(number)
    if reader.state == SubscriberState.SUPPRESSED:
        sentence = _(
            "Mail to this address was switched off: %(why)s. Subscribe again to have more."
        )
        raise LinkExpired(sentence % {"why": reader.get_suppression_display()})
    if version != str(reader.link_version) or reader.state != SubscriberState.ACTIVE:
        raise LinkExpired(_("This link is no longer valid. Subscribe again to get a new one."))
    return reader


def subscriber_of_unsubscribe_token(token: str) -> Subscriber:
    """Raises LinkUnknown."""
    return _reader(_unsigned(_UNSUBSCRIBE, token))


def find_unsubscribing(links: Iterable[str]) -> Subscriber | None:
    """Who could leave by one of these addresses, whatever host they name; None without our sign."""
    for link in links:
        token = link.partition("?")[0].rstrip("/").rpartition("/")[2]
        try:
            return subscriber_of_unsubscribe_token(unquote(token))
        except LinkUnknown:
            continue
    return None


def _reader(number: str) -> Subscriber:
    reader = Subscriber.objects.filter(pk=number).first()
    if reader is None:
        raise LinkUnknown(_link_unknown())
    return reader


def _signer(salt: str) -> Signer:
    return Signer(salt=salt, sep=".")


def _unsigned(salt: str, token: str) -> str:
    try:
        return _signer(salt).unsign(token)
    except BadSignature:
        raise LinkUnknown(_link_unknown()) from None


def _link_unknown() -> str:
    return _("This link is not one of ours. Copy it from the mail once more, the whole of it.")


def _url(name: str, token: str, language: str) -> str:
    before, after = _around_the_token(name, language)
    return f"{settings.SITE_URL}{before}{token}{after}"


@lru_cache(maxsize=64)
def _around_the_token(name: str, language: str) -> tuple[str, str]:
    """What stands before and after the token in an address of this name.

    Two of them stand in each mail, and to look for their patterns took longer than to sign them.
    Tokens and public ids have no letter that an address would have to write otherwise.
    """
    with translation.override(language):
        before, _token, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return before, after
