"""Many changes in one transaction: the rows of the log and of the versions are written together.

Every row is the same as if each change had been written by itself; only the questions to the
database are fewer. For a transaction in which an error takes everything back: what an inner
savepoint takes back would stay in the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

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
