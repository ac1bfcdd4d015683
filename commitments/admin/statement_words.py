"""What can be proposed for a passage of a statement: its date words, speaker, kind and title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments.candidates import CANDIDATE_LANGUAGES, Candidate
from commitments.candidates.date_spans import date_spans
from commitments.candidates.signals import signals_for
from commitments.exceptions import WindowError
from commitments.models import Party, Source
from commitments.phrases import Reading, read_phrase
from commitments.phrases.languages import tools_for
from commitments.phrases.tokens import cleaned

LONGEST_PHRASE: Final = 8
"""Words of the longest date that is looked for."""
MOST_WORDS: Final = 400
"""Words of a passage in which dates are looked for; more is no quote."""
TITLE_LENGTH: Final = 90
_WORD: Final = re.compile(r"\S+")
_AROUND: Final = "\"'“”„«»‘’()[].,;:!?…"


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage of the text of a source, as character offsets (a Python slice), and proposals."""

    start: int
    end: int
    quote: str
    date_words: tuple[str, ...]
    said_by: int | None
    kind: str
    locator: str

    @property
    def title(self) -> str:
        """The beginning of the quote, for want of a better one."""
        return Truncator(" ".join(self.quote.split())).chars(TITLE_LENGTH)

    @property
    def initial(self) -> dict[str, Any]:
        """What a form begins with."""
        words = self.date_words[0] if self.date_words else ""
        proposed = {
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "title": self.title,
            "when": words,
            "wording": words,
            "said_by": self.said_by,
            "kind": self.kind,
            "locator": self.locator,
        }
        # What is not known here stays as it was proposed from the one before.
        keep = {"said_by", "kind"}
        return {name: value for name, value in proposed.items() if value or name not in keep}


def marked(source: Source, start: int, end: int, candidates: Sequence[Candidate]) -> Marked | None:
    """The passage between two offsets without the white space around it; None if it is empty."""
    passage = source.text[start:end]
    start += len(passage) - len(passage.lstrip())
    passage = passage.strip()
    if not passage:
        return None
    end = start + len(passage)
    near = [one for one in candidates if one.start < end and start < one.end]
    exact = next((one for one in near if (one.start, one.end) == (start, end)), None)
    found = list(date_words_in(passage, said_on=source.date, language=source.language))
    if exact and exact.date_words:
        found.insert(0, exact.date_words)
    speaker = next((one.speaker for one in near if one.speaker), "")
    return Marked(
        start=start,
        end=end,
        quote=passage,
        date_words=tuple(dict.fromkeys(found)),
        said_by=party_named(speaker),
        kind=str(near[0].kind or "") if near else "",
        locator=locator_at(source.text, start),
    )


def date_words_in(passage: str, *, said_on: date, language: str) -> Iterator[str]:
    """The words of each date in a passage, from left to right, that say some day."""
    code = language.casefold().partition("-")[0]
    if code not in CANDIDATE_LANGUAGES:
        yield from _longest_phrases(passage, said_on=said_on, language=language)
        return
    for span in date_spans(passage, said_on=said_on, table=signals_for(code), past=False):
        if not span.window.is_undated:
            yield " ".join(passage[span.start : span.end].split())


def _longest_phrases(passage: str, *, said_on: date, language: str) -> Iterator[str]:
    """The same for a language without tables of signals: the longest phrases that are read."""
    words = list(_WORD.finditer(passage))[:MOST_WORDS]
    tools, index = tools_for(language), 0
    while index < len(words):
        step = 1
        for length in range(min(LONGEST_PHRASE, len(words) - index), 0, -1):
            phrase = passage[words[index].start() : words[index + length - 1].end()].strip(_AROUND)
            try:
                understood = tools.parse(cleaned(phrase)) is not None
                reading = _read(phrase, said_on, language) if understood else None
            except WindowError:
                continue
            if reading is not None and _is_a_date(phrase, reading):
                yield phrase
                step = length
                break
        index += step


def _read(phrase: str, said_on: date, language: str) -> Reading:
    return read_phrase(phrase, said_on=said_on, language=language)


def _is_a_date(phrase: str, reading: Reading) -> bool:
    """Not "may" that is no May, and nothing that says no day at all."""
    if reading.window.is_undated:
        return False
    return not (reading.is_year_assumed and " " not in phrase and phrase.islower())


def party_named(name: str) -> int | None:
    """The id of the only party with this name, or whose name holds it, in any letter case."""
    if not name.strip():
        return None
    wanted = set(name.casefold().split())
    rows = Party.objects.values_list("pk", "name", "office", "translations")
    found = [
        pk for pk, own, office, other in rows if wanted <= set(_names(own, office, other).split())
    ]
    return found[0] if len(found) == 1 else None


def _names(name: str, office: str, translations: dict[str, dict[str, str]]) -> str:
    others = [text for texts in translations.values() for text in texts.values()]
    return " ".join([name, office, *others]).casefold()


def locator_at(text: str, start: int) -> str:
    """The paragraph in which a passage begins: lines with something in them are counted."""
    before = text[:start].split("\n")
    number = sum(1 for line in before[:-1] if line.strip()) + 1
    return _("paragraph %(number)d") % {"number": number}
