"""Web on one host, a worker on each of two others, PostgreSQL and Redis on a fourth.

One worker is cut off in the middle of its mails, with no packet to tell it, and brought back
after its leases have run out. Nothing is lost, at most two copies come and the row knows of them,
and what nobody can know is shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.utils import timezone

from tests.faults.keeper import wait_until
from tests.faults.short_times import LEASE
from tests.hosts.lan import Lan, running_lan
from tests.services import site
from tests.services.door import target_of_the_tests, url_through
from tests.services.programs import Program
from tests.services.redis import redis_server
from tests.services.requirements import require
from tests.services.smtp import SmtpServer, copies_of, later, running_smtp_server
from tests.timeline.mail.builders import make_queued
from tests.timeline.mail.visiting import MOST_SECONDS, subscribed_in_seconds
from timeline.enums import ALARMING_STATES, SETTLED_STATES
from timeline.models import OutboxEmail

# SQLite has no second host.
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

MAILS = 160
SECONDS_A_MAIL = 0.05
CUT_SECONDS = LEASE.total_seconds() + 2
WEB, ONE, TWO, DATA = "web", "one", "two", "data"
PORTS = {WEB: 8000, "postgresql": 5432, "redis": 6379}


class Hosts:
    """The programs of the site, each on its host."""

    def __init__(self, lan: Lan, env: site.Environment, folder: Path, mail_url: str) -> None:
        data = lan.address(DATA)
        self._lan = lan
        self._folder = folder
        self.site_url = f"http://{lan.address(WEB)}:{PORTS[WEB]}"
        self._env = env | {
            "DATABASE_URL": url_through((data, PORTS["postgresql"])),
            "REDIS_URL": f"redis://{data}:{PORTS['redis']}/0",
            "EMAIL_URL": mail_url,
            "MAILS_PER_MINUTE": "100000",
            "SITE_URL": self.site_url,
            "ALLOWED_HOSTS": lan.address(WEB),
        }
        self.programs: list[Program] = []

    def start(self) -> None:
        """Start the two servers, the web server, and a worker with beat on each of two hosts."""
        data = self._lan.address(DATA)
        there, its_port = target_of_the_tests()
        door = ("tests.services.door", data, str(PORTS["postgresql"]), there, str(its_port))
        self._run("door", self._lan.on(DATA, *door)).wait_for_output("open")
        redis = [*self._lan.command(DATA, redis_server()), "--bind", data, "--save", ""]
        redis += ["--protected-mode", "no"]
        self._run("redis", redis).wait_for_output("Ready to accept connections")
        options = ["--interface", "wsgi", "--host", "0.0.0.0", "--port", str(PORTS[WEB])]
        web = self._run(WEB, self._lan.on(WEB, "granian", *options, "config.wsgi:application"))
        workers = [self._start_worker(name) for name in (ONE, TWO)]
        web.wait_for_output("Listening at")
        for worker in workers:
            worker.wait_for_output(" ready.")

    def _start_worker(self, name: str) -> Program:
        schedule = ("--beat", "--schedule", str(self._folder / f"schedule-{name}"))
        options = ("--pool", "threads", "--concurrency", "2", "--loglevel", "INFO")
        # Many workers of one name would take each other for dead: Celery names them by host.
        celery = ("celery", "--app", "config", "worker", "-n", f"{name}@{name}")
        return self._run(
            name, self._lan.on(name, "tests.faults.short_times", *celery, *schedule, *options)
        )

    def _run(self, name: str, command: list[str]) -> Program:
        folder = {"VAR_DIR": str(self._folder / name)}
        log = self._folder / f"{name}.log"
        self.programs.append(Program(command, env=self._env | folder, log=log))
        return self.programs[-1]

    def stop(self) -> None:
        """Stop all of them, the servers last."""
        for program in reversed(self.programs):
            program.stop()

    def __str__(self) -> str:
        return "\n".join(f"{one.log.name}: {one.output[-3000:]}" for one in self.programs)


@pytest.fixture
def lan() -> Iterator[Lan]:
    """Give four hosts on one network."""
    with running_lan((WEB, ONE, TWO, DATA)) as hosts:
        yield hosts


def senders_of(server: SmtpServer) -> set[str]:
    """The addresses of the hosts that have delivered something."""
    return {received.peer for received in list(server.messages)}


def test_worker_that_is_cut_off_in_the_middle_loses_nothing(
    lan: Lan, site_environment: site.Environment, tmp_path: Path
) -> None:
    require(redis_server(), "no redis-server: install the Debian package redis-server")
    with ExitStack() as stack:
        server = stack.enter_context(running_smtp_server(lan.outside))
        server.dice = lambda step: later(SECONDS_A_MAIL, "250 OK") if step == "DATA" else ""
        hosts = Hosts(lan, site_environment, tmp_path, server.url.replace("=5", "=3"))
        stack.callback(hosts.stop)
        hosts.start()

        make_queued(MAILS, now=timezone.now())
        both = {lan.address(ONE), lan.address(TWO)}
        wait_until(lambda: senders_of(server) == both, seconds=30, why=lambda: hosts)
        lan.cut_off(TWO)
        time.sleep(1)
        before = len(server.messages)
        assert before < MAILS, "it has to be in the middle"
        assert subscribed_in_seconds(hosts.site_url) < MOST_SECONDS
        time.sleep(CUT_SECONDS)
        lan.bring_back(TWO)

        open_mails = OutboxEmail.objects.exclude(state__in=SETTLED_STATES)
        wait_until(lambda: not open_mails.exists(), seconds=60, why=lambda: hosts)
        assert_nothing_is_lost(server)

        # And the one that was away takes part again.
        make_queued(MAILS, now=timezone.now())
        server.messages.clear()
        wait_until(lambda: lan.address(TWO) in senders_of(server), seconds=30, why=lambda: hosts)


def assert_nothing_is_lost(server: SmtpServer) -> None:
    """Each mail has come, or the desk is told; at most two copies, and the row knows of both."""
    copies = copies_of(server)
    assert OutboxEmail.objects.count() == MAILS + 1
    for email in OutboxEmail.objects.all():
        arrived = copies[email.message_id]
        told = (email.state, email.maybe_delivered, email.last_text, arrived)
        assert arrived <= 2, f"three copies: {told}"
        assert arrived <= email.maybe_delivered, f"a copy that the row knows nothing of: {told}"
        assert arrived or email.state in ALARMING_STATES, f"lost in silence: {told}"
