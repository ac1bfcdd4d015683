"""A key with which a program acts for a person at the API.

The key itself is shown once and never stored: `prefix` is its public part, by which it is found
and talked about; of the rest there is a SHA-512, which is enough for 190 bits of chance.
Generating and checking are djangorestframework-api-key's (docs/decisions has why).
"""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

from commitments.validators import validate_line


class Scope(models.TextChoices):
    """What a key may be used for, at most; its user's rights are the other limit."""

    READ = "read", _("read")
    WRITE = "write", _("write")
    APPROVE = "approve", _("approve")


# Every set of scopes in one order, so that the database can tell a known one from any other text.
SCOPE_SETS: Final = tuple(
    " ".join(chosen)
    for size in range(1, len(Scope) + 1)
    for chosen in combinations(Scope.values, size)
)


class ApiKeyManager(BaseAPIKeyManager):
    """Makes and finds keys; the row's own number stays its primary key.

    The base puts the hash into the primary key, and so into every address of the admin.
    """

    def assign_key(self, obj: AbstractAPIKey) -> str:
        """Give `obj` a new key; returns the plain one, which is nowhere else."""
        key, obj.prefix, obj.hashed_key = self.key_generator.generate()
        return str(key)

    def found_by(self, key: str) -> ApiKey | None:
        """The row of this plain key with its user, revoked and expired ones as well."""
        prefix, _dot, _secret = key.partition(".")
        row = self.filter(prefix=prefix).select_related("user").first()
        return row if isinstance(row, ApiKey) and row.is_valid(key) else None


class ApiKey(AbstractAPIKey):
    """A named, scoped, expiring, revocable key; written through `actions/api_keys.py` only."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]  # a text in the base
    name = models.CharField(
        _("name"),
        max_length=50,
        validators=[validate_line],
        help_text=_("What uses it, so that one knows later which key is which."),
    )
    created = models.DateTimeField(_("issued"), db_index=True, editable=False)
    revoked = models.BooleanField(
        pgettext_lazy("API key", "revoked"), default=False, editable=False
    )
    expiry_date = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("Empty: never.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_keys",
        verbose_name=_("acts for"),
        help_text=_("It never may more than this person may at that moment."),
    )
    scopes = models.CharField(_("scopes"), max_length=40)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()  # type: ignore[assignment]  # ours

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(scopes__in=SCOPE_SETS), name="key_scopes_are_known"),
        ]

    @property
    def scope_set(self) -> frozenset[str]:
        """Its scopes, by the values of `Scope`."""
        return frozenset(self.scopes.split())

    def expired_at(self, now: datetime) -> bool:
        """Whether its time was over at `now`; the instant of the expiry itself is over."""
        return self.expiry_date is not None and self.expiry_date <= now
