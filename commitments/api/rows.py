"""Lists of what hangs on commitments: citations, status changes, date moves, reported values.

The filters are those of commitments and select the commitments whose rows are shown. The rows
stand in the order of recording, the latest first. As of an earlier day: the rows that there were,
of the commitments that the filters would have selected; what they name is named as it is now.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from commitments import as_of
from commitments.api.base import PublicList
from commitments.api.commitments import EarlierDay
from commitments.api.relations import Relations, itself_relations, shown_by, values
from commitments.api.schema import as_of_parameters, filter_parameters
from commitments.api.serializers.rows import (
    CitationRowSerializer,
    DateMoveRowSerializer,
    StatusChangeRowSerializer,
    TargetValueRowSerializer,
)
from commitments.api.shape import EXPAND
from commitments.as_of import select_versions
from commitments.exceptions import InvalidInput
from commitments.filters import known_parameters, repeatable_parameters, select_commitments
from commitments.models import Citation, Commitment, DateMove, StatusChange, TargetValue
from commitments.models.version import Axis
from commitments.ordering import Order, SortKey

ORDERING: Final = "ordering"
ORDERINGS: Final = ("-recorded_at", "recorded_at")

AnyRow = TypeVar("AnyRow", bound=Model)

_described: Final = extend_schema_view(
    get=extend_schema(
        parameters=[
            *(one for one in filter_parameters() if one.name != ORDERING),
            OpenApiParameter(ORDERING, str, enum=ORDERINGS, default=ORDERINGS[0]),
            *as_of_parameters(),
        ]
    )
)


class RowList(EarlierDay, PublicList[AnyRow]):
    """Rows of the published commitments that the filters ask for.

    `commitment` is the way from a row to its commitment, `recorded_at` the column of its instant,
    `so_since` that of the day since when it is so in the world.
    """

    own_parameters = (*PublicList.parameters, EXPAND, ORDERING)
    parameters = (*own_parameters, *known_parameters(), *as_of.PARAMETERS)
    of_today = ("commitment",)
    repeatable = (*PublicList.repeatable, *repeatable_parameters())
    expandable: ClassVar[Collection[str]] = ("commitment",)
    commitment: ClassVar[str] = "commitment"
    recorded_at: ClassVar[str] = "recorded_at"
    so_since: ClassVar[str] = "since"

    def get_queryset(self) -> QuerySet[AnyRow]:
        rows: QuerySet[AnyRow] = self.all_rows()
        return rows.filter(**self._that_there_were(), **{f"{self.commitment}__in": self._chosen()})

    def _chosen(self) -> Any:
        """The keys of the commitments that the filters ask for."""
        if self.as_of is not None:
            return select_versions(self.as_of, self.filters).order_by().values("commitment")
        published = Commitment.objects.published()
        chosen = select_commitments(self.filters, queryset=published, now=self.now)
        return chosen.order_by().values("pk")

    def _that_there_were(self) -> dict[str, Any]:
        """Which rows there were: of an earlier day as `commitments_at` gives them."""
        if self.as_of is None:
            return {}
        if self.as_of.axis is Axis.KNOWN:
            return {f"{self.recorded_at}__lte": self.as_of.instant}
        return {f"{self.so_since}__lte": self.as_of.day}

    def all_rows(self) -> Any:
        """Every row, with what is fetched in the same query."""
        raise NotImplementedError

    def order(self) -> Order:
        asked = self.request.query_params.get(ORDERING, "").strip(" ") or ORDERINGS[0]
        if asked not in ORDERINGS:
            sentence = _("“%(value)s” is not known here. Known: %(known)s.")
            values = {"value": asked, "known": ", ".join(ORDERINGS)}
            raise InvalidInput(sentence % values, field=ORDERING, code="invalid_parameter")
        descending = asked.startswith("-")
        return (SortKey(self.recorded_at, descending), SortKey("pk", descending))

    def relations(self) -> Relations:
        if "commitment" not in self.shape.expand:
            return []
        return itself_relations(f"{self.commitment}__", self.shape.expand)


@_described
class CitationList(RowList[Citation]):
    """What was said about commitments, where, and by whom."""

    serializer_class = CitationRowSerializer
    queryset = Citation.objects.all()
    expandable = ("commitment", "parties", "sources")
    recorded_at = "created_at"
    so_since = "source__date"

    def all_rows(self) -> Any:
        beside = ["commitment", "source", "said_by"]
        if "parties" in self.shape.expand:
            beside += ["said_by__body"]
        return Citation.objects.select_related(*beside).defer("source__text")


@_described
class StatusChangeList(RowList[StatusChange]):
    """How the statuses of commitments moved."""

    serializer_class = StatusChangeRowSerializer
    queryset = StatusChange.objects.all()

    def all_rows(self) -> Any:
        return StatusChange.objects.select_related("commitment", "successor")

    def relations(self) -> Relations:
        return [shown_by(), *super().relations()]


@_described
class DateMoveList(RowList[DateMove]):
    """How the promised times of commitments moved."""

    serializer_class = DateMoveRowSerializer
    queryset = DateMove.objects.all()

    def all_rows(self) -> Any:
        return DateMove.objects.select_related("commitment")

    def relations(self) -> Relations:
        return [shown_by(), *super().relations()]


@_described
class TargetValueList(RowList[TargetValue]):
    """What was reported for the targets of commitments."""

    serializer_class = TargetValueRowSerializer
    queryset = TargetValue.objects.all()
    expandable = ("commitment", "sources")
    commitment = "target__commitment"
    so_since = "source__date"

    def all_rows(self) -> Any:
        return values().select_related("target__commitment")
