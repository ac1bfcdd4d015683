"""Named reads: what is public, what is due, what left a tombstone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.enums import Status
from commitments.models import Commitment, Source
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_source,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def one_of_each() -> dict[str, Commitment]:
    approver = make_approver()
    found = {
        "draft": make_commitment(published=False),
        "in_review": make_commitment(published=False),
        "published": make_commitment(),
        "retracted": make_commitment(),
        "retracted draft": make_commitment(published=False),
        "published again": make_commitment(),
    }
    submit_for_review(commitment=found["in_review"], actor=make_editor(), now=NOW)
    for name in ("retracted", "retracted draft", "published again"):
        retract_commitment(commitment=found[name], actor=approver, now=NOW, reason="Wrong.")
    publish_commitment(commitment=found["published again"], actor=approver, now=NOW)
    return found


def test_published_is_what_everybody_may_see_and_the_manager_hides_nothing() -> None:
    found = one_of_each()
    public = {found["published"], found["published again"]}
    assert set(Commitment.objects.published()) == public
    assert set(Commitment.objects.all()) == set(found.values())


def test_tombstones_are_of_what_was_public_and_was_taken_back() -> None:
    found = one_of_each()
    assert set(Commitment.objects.tombstones(since=NOW - DAY)) == {found["retracted"]}


def test_tombstones_begin_at_the_instant_itself() -> None:
    found = one_of_each()["retracted"]
    tick = timedelta(microseconds=1)
    counted = [
        Commitment.objects.tombstones(since=since).filter(pk=found.pk).count()
        for since in (NOW - tick, NOW, NOW + tick)
    ]
    assert counted == [1, 1, 0]


def test_due_between_counts_both_ends_and_open_ones_only() -> None:
    first, last = date(2026, 6, 10), date(2026, 6, 20)
    rows = {
        str(day): make_commitment(window=str(day))
        for end in (first, last)
        for day in (end - DAY, end, end + DAY)
    }
    make_commitment(window="2026-06-15", status=Status.DELIVERED)
    make_commitment(window="2026-06-01/..")
    make_commitment(window="")
    band = make_commitment(window="2024/2026-06-15")
    assert set(Commitment.objects.due_between(first, last)) == {
        rows["2026-06-10"],
        rows["2026-06-11"],
        rows["2026-06-19"],
        rows["2026-06-20"],
        band,
    }
    assert list(Commitment.objects.due_between(last, first)) == []


def test_overdue_is_the_day_after_the_last_possible_day() -> None:
    commitment = make_commitment(window="2026-06")
    make_commitment(window="2026-06", status=Status.DELIVERED)
    make_commitment(window="2026-06/..")
    make_commitment(window="")
    last = date(2026, 6, 30)
    found = [list(Commitment.objects.overdue(day)) for day in (last - DAY, last, last + DAY)]
    assert found == [[], [], [commitment]]


def test_sources_are_public_with_the_first_published_commitment_and_listed_once() -> None:
    shared, hidden, unused = make_source(), make_source(), make_source()
    for published in (True, True, False):
        make_commitment(source=shared, published=published)
    make_citation(make_commitment(published=False, source=hidden), hidden)
    assert list(Source.objects.public()) == [shared]
    assert unused in Source.objects.all()
