"""One action for many commitments: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import lock_record
from commitments.exceptions import BulkRefused, RecordError
from commitments.models import Commitment


@transaction.atomic
def act_on_all(
    *,
    rows: Sequence[tuple[Commitment, int]],
    act: Callable[[Commitment, int], Commitment],
) -> list[Commitment]:
    """Call `act` for each commitment and the revision that was read, in one transaction.

    `act` is one of the actions, so every rule holds and every row of the log is written as if each
    had been done by hand. Raises BulkRefused with every row that was refused; then none is changed.
    Side effects: those of `act`, row by row.
    """
    lock_record()
    done: list[Commitment] = []
    refusals: list[tuple[str, RecordError]] = []
    for commitment, revision in rows:
        try:
            with transaction.atomic():
                done.append(act(commitment, revision))
        except RecordError as error:
            refusals.append((commitment.public_id, error))
    if refusals:
        sentence = _("Nothing was changed: %(refused)d of %(all)d were refused.")
        raise BulkRefused(
            sentence % {"refused": len(refusals), "all": len(rows)}, refusals=refusals
        )
    return done
