"""Signed addresses in mails: who holds one may act for that reader, and nobody else can make one.

Opening one never changes anything (link scanners open all of them); only a POST does.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from timeline.enums import SubscriberState
from timeline.exceptions import LinkExpired, LinkUnknown
from timeline.models import Subscriber

_MANAGE: Final = "timeline.links.manage"
_UNSUBSCRIBE: Final = "timeline.links.unsubscribe"


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


def confirm_url(token: str, language: str) -> str:
    """Where the owner of an address confirms a request."""
    return _url("timeline:confirm", token, language)


def subscriber_of_manage_token(token: str) -> Subscriber:
    """Raises LinkUnknown, or LinkExpired where the reader has left or asked for new links."""
    number, _dash, version = _unsigned(_MANAGE, token).partition("-")
    reader = _reader(number)
    if version != str(reader.link_version) or reader.state != SubscriberState.ACTIVE:
        raise LinkExpired(_("This link is no longer valid. Subscribe again to get a new one."))
    return reader


def subscriber_of_unsubscribe_token(token: str) -> Subscriber:
    """Raises LinkUnknown."""
    return _reader(_unsigned(_UNSUBSCRIBE, token))


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
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=[token])
