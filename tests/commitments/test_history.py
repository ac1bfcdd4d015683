"""The history tables refuse UPDATE and DELETE, by whichever way it is tried, on both databases."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F

from commitments.actions.dates import move_date
from commitments.actions.status import change_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import Status
from commitments.models import (
    Commitment,
    DateMove,
    Revision,
    StatusChange,
    Target,
    TargetValue,
    User,
)
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_citation,
    make_commitment,
    make_editor,
    make_source,
)
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db

HISTORY: dict[str, type[models.Model]] = {
    "revision": Revision,
    "statuschange": StatusChange,
    "statuschange_citations": StatusChange.citations.through,
    "datemove": DateMove,
    "datemove_citations": DateMove.citations.through,
    "targetvalue": TargetValue,
}
each_table = pytest.mark.parametrize("model", HISTORY.values(), ids=list(HISTORY))


@pytest.fixture
def commitment() -> Commitment:
    """With at least one row in every table of the history."""
    editor, commitment = make_editor("editor"), make_commitment(window="2025")
    change_status(
        commitment=commitment,
        move=complete_move(commitment, Status.IN_PROGRESS),
        actor=editor,
        now=NOW,
    )
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        citations=[make_citation(commitment)],
        actor=editor,
        now=NOW,
    )
    target = Target(commitment=commitment, measure="trade", unit="USD", goal=Decimal(30))
    report_value(
        target=set_target(target=target, actor=editor, now=NOW),
        value=Decimal(28),
        period=Window.parse("2025"),
        source=make_source(),
        actor=editor,
        now=NOW,
    )
    return commitment


def refused(act: Callable[[], object]) -> None:
    before = whole_record()
    with pytest.raises(IntegrityError, match="the history only grows"), transaction.atomic():
        act()
    assert changed_tables(before) == set()


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@each_table
def test_rows_are_not_changed_one_by_one(model: type[models.Model], commitment: Commitment) -> None:
    for row in model._default_manager.all():
        refused(lambda row=row: row.save(force_update=True))  # type: ignore[misc]


@each_table
def test_rows_are_not_changed_in_bulk(model: type[models.Model], commitment: Commitment) -> None:
    column = next(field for field in model._meta.concrete_fields if not field.primary_key)
    rows = list(model._default_manager.all())
    refused(lambda: model._default_manager.update(**{column.attname: F(column.attname)}))
    refused(lambda: model._default_manager.bulk_update(rows, [column.name]))


@each_table
def test_rows_are_not_changed_by_an_upsert(
    model: type[models.Model], commitment: Commitment
) -> None:
    rows = list(model._default_manager.all())
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    refused(
        lambda: model._default_manager.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=columns,
        )
    )


@each_table
def test_rows_are_not_deleted(model: type[models.Model], commitment: Commitment) -> None:
    for row in model._default_manager.all():
        refused(lambda row=row: model._default_manager.filter(pk=row.pk)._raw_delete("default"))  # type: ignore[misc]
    refused(lambda: model._default_manager.all()._raw_delete("default"))


@each_table
def test_rows_are_not_deleted_through_the_collector(
    model: type[models.Model], commitment: Commitment
) -> None:
    refused(lambda: model._default_manager.all().delete())
    refused(lambda: model._default_manager.first().delete())  # type: ignore[union-attr]


@each_table
def test_rows_are_not_changed_or_deleted_by_sql(
    model: type[models.Model], commitment: Commitment
) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    refused(lambda: execute(f"UPDATE {table} SET {key} = {key} + 1000"))
    refused(lambda: execute(f"DELETE FROM {table}"))
    refused(lambda: execute(f"DELETE FROM {table} WHERE {key} = (SELECT MAX({key}) FROM {table})"))
    # A statement that touches no row harms nothing, and says nothing.
    execute(f"DELETE FROM {table} WHERE {key} < 0")


def replacing(model: type[models.Model]) -> list[str]:
    """Every way in which SQL can put a row in the place of another."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    columns = [str(field.column) for field in model._meta.concrete_fields]
    others = [column for column in columns if column != key]
    insert = f"INTO {table} ({', '.join([key, *others])}) SELECT"
    rest = f", {', '.join(others)} FROM {table}"
    if connection.vendor == "postgresql":
        updated = ", ".join(f"{column} = EXCLUDED.{column}" for column in others)
        return [f"INSERT {insert} {key}{rest} ON CONFLICT ({key}) DO UPDATE SET {updated}"]
    # SQLite deletes here without firing a trigger for it; under another key, it deletes the rows
    # with which the new ones would share what is unique. A value shares nothing.
    keys = [key] if model is TargetValue else [key, f"{key} + 1000"]
    return [f"INSERT OR REPLACE {insert} {one}{rest}" for one in keys]


@each_table
def test_rows_are_not_replaced(model: type[models.Model], commitment: Commitment) -> None:
    for sql in replacing(model):
        refused(functools.partial(execute, sql))


def test_no_cascade_reaches_the_history(commitment: Commitment) -> None:
    before = whole_record()
    change = commitment.status_changes.latest("pk")
    for doomed in (
        commitment,
        change,
        change.citations.get(),
        commitment.target,
        User.objects.get(username="editor"),
        TargetValue.objects.get().source,
    ):
        with pytest.raises((models.ProtectedError, IntegrityError)), transaction.atomic():
            doomed.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.citations.clear()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.citations.set([])
    assert changed_tables(before) == set()


def test_the_history_still_grows(commitment: Commitment) -> None:
    counted = {name: model._default_manager.count() for name, model in HISTORY.items()}
    assert all(counted.values())
    make_commitment()
    assert Revision.objects.count() == counted["revision"] + 5


def test_every_table_of_the_history_has_its_triggers() -> None:
    tables = {model._meta.db_table for model in HISTORY.values()}
    events = {"update", "delete"} | ({"replace"} if connection.vendor == "sqlite" else set())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
    assert {f"{table}_no_{event}" for table in tables for event in events} <= found


def test_every_model_of_history_is_guarded() -> None:
    """What is called a change, a move, a value or a revision is history: a new one is noticed."""
    named = {
        model._meta.db_table
        for model in apps.get_app_config("commitments").get_models(include_auto_created=True)
        if any(word in model.__name__.lower() for word in ("change", "move", "value", "revision"))
    }
    assert named == {model._meta.db_table for model in HISTORY.values()}
