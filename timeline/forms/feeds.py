"""What the owner of a personal feed fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.exceptions import InvalidInput
from timeline.feeds.asking import CHOICE_NAMES

SELECTION = "selection"


class FeedForm(forms.Form):
    """A name, a selection and how it is to look; the action checks what the filter means."""

    name = forms.CharField(label=_("Name"), max_length=100)
    selection = forms.CharField(
        label=_("Selection"),
        required=False,
        max_length=2000,
        help_text=_("What follows the “?” in the address of a list; empty for everything."),
    )
    show = forms.ChoiceField(
        label=_("A vague date is shown as"),
        choices=[("last-day", _("its last possible day")), ("window", _("all its days"))],
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    alarms = forms.CharField(
        label=_("Alarms"),
        required=False,
        max_length=60,
        help_text=_("Days before, with commas, as 7, 1; empty for none."),
    )
    done = forms.ChoiceField(
        label=_("What is finished"), choices=[("keep", _("stays")), ("drop", _("is left out"))]
    )
    todos = forms.ChoiceField(
        label=_("To-do items besides"), choices=[("no", _("no")), ("yes", _("yes"))]
    )

    links = forms.ChoiceField(
        label=_("Sources as links of their own"),
        required=False,
        choices=[("no", _("no")), ("yes", _("yes"))],
    )

    def params(self) -> QueryDict:
        """The clean values as the parameters of a feed: the filter and the choices."""
        params = QueryDict(self.cleaned_data[SELECTION].lstrip("?"), mutable=True)
        for name in sorted(CHOICE_NAMES):
            if self.cleaned_data[name]:
                params[name] = self.cleaned_data[name]
        return params

    def show_refusal(self, error: InvalidInput) -> None:
        """Put what the record or the feed refused beside the field that it is about."""
        field = error.field if error.field in self.fields else SELECTION
        named = "" if field == error.field else f"{error.field}: "
        self.add_error(field, f"{named}{error.message}")


def choices_in_words(params: QueryDict) -> list[str]:
    """What `params` choose, as the form says it: "A vague date is shown as: all its days"."""
    told = []
    for field in FeedForm(initial=initial_of(params)):
        value = params.get(field.name)
        if field.name in CHOICE_NAMES and value:
            words = dict(getattr(field.field, "choices", ()))
            days = ", ".join(part.strip() for part in value.split(","))
            told.append(f"{field.label}: {words.get(value, days)}")
    return told


def initial_of(params: QueryDict, name: str = "") -> dict[str, Any]:
    """What the form shows first for the parameters of a feed."""
    selection = params.copy()
    chosen = {key: selection.pop(key)[-1] for key in CHOICE_NAMES & set(selection)}
    return {"name": name, SELECTION: selection.urlencode(), **chosen}
