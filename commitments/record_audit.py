"""Check that nobody has edited, deleted or reordered the history behind the program's back.

Three things are held against each other: the chain of digests, the head, and the rows of status
changes, date moves and reported values, each of which the log holds a second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from commitments.models import DateMove, RecordHead, Revision, StatusChange, TargetValue
from commitments.record_chain import LoggedChange, canonical, next_digest, row_content

HistoryRow = StatusChange | DateMove | TargetValue
ROWS_AT_ONCE: Final = 2000
_HISTORY: Final[dict[str, type[HistoryRow]]] = {
    "status_change": StatusChange,
    "date_move": DateMove,
    "value": TargetValue,
}

Logged = dict[str, dict[int, tuple[int, bytes]]]
"""By name and id: the change that added the row, and a digest of what the log says it was."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first sign of a broken history: the change number at which it shows, and what it is."""

    number: int
    sentence: str


def find_faults(*, key: str, published_head: tuple[int, str] | None = None) -> Iterator[Fault]:
    """All that is wrong with the history, in its order; nothing where it is whole.

    `key` is RECORD_KEY. `published_head` is a head (number, digest) that was noted elsewhere
    before: a tail that was cut off together with the head shows by it alone.
    """
    previous, number = "", 0
    published = dict([published_head]) if published_head else {}
    logged: Logged = {name: {} for name in _HISTORY}
    for row in _logged_changes():
        for missing in range(number + 1, row.number):
            yield Fault(missing, _("This change is missing."))
        number = row.number
        expected = next_digest(previous, row_content(row), key=key)
        if row.digest != expected:
            yield Fault(number, _("This change, or one before it, was altered."))
        if published.pop(number, row.digest) != row.digest:
            yield Fault(number, _("This change is not the one that was published."))
        previous = row.digest
        for name in _HISTORY.keys() & row.changes.keys():
            state = row.changes[name][1]
            logged[name][state["id"]] = (number, _digest(state))
    yield from _faults_of_the_end(number, previous, published)
    for name in _HISTORY:
        yield from _faults_of_rows(name, logged[name])


def _logged_changes() -> Iterator[LoggedChange]:
    """All of the log in its order, part by part, each found by its number."""
    columns: Any = LoggedChange._fields
    last = -1
    while True:
        following = Revision.objects.filter(number__gt=last).order_by("number")
        part = list(following.values_list(*columns)[:ROWS_AT_ONCE])
        if not part:
            return
        yield from map(LoggedChange._make, part)
        last = part[-1][0]


def _digest(state: dict[str, Any]) -> bytes:
    """What is kept of a row in memory: there may be millions."""
    return hashlib.sha256(canonical(state).encode()).digest()


def _faults_of_the_end(number: int, digest: str, published: dict[int, str]) -> Iterator[Fault]:
    head = RecordHead.objects.first()
    if head is None and number == 0:
        return
    if head is None or (head.number, head.digest) != (number, digest):
        yield Fault(number, _("The head of the record is not its last change."))
    for cut in published:
        yield Fault(cut, _("The history ends before the change that was published."))


def _faults_of_rows(name: str, logged: dict[int, tuple[int, bytes]]) -> Iterator[Fault]:
    """Status changes, date moves or values that are not what the log says they were."""
    model = _HISTORY[name]
    kind = model._meta.verbose_name  # noqa: SLF001  # Django's documented name
    rows: Any = model._default_manager.prefetch_related(*_related(name)).order_by("pk")  # noqa: SLF001  # documented
    for kept in rows.iterator(chunk_size=ROWS_AT_ONCE):
        number, expected = logged.pop(kept.pk, (0, b""))
        if _digest(kept.log_state()) != expected:
            sentence = _("%(row)s %(id)d is not what the log says.")
            yield Fault(number, sentence % {"row": kind, "id": kept.pk})
    for pk, (number, _lost) in logged.items():
        sentence = _("%(row)s %(id)d was deleted.")
        yield Fault(number, sentence % {"row": kind, "id": pk})


def _related(name: str) -> tuple[str, ...]:
    return ("source",) if name == "value" else ("citations",)
