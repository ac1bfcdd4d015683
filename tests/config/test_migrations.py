"""A new release is installed while the one before serves: what migrations may do, and how long."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as DjangosCommand
from django.db import connection, connections, models, transaction
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader

from config.management.commands import migrate
from tests.commitments.concurrency import at_once
from tests.config.migration_dangers import dangers_of

OURS = {"commitments", "timeline"}
# Before the first release no site has rows, so nobody waits for these. What comes after it is left
# out of this list: it is made so that the release before goes on (docs/running.md, "Upgrade").
BEFORE_THE_FIRST_RELEASE = {
    "commitments.0002_history_only_grows",
    "commitments.0003_link_checks",
    "commitments.0005_link_check_claims",
    "commitments.0006_similar_titles",
    "commitments.0007_index_of_standing",
    "commitments.0008_search_and_rows",
    "timeline.0006_idle_tick",
    "timeline.0007_slim_outbox",
}


def test_no_new_migration_stops_the_site_or_breaks_the_release_before_dat05() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = {
        f"{app}.{name}": dangers
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in OURS and (dangers := dangers_of(migration))
    }
    assert {name: found[name] for name in found.keys() - BEFORE_THE_FIRST_RELEASE} == {}
    assert found.keys() == BEFORE_THE_FIRST_RELEASE


def dangers(*operations: Any) -> list[str]:
    made = type("Made", (Migration,), {"operations": list(operations)})
    return dangers_of(made("new", "timeline"))


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (ops.AddField("Topic", "a", models.TextField(null=True)), ""),
        (ops.AddField("Topic", "a", models.IntegerField(db_default=0)), ""),
        (ops.AddField("Topic", "a", models.ManyToManyField("User")), ""),
        (ops.AddField("Topic", "a", models.IntegerField(default=0)), "AddField topic.a: the"),
        (ops.AddField("Topic", "a", models.TextField(default="")), "AddField topic.a: the"),
        (ops.AddField("Topic", "a", models.TextField(null=True, db_index=True)), "AddField topic"),
        (ops.AddField("Topic", "a", models.TextField(null=True, unique=True)), "AddField topic"),
        (
            ops.AddField("Topic", "a", models.ForeignKey("U", models.CASCADE, null=True)),
            "AddField topic.a: an index",
        ),
        (ops.AlterField("Topic", "a", models.TextField()), "AlterField topic"),
        (ops.RemoveField("Topic", "a"), "RemoveField topic"),
        (ops.RenameField("Topic", "a", "b"), "RenameField topic"),
        (ops.DeleteModel("Topic"), "DeleteModel topic"),
        (ops.AddIndex("Topic", models.Index(fields=["a"], name="i")), "AddIndex topic"),
        (ops.RunSQL("SELECT 1"), "RunSQL"),
        (ops.SeparateDatabaseAndState([ops.RunSQL("SELECT 1")]), "RunSQL"),
        (ops.SeparateDatabaseAndState([], [ops.DeleteModel("Topic")]), ""),
        (ops.CreateModel("Topic", []), ""),
    ],
)
def test_dangers_are_told_from_what_is_safe(operation: Any, words: str) -> None:
    found = dangers(operation)
    assert len(found) == bool(words)
    assert all(one.startswith(words) for one in found)


def test_table_of_the_same_migration_is_nobodys_yet() -> None:
    index = ops.AddIndex("Topic", models.Index(fields=["a"], name="i"))
    assert dangers(ops.CreateModel("Topic", []), index) == []
    assert dangers(index, ops.CreateModel("Other", [])) == ["AddIndex topic"]


def lock_topics(*_: Any, **__: Any) -> None:
    """In the place of a migration: it needs the table for itself."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE commitments_topic IN ACCESS EXCLUSIVE MODE")


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_migrate_waits_for_no_lock_longer_than_two_seconds_dat05(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time, and knows no such setting
    seen = []
    monkeypatch.setattr(DjangosCommand, "handle", lambda *_a, **_k: seen.append(lock_timeout()))
    call_command("migrate")
    assert (seen, lock_timeout()) == (["2s"], "0")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("patience", [1, 50])
def test_migrate_lets_others_pass_and_tries_again_dat05(
    patience: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    if connection.vendor != "postgresql":
        return
    monkeypatch.setattr(DjangosCommand, "handle", lock_topics)
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(migrate, "TRIES", patience)
    # Somebody reads in a long transaction, the migration comes, and a third wants to read as well.
    long_one, third = (connections.create_connection("default") for _ in range(2))
    with long_one.cursor() as reader, third.cursor() as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM commitments_topic")
        other.execute("SET statement_timeout = '5s'")

        def read_and_let_go() -> None:
            for _ in range(5):
                other.execute("SELECT count(*) FROM commitments_topic")
            reader.execute("COMMIT")

        def migrate_now() -> None:
            call_command("migrate")

        if patience == 1:
            with pytest.raises(CommandError, match="this migration changed nothing"):
                migrate_now()
            read_and_let_go()
        else:
            assert at_once([migrate_now, read_and_let_go]) == [None, None]
    long_one.close()
    third.close()
    assert lock_timeout() == "0"
