"""The visitors: so many at once, each asks again as soon as it is answered, and all is counted.

Half of them are programs that poll a feed with the tag that they know, the rest reads pages and the
API, and a few edit. A visitor keeps its connection, as browsers and pollers do.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.services.ports import LOOPBACK

PATIENCE_SECONDS = 30.0
AFTER_A_FAILURE_SECONDS = 0.2

Answer = tuple[int, Mapping[str, str]]


@dataclass
class Counts:
    """What came of the requests of one stage: statuses, and seconds by kind."""

    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bodies: list[str] = field(default_factory=list)

    def add(self, kind: str, status: int | str, seconds: float) -> None:
        self.statuses[kind, status] += 1
        if isinstance(status, int) and status < 500:
            self.seconds[kind].append(seconds)

    def failed(self) -> dict[str, int]:
        """How often a request came to nothing: errors of the server, lost connections."""
        found: Counter[str] = Counter()
        for (_kind, status), count in self.statuses.items():
            if isinstance(status, str) or status >= 500:
                found[str(status)] += count
        return dict(found)

    def answered(self) -> int:
        return sum(len(some) for some in self.seconds.values())


def percentile(values: list[float], hundredths: int) -> float:
    """In milliseconds; 0 of nothing."""
    ordered = sorted(values)
    return (
        round(1000 * ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)], 1)
        if (ordered)
        else 0.0
    )


class Connection:
    """One kept connection, and as much of HTTP/1.1 (RFC 9112) as our own server speaks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection(LOOPBACK, self.port)
        reader, writer = self.streams
        lines = [f"{method} {path} HTTP/1.1", f"Host: {LOOPBACK}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        pairs = (line.partition(":") for line in head[1:] if line)
        found = {name.lower(): value.strip() for name, _colon, value in pairs}
        content = await self._body(reader, status, found)
        if found.get("connection", "").lower() == "close":
            self.drop()
        return status, found, content

    async def _body(
        self, reader: asyncio.StreamReader, status: int, headers: Mapping[str, str]
    ) -> bytes:
        if status in {204, 304}:
            return b""
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", "0")))
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts)

    def drop(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


@dataclass
class Visitors:
    """All of them; `counts` can be changed at any time, for the next stage."""

    port: int
    key: str
    ids: list[str]
    topics: list[str]
    source: str
    counts: Counts = field(default_factory=Counts)
    is_over: bool = False

    async def go_on(self, count: int) -> None:
        """Visit with so many at once until `is_over`."""
        await asyncio.gather(*(self._visit(number, count) for number in range(count)))

    async def _visit(self, number: int, of: int) -> None:
        dice, connection = random.Random(number), Connection(self.port)
        # Two editors never want the same record: that would be a refusal, and is tried elsewhere.
        own = self.ids[number::of]
        tags: dict[str, str] = {}
        plan: list[tuple[int, str, Callable[[], tuple[str, str, dict[str, str], bytes]]]] = [
            (50, "feed", lambda: self._poll(dice, tags)),
            (17, "page", lambda: self._page(dice)),
            (25, "api", lambda: self._read(dice)),
            (6, "edit", lambda: self._edit(dice, own)),
            (2, "date move", lambda: self._move(dice, own)),
        ]
        weights = [weight for weight, _kind, _make in plan]
        while not self.is_over:
            _weight, kind, make = dice.choices(plan, weights)[0]
            method, path, headers, body = make()
            start = time.perf_counter()
            try:
                asked = connection.ask(method, path, headers, body)
                status, found, content = await asyncio.wait_for(asked, PATIENCE_SECONDS)
            except (OSError, EOFError) as error:
                connection.drop()
                self.counts.add(kind, type(error).__name__, time.perf_counter() - start)
                await asyncio.sleep(AFTER_A_FAILURE_SECONDS)
                continue
            self.counts.add(kind, status, time.perf_counter() - start)
            if kind == "feed" and "etag" in found:
                tags[path] = found["etag"]
            if status >= 400:
                self.counts.bodies.append(f"{method} {path}: {status} {content[:300]!r}")
            if status >= 500:
                await asyncio.sleep(AFTER_A_FAILURE_SECONDS)
        connection.drop()

    def _poll(
        self, dice: random.Random, tags: Mapping[str, str]
    ) -> tuple[str, str, dict[str, str], bytes]:
        path = f"/feeds/commitments.ics?topic={dice.choice(self.topics)}"
        known = {"If-None-Match": tags[path]} if path in tags else {}
        return "GET", path, {"Accept-Encoding": "gzip", **known}, b""

    def _page(self, dice: random.Random) -> tuple[str, str, dict[str, str], bytes]:
        one, topic = dice.choice(self.ids), dice.choice(self.topics)
        return "GET", dice.choice(["/", f"/?topic={topic}", f"/c/{one}/", "/ru/"]), {}, b""

    def _read(self, dice: random.Random) -> tuple[str, str, dict[str, str], bytes]:
        one, topic = dice.choice(self.ids), dice.choice(self.topics)
        api = "/api/v1"
        lists = [
            f"{api}/commitments/?topic={topic}",
            f"{api}/changes/",
            f"{api}/commitments/{one}/",
        ]
        return "GET", dice.choice(lists), {}, b""

    def _edit(self, dice: random.Random, own: list[str]) -> tuple[str, str, dict[str, str], bytes]:
        path = f"/api/v1/commitments/{dice.choice(own)}/"
        values = {"summary": f"As of {time.time_ns()}.", "reason": "A soak."}
        return "PATCH", path, self._writing(), json.dumps(values).encode()

    def _move(self, dice: random.Random, own: list[str]) -> tuple[str, str, dict[str, str], bytes]:
        path = f"/api/v1/commitments/{dice.choice(own)}/date-moves/"
        day = (datetime.now(UTC) + timedelta(days=dice.randint(1, 30))).date().isoformat()
        cited = [{"source": self.source, "role": "moves"}]
        values = {"window": day, "reason": "A soak.", "new_citations": cited}
        return "POST", path, self._writing(), json.dumps(values).encode()

    def _writing(self) -> dict[str, str]:
        kinds = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return kinds | {"If-Match": "*"}
