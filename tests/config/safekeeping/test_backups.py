"""A backup comes back whole or not at all, and nobody is told a thing twice or never."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import Max
from psycopg.conninfo import conninfo_to_dict

from commitments.enums import PartyKind
from commitments.models import Party, RecordHead, Topic
from config.safekeeping import backups, sqlite
from config.safekeeping.backups import back_up, has_rows, restore
from config.safekeeping.files import read_archive
from config.safekeeping.postgresql import with_address
from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sums import every_model, table_of, table_sums
from tests.builders import NOW, make_commitment, make_topic
from tests.services.second_databases import empty_database, find_postgresql_programs
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.sending_hold import lift_hold
from timeline.models import OutboxEmail, SendingHold, Subscriber

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
DRILL = "drill"


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    find_postgresql_programs(monkeypatch)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A file in a folder of its own, so that anything left beside it shows."""
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "record.tar"


def live_for_a_day() -> None:
    """One reader who was told of one thing today and is to be told of another tomorrow."""
    make_due("Told before the backup", in_days=7)
    make_due("Due in the gap", in_days=8)
    make_subscription(make_subscriber("reader@example.org"))
    tick(NOW)


def told() -> list[str]:
    """What the reader was told, a line for each mail."""
    names = ("Told before the backup", "Due in the gap", "Due later")
    return [" + ".join(name for name in names if name in text_of(mail)) for mail in sent_mails()]


def put_on_hold() -> SendingHold:
    return SendingHold.objects.open().get()


def test_dump_in_an_empty_database_is_the_same_and_goes_on_dat02(
    backup: Path, tmp_path: Path
) -> None:
    live_for_a_day()
    kept = table_sums("default")
    made = back_up(file=backup, now=NOW)
    assert made.tables == kept
    with empty_database(DRILL, tmp_path):
        restore(file=backup, overwrite=False, now=NOW + DAY, alias=DRILL)
        found = table_sums(DRILL)
        assert found.pop("timeline_sendinghold").rows == 1
        kept.pop("timeline_sendinghold")
        assert found == kept
        assert RecordHead.objects.using(DRILL).get().number == RecordHead.objects.get().number > 0
        _insert_everywhere(DRILL)
        (hold,) = SendingHold.objects.using(DRILL).all()
        assert (hold.since, hold.backup_at, hold.lifted_at) == (NOW + DAY, NOW, None)
        assert hold.reason == "restored from a backup of 2026-11-24 09:00 UTC"


def _insert_everywhere(alias: str) -> None:
    """The next key of a sequence is one that is free; and the triggers are there again."""
    for model in (Topic, Party, Subscriber):
        rows = model._default_manager.using(alias)
        last = rows.aggregate(last=Max("pk"))["last"] or 0
        row = rows.create(**_any_row(model))
        assert row.pk > last
    with connections[alias].cursor() as cursor, pytest.raises(Exception, match="only grows"):
        cursor.execute("DELETE FROM commitments_revision")


def _any_row(model: type[Any]) -> dict[str, Any]:
    if model is Subscriber:
        times = dict.fromkeys(("created_at", "confirmed_at", "state_changed_at"), NOW)
        return {"address": "new@example.org", "time_zone": "UTC", "language": "en", **times}
    kind = {"kind": PartyKind.REGION} if model is Party else {}
    return {"key": "new", "name": "New", **kind}


def test_what_was_due_in_the_gap_is_sent_once_dat02(backup: Path) -> None:
    live_for_a_day()
    back_up(file=backup, now=NOW + HOUR)
    restore(file=backup, overwrite=True, now=NOW + 2 * DAY)  # nobody ticked on the day between
    tick(NOW + 2 * DAY)
    assert told() == ["Told before the backup"]
    lift_hold(hold=put_on_hold(), sent_until=None, actor=None, now=NOW + 2 * DAY)
    for hours in (0, 1, 24):
        tick(NOW + 2 * DAY + hours * HOUR)
    assert told() == ["Told before the backup", "Due in the gap"]


def test_backup_of_yesterday_repeats_nothing_dat03(backup: Path) -> None:
    live_for_a_day()
    make_due("Due later", in_days=10)
    back_up(file=backup, now=NOW + HOUR)
    tick(NOW + DAY)  # the site goes on, then it is lost
    assert told() == ["Told before the backup", "Due in the gap"]
    restored = NOW + DAY + HOUR
    restore(file=backup, overwrite=True, now=restored)
    for hours in (0, 1, 30):
        assert tick(restored + hours * HOUR) == 0
    assert len(told()) == 2
    lift_hold(hold=put_on_hold(), sent_until=restored, actor=None, now=restored + 30 * HOUR)
    for hours in (30, 31, 54, 78):
        tick(restored + hours * HOUR)
    assert told() == ["Told before the backup", "Due in the gap", "Due later"]
    assert OutboxEmail.objects.filter(state="cancelled").count() == 1


def test_backup_made_while_on_hold_comes_back_with_that_hold(backup: Path) -> None:
    make_topic("roads")
    first = SendingHold.objects.create(since=NOW - DAY, reason="the first", backup_at=NOW - 2 * DAY)
    back_up(file=backup, now=NOW)
    restore(file=backup, overwrite=True, now=NOW)
    assert put_on_hold() == first


def test_database_with_data_is_not_overwritten_unasked(backup: Path) -> None:
    make_topic("roads")
    back_up(file=backup, now=NOW)
    make_topic("bridges")
    before = table_sums("default")
    with pytest.raises(SafekeepingError, match="This database has data"):
        restore(file=backup, overwrite=False, now=NOW)
    assert table_sums("default") == before
    cache.set("feed", "old")
    restore(file=backup, overwrite=True, now=NOW)
    assert list(Topic.objects.values_list("key", flat=True)) == ["roads"]
    assert cache.get("feed") is None


@pytest.mark.once
def test_every_single_row_counts_as_data(tmp_path: Path, backup: Path) -> None:
    back_up(file=backup, now=NOW)
    with empty_database(DRILL, tmp_path):
        assert not has_rows(DRILL)
        restore(file=backup, overwrite=False, now=NOW, alias=DRILL)
        assert has_rows(DRILL)  # the hold
        SendingHold.objects.using(DRILL).all().delete()
        assert not has_rows(DRILL)


@pytest.mark.once
def test_backup_is_of_one_owner_and_never_written_over(backup: Path) -> None:
    back_up(file=backup, now=NOW)
    assert backup.stat().st_mode & 0o777 == 0o600
    content = backup.read_bytes()
    with pytest.raises(SafekeepingError, match="never written over"):
        back_up(file=backup, now=NOW)
    assert (backup.read_bytes(), list(backup.parent.iterdir())) == (content, [backup])


@pytest.mark.once
def test_backup_that_fails_leaves_nothing_behind(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(*_: Any) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_archive", disk_is_full)
    with pytest.raises(SafekeepingError, match="No space left on device"):
        back_up(file=backup, now=NOW)
    assert list(backup.parent.iterdir()) == []


def damage(file: Path, *, at: float) -> None:
    """Change one byte, so far into the file."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    file.write_bytes(content)


@pytest.mark.once
def test_full_disk_is_told_and_leaves_nothing(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_small(connect: Any, *arguments: Any) -> Any:
        made = connect(*arguments)
        made.execute("PRAGMA max_page_count=10")  # what SQLite does at the end of a disk
        return made

    connect = partial(make_small, sqlite3.connect)
    monkeypatch.setattr(sqlite, "sqlite3", SimpleNamespace(**{**vars(sqlite3), "connect": connect}))
    with pytest.raises(SafekeepingError, match="database or disk is full"):
        back_up(file=backup, now=NOW)
    assert list(backup.parent.iterdir()) == []


@pytest.mark.once
def test_damaged_backup_is_refused_and_the_database_stays(backup: Path) -> None:
    make_topic("roads")
    back_up(file=backup, now=NOW)
    before = table_sums("default")
    whole = backup.read_bytes()
    spoilt = (
        lambda: damage(backup, at=0.5),
        lambda: backup.write_bytes(whole[: len(whole) // 2]),
        lambda: backup.write_bytes(b""),
        lambda: backup.write_bytes(b"not an archive" * 100),
        backup.unlink,
    )
    for spoil in spoilt:
        spoil()
        with pytest.raises(SafekeepingError, match="damaged"):
            restore(file=backup, overwrite=True, now=NOW)
        assert table_sums("default") == before
        backup.write_bytes(whole)


def change_manifest(file: Path, **values: Any) -> None:
    """The same backup, which says something else of itself."""
    with tarfile.open(file) as tar:
        found = [(one, tar.extractfile(one)) for one in tar]
        members = [(one, file.read()) for one, file in found if file is not None]
    with tarfile.open(file, "w") as tar:
        for member, content in members:
            said = content
            if member.name == "manifest.json":
                said = json.dumps({**json.loads(content), **values}).encode()
            member.size = len(said)
            tar.addfile(member, io.BytesIO(said))


@pytest.mark.once
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"migrations": ["commitments.9999_to_come"]}, "newer release, with commitments.9999_to_"),
        ({"format": 2}, "made by another release"),
        ({"dump_sha256": "0" * 64}, "damaged"),
        ({"vendor": "oracle"}, "damaged"),
    ],
)
def test_backup_that_does_not_fit_is_refused(
    backup: Path, values: dict[str, Any], sentence: str
) -> None:
    back_up(file=backup, now=NOW)
    change_manifest(backup, **values)
    with pytest.raises(SafekeepingError, match=sentence):
        restore(file=backup, overwrite=True, now=NOW)
    assert SendingHold.objects.count() == 0


def test_restore_that_fails_at_its_end_changes_nothing(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_topic("roads")
    back_up(file=backup, now=NOW)
    make_topic("bridges")
    before = table_sums("default")
    monkeypatch.setattr(backups, "hold_sql", lambda *_a, **_k: "SELECT no_such_thing")
    with pytest.raises(Exception, match="no_such_thing"):
        restore(file=backup, overwrite=True, now=NOW)
    connection.close()
    assert table_sums("default") == before


def test_row_that_is_not_what_was_kept_shows(backup: Path, tmp_path: Path) -> None:
    make_topic("roads")
    back_up(file=backup, now=NOW)
    manifest, _dump = read_archive(backup, tmp_path)
    tables = {
        name: {"rows": one.rows, "sha256": one.sha256} for name, one in manifest.tables.items()
    }
    tables["commitments_topic"]["sha256"] = "0" * 64
    change_manifest(backup, tables=tables)
    with (
        empty_database(DRILL, tmp_path),
        pytest.raises(SafekeepingError, match="in the tables commitments_topic"),
    ):
        restore(file=backup, overwrite=False, now=NOW, alias=DRILL)


def test_sums_see_each_value_and_know_each_table() -> None:
    make_commitment(title="A bridge")
    assert {table_of(model) for model in every_model()} == set(table_sums("default"))
    before = table_sums("default")
    Topic.objects.create(key="x", name="X")
    Topic.objects.filter(key="x").update(name="Y")
    changed = table_sums("default")
    assert [name for name in before if before[name] != changed[name]] == ["commitments_topic"]


def test_programs_are_told_no_word_that_an_older_one_does_not_know() -> None:
    if connection.vendor != "postgresql":
        return
    _program, address = with_address("pg_dump", connection)
    given = conninfo_to_dict(address.removeprefix("--dbname="))
    assert given.keys() <= {"dbname", "host", "hostaddr", "port", "user"}
    assert given["dbname"] == connection.settings_dict["NAME"]
    assert "password" not in address


def test_commands_say_what_they_did_and_what_is_next(backup: Path, capsys: Any) -> None:
    make_commitment()
    with time_machine.travel(NOW, tick=False):
        call_command("back_up", str(backup))
        head = RecordHead.objects.get()
        assert f"\nhead {head.number}:{head.digest}\n" in capsys.readouterr().out
        with pytest.raises(CommandError, match="--overwrite replaces all of it"):
            call_command("restore", str(backup))
        call_command("restore", str(backup), "--overwrite")
        said = capsys.readouterr().out
        assert f"manage.py verify_record --head {head.number}:{head.digest}\n" in said
        assert "Mail is on hold" in said
        call_command("verify_record", "--head", f"{head.number}:{head.digest}")
        with pytest.raises(CommandError, match="with its zone"):
            call_command("lift_hold", "--sent-until", "2026-11-24T08:00")
        with pytest.raises(CommandError, match="before the backup"):
            call_command("lift_hold", "--sent-until", "2026-11-24T08:00Z")
        call_command("lift_hold", "--nothing-was-sent")
        with pytest.raises(CommandError, match="not on hold"):
            call_command("lift_hold", "--nothing-was-sent")
        call_command("hold_sending", "--reason", "a snapshot came back")
        assert put_on_hold().reason == "a snapshot came back"
