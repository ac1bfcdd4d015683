"""What in a migration would stop the site on PostgreSQL, or break the release that still serves.

While a new migration is applied, the programs of the release before it go on. So a table that they
use may only get what they need not know of, and under no lock that they would wait for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.models import ManyToManyField

# Of a table that is there already: what neither locks out nor breaks.
SAFE: Final = frozenset(
    {
        "AddConstraintNotValid",
        "AddIndexConcurrently",
        "AlterModelManagers",
        "AlterModelOptions",
        "AlterModelTableComment",
        "CreateModel",
        "RemoveConstraint",
        "RemoveIndexConcurrently",
        "RenameIndex",
        "ValidateConstraint",
    }
)


def dangers_of(migration: Migration) -> list[str]:
    """The operations of one migration that somebody has to think about, as words."""
    made = {one.name_lower for one in migration.operations if isinstance(one, ops.CreateModel)}
    return [words for one in migration.operations for words in _dangers(one, made)]


def _dangers(operation: Operation, made: set[str]) -> Iterator[str]:
    name = type(operation).__name__
    if isinstance(operation, ops.SeparateDatabaseAndState):
        for one in operation.database_operations:
            yield from _dangers(one, made)
        return
    table = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    if name in SAFE or (table in made and not isinstance(operation, ops.DeleteModel)):
        return
    if isinstance(operation, ops.AddField):
        if why := _danger_of_a_new_column(operation):
            yield f"AddField {table}.{operation.name}: {why}"
        return
    yield f"{name} {table}".strip()


def _danger_of_a_new_column(operation: ops.AddField) -> str:
    field = operation.field
    if isinstance(field, ManyToManyField):
        return ""
    if not field.null and field.db_default is NOT_GIVEN:
        return "the release before leaves it out: let it be NULL, or give it a db_default"
    if field.unique or getattr(field, "db_index", False) or field.remote_field:
        return "an index is built under a lock: AddIndexConcurrently in a migration of its own"
    return ""


NOT_GIVEN: Final = ops.AddField("x", "y", ManyToManyField("z")).field.db_default
