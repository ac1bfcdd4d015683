"""Check that nobody has edited, deleted or reordered the history behind the program's back.

Three things are held against each other: the chain of digests, the head, and the rows of status
changes, date moves and reported values, each of which the log holds a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.models import DateMove, RecordHead, Revision, StatusChange, TargetValue
from commitments.record_chain import next_digest, row_content

HistoryRow = StatusChange | DateMove | TargetValue


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
    for row in Revision.objects.order_by("number").iterator(chunk_size=2000):
        for missing in range(number + 1, row.number):
            yield Fault(missing, _("This change is missing."))
        number = row.number
        expected = next_digest(previous, row_content(row), key=key)
        if row.digest != expected:
            yield Fault(number, _("This change, or one before it, was altered."))
        if published.pop(number, row.digest) != row.digest:
            yield Fault(number, _("This change is not the one that was published."))
        previous = row.digest
    yield from _faults_of_the_end(number, previous, published)
    yield from _faults_of_rows()


def _faults_of_the_end(number: int, digest: str, published: dict[int, str]) -> Iterator[Fault]:
    head = RecordHead.objects.first()
    if head is None and number == 0:
        return
    if head is None or (head.number, head.digest) != (number, digest):
        yield Fault(number, _("The head of the record is not its last change."))
    for cut in published:
        yield Fault(cut, _("The history ends before the change that was published."))


def _faults_of_rows() -> Iterator[Fault]:
    """Status changes, date moves and values that are not what the log says they were."""
    for model, name in (
        (StatusChange, "status_change"),
        (DateMove, "date_move"),
        (TargetValue, "value"),
    ):
        logged = {
            change[1]["id"]: (row.number, change[1])
            for row in Revision.objects.filter(changes__has_key=name).iterator(chunk_size=2000)
            for change in [row.changes[name]]
        }
        for kept in model._default_manager.prefetch_related(*_related(name)).order_by("pk"):  # noqa: SLF001  # Django's documented name
            number, expected = logged.pop(kept.pk, (0, None))
            if kept.log_state() != expected:
                sentence = _("%(row)s %(id)d is not what the log says.")
                details = {"row": model._meta.verbose_name, "id": kept.pk}  # noqa: SLF001  # documented
                yield Fault(number, sentence % details)
        for number, lost in logged.values():
            sentence = _("%(row)s %(id)d was deleted.")
            yield Fault(number, sentence % {"row": model._meta.verbose_name, "id": lost["id"]})  # noqa: SLF001  # documented


def _related(name: str) -> tuple[str, ...]:
    return ("source",) if name == "value" else ("citations",)
