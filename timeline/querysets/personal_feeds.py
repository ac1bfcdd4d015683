"""Reads of personal feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from commitments.models import User
    from timeline.models.personal_feed import PersonalFeed


class PersonalFeedQuerySet(models.QuerySet["PersonalFeed"]):
    """Personal feeds by whether their address works, and by whose they are."""

    def live(self) -> Self:
        """Those whose address works."""
        return self.filter(revoked_at__isnull=True)

    def owned_by(self, user: User) -> Self:
        """Those of `user`: of the account, or of the address that the account has confirmed."""
        return self.filter(models.Q(user=user) | models.Q(subscriber__user=user))
