"""The understood phrases nearest to one that is not; each has been read before it is offered."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice

from commitments.phrases.languages import Tools
from commitments.phrases.tokens import UNKNOWN

_MOST = 3
_LONGEST_WORD = 30


def nearest_phrases(tidy: str, tools: Tools) -> tuple[str, ...]:
    """One to three phrases: the same with one unknown word put right, else examples like it."""
    put_right = tuple(islice(_put_right(tidy, tools), _MOST))
    if put_right:
        return put_right
    examples = tools.language.examples
    return tuple(get_close_matches(tidy, examples, n=_MOST, cutoff=0.45)) or examples[:_MOST]


def _put_right(tidy: str, tools: Tools) -> list[str]:
    vocabulary = tools.vocabulary
    tokens = tools.lexicon.tokens(tidy, {})
    unknown = [token.text for token in tokens if token.kind == UNKNOWN]
    if len(unknown) != 1 or len(unknown[0]) > _LONGEST_WORD:
        return []
    candidates = get_close_matches(unknown[0], vocabulary, n=2 * _MOST, cutoff=0.6)
    phrases = [tidy.replace(unknown[0], word, 1) for word in candidates]
    return [tools.lexicon.spelled(phrase) for phrase in phrases if tools.parse(phrase) is not None]
