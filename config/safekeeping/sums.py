"""What stands in each table, as a count and a SHA-256, the same on SQLite and on PostgreSQL.

A row counts as the values that Django reads, so the sums of two databases are equal where the
program cannot tell them apart. What a database computes itself (generated columns) is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.apps import apps
from django.db import connections, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

ROWS_AT_ONCE: Final = 2000
_AS_TEXT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_NUMBERS: Final = (models.AutoField, models.IntegerField)


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and the SHA-256 of all of them in the order of their keys."""

    rows: int
    sha256: str


def every_model() -> list[type[Model]]:
    """Each model with a table of its own: the apps', the pairs of many-to-many, the migrations'."""
    models_of_apps = apps.get_models(include_auto_created=True)
    own = [one for one in models_of_apps if one._meta.managed and not one._meta.proxy]  # noqa: SLF001 - documented
    return [*own, MigrationRecorder.Migration]


def stored_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns that are written, in the order of the model."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]  # noqa: SLF001 - documented


def table_of(model: type[Model]) -> str:
    """The name of its table."""
    return str(model._meta.db_table)  # noqa: SLF001 - documented


def tables_in(alias: str) -> set[str]:
    """The names of the tables that are there."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def table_sums(alias: str) -> dict[str, TableSum]:
    """The sums of all tables, by name; a table that is not there yet is left out."""
    there = tables_in(alias)
    found = {
        table_of(model): sum_of(model, alias) for model in every_model() if table_of(model) in there
    }
    return dict(sorted(found.items()))


def sum_of(model: type[Model], alias: str) -> TableSum:
    """The sum of one table."""
    digest, count = hashlib.sha256(), 0
    for row in _rows_as_text(model, alias):
        digest.update(row + b"\n")
        count += 1
    return TableSum(count, digest.hexdigest())


def rows_of(model: type[Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """The values of each row, as `stored_fields` has them, in the order of the keys."""
    names = [field.attname for field in stored_fields(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)  # noqa: SLF001 - documented
    return iter(rows.iterator(chunk_size=ROWS_AT_ONCE))


def _rows_as_text(model: type[Model], alias: str) -> Iterable[bytes]:
    rows = (_as_text(row) for row in rows_of(model, alias))
    # Databases have different minds about the order of texts; such tables are small (sessions).
    return rows if isinstance(model._meta.pk, _NUMBERS) else sorted(rows)  # noqa: SLF001 - documented


def _as_text(row: tuple[Any, ...]) -> bytes:
    return orjson.dumps(row, default=_plain, option=_AS_TEXT)


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)


def differences(one: dict[str, TableSum], other: dict[str, TableSum]) -> list[str]:
    """The names of the tables that are not the same in both, in order."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
