"""Dates as an editor writes them, EDTF or words, read into a window and read back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commitments.exceptions import PhraseError, WindowError
from commitments.forms.theme import TextInput
from commitments.phrases import read_phrase, window_in_words
from commitments.window import Hemisphere, Window


class WhenField(forms.CharField):
    """A date in words or EDTF, not read yet: that needs the source's day and the place."""

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text
            or gettext_lazy("As “spring 2025”, “by the end of 2026”, or EDTF as 2026-04."),
            required=False,
            max_length=200,
            widget=TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


def read_when(
    text: str,
    *,
    said_on: date | None,
    hemisphere: str = Hemisphere.NORTH,
    field: str = "window",
    past: bool = False,
) -> Window:
    """Read words in the editor's language, or EDTF; "next year" counts from `said_on`.

    Raises WindowError that names `field`.
    """
    try:
        return read_phrase(
            text,
            said_on=said_on,
            language=get_language() or "en",
            hemisphere=Hemisphere(hemisphere),
            past=past,
        ).window
    except PhraseError as error:
        raise PhraseError(error.message, nearest=error.nearest, field=field) from error
    except WindowError as error:
        raise WindowError(error.message, field=field) from error


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
