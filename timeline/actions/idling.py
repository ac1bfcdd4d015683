"""Whether a tick has anything to do, asked as cheaply as can be: most ticks have not.

One statement that is written out: the ORM took ten times as long to put it together as the
database to answer it. It says "idle" only where the exact question, which also knows whose mail is
held or paused, would say so too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from timeline.enums import WAITING_STATES, MailState, ReminderState
from timeline.models import TickState
from timeline.record_reader import read_head

_FIELD: Final = {field.name: field for field in TickState._meta.fields}  # noqa: SLF001 - documented
_WAITING: Final = ", ".join(f"'{state}'" for state in sorted(WAITING_STATES))
_OUTBOX: Final = "SELECT 1 FROM timeline_outboxemail WHERE"
_SQL: Final = f"""
UPDATE timeline_tickstate SET last_ok_at = %(now)s
WHERE id = 1 AND change_number = %(head)s AND reconciled_on = %(today)s
AND NOT EXISTS (SELECT 1 FROM timeline_subscription WHERE needs_planning)
AND NOT EXISTS (
    SELECT 1 FROM timeline_reminder
    WHERE state = '{ReminderState.PLANNED}' AND send_at <= %(now)s
)
AND NOT EXISTS ({_OUTBOX} state IN ({_WAITING}) AND next_try_at <= %(now)s)
AND NOT EXISTS ({_OUTBOX} state IN ({_WAITING}) AND expires_at <= %(now)s)
AND NOT EXISTS ({_OUTBOX} state = '{MailState.SENDING}' AND lease_until <= %(now)s)
"""  # noqa: S608 - the states are constants


def note_idle_tick(*, now: datetime) -> bool:
    """Whether there is certainly nothing to do; then the good tick is written down at once."""
    params = {
        "now": _prepared("last_ok_at", now),
        "head": read_head(),
        "today": _prepared("reconciled_on", now.astimezone(UTC).date()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        return bool(cursor.rowcount)


def _prepared(name: str, value: Any) -> Any:
    return _FIELD[name].get_db_prep_save(value, connection)
