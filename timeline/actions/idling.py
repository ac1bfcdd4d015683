"""Whether a tick has anything to do, asked as cheaply as can be: most ticks have not.

One statement that is written out: the ORM took ten times as long to put it together as the
database to answer it. It says "idle" only where the exact question, which also knows whose mail is
held or paused, would say so too. The earliest instant of each kind is compared, and not whether
there is one before now: that stays one step into an index whatever a planner believes.

On PostgreSQL it is a function (timeline/migrations/0006), whose plan a connection keeps: making
the plan anew took longer than everything else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from timeline.enums import WAITING_STATES, MailState, ReminderState
from timeline.models import TickState
from timeline.record_reader import HEAD_SQL

_FIELD: Final = {field.name: field for field in TickState._meta.fields}  # noqa: SLF001 - documented
_WAITING: Final = ", ".join(f"'{state}'" for state in sorted(WAITING_STATES))
_HEAD: Final = f"coalesce(({HEAD_SQL}), 0)"
_OUTBOX: Final = "FROM timeline_outboxemail WHERE"
_SQL: Final = f"""
UPDATE timeline_tickstate SET last_ok_at = %(now)s
WHERE id = 1 AND change_number = {_HEAD} AND reconciled_on = %(today)s
AND NOT EXISTS (SELECT 1 FROM timeline_subscription WHERE needs_planning)
AND coalesce((
    SELECT min(send_at) FROM timeline_reminder WHERE state = '{ReminderState.PLANNED}'
) > %(now)s, true)
AND NOT EXISTS (SELECT 1 {_OUTBOX} state IN ({_WAITING}) AND next_try_at <= %(now)s)
AND coalesce((SELECT min(expires_at) {_OUTBOX} state IN ({_WAITING})) > %(now)s, true)
AND coalesce((
    SELECT min(lease_until) {_OUTBOX} state = '{MailState.SENDING}'
) > %(now)s, true)
"""  # noqa: S608 - the states are constants
_CALL: Final = f"SELECT timeline_note_idle_tick(%(now)s, {_HEAD}, %(today)s)"


def note_idle_tick(*, now: datetime) -> bool:
    """Whether there is certainly nothing to do; then the good tick is written down at once."""
    params = {
        "now": _prepared("last_ok_at", now),
        "today": _prepared("reconciled_on", now.astimezone(UTC).date()),
    }
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_CALL, params)
            return bool(cursor.fetchone()[0])
        cursor.execute(_SQL, params)
        return bool(cursor.rowcount)


def _prepared(name: str, value: Any) -> Any:
    return _FIELD[name].get_db_prep_save(value, connection)
