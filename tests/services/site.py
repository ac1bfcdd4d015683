"""The project's own programs as real processes: web server and worker, on a given environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.services.ports import LOOPBACK, free_port, wait_until_listening
from tests.services.programs import Program, run

Environment = dict[str, str]


def environment(folder: Path, database: Mapping[str, Any]) -> Environment:
    """Return an environment that shares a database (Django's settings of it) with the test.

    Everything else is the embedded default, with its state under `folder`, a tick a second,
    and as many requests as a test likes.
    """
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    port = free_port()
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "true",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": database_url(database),
        "PORT": str(port),
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "TICK_SECONDS": "1",
        "LINK_CHECK_HOURS": "0",
        "API_ANONYMOUS_PER_MINUTE": "0",
        "API_KEY_PER_MINUTE": "0",
        "API_WRITES_PER_MINUTE": "0",
    }


def database_url(database: Mapping[str, Any]) -> str:
    """Return the address of a database that Django is connected to."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    host = database["OPTIONS"].get("host", "")
    who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    where = f"{database['HOST']}:{database['PORT']}".rstrip(":")
    return f"postgres://{who}@{where}/{database['NAME']}" + (f"?host={host}" if host else "")


def manage(env: Environment, *arguments: str) -> str:
    """Run one management command and return its output."""
    return run([sys.executable, "manage.py", *arguments], env=env)


def start_web(env: Environment, folder: Path, *, clock: str = "") -> Program:
    """Start the web server and return when it listens."""
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", env["PORT"]]
    command = [*_python(clock), "granian", *options, "config.wsgi:application"]
    program = Program(command, env=env, log=folder / f"web-{env['PORT']}.log")
    try:
        wait_until_listening(int(env["PORT"]))
    except TimeoutError as error:
        program.stop()
        raise RuntimeError(program.output) from error
    return program


def start_worker(env: Environment, folder: Path, *, clock: str = "", beat: bool = True) -> Program:
    """Start a Celery worker (with beat) and return when it is ready."""
    options = ["--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"]
    extra = ["--beat"] if beat else []
    command = [*_python(clock), "celery", "--app", "config", "worker", *extra, *options]
    count = len(list(folder.glob("worker-*.log")))
    program = Program(command, env=env, log=folder / f"worker-{count}.log")
    try:
        program.wait_for_output(" ready.")
    except (TimeoutError, RuntimeError):
        program.stop()
        raise
    return program


def _python(clock: str) -> list[str]:
    """Return the start of a command that runs a module, with its clock moved if one is given."""
    return [sys.executable, "-m", *(["tests.services.moved_clock", clock] if clock else [])]
