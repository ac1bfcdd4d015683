"""The order of a list: by which columns.

Every column has a value in every row (`commitments/models/ends.py`), so that PostgreSQL and SQLite
agree, and descending is the exact reverse of ascending. The last key is unique: no two rows tie.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of an order, with a value in every row."""

    field: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else self.field

    def expression(self) -> OrderBy:
        """For `order_by`."""
        return F(self.field).desc() if self.descending else F(self.field).asc()


Order = tuple[SortKey, ...]


def expressions(order: Order) -> tuple[OrderBy, ...]:
    """`order` as arguments for `order_by`."""
    return tuple(key.expression() for key in order)
