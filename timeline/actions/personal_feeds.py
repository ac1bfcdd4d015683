"""Make, change and revoke the calendar feeds that somebody owns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from commitments.exceptions import InvalidInput
from commitments.public_ids import new_public_id
from timeline.actions.selections import canonical_query
from timeline.feeds.asking import CHOICE_NAMES, read_choices
from timeline.feeds.secret import hash_of, new_secret
from timeline.models import PersonalFeed, Subscriber
from timeline.record_reader import read_selected_ids

if TYPE_CHECKING:
    from commitments.models import User


@transaction.atomic
def create_feed(
    *,
    name: str,
    params: QueryDict,
    now: datetime,
    user: User | None = None,
    subscriber: Subscriber | None = None,
) -> tuple[PersonalFeed, str]:
    """A new feed of what `params` (filter and choices) ask for, and its secret.

    The secret is returned this once and kept nowhere. One of `user` and `subscriber` is the owner.
    Raises InvalidInput that names the parameter. Side effect: one row.
    """
    secret = new_secret()
    feed = PersonalFeed(
        public_id=new_public_id(),
        secret_hash=hash_of(secret),
        user=user,
        subscriber=subscriber,
        created_at=now,
    )
    _set(feed, name, params, now)
    feed.save()
    return feed, secret


@transaction.atomic
def change_feed(*, feed: PersonalFeed, name: str, params: QueryDict, now: datetime) -> PersonalFeed:
    """Rename `feed`, or let it show something else; its address stays.

    Raises InvalidInput that names the parameter.
    """
    locked = PersonalFeed.objects.select_for_update().get(pk=feed.pk)
    _set(locked, name, params, now)
    locked.save(update_fields=["name", "query", "choices"])
    return locked


@transaction.atomic
def renew_secret(*, feed: PersonalFeed) -> tuple[PersonalFeed, str]:
    """Give `feed` another address, for an owner who has lost it; the old one stops at once."""
    secret = new_secret()
    locked = PersonalFeed.objects.select_for_update().get(pk=feed.pk)
    locked.secret_hash = hash_of(secret)
    locked.save(update_fields=["secret_hash"])
    return locked, secret


@transaction.atomic
def revoke_feed(*, feed: PersonalFeed, now: datetime) -> PersonalFeed:
    """Let the address of `feed` work no more, at once and for ever. Revoking twice is harmless."""
    PersonalFeed.objects.live().filter(pk=feed.pk).update(revoked_at=now)
    return PersonalFeed.objects.get(pk=feed.pk)


def _set(feed: PersonalFeed, name: str, params: QueryDict, now: datetime) -> None:
    """Write into `feed` what is asked for, if the filter and the choices can be read."""
    _choices, selection = read_choices(params)
    read_selected_ids(selection, now=now)
    chosen = QueryDict(mutable=True)
    for key in sorted(CHOICE_NAMES & set(params)):
        chosen[key] = params.getlist(key)[-1]
    feed.name = name.strip()
    feed.query = canonical_query(selection)
    feed.choices = chosen.urlencode()
    try:
        feed.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidInput(sentences[0], field=field, errors=error.message_dict) from error
