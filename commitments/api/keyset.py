"""Pages of a list by the place of a row, not by its count.

A cursor holds the sort keys of the row where a page ends. So no row is lost or doubled while
others are added, and a deep page costs what the first one does: the index is entered at the place.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar

from django.db.models import DateField, DateTimeField, F, GeneratedField, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from commitments.ordering import Order, SortKey
from commitments.public_ids import number_of, public_id_of

LONGEST_CURSOR: Final = 2000
PRIMARY_KEY: Final = "pk"

AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place beside a row: `values` are its sort keys, `backwards` the way to go from it."""

    values: tuple[Any, ...]
    backwards: bool = False

    def encode(self, order: Order) -> str:
        """As text that may stand in an address; it says for which order it is."""
        plain = [_plain(key, one) for key, one in zip(order, self.values, strict=True)]
        content = [_name(order), self.backwards, plain]
        packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @staticmethod
    def decode(text: str, order: Order, model: type[Model]) -> Cursor:
        """Read what `encode` wrote; raise InvalidInput for anything else."""
        try:
            backwards, plain = _unpacked(text, _name(order))
            pairs = zip(order, plain, strict=True)
            return Cursor(tuple(_value(model, key, one) for key, one in pairs), backwards)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise InvalidInput(
                _("This is no cursor of this list: take it from “next” or “previous”."),
                field="cursor",
                code="invalid_cursor",
            ) from error


def _plain(key: SortKey, value: Any) -> Any:
    """A sort key as JSON has it. A row without an id of its own is named as it is elsewhere."""
    if key.field == PRIMARY_KEY:
        return public_id_of(value)
    return value.isoformat() if isinstance(value, date) else value


def _unpacked(text: str, order_name: str) -> tuple[bool, list[object]]:
    if len(text) > LONGEST_CURSOR:
        raise ValueError(len(text))
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    name, backwards, plain = json.loads(packed)
    if name != order_name or not isinstance(backwards, bool) or not isinstance(plain, list):
        raise ValueError(name)
    return backwards, plain


@dataclass(frozen=True, slots=True)
class Page(Generic[AnyModel]):
    """The rows of a page in the order of the list, and the cursors of its neighbours."""

    rows: list[AnyModel]
    next: Cursor | None
    previous: Cursor | None


def cut_page(
    queryset: QuerySet[AnyModel], order: Order, *, cursor: Cursor | None, size: int
) -> Page[AnyModel]:
    """The `size` rows beyond `cursor`, or the first ones; one query."""
    backwards = cursor is not None and cursor.backwards
    beyond = _beyond(queryset, order, cursor.values if cursor else None, reverse=backwards)
    rows = list(beyond[: size + 1])
    is_more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, next=None, previous=None)
    has_next, has_previous = (True, is_more) if backwards else (is_more, cursor is not None)
    return Page(
        rows,
        next=Cursor(_keys(rows[-1], order)) if has_next else None,
        previous=Cursor(_keys(rows[0], order), backwards=True) if has_previous else None,
    )


def _beyond(
    queryset: QuerySet[AnyModel], order: Order, values: tuple[Any, ...] | None, *, reverse: bool
) -> QuerySet[AnyModel]:
    if values is not None:
        queryset = queryset.filter(_condition(order, values, reverse=reverse))
    return queryset.order_by(*(_column(key, reverse=reverse) for key in order))


def _condition(order: Order, values: tuple[Any, ...], *, reverse: bool) -> Q:
    """Row comparison (a, b) > (x, y), as a >= x AND (a > x OR b > y): the first part is what an
    index can be entered with."""
    key, value = order[0], values[0]
    comparison = "lt" if key.descending != reverse else "gt"
    strictly = Q(**{f"{key.field}__{comparison}": value})
    if len(order) == 1:
        return strictly
    tied = _condition(order[1:], values[1:], reverse=reverse)
    return Q(**{f"{key.field}__{comparison}e": value}) & (strictly | tied)


def _column(key: SortKey, *, reverse: bool) -> OrderBy:
    column = F(key.field)
    return column.desc() if key.descending != reverse else column.asc()


def _keys(row: Any, order: Order) -> tuple[Any, ...]:
    """The sort keys of a row, which is an instance or a dictionary of `values()`."""
    if isinstance(row, dict):
        return tuple(row[key.field] for key in order)
    return tuple(getattr(row, key.field) for key in order)


def _name(order: Order) -> str:
    return ",".join(str(key) for key in order)


def _value(model: type[Model], key: SortKey, plain: object) -> Any:
    """A sort key as its column has it; any error of the ones that `decode` expects otherwise."""
    if not isinstance(plain, str):
        raise TypeError(type(plain))
    if key.field == PRIMARY_KEY:
        number = number_of(plain)
        if number is None:
            raise ValueError(plain)
        return number
    column: Any = model._meta.get_field(key.field)  # noqa: SLF001 - documented, only named so
    if isinstance(column, GeneratedField):
        column = column.output_field
    if isinstance(column, DateTimeField):  # before DateField, which it is one of
        instant = datetime.fromisoformat(plain)
        if instant.tzinfo is None:
            raise ValueError(plain)
        return instant.astimezone(UTC)
    if isinstance(column, DateField):
        return date.fromisoformat(plain)
    if "\x00" in plain:
        raise ValueError(plain)
    plain.encode()  # a lone surrogate is a ValueError here, and would be one in the database
    return plain
