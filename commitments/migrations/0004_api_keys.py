"""Keys of programs, and the requests that may be repeated with an Idempotency-Key."""

import commitments.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0003_link_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("attempt", models.CharField(max_length=32)),
                ("lease_until", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=bytes)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("caller", "key"), name="idempotency_key_is_used_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True), ("status__range", (200, 399)), _connector="OR"
                        ),
                        name="idempotent_answer_was_a_success",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("prefix", models.CharField(editable=False, max_length=8, unique=True)),
                ("hashed_key", models.CharField(editable=False, max_length=150)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "name",
                    models.CharField(
                        help_text="What uses it, so that one knows later which key is which.",
                        max_length=50,
                        validators=[commitments.validators.validate_line],
                        verbose_name="name",
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="issued"),
                ),
                (
                    "revoked",
                    models.BooleanField(default=False, editable=False, verbose_name="revoked"),
                ),
                (
                    "expiry_date",
                    models.DateTimeField(
                        blank=True, help_text="Empty: never.", null=True, verbose_name="expires"
                    ),
                ),
                ("scopes", models.CharField(max_length=40, verbose_name="scopes")),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last used"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="It never may more than this person may at that moment.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acts for",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["-created", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__in",
                                (
                                    "read",
                                    "write",
                                    "approve",
                                    "read write",
                                    "read approve",
                                    "write approve",
                                    "read write approve",
                                ),
                            )
                        ),
                        name="key_scopes_are_known",
                    )
                ],
            },
        ),
    ]
