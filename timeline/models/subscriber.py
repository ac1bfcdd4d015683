"""Who gets mail: confirmed addresses, and the requests that wait to be confirmed."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.validators import validate_line, validate_time_zone
from timeline.enums import Rhythm, SubscriberState, Suppression
from timeline.moments import Habits
from timeline.querysets.subscribers import SubscriberQuerySet
from timeline.validators import validate_moments, validate_stored_address

USUAL_WALL_TIME = time(9, 0)


class Subscriber(models.Model):
    """One confirmed address and how its owner wants to be told.

    `wall_time` is the time on the wall of `time_zone` at which day reminders are due. `quiet_days`
    is a bit mask, bit 0 for Monday. `link_version` stands in the links to the settings page:
    raising it makes all older links void; the links to unsubscribe never expire.
    """

    address = models.CharField(
        _("address"), max_length=254, unique=True, validators=[validate_stored_address]
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subscriber",
    )
    language = models.CharField(_("language"), max_length=12, validators=[validate_line])
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    wall_time = models.TimeField(_("time of day"), default=USUAL_WALL_TIME)
    rhythm = models.CharField(
        _("rhythm"), max_length=20, choices=Rhythm.choices, default=Rhythm.IMMEDIATE
    )
    weekly_day = models.PositiveSmallIntegerField(_("day of the weekly mail"), default=1)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_days = models.PositiveSmallIntegerField(_("quiet days"), default=0)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    # Written by the tick where something is due at another time than the reader wants mail.
    held_until = models.DateTimeField(_("no mail before"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=SubscriberState.choices,
        default=SubscriberState.ACTIVE,
    )
    state_changed_at = models.DateTimeField(_("state changed"))
    suppression = models.CharField(
        _("switched off because"), max_length=20, choices=Suppression.choices, blank=True
    )
    suppression_text = models.CharField(_("what the other host said"), max_length=500, blank=True)
    soft_bounces = models.PositiveSmallIntegerField(_("temporary failures"), default=0)
    last_bounce_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"))

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(address=""), name="subscriber_has_an_address"),
            models.CheckConstraint(
                condition=Q(state__in=SubscriberState.values), name="subscriber_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=SubscriberState.SUPPRESSED, suppression__in=Suppression.values)
                | (~Q(state=SubscriberState.SUPPRESSED) & Q(suppression="")),
                name="subscriber_switched_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values), name="subscriber_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weekly_day__range=(1, 7)), name="subscriber_weekly_day_is_a_day"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="subscriber_quiet_hours_have_both_ends",
            ),
            # 127 would be all seven days: no mail could ever go out.
            models.CheckConstraint(
                condition=Q(quiet_days__range=(0, 126)), name="subscriber_quiet_days_leave_one"
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def habits(self) -> Habits:
        """When this reader wants mail."""
        return Habits(
            time_zone=self.time_zone,
            wall_time=self.wall_time,
            rhythm=self.rhythm,
            weekly_day=self.weekly_day,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            quiet_days=self.quiet_days,
            paused_until=self.paused_until,
        )


class SubscriptionRequest(models.Model):
    """That somebody asked for mail to an address; its owner has to confirm it within 48 hours.

    Of the link's secret only the SHA-256 is kept, in hexadecimal. `client_hash` is a keyed hash of
    the asking host's address, to count by; the address itself is not kept.
    """

    address = models.CharField(_("address"), max_length=254, validators=[validate_stored_address])
    query = models.CharField(_("selection"), max_length=2000, blank=True)
    moments = models.JSONField(_("when to remind"), validators=[validate_moments])
    language = models.CharField(_("language"), max_length=12, validators=[validate_line])
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    token_hash = models.CharField(max_length=64, unique=True)
    client_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("request to subscribe")
        verbose_name_plural = _("requests to subscribe")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["address", "created_at"], name="request_by_address"),
            models.Index(fields=["client_hash", "created_at"], name="request_by_client"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="request_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return self.address
