"""From what the record refuses to what stands beside a field."""

from __future__ import annotations

import pytest
from django import forms
from django.utils import translation

from commitments.exceptions import (
    InvalidInput,
    NotAllowed,
    PhraseError,
    QuoteNotFound,
    RecordError,
    TransitionRefused,
    WindowError,
)
from commitments.forms.refusals import sentences_of, show_error, translated
from commitments.window_text import Sentence


class Sample(forms.Form):
    """Two fields."""

    when = forms.CharField(required=False)
    reason = forms.CharField(required=False)


def shown(error: RecordError) -> dict[str, list[str]]:
    """The errors of a form that `error` was shown on, with "window" called "when"."""
    form = Sample({})
    form.is_valid()
    show_error(form, error, names={"window": "when"})
    return {name: list(map(str, sentences)) for name, sentences in form.errors.items()}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TransitionRefused("Say why.", field="reason"), {"reason": ["Say why."]}),
        (WindowError("No date.", field="window"), {"when": ["No date."]}),
        (NotAllowed("Not you."), {"__all__": ["Not you."]}),
        (TransitionRefused("Not now.", field="publication"), {"__all__": ["Not now."]}),
        (QuoteNotFound("Not there."), {"__all__": ["Not there."]}),
        (
            InvalidInput("x", errors={"window": ["A."], "": ["B."], "reason": ["C.", "D."]}),
            {"when": ["A."], "__all__": ["B."], "reason": ["C.", "D."]},
        ),
        (
            PhraseError("No.", nearest=("spring 2025", "2025"), field="window"),
            {"when": ["No.", "Understood would be: spring 2025 · 2025."]},
        ),
    ],
)
def test_error_stands_beside_its_field_or_above_the_form(
    error: RecordError, expected: dict[str, list[str]]
) -> None:
    assert shown(error) == expected


def test_sentence_of_the_date_value_is_translated_with_its_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sentence = Sentence("%(text)s is no date.", text="soon")
    monkeypatch.setattr("commitments.forms.refusals._", lambda text: text.replace("no", "keine"))
    assert translated(sentence) == "soon is keine date."
    with translation.override("en"):
        assert sentences_of(WindowError(sentence)) == {"": ["soon is keine date."]}
