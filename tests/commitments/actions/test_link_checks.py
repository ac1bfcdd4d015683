"""Which sources are asked, and what is kept of their answers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command

from commitments.actions.link_checks import CHECKED_EVERY, check_links
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


@pytest.mark.parametrize(("after", "asked"), [(-1, 0), (0, 0), (1, 1)])
def test_source_is_asked_again_when_its_time_has_come(after: int, asked: int) -> None:
    make_source(url="https://a.example/")
    check_links(now=NOW, limit=9, check=lambda _url: LinkAnswer(LinkState.ALIVE, "200"))
    later = NOW + CHECKED_EVERY + timedelta(seconds=after)
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
    for day, state in enumerate(answers):
        answer = LinkAnswer(state, "")
        check_links(now=NOW + day * DAY, limit=9, check=lambda _url, one=answer: one)  # type: ignore[misc]
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
    assert list(Source.objects.with_link_to_check(NOW)) == [source]


def test_command_tells_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    source = make_source(url="http://127.0.0.1:1/")
    call_command("check_links")
    line = "1 checked: 0 alive, 0 dead, 0 silent, 0 closed, 1 refused\n"
    assert (capsys.readouterr().out, state_of(source)) == (line, "refused")
