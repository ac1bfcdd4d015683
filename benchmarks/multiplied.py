"""Hundreds of thousands of rows out of some thousands, copied inside PostgreSQL.

Through Python a million commitments take half an hour. Here a table's first rows are copied again
and again by one statement, each copy with ids, texts and references of its own, and the indexes
that are dear to keep are made once at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Model

from commitments.enums import ChangeKind
from commitments.models import Citation, Commitment, Involvement, RecordHead, RecordType, Revision
from commitments.record_chain import next_digest, row_content

ROWS_BY_PYTHON: Final = 20_000
"""So many are made one by one; what is beyond them is a copy with another number."""

_DEAR: Final = ("gist", "gin")
_CHAIN: Final = (
    "number",
    "record_type",
    "record_id",
    "revision",
    "kind",
    "changes",
    "reason",
    "recorded_at",
    "digest",
    "commitment_id",
)


def multiply_commitments(how_many: int) -> None:
    """Copy the commitments that are there, with all that belongs to them, up to `how_many`.

    The copies have the windows, topics and parties of the first ones, but numbers of their own.
    """
    first = Commitment.objects.count()
    # Hexadecimal digits of a scattered number, in letters that ids have: no two are alike.
    scattered = "(t.id + g.n * {first}) * 104395301::bigint % 1099511627776"
    own = {
        "public_id": f"translate(lpad(to_hex({scattered}), 10, '0'), '01ae', 'xyzw')",
        "key": "NULL",
        "title": "'Opening of facility number ' || (t.id + g.n * {first} - 1) || ', as agreed'",
    }
    shifted = {"commitment_id": "t.commitment_id + g.n * {first}"}
    with _without_dear_indexes():
        multiply(Commitment, own, first=first, how_many=how_many)
    for model in (Citation, Involvement, Commitment.topics.through):
        multiply(model, shifted, first=first, how_many=how_many)


def multiply(model: type[Model], own: Mapping[str, str], *, first: int, how_many: int) -> None:
    """Copy the `first` rows of `model`, whose ids are 1 to `first`, until there are `how_many`.

    `own` has an expression of SQL for each column that is not copied as it stands; `t` is the row,
    `g.n` counts the copies from 1.
    """
    told = model._meta  # noqa: SLF001  # Django's documented name
    table = told.db_table
    columns = [
        field.column
        for field in told.concrete_fields
        if field.column and field.column != "id" and not field.generated
    ]
    values = [own.get(name, f't."{name}"').format(first=first) for name in columns]
    listed = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, {listed}) "  # names of our own columns
            f"SELECT t.id + g.n * {first}, {', '.join(values)} "
            f"FROM generate_series(1, {-(-how_many // first) - 1}) g(n) CROSS JOIN {table} t "
            f"WHERE t.id <= {first} AND t.id + g.n * {first} <= {how_many}"
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {how_many})")


@contextmanager
def _without_dear_indexes() -> Iterator[None]:
    """Drop the indexes of texts for a while: made over all rows at once they cost less."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s",
            ["commitments_commitment"],
        )
        dear = [row for row in cursor if any(f"USING {kind}" in row[1] for kind in _DEAR)]
        for name, _definition in dear:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in dear:
            cursor.execute(definition)


def copy_chain(rows: Iterator[Revision]) -> None:
    """Write `rows`, whose digests are made here, as the whole log by COPY, and the head.

    `rows` must ask the database nothing: the connection is at work.
    """
    digest, number = "", 0
    columns = ", ".join(_CHAIN)
    with connection.cursor() as cursor:
        raw: Any = cursor
        with raw.copy(f"COPY commitments_revision ({columns}) FROM STDIN") as copy:
            for row in rows:
                digest = row.digest = next_digest(digest, row_content(row), key=settings.RECORD_KEY)
                number = row.number
                values = [getattr(row, name) for name in _CHAIN]
                values[_CHAIN.index("changes")] = json.dumps(row.changes)
                copy.write_row(values)
    RecordHead.objects.update_or_create(id=1, defaults={"number": number, "digest": digest})


def changes_of_all(recorded_at: datetime) -> Iterator[Revision]:
    """A change in the log for every commitment, in the order of their keys."""
    # Read now, not when the first is asked for: while COPY is at work nothing else is answered.
    keys = list(Commitment.objects.order_by("pk").values_list("public_id", "pk"))
    return (
        Revision(
            number=number,
            record_type=RecordType.COMMITMENT,
            record_id=public_id,
            commitment_id=pk,
            revision=1,
            kind=ChangeKind.CREATED,
            changes={"title": ["", "As agreed"]},
            recorded_at=recorded_at,
        )
        for number, (public_id, pk) in enumerate(keys, start=1)
    )
