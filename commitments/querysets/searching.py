"""Search by words: PostgreSQL's full text with its index, elsewhere a plain method.

Every word of the question has to be found: as the beginning of a word, or in another form of it,
in English and Russian ("forums" finds "forum"). Kazakh words are found by their beginning, which
is where its endings leave a word alone. What is no word, such as the sign in "100%", has to stand
there as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, Final, TypeVar

from django.db import connections, models
from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL

AnyModel = TypeVar("AnyModel", bound=models.Model)

FUNCTION: Final = "commitments_search_words"
"""Of PostgreSQL: the words of a commitment (`migrations/0008_search_and_rows.py`); has an index."""

FUNCTION_TAKES: Final = ("title", "summary", "wording", "language", "translations")

_WORD: Final = re.compile(r"[^\W_]+")
_ONE_WORD: Final = (
    "(to_tsquery('simple', %s) || plainto_tsquery('english', %s) || plainto_tsquery('russian', %s))"
)
# The longest first. No grammar: enough to find a word in another of its usual forms.
_ENDINGS: Final = re.compile(
    "(?:ing|ed|es|s|e"
    "|иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ией|иям"
    "|ая|яя|ое|ее|ые|ие|ый|ий|ой|ую|юю|ых|их|ым|им|ов|ев|ей|ам|ям|ах|ях|ом|ем|ия|ии|ию"
    "|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_SHORTEST_STEM: Final = 3


def search(
    rows: models.QuerySet[AnyModel], text: str, columns: Collection[str], *, is_indexed: bool
) -> models.QuerySet[AnyModel]:
    """Those of `rows` where every word of `text` is found in one of `columns`.

    `is_indexed` tells that `rows` are commitments, for which PostgreSQL has an index.
    """
    words = _WORD.findall(text)
    if is_indexed and connections[rows.db].vendor == "postgresql":
        rows = rows.filter(_in_full_text(words)) if words else rows
    else:
        for word in words:
            rows = rows.filter(_matching(columns, f"(?:^|\\W|_){_stem(word)}"))
    for part in text.split():
        if not _WORD.fullmatch(part):
            rows = rows.filter(containing(rows, columns, part))
    return rows


def containing(rows: models.QuerySet[Any], columns: Iterable[str], text: str) -> Q:
    """Whether one of `columns` has `text` in it, in capitals or not, in every alphabet.

    SQLite's own LIKE takes "Алея" and "алея" for different words; its REGEXP is Python's.
    """
    if connections[rows.db].vendor == "sqlite":
        return _matching(columns, re.escape(text))
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": text})
    return found


def _in_full_text(words: Collection[str]) -> Func:
    question = " && ".join([_ONE_WORD] * len(words))
    values = [value for word in words for value in (f"{_stem(word)}:*", word, word)]
    told = Func(*map(F, FUNCTION_TAKES), function=FUNCTION)
    asked = RawSQL(f"({question})", values)  # noqa: S611  # constants; the words are parameters
    return Func(
        told,
        asked,
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _matching(columns: Iterable[str], pattern: str) -> Q:
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__iregex": pattern})
    return found


def _stem(word: str) -> str:
    """`word` without its ending, if enough of it is left."""
    stem = _ENDINGS.sub("", word.lower())
    return stem if len(stem) >= _SHORTEST_STEM else word
