"""Commitments: the list with the shared filter, and each with its story."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import as_of
from commitments.api.addresses import address
from commitments.api.base import Fetching, PublicDetail, PublicList
from commitments.api.linked_data import linked_data
from commitments.api.list_rows import COLUMNS, RELATED, Shown, commitment_rows
from commitments.api.relations import LINKS, STORY, Relations, detail_relations, list_relations
from commitments.api.renderers import JsonLdRenderer, JsonRenderer
from commitments.api.schema import as_of_parameters, filter_parameters
from commitments.api.serializers.commitments import (
    CommitmentDetailSerializer,
    CommitmentSerializer,
)
from commitments.api.shape import EXPAND, FIELDS
from commitments.as_of import AsOf, commitments_at, read_as_of, select_versions
from commitments.exceptions import InvalidInput
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
            self._refuse_links_of_today()

    def _refuse_links_of_today(self) -> None:
        for name in sorted(LINKS & self.shape.expand):
            sentence = _("“%(name)s” cannot be expanded together with as_of.")
            raise InvalidInput(sentence % {"name": name}, field=EXPAND, code="unknown_expansion")

    def _filters(self) -> QueryDict:
        filters = QueryDict(mutable=True)
        for name, values in self.request.query_params.lists():
            if name not in self.own_parameters:
                filters.setlist(name, values)
        return filters


@extend_schema_view(get=extend_schema(parameters=[*filter_parameters(), *as_of_parameters()]))
class CommitmentList(EarlierDay, PublicList[Commitment]):
    """The published commitments that the filters ask for.

    Several values of one filter mean any of them, several filters mean all of them. An unknown
    filter or value is an error that lists the known ones.
    """

    serializer_class = CommitmentSerializer
    queryset = Commitment.objects.published()
    expandable = ("topics", "parties", "sources", *sorted(STORY), *sorted(LINKS))
    own_parameters = (*PublicList.parameters, EXPAND)
    parameters = (*own_parameters, *known_parameters(), *as_of.PARAMETERS)
    repeatable = (*PublicList.repeatable, *repeatable_parameters())

    def get_queryset(self) -> Any:
        if self.as_of is not None:
            return select_versions(self.as_of, self.filters)
        published = Commitment.objects.published()
        chosen = select_commitments(self.filters, queryset=published, now=self.now)
        if not self._is_plain():
            return chosen
        return chosen.values(*COLUMNS, *(key.field for key in self.order()))

    def _is_plain(self) -> bool:
        """Whether the list is as most ask for it, which is written by hand (`list_rows.py`)."""
        return self.as_of is None and not self.shape.expand

    def ready(self, rows: list[Any]) -> list[Any]:
        """Plain rows stay values: `shown` fetches what stands beside them."""
        if self._is_plain():
            return rows
        return super().ready(rows if self.as_of is None else commitments_at(rows, self.as_of))

    def shown(self, rows: Any) -> Any:
        if not self._is_plain():
            return super().shown(rows)
        parts = [name for name in RELATED if self.shape.wants(name)]
        shown = Shown(self.language, self.now, settings.SITE_URL, settings.DUE_SOON_DAYS)
        return commitment_rows(rows, shown, parts=parts)

    def order(self) -> Order:
        return order_of(self.filters)

    def relations(self) -> Relations:
        return list_relations(self.shape.expand)


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
    renderer_classes = (JsonRenderer, JsonLdRenderer)
    expandable = CommitmentList.expandable
    own_parameters = (*PublicDetail.parameters, EXPAND)
    parameters = (*own_parameters, *as_of.PARAMETERS)
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

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if request.accepted_renderer.format != JsonLdRenderer.format:
            return super().retrieve(request, *args, **kwargs)
        if FIELDS in request.query_params or EXPAND in request.query_params:
            sentence = _("JSON-LD has a form of its own: leave this out.")
            raise InvalidInput(sentence, field=FIELDS, code="unknown_field")
        return Response(linked_data(self.get_serializer(self.get_object()).data))

    def version(self) -> str:
        return self.revision

    def relations(self) -> Relations:
        return detail_relations(self.shape.expand)
