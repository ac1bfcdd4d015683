"""A row that keeps all mail in the house, after a restore."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0004_holds_and_owner_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SendingHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="on hold since")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("backup_at", models.DateTimeField(blank=True, null=True, verbose_name="as it stood")),
                (
                    "sent_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="sent before, until"),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold on mail",
                "verbose_name_plural": "holds on mail",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", False),
                            models.Q(("lifted_by__isnull", True), ("sent_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="sending_hold_open_says_nothing",
                    )
                ],
            },
        ),
    ]
