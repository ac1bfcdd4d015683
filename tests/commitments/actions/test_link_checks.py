"""Which sources are asked, and what is kept of their answers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from commitments.actions.link_checks import (
    LEASE,
    MOST_OF_A_HOST,
    check_links,
    host_of,
    links_are_due,
)
from commitments.actions.sources import save_source
from commitments.enums import LinkState
from commitments.link_check import LinkAnswer
from commitments.models import Revision, Source
from tests.builders import NOW, make_source

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def state_of(source: Source) -> str:
    return Source.objects.get(pk=source.pk).link_state


def test_answer_is_kept_and_leaves_no_trace_in_the_log() -> None:
    source, silent = make_source(url="https://a.example/"), make_source()
    before = list(Revision.objects.values_list("number", "digest"))
    counts = check_links(now=NOW, limit=9, check=lambda _url: LinkAnswer(LinkState.DEAD, "404"))
    assert counts == Counter({"dead": 1})
    source.refresh_from_db()
    assert (source.link_state, source.link_detail, source.link_checked_at) == ("dead", "404", NOW)
    assert Source.objects.get(pk=silent.pk).link_checked_at is None
    assert list(Revision.objects.values_list("number", "digest")) == before


@pytest.mark.parametrize(("after", "asked"), [(-1, 0), (0, 1), (1, 1)])
def test_source_is_asked_again_when_its_time_has_come(
    settings: Any, after: int, asked: int
) -> None:
    settings.LINK_CHECK_HOURS = 6
    make_source(url="https://a.example/")
    check_links(now=NOW, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))
    later = NOW + timedelta(hours=6, seconds=after)
    counts = check_links(now=later, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))
    assert counts.total() == asked


def test_longest_ago_is_asked_first_and_the_limit_holds() -> None:
    first, second, third = (make_source(url=f"https://{one}.example/") for one in "abc")
    asked: list[str] = []

    def check(url: str) -> LinkAnswer:
        asked.append(url)
        return LinkAnswer(LinkState.ALIVE, "200")

    check_links(now=NOW, limit=1, check=check)
    check_links(now=NOW + DAY, limit=2, check=check)
    assert asked[0] == first.url
    assert sorted(asked[1:]) == [second.url, third.url]
    assert check_links(now=NOW + DAY, limit=0, check=check).total() == 0


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ([LinkState.SILENT], "silent"),
        ([LinkState.SILENT, LinkState.SILENT], "dead"),
        ([LinkState.SILENT, LinkState.SILENT, LinkState.SILENT], "dead"),
        ([LinkState.SILENT, LinkState.ALIVE, LinkState.SILENT], "silent"),
        ([LinkState.DEAD, LinkState.SILENT], "dead"),
        ([LinkState.DEAD, LinkState.ALIVE], "alive"),
        ([LinkState.CLOSED, LinkState.CLOSED], "closed"),
    ],
)
def test_no_answer_twice_is_a_dead_link(answers: list[LinkState], kept: str) -> None:
    source = make_source(url="https://a.example/")
    for number, state in enumerate(answers):
        answer = LinkAnswer(state, "")
        check_links(now=NOW + number * 40 * DAY, limit=9, check=lambda _url, one=answer: one)  # type: ignore[misc]
    assert state_of(source) == kept


def test_address_that_was_changed_meanwhile_keeps_nothing() -> None:
    source = make_source(url="https://a.example/")

    def check(_url: str) -> LinkAnswer:
        return LinkAnswer(LinkState.DEAD, "404")

    check_links(now=NOW, limit=9, check=check)
    source.refresh_from_db()
    source.title = "Another title"
    save_source(source=source, actor=None, now=NOW)
    assert state_of(source) == "dead"
    source.url = "https://b.example/"
    save_source(source=source, actor=None, now=NOW)
    assert state_of(source) == ""
    assert links_are_due(now=NOW)


def test_command_tells_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    source = make_source(url="http://127.0.0.1:1/")
    call_command("check_links")
    line = "1 checked: 0 alive, 0 dead, 0 silent, 0 closed, 1 refused\n"
    assert (capsys.readouterr().out, state_of(source)) == (line, "refused")


def silent(_url: str) -> LinkAnswer:
    return LinkAnswer(LinkState.SILENT, "TimeoutError: timed out")


@pytest.mark.parametrize(
    ("failures", "days"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (9, 16)]
)
def test_dead_address_is_asked_less_and_less_often(failures: int, days: int) -> None:
    make_source(url="https://a.example/")
    at = NOW
    for _ in range(failures):
        assert check_links(now=at, limit=9, check=silent).total() == 1
        at += 40 * DAY
    if not failures:
        check_links(now=at, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))
        at += 40 * DAY
    last = at - 40 * DAY
    assert not links_are_due(now=last + days * DAY - timedelta(seconds=1))
    assert links_are_due(now=last + days * DAY)


def test_answer_ends_the_row_of_failures() -> None:
    source = make_source(url="https://a.example/")
    check_links(now=NOW, limit=9, check=silent)
    check_links(now=NOW + DAY, limit=9, check=silent)
    check_links(now=NOW + 9 * DAY, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))
    source.refresh_from_db()
    assert (source.link_state, source.link_failures) == ("alive", 0)


def test_one_checker_is_at_work_at_a_time() -> None:
    for one in "abc":
        make_source(url=f"https://{one}.example/")

    def check(_url: str) -> LinkAnswer:
        return LinkAnswer(LinkState.ALIVE, "200")

    assert links_are_due(now=NOW)
    Source.objects.filter(url__contains="a.ex").update(link_claimed_until=NOW + LEASE)
    assert not links_are_due(now=NOW)
    assert check_links(now=NOW, limit=9, check=check).total() == 0
    # Who was killed at work is followed by another.
    assert links_are_due(now=NOW + LEASE)
    assert check_links(now=NOW + LEASE, limit=9, check=check).total() == 3
    assert not Source.objects.filter(link_claimed_until__isnull=False).exists()


def test_claim_ends_whatever_happens() -> None:
    make_source(url="https://a.example/")

    def check(_url: str) -> LinkAnswer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        check_links(now=NOW, limit=9, check=check)
    assert links_are_due(now=NOW)


def test_one_host_is_asked_one_after_the_other_with_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(MOST_OF_A_HOST + 2):
        make_source(url=f"https://a.example/{number}")
    make_source(url="https://b.example/")
    events: list[str] = []
    monkeypatch.setattr("time.sleep", lambda seconds: events.append(f"pause {seconds}"))

    def check(url: str) -> LinkAnswer:
        if "a.example" in url:
            events.append(url[-1])
        return LinkAnswer(LinkState.ALIVE, "200")

    assert check_links(now=NOW, limit=99, check=check).total() == MOST_OF_A_HOST + 1
    assert (
        events
        == [one for number in range(MOST_OF_A_HOST) for one in ("pause 1.0", str(number))][1:]
    )
    assert check_links(now=NOW, limit=99, check=check).total() == 2


def test_host_that_gives_no_answer_is_asked_once_in_a_run() -> None:
    for number in range(3):
        make_source(url=f"https://a.example/{number}")
    asked: list[str] = []

    def check(url: str) -> LinkAnswer:
        asked.append(url)
        return silent(url)

    assert check_links(now=NOW, limit=9, check=check).total() == 1
    assert asked == ["https://a.example/0"]
    assert Source.objects.filter(link_checked_at=None).count() == 2


def test_no_request_begins_when_the_time_is_over() -> None:
    make_source(url="https://a.example/")
    assert check_links(now=NOW, limit=9, seconds=0, check=silent).total() == 0
    assert links_are_due(now=NOW)


def test_net_that_is_down_makes_no_link_dead() -> None:
    sources = [make_source(url=f"https://{one}.example/") for one in "abc"]

    def check(_url: str) -> LinkAnswer:
        return LinkAnswer(LinkState.SILENT, "gaierror: [Errno -3] Temporary failure")

    for number in range(3):
        check_links(now=NOW + number * DAY, limit=9, check=check)
    assert [state_of(source) for source in sources] == ["", "", ""]
    assert not links_are_due(now=NOW + 2 * DAY)
    assert links_are_due(now=NOW + 3 * DAY)


@pytest.mark.parametrize("links", [1, 3])
def test_statements_of_a_run_are_few(django_assert_num_queries: Any, links: int) -> None:
    for number in range(links):
        make_source(url=f"https://{number}.example/")
    # The claim: its savepoint and that one's end, what is due, who is at work, the mark.
    claim = 5
    with django_assert_num_queries(claim + links + 1):
        check_links(now=NOW, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://User@A.example:8/x", "a.example"), ("http://[::1]/", "::1"), ("//[bad", "")],
)
def test_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
