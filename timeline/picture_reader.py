"""All that the picture in time draws, in few columns: it is read for the whole of a list at once.

A pane of the door to the record (`record_reader.py`): published records only. The number of
queries does not depend on the number of commitments.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils import translation

from commitments.as_of import AsOf
from commitments.enums import FINAL_STATUSES, DateMoveKind, Schedule, Status
from commitments.mentions import sources_named_by
from commitments.models import Commitment, DateMove, Involvement, Party, Topic
from commitments.models.version import Axis
from commitments.querysets.standing import schedule_case
from commitments.window import Hemisphere, Window
from timeline.layout.sheet import Span, Statement
from timeline.list_reader import Selected


class Grouping(enum.StrEnum):
    """What the parts of the picture are, beside one for all."""

    TOPIC = "topic"
    PARTY = "party"
    STATUS = "status"


LOOKS: Final = (
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.OPEN,
    Schedule.UPCOMING,
    Status.DELIVERED,
    Status.PARTLY_DELIVERED,
    Status.NOT_DELIVERED,
    Status.WITHDRAWN,
    Status.SUPERSEDED,
    Status.UNVERIFIABLE,
)
"""Where a dated commitment may stand: in time while it is open, else its verdict."""

_COLUMNS: Final = {Grouping.TOPIC: "topics", Grouping.PARTY: "parties"}
"""Where a version names its groups."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be drawn; `names` are the groups, in their order, with their names."""

    spans: Sequence[Span]
    statements: Sequence[Statement]
    names: Mapping[str, str]


def read_picture(
    selected: Selected,
    *,
    grouping: Grouping | None,
    most: int,
    language: str,
    names: Mapping[str, str] | None = None,
    has_statements: bool = True,
) -> Drawn:
    """The dated ones of what was `selected`.

    Of topics and parties the `most` frequent ones are named; `names` are those that the caller
    knows already, by key: all or none. Two queries, in groups one or two more.
    """
    chosen, as_of = selected.dated(), selected.as_of
    rows = list(rows_to_draw(chosen, as_of, now=selected.now, grouping=grouping))
    roles = selected.filters.getlist("role")
    if as_of is not None:
        members = _members(_pairs_of_versions(rows, grouping, roles))
    else:
        members = _members(_pairs(chosen, grouping, roles))
    names = names or _names(members, grouping, language)
    named = _most_named(members, names, selected.filters, grouping, most)
    with translation.override(language):
        words: dict[str, str] = {one.value: str(one.label) for one in LOOKS}
    if grouping is Grouping.STATUS:
        named = words
    return Drawn(
        spans=spans_of(rows, words, members, grouping, language),
        statements=_statements(chosen, as_of, language) if has_statements else (),
        names=named if grouping else {"": ""},
    )


def rows_to_draw(
    chosen: QuerySet[Any], as_of: AsOf | None, *, now: datetime, grouping: Grouping | None = None
) -> QuerySet[Any]:
    """The columns of `spans_of`, and of versions in groups the text that names these; one query."""
    key, texts = ("pk", ("hemisphere", "translations"))
    moves = DateMove.objects.exclude(kind=DateMoveKind.CORRECTED).order_by("pk")
    if as_of is not None:
        key, texts = ("commitment_id", ("state__hemisphere", "state__translations"))
        before = {"recorded_at__lte": as_of.instant}
        moves = moves.filter(**before if as_of.axis is Axis.KNOWN else {"since__lte": as_of.day})
    first = moves.filter(commitment=OuterRef(key)).values("from_window")[:1]
    standing = schedule_case(as_of.instant if as_of else now, None)
    columns: tuple[str, ...] = (
        key,
        "public_id",
        "title",
        "window",
        "status",
        "schedule",
        "first_window",
        *texts,
    )
    if as_of is not None and grouping in _COLUMNS:
        columns = (*columns, _COLUMNS[grouping])
    rows = chosen.annotate(schedule=standing, first_window=Subquery(first))
    found: QuerySet[Any] = rows.values_list(*columns)
    return found


def spans_of(
    rows: Iterable[tuple[Any, ...]],
    words: Mapping[str, str],
    members: Mapping[int, tuple[str, ...]],
    grouping: Grouping | None,
    language: str,
) -> list[Span]:
    """`rows` as the layout takes them."""
    found = []
    for key, public_id, title, window, status, schedule, first, *rest in rows:
        hemisphere, translations = rest[:2]
        look = status if status in FINAL_STATUSES else schedule
        if grouping is None:
            groups: tuple[str, ...] = ("",)
        else:
            groups = (look,) if grouping is Grouping.STATUS else members.get(key, ())
        own = translations.get(language) if translations else None
        found.append(
            Span(
                public_id,
                (own.get("title") if own else "") or title,
                words[look],
                look,
                read_window(window, hemisphere),
                schedule == Schedule.OVERDUE,
                read_window(first, hemisphere) if first else None,
                groups,
            )
        )
    return found


@lru_cache(maxsize=20_000)
def read_window(text: str, hemisphere: str) -> Window:
    """Windows are values, and many commitments have the same one."""
    return Window.parse(text, hemisphere=Hemisphere(hemisphere))


def _members(pairs: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """The keys of the topics or parties of each commitment, each once."""
    members: dict[int, tuple[str, ...]] = {}
    for commitment, key in pairs:
        if key not in members.get(commitment, ()):
            members[commitment] = (*members.get(commitment, ()), key)
    return members


def _names(
    members: Mapping[int, tuple[str, ...]], grouping: Grouping | None, language: str
) -> dict[str, str]:
    """The name of each key in `members`."""
    if not members:
        return {}
    model: type[Topic | Party] = Topic if grouping is Grouping.TOPIC else Party
    keys = {key for found in members.values() for key in found}
    rows = model._default_manager.filter(key__in=keys)  # noqa: SLF001
    return {
        key: translations.get(language, {}).get("name") or own
        for key, own, translations in rows.values_list("key", "name", "translations")
    }


def _pairs(
    chosen: QuerySet[Any], grouping: Grouping | None, roles: Sequence[str]
) -> Iterable[tuple[int, str]]:
    """Each commitment with the keys of its topics or parties; nothing for other groups."""
    among = chosen.values("pk")
    if grouping is Grouping.TOPIC:
        links = Commitment.topics.through.objects.filter(commitment__in=among)
        return list(links.values_list("commitment_id", "topic__key"))
    if grouping is not Grouping.PARTY:
        return ()
    parts = Involvement.objects.filter(commitment__in=among).order_by("pk")
    parts = parts.filter(role__in=roles) if roles else parts
    return list(parts.values_list("commitment_id", "party__key"))


def _pairs_of_versions(
    rows: Iterable[tuple[Any, ...]], grouping: Grouping | None, roles: Sequence[str]
) -> Iterable[tuple[int, str]]:
    """The same of earlier days, from the texts that versions keep: "|space|culture|"."""
    for row in rows if grouping in _COLUMNS else ():
        for part in filter(None, row[-1].split("|")):
            role, _colon, key = part.rpartition(":")
            if grouping is Grouping.TOPIC or not roles or role in roles:
                yield row[0], key


def _most_named(
    members: Mapping[int, tuple[str, ...]],
    names: Mapping[str, str],
    selection: QueryDict,
    grouping: Grouping | None,
    most: int,
) -> dict[str, str]:
    """The most frequent groups, of those only that the filter leaves."""
    asked = set(selection.getlist(grouping)) if grouping else set()
    counts = Counter(key for keys in members.values() for key in keys if not asked or key in asked)
    order = sorted(counts, key=lambda key: (-counts[key], names[key], key))
    return {key: names[key] for key in order[:most]}


def _statements(chosen: QuerySet[Any], as_of: AsOf | None, language: str) -> list[Statement]:
    """The sources that the chosen ones name; of an earlier day, what had been said by then."""
    commitments: Any = chosen if as_of is None else _of_versions(chosen)
    sources = sources_named_by(commitments).order_by("date", "pk")
    if as_of is not None:
        known = {"created_at__lte": as_of.instant}
        sources = sources.filter(date__lte=as_of.day)
        sources = sources.filter(**known) if as_of.axis is Axis.KNOWN else sources
    return [
        Statement(public_id, translations.get(language, {}).get("title") or title, day)
        for public_id, title, translations, day in sources.values_list(
            "public_id", "title", "translations", "date"
        )
    ]


def _of_versions(chosen: QuerySet[Any]) -> Any:
    return Commitment.objects.filter(pk__in=chosen.values("commitment"))
