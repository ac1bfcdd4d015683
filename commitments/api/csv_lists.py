"""Any list as CSV (RFC 4180): a column for each field, and no cell that is a formula.

What lies within another field has its name after a dot: `window.edtf`. Of what there are several,
such as parties, the cell has all, with " | " between them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any, Final

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response

from commitments.api import known_tags
from commitments.api.errors import problem_document
from commitments.api.keyset import cut_page
from commitments.api.pagination import PARAMETERS
from commitments.api.problems import PRECONDITION_FAILED
from commitments.api.renderers import json_bytes
from commitments.api.shape import Tree, known_fields
from commitments.exchange.formulas import neutralised
from commitments.ordering import Order

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
BETWEEN: Final = " | "
ROWS_AT_ONCE: Final = 500

Path = tuple[str, ...]


def csv_answer(view: Any, queryset: Any) -> HttpResponseBase:
    """A list as CSV: one page where a page is asked for, else all of it, streamed.

    `view` is the list (`base.PublicList`). Its bytes are not known when the headers are sent, so
    the tag is that of the record: it changes with every change, whether it is seen here or not.
    """
    params = view.request.query_params
    if set(PARAMETERS) & set(params):
        rows = view.paginate_queryset(queryset)
        pages: Iterable[Any] = [view.shape.cut(view.shown(rows))]
        links = view.get_paginated_response([]).headers.get("Link", "")
    else:
        pages, links = _pages(view, queryset, view.order()), ""
    tree = view.shape.tree or known_fields(view.get_serializer_class(), view.shape.expand)
    answer = StreamingHttpResponse(csv_lines(pages, columns_of(tree)), content_type=CONTENT_TYPE)
    name = view.request.path.rstrip("/").rpartition("/")[2]
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    if links:
        answer["Link"] = links
    return _tagged(view, answer)


def _pages(view: Any, queryset: Any, order: Order) -> Iterator[Any]:
    cursor, is_first = None, True
    while is_first or cursor:
        # Between two pages the server sends, and the language may be that of another answer.
        with translation.override(view.language):
            page = cut_page(queryset, order, cursor=cursor, size=ROWS_AT_ONCE)
            rows = view.shape.cut(view.shown(view.ready(page.rows)))
        yield rows
        cursor, is_first = page.next, False


def _tagged(view: Any, answer: StreamingHttpResponse) -> HttpResponseBase:
    request = view.request._request  # noqa: SLF001 - Django wants its own request
    tag = f'"{known_tags.stamp(request, language=view.language, now=view.now)}"'
    kept_by = "private" if view.caller else "public"  # the desk may see more in it
    answer["ETag"], answer["Cache-Control"] = tag, f"{kept_by}, no-cache"
    whole: Any = answer  # its type knows of answers in one piece only
    conditional: Any = get_conditional_response(request, etag=tag, response=whole)
    if conditional.status_code == PRECONDITION_FAILED.status:
        return problem_document(PRECONDITION_FAILED)
    return conditional  # type: ignore[no-any-return]


def columns_of(tree: Tree) -> list[Path]:
    """The columns of rows that have the fields in `tree`, in their order."""
    found: list[Path] = []
    for name, within in tree.items():
        inner = columns_of(within)
        found += [(name, *path) for path in inner] if inner else [(name,)]
    return found


def csv_lines(pages: Iterable[Sequence[Mapping[str, Any]]], columns: list[Path]) -> Iterator[bytes]:
    """The file piece by piece: the names of the columns, then every page of rows, in UTF-8."""
    yield _written([[".".join(path) for path in columns]])
    for rows in pages:
        yield _written([[_cell(row, path) for path in columns] for row in rows])


def _written(rows: Iterable[Iterable[str]]) -> bytes:
    file = StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def _cell(row: Mapping[str, Any], path: Path) -> str:
    values = list(_values(row, path))
    if len(values) == 1 and isinstance(values[0], int | float):
        return _text(values[0])  # a number is none, also below zero
    return neutralised(BETWEEN.join(map(_text, values)))


def _values(value: Any, path: Path) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping):
        yield from _values(value.get(path[0]), path[1:])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping | date | bool):
        return json_bytes(value).decode().strip('"')
    return str(value)
