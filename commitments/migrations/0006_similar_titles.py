"""Trigrams of the titles, so that PostgreSQL finds similar ones fast. SQLite has another way.

`pg_trgm` is a trusted extension (PostgreSQL 13): the owner of the database may create it. The
indexes are of the kind that can also tell which titles are nearest, in order.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

INDEXES = {
    "commitment_title_trigrams": "title",
    "commitment_translations_trigrams": "(translations::text)",
}


def add_indexes(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, what in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {name} ON commitments_commitment "
                f"USING gist ({what} gist_trgm_ops(siglen=64))"
            )


def drop_indexes(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("commitments", "0005_link_check_claims")]

    operations = [
        TrigramExtension(),
        migrations.RunPython(add_indexes, drop_indexes),
    ]
