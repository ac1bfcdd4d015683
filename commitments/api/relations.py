"""What is fetched beside a page of rows: one query for each relation, however many rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, TypeAlias

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from commitments.as_of import AsOf, select_versions
from commitments.models import (
    Citation,
    Commitment,
    DateMove,
    Involvement,
    StatusChange,
    TargetValue,
    Topic,
)
from commitments.querysets.commitments import CommitmentQuerySet

Relations: TypeAlias = "list[Prefetch[Any, Any, Any] | str]"

STORY: Final = frozenset({"date_moves", "status_changes", "target"})
LINKS: Final = frozenset({"parent", "successor"})
_BESIDE_A_DETAIL: Final = (
    *("target", "parent", "successor", "duplicate_of"),
    *("anchor_commitment", "anchor_source"),
)


def with_links(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """`rows` with what each points to, in the same query."""
    return rows.select_related(*_BESIDE_A_DETAIL).defer("anchor_source__text")


def milestones_of(
    row: Commitment, *, among: CommitmentQuerySet, as_of: AsOf | None
) -> list[Commitment]:
    """Those of `among` that are its milestones, in the order of time; one query.

    As of an earlier day: of today's the public ones that were so then, with the title of that day.
    """
    today = among.filter(parent=row.pk).order_by("last_day", "public_id")
    if as_of is None:
        return list(today.only("public_id", "title", "translations"))
    versions = select_versions(as_of, QueryDict())
    then = versions.filter(commitment__parent=row.pk, state__parent=row.public_id)
    return [
        Commitment(
            public_id=version.public_id,
            title=version.title,
            translations=version.state["translations"],
        )
        for version in then
    ]


def list_relations(expand: Collection[str] = ()) -> Relations:
    """What a commitment shows in a list. The stored texts of sources stay in the database."""
    return [*itself_relations("", expand), *_story(expand), *_linked(expand)]


def detail_relations(expand: Collection[str] = ()) -> Relations:
    """What a commitment shows by itself: all of its story."""
    return [*itself_relations("", expand), *_story(STORY), *_linked(expand)]


def itself_relations(prefix: str, expand: Collection[str]) -> Relations:
    """What belongs to a commitment itself, where it stands at `prefix` ("parent__")."""
    citations = Citation.objects.select_related("source", "said_by").defer("source__text")
    involvements = Involvement.objects.select_related("party")
    if "parties" in expand:
        citations = citations.select_related("said_by__body")
        involvements = involvements.select_related("party__body")
    return [
        Prefetch(f"{prefix}topics", queryset=Topic.objects.order_by("key")),
        Prefetch(f"{prefix}involvements", queryset=involvements),
        Prefetch(f"{prefix}citations", queryset=citations.order_by("source__date", "pk")),
    ]


def _story(parts: Collection[str]) -> Relations:
    # Citations by a lookup of their own: as of an earlier day, the rows are fetched already.
    found: Relations = []
    if "date_moves" in parts:
        moves = DateMove.objects.order_by("pk")
        found += [Prefetch("date_moves", queryset=moves), shown_by("date_moves__")]
    if "status_changes" in parts:
        changes = StatusChange.objects.select_related("successor").order_by("pk")
        found += [Prefetch("status_changes", queryset=changes), shown_by("status_changes__")]
    if "target" in parts:
        reported = values().order_by("period", "pk")
        found += ["target", Prefetch("target__values", queryset=reported)]
    return found


def _linked(expand: Collection[str]) -> Relations:
    found: Relations = []
    for name in sorted(LINKS & set(expand)):
        found += [name, *itself_relations(f"{name}__", expand)]
    return found


def values() -> QuerySet[TargetValue]:
    """Reported values with their sources."""
    return TargetValue.objects.select_related("source").defer("source__text")


def shown_by(prefix: str = "") -> Prefetch[Any, Any, Any]:
    """The citations that show a change."""
    cited = Citation.objects.select_related("source").defer("source__text").order_by("pk")
    return Prefetch(f"{prefix}citations", queryset=cited)
