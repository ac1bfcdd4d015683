"""Texts in more than one language, without a column for each language."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.validators import validate_translations


class TranslatedTexts(models.Model):
    """A record whose texts may be given in further languages.

    `translations` is `{"ru": {"title": "…"}}`. A gap falls back to the text as entered, so
    that a page is never empty; `missing_translations()` shows editors the gaps.
    """

    translations = models.JSONField(
        _("translations"),
        default=dict,
        blank=True,
        validators=[validate_translations],
        help_text=_("Texts in other languages, as {“ru”: {“title”: “…”}}."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an empty list or text: Django calls no validator for what is empty."""
        super().clean()
        if not self.translations and self.translations != {}:
            raise ValidationError({"translations": _("Leave it as {} where nothing is given.")})

    def text_in(self, language: str, field: str) -> str:
        """The text of `field` in `language` ("ru"), or as it was entered."""
        translated = self.translations.get(language, {}).get(field, "")
        return translated or str(getattr(self, field))

    def missing_translations(self, languages: list[str], field: str) -> list[str]:
        """The `languages` in which `field` is not given."""
        return [code for code in languages if not self.translations.get(code, {}).get(field)]
