"""What sync-collection tells (RFC 6578): what changed, what is gone, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import move_date
from commitments.actions.parties import save_party, save_topic
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.actions.sources import save_source
from commitments.enums import PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    SAID_AT,
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_party,
    make_source,
    make_topic,
)
from tests.timeline.caldav.asking import (
    ALL,
    CS,
    D,
    condition_of,
    list_path,
    multistatus,
    propfind,
    sync,
    token_in,
)

pytestmark = pytest.mark.django_db

GONE = "HTTP/1.1 404 Not Found"


class Reader:
    """A client with what it knows: the ETag of each item, and the token."""

    def __init__(self, path: str = ALL) -> None:
        self.path = path
        self.token = ""
        self.etags: dict[str, str] = {}
        self.sync()

    def sync(self) -> dict[str, str]:
        """What this time told: "changed" or "gone", by public id."""
        response = sync(self.token, path=self.path)
        told = {}
        for href, one in multistatus(response).items():
            name = href.removeprefix(self.path).removesuffix(".ics")
            told[name] = "gone" if one.status == GONE else "changed"
            if one.status == GONE:
                self.etags.pop(href, None)
            else:
                self.etags[href] = one.text(f"{D}getetag")
        self.token = token_in(response)
        # Whoever followed every change holds what a stranger would find.
        listed = propfind(self.path, "D:getetag", depth="1")
        del listed[self.path]
        assert self.etags == {href: one.text(f"{D}getetag") for href, one in listed.items()}
        return told


def test_the_first_time_tells_everything_and_the_second_nothing() -> None:
    made = [make_commitment().public_id for _number in range(3)]
    reader = Reader()
    assert len(reader.etags) == len(made)
    assert reader.sync() == {}


def test_the_token_is_that_of_the_properties_and_stands_while_the_record_does() -> None:
    make_commitment()
    token = token_in(sync())
    cache.clear()
    told = propfind(ALL, "D:sync-token", "CS:getctag")[ALL]
    assert told.text(f"{D}sync-token") == told.text(f"{CS}getctag") == token
    assert token_in(sync(token)) == token
    make_commitment(published=False)
    assert token_in(sync(token)) != token


def test_one_change_is_one_item() -> None:
    changed = make_commitment()
    make_commitment()
    reader = Reader()
    correct_commitment(commitment=changed, fields={"title": "New"}, actor=None, now=NOW)
    assert reader.sync() == {changed.public_id: "changed"}
    added = make_commitment()
    assert reader.sync() == {added.public_id: "changed"}
    assert reader.sync() == {}


def test_what_was_taken_back_is_gone_and_comes_again_when_published_again() -> None:
    made, kept = make_commitment(), make_commitment()
    reader = Reader()
    retract_commitment(commitment=made, actor=make_approver(), now=NOW, reason="Wrong.")
    assert reader.sync() == {made.public_id: "gone"}
    publish_commitment(commitment=made, actor=None, now=NOW)
    assert reader.sync() == {made.public_id: "changed"}
    assert len(reader.etags) == len([made, kept])


def test_drafts_are_not_told_of() -> None:
    reader = Reader()
    draft = make_commitment(published=False)
    correct_commitment(commitment=draft, fields={"title": "Secret"}, actor=None, now=NOW)
    response = sync(reader.token)
    assert draft.public_id.encode() not in response.content
    assert reader.sync() == {}


def test_what_left_the_filter_is_gone() -> None:
    space = make_topic("space")
    made = make_commitment(topics=[space])
    make_commitment(topics=[space])
    reader = Reader(list_path("topic=space"))
    correct_commitment(commitment=made, fields={}, topics=[make_topic("sea")], actor=None, now=NOW)
    assert reader.sync() == {made.public_id: "gone"}


def test_what_has_no_date_any_more_is_gone() -> None:
    made = make_commitment()
    reader = Reader()
    move_date(
        commitment=made,
        window=Window.parse(""),
        citations=[make_citation(made)],
        actor=make_approver(),
        now=NOW,
    )
    assert reader.sync() == {made.public_id: "gone"}


def test_what_is_finished_leaves_a_list_that_drops_it_with_event_and_to_do() -> None:
    path = list_path("done=drop&todos=yes")
    made = make_commitment_in(Status.DELIVERED)
    reader = Reader(path)
    assert reader.etags == {}
    correct_commitment(commitment=made, fields={"title": "New"}, actor=None, now=NOW)
    assert reader.sync() == {made.public_id: "gone", f"{made.public_id}-todo": "gone"}


def test_a_new_name_of_a_party_topic_or_source_changes_the_items_that_bear_it() -> None:
    party, speaker, topic = make_party("kz"), make_party("uz"), make_topic("space")
    source = make_source(title="Talks")
    by_party = make_commitment(parties=[(party, PartyRole.PROMISED_BY)])
    by_topic = make_commitment(topics=[topic])
    by_source = make_commitment()
    make_citation(by_source, source, quote="We will.", said_by=speaker)
    reader = Reader()
    for record, name, save, bearer in (
        (party, "name", lambda: save_party(party=party, actor=None, now=NOW), by_party),
        (speaker, "name", lambda: save_party(party=speaker, actor=None, now=NOW), by_source),
        (topic, "name", lambda: save_topic(topic=topic, actor=None, now=NOW), by_topic),
        (source, "title", lambda: save_source(source=source, actor=None, now=NOW), by_source),
    ):
        setattr(record, name, "Renamed")
        before = dict(reader.etags)
        save()
        assert reader.sync() == {bearer.public_id: "changed"}
        assert reader.etags != before


def test_a_list_by_the_clock_tells_what_came_and_went_while_nobody_changed_it() -> None:
    zone = "Pacific/Kiritimati"  # 14 hours ahead: the 25th begins there at 10:00 in UTC
    due = make_commitment(window="2026-11-24", time_zone=zone)
    late = make_commitment(window="2026-11-20")
    reader = Reader(list_path("schedule=overdue"))
    assert list(reader.etags) == [f"{reader.path}{late.public_id}.ics"]
    for hour, minute, told in (
        (9, 59, {}),
        (10, 0, {due.public_id: "changed"}),
        (10, 1, {}),
    ):
        with time_machine.travel(NOW.replace(hour=hour, minute=minute), tick=False):
            assert reader.sync() == told
    with time_machine.travel(NOW.replace(hour=11), tick=False):
        correct_commitment(commitment=late, fields={"title": "New"}, actor=None, now=NOW)
        assert reader.sync() == {late.public_id: "changed"}


def test_a_list_of_an_earlier_day_stands_still() -> None:
    made = make_commitment(now=SAID_AT)
    with time_machine.travel(datetime(2026, 11, 26, tzinfo=UTC), tick=False):
        reader = Reader(list_path("as_of=2026-11-20"))
        correct_commitment(
            commitment=made, fields={"title": "New"}, actor=None, now=NOW + timedelta(days=1)
        )
        reader.sync()
        assert len(reader.etags) == 1


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "data:,1",
        "data:,999999999999999-0-{digest}",
        "data:,1-999999999999999-{digest}",
        "data:,1-0-0123456789abcdef",
        "data:,-1-0-{digest}",
        "data:,1-0-{digest}0",
    ],
)
def test_a_token_that_is_not_good_is_refused(token: str) -> None:
    make_commitment()
    digest = token_in(sync()).rpartition("-")[2]
    response = sync(token.format(digest=digest))
    assert condition_of(response) == (403, f"{D}valid-sync-token")


def test_a_token_of_another_list_is_refused() -> None:
    make_commitment(topics=[make_topic("space")])
    token = token_in(sync(path=list_path("topic=space")))
    assert condition_of(sync(token)) == (403, f"{D}valid-sync-token")


@pytest.mark.parametrize(("behind", "status"), [(2, 207), (3, 207), (4, 403)])
def test_a_token_that_is_too_far_behind_is_refused(
    behind: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.caldav.sync.MOST_CHANGES", 3)
    token = token_in(sync())
    for _number in range(behind):
        make_topic()
    assert sync(token).status_code == status


@pytest.mark.parametrize(("limit", "status"), [(1, 507), (2, 207), (3, 207), (0, 400)])
def test_a_limit_below_what_there_is_is_refused(limit: int, status: int) -> None:
    token = token_in(sync())
    for _number in range(2):
        make_commitment()
    extra = f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>"
    for known in ("", token):
        response = sync(known, extra=extra)
        assert response.status_code == status
        if status == 507:
            assert condition_of(response)[1] == f"{D}number-of-matches-within-limits"


@pytest.mark.parametrize("items", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_changes(
    items: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("timeline.caldav.views.note_fetch", lambda **_about: None)
    gone = [make_commitment() for _number in range(items)]
    token = token_in(sync())
    for commitment in gone:
        make_commitment(topics=[make_topic()])
        retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="No.")
    with django_assert_num_queries(8):
        told = multistatus(sync(token))
    assert len(told) == 2 * items
    newer = token_in(sync(token))
    with django_assert_num_queries(1):
        assert multistatus(sync(newer)) == {}


def test_many_changes_at_once_are_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.caldav.calendars.MOST_READ_BY_ID", 1)
    reader = Reader()
    made = [make_commitment() for _number in range(2)]
    assert reader.sync() == {one.public_id: "changed" for one in made}
    assert Commitment.objects.count() == len(made)
