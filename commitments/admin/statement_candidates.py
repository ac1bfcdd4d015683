"""The passages of a statement that look like commitments, and those that an editor has dropped.

Nothing here is saved: a candidate only fills the form, and what is dropped is remembered in the
session of the one who dropped it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache

from commitments.candidates import CANDIDATE_LANGUAGES, Candidate, find_candidates
from commitments.models import Citation, Source

DROPPED: Final = "dropped_candidates"
KEPT_FOR: Final = 3600
"""Seconds."""
MOST_DROPPED: Final = 2000
"""Of one source; a session is a row in the database."""

__all__ = ["Candidate", "all_candidates", "bring_back", "drop", "dropped_spans", "open_candidates"]


def all_candidates(source: Source) -> list[Candidate]:
    """Every passage of its text that looks like a commitment, from the beginning on.

    None in a language that there are no rules for. A long text takes a second: what was found is
    kept for an hour, under the hash of the text.
    """
    language = source.language.casefold().partition("-")[0]
    if not source.text or language not in CANDIDATE_LANGUAGES:
        return []
    key = f"candidates:{source.text_sha256}:{source.date.isoformat()}:{language}"
    found: list[Candidate] | None = cache.get(key)
    if found is None:
        found = list(find_candidates(source.text, said_on=source.date, language=language))
        cache.set(key, found, KEPT_FOR)
    return found


def open_candidates(
    candidates: Iterable[Candidate], cited: Iterable[Citation], dropped: set[str]
) -> list[Candidate]:
    """Those that were neither dropped nor entered: a quote that overlaps one counts as entered."""
    spans = [(one.start, one.end) for one in cited if one.start is not None and one.end is not None]
    return [
        one
        for one in candidates
        if span_of(one) not in dropped
        and not any(start < one.end and one.start < end for start, end in spans)
    ]


def span_of(candidate: Candidate) -> str:
    """Its place in the text, as it stands in an address: "120-164"."""
    return f"{candidate.start}-{candidate.end}"


def dropped_spans(session: SessionBase, source: Source) -> set[str]:
    """What this editor has dropped of the text as it is now."""
    return set(session.get(DROPPED, {}).get(_text_of(source), ()))


def drop(session: SessionBase, source: Source, span: str) -> None:
    """Remember that this editor wants to see it no more."""
    dropped: dict[str, Any] = session.get(DROPPED, {})
    spans = dropped_spans(session, source) | {span}
    session[DROPPED] = {**dropped, _text_of(source): sorted(spans)[:MOST_DROPPED]}


def bring_back(session: SessionBase, source: Source) -> None:
    """Forget what was dropped of this source."""
    dropped: dict[str, Any] = session.get(DROPPED, {})
    session[DROPPED] = {key: spans for key, spans in dropped.items() if key != _text_of(source)}


def _text_of(source: Source) -> str:
    """Another text has other places."""
    return f"{source.pk}:{source.text_sha256[:16]}"
