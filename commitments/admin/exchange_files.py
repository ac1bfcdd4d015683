"""A checked file waits on disk for its second click; its token tells whose it is, and is signed.

Who never clicks leaves a file behind: the next upload sweeps away what nobody may confirm any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core import signing

from commitments.models import RecordHead, User

_SECONDS_TO_CONFIRM: Final = 3_600
_SALT: Final = "commitments.exchange"
_NAME: Final = re.compile(r"[0-9a-f]{32}")


def keep(data: bytes, user: User, *, publish: bool, now: datetime) -> str:
    """Keep the bytes of a checked file for an hour; returns the token of the second click."""
    for path in abandoned(now):
        path.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    _write(_path(name), data, now)
    return _token({"name": name, "digest": _digest(data), "publish": publish}, user)


def keep_on(kept: dict[str, Any], user: User, *, now: datetime) -> str:
    """Give a file that is shown once more another hour; returns its new token."""
    os.utime(_path(kept["name"]), (now.timestamp(), now.timestamp()))
    return _token({name: kept[name] for name in ("name", "digest", "publish")}, user)


def kept_file(token: str, user: User) -> dict[str, Any] | None:
    """What the token tells, with the bytes of the file; None where it is not to be had."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_SECONDS_TO_CONFIRM)
        data = _path(told["name"]).read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        return None
    is_the_same = told["user"] == user.pk and _digest(data) == told["digest"]
    return {**told, "data": data} if is_the_same else None


def drop(kept: dict[str, Any]) -> None:
    """Remove a file that has been imported."""
    _path(kept["name"]).unlink(missing_ok=True)


def abandoned(now: datetime) -> Iterator[Path]:
    """Yield the files that no token opens any more; nothing else that may lie there."""
    for path in _folder().iterdir():
        is_one = _NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        with suppress(FileNotFoundError):  # another process swept faster
            if is_one and now.timestamp() - path.stat().st_mtime > _SECONDS_TO_CONFIRM:
                yield path


def head_number() -> int:
    """How far the record has come."""
    return RecordHead.objects.values_list("number", flat=True).first() or 0


def _token(told: dict[str, Any], user: User) -> str:
    return signing.dumps({**told, "user": user.pk, "head": head_number()}, salt=_SALT)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _folder() -> Path:
    """A folder that only the program may open, and no other program writes to."""
    folder: Path = settings.VAR_DIR / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(name: str) -> Path:
    """Where the file `name` is; a name that leads elsewhere is none of ours."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return _folder() / name


def _write(path: Path, data: bytes, now: datetime) -> None:
    """Write a new file, for the program alone, as old as `now` says."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    os.utime(path, (now.timestamp(), now.timestamp()))
