"""What every action shares: validate, lock, and log a change in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from commitments.actions.batches import Batch, open_batch
from commitments.actions.versions import keep_versions, write_versions
from commitments.enums import ChangeKind
from commitments.exceptions import InvalidInput, StaleRevision
from commitments.models import (
    Commitment,
    Party,
    RecordHead,
    RecordType,
    Revision,
    Source,
    Topic,
    User,
)
from commitments.record_chain import next_digest, row_content
from commitments.validators import validate_text

LONGEST_REASON = 2000
ROWS_OF_A_BATCH = 500

type_of_record: dict[type[models.Model], RecordType] = {
    Commitment: RecordType.COMMITMENT,
    Source: RecordType.SOURCE,
    Party: RecordType.PARTY,
    Topic: RecordType.TOPIC,
}


def validated(instance: models.Model) -> None:
    """Check the fields of `instance`; raise `InvalidInput` naming the first that is wrong.

    All the sentences are in `errors`, by field, for a form to show beside its inputs. Constraints
    are left to the database, which checks them anyway: Django would ask it a query for each, and
    the actions refuse with a sentence of their own what a person could get wrong.
    """
    try:
        _refuse_what_django_lets_pass(instance)
        instance.full_clean(exclude=_known_to_be_there(instance), validate_constraints=False)
    except ValidationError as error:
        raise _invalid_input(error) from error


def _refuse_what_django_lets_pass(instance: models.Model) -> None:
    """The length of long texts, which it holds for a matter of forms, and None for a blank."""
    for field in instance._meta.concrete_fields:  # noqa: SLF001  # documented
        if field.generated:
            continue
        value = field.value_from_object(instance)
        if value is None and field.blank and not (field.null or field.primary_key):
            raise ValidationError({field.name: _("Leave it empty; null is no value here.")})
        if isinstance(field, models.TextField) and field.max_length:
            text = str(value)
            if len(text) > field.max_length:
                raise ValidationError({field.name: _too_long(text, field.max_length)})


def _known_to_be_there(instance: models.Model) -> set[str]:
    """The links to records that were read from the database: Django would ask it for each again.

    Nothing that is linked to is ever deleted, and the database refuses a link to nothing anyway.
    """
    known = set()
    for field in instance._meta.concrete_fields:  # noqa: SLF001  # documented
        if isinstance(field, models.ForeignKey) and not field.unique:
            linked = field.get_cached_value(instance, default=None)
            if linked is not None and linked.pk and not linked._state.adding:  # noqa: SLF001
                known.add(field.name)
    return known


def _too_long(text: str, longest: int) -> str:
    return _("Shorten this to %(longest)d characters; it has %(length)d.") % {
        "longest": longest,
        "length": len(text),
    }


def _invalid_input(error: ValidationError) -> InvalidInput:
    by_field = {
        "" if field == NON_FIELD_ERRORS else field: sentences
        for field, sentences in error.message_dict.items()
    }
    field = next(iter(by_field))
    return InvalidInput(by_field[field][0], field=field, errors=by_field)


def lock_record() -> RecordHead:
    """The head of the record, locked until the transaction ends: the first lock of every action.

    Whoever took another one first could stand in the way of a transaction of several actions
    that has the head already and wants the other: each would wait for the other. It also makes
    what an action reads true until it commits: that no chain of links closes to a circle, say.
    SQLite has no row locks; its IMMEDIATE transactions let one writer in at a time. A batch has
    locked it already.
    """
    batch = open_batch()
    if batch is not None and batch.head is not None:
        return batch.head
    head, _created = RecordHead.objects.select_for_update().get_or_create(pk=1)
    if batch is not None:
        batch.head = head
    return head


def lock_commitment(commitment: Commitment, *, expected_revision: int | None = None) -> Commitment:
    """The row as it is now, locked with the whole record until the transaction ends.

    With `expected_revision` it raises `StaleRevision` when somebody changed it since, telling
    what.
    """
    lock_record()
    current = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if expected_revision is not None and expected_revision != current.revision:
        raise _stale(current, expected_revision)
    return current


def rows_of(record: Source | Party | Topic, *, since: int = 0) -> models.QuerySet[Revision]:
    """The rows of the log about `record` after the row number `since`, in order."""
    return Revision.objects.filter(
        record_type=type_of_record[type(record)],
        record_id=record.key if isinstance(record, Party | Topic) else record.public_id,
        number__gt=since,
    ).order_by("number")


def demand_unchanged(record: Source | Party | Topic, *, since: int) -> None:
    """Raise `StaleRevision` where the log has a row about `record` after the number `since`.

    Its `current` is the number of the last one. The record is locked until the transaction ends,
    so that what is written next is written on what was read. (Commitments count their own
    revisions: `lock_commitment`.)
    """
    lock_record()
    rows = list(rows_of(record, since=since))
    if rows:
        sentence = _("Somebody changed this while you were writing. Read it again.")
        raise StaleRevision(sentence, current=rows[-1].number, changed=_changes_in(rows))


def _changes_in(rows: Iterable[Revision]) -> dict[str, Any]:
    """Each field with its value before the first and after the last of `rows`."""
    changed: dict[str, Any] = {}
    for row in rows:
        for field, (old, new) in row.changes.items():
            changed[field] = [changed.get(field, [old])[0], new]
    return changed


def _stale(current: Commitment, expected: int) -> StaleRevision:
    changed = _changes_in(current.revisions.filter(revision__gt=expected))
    sentence = _(
        "Somebody changed this since you read revision %(expected)d; it is at %(current)d now. "
        "Changed: %(fields)s. Read it again and repeat your change."
    )
    details = {
        "expected": expected,
        "current": current.revision,
        "fields": ", ".join(sorted(changed)) or "—",
    }
    return StaleRevision(sentence % details, current=current.revision, changed=changed)


def log_change(
    *,
    record: Commitment | Source | Party | Topic,
    kind: ChangeKind,
    changes: Mapping[str, Any],
    now: datetime,
    actor: User | None,
    approver: User | None = None,
    reason: str = "",
) -> Revision:
    """Add the next row of the log, chained to the one before; its number is final at commit.

    A commitment must have its `revision` raised before, by `touch`. Raises InvalidInput for a
    reason that is too long or holds control characters.
    """
    refuse_unreadable_reason(reason)
    head = lock_record()
    row = Revision(
        number=head.number + 1,
        record_type=type_of_record[type(record)],
        record_id=record.key if isinstance(record, Party | Topic) else record.public_id,
        commitment=record if isinstance(record, Commitment) else None,
        revision=record.revision if isinstance(record, Commitment) else None,
        kind=kind,
        changes=dict(changes),
        reason=reason,
        actor=actor,
        approver=approver,
        recorded_at=now,
    )
    row.digest = next_digest(head.digest, row_content(row), key=settings.RECORD_KEY)
    head.number, head.digest = row.number, row.digest
    batch = open_batch()
    if batch is None:
        row.save(force_insert=True)
        head.save()
    else:
        batch.revisions.append(row)
    if isinstance(record, Commitment):
        # Not `now`: with more than one host, who waited longest for the lock may have read the
        # clock first, and a version would end before it began.
        keep_versions(record, now=record.changed_at)
    if batch is not None and len(batch.revisions) >= ROWS_OF_A_BATCH:
        write_batch(batch)
    return row


def write_batch(batch: Batch) -> None:
    """Write what a batch holds; the one who opened it calls this before the transaction ends."""
    Revision.objects.bulk_create(batch.revisions)
    if batch.head is not None:
        batch.head.save()
    write_versions(batch.versions)
    batch.revisions, batch.versions = [], []
    batch.parts.clear()


def refuse_unreadable_reason(reason: str) -> None:
    """Raise InvalidInput for a reason that the log cannot hold."""
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(_too_long(reason, LONGEST_REASON), field="reason")
    try:
        if reason:
            validate_text(reason)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], field="reason") from error


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of the fields whose values differ."""
    return {
        field: [before.get(field), value]
        for field, value in after.items()
        if before.get(field) != value
    }


def touch(commitment: Commitment, *, now: datetime) -> None:
    """Count a visible change: revision up by one, and when. Never backwards in time.

    DTSTAMP of a calendar must not run back when a host's clock does (RFC 5545, 3.8.7.2).
    """
    commitment.revision += 1
    commitment.changed_at = max(now, commitment.changed_at)
