"""What the record refuses, shown beside the field that it names: the one map from error to form."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput, PhraseError, RecordError
from commitments.forms.theme import ModelForm, Record
from commitments.window_text import Sentence


class Refusal(Exception):
    """An error of the record with the form that it belongs to: `prefix` is "" for the main one."""

    def __init__(self, error: RecordError, *, prefix: str = "") -> None:
        super().__init__(str(error))
        self.error = error
        self.prefix = prefix


class RefusableForm(ModelForm[Record]):
    """A form of a record that is shown again with what the record has refused.

    `field_names` maps the names that the actions use to those of this form, where they differ.
    """

    refusal: Refusal | None = None
    field_names: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, refusal: Refusal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = refusal or self.refusal

    def clean(self) -> dict[str, Any]:
        """Add what was refused, if it belongs to this form."""
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None and self.refusal.prefix == (self.prefix or ""):
            show_error(self, self.refusal.error, names=self.field_names)
        return cleaned


def show_error(
    form: forms.BaseForm, error: RecordError, *, names: dict[str, str] | None = None
) -> None:
    """Put every sentence of `error` beside its field, or above the form where it has none."""
    for field, sentences in sentences_of(error).items():
        name = (names or {}).get(field, field)
        form.add_error(name if name in form.fields else None, sentences)


def sentences_of(error: RecordError) -> dict[str, list[str]]:
    """The sentences for people by field name ("" for the whole), in the reader's language."""
    if isinstance(error, InvalidInput):
        return {field: list(map(translated, said)) for field, said in error.errors.items()}
    sentences = [translated(error.message)]
    if isinstance(error, PhraseError) and error.nearest:
        nearest = _("Understood would be: %(phrases)s.")
        sentences.append(nearest % {"phrases": " · ".join(error.nearest)})
    return {error.field: sentences}


def translated(message: str) -> str:
    """The message in the reader's language; the date value keeps its sentences untranslated."""
    if isinstance(message, Sentence):
        return _(message.template) % message.params
    return str(message)
