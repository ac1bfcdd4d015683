"""Until when a reader is held, and what responsible parties say."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commitments.validators


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0008_search_and_rows"),
        ("timeline", "0003_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="subscriber",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="no mail before"),
        ),
        migrations.CreateModel(
            name="OwnerReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="from")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("on_course", "on course"),
                            ("slipped", "it will take longer"),
                            ("done", "done"),
                        ],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[commitments.validators.validate_text],
                        verbose_name="in their words",
                    ),
                ),
                ("about_revision", models.PositiveIntegerField(verbose_name="revision")),
                ("created_at", models.DateTimeField(verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("taken_up", "taken up"),
                            ("set_aside", "set aside"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="seen by the desk"),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="seen by",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owner_reports",
                        to="timeline.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a responsible party",
                "verbose_name_plural": "reports of responsible parties",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["created_at"],
                        name="owner_report_waiting",
                    ),
                    models.Index(
                        fields=["subscription", "created_at"], name="owner_report_by_owner"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["on_course", "slipped", "done"])),
                        name="owner_report_answer_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                ("state__in", ["taken_up", "set_aside"]), ("seen_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="owner_report_seen_knows_when",
                    ),
                ],
            },
        ),
    ]
