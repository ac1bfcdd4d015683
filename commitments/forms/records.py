"""The forms of parties, topics and sources: the fields of the model, with translations by line."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from commitments.forms.refusals import RefusableForm
from commitments.forms.translations import TranslationsField
from commitments.models import Party, Source, Topic
from commitments.models.translated import TranslatedTexts

Translated = TypeVar("Translated", bound=TranslatedTexts)


class TranslatedForm(RefusableForm[Translated]):
    """A form with a field `translations`; texts that it has no input for are kept."""

    def clean_translations(self) -> dict[str, dict[str, str]]:
        """The texts of the form on top of those that it does not show."""
        field = self.fields["translations"]
        given: dict[str, dict[str, str]] = self.cleaned_data["translations"]
        if not isinstance(field, TranslationsField):
            return given
        merged = field.kept(self.initial.get("translations") or {})
        for language, texts in given.items():
            merged.setdefault(language, {}).update(texts)
        return merged


class PartyForm(TranslatedForm[Party]):
    """Who promises, who is responsible."""

    translations = TranslationsField(Party, ("name", "office"), label=_("Translations"))


class TopicForm(TranslatedForm[Topic]):
    """What a commitment is about."""

    translations = TranslationsField(Topic, ("name",), label=_("Translations"))


class SourceForm(TranslatedForm[Source]):
    """Where it was said."""

    translations = TranslationsField(Source, ("title",), label=_("Translations"))
