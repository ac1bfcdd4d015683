"""Fewer indexes to write to with each step of a mail: three hold only the mails that they are for.

On PostgreSQL the one for `message_id LIKE 'x%'` goes as well, which Django makes for every unique
text: nobody asks so.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LIKE = "timeline_outboxemail_message_id_%_like"


def _drop_like(_apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE %s", [LIKE])
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0006_idle_tick"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboxemail",
            name="request",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="emails",
                to="timeline.subscriptionrequest",
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="repeated_in",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="repeats",
                to="timeline.outboxemail",
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="acknowledged_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="outboxemail",
            index=models.Index(
                condition=models.Q(("request__isnull", False)),
                fields=["request"],
                name="outbox_by_request",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxemail",
            index=models.Index(
                condition=models.Q(("repeated_in__isnull", False)),
                fields=["repeated_in"],
                name="outbox_repeated",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxemail",
            index=models.Index(
                condition=models.Q(("acknowledged_by__isnull", False)),
                fields=["acknowledged_by"],
                name="outbox_acknowledged",
            ),
        ),
        migrations.RunPython(_drop_like, migrations.RunPython.noop),
    ]
