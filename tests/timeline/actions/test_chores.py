"""Links are checked by the ticks: of a real server on loopback, and never in the way of a mail."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from kombu.exceptions import OperationalError

from commitments.models import Source
from tests.builders import NOW, make_source
from tests.commitments.concurrency import at_once
from tests.timeline.mail.builders import make_queued, sent_mails
from timeline.actions.chores import LINKS_IN_A_TICK, check_some_links, links_wait
from timeline.tasks import check_links, check_links_soon, tick


class Host:
    """A server on loopback: `/404` is not there, `/slow` takes its time; it notes its visitors."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                host.at_once += 1
                host.most_at_once = max(host.most_at_once, host.at_once)
                host.asked.append(self.path)
                time.sleep(0.3 if self.path.startswith("/slow") else 0.01)
                host.at_once -= 1
                self.send_response(410 if self.path == "/410" else 200)
                self.end_headers()

            do_GET = do_HEAD  # noqa: N815  # as the base class calls it

            def log_message(self, *_: Any) -> None:
                """Nothing to the console."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    settings.LINK_CHECK_HOURS, settings.LINK_CHECK_ALLOW_PRIVATE = 24, True
    monkeypatch.setattr("commitments.actions.link_checks.SECONDS_BETWEEN", 0.01)
    host = Host()
    yield host
    host.stop()


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what is published instead of publishing it."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(check_links, "apply_async", lambda **options: messages.append(options))
    return messages


@pytest.mark.django_db
def test_ticker_without_celery_checks_links_after_its_mails(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    alive, dead = make_source(url=f"{host.address}/"), make_source(url=f"{host.address}/410")
    make_queued()
    with time_machine.travel(NOW, tick=False):
        call_command("tick")
    assert capsys.readouterr().out == ("1 of 1 mails were taken in hand.\n2 links were checked.\n")
    assert len(sent_mails()) == 1
    alive.refresh_from_db()
    dead.refresh_from_db()
    assert (alive.link_state, dead.link_state, dead.link_detail) == ("alive", "dead", "410")
    assert (alive.link_checked_at, alive.link_claimed_until) == (NOW, None)


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "checked"), [(23, 0), (24, 1)])
def test_links_are_checked_again_when_their_time_has_come(
    host: Host, hours: int, checked: int
) -> None:
    make_source(url=f"{host.address}/")
    assert check_some_links(now=NOW) == 1
    assert check_some_links(now=NOW + timedelta(hours=hours)) == checked
    assert len(host.asked) == 1 + checked


@pytest.mark.django_db
def test_few_are_checked_in_a_tick(host: Host) -> None:
    for number in range(LINKS_IN_A_TICK + 1):  # each a host of its own, as far as names go
        make_source(url=host.address.replace("127.0.0.1", f"127.0.0.{number + 1}"))
    assert check_some_links(now=NOW) == LINKS_IN_A_TICK
    assert check_some_links(now=NOW) == 1


@pytest.mark.django_db
def test_switched_off_nothing_is_asked(
    host: Host, settings: Any, handed: list[dict[str, Any]]
) -> None:
    settings.LINK_CHECK_HOURS = 0
    make_source(url=f"{host.address}/")
    tick()
    call_command("tick")
    assert (handed, host.asked, links_wait(now=NOW)) == ([], [], False)


@pytest.mark.django_db
def test_celery_hands_links_to_a_task_of_their_own(
    host: Host, handed: list[dict[str, Any]]
) -> None:
    tick()
    assert handed == [], "nothing is due"
    source = make_source(url=f"{host.address}/")
    tick()
    assert (handed, host.asked) == ([{"expires": 60}], [])
    assert check_links() == 1
    assert Source.objects.get(pk=source.pk).link_state == "alive"
    tick()
    assert len(handed) == 1


@pytest.mark.django_db
def test_broker_that_is_away_stops_no_tick(
    host: Host, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: Any) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(check_links, "apply_async", refuse)
    make_source(url=f"{host.address}/")
    check_links_soon(now=NOW)
    assert "the links wait for the next tick" in caplog.text
    assert links_wait(now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("links", [1, 3])
def test_tick_without_links_to_check_asks_two_questions(
    host: Host, django_assert_num_queries: Any, links: int
) -> None:
    for _number in range(links):
        make_source(url=f"{host.address}/")
    check_some_links(now=NOW)
    with django_assert_num_queries(2):
        assert not links_wait(now=NOW + timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_tickers_at_once_ask_no_link_twice_and_no_host_at_once(host: Host) -> None:
    for number in range(4):
        make_source(url=f"{host.address}/slow{number}")

    def check() -> int:
        return check_some_links(now=NOW)

    assert sorted(at_once([check] * 4), key=str) == [0, 0, 0, 4]
    assert sorted(host.asked) == [f"/slow{number}" for number in range(4)]
    assert host.most_at_once == 1
