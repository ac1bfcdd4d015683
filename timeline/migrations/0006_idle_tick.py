"""The question of an idle tick as a function of PostgreSQL, so that a connection keeps its plan.

The same as the statement in timeline/actions/idling.py, which SQLite is asked.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION timeline_note_idle_tick(moment timestamptz, head bigint, today date)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE timeline_tickstate SET last_ok_at = moment
    WHERE id = 1 AND change_number = head AND reconciled_on = today
    AND NOT EXISTS (SELECT 1 FROM timeline_subscription WHERE needs_planning)
    AND coalesce((
        SELECT min(send_at) FROM timeline_reminder WHERE state = 'planned'
    ) > moment, true)
    AND NOT EXISTS (
        SELECT 1 FROM timeline_outboxemail
        WHERE state IN ('queued', 'unknown') AND next_try_at <= moment
    )
    AND coalesce((
        SELECT min(expires_at) FROM timeline_outboxemail WHERE state IN ('queued', 'unknown')
    ) > moment, true)
    AND coalesce((
        SELECT min(lease_until) FROM timeline_outboxemail WHERE state = 'sending'
    ) > moment, true);
    RETURN FOUND;
END $$
"""


def _create(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)


def _drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP FUNCTION IF EXISTS timeline_note_idle_tick(timestamptz, bigint, date)"
        )


class Migration(migrations.Migration):
    dependencies = [("timeline", "0005_sending_hold")]

    operations = [migrations.RunPython(_create, _drop, elidable=False)]
