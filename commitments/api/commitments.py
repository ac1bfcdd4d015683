"""Commitments: the list with the shared filter, and each with its story."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.http import Http404, QueryDict
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import as_of
from commitments.api.addresses import address
from commitments.api.base import Fetching, PublicDetail, PublicList
from commitments.api.relations import Relations, detail_relations, list_relations
from commitments.api.schema import as_of_parameters, filter_parameters
from commitments.api.serializers.commitments import (
    CommitmentDetailSerializer,
    CommitmentSerializer,
)
from commitments.as_of import AsOf, commitments_at, read_as_of, select_versions
from commitments.filters import (
    known_parameters,
    order_of,
    repeatable_parameters,
    select_commitments,
)
from commitments.models import Commitment
from commitments.ordering import Order


class EarlierDay(Fetching):
    """A view of commitments that can be asked for an earlier day (`commitments/as_of.py`)."""

    as_of: AsOf | None = None
    own_parameters: ClassVar[Collection[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.as_of, self.filters = read_as_of(self._filters(), now=self.now)
        if self.as_of is not None:
            self.now = self.as_of.instant  # the schedule is that of the day

    def _filters(self) -> QueryDict:
        filters = self.request.query_params.copy()
        for name in self.own_parameters:
            filters.pop(name, None)
        return filters


@extend_schema_view(get=extend_schema(parameters=[*filter_parameters(), *as_of_parameters()]))
class CommitmentList(EarlierDay, PublicList[Commitment]):
    """The published commitments that the filters ask for.

    Several values of one filter mean any of them, several filters mean all of them. An unknown
    filter or value is an error that lists the known ones.
    """

    serializer_class = CommitmentSerializer
    queryset = Commitment.objects.published()
    own_parameters = PublicList.parameters
    parameters = (*own_parameters, *known_parameters(), *as_of.PARAMETERS)
    repeatable = repeatable_parameters()

    def get_queryset(self) -> Any:
        if self.as_of is not None:
            return select_versions(self.as_of, self.filters)
        return select_commitments(
            self.filters, queryset=Commitment.objects.published(), now=self.now
        )

    def ready(self, rows: list[Any]) -> list[Any]:
        return super().ready(rows) if self.as_of is None else commitments_at(rows, self.as_of)

    def order(self) -> Order:
        return order_of(self.filters)

    def relations(self) -> Relations:
        return list_relations()


@extend_schema_view(get=extend_schema(parameters=as_of_parameters()))
class CommitmentDetail(EarlierDay, PublicDetail[Commitment]):
    """One published commitment, with its date moves, status changes, links and target.

    A draft, a retracted and an unknown one look alike: 404.
    """

    serializer_class = CommitmentDetailSerializer
    queryset = Commitment.objects.published().select_related(
        "target", "parent", "successor", "duplicate_of"
    )
    lookup_field = "public_id"
    parameters = (*PublicDetail.parameters, *as_of.PARAMETERS)
    own_parameters = PublicDetail.parameters
    revision = ""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show it; the id of one that was merged leads to the one that was kept."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            kept = Commitment.objects.kept_for(self.kwargs["public_id"])
            if kept is None:
                raise
            target = address("commitment", kept.public_id, query=request.query_params.dict())
            return Response(status=status.HTTP_301_MOVED_PERMANENTLY, headers={"Location": target})

    def get_object(self) -> Commitment:
        row = super().get_object() if self.as_of is None else self._earlier(self.as_of)
        self.revision = str(row.revision)
        return row

    def _earlier(self, day: AsOf) -> Commitment:
        public_id = self.kwargs["public_id"]
        versions = select_versions(day, QueryDict()).filter(public_id=public_id)
        found = commitments_at(versions, day)
        if not found:
            raise Http404
        prefetch_related_objects(found, *self.relations())
        return found[0]

    def version(self) -> str:
        return self.revision

    def relations(self) -> Relations:
        return detail_relations()
