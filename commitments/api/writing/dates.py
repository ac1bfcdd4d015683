"""The dates of a request: EDTF, or words in a language, counted from the day they were said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from commitments.api.writing.operations import Data, Writer
from commitments.exceptions import WindowError
from commitments.models import Citation
from commitments.phrases import read_phrase
from commitments.window import Hemisphere, Window


def read_when(
    given: Data,
    *,
    field: str,
    writer: Writer,
    said_on: date | None = None,
    hemisphere: str = Hemisphere.NORTH.value,
    past: bool = False,
) -> Window:
    """The window that a field of a request means.

    Without a `said_on` of its own, words count from `said_on`: the day of what is cited. `past`
    says that it tells of what is over. Raises WindowError or PhraseError, as `/windows/` does.
    """
    try:
        reading = read_phrase(
            given["text"],
            said_on=given.get("said_on", said_on),
            language=given.get("language", writer.language),
            hemisphere=Hemisphere(hemisphere),
            past=past,
        )
    except WindowError as error:
        error.field = field
        raise
    return reading.window


def newest_day(citations: Iterable[Citation]) -> date | None:
    """The day of the newest source that is cited; None where none is."""
    return max((citation.source.date for citation in citations), default=None)
