"""The file of a backup: a tar archive with the database and a manifest that says what it holds.

    manifest.json       kind of database, when, head of the record, migrations, sums of all tables
    database.sqlite3    a whole SQLite database, or
    database.dump       what `pg_dump --format=custom` wrote: `pg_restore` reads it

So it can be read without this program: `tar xf FILE`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sums import TableSum

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP_OF: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MOST_MANIFEST_BYTES: Final = 10_000_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `made_at` is ISO 8601 in UTC; `head` as `verify_record` prints it."""

    vendor: str
    made_at: str
    head: str
    migrations: list[str]
    tables: dict[str, TableSum]
    dump_bytes: int
    dump_sha256: str
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables.values())


def write_archive(folder: Path, manifest: Manifest, dump: Path) -> Path:
    """Put both into a new archive in `folder`, safe on the disk, readable by its owner only."""
    described = folder / MANIFEST
    described.write_text(json.dumps(asdict(manifest), indent=1))
    archive = folder / "whole.tar"
    with os.fdopen(os.open(archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            tar.add(described, MANIFEST)
            tar.add(dump, DUMP_OF[manifest.vendor])
        file.flush()
        os.fsync(file.fileno())
    return archive


def read_archive(file: Path, folder: Path) -> tuple[Manifest, Path]:
    """Take a backup apart into `folder`; raise SafekeepingError where it is not whole.

    Only the two members are taken, under names of ours, whatever else the archive says.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            manifest = _manifest(_member(tar, MANIFEST).read(MOST_MANIFEST_BYTES))
            dump = folder / DUMP_OF[manifest.vendor]
            with dump.open("wb") as copy:
                shutil.copyfileobj(_member(tar, dump.name), copy, _BLOCK)
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        sentence = f"{file} is not a backup, or it was damaged: {error}"
        raise SafekeepingError(sentence) from error
    if manifest.format != FORMAT:
        raise SafekeepingError(f"{file} was made by another release: its format is not {FORMAT}.")
    if (dump.stat().st_size, sha256_of(dump)) != (manifest.dump_bytes, manifest.dump_sha256):
        raise SafekeepingError(f"{file} was damaged: the database in it is not what it was.")
    return manifest, dump


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise ValueError(f"{name} is no file in it")
    return found


def _manifest(text: bytes) -> Manifest:
    given: dict[str, Any] = json.loads(text)
    tables = {name: TableSum(**table) for name, table in given.pop("tables").items()}
    return Manifest(tables=tables, **given)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, read block by block."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
