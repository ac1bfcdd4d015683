"""The API over 100,000 commitments on PostgreSQL, by 2 workers of the web server, 16 at a time.

A page of 50 against a view by psycopg and orjson that says the same, a deep page and a filtered one
against the first, and 304 against a view that does nothing. HOW_MANY=2000 to try it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from tests.services.postgresql import start_postgresql

FOLDER = Path(tempfile.mkdtemp(prefix="benchmark-"))
os.environ.setdefault("DATABASE_URL", start_postgresql(FOLDER / "postgresql"))

from benchmarks.frame import a_database, finish, report, set_up_django

set_up_django()

from django.db import connection

from benchmarks.made_up import make_commitments
from tests.services.ports import LOOPBACK, free_port, wait_until_listening
from tests.services.programs import Program
from tests.services.site import database_url

HOW_MANY = int(os.environ.get("HOW_MANY", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = float(os.environ.get("SECONDS", "2"))
WORKERS, CONCURRENCY, DEEP = 2, 16, 40
LIST = "/api/v1/commitments/"
RANGE = f"{LIST}?from=2024-03-01&to=2026-02-28"


@dataclass(frozen=True)
class Ask:
    """A request that is asked again and again, and the status that it has to have."""

    path: str
    status: int = 200
    tag: str = ""

    def sent(self) -> bytes:
        """The request as bytes (RFC 9112)."""
        known = f"If-None-Match: {self.tag}\r\n" if self.tag else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n{known}\r\n".encode()


class Asking(asyncio.Protocol):
    """One connection: the next request follows the end of the answer to the last."""

    def __init__(self, ask: Ask, end: float, done: asyncio.Future[int]) -> None:
        self.request, self.begins = ask.sent(), f"HTTP/1.1 {ask.status} ".encode()
        self.end, self.done = end, done
        self.answers, self.received = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # for the type
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, body = self.received.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        if not head.startswith(self.begins):
            self.done.set_exception(AssertionError(self.received[:500]))
            return
        self.answers, self.received = self.answers + 1, b""
        if time.perf_counter() < self.end:
            self.transport.write(self.request)
        else:
            self.transport.close()
            self.done.set_result(self.answers)


def _length(head: bytes) -> int:
    _before, found, after = head.lower().partition(b"content-length:")
    return int(after.partition(b"\r\n")[0]) if found else 0


async def asked(port: int, ask: Ask, seconds: float) -> float:
    """Answers a second to `ask`, `CONCURRENCY` at a time."""
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    dones: list[asyncio.Future[int]] = [loop.create_future() for _one in range(CONCURRENCY)]
    for done in dones:
        asking = Asking(ask, start + seconds, done)
        await loop.create_connection(lambda asking=asking: asking, LOOPBACK, port)  # type: ignore[misc]
    answers = sum(await asyncio.gather(*dones))
    return answers / (time.perf_counter() - start)


def compare(port: int, name: str, ask: Ask, baseline: Ask, *, target: float) -> bool:
    """Print how many answers a second `ask` gets against `baseline`; whether it is enough."""
    values, baselines = [], []
    for one in (ask, baseline):
        asyncio.run(asked(port, one, 0.5))
    for _round in range(ROUNDS):
        values.append(asyncio.run(asked(port, ask, SECONDS)))
        baselines.append(asyncio.run(asked(port, baseline, SECONDS)))
    value, base = statistics.median(values), statistics.median(baselines)
    return report(name, value=value, unit="answers/s", baseline=base, target=target)


@contextmanager
def a_site() -> Iterator[int]:
    """The web server with the database that is set; its port."""
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url(connection.settings_dict),
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "ALLOWED_HOSTS": LOOPBACK,
        "API_ANONYMOUS_PER_MINUTE": "1000000",  # counted, never reached
    }
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port)]
    options += ["--workers", str(WORKERS), "--blocking-threads", "4", "--no-ws"]
    command = [sys.executable, "-m", "granian", *options, "benchmarks.api_site:application"]
    program = Program(command, env=env, log=FOLDER / "web.log")
    try:
        try:
            wait_until_listening(port)
        except TimeoutError as error:
            raise RuntimeError(program.output) from error
        yield port
    finally:
        program.stop()


def read(port: int, path: str) -> tuple[dict[str, object], str]:
    """The JSON at `path` and its tag."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}{path}") as answer:
        return json.load(answer), answer.headers.get("ETag", "")


def deep_path(port: int) -> str:
    """The path of the page after `DEEP` others."""
    path = LIST
    for _page in range(min(DEEP, HOW_MANY // 50 - 1)):
        body, _tag = read(port, path)
        path = str(body["next"]).removeprefix(f"http://{LOOPBACK}:{port}")
    return path


def measure(port: int) -> list[bool]:
    """Print the four figures."""
    (ours, tag), (raws, _none) = read(port, LIST), read(port, "/raw/")
    if ours["results"] != raws["results"]:
        raise AssertionError("the raw view says something else")
    first, raw, nothing = Ask(LIST), Ask("/raw/"), Ask("/nothing/")
    return [
        compare(port, "page of 50 against raw psycopg and orjson", first, raw, target=0.4),
        compare(port, f"page {DEEP} against the first", Ask(deep_path(port)), first, target=0.8),
        compare(port, "page in a range against the first", Ask(RANGE), first, target=0.5),
        compare(port, "304 against nothing", Ask(LIST, 304, tag), nothing, target=0.5),
    ]


def main() -> None:
    """Measure on a PostgreSQL that is started for it, or on that of DATABASE_URL."""
    with a_database():
        make_commitments(HOW_MANY)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with a_site() as port:
            results = measure(port)
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
