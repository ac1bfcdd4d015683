"""The forms of parties, topics and sources: the fields of the model, with translations by line."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.actions.recording import rows_of
from commitments.forms.refusals import RefusableForm
from commitments.forms.translations import TranslationsField
from commitments.models import Party, Source, Topic
from commitments.models.translated import TranslatedTexts

Translated = TypeVar("Translated", bound=TranslatedTexts)
Named = TypeVar("Named", Party, Topic, Source)


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


class NamedForm(TranslatedForm[Named]):
    """A form of a record that counts no revisions of its own.

    `expected_revision` is the number of the last row of the log about the record that the editor
    has read.
    """

    expected_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["expected_revision"]
        else:
            last = rows_of(self.instance).values_list("number", flat=True).last()
            self.initial["expected_revision"] = last or 0


class PartyForm(NamedForm[Party]):
    """Who promises, who is responsible."""

    translations = TranslationsField(Party, ("name", "office"), label=_("Translations"))


class TopicForm(NamedForm[Topic]):
    """What a commitment is about."""

    translations = TranslationsField(Topic, ("name",), label=_("Translations"))


class SourceForm(NamedForm[Source]):
    """Where it was said."""

    translations = TranslationsField(Source, ("title",), label=_("Translations"))
