"""Query strings of the shared filter, as subscriptions keep and use them."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict

from timeline.record_reader import read_selected_ids

ORDER = "ordering"
PLACE_IN_TIME = "schedule"


def canonical_query(params: QueryDict) -> str:
    """The same list always as the same text: sorted, nothing twice, without its order."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(params) - {ORDER}):
        kept.setlist(name, sorted({value for value in params.getlist(name) if value}))
    return kept.urlencode()


def ids_for_day_reminders(query: str, *, now: datetime) -> set[int]:
    """The published commitments (integer keys) that a subscription is reminded of.

    Where they stand in time is left out: a reminder is itself about that, and "upcoming" would
    lose each commitment in the very moment in which its reminder falls due.
    Raises `commitments.exceptions.InvalidInput` where the filter no longer knows the query.
    """
    params = QueryDict(query, mutable=True)
    params.pop(PLACE_IN_TIME, None)
    return set(read_selected_ids(params, now=now))
