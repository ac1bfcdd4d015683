"""What a commitment is about."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.translated import TranslatedTexts
from commitments.validators import validate_line


class Topic(TranslatedTexts):
    """A subject such as "space" or "trade": `key` is its permanent name in addresses."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_line])

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

    def log_state(self) -> dict[str, Any]:
        """The visible fields as plain JSON values, for the revision log."""
        return {"key": self.key, "name": self.name, "translations": self.translations}
