"""Calendar feeds that somebody owns, under an address that nobody can guess; who fetches them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.validators import validate_line
from timeline.feed_clients import ClientFamily
from timeline.models.subscriber import Subscriber
from timeline.querysets.personal_feeds import PersonalFeedQuerySet


class PersonalFeed(models.Model):
    """One calendar of one person: a selection, and how it is to look.

    Its address is `/feeds/<public_id>/<secret>.ics`. Of the secret only the SHA-256 is kept, in
    hexadecimal: it has 256 random bits, so that a slow hash would add nothing. `query` is the
    shared filter in its canonical form, "" for everything; `choices` is the query string of
    `timeline.feeds.asking.CHOICE_NAMES`. A revoked feed stays, and its address never works again.
    """

    public_id = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="personal_feeds",
    )
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, null=True, blank=True, related_name="personal_feeds"
    )
    name = models.CharField(_("name"), max_length=100, validators=[validate_line])
    query = models.CharField(_("selection"), max_length=2000, blank=True)
    choices = models.CharField(_("choices"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(
        pgettext_lazy("calendar feed", "revoked"), null=True, blank=True
    )

    objects = PersonalFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal feed")
        verbose_name_plural = _("personal feeds")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(subscriber__isnull=False),
                name="personal_feed_has_an_owner",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="personal_feed_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class FeedFetch(models.Model):
    """That programs of one family fetched a feed: when last, and what they have since.

    Without `feed` it stands for the public feeds together. `change_number` is that of the record
    when they last came: they hold everything up to it. Neither addresses nor user agents are kept.
    """

    feed = models.ForeignKey(
        PersonalFeed, on_delete=models.CASCADE, null=True, related_name="fetches", db_index=False
    )
    family = models.CharField(_("program"), max_length=20, choices=ClientFamily.choices)
    change_number = models.PositiveBigIntegerField(_("has the changes up to number"))
    first_at = models.DateTimeField(_("first fetched"))
    last_at = models.DateTimeField(_("last fetched"))

    class Meta:
        verbose_name = _("fetch of a feed")
        verbose_name_plural = _("fetches of feeds")
        ordering = ["-last_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["feed", "family"], name="feed_fetch_is_unique"),
            # NULLs count as different from each other in a unique key.
            models.UniqueConstraint(
                fields=["family"],
                condition=Q(feed__isnull=True),
                name="feed_fetch_of_public_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(family__in=ClientFamily.values), name="feed_fetch_family_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_family_display()}: {self.last_at:%Y-%m-%d %H:%M}"
