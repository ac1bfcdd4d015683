"""What the main paths cost with 1,000, 10,000 and 100,000 commitments and as many subscribers.

    python -m benchmarks.scale [SIZE ...]      on PostgreSQL; 1000000 takes some 12 minutes to
                                           make, and its planning about as long (an estimate)

A line for each path: milliseconds at each size (the fastest of some calls, as others may be at work
on the machine), the line through them (so much always, so much for each 1,000), what it says of ten
million, and the exponent between the two largest sizes: 0 where the size does not matter, 1 where
twice as much takes twice as long. `docs/scale.md` says what to do about those that grow.
"""

from __future__ import annotations

import json
import logging
import math
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.services.postgresql import start_postgresql

FOLDER = Path(tempfile.mkdtemp(prefix="benchmark-"))
os.environ.setdefault("DATABASE_URL", start_postgresql(FOLDER / "postgresql"))
for _limit in ("API_ANONYMOUS", "API_KEY", "API_WRITES"):
    os.environ.setdefault(f"{_limit}_PER_MINUTE", "0")

from benchmarks.frame import a_database, set_up_django

set_up_django()

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from benchmarks.made_up import RECORDED, make_commitments, make_readers
from benchmarks.multiplied import (
    ROWS_BY_PYTHON,
    changes_of_all,
    copy_chain,
    multiply,
    multiply_commitments,
)
from commitments.actions.api_keys import issue_key
from commitments.actions.dates import move_date
from commitments.management.commands.set_up import collect_static_files
from commitments.models import Citation, Commitment, Topic, User
from commitments.record_audit import find_faults
from commitments.window import Window
from timeline.actions.claims import claim_emails
from timeline.actions.planning import plan_reminders
from timeline.actions.ticking import run_tick
from timeline.mail.identity import new_message_id
from timeline.models import OutboxEmail, Reminder, Subscriber, Subscription, TickState
from timeline.record_reader import read_head

SIZES = [1_000, 10_000, 100_000]
TEN_MILLION = 10_000_000
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
YEARS = "from=2024-03-01&to=2026-02-28"
CLAIMED_AT_ONCE = 500
NO_PACE = 10_000_000
ROUNDS = 6
SLOW_MS = 5_000

Costs = dict[str, dict[int, float]]


def milliseconds(call: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """The fastest of some calls; of one that takes seconds there is only one."""
    found: list[float] = []
    while len(found) < rounds and (not found or found[-1] < SLOW_MS):
        start = time.perf_counter()
        call()
        found.append(1000 * (time.perf_counter() - start))
    return min(found)


def furnish(size: int) -> None:
    """So many commitments, each with its change in the chain, and so many subscribers of one."""
    first = min(size, ROWS_BY_PYTHON)
    make_commitments(first)
    make_readers(first, confirmed_at=NOW)
    if size > first:
        multiply_commitments(size)
        multiply(Subscriber, {"address": "'copy' || g.n || t.address"}, first=first, how_many=size)
        own = {"subscriber_id": "t.subscriber_id + g.n * {first}"}
        multiply(Subscription, own, first=first, how_many=size)
    with transaction.atomic():
        copy_chain(changes_of_all(RECORDED))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def reads(costs: Costs, size: int) -> None:
    """Pages, API and feeds, as somebody gets them who has nothing yet."""
    client = Client()

    def get(path: str, *, kept: bool = False) -> Callable[[], None]:
        def call() -> None:
            if not kept:
                cache.clear()
            answer = client.get(path)
            b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code == 200, (path, answer.status_code)

        return call

    topic = "topic=topic-3"
    follow_hundred()
    for name, path in {
        "API: first page of 50": "/api/v1/commitments/",
        "API: page of 50, topic and years": f"/api/v1/commitments/?{topic}&{YEARS}",
        "API: page of 50 by years": f"/api/v1/commitments/?{YEARS}",
        "API: one word searched": "/api/v1/commitments/?q=facility+77",
        "API: 50 changes after the middle": f"/api/v1/changes/?since={size // 2}&limit=50",
        "page: the list": "/",
        "page: half-way through the list": f"/?page={size // 100}",
        "page: one topic": f"/?{topic}",
        "page: one commitment": f"/c/{Commitment.objects.order_by('pk')[7].public_id}/",
        "feed of 100, made": "/feeds/commitments.ics?topic=hundred",
    }.items():
        costs[name][size] = milliseconds(get(path))
    feed = f"/feeds/commitments.ics?{topic}"
    costs["feed of one topic, made"][size] = milliseconds(get(feed), rounds=1)
    costs["feed of one topic, kept"][size] = milliseconds(get(feed, kept=True))
    tag = client.get(feed)["ETag"]

    def poll() -> None:
        assert client.get(feed, headers={"If-None-Match": tag}).status_code == 304

    costs["feed polled, 304"][size] = milliseconds(poll)


def follow_hundred() -> None:
    """A topic with 100 commitments, whatever the size of the record."""
    topic, _is_new = Topic.objects.get_or_create(key="hundred", name="A hundred")
    topic.commitments.set(Commitment.objects.order_by("pk")[:100])


def be_up_to_date() -> None:
    """Let the ticks believe that all was planned today: everything for everybody is not meant."""
    known = {"reconciled_on": NOW.date(), "change_number": read_head(), "last_ok_at": NOW}
    TickState.objects.update_or_create(pk=1, defaults=known)


def writes(costs: Costs, size: int) -> None:
    """One edit over the API, and one date move with the planning of all who follow it."""
    user = User.objects.create_superuser("scale", password="x")
    _row, key = issue_key(user=user, name="scale", scopes=["write"], actor=None, now=NOW)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    one = Commitment.objects.order_by("pk")[3]
    texts = iter(range(1_000))

    def edit() -> None:
        answer = client.patch(
            f"/api/v1/commitments/{one.public_id}/",
            {"summary": f"Number {next(texts)}.", "reason": "Scale."},
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.content

    costs["a write over the API"][size] = milliseconds(edit)
    be_up_to_date()
    moved = Commitment.objects.order_by("pk")[5]
    move_date(
        commitment=moved,
        window=Window.parse((date(2026, 3, 2) + timedelta(days=60)).isoformat()),
        actor=user,
        now=NOW,
        citations=tuple(Citation.objects.filter(commitment=moved)[:1]),
    )
    seconds = milliseconds(lambda: plan_reminders(now=NOW), rounds=1)
    assert Reminder.objects.planned().filter(commitment=moved).count() == size
    costs["planning for all subscribers after a move"][size] = seconds


def ledger(costs: Costs, size: int) -> None:
    """An idle tick beside all the planned reminders, and 500 mails claimed out of so many."""
    be_up_to_date()
    costs["idle tick"][size] = milliseconds(lambda: run_tick(now=NOW, most_emails=0), rounds=50)
    subscribers = Subscriber.objects.order_by("pk")
    OutboxEmail.objects.bulk_create(
        (
            OutboxEmail(
                subscriber=one,
                purpose="reminders",
                to_address=one.address,
                language="en",
                message_id=new_message_id(),
                next_try_at=NOW,
                created_at=NOW,
                expires_at=NOW + timedelta(days=3),
            )
            for one in subscribers.iterator(chunk_size=5_000)
        ),
        batch_size=5_000,
    )
    waiting = iter(list(OutboxEmail.objects.claimable(NOW).values_list("pk", flat=True)[:5_000]))

    def claim() -> None:
        ids = [pk for pk, _count in zip(waiting, range(CLAIMED_AT_ONCE), strict=False)]
        claim_emails(ids=ids, limit=CLAIMED_AT_ONCE, per_minute=NO_PACE, now=NOW)

    costs["500 mails claimed"][size] = milliseconds(claim, rounds=1)


def audit(costs: Costs, size: int) -> None:
    """The whole chain: a row for each commitment."""

    def verify() -> None:
        assert not list(find_faults(key=settings.RECORD_KEY))

    costs["verify_record"][size] = milliseconds(verify, rounds=1)


def curve(points: dict[int, float]) -> tuple[float, float, float]:
    """Fixed milliseconds, milliseconds for each 1,000, and the exponent between the last two sizes.

    The line that is nearest to the points, by least squares of the relative errors: a small size
    counts as much as a large one. Neither part is below nothing.
    """
    weights = {size: 1 / value**2 for size, value in points.items()}
    total = sum(weights.values())
    mean_x = sum(weights[x] * x for x in points) / total
    mean_y = sum(weights[x] * y for x, y in points.items()) / total
    spread = sum(weights[x] * (x - mean_x) ** 2 for x in points)
    slope = sum(weights[x] * (x - mean_x) * (y - mean_y) for x, y in points.items())
    each = max(0.0, slope / spread) if spread else 0.0
    fixed = max(0.0, mean_y - each * mean_x)
    *_before, first, last = [(1, 1.0), *sorted(points.items())]
    exponent = math.log(last[1] / first[1]) / math.log(last[0] / first[0])
    return fixed, 1000 * each, exponent


def main() -> None:
    """Measure at each size in a database of its own, then print the curves."""
    logging.disable(logging.CRITICAL)
    collect_static_files()
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    costs: Costs = defaultdict(dict)
    for size in sizes:
        with a_database():
            start = time.perf_counter()
            furnish(size)
            seconds = round(time.perf_counter() - start)
            print(json.dumps({"size": size, "furnished_s": seconds}), file=sys.stderr, flush=True)
            for measure in (reads, audit, writes, ledger):
                measure(costs, size)
            so_far = {name: round(points[size], 2) for name, points in costs.items()}
            print(json.dumps({"size": size, "ms": so_far}), file=sys.stderr, flush=True)
    for name, points in costs.items():
        fixed, each, exponent = curve(points)
        line = {
            "name": name,
            "ms": {str(size): round(value, 2) for size, value in points.items()},
            "fixed_ms": round(fixed, 2),
            "ms_for_1000": round(each, 3),
            "exponent": round(exponent, 2),
            "ms_at_10_million": round(fixed + each * TEN_MILLION / 1000),
        }
        print(json.dumps(line), flush=True)
    print(json.dumps({"name": "load", "value": os.getloadavg()[0]}), flush=True)


if __name__ == "__main__":
    main()
