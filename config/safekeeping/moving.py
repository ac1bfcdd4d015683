"""Move everything to an empty PostgreSQL: the same rows under the same keys, or nothing at all.

Rows are copied as they are stored, past the models' `save`: no date is set anew, no history made.
The triggers that guard the history stay on, as they let rows in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

import dj_database_url
import psycopg
from django.core.management.color import no_style
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from config.safekeeping.aliases import second_database
from config.safekeeping.backups import MADE_BY_MIGRATIONS, has_rows, pending_migrations
from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sums import (
    TableSum,
    differences,
    every_model,
    rows_of,
    stored_fields,
    table_of,
    table_sums,
)

TARGET: Final = "move_target"
OWN_MIGRATIONS: Final = table_of(MigrationRecorder.Migration)


def move_record(*, to: str, source: str = "default") -> dict[str, TableSum]:
    """Copy all tables to the database at the address `to`; return what stands in each.

    The target has to be migrated and empty. Nobody may write meanwhile: SQLite is locked against
    it. Raises SafekeepingError; then the target is as it was. Side effects, in order: the rows, the
    sequences, all in one transaction that ends only if the sums of both are equal; statistics.
    """
    if pending := pending_migrations(source):
        raise SafekeepingError(f"Run migrate first: {', '.join(pending)} is not applied here.")
    with second_database(TARGET, _address(to)) as target:
        try:
            _refuse_target()
            with transaction.atomic(using=source), transaction.atomic(using=TARGET):
                sums = _copy_everything(source, target)
            with target.cursor() as cursor:
                cursor.execute("ANALYZE")
        except (DatabaseError, psycopg.Error) as error:
            sentence = f"The target refused it, nothing was moved: {str(error).strip()}"
            raise SafekeepingError(sentence) from error
    return sums


def _address(to: str) -> dict[str, Any]:
    try:
        given = dict(dj_database_url.parse(to))
    except ValueError as error:
        raise SafekeepingError("--to: expected postgres://user@host:5432/name.") from error
    if given.get("ENGINE") != "django.db.backends.postgresql":
        raise SafekeepingError("--to: only PostgreSQL is moved to: postgres://user@host:5432/name.")
    return given


def _refuse_target() -> None:
    if pending := pending_migrations(TARGET):
        sentence = f"Run migrate there first: {len(pending)} migrations are not applied."
        raise SafekeepingError(sentence)
    if has_rows(TARGET):
        raise SafekeepingError("The target has data: give a database that is migrated and empty.")


def _copy_everything(source: str, target: BaseDatabaseWrapper) -> dict[str, TableSum]:
    moved = [model for model in every_model() if table_of(model) != OWN_MIGRATIONS]
    with target.cursor() as cursor:
        raw = cast("Cursor[Any]", cursor.cursor)
        # What migrate has numbered here, it has numbered otherwise there.
        for name in sorted(MADE_BY_MIGRATIONS - {OWN_MIGRATIONS}):
            raw.execute(SQL("DELETE FROM {}").format(Identifier(name)))
        for model in moved:
            _copy_table(model, source, target, raw)
        for statement in target.ops.sequence_reset_sql(no_style(), moved):
            cursor.execute(statement)
    kept, found = _sums(source), _sums(TARGET)
    if differing := differences(kept, found):
        raise SafekeepingError(f"Nothing was moved: {', '.join(differing)} would not be the same.")
    return found


def _copy_table(
    model: type[Model], source: str, target: BaseDatabaseWrapper, cursor: Cursor[Any]
) -> None:
    columns = SQL(", ").join([Identifier(str(field.column)) for field in stored_fields(model)])
    table = Identifier(table_of(model))
    with cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy:
        for row in _prepared_rows(model, source, target):
            copy.write_row(row)


def _prepared_rows(
    model: type[Model], source: str, target: BaseDatabaseWrapper
) -> Iterator[list[Any]]:
    """The values as the target's driver takes them."""
    fields = stored_fields(model)
    for row in rows_of(model, source):
        yield [
            value if isinstance(value, datetime) else field.get_db_prep_save(value, target)
            for field, value in zip(fields, row, strict=True)
        ]


def _sums(alias: str) -> dict[str, TableSum]:
    """All but the list of migrations, which each database keeps for itself."""
    sums = table_sums(alias)
    sums.pop(OWN_MIGRATIONS, None)
    return sums
