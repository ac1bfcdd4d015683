"""Who promises, who is responsible, who is the other side."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import PartyKind
from commitments.models.translated import TranslatedTexts
from commitments.validators import validate_line


class Party(TranslatedTexts):
    """A country, organisation, region or person; a person holds an office of a body.

    `key` is the permanent name in addresses and files. `body` is what a person or an
    organisation belongs to; chains of bodies never close to a circle (`actions/parties.py`).
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartyKind.choices)
    name = models.CharField(_("name"), max_length=200, validators=[validate_line])
    office = models.CharField(
        _("office"),
        max_length=200,
        blank=True,
        validators=[validate_line],
        help_text=_("For a person: President, Minister of Transport, …"),
    )
    body = models.ForeignKey(
        "self",
        verbose_name=_("of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        help_text=_("The country or organisation that the person or body belongs to."),
    )
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as KZ."))],
        help_text=_("ISO 3166-1 alpha-2, for a country."),
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PartyKind.values), name="party_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=True) | ~Q(body=F("id")),
                name="party_is_not_its_own_body",
                violation_error_message=_("A party cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def log_state(self) -> dict[str, Any]:
        """The visible fields as plain JSON values, for the revision log."""
        return {
            "key": self.key,
            "kind": self.kind,
            "name": self.name,
            "office": self.office,
            "body": self.body.key if self.body else None,
            "country_code": self.country_code,
            "translations": self.translations,
        }
