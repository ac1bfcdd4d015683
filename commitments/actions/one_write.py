"""Several actions as one write: all under one lock, and, if wanted, only to see what would be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from commitments.actions.recording import lock_record


@contextmanager
def one_write(*, dry_run: bool = False) -> Iterator[None]:
    """One transaction with the lock of the record from its beginning; an error undoes all of it.

    Whatever is read in here is true until the end, and since every writer begins with this lock
    no two can wait for each other. With `dry_run` nothing of what was done stays; what was read
    or shown in here is what it would have been.
    """
    with transaction.atomic():
        lock_record()
        yield
        if dry_run:
            transaction.set_rollback(True)
