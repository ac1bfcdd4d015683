"""Commitments: the list with the shared filter, and each with its story."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import as_of
from commitments.api.addresses import address
from commitments.api.base import READING, Fetching, PublicDetail, PublicList
from commitments.api.linked_data import linked_data
from commitments.api.list_rows import COLUMNS, RELATED, Shown, commitment_rows
from commitments.api.permissions import VIEW, caller, demand_scope
from commitments.api.relations import (
    LINKS,
    STORY,
    Relations,
    detail_relations,
    list_relations,
    milestones_of,
    with_links,
)
from commitments.api.renderers import JsonLdRenderer, JsonRenderer
from commitments.api.schema import as_of_parameters, filter_parameters
from commitments.api.serializers.commitments import (
    CommitmentDetailSerializer,
    CommitmentSerializer,
)
from commitments.api.shape import EXPAND, FIELDS
from commitments.as_of import AsOf, commitments_at, read_as_of, select_versions
from commitments.enums import Publication
from commitments.exceptions import InvalidInput
from commitments.filters import (
    known_parameters,
    order_of,
    repeatable_parameters,
    select_commitments,
)
from commitments.models import Commitment, Scope
from commitments.ordering import Order
from commitments.roles import demand


def story_context(sees_all: bool, as_of: AsOf | None = None) -> dict[str, Any]:  # noqa: FBT001
    """What `CommitmentDetailSerializer` has to know of its reader."""
    everything = Commitment.objects.all() if sees_all else Commitment.objects.published()

    def milestones(row: Commitment) -> list[Commitment]:
        return milestones_of(row, among=everything, as_of=as_of)

    return {"sees_all": sees_all, "milestones": milestones}


class EarlierDay(Fetching):
    """A view of commitments that can be asked for an earlier day (`commitments/as_of.py`)."""

    as_of: AsOf | None = None
    own_parameters: ClassVar[Collection[str]] = ()
    of_today: ClassVar[Collection[str]] = LINKS
    """What `expand` cannot show of an earlier day."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.as_of, self.filters = read_as_of(self._filters(), now=self.now)
        if self.as_of is not None:
            self.now = self.as_of.instant  # the schedule is that of the day
            self._refuse_links_of_today()

    def _refuse_links_of_today(self) -> None:
        for name in sorted(self.shape.expand.intersection(self.of_today)):
            sentence = _("“%(name)s” cannot be expanded together with as_of.")
            raise InvalidInput(sentence % {"name": name}, field=EXPAND, code="unknown_expansion")

    def _filters(self) -> QueryDict:
        filters = QueryDict(mutable=True)
        for name, values in self.request.query_params.lists():
            if name not in self.own_parameters:
                filters.setlist(name, values)
        return filters


PUBLICATION: Final = "publication"
_PUBLICATION: Final = OpenApiParameter(
    PUBLICATION,
    str,
    enum=Publication.values,
    description="For the desk, with a key: what is not public. Without it, what is published.",
)


@extend_schema_view(
    get=extend_schema(parameters=[*filter_parameters(), *as_of_parameters(), _PUBLICATION])
)
class CommitmentList(EarlierDay, PublicList[Commitment]):
    """The published commitments that the filters ask for.

    Several values of one filter mean any of them, several filters mean all of them. An unknown
    filter or value is an error that lists the known ones.
    """

    serializer_class = CommitmentSerializer
    queryset = Commitment.objects.published()
    expandable = ("topics", "parties", "sources", *sorted(STORY), *sorted(LINKS))
    own_parameters = (*PublicList.parameters, EXPAND, PUBLICATION)
    parameters = (*own_parameters, *known_parameters(), *as_of.PARAMETERS)
    repeatable = (*PublicList.repeatable, *repeatable_parameters())
    publication = Publication.PUBLISHED
    may_need_scope: ClassVar[bool] = True  # for what is not public

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if PUBLICATION in request.query_params and request.method in READING:
            self.publication = read_publication(request)
            if self.publication != Publication.PUBLISHED and self.as_of is not None:
                sentence = _("What is not public has no earlier day here: leave one of them out.")
                raise InvalidInput(sentence, field=PUBLICATION, code="invalid_parameter")

    def get_queryset(self) -> Any:
        if self.as_of is not None:
            return select_versions(self.as_of, self.filters)
        among = Commitment.objects.filter(publication=self.publication)
        chosen = select_commitments(self.filters, queryset=among, now=self.now)
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


def read_publication(request: Request) -> Publication:
    """What is asked for; all but what is published is for a key with `read` of the desk only.

    Raises InvalidInput, NotAuthenticated, PermissionDenied and NotAllowed: the answer to everybody
    else does not depend on what there is.
    """
    asked = request.query_params[PUBLICATION].strip(" ") or Publication.PUBLISHED.value
    if asked not in Publication.values:
        sentence = _("“%(value)s” is not known here. Known: %(known)s.")
        values = {"value": asked, "known": ", ".join(Publication.values)}
        raise InvalidInput(sentence % values, field=PUBLICATION, code="invalid_parameter")
    if asked != Publication.PUBLISHED:
        demand_scope(request, Scope.READ)
        demand(caller(request), VIEW)
    return Publication(asked)


@extend_schema_view(get=extend_schema(parameters=as_of_parameters()))
class CommitmentDetail(EarlierDay, PublicDetail[Commitment]):
    """One published commitment, with its date moves, status changes, links and target.

    A draft, a retracted and an unknown one look alike: 404.
    """

    serializer_class = CommitmentDetailSerializer
    queryset = with_links(Commitment.objects.published())
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

    def sees_all(self) -> bool:
        """Whether the reader may know of what is not public."""
        return False

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **story_context(self.sees_all(), self.as_of)}

    def relations(self) -> Relations:
        return detail_relations(self.shape.expand)
