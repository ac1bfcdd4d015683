"""Mixed traffic, 64 at once, on two workers for some minutes, and then the hard days.

    python -m benchmarks.soak 10 [--calm]

On PostgreSQL and Redis; a tick every two seconds plans reminders after the edits and sends them.
Asked for are: no error 5xx and no lost connection in the calm, no growth of memory beyond 10 %
after the warm-up (a fifth of the time). Then, with the traffic going on: PostgreSQL restarted,
Redis frozen, a process of the web server and the whole worker killed, and on SQLite a full disk.
Asked for there: no error but 503 and a lost connection, nothing half-written (`verify_record`), two
copies of a mail at most, and all is well again within 30 s. One JSON object a line.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.services.postgresql import start_postgresql

FOLDER = Path(tempfile.mkdtemp(prefix="soak-"))
os.environ["DATABASE_URL"] = start_postgresql(FOLDER / "postgresql")
os.environ["VAR_DIR"] = str(FOLDER / "var")

from benchmarks.frame import set_up_django

set_up_django()

from django.core.management import call_command
from django.db import connection

from benchmarks.soak.full_disk import on_a_full_disk
from benchmarks.soak.machines import (
    freeze,
    kill_a_child,
    kill_all,
    memory_of,
    restart_postgresql,
    start_line,
)
from benchmarks.soak.traffic import Counts, Visitors, percentile
from commitments.actions.api_keys import issue_key
from commitments.models import Citation
from tests.builders import make_admin, make_commitment, make_document, make_topic
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import Program, run
from tests.services.redis import start_redis
from tests.services.smtp import SmtpServer, copies_of, running_smtp_server
from tests.timeline.mail.builders import make_subscriber, make_subscription

AT_ONCE, WORKERS = 64, 2
COMMITMENTS, TOPICS, READERS = 128, 8, 40
GROWTH_ALLOWED = 1.10
SECONDS_TO_RECOVER = 30
SECONDS_OF_A_HARD_DAY = 8.0


def tell(**line: Any) -> bool:
    """Print one line; returns whether it is well."""
    print(json.dumps(line), flush=True)
    return bool(line.get("ok", True))


def environment(smtp: SmtpServer, redis_port: int) -> dict[str, str]:
    """As a production host has it, but that nobody is slowed down by limits."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]]),
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "ALLOWED_HOSTS": LOOPBACK,
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "HOST": LOOPBACK,
        "PORT": str(port),
        "WEB_PROCESSES": str(WORKERS),
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": f"redis://{LOOPBACK}:{redis_port}/0",
        "EMAIL_URL": smtp.url,
        "VAR_DIR": os.environ["VAR_DIR"],
        "TICK_SECONDS": "2",
        "MAILS_PER_MINUTE": "100000",
        "LINK_CHECK_HOURS": "0",
        "LOG_FORMAT": "plain",
        "API_ANONYMOUS_PER_MINUTE": "0",
        "API_KEY_PER_MINUTE": "0",
        "API_WRITES_PER_MINUTE": "0",
    }


def furnish(port: int) -> Visitors:
    """A record made by its actions, readers who are told of date moves, and a key that writes."""
    call_command("set_up", "--no-demo", verbosity=0, stdout=sys.stderr)
    topics = [make_topic(f"topic-{number}") for number in range(TOPICS)]
    source = make_document()
    made = [
        make_commitment(window="2027", topics=[topics[number % TOPICS]], source=source)
        for number in range(COMMITMENTS)
    ]
    for number in range(READERS):
        query = f"topic={topics[number % TOPICS].key}"
        reader = make_subscriber(f"reader{number}@example.org")
        make_subscription(reader, query=query, lead_days=range(1, 31))
    now = datetime.now(UTC)
    scopes = ["read", "write", "approve"]
    _row, key = issue_key(user=make_admin("soak"), name="soak", scopes=scopes, actor=None, now=now)
    source_id = str(Citation.objects.select_related("source").latest("pk").source.public_id)
    ids = [one.public_id for one in made]
    connection.close()
    return Visitors(port, key, ids, [topic.key for topic in topics], source_id)


async def calm(visitors: Visitors, programs: Mapping[str, Program], minutes: float) -> bool:
    """The traffic for so long; tells the answers by kind and the memory by program."""
    end = time.monotonic() + minutes * 60
    samples: dict[str, list[int]] = {name: [] for name in programs}
    warm = time.monotonic() + minutes * 60 / 5
    while time.monotonic() < end:
        await asyncio.sleep(max(0.5, minutes))
        if time.monotonic() > warm:
            for name, program in programs.items():
                samples[name].append(memory_of(program.process.pid))
    counts, visitors.counts = visitors.counts, Counts()
    results = [
        tell(
            name="calm",
            minutes=minutes,
            answers=counts.answered(),
            a_second=round(counts.answered() / minutes / 60, 1),
            failed=counts.failed(),
            refused={f"{k} {s}": n for (k, s), n in counts.statuses.items() if _is_refusal(s)},
            told=counts.bodies[:5],
            load=os.getloadavg()[0],
            ok=not counts.failed() and not any(_is_refusal(s) for _kind, s in counts.statuses),
        )
    ]
    for kind, seconds in sorted(counts.seconds.items()):
        p50, p99 = percentile(seconds, 50), percentile(seconds, 99)
        tell(name=f"calm: {kind}", answers=len(seconds), p50_ms=p50, p99_ms=p99)
    for name, kilobytes in samples.items():
        part = max(1, len(kilobytes) // 4)
        first, last = (statistics.median(some) for some in (kilobytes[:part], kilobytes[-part:]))
        growth = round(last / first, 3)
        megabytes = [round(first / 1024), round(last / 1024)]
        results.append(
            tell(name=f"memory: {name}", mb=megabytes, growth=growth, ok=growth <= GROWTH_ALLOWED)
        )
    return all(results)


def _is_refusal(status: int | str) -> bool:
    return isinstance(status, int) and 400 <= status < 500


async def hard_day(name: str, visitors: Visitors, happens: Callable[[], object]) -> bool:
    """Let it happen with the traffic going on, wait until all is well, and look at the record."""
    visitors.counts = during = Counts()
    await asyncio.to_thread(happens)
    healed = time.monotonic()
    well_after = None
    while time.monotonic() < healed + SECONDS_TO_RECOVER:
        visitors.counts = window = Counts()
        await asyncio.sleep(3)
        during.statuses.update(window.statuses)
        during.bodies += window.bodies
        if window.answered() and not window.failed():
            well_after = round(time.monotonic() - healed - 3, 1)
            break
    visitors.counts = Counts()
    failed = during.failed()
    unclear = {status: count for status, count in failed.items() if status in {"500", "502"}}
    return tell(
        name=name,
        answered=sum(n for (_k, s), n in during.statuses.items() if isinstance(s, int) and s < 500),
        failed=failed,
        well_after_s=well_after,
        told=[body for body in during.bodies if ": 50" in body][:2],
        ok=well_after is not None and not unclear,
    )


async def mails_flow(smtp: SmtpServer) -> bool:
    """Whether the reminders go on: a mail arrives after this moment."""
    before = len(smtp.messages)
    for _second in range(60):
        await asyncio.sleep(1)
        if len(smtp.messages) > before:
            return tell(name="mails go on", after_s=_second + 1, ok=True)
    return tell(name="mails go on", ok=False)


async def hard_days(
    visitors: Visitors,
    programs: dict[str, Program],
    env: Mapping[str, str],
    smtp: SmtpServer,
) -> bool:
    """One after the other; the worker is started again, as systemd or a container would."""
    seconds = SECONDS_OF_A_HARD_DAY

    def lose_the_worker() -> None:
        kill_all(programs["worker"])
        time.sleep(seconds / 2)
        programs["worker"] = start_line("worker", env, FOLDER)

    restart = functools.partial(restart_postgresql, FOLDER / "postgresql", seconds=seconds)
    frozen = functools.partial(freeze, programs["redis"], seconds=seconds)
    results = [
        await hard_day("PostgreSQL restarted", visitors, restart),
        await mails_flow(smtp),
        await hard_day("Redis frozen", visitors, frozen),
        await mails_flow(smtp),
        await hard_day(
            "web process killed", visitors, functools.partial(kill_a_child, programs["web"])
        ),
        await hard_day("worker killed", visitors, lose_the_worker),
        await mails_flow(smtp),
    ]
    return all(results)


def record_is_whole(env: Mapping[str, str]) -> bool:
    """`verify_record`: it raises where a row is missing, changed or half-written."""
    python = [sys.executable, "manage.py", "verify_record"]
    return tell(name="record", said=run(python, env=env).strip(), ok=True)


async def go_through(
    visitors: Visitors,
    programs: dict[str, Program],
    env: Mapping[str, str],
    smtp: SmtpServer,
    asked: argparse.Namespace,
) -> bool:
    """All that happens while visitors come."""
    going = asyncio.create_task(visitors.go_on(AT_ONCE))
    watched = {name: programs[name] for name in ("web", "worker")}
    results = [await calm(visitors, watched, asked.minutes)]
    if not asked.calm:
        results.append(await hard_days(visitors, programs, env, smtp))
    visitors.is_over = True
    await going
    return all(results)


def soak(asked: argparse.Namespace) -> bool:
    """Start everything, go through it, and look at what is left."""
    redis_port = free_port()
    with running_smtp_server() as smtp:
        env = environment(smtp, redis_port)
        visitors = furnish(int(env["PORT"]))
        programs = {"redis": start_redis(FOLDER, redis_port)}
        try:
            programs["web"] = start_line("web", env, FOLDER)
            programs["worker"] = start_line("worker", env, FOLDER)
            results = [asyncio.run(go_through(visitors, programs, env, smtp, asked))]
            copies = copies_of(smtp)
            most = max(copies.values(), default=0)
            results.append(tell(name="mails", sent=len(copies), copies_at_most=most, ok=most <= 2))
            results.append(record_is_whole(env))
        finally:
            for program in programs.values():
                program.stop()
        if not asked.calm:
            results += [tell(**line) for line in on_a_full_disk(FOLDER, env)]
    return all(results)


def main() -> None:
    """Soak for as many minutes as are asked for; exit 1 where something was not well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("minutes", nargs="?", type=float, default=10)
    parser.add_argument("--calm", action="store_true", help="without the hard days")
    logging.disable(logging.INFO)
    sys.exit(0 if soak(parser.parse_args()) else 1)


if __name__ == "__main__":
    main()
