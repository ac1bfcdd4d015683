"""Set up webhooks: create, give a new secret, switch off and on, delete."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.changes import check_selection
from commitments.exceptions import InvalidInput
from commitments.public_ids import new_public_id
from timeline.actions.selections import canonical_query
from timeline.enums import SwitchedOff, WebhookState
from timeline.models import WebhookDelivery, WebhookEndpoint
from timeline.record_reader import read_head
from timeline.webhooks.secret import new_salt, secret_of

if TYPE_CHECKING:
    from commitments.models import User

MOST_OF_ONE_OWNER: Final = 20
BOTH_SECRETS_SIGN_FOR: Final = timedelta(hours=24)


@transaction.atomic
def create_webhook(
    *, owner: User, url: str, params: QueryDict, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint of `owner` for the changes that `params` ask for, and its secret.

    It is told of what changes from now on. The secret can be read this once. Raises InvalidInput
    that names the field. Side effect: one row.
    """
    _refuse_address(url)
    check_selection(params, now=now)
    if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST_OF_ONE_OWNER:
        sentence = _("You have %(most)d webhooks; delete one that you do not need.")
        raise InvalidInput(sentence % {"most": MOST_OF_ONE_OWNER}, code="too_many")
    endpoint = WebhookEndpoint(
        public_id=new_public_id(),
        owner=owner,
        url=url,
        query=canonical_query(params),
        secret_salt=new_salt(),
        after_number=read_head(),
        created_at=now,
    )
    try:
        endpoint.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidInput(sentences[0], field=field, errors=error.message_dict) from error
    endpoint.save()
    return endpoint, secret_of(endpoint.secret_salt)


@transaction.atomic
def rotate_webhook_secret(
    *, endpoint: WebhookEndpoint, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new secret, to be read this once; for a day the old one signs messages as well."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.earlier_salt = locked.secret_salt
    locked.earlier_until = now + BOTH_SECRETS_SIGN_FOR
    locked.secret_salt = new_salt()
    locked.save(update_fields=["earlier_salt", "earlier_until", "secret_salt"])
    return locked, secret_of(locked.secret_salt)


@transaction.atomic
def switch_off_webhook(
    *, endpoint: WebhookEndpoint, because: SwitchedOff, now: datetime
) -> WebhookEndpoint:
    """Tell `endpoint` of nothing more. Side effects: what is open is cancelled."""
    active = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    if active.update(is_active=False, switched_off_at=now, switched_off_because=because):
        WebhookDelivery.objects.filter(endpoint=endpoint).open().update(
            state=WebhookState.CANCELLED, settled_at=now, lease_token=None, lease_until=None
        )
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


@transaction.atomic
def switch_on_webhook(*, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Tell `endpoint` again of what changes from now on.

    What happened in between its receiver reads at `/api/v1/changes/`.
    """
    WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=False).update(
        is_active=True,
        switched_off_at=None,
        switched_off_because="",
        failing_since=None,
        after_number=read_head(),
    )
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


@transaction.atomic
def delete_webhook(*, endpoint: WebhookEndpoint) -> None:
    """Forget `endpoint` with all that it was told and is owed; a message under way may arrive."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()


def signing_secrets(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """The secrets that a message is signed with at `now`, the newest first."""
    secrets = [secret_of(endpoint.secret_salt)]
    if endpoint.earlier_until is not None and now < endpoint.earlier_until:
        secrets.append(secret_of(endpoint.earlier_salt))
    return secrets


def _refuse_address(url: str) -> None:
    """What can be said of an address without asking the net; the rest is found out when sending."""
    schemes = {"https", "http"} if settings.WEBHOOKS_ALLOW_PRIVATE else {"https"}
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as a port that is none
        is_good = False
    if not is_good:
        sentence = _("Give an address that begins with https:// and has a host.")
        raise InvalidInput(sentence, field="url", code="invalid_address")
    if parts.username or parts.password or parts.fragment:
        sentence = _("Give an address without a name, a password or a fragment (#) in it.")
        raise InvalidInput(sentence, field="url", code="invalid_address")
