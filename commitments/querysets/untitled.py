"""Which published commitments have no title in a language that the site speaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Q

from commitments.enums import Publication
from commitments.querysets.looking_again import MOST_COUNTED, LookingAgainQuerySet


class UntitledQuerySet(LookingAgainQuerySet):
    """Published commitments whose readers get a title in another language than theirs."""

    def untitled_in(self, languages: Iterable[str]) -> Self:
        """Those without a title in one of `languages` or more; one query.

        What was entered in a language has its title in it.
        """
        missing = Q(pk__in=[])
        for language in languages:
            given = Q(**{f"translations__{language}__title__isnull": False})
            missing |= ~Q(language=language) & ~given
        found: Any = self.filter(missing, publication=Publication.PUBLISHED)
        return found  # type: ignore[no-any-return]

    def count_untitled_in(self, languages: Iterable[str]) -> int:
        """How many those are; nothing is counted beyond `MOST_COUNTED` + 1. One query."""
        few = self.untitled_in(languages).order_by().values("pk")[: MOST_COUNTED + 1]
        return few.count()
