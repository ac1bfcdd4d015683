"""The version of any record that can be written: what its ETag begins with.

A commitment counts its visible changes itself (`revision`). Of parties, topics and sources the
log does: their version is the number of their rows in it.
"""

from __future__ import annotations

from commitments.actions.batches import open_batch
from commitments.actions.recording import type_of_record
from commitments.api.writing.operations import AnyRecord
from commitments.models import Commitment, Party, Revision, Topic


def version_of(record: AnyRecord) -> int:
    """How often it was visibly changed, the first record of it included; one query.

    Within a batch those changes count that are not written yet.
    """
    if isinstance(record, Commitment):
        return record.revision
    kind, name = type_of_record[type(record)], public_name(record)
    batch = open_batch()
    waiting = batch.revisions if batch else ()
    return Revision.objects.filter(record_type=kind, record_id=name).count() + sum(
        (row.record_type, row.record_id) == (kind, name) for row in waiting
    )


def public_name(record: AnyRecord) -> str:
    """What it is called in addresses: its id, or its key."""
    return record.key if isinstance(record, Party | Topic) else record.public_id
