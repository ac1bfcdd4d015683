"""Cursor paging of every list: `results`, `next`, `previous`, and the same as Link headers."""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.keyset import LONGEST_CURSOR, Cursor, Page, cut_page
from commitments.exceptions import InvalidInput
from commitments.ordering import Order

DEFAULT_PAGE_SIZE: Final = 50
LARGEST_PAGE_SIZE: Final = 100
PARAMETERS: Final = ("cursor", "page_size")


class OrderedView(Protocol):
    """A view that says in which order its list stands, and makes its rows ready to be shown."""

    def order(self) -> Order: ...

    def ready(self, rows: list[Any]) -> list[Any]: ...


class KeysetPagination(BasePagination):
    """Pages by `?cursor=` and `?page_size=`; a size that is not 1 to 100 is an error."""

    page: Page[Any]
    request: Request

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordered: OrderedView = view
        order = ordered.order()
        text = request.query_params.get("cursor", "")
        cursor = Cursor.decode(text, order, queryset.model) if text else None
        self.request = request
        self.page = cut_page(queryset, order, cursor=cursor, size=page_size(request))
        self.order = order
        return ordered.ready(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        """Links are RFC 8288; `rel` "next" and "prev" are registered names."""
        following = self._link(self.page.next)
        previous = self._link(self.page.previous)
        links = [
            f'<{target}>; rel="{relation}"'
            for target, relation in ((following, "next"), (previous, "prev"))
            if target
        ]
        headers = {"Link": ", ".join(links)} if links else {}
        body = {"results": data, "next": following, "previous": previous}
        return Response(body, headers=headers)

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor.encode(self.order)
        return f"{settings.SITE_URL}{self.request.path}?{query.urlencode()}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, _view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE}
        cursor = {"type": "string", "maxLength": LONGEST_CURSOR}
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "The place where the page begins; from `next` or `previous`.",
                "schema": cursor,
            },
            {
                "name": "page_size",
                "in": "query",
                "description": "How many rows on a page.",
                "schema": size | {"default": DEFAULT_PAGE_SIZE},
            },
        ]


def page_size(request: Request) -> int:
    """The asked number of rows; raises InvalidInput where it is not one of 1 to 100."""
    text = request.query_params.get("page_size", "")
    if not text:
        return DEFAULT_PAGE_SIZE
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= LARGEST_PAGE_SIZE:
        sentence = _("Ask for a whole number of rows from 1 to %(most)d.")
        raise InvalidInput(
            sentence % {"most": LARGEST_PAGE_SIZE}, field="page_size", code="invalid_page_size"
        )
    return int(text)
