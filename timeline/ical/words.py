"""The words that calendars put around the record's texts, translated once for each language.

A feed of 10,000 events asks for the same dozen words 10,000 times; gettext would dominate it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext, ngettext, override, pgettext

from timeline.dates_in_words import day_in_words


@dataclass(frozen=True, slots=True)
class Words:
    """Templates in one language; those with a `%` take a dictionary."""

    language: str
    withdrawn: str
    status: str
    status_since: str
    schedule: str
    evidence: str
    evidence_as_of: str
    window: str
    window_as_put: str
    quote: str
    proposal: str
    moves: str
    move: str
    undated: str

    def day(self, day: date) -> str:
        """One day in full: "27 November 2024"."""
        return _day(self.language, day)

    def status_line(self, status: str, since: str) -> str:
        """The status, and since when where that was said of the last change."""
        return _status_line(self.language, status, since)

    def evidence_line(self, evidence: str, checked_on: date | None) -> str:
        """The evidence, and as of which day where somebody looked for it."""
        return _evidence_line(self.language, evidence, checked_on)

    def slip(self, days: int) -> str:
        """ "3 days later", "1 day earlier"; `days` is never 0."""
        return _slip(self.language, days)


@lru_cache(maxsize=16)
def words_in(language: str) -> Words:
    """The words in `language`, a code of `settings.LANGUAGES`; English where it has none."""
    with override(language):
        return Words(
            language=language,
            withdrawn=pgettext("title of a calendar entry that was taken back", "Withdrawn"),
            status=gettext("Status: %(status)s"),
            status_since=gettext("Status: %(status)s (%(when)s)"),
            schedule=gettext("Schedule: %(schedule)s"),
            evidence=gettext("Evidence: %(evidence)s"),
            evidence_as_of=gettext("Evidence: %(evidence)s (as of %(day)s)"),
            window=gettext("Date: %(words)s"),
            window_as_put=gettext("Date: %(words)s (as it was put: “%(wording)s”)"),
            quote=gettext("“%(quote)s” (%(origin)s)"),
            proposal=gettext("Only proposed so far, not promised."),
            moves=gettext("The date was moved:"),
            move=gettext("%(day)s, %(kind)s: from %(before)s to %(after)s"),
            undated=gettext("undated"),
        )


@lru_cache(maxsize=4096)
def _day(language: str, day: date) -> str:
    return day_in_words(day, language)


@lru_cache(maxsize=4096)
def _slip(language: str, days: int) -> str:
    count = abs(days)
    with override(language):
        later = ngettext("%(days)d day later", "%(days)d days later", count)
        earlier = ngettext("%(days)d day earlier", "%(days)d days earlier", count)
    return (later if days > 0 else earlier) % {"days": count}


# Few of them differ among thousands of entries.
@lru_cache(maxsize=4096)
def _status_line(language: str, status: str, since: str) -> str:
    words = words_in(language)
    if since:
        return words.status_since % {"status": status, "when": since}
    return words.status % {"status": status}


@lru_cache(maxsize=4096)
def _evidence_line(language: str, evidence: str, checked_on: date | None) -> str:
    words = words_in(language)
    if checked_on is None:
        return words.evidence % {"evidence": evidence}
    return words.evidence_as_of % {"evidence": evidence, "day": _day(language, checked_on)}
