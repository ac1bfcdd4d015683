"""The second ticker: the same as Celery's, without Celery; both may run at once."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils import timezone

from timeline.actions.chores import check_some_links
from timeline.actions.delivery import deliver_emails
from timeline.actions.ticking import run_tick
from timeline.actions.webhook_delivery import tell_webhooks
from timeline.tasks import emails_in_a_tick

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Plan what is due and deliver it, once or in a loop."""

    help = (
        "Plan due reminders, deliver the mails of the outbox, tell webhooks of changes, and check "
        "a few links; needs neither Celery nor Redis."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--loop", action="store_true", help="go on every TICK_SECONDS until SIGTERM or Ctrl-C"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["loop"]:
            self._loop()
            return
        ids = run_tick(now=timezone.now(), most_emails=emails_in_a_tick())
        taken = deliver_emails(ids=ids, clock=timezone.now, patience_seconds=0)
        self.stdout.write(f"{taken} of {len(ids)} mails were taken in hand.")
        if told := tell_webhooks(clock=timezone.now):
            self.stdout.write(f"{told} messages went to webhooks.")
        if checked := check_some_links(now=timezone.now()):
            self.stdout.write(f"{checked} links were checked.")

    def _loop(self) -> None:
        """Tick until a signal comes. Mails go out beside the ticks: a mail host that keeps us
        waiting for its last word (ten minutes are allowed) must not stop the planning; webhooks
        are told and links checked beside both."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with (
            ThreadPoolExecutor(1) as sender,
            ThreadPoolExecutor(1) as teller,
            ThreadPoolExecutor(1) as checker,
        ):
            sending: Future[None] | None = None
            telling: Future[None] | None = None
            checking: Future[None] | None = None
            while not stop.is_set():
                ids = _tick_or_log()
                if ids and (sending is None or sending.done()):
                    sending = sender.submit(_deliver_or_log, ids)
                if telling is None or telling.done():
                    telling = teller.submit(_tell_webhooks_or_log)
                if settings.LINK_CHECK_HOURS and (checking is None or checking.done()):
                    checking = checker.submit(_check_links_or_log)
                stop.wait(settings.TICK_SECONDS)


def _tick_or_log() -> list[int]:
    """A loop outlasts a restart of the database."""
    close_old_connections()
    try:
        return run_tick(now=timezone.now(), most_emails=emails_in_a_tick())
    except Exception:
        logger.exception("This tick failed; the next one tries again")
        connection.close()
        return []


def _deliver_or_log(ids: list[int]) -> None:
    try:
        deliver_emails(ids=ids, clock=timezone.now, patience_seconds=settings.TICK_SECONDS)
    except Exception:
        logger.exception("This delivery failed; the next tick tries again")
    finally:
        connection.close()


def _tell_webhooks_or_log() -> None:
    try:
        tell_webhooks(clock=timezone.now)
    except Exception:
        logger.exception("The webhooks could not be told; the next tick tries again")
    finally:
        connection.close()


def _check_links_or_log() -> None:
    try:
        check_some_links(now=timezone.now())
    except Exception:
        logger.exception("This link check failed; the next tick tries again")
    finally:
        connection.close()
