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
from commitments.api.schema import filter_parameters
from commitments.api.serializers.statistics import BY, StatisticsSerializer
from commitments.exceptions import InvalidInput
from commitments.filters import known_parameters, repeatable_parameters, select_commitments
from commitments.models import Commitment, Party, Source, Topic
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.statistics import Dimension, Statistics, statistics_by, statistics_of

_NAMED: Final[dict[str, tuple[Any, str, str]]] = {
    "party": (Party.objects.all(), "key", "name"),
    "source": (Source.objects.defer("text"), "public_id", "title"),
    "topic": (Topic.objects.all(), "key", "name"),
}
_FILTERS: Final = tuple(name for name in known_parameters() if name != "ordering")


class StatisticsOfPromises(PublicView):
    """What became of promises: how many were kept on time, and how far dates slipped.

    The filters are those of commitments. `by` gives the figures for each party, source or topic
    as well; a commitment counts once for each of them.
    """

    serializer_class = StatisticsSerializer
    of_the_record = True
    parameters = (*COMMON_PARAMETERS, "by", *_FILTERS)
    repeatable = repeatable_parameters()

    @extend_schema(
        operation_id="statistics",
        parameters=[
            *(one for one in filter_parameters() if one.name != "ordering"),
            OpenApiParameter("by", str, enum=BY, description="Groups as well."),
        ],
    )
    def get(self, request: Request) -> Response:
        by = _dimension(request.query_params.get("by", "").strip(" "))
        filters = QueryDict(mutable=True)
        for name, values in request.query_params.lists():
            if name in _FILTERS:
                filters.setlist(name, values)
        published = Commitment.objects.published()
        chosen = select_commitments(filters, queryset=published, now=self.now)
        shown = {
            "criteria": _criteria(),
            "total": statistics_of(chosen, now=self.now),
            "by": by,
            "groups": self._groups(by, chosen) if by else [],
        }
        return Response(StatisticsSerializer(shown).data)

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
