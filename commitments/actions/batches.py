"""Many changes in one transaction: the rows of the log and of the versions are written together.

Every row is the same as if each change had been written by itself; only the questions to the
database are fewer. For a transaction in which an error takes everything back, or where each part
that may fail by itself is a `part_of` the batch: what a bare savepoint takes back would stay in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from commitments.models import CommitmentVersion, RecordHead, Revision


@dataclass(slots=True)
class Batch:
    """What is not written yet; `commitments/actions/recording.py` fills it and writes it.

    `head` is locked for the whole transaction. `parts` are topics and parties of a commitment by
    its key, as they were last read under the lock.
    """

    head: RecordHead | None = None
    revisions: list[Revision] = field(default_factory=list)
    versions: list[CommitmentVersion] = field(default_factory=list)
    parts: dict[int, dict[str, Any]] = field(default_factory=dict)


_open: ContextVar[Batch | None] = ContextVar("batch", default=None)


def open_batch() -> Batch | None:
    """The batch that the caller writes into, or None where each change is written by itself."""
    return _open.get()


@contextmanager
def writing_into(batch: Batch) -> Iterator[None]:
    """Let the actions inside write into `batch`."""
    token = _open.set(batch)
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def part_of(batch: Batch) -> Iterator[None]:
    """Let the actions inside write into `batch`; an error takes back what they have written.

    A savepoint, and the same for what is not written yet. If the batch was written meanwhile, that
    is undone as well, and so what waited before waits again.
    """
    revisions, versions, parts = list(batch.revisions), list(batch.versions), dict(batch.parts)
    head = batch.head
    place = (head.number, head.digest) if head is not None else None
    try:
        with writing_into(batch), transaction.atomic():
            yield
    except BaseException:
        batch.revisions, batch.versions, batch.parts = revisions, versions, parts
        if head is not None and place is not None:
            head.number, head.digest = place
        raise
