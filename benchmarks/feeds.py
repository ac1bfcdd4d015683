"""The calendar feeds: the writer against `icalendar`, and each answer against what could be.

Every figure is a ratio of two things measured in turns in this run. Both writers get the same
entries, the same properties and the same texts, which are built beforehand for both; two more lines
tell the ratio where both build them as they write.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import (
    a_database,
    calls_per_second,
    compare,
    finish,
    report,
    set_up_django,
)

set_up_django()

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from benchmarks import feed_servers
from benchmarks.feed_writers import DESCRIPTION, NAME, made_up_entries, write_with_icalendar
from benchmarks.made_up import make_commitments
from commitments.actions.commitments import correct_commitment
from commitments.models import Commitment
from config.urls import urlpatterns as site_patterns
from tests.services.redis import running_redis
from timeline.entries import Entry
from timeline.feeds.asking import public_feed
from timeline.feeds.bytes import find_stamp
from timeline.ical import texts
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices
from timeline.record_reader import read_head

FEED = "/feeds/commitments.ics"
PACKED = {"accept-encoding": "gzip"}
CHOICES = CalendarChoices()
LARGE = 10_000


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path("nothing/", nothing), *site_patterns]


def main() -> None:
    """Print every figure."""
    results = [memory(), *writing()]
    for part in (answering_small, answering_large):
        with a_database(), override_settings(ROOT_URLCONF=__name__):
            results += part()
        cache.clear()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx works under a user of its own
        results += serving(folder)
    finish(all_ok=all(results))


def writing() -> Iterator[bool]:
    for is_full in (False, True):
        entries = list(made_up_entries(1_000, is_full=is_full))
        what = f"writer: 1,000 {'full' if is_full else 'bare'} events"
        with texts_built_beforehand(entries):
            yield compare(f"{what}, texts given", ours(entries), theirs(entries), target=30)
        yield compare(f"{what}, texts built", ours(entries), theirs(entries), target=15)
    yield writing_many()


def writing_many() -> bool:
    """10,000 full events; in three turns only, since the library takes many seconds for one."""
    entries = list(made_up_entries(LARGE, is_full=True))
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    with texts_built_beforehand(entries):
        for _turn in range(3):
            rates["ours"].append(calls_per_second(ours(entries), 1))
            rates["theirs"].append(calls_per_second(theirs(entries), 0))
    value, baseline = (statistics.median(rates[who]) for who in ("ours", "theirs"))
    name = "writer: 10,000 full events, texts given"
    return report(name, value=value, unit="calls/s", baseline=baseline, target=30)


def ours(entries: list[Entry]) -> Callable[[], int]:
    return lambda: sum(map(len, write(entries)))


def theirs(entries: list[Entry]) -> Callable[[], int]:
    return lambda: len(write_with_icalendar(entries, CHOICES))


def write(entries: Iterator[Entry] | list[Entry]) -> Iterator[bytes]:
    return write_calendar(entries, name=NAME, choices=CHOICES, description=DESCRIPTION)


@contextmanager
def texts_built_beforehand(entries: list[Entry]) -> Iterator[None]:
    """Let both writers find title and description ready, under the entry's id."""
    titles = {entry.public_id: texts.item_title(entry, CHOICES) for entry in entries}
    told = {entry.public_id: texts.item_description(entry, CHOICES) for entry in entries}

    def title(entry: Entry, _choices: CalendarChoices) -> str:
        return titles[entry.public_id]

    def description(entry: Entry, _choices: CalendarChoices) -> str:
        return told[entry.public_id]

    with (
        patch("timeline.ical.events.item_title", title),
        patch("timeline.ical.events.item_description", description),
        patch("benchmarks.feed_writers.item_title", title),
        patch("benchmarks.feed_writers.item_description", description),
    ):
        yield


def memory() -> bool:
    """A process that streams 100,000 events is hardly larger at its peak than one of 10,000."""
    few, many = peak_of(LARGE), peak_of(100_000)
    name = "memory of a process at its peak, 10,000 events against 100,000"
    return report(name, value=few, unit="KiB", baseline=many, target=0.9)


def peak_of(how_many: int) -> int:
    """In KiB, of a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return int(pool.apply(stream, (how_many,)))


def stream(how_many: int) -> int:
    for _block in write(made_up_entries(how_many, is_full=True)):
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def answering_small() -> Iterator[bool]:
    """Feeds of ten, by their ids, and of 1,000."""
    make_commitments(1_000)
    ids = ",".join(Commitment.objects.values_list("public_id", flat=True)[:10])
    yield from not_modified(f"{FEED}?id={ids}", "feed of 10")
    client = Client()

    def kept() -> object:
        return client.get(FEED, headers=PACKED)

    yield compare("feed of 1,000, kept, gzip", kept, doing_nothing(client), target=0.5)


def answering_large() -> Iterator[bool]:
    make_commitments(LARGE)
    yield from not_modified(FEED, f"feed of {LARGE}")
    yield one_change()


def doing_nothing(client: Client) -> Callable[[], object]:
    return lambda: client.get("/nothing/")


def not_modified(feed: str, name: str) -> Iterator[bool]:
    client = Client()
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder)) as url:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
        for where, changes, most in (
            ("memory", {}, 1),
            ("Redis", {"CACHES": {**settings.CACHES, "default": redis}, "REDIS_URL": url}, 0),
        ):
            with override_settings(**changes):
                get = asking(client, feed)
                what = f"{name}, 304, {where}"
                yield compare(what, get, doing_nothing(client), target=0.5)
                yield queries(what, get, most=most)


def queries(name: str, get: Callable[[], None], *, most: int) -> bool:
    """One more than the queries of a call, so that none at all can stand in a ratio."""
    get()
    with CaptureQueriesContext(connection) as asked:
        get()
    made = 1 + len(asked)
    return report(f"{name}: queries + 1", value=1 + most, unit="", baseline=made, target=1)


def asking(client: Client, feed: str) -> Callable[[], None]:
    """A call that asks for the feed with the ETag that it has."""
    headers = {**PACKED, "if-none-match": client.get(feed, headers=PACKED)["ETag"]}

    def get() -> None:
        if client.get(feed, headers=headers).status_code != 304:
            raise AssertionError("the feed changed")

    return get


def one_change() -> bool:
    """The feed of 10,000 after one change, against the same made anew."""
    wanted = public_feed(QueryDict())
    changed = Commitment.objects.order_by("pk")[LARGE // 2]
    numbers = iter(range(1, 1_000_000))

    def change() -> None:
        fields = {"title": f"Opening number {next(numbers)}"}
        correct_commitment(commitment=changed, fields=fields, actor=None, now=timezone.now())

    def after_a_change() -> None:
        change()
        find_stamp(wanted, number=read_head(), now=timezone.now())

    def made_anew() -> None:
        cache.clear()
        after_a_change()

    name = f"feed of {LARGE}, one change against all"
    return compare(name, after_a_change, made_anew, target=10, seconds=1)


def serving(folder: Path) -> Iterator[bool]:
    packed = "Accept-Encoding: gzip\r\n"
    with (
        feed_servers.radicale(folder, events=1_000) as (dav, collection),
        feed_servers.our_site(folder, commitments=1_000) as site,
        feed_servers.nginx(folder, upstream=site) as front,
    ):
        ours = feed_servers.Clients(site, FEED, packed)
        theirs = feed_servers.Clients(dav, collection, packed, is_kept=False)
        yield compare("1,000 events, ours against Radicale", ours.get, theirs.get, target=100)
        body = ours.get()[0].partition(b"\r\n\r\n")[2]
        (folder / "files").mkdir()
        (folder / "files/feed.ics.gz").write_bytes(body)
        cached = feed_servers.Clients(front, FEED, packed)
        file = feed_servers.Clients(front, "/files/feed.ics", packed)
        yield compare(
            "1,000 events, behind nginx against its file", cached.get, file.get, target=0.7
        )


if __name__ == "__main__":
    main()
