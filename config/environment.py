"""Typed readers for the environment: a value that makes no sense stops the start with a sentence.

An empty variable counts as not set, as `NAME=` in a container's file means "leave it".
No message repeats a value: many of them are secrets.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from environs import Env, EnvError

_env = Env()
names_read: set[str] = set()


def stop(name: str, reason: str) -> NoReturn:
    """Leave with exit code 1 and one sentence that names the variable and the fix."""
    raise SystemExit(f"Setting {name}: {reason}")


def _read(method: Callable[..., Any], name: str, default: Any, expected: str) -> Any:
    names_read.add(name)
    if not os.environ.get(name, "").strip():
        return default
    try:
        return method(name)
    except EnvError:
        stop(name, f"expected {expected}.")


def text(name: str, default: str = "") -> str:
    """Return the text without the blanks around it."""
    return str(_read(_env.str, name, default, "a text")).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no."""
    return bool(_read(_env.bool, name, default, "true or false"))


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`, both included."""
    expected = f"a whole number from {least} to {most}"
    value = int(_read(_env.int, name, default, expected))
    if not least <= value <= most:
        stop(name, f"expected {expected}.")
    return value


def choice(name: str, default: str, *, of: Sequence[str]) -> str:
    """Return one of a few words."""
    value = text(name, default)
    if value not in of:
        stop(name, f"expected {' or '.join(of)}.")
    return value


def networks(name: str) -> list[str]:
    """Return networks such as 10.0.0.0/8 (RFC 4632), written with commas; an address is one too."""
    given = names(name, [])
    try:
        return [str(ipaddress.ip_network(network)) for network in given]
    except ValueError:
        stop(name, "expected networks such as 10.0.0.0/8 or ::1, with commas between them.")


def names(name: str, default: list[str]) -> list[str]:
    """Return a list that is written with commas."""
    given = _read(_env.list, name, default, "names with commas between them")
    return [part.strip() for part in given if part.strip()]


def time_zone(name: str, default: str) -> str:
    """Return a name of the IANA time zone database."""
    value = text(name, default)
    if value not in available_timezones():
        stop(name, "expected a name of the IANA time zone database, such as Asia/Almaty.")
    return ZoneInfo(value).key


def site_url(name: str, default: str) -> str:
    """Return scheme and host (and port), without a slash at the end: links are built by joining."""
    value = text(name, default)
    parts = _split(name, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        stop(name, "expected an address such as https://example.org.")
    if parts.path or parts.query or parts.fragment or parts.username:
        stop(name, "expected scheme and host only, without a path or a slash at the end.")
    return value


def redis_url(name: str) -> str:
    """Return the address of a Redis, or nothing."""
    value = text(name)
    if value and _split(name, value).scheme not in {"redis", "rediss", "unix"}:
        stop(name, "expected an address such as redis://localhost:6379/0.")
    return value


def database(name: str, *, default: Path, root: Path, pool_size: int) -> dict[str, Any]:
    """Return Django's settings of a database; a relative SQLite path counts from `root`."""
    expected = "sqlite:///var/db.sqlite3 or postgres://user:password@host:5432/name"
    given: dict[str, Any] | None = _read(_env.dj_db_url, name, None, expected)
    if given is None:
        return {"ENGINE": _SQLITE, **_sqlite_options(default)}
    database_name = given.get("NAME")
    if given.get("ENGINE") == _SQLITE and database_name != ":memory:":
        return given | _sqlite_options(root / str(database_name))
    if given.get("ENGINE") == _POSTGRESQL and database_name:
        return given | _postgresql_options(given.get("OPTIONS", {}), pool_size)
    stop(name, f"expected {expected}.")


_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"


def _sqlite_options(file: Path) -> dict[str, Any]:
    # IMMEDIATE: a transaction that starts by reading and then writes would otherwise fail at once
    # with "database is locked", without waiting for `timeout`.
    # FULL: a committed row survives a power cut; NORMAL under WAL may lose the last ones.
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
    # A file for the tests as well: worker and server processes open the same one.
    test = {"NAME": str(file.with_suffix(".test.sqlite3"))}
    # A minute: to open the file, read its schema and set all this takes four times as long as a
    # kept feed; and closing the last connection writes the whole WAL back, each time.
    return {"NAME": str(file), "OPTIONS": options, "TEST": test, "CONN_MAX_AGE": 60}


def _postgresql_options(given: Mapping[str, Any], pool_size: int) -> dict[str, Any]:
    if not pool_size:
        return {"OPTIONS": dict(given)}
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return {"OPTIONS": {**given, "pool": pool}, "CONN_MAX_AGE": 0}


def mail(name: str, *, default: Path, root: Path) -> dict[str, Any]:
    """Return Django's EMAIL_ settings (and MAILDIR_PATH) of one address; `default` is a Maildir.

    Known: `smtp://`, `smtp+tls://` (STARTTLS), `smtps://` (TLS from the start), each with
    `user:password@host:port` and `?timeout=seconds`; a provider and its key, as in `postmark:key`;
    `maildir:folder`; `console:`.
    """
    value = text(name)
    if not value:
        return _maildir(default)
    parts = _split(name, value)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "maildir" and parts.path:
        return _maildir(root / unquote(parts.path))
    if parts.scheme in _SMTP_PORTS and parts.hostname:
        return _smtp(name, parts)
    if parts.scheme in _PROVIDER_KEYS and parts.path:
        backend = f"anymail.backends.{parts.scheme}.EmailBackend"
        return {"EMAIL_BACKEND": backend, "ANYMAIL": {_PROVIDER_KEYS[parts.scheme]: parts.path}}
    known = "smtp://user:password@host:587, smtp+tls://, smtps://, postmark:key, maildir:, console:"
    stop(name, f"expected one of {known}.")


def _maildir(folder: Path) -> dict[str, Any]:
    return {"EMAIL_BACKEND": "timeline.mail.maildir.MaildirBackend", "MAILDIR_PATH": folder}


# The providers of django-anymail that need a key and nothing else.
_PROVIDER_KEYS = {
    "brevo": "BREVO_API_KEY",
    "mailersend": "MAILERSEND_API_TOKEN",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "resend": "RESEND_API_KEY",
    "sparkpost": "SPARKPOST_API_KEY",
}
_SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def _smtp(name: str, parts: SplitResult) -> dict[str, Any]:
    seconds = parse_qs(parts.query).get("timeout", ["15"])[0]
    if not re.fullmatch(r"[1-9]\d{0,2}", seconds):
        stop(name, "expected timeout=seconds, from 1 to 999.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _SMTP_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": int(seconds),
    }


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # read here, as it is checked only when it is read
    except ValueError:
        stop(name, "this is not an address; look at the host and the port.")
    return parts
