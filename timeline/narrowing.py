"""Lists that name a party, a topic or a source, without looking the name up first.

A pane of the door to the record (`record_reader.py`). The shared filter asks the database for each
name before it asks for the commitments. A page about one of them with three more in its address
has no room for that: here the name is a subquery, and is looked up where nothing was found only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from django.db.models import Q, QuerySet
from django.http import QueryDict

from commitments.as_of import AsOf
from commitments.enums import PartyRole
from commitments.models import Citation, Commitment, Involvement
from commitments.models.version import Axis

Dimension = Literal["party", "source", "topic"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("party", "topic", "source")
_PLAIN: Final = re.compile(r"[a-z0-9_-]+")
"""Keys that cannot be mistaken for another one, in whatever way a database compares texts."""


def split_names(params: QueryDict) -> tuple[QueryDict, dict[Dimension, str]]:
    """`params` without the names that `naming` takes, and these: one of a kind, in plain letters.

    Several of a kind stay with the filter: it alone can say which of them is not on record.
    """
    rest = params.copy()
    found: dict[Dimension, str] = {}
    for dimension in DIMENSIONS:
        values = [value for value in map(str, params.getlist(dimension)) if value.strip()]
        if len(values) == 1 and _PLAIN.fullmatch(values[0]):
            found[dimension] = values[0]
            del rest[dimension]
    return rest, found


def naming(
    rows: QuerySet[Any], as_of: AsOf | None, dimension: Dimension, key: str, roles: Sequence[str]
) -> QuerySet[Any]:
    """Those of `rows` (commitments, of an earlier day versions) that name `key`.

    A party in one of `roles`, in any without; a source that is cited for them.
    """
    if as_of is None:
        return rows.filter(pk__in=_links(dimension, key, roles).values("commitment"))
    if dimension == "source":
        return rows.filter(commitment__in=_cited(as_of, key).values("commitment"))
    if dimension == "topic":
        return rows.filter(topics__contains=f"|{key}|")
    played = Q()
    for role in roles or PartyRole.values:
        played |= Q(parties__contains=f"|{role}:{key}|")
    return rows.filter(played)


def _links(dimension: Dimension, key: str, roles: Sequence[str]) -> QuerySet[Any]:
    if dimension == "topic":
        links: Any = Commitment.topics.through
        found: QuerySet[Any] = links.objects.filter(topic__key=key)
        return found
    if dimension == "source":
        return Citation.objects.filter(source__public_id=key)
    return Involvement.objects.filter(party__key=key, role__in=roles or PartyRole.values)


def _cited(as_of: AsOf, key: str) -> QuerySet[Citation]:
    """What had been cited of the source by that day, or what it had said by then."""
    cited = Citation.objects.filter(source__public_id=key)
    if as_of.axis is Axis.KNOWN:
        return cited.filter(created_at__lte=as_of.instant)
    return cited.filter(source__date__lte=as_of.day)
