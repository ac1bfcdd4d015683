"""Let the database itself refuse UPDATE and DELETE on the rows of the history.

SQLite's `INSERT OR REPLACE` deletes a row without firing its triggers: a third trigger refuses to
insert what is there. SQLite drops triggers with the table when a later migration rebuilds it: a
migration that alters one of these tables has to run `guard` again (a test looks for each trigger).
"""

from django.db import migrations

TABLES = (
    "commitments_revision",
    "commitments_statuschange",
    "commitments_statuschange_citations",
    "commitments_datemove",
    "commitments_datemove_citations",
    "commitments_targetvalue",
)
MESSAGE = "the history only grows: its rows are never changed or deleted"


# What no two rows of a table share, beside the primary key.
SHARED_BY_NONE = {
    "commitments_revision": ("commitment_id", "revision"),
    "commitments_statuschange": ("commitment_id", "revision"),
    "commitments_statuschange_citations": ("statuschange_id", "citation_id"),
    "commitments_datemove": ("commitment_id", "revision"),
    "commitments_datemove_citations": ("datemove_id", "citation_id"),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(_refuse_replacing(table))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION commitments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(_trigger(schema_editor.connection.vendor, table, event))


def _trigger(vendor, table, event):
    name = f"{table}_no_{event.lower()}"
    if vendor == "postgresql":
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION commitments_refuse_change()"
        )
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def _refuse_replacing(table):
    key = "number" if table == "commitments_revision" else "id"
    same = f"{key} = NEW.{key}"
    if pair := SHARED_BY_NONE.get(table):
        same += f" OR ({' AND '.join(f'{column} = NEW.{column}' for column in pair)})"
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def unguard(apps, schema_editor):
    on_table = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for event in ("UPDATE", "DELETE") if on_table else ("UPDATE", "DELETE", "REPLACE"):
            suffix = f" ON {table}" if on_table else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}{suffix}")
    if on_table:
        schema_editor.execute("DROP FUNCTION IF EXISTS commitments_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_the_record")]
    operations = [migrations.RunPython(guard, unguard)]
