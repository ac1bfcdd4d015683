"""Full text of commitments on PostgreSQL, and the order in which rows of the history are listed.

The function has the words of all texts as they stand, and their stems in the language that each is
in; there is no dictionary for Kazakh. Signs within words are taken out before: the parser would
keep "and/or" as the path of a file.
"""

from django.db import migrations, models

ENTERED = "coalesce(title, '') || ' ' || coalesce(summary, '') || ' ' || coalesce(wording, '')"
SIGNS = "/.-@:_&"


def _translated(language):
    return " || ' ' || ".join(
        f"coalesce(translations #>> '{{{language},{field}}}', '')" for field in ("title", "summary")
    )


def _vector(config, text):
    return f"to_tsvector({config}, translate({text}, '{SIGNS}', '{' ' * len(SIGNS)}'))"


def _create(_apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    texts = [ENTERED, *(_translated(language) for language in ("en", "ru", "kk"))]
    everything = " || ' ' || ".join(texts)
    of_the_language = (
        "CASE language WHEN 'en' THEN 'pg_catalog.english'::regconfig "
        "WHEN 'ru' THEN 'pg_catalog.russian'::regconfig ELSE 'pg_catalog.simple'::regconfig END"
    )
    vectors = [
        _vector("'pg_catalog.simple'::regconfig", everything),
        _vector(of_the_language, ENTERED),
        _vector("'pg_catalog.english'::regconfig", _translated("en")),
        _vector("'pg_catalog.russian'::regconfig", _translated("ru")),
    ]
    schema_editor.execute(
        "CREATE FUNCTION commitments_search_words(title text, summary text, wording text, "
        "language text, translations jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        f"COST 1000 AS $$ SELECT {' || '.join(vectors)} $$"
    )
    schema_editor.execute(
        "CREATE INDEX commitment_by_words ON commitments_commitment USING gin "
        "(commitments_search_words(title, summary, wording, language, translations))"
    )


def _drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS commitment_by_words")
        schema_editor.execute("DROP FUNCTION IF EXISTS commitments_search_words")


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0007_index_of_standing"),
    ]

    operations = [
        migrations.RunPython(_create, _drop),
        migrations.AddIndex(
            model_name="citation",
            index=models.Index(fields=["created_at", "id"], name="citation_by_recording"),
        ),
        migrations.AddIndex(
            model_name="datemove",
            index=models.Index(fields=["recorded_at", "id"], name="date_move_by_recording"),
        ),
        migrations.AddIndex(
            model_name="statuschange",
            index=models.Index(fields=["recorded_at", "id"], name="status_change_by_recording"),
        ),
        migrations.AddIndex(
            model_name="targetvalue",
            index=models.Index(fields=["recorded_at", "id"], name="target_value_by_recording"),
        ),
    ]
