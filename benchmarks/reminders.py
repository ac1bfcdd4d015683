"""The reminder ledger on PostgreSQL: an idle tick, planning, claims, and mails on their way out.

Targets are ratios within one run: an idle tick against `SELECT 1`, claims against a fixed number,
the whole path of a mail (looked at again, rendered, its links signed, sent, written down) against
ready bytes over one reused connection to the same sink, which is a process of its own.
REMINDERS=20000 SUBSCRIPTIONS=5000 MAILS=200 to try it.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from tests.services.postgresql import start_postgresql

FOLDER = Path(tempfile.mkdtemp(prefix="benchmark-"))
os.environ.setdefault("DATABASE_URL", start_postgresql(FOLDER / "postgresql"))

from benchmarks.frame import a_database, finish, report, set_up_django

set_up_django()

from django.db import connection

from benchmarks.made_up import make_commitments, make_readers
from benchmarks.mail_path import NO_PACE, NOW, WORKER_THREADS, a_sink, whole_path
from commitments.actions.dates import move_date
from commitments.enums import Status
from commitments.models import Citation, Commitment, User
from commitments.window import Window
from timeline.actions.claims import claim_emails
from timeline.actions.planning import plan_reminders
from timeline.actions.ticking import run_tick
from timeline.enums import ReminderState
from timeline.mail.identity import new_message_id
from timeline.models import (
    OutboxEmail,
    Reminder,
    Subscription,
    TickState,
)
from timeline.record_reader import read_head

FEW, MANY = 1_000, int(os.environ.get("REMINDERS", "1000000"))
SUBSCRIPTIONS = int(os.environ.get("SUBSCRIPTIONS", "100000"))
MAILS = int(os.environ.get("MAILS", "600"))
ROUNDS, CLAIMED_AT_ONCE, CLAIMED = 5, 500, 20_000
DUE = (NOW + timedelta(days=7)).date()


def idle_tick(planned: str) -> bool:
    """How many idle ticks fit into three `SELECT 1`: at least one."""
    state = TickState.objects.get()
    state.reconciled_on, state.change_number = NOW.date(), read_head()
    state.save()
    ticks, ones = [], []
    for _round in range(ROUNDS):
        ticks.append(_seconds(lambda: run_tick(now=NOW, most_emails=100), 200))
        ones.append(_seconds(_select_one, 200))
    return report(
        f"idle tick with {planned} planned, against three SELECT 1",
        value=1 / statistics.median(ticks),
        unit="calls/s",
        baseline=1 / statistics.median(ones) / 3,
        target=1,
    )


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _seconds(call: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _number in range(times):
        call()
    return (time.perf_counter() - start) / times


def make_planned(commitment: Commitment, how_many: int) -> None:
    """Fill up to `how_many` reminders that wait for a time years from now."""
    readers = Subscription.objects.order_by("pk").values_list("pk", flat=True)[:100]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO timeline_reminder (subscription_id, commitment_id, kind, offset_days,
                due_date, event_rev, send_at, expires_at, state, drop_reason, plan_number)
            SELECT (%s::bigint[])[1 + number %% 100], %s, 'last_day', 0,
                DATE '2030-01-01' + number / 100, 0,
                TIMESTAMPTZ '2030-01-01' + number * INTERVAL '1 second',
                TIMESTAMPTZ '2031-01-01' + number * INTERVAL '1 second', 'planned', '', 0
            FROM generate_series(0, %s - 1) AS number
            ON CONFLICT DO NOTHING
            """,
            [list(readers), commitment.pk, how_many],
        )
        cursor.execute("ANALYZE")


def make_mails(commitment: Commitment, how_many: int) -> list[int]:
    """So many mails with one due reminder each, not claimed yet; their keys."""
    chosen = list(Subscription.objects.select_related("subscriber").order_by("pk")[:how_many])
    emails = OutboxEmail.objects.bulk_create(
        (
            OutboxEmail(
                subscriber=one.subscriber,
                purpose="reminders",
                to_address=one.subscriber.address,
                language="en",
                message_id=new_message_id(),
                next_try_at=NOW,
                created_at=NOW,
                expires_at=NOW + timedelta(days=3),
            )
            for one in chosen
        ),
        batch_size=2_000,
    )
    Reminder.objects.filter(offset_days=-7).delete()
    Reminder.objects.bulk_create(
        (
            Reminder(
                subscription=one,
                commitment=commitment,
                kind="last_day",
                offset_days=-7,
                due_date=DUE,
                send_at=NOW,
                expires_at=NOW + timedelta(days=1),
                state=ReminderState.IN_MAIL,
                email=email,
            )
            for one, email in zip(chosen, emails, strict=True)
        ),
        batch_size=2_000,
    )
    return [email.pk for email in emails]


def claims(commitment: Commitment) -> bool:
    """Mails claimed a second, in batches; the baseline is the number that is asked for."""
    ids = make_mails(commitment, min(CLAIMED, SUBSCRIPTIONS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE timeline_outboxemail")
    start, taken = time.perf_counter(), 0
    for first in range(0, len(ids), CLAIMED_AT_ONCE):
        chunk = ids[first : first + CLAIMED_AT_ONCE]
        claim = claim_emails(ids=chunk, limit=CLAIMED_AT_ONCE, per_minute=NO_PACE, now=NOW)
        taken += len(claim.emails)
    speed = taken / (time.perf_counter() - start)
    assert taken == len(ids)
    _forget_mails()
    return report("mails claimed", value=speed, unit="mails/s", baseline=20_000, target=1)


def planning(commitment: Commitment) -> bool:
    """Seconds for 10,000 subscriptions after one date moved, all told by the same statements."""
    move_by_a_day(commitment)
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    start = time.perf_counter()
    plan_reminders(now=NOW)
    seconds = time.perf_counter() - start
    statements = len(connection.queries_log)
    connection.force_debug_cursor = False
    planned = Reminder.objects.planned().filter(commitment=commitment, offset_days=-7).count()
    assert planned == SUBSCRIPTIONS, planned
    line = {
        "name": f"planning of {SUBSCRIPTIONS} subscriptions after one date move",
        "value": round(seconds * 10_000 / SUBSCRIPTIONS, 3),
        "unit": "s/10,000",
        "statements": statements,
        "target": "a statement for 1,000 rows at least",
        "ok": statements <= SUBSCRIPTIONS / 1_000 + 100,
    }
    print(json.dumps(line), flush=True)
    return bool(line["ok"])


def move_by_a_day(commitment: Commitment) -> None:
    """Move the date through the action, so that the log has its row."""
    later = DUE + timedelta(days=21)
    source = Citation.objects.filter(commitment=commitment)
    move_date(
        commitment=commitment,
        window=Window.parse(later.isoformat()),
        actor=User.objects.create_superuser("mover", password="x"),
        now=NOW,
        citations=tuple(source[:1]),
    )


def _forget_mails() -> None:
    Reminder.objects.filter(offset_days=-7).delete()
    OutboxEmail.objects.all().delete()


def due_commitment() -> Commitment:
    """A published one whose last possible day is a week off."""
    one = Commitment.objects.order_by("pk").first()
    assert one is not None
    window = Window.parse(DUE.isoformat())
    columns = {"window": DUE.isoformat(), "earliest": window.earliest, "latest": window.latest}
    Commitment.objects.filter(pk=one.pk).update(status=Status.ANNOUNCED, **columns)
    return Commitment.objects.get(pk=one.pk)


def main() -> None:
    """Measure on a PostgreSQL that is started for it, or on that of DATABASE_URL."""
    logging.disable(logging.CRITICAL)
    results: list[bool] = []
    with a_database(), a_sink(FOLDER):
        make_commitments(20)
        commitment = due_commitment()
        make_readers(SUBSCRIPTIONS, confirmed_at=NOW - timedelta(days=30))
        run_tick(now=NOW, most_emails=0)
        Reminder.objects.all().delete()
        OutboxEmail.objects.all().delete()
        for size in (FEW, MANY):
            make_planned(commitment, size)
            results.append(idle_tick(f"{size:,}"))
        results.append(claims(commitment))
        results += [
            whole_path(lambda: make_mails(commitment, MAILS), _forget_mails, threads=threads)
            for threads in (1, WORKER_THREADS)
        ]
        results.append(planning(commitment))
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
