"""The bytes of a feed: made once for each state of the record, packed once, and kept.

Three things are kept in the cache, each under its own key, so that an answer reads no more than it
needs. All can be lost at any time; the next request makes them anew, the same to the byte.

* the **stamp**, with the number of the record: what a 304 needs, small whatever the feed's size;
* the **body**, packed with gzip, under the digest of the plain bytes: a change elsewhere in the
  record leaves a feed's digest and body as they are. Whoever takes no gzip gets it unpacked;
* the **index**: which item lies where in the body. After a change of the record only the items that
  changed are read and written; the others are cut out of the old body.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.http import QueryDict

from commitments.exceptions import InvalidInput
from timeline import record_reader
from timeline.entries import Entry
from timeline.ical.calendar import entry_fragment, join_fragments
from timeline.ical.choices import CalendarChoices
from timeline.keeping import keep, recall

FORMAT: Final = 3
"""To be raised with every change of the bytes, so that none of before is found in a cache."""
TOMBSTONE_DAYS: Final = 90
KEPT_SECONDS: Final = 3600
LARGE: Final = 500
LARGE_SECONDS: Final = 25 * 3600
"""A feed of so many items takes long to make: it is kept over the next midnight, after which all
but its tombstones is taken from what is kept."""
MOST_CHANGES: Final = 500
"""After more changes than these everything is made anew, which then is hardly slower."""
GZIP_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a feed is asked to be: all that its bytes hang on beside the record.

    `owner` is the public id of a personal feed, so that what is kept for one is served to nobody
    else; "" for the public ones.
    """

    choices: CalendarChoices
    selection: QueryDict
    name: str
    description: str
    owner: str = ""
    text: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Write down in `text` what is wanted: the same in whatever order its address was."""
        selection = sorted((name, sorted(values)) for name, values in self.selection.lists())
        about = (self.owner, self.name, self.description, selection)
        object.__setattr__(self, "text", f"{self.choices} {about!r}")

    @property
    def follows_the_clock(self) -> bool:
        """Whether items come and go without a change of the record."""
        return "schedule" in self.selection and not self.is_of_the_past

    @property
    def is_of_the_past(self) -> bool:
        """Whether it shows the record as of an earlier day."""
        return "as_of" in self.selection


@dataclass(frozen=True, slots=True)
class Stamp:
    """A feed at change `number` of the record: `digest` of its plain bytes.

    `entries` counts what the selection found, also what no calendar can show.
    `changed_at` is the instant from which it may be as it is: that of the record's last change,
    since an item can leave a selection without a trace in it. None for a record without changes.
    """

    number: int
    digest: str
    entries: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """The lines of one entry and its place in the order of recording."""

    created_at: datetime
    public_id: str
    lines: bytes
    is_tombstone: bool

    @property
    def place(self) -> tuple[datetime, str]:
        """What items are sorted by: a moved date then changes the bytes of its own item only."""
        return self.created_at, self.public_id


@dataclass(frozen=True, slots=True)
class Index:
    """Where the items of the body of `digest` lie: `rows` in order, the first at octet `start`.

    A row is: recorded, public id, length in octets, whether it is a tombstone.
    """

    number: int
    digest: str
    start: int
    rows: list[tuple[datetime, str, int, bool]]


def stamp_key(wanted: Wanted, *, now: datetime) -> str:
    """The key under which the newest stamp of `wanted` is kept."""
    return _key("stamp", wanted, _moment(wanted, now))


def find_stamp(wanted: Wanted, *, number: int, now: datetime, kept: object = None) -> Stamp:
    """The stamp of `wanted` at change `number`; the feed is made if nobody has yet.

    `kept` is what was found under `stamp_key`, where that was looked up already. Raises
    InvalidInput for a filter that cannot be read.
    """
    kept = recall(stamp_key(wanted, now=now)) if kept is None else kept
    if isinstance(kept, Stamp) and kept.number == number:
        return kept
    return _make(wanted, number, _moment(wanted, now))[0]


def read_body(wanted: Wanted, stamp: Stamp, *, now: datetime) -> tuple[Stamp, bytes]:
    """The body of `stamp`, packed with gzip (RFC 1952), and its stamp.

    A body that was lost is made again; the record may be further by then, and the stamp with it.
    """
    kept = recall(_body_key(wanted, stamp.digest))
    if isinstance(kept, bytes):
        return stamp, kept
    return _make(wanted, stamp.number, _moment(wanted, now))


def _make(wanted: Wanted, number: int, moment: datetime) -> tuple[Stamp, bytes]:
    """Make the feed, out of what is kept of it if possible, and keep it."""
    index_key = _index_key(wanted)
    live = _after_changes(wanted, recall(index_key), number, moment)
    if live is None:
        live = _read_all(wanted, moment)
    items = sorted([*live, *_tombstones(wanted, moment)], key=lambda item: item.place)
    lines = [item.lines for item in items]
    plain = b"".join(join_fragments(lines, name=wanted.name, description=wanted.description))
    digest = hashlib.sha256(plain).hexdigest()[:32]
    stamp = Stamp(number, digest, len(items), _changed_at(wanted, number, moment))
    packed = gzip.compress(plain, GZIP_LEVEL, mtime=0)
    kept = {
        _key("stamp", wanted, moment): stamp,
        _body_key(wanted, digest): packed,
        index_key: _index(number, digest, plain, items),
    }
    keep(kept, seconds=LARGE_SECONDS if len(items) >= LARGE else KEPT_SECONDS)
    return stamp, packed


def _read_all(wanted: Wanted, moment: datetime) -> list[Item]:
    entries = record_reader.stream_entries(
        wanted.selection, language=wanted.choices.language, now=moment
    )
    try:
        return [_item(entry, wanted.choices) for entry in entries]
    except InvalidInput:
        # A feed must outlive the last commitment on its topic: while there are tombstones of it,
        # the filter is a known one. Else this raises the same.
        if not _tombstones(wanted, moment):
            raise
        return []


def _after_changes(
    wanted: Wanted, index: object, number: int, moment: datetime
) -> list[Item] | None:
    """The items at change `number`, out of the body of an earlier one; None where that is no way.

    It is none where something else than commitments changed (the name of a topic stands in many
    items), and where the selection moves with the clock.
    """
    if not isinstance(index, Index) or wanted.follows_the_clock or wanted.is_of_the_past:
        return None
    behind = number - index.number
    body = recall(_body_key(wanted, index.digest))
    if not isinstance(body, bytes) or not 0 <= behind <= MOST_CHANGES:
        return None
    changes = record_reader.read_changes(after=index.number, limit=behind) if behind else []
    if len(changes) < behind or (changes and changes[-1].number != number):
        return None
    changed = {change.public_id for change in changes}
    try:
        entries = record_reader.read_entries(
            wanted.selection, language=wanted.choices.language, now=moment, among=changed
        )
    except InvalidInput:
        return None
    kept = [item for item in _cut(gzip.decompress(body), index) if item.public_id not in changed]
    return kept + [_item(entry, wanted.choices) for entry in entries]


def _cut(plain: bytes, index: Index) -> Iterator[Item]:
    """The items of a body but its tombstones, which are made anew each time."""
    start = index.start
    for created_at, public_id, length, is_tombstone in index.rows:
        if not is_tombstone:
            yield Item(created_at, public_id, plain[start : start + length], is_tombstone=False)
        start += length


def _index(number: int, digest: str, plain: bytes, items: list[Item]) -> Index:
    rows = [(item.created_at, item.public_id, len(item.lines), item.is_tombstone) for item in items]
    first = next((item.lines for item in items if item.lines), b"")
    return Index(number, digest, plain.index(first), rows)


def _tombstones(wanted: Wanted, moment: datetime) -> list[Item]:
    """What the selection had until it was taken back, in the last `TOMBSTONE_DAYS`."""
    if wanted.is_of_the_past:
        return []
    # From midnight, so that what is served does not change in the course of a day.
    since = _midnight(moment) - timedelta(days=TOMBSTONE_DAYS)
    try:
        entries = record_reader.read_tombstones(
            wanted.selection, since=since, language=wanted.choices.language, now=moment
        )
    except InvalidInput:
        return []  # no tombstone has this party, topic or source; the rest is refused elsewhere
    return [_item(entry, wanted.choices) for entry in entries]


def _item(entry: Entry, choices: CalendarChoices) -> Item:
    lines = entry_fragment(entry, choices)
    return Item(entry.created_at, entry.public_id, lines, entry.is_tombstone)


def _changed_at(wanted: Wanted, number: int, moment: datetime) -> datetime | None:
    changed_at = record_reader.read_change_time(number)
    if wanted.follows_the_clock and changed_at is not None:
        return max(changed_at, moment)
    return changed_at


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time(tzinfo=UTC))


def _moment(wanted: Wanted, now: datetime) -> datetime:
    """The instant as of which a feed is made, so that its bytes hold still until the next one.

    Midnight in UTC; by the clock, the last quarter of an hour: in every time zone the day begins at
    one of them.
    """
    if not wanted.follows_the_clock:
        return _midnight(now)
    utc = now.astimezone(UTC)
    return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)


def _key(kind: str, wanted: Wanted, moment: datetime) -> str:
    return _hashed(kind, f"{FORMAT} {settings.SITE_URL} {moment} {wanted.text}")


def _index_key(wanted: Wanted) -> str:
    """Without the day: items hang on the record and the choices, and only tombstones on the day."""
    return _hashed("index", f"{FORMAT} {settings.SITE_URL} {wanted.text}")


def _body_key(wanted: Wanted, digest: str) -> str:
    return _hashed("body", f"{digest} {wanted.owner}")


def _hashed(kind: str, text: str) -> str:
    return f"feed-{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
