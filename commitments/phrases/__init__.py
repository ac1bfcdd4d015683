"""Windows in words, in and out, in English, Russian and Kazakh.

`window_in_words` prints, `read_phrase` reads, each with one engine and one table per language. What
is printed is read back as the same window. Plain Python, no Django.
"""

from commitments.phrases.answer import phrase_answer, window_answer
from commitments.phrases.languages import LANGUAGES
from commitments.phrases.printer import window_in_words
from commitments.phrases.reader import read_phrase
from commitments.phrases.reading import SOURCE_ANCHOR, AnchorRule, Reading

__all__ = [
    "LANGUAGES",
    "SOURCE_ANCHOR",
    "AnchorRule",
    "Reading",
    "phrase_answer",
    "read_phrase",
    "window_answer",
    "window_in_words",
]
