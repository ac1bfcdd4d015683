"""The one answer about a phrase that the command and the API give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from commitments.exceptions import PhraseError
from commitments.phrases.languages import LANGUAGES
from commitments.phrases.printer import window_in_words
from commitments.phrases.reader import read_phrase
from commitments.window import Hemisphere, Window


def phrase_answer(
    text: str,
    *,
    said_on: date | None,
    language: str,
    hemisphere: Hemisphere = Hemisphere.NORTH,
    anchors: Mapping[str, date] | None = None,
    past: bool = False,
) -> dict[str, object]:
    """What a phrase was understood as, ready for JSON: `edtf`, `earliest`, `latest`, `words`.

    For one that is not understood: `error`, a sentence, and `nearest`, the understood phrases
    nearest to it. The arguments are those of `read_phrase`.
    """
    try:
        reading = read_phrase(
            text,
            said_on=said_on,
            language=language,
            hemisphere=hemisphere,
            anchors=anchors,
            past=past,
        )
    except PhraseError as error:
        return {"error": str(error), "nearest": list(error.nearest)}
    return window_answer(reading.window)


def window_answer(window: Window) -> dict[str, object]:
    """A window ready for JSON: days as ISO text, None where open or undated; words by language."""
    return {
        "edtf": str(window),
        "earliest": window.earliest and window.earliest.isoformat(),
        "latest": window.latest and window.latest.isoformat(),
        "words": {code: window_in_words(window, code) for code in LANGUAGES},
    }
