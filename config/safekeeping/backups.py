"""Make a backup, and come back to one: whole or not at all, and with all mail on hold."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from commitments.models import RecordHead
from config.safekeeping.aliases import second_database, sqlite_file
from config.safekeeping.files import (
    DUMP_OF,
    Manifest,
    read_archive,
    sha256_of,
    write_archive,
)
from config.safekeeping.postgresql import dump_postgresql, fill_postgresql
from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sqlite import COPY, check_sqlite, dump_sqlite, fill_sqlite
from config.safekeeping.sums import TableSum, differences, table_sums, tables_in

logger = logging.getLogger(__name__)

HOLDS: Final = "timeline_sendinghold"
MADE_BY_MIGRATIONS: Final = frozenset(
    {"django_migrations", "django_content_type", "auth_permission"}
)


def back_up(*, file: Path, now: datetime, alias: str = "default") -> Manifest:
    """Write a new backup of one moment of the database to `file`, while others work.

    Raises SafekeepingError; then `file` is not there. What is unfinished lies beside it, in a
    folder that is removed.
    """
    connection = connections[alias]
    _refuse_other_databases(connection)
    if file.exists():
        raise SafekeepingError(f"{file} exists: a backup is never written over; name another.")
    if pending := pending_migrations(alias):
        raise SafekeepingError(f"Run migrate first: {', '.join(pending)} is not applied.")
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
            folder = Path(name)
            dump = folder / DUMP_OF[connection.vendor]
            make = dump_sqlite if connection.vendor == "sqlite" else dump_postgresql
            manifest = _manifest(connection.vendor, dump, make(connection, dump), alias, now)
            write_archive(folder, manifest, dump).rename(file)
    except OSError as error:
        raise SafekeepingError(f"The backup could not be written: {error}") from error
    return manifest


def _manifest(
    vendor: str, dump: Path, tables: dict[str, TableSum], alias: str, now: datetime
) -> Manifest:
    head = RecordHead.objects.using(alias).first()
    return Manifest(
        vendor=vendor,
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        head=f"{head.number}:{head.digest}" if head else "",
        migrations=_applied(alias),
        tables=tables,
        dump_bytes=dump.stat().st_size,
        dump_sha256=sha256_of(dump),
    )


def restore(*, file: Path, overwrite: bool, now: datetime, alias: str = "default") -> Manifest:
    """Bring the database back to what `file` holds, in one transaction; nothing may run meanwhile.

    Raises SafekeepingError; up to the last check the database is as it was. Side effects, in order:
    the database, with sending on hold in the same transaction; the caches are emptied, as the
    numbers of the record go back.
    """
    connection = connections[alias]
    _refuse_other_databases(connection)
    with TemporaryDirectory(prefix="restore-", dir=settings.VAR_DIR) as folder:
        manifest, dump = read_archive(file, Path(folder))
        if manifest.vendor != connection.vendor:
            sentence = f"It is a backup of {manifest.vendor}, this database is {connection.vendor}"
            raise SafekeepingError(f"{sentence}: restore it there, then use move_record.")
        _refuse_newer(manifest, alias)
        if has_rows(alias) and not overwrite:
            raise SafekeepingError("This database has data: --overwrite replaces all of it.")
        if connection.vendor == "sqlite":
            _restore_sqlite(connection, dump, manifest, now)
        else:
            hold = hold_sql(manifest, now, zone="+00")
            cleared = bool(tables_in(alias))
            fill_postgresql(connection, dump, is_cleared=cleared, last=hold)
            _compare(alias, manifest)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    _empty_caches()
    return manifest


def _restore_sqlite(
    connection: BaseDatabaseWrapper, dump: Path, manifest: Manifest, now: datetime
) -> None:
    """Everything is checked and put on hold in the copy, which then replaces the database."""
    check_sqlite(dump)
    with second_database(COPY, sqlite_file(dump)) as copy:
        _compare(COPY, manifest)
        with copy.cursor() as cursor:
            cursor.execute(hold_sql(manifest, now))
    fill_sqlite(connection, dump)


def hold_sql(manifest: Manifest, now: datetime, *, zone: str = "") -> str:
    """The statement that puts sending on hold, unless it was so in the backup."""
    since = now.astimezone(UTC).replace(tzinfo=None)
    made_at = datetime.fromisoformat(manifest.made_at).astimezone(UTC).replace(tzinfo=None)
    reason = f"restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC"
    schema = "public." if zone else ""
    return (
        f"INSERT INTO {schema}{HOLDS} (since, reason, backup_at) "  # noqa: S608 - two instants of ours
        f"SELECT '{since}{zone}', '{reason}', '{made_at}{zone}' "
        f"WHERE NOT EXISTS (SELECT 1 FROM {schema}{HOLDS} WHERE lifted_at IS NULL)"
    )


def _compare(alias: str, manifest: Manifest) -> None:
    """Raise SafekeepingError where what came back is not what was kept.

    A backup of an earlier release has other columns: of it the checksum of the file has to do.
    """
    if pending_migrations(alias):
        return
    found, kept = table_sums(alias), dict(manifest.tables)
    if connections[alias].vendor == "postgresql":  # there the hold was written before
        found.pop(HOLDS, None)
        kept.pop(HOLDS, None)
    if differing := differences(found, kept):
        names = ", ".join(differing)
        raise SafekeepingError(f"What came back is not what was kept, in the tables {names}.")


def has_rows(alias: str) -> bool:
    """Whether anything stands in the database beside what `migrate` itself writes."""
    connection = connections[alias]
    quoted = [connection.ops.quote_name(name) for name in tables_in(alias) - MADE_BY_MIGRATIONS]
    with connection.cursor() as cursor:
        for name in sorted(quoted):
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - a name from the database
            if cursor.fetchone():
                return True
    return False


def pending_migrations(alias: str) -> list[str]:
    """The migrations of this release that the database has not seen."""
    return sorted(set(_known(alias)) - set(_applied(alias)))


def _refuse_newer(manifest: Manifest, alias: str) -> None:
    if unknown := sorted(set(manifest.migrations) - set(_known(alias))):
        sentence = f"It was made by a newer release, with {', '.join(unknown)}: install that first."
        raise SafekeepingError(sentence)


def _known(alias: str) -> list[str]:
    loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
    return [".".join(key) for key in loader.disk_migrations]


def _applied(alias: str) -> list[str]:
    loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
    return sorted(".".join(key) for key in loader.applied_migrations)


def _refuse_other_databases(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor not in DUMP_OF:
        raise SafekeepingError("Only SQLite and PostgreSQL can be backed up by this program.")


def _empty_caches() -> None:
    for name in settings.CACHES:
        try:
            caches[name].clear()
        except Exception:  # noqa: BLE001  # each backend raises errors of its own
            logger.warning("The cache %s does not answer: empty it by hand (FLUSHDB).", name)
