"""Commitments that may have the title which somebody is typing, to be held against it one by one.

PostgreSQL keeps the trigrams of titles and of their translations in order of nearness (`pg_trgm`,
GiST) and hands out the nearest, a slip in every word or not. Elsewhere the newest ones are looked
through for a word in common. Either way it is one query with an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

from django.conf import settings
from django.contrib.postgres.search import TrigramDistance, TrigramWordDistance
from django.db import connections
from django.db.models import Q, Subquery, TextField
from django.db.models.functions import Cast

from commitments.querysets.untitled import UntitledQuerySet

NEAREST: Final = 50
"""Titles that PostgreSQL hands out, and as many translations."""
NEWEST: Final = 20_000
"""Rows that are looked through elsewhere: `LIKE` reads every one of them."""
MOST_COMPARED: Final = 300


class SimilarTitlesQuerySet(UntitledQuerySet):
    """Commitments by their titles."""

    def perhaps_titled(self, title: str, *, words: Sequence[str]) -> Self:
        """At most `MOST_COMPARED` whose title, in whatever language, may be like `title`.

        `words` are the parts of words that tell one title from another, without capitals: where
        there are no trigrams, one of them has to be there.
        """
        if self._has_trigrams():
            return self._nearest(title)
        return self._sharing(words)

    def _has_trigrams(self) -> bool:
        return connections[self.db].vendor == "postgresql"

    def _nearest(self, title: str) -> Self:
        texts = Cast("translations", TextField())
        by_title = self.order_by(TrigramDistance("title", title))[:NEAREST]
        by_translation = self.order_by(TrigramWordDistance(title, texts))[:NEAREST]
        return by_title.union(by_translation)

    def _sharing(self, words: Sequence[str]) -> Self:
        columns = ["title", *(f"translations__{code}__title" for code, _ in settings.LANGUAGES)]
        shared = Q(pk__in=[])
        for word in words:
            for column in columns:
                shared |= Q(**{f"{column}__icontains": word})
        newest = self.order_by("-pk").values("pk")[:1]
        return self.filter(shared, pk__gt=Subquery(newest) - NEWEST).order_by("-pk")[:MOST_COMPARED]
