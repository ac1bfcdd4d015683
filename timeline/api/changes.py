"""`/api/v1/changes/`: every visible change in order, for programs that keep a copy."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.base import COMMON_PARAMETERS, PublicView
from commitments.api.schema import filter_parameters
from commitments.changes import ChangePage, VisibleChange
from commitments.exceptions import InvalidInput
from timeline.api.addresses import address
from timeline.api.serializers import ChangesSerializer
from timeline.api.waiting import place_to_wait, seconds_until_head_moves
from timeline.record_reader import (
    change_filters,
    check_change_filter,
    read_visible_changes,
    record_url,
    repeatable_filters,
)

MOST_CHANGES = 100
MOST_SECONDS = 30
_OWN = ("since", "limit", "wait")


def _whole(name: str, description: str, *, least: int, most: int | None) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "integer", "minimum": least}
    if most is not None:
        schema["maximum"] = most
    return OpenApiParameter(name, schema, description=description)


PARAMETERS = [
    _whole("since", "The last number that you have; 0 to begin.", least=0, most=10**15 - 1),
    _whole("limit", "How many at most.", least=1, most=MOST_CHANGES),
    _whole("wait", "Seconds to wait where there is none yet.", least=0, most=MOST_SECONDS),
    *(one for one in filter_parameters() if one.name in change_filters()),
]


class ChangeList(PublicView):
    """Every visible change after the number `since`, in order, for any filter.

    What was taken back, or has left the filter, is told as gone: its number and id, no text. With
    `wait` the answer comes as soon as there is a change; where too many wait, it comes at once.
    """

    serializer_class = ChangesSerializer
    parameters: ClassVar[Any] = (*COMMON_PARAMETERS, *_OWN, *change_filters(), "schedule")
    repeatable = repeatable_filters()

    @extend_schema(operation_id="changes_list", parameters=PARAMETERS)
    def get(self, request: Request) -> Response:
        asked = request.query_params
        since = whole_number(asked, "since", least=0, most=10**15 - 1, default=0)
        limit = whole_number(asked, "limit", least=1, most=MOST_CHANGES, default=MOST_CHANGES)
        seconds = whole_number(asked, "wait", least=0, most=MOST_SECONDS, default=0)
        filters = only_filters(asked)
        check_change_filter(filters)
        page = self._read(filters, since, limit)
        if seconds and not page.changes and page.next == page.head:
            page = self._wait(filters, page, limit, seconds)
        body = {"results": list(map(_shown, page.changes)), "next": page.next, "head": page.head}
        following = address("changes", query={**dict(asked.lists()), "since": page.next})
        return Response(
            ChangesSerializer(body).data, headers={"Link": f'<{following}>; rel="next"'}
        )

    def _read(self, filters: QueryDict, since: int, limit: int) -> ChangePage:
        return read_visible_changes(filters, after=since, limit=limit, now=timezone.now())

    def _wait(self, filters: QueryDict, page: ChangePage, limit: int, seconds: int) -> ChangePage:
        """The next page that has something on it, or an empty one at the end of the time."""
        with place_to_wait() as has_place:
            while has_place and seconds and not page.changes and page.next == page.head:
                seconds = seconds_until_head_moves(page.head, seconds=seconds)
                page = self._read(filters, page.next, limit)
        return page


def only_filters(params: QueryDict) -> QueryDict:
    """`params` without what is not a filter of commitments."""
    filters = params.copy()
    for name in (*COMMON_PARAMETERS, *_OWN):
        filters.pop(name, None)
    return filters


def whole_number(params: QueryDict, name: str, *, least: int, most: int, default: int) -> int:
    """The number that a parameter has; raises InvalidInput where it is none from least to most."""
    text = params.get(name, "").strip(" ")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,15}", text) or not least <= int(text) <= most:
        sentence = _("Give a whole number from %(least)d to %(most)d.")
        details = {"least": least, "most": most}
        raise InvalidInput(sentence % details, field=name, code="invalid_number")
    return int(text)


def _shown(change: VisibleChange) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "number": change.number,
        "record": change.record_type,
        "id": change.record_id,
        "gone": change.is_gone,
    }
    if change.merged_into:
        shown["merged_into"] = change.merged_into
    if change.is_gone:
        return shown
    shown |= {
        "kind": change.kind,
        "recorded_at": change.recorded_at,
        "url": record_url(change.record_type, change.record_id),
    }
    return shown if change.revision is None else shown | {"revision": change.revision}
