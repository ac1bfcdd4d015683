"""Dates as an editor writes them, EDTF or words, read into a window and read back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commitments.exceptions import PhraseError, WindowError
from commitments.forms.theme import TextInput
from commitments.phrases import read_phrase, window_in_words
from commitments.window import Hemisphere, Window

LONGEST_WHEN: Final = 200


class WhenInput(TextInput):
    """An input beside which a script shows what its words are understood as."""

    class Media:
        js = ("commitments/read_back.js",)


class WhenField(forms.CharField):
    """A date in words or EDTF, not read yet: that needs the source's day and the place.

    `past`: it tells of what is over, so "in September" looks back.
    """

    def __init__(self, *, label: Any, help_text: Any = "", past: bool = False) -> None:
        super().__init__(
            label=label,
            help_text=help_text
            or gettext_lazy("As “spring 2025”, “by the end of 2026”, or EDTF as 2026-04."),
            required=False,
            max_length=LONGEST_WHEN,
            widget=WhenInput(
                attrs={
                    "autocomplete": "off",
                    "spellcheck": "false",
                    "data-read-back": reverse_lazy("admin:commitments_commitment_read_back"),
                    **({"data-past": "1"} if past else {}),
                }
            ),
        )


def read_when(
    text: str,
    *,
    said_on: date | None,
    hemisphere: str = Hemisphere.NORTH,
    field: str = "window",
    past: bool = False,
    also: str = "",
) -> Window:
    """Read words in the editor's language, or EDTF; "next year" counts from `said_on`.

    Where they are not understood, `also` is tried: the language of the source. Raises WindowError
    that names `field`.
    """
    own = get_language() or "en"
    fault = WindowError("")
    for language in (own, also) if also and also != own else (own,):
        try:
            return read_phrase(
                text,
                said_on=said_on,
                language=language,
                hemisphere=Hemisphere(hemisphere),
                past=past,
            ).window
        except WindowError as error:
            fault = error if language == own else fault
    if isinstance(fault, PhraseError):
        raise PhraseError(fault.message, nearest=fault.nearest, field=field) from fault
    raise WindowError(fault.message, field=field) from fault


def understood(window: Window, *, time_zone: str) -> str:
    """What was understood, in the editor's language: "2025: 1 January 2025 to … (Asia/Almaty)"."""
    if window.is_undated:
        return _("Understood as: no date.")
    details = {
        "words": window_words(window),
        "edtf": str(window),
        "first": day_in_words(window.earliest),
        "last": day_in_words(window.latest),
        "zone": time_zone,
    }
    if window.latest is None:
        return _("Understood as %(words)s (%(edtf)s): from %(first)s, without an end.") % details
    details["overdue"] = _day_after(window.latest)
    return (
        _(
            "Understood as %(words)s (%(edtf)s): from %(first)s to %(last)s, "
            "overdue from %(overdue)s (%(zone)s)."
        )
        % details
    )


def _day_after(day: date) -> str:
    return day_in_words(day + timedelta(days=1)) if day < date.max else "—"


def window_words(window: Window) -> str:
    """The window in the editor's language; a dash where there is no date."""
    if window.is_undated:
        return "—"
    return window_in_words(window, get_language() or "en")


def day_in_words(day: date | None) -> str:
    """A day in the editor's language; a dash where a side is open."""
    return window_words(Window.of_day(day)) if day else "—"
