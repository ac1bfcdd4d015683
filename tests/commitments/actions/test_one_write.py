"""Several actions as one write: all of it, none of it, or only to see."""

from __future__ import annotations

import pytest

from commitments.actions.one_write import one_write
from commitments.actions.parties import save_topic
from commitments.exceptions import InvalidInput
from commitments.models import RecordHead, Topic
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def save(key: str) -> None:
    save_topic(topic=Topic(key=key, name="T"), actor=None, now=NOW)


def head() -> int:
    return RecordHead.objects.get().number


def test_all_of_it_is_written() -> None:
    with one_write():
        save("a")
        save("b")
    assert (sorted(Topic.objects.values_list("key", flat=True)), head()) == (["a", "b"], 2)


def test_an_error_undoes_all_of_it() -> None:
    save("first")

    def write() -> None:
        with one_write():
            save("a")
            save("")

    with pytest.raises(InvalidInput):
        write()
    assert (list(Topic.objects.values_list("key", flat=True)), head()) == (["first"], 1)


def test_a_dry_run_shows_it_and_undoes_it() -> None:
    save("first")
    with one_write(dry_run=True):
        save("a")
        assert (Topic.objects.count(), head()) == (2, 2)
    assert (Topic.objects.count(), head()) == (1, 1)
    save("b")
    assert head() == 2
