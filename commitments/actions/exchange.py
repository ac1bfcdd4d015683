"""Import the rows of a file: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import ngettext

from commitments.actions.batches import Batch, writing_into
from commitments.actions.exchange_rows import (
    REFERENCES,
    WRITERS,
    Writer,
    write_links,
    write_move,
    write_publication,
)
from commitments.actions.recording import lock_record, write_batch
from commitments.exceptions import InvalidInput, RecordError
from commitments.exchange.columns import (
    WRITE_ORDER,
    FileRow,
)
from commitments.exchange.comparing import Comparison
from commitments.exchange.entries import Entry, Outcome
from commitments.exchange.known import named_in, names_of
from commitments.exchange.moves import column_of
from commitments.models import User
from commitments.roles import APPROVE, CHANGE, PUBLISH, demand, may


class ImportRefused(InvalidInput):
    """Rows that cannot be imported; `entries` are those that are wrong. Nothing was written."""

    code: ClassVar[str] = "import_refused"

    def __init__(self, message: str, *, entries: Sequence[Entry]) -> None:
        super().__init__(message, field="file")
        self.entries = tuple(entries)


def import_rows(
    *, rows: Sequence[FileRow], actor: User, now: datetime, time_zone: str, publish: bool
) -> Generator[int, None, None]:
    """Write what `rows` say, in one transaction; yields how many rows are done.

    The transaction ends when the last number was taken: who stops before writes nothing. A new
    commitment begins as a draft with what its source reports (`FIRST_STATUSES`); another status is
    a move of the table, and a verdict is proposed: another person approves it, as at the desk. Who
    may decide makes it at once where REQUIRE_SECOND_PERSON is off. With `publish`, which needs the
    permission to publish, it then comes to the publication of its row. `time_zone` is for places
    that name none. Raises NotAllowed, and ImportRefused with the rows that are wrong.
    Side effects, in order: the record is locked; topics, parties, sources, commitments, citations,
    reported values, moves and proposals, publications, each with its rows in the log.
    """
    demand(actor, CHANGE)
    if publish:
        demand(actor, PUBLISH)
    with transaction.atomic():
        lock_record()
        comparison = Comparison(
            rows, now=now, time_zone=time_zone, publish=publish, decides=decides_alone(actor)
        )
        entries = list(comparison.entries())
        _refuse([entry for entry in entries if entry.outcome is Outcome.WRONG])
        writer, batch = Writer(comparison, actor, now), Batch()
        for done, entry in enumerate(_in_writing_order(entries), start=1):
            with writing_into(batch):  # not while the caller has its turn
                _write_row(writer, entry)
            yield done
        with writing_into(batch):
            _write_what_waits(writer)
            write_batch(batch)


def _write_what_waits(writer: Writer) -> None:
    """What needs all rows to be there: links of each to the other, moves, publications."""
    for commitment, entry in writer.linked_later:
        _refusing(entry, write_links, writer, commitment, entry)
    for commitment, entry in writer.moved_later:
        _refusing(entry, write_move, writer, commitment, entry)
    for commitment, publication in writer.written:
        write_publication(writer, commitment, publication)


def decides_alone(actor: User) -> bool:
    """Whether a verdict that `actor` imports needs nobody else."""
    return not settings.REQUIRE_SECOND_PERSON and may(actor, APPROVE)


def _refuse(wrong: Sequence[Entry]) -> None:
    if wrong:
        sentence = ngettext(
            "Nothing was imported: %(count)d row is wrong.",
            "Nothing was imported: %(count)d rows are wrong.",
            len(wrong),
        )
        raise ImportRefused(sentence % {"count": len(wrong)}, entries=wrong)


def _in_writing_order(entries: Sequence[Entry]) -> Iterator[Entry]:
    for record in WRITE_ORDER:
        same_record = [entry for entry in entries if entry.row.record == record]
        yield from _what_is_named_first(same_record, REFERENCES.get(record, ()))


def _what_is_named_first(entries: list[Entry], columns: tuple[str, ...]) -> Iterator[Entry]:
    """A body before its members, a programme before its parts; the file may have them anyhow.

    A part that its own programme counts from comes first: its link is written afterwards.
    """
    waiting = entries
    while waiting:
        names = {name for entry in waiting for name in names_of(entry.row)}
        later = []
        for entry in waiting:
            needed = {named_in(entry.row, column) for column in columns}
            if needed & names - set(names_of(entry.row)):
                later.append(entry)
            else:
                yield entry
                names -= set(names_of(entry.row))
        if len(later) == len(waiting):
            free = [one for one in later if named_in(one.row, "anchor") not in names]
            if not free:  # a circle through records and rows: its action refuses it
                yield from later
                return
            yield free[0]
            later.remove(free[0])
        waiting = later


def _write_row(writer: Writer, entry: Entry) -> None:
    if entry.outcome is not Outcome.SAME:
        _refusing(entry, WRITERS[entry.row.record], writer, entry)


def _refusing(entry: Entry, write: Callable[..., None], *given: Any) -> None:
    """Turn what an action refuses into a problem of the row."""
    try:
        write(*given)
    except ImportRefused:
        raise
    except RecordError as error:
        entry.complain(column_of(error.field), str(error.message))
        _refuse([entry])
