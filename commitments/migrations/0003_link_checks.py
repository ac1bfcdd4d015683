"""What the address of a source answered when it was last asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_history_only_grows"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="link_checked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="address checked"),
        ),
        migrations.AddField(
            model_name="source",
            name="link_detail",
            field=models.CharField(
                blank=True, editable=False, max_length=200, verbose_name="answer of the address"
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="link_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("alive", "answers"),
                    ("dead", "dead"),
                    ("silent", "no answer"),
                    ("closed", "answers people only"),
                    ("refused", "not asked"),
                ],
                db_index=True,
                editable=False,
                max_length=20,
                verbose_name="state of the address",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("link_state__in", ["", "alive", "dead", "silent", "closed", "refused"])
                ),
                name="source_link_state_is_known",
            ),
        ),
    ]
