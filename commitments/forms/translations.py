"""Texts in further languages, a line for each language and field instead of raw JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.text import format_lazy

from commitments.forms.theme import TextInput

Slot = tuple[str, str]
"""A language's code and a field's name, as ("ru", "title")."""


class TranslationsWidget(forms.MultiWidget):
    """A labelled input for each language and field."""

    template_name = "commitments/admin/widgets/translations.html"

    def __init__(self, slots: Sequence[Slot], labels: Sequence[Any]) -> None:
        self.slots, self.labels = slots, labels
        names: dict[str, forms.Widget | type[forms.Widget]] = {
            f"{language}_{field}": TextInput() for language, field in slots
        }
        super().__init__(widgets=names)

    def decompress(self, value: dict[str, dict[str, str]] | None) -> list[str]:
        """The texts in the order of the inputs."""
        return [(value or {}).get(language, {}).get(field, "") for language, field in self.slots]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Hand the labels to the template."""
        context = super().get_context(name, value, attrs)
        for subwidget, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            subwidget["label"] = label
            subwidget["attrs"]["aria-label"] = label
        return context


def _verbose_name(model: type[Model], name: str) -> Any:
    return getattr(model._meta.get_field(name), "verbose_name", name)  # noqa: SLF001  # documented


class TranslationsField(forms.MultiValueField):
    """Reads the inputs into `{language: {field: text}}`; what is empty is left out."""

    widget: TranslationsWidget

    def __init__(
        self,
        model: type[Model],
        names: Sequence[str],
        *,
        label: Any,
        also: tuple[type[Model], Sequence[str]] | None = None,
    ) -> None:
        """For the fields `names` of `model`, and `also` for some of what belongs to it alone."""
        of_model = {name: _verbose_name(model, name) for name in names}
        if also is not None:
            of_model |= {name: _verbose_name(also[0], name) for name in also[1]}
        names = list(of_model)
        self.slots = [(code, name) for code, _language in settings.LANGUAGES for name in names]
        languages = dict(settings.LANGUAGES)
        labels = [
            format_lazy("{}: {}", languages[code], of_model[name]) for code, name in self.slots
        ]
        super().__init__(
            fields=[forms.CharField(required=False, strip=True) for _slot in self.slots],
            widget=TranslationsWidget(self.slots, labels),
            require_all_fields=False,
            required=False,
            label=label,
        )

    def compress(self, data_list: list[str]) -> dict[str, dict[str, str]]:
        """The texts that are given, by language and field."""
        texts: dict[str, dict[str, str]] = {}
        for (language, field), text in zip(self.slots, data_list, strict=False):
            if text:
                texts.setdefault(language, {})[field] = text
        return texts

    def kept(self, before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        """What stood in the record `before` and has no input here, so that saving keeps it."""
        rest: dict[str, dict[str, str]] = {}
        for language, texts in before.items():
            for field, text in texts.items():
                if (language, field) not in self.slots:
                    rest.setdefault(language, {})[field] = text
        return rest
