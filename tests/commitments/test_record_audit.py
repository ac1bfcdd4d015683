"""An edited, deleted, reordered or cut history shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from commitments.actions.dates import move_date
from commitments.enums import CitationRole
from commitments.models import DateMove, RecordHead, Revision, StatusChange
from commitments.record_audit import find_faults
from commitments.window import Window
from tests.builders import NOW, make_citation, make_commitment, make_editor

pytestmark = pytest.mark.django_db


@contextmanager
def without_triggers(table: str) -> Iterator[None]:
    """What somebody with the database's password can do."""
    names = [f"{table}_no_update", f"{table}_no_delete"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Postponed checks of keys would keep the table from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name IN (%s, %s)", names)
        definitions = [sql for (sql,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for sql in definitions:
            cursor.execute(sql)


@pytest.fixture
def changes() -> int:
    """A record with every kind of row; returns the number of the last change."""
    commitment = make_commitment(window="2025")
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        citations=[make_citation(commitment, role=CitationRole.MOVES)],
        actor=make_editor(),
        now=NOW,
    )
    return Revision.objects.count()


def first_fault(published_head: tuple[int, str] | None = None) -> int | None:
    faults = find_faults(key=settings.RECORD_KEY, published_head=published_head)
    return next((fault.number for fault in faults), None)


def test_whole_history_has_no_fault(changes: int) -> None:
    assert list(find_faults(key=settings.RECORD_KEY)) == []
    assert changes == 8


def test_empty_history_has_no_fault() -> None:
    assert list(find_faults(key=settings.RECORD_KEY)) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows.update(reason="another"),
        lambda rows: rows.update(recorded_at=NOW),
        lambda rows: rows.update(changes={}),
        lambda rows: rows.update(kind="retracted"),
        lambda rows: rows.update(digest="0" * 64),
        lambda rows: rows.update(actor=make_editor()),
    ],
)
def test_edited_row_is_found_acc08(changes: int, edit: Callable[[object], object]) -> None:
    with without_triggers("commitments_revision"):
        edit(Revision.objects.filter(number=3))
    assert first_fault() == 3


def test_deleted_row_is_found_acc08(changes: int) -> None:
    with without_triggers("commitments_revision"):
        Revision.objects.filter(number=4).delete()
    assert first_fault() == 4


def test_swapped_rows_are_found(changes: int) -> None:
    with without_triggers("commitments_revision"):
        for number, other in ((3, 999), (4, 3), (999, 4)):
            Revision.objects.filter(number=number).update(number=other)
    assert first_fault() == 3


def test_chain_under_another_key_is_found(changes: int) -> None:
    faults = find_faults(key="another key")
    assert next(faults).number == 1


def test_tail_cut_without_the_head_is_found(changes: int) -> None:
    with without_triggers("commitments_revision"):
        Revision.objects.filter(number=changes).delete()
    assert first_fault() == changes - 1


def test_tail_cut_with_the_head_shows_by_the_published_head_alone(changes: int) -> None:
    head = RecordHead.objects.get()
    published = (head.number, head.digest)
    cut_tail_with_the_head(changes)
    assert first_fault() is None
    assert first_fault(published) == changes


def test_published_head_of_another_history_is_found(changes: int) -> None:
    assert first_fault((3, "f" * 64)) == 3


@pytest.mark.parametrize(
    ("table", "edit"),
    [
        ("commitments_statuschange", lambda: StatusChange.objects.update(reason="another")),
        ("commitments_datemove", lambda: DateMove.objects.update(slip_days=0)),
        (
            "commitments_datemove_citations",
            lambda: DateMove.citations.through.objects.all().delete(),
        ),
    ],
)
def test_edited_status_change_or_date_move_is_found(
    changes: int, table: str, edit: Callable[[], object]
) -> None:
    with without_triggers(table):
        edit()
    assert len(list(find_faults(key=settings.RECORD_KEY))) == 1


def test_command_prints_the_head(changes: int, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_record")
    head = RecordHead.objects.get()
    assert capsys.readouterr().out == f"whole: {changes} changes, head {changes}:{head.digest}\n"
    call_command("verify_record", head=f"{changes}:{head.digest}")


@pytest.mark.parametrize(
    ("sql", "first"),
    [
        ("UPDATE commitments_revision SET reason = 'another' WHERE number IN (5, 7)", 5),
        ("DELETE FROM commitments_revision WHERE number = 4", 4),
    ],
)
def test_command_names_the_first_row_that_sql_has_changed_or_deleted_acc08(
    sql: str, first: int, changes: int
) -> None:
    with without_triggers("commitments_revision"), connection.cursor() as cursor:
        cursor.execute(sql)
    code, said = ending()
    assert (code, said.partition(":")[0]) == (1, f"change {first}")


def test_command_finds_a_cut_tail_by_the_anchor_outside_acc08(changes: int) -> None:
    head = RecordHead.objects.get()
    anchor = f"{head.number}:{head.digest}"
    assert ending(head=anchor) == (0, "")
    cut_tail_with_the_head(changes)
    assert ending() == (0, "")
    code, said = ending(head=anchor)
    assert (code, said.partition(":")[0]) == (1, f"change {changes}")


def cut_tail_with_the_head(changes: int) -> None:
    """Take the last change away with all that shows it here."""
    last = Revision.objects.get(number=changes - 1)
    with (
        without_triggers("commitments_revision"),
        without_triggers("commitments_datemove"),
        without_triggers("commitments_datemove_citations"),
    ):
        DateMove.citations.through.objects.all().delete()
        DateMove.objects.all().delete()
        Revision.objects.filter(number=changes).delete()
    RecordHead.objects.update(number=last.number, digest=last.digest)


def ending(**options: str) -> tuple[int, str]:
    """The exit code of the command, and what it says when it fails."""
    try:
        call_command("verify_record", **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


def test_command_refuses_what_is_no_head() -> None:
    with pytest.raises(CommandError, match=r"--head: write it as it was printed"):
        call_command("verify_record", head="140:xyz")
