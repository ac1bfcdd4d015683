"""What is fetched beside a page of rows: one query for each relation, however many rows."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.db.models import Prefetch

from commitments.models import (
    Citation,
    DateMove,
    Involvement,
    StatusChange,
    TargetValue,
    Topic,
)

Relations: TypeAlias = "list[Prefetch[Any, Any, Any] | str]"


def list_relations() -> Relations:
    """What a commitment shows in a list. The stored texts of sources stay in the database."""
    citations = Citation.objects.select_related("source", "said_by").defer("source__text")
    return [
        Prefetch("topics", queryset=Topic.objects.order_by("key")),
        Prefetch("involvements", queryset=Involvement.objects.select_related("party")),
        Prefetch("citations", queryset=citations.order_by("source__date", "pk")),
    ]


def detail_relations() -> Relations:
    """What a commitment shows by itself: all of its story."""
    shown_by = Citation.objects.select_related("source").defer("source__text").order_by("pk")
    values = TargetValue.objects.select_related("source").defer("source__text")
    changes = StatusChange.objects.select_related("successor").order_by("pk")
    return [
        *list_relations(),
        Prefetch("date_moves", queryset=DateMove.objects.order_by("pk")),
        Prefetch("date_moves__citations", queryset=shown_by.all()),
        Prefetch("status_changes", queryset=changes),
        Prefetch("status_changes__citations", queryset=shown_by.all()),
        Prefetch("target__values", queryset=values.order_by("period", "pk")),
    ]
