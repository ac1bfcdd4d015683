"""The figures of the scoreboard for any filter, with what they count."""

from __future__ import annotations

from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.addresses import address
from commitments.api.base import COMMON_PARAMETERS, PublicView
from commitments.api.schema import as_of_parameters, filter_parameters
from commitments.api.serializers.statistics import BY, StatisticsSerializer
from commitments.as_of import PARAMETERS as AS_OF
from commitments.as_of import AsOf, read_as_of, select_versions
from commitments.exceptions import InvalidInput
from commitments.filters import known_parameters, repeatable_parameters, select_commitments
from commitments.models import Commitment, DateMove, Party, Source, Topic
from commitments.models.version import Axis
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.statistics import (
    Dimension,
    Statistics,
    statistics_at,
    statistics_by,
    statistics_of,
)

_NAMED: Final[dict[str, tuple[Any, str, str]]] = {
    "party": (Party.objects.all(), "key", "name"),
    "source": (Source.objects.defer("text"), "public_id", "title"),
    "topic": (Topic.objects.all(), "key", "name"),
}
_FILTERS: Final = tuple(name for name in known_parameters() if name != "ordering")


class StatisticsOfPromises(PublicView):
    """What became of promises: how many were kept on time, and how far dates slipped.

    The filters are those of commitments. `by` gives the figures for each party, source or topic
    as well; a commitment counts once for each of them. With `as_of` they are those of an earlier
    day, for the whole selection: without `by`.
    """

    serializer_class = StatisticsSerializer
    of_the_record = True
    parameters = (*COMMON_PARAMETERS, "by", *_FILTERS, *AS_OF)
    repeatable = repeatable_parameters()

    @extend_schema(
        operation_id="statistics",
        parameters=[
            *(one for one in filter_parameters() if one.name != "ordering"),
            OpenApiParameter(
                "by", str, enum=BY, description="Groups as well; not of an earlier day."
            ),
            *as_of_parameters(),
        ],
    )
    def get(self, request: Request) -> Response:
        by = _dimension(request.query_params.get("by", "").strip(" "))
        as_of, filters = read_as_of(_filters(request.query_params), now=self.now)
        if as_of is None:
            total, groups = self._figures(filters, by)
        else:
            _refuse_groups(by)
            total, groups = _figures_at(as_of, filters), []
        shown = {"criteria": _criteria(), "total": total, "by": by, "groups": groups}
        return Response(StatisticsSerializer(shown).data)

    def _figures(
        self, filters: QueryDict, by: Dimension | None
    ) -> tuple[Statistics, list[dict[str, Any]]]:
        published = Commitment.objects.published()
        chosen = select_commitments(filters, queryset=published, now=self.now)
        return statistics_of(chosen, now=self.now), self._groups(by, chosen) if by else []

    def _groups(self, by: Dimension, chosen: CommitmentQuerySet) -> list[dict[str, Any]]:
        figures = statistics_by(by, chosen, now=self.now)
        rows, key, field = _NAMED[by]
        found = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": list(figures)})}
        return [self._group(by, name, found[name], field, one) for name, one in figures.items()]

    def _group(
        self, by: Dimension, name: str, row: Any, field: str, figures: Statistics
    ) -> dict[str, Any]:
        return {
            "key": name,
            "name": row.text_in(self.language, field),
            "url": address(by, name),
            "commitments_url": address("commitments", query={by: name}),
            "figures": figures,
        }


def _filters(params: QueryDict) -> QueryDict:
    filters = QueryDict(mutable=True)
    for name, values in params.lists():
        if name in {*_FILTERS, *AS_OF}:
            filters.setlist(name, values)
    return filters


def _figures_at(as_of: AsOf, filters: QueryDict) -> Statistics:
    """The figures as they stood: as `as_of.axis` has it, of what was known or of what was so."""
    known = as_of.axis is Axis.KNOWN
    until = {"recorded_at__lte": as_of.instant} if known else {"since__lte": as_of.day}
    versions = select_versions(as_of, filters)
    return statistics_at(versions, moves=DateMove.objects.filter(**until), now=as_of.instant)


def _refuse_groups(by: Dimension | None) -> None:
    if by is not None:
        sentence = _("Groups of an earlier day are not known: leave “by” or “as_of” out.")
        raise InvalidInput(sentence, field="by", code="invalid_parameter")


def _dimension(text: str) -> Dimension | None:
    """The one that is asked for; raises InvalidInput for what there is not."""
    if not text:
        return None
    for known in _NAMED:
        if text == known:
            return known  # type: ignore[return-value]  # its keys are the dimensions
    sentence = _("“%(value)s” is not known here. Known: %(known)s.")
    values = {"value": text, "known": ", ".join(BY)}
    raise InvalidInput(sentence % values, field="by", code="invalid_parameter")


def _criteria() -> dict[str, str]:
    return {
        "promises": _("Promises only: no proposals, and none that is the same as another."),
        "kept": _("Delivered early or on time."),
        "counted": _(
            "Those, and delivered late, partly delivered, not delivered, and overdue ones."
        ),
        "left_out": _(
            "Undated ones, those still running, and what was withdrawn, superseded or cannot be "
            "verified."
        ),
        "slip_days": _("The sum of all date moves in days; corrections of our own are no moves."),
    }
