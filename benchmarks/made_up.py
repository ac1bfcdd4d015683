"""Many made-up commitments, put into the tables directly: the actions are not what is measured."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from commitments.enums import (
    CitationRole,
    Kind,
    PartyKind,
    PartyRole,
    Publication,
    SourceKind,
    Status,
)
from commitments.models import (
    Citation,
    Commitment,
    Involvement,
    Party,
    Source,
    Topic,
)
from commitments.models.version import COPIED, STILL, Axis
from commitments.public_ids import ALPHABET, LENGTH
from commitments.window import Window
from timeline.models import Subscriber, Subscription

RECORDED = datetime(2024, 11, 27, 12, 0, tzinfo=UTC)
FIRST_DAY = date(2015, 1, 1)
DAYS = 20 * 365


def make_commitments(how_many: int, *, seed: int = 1) -> None:
    """Publish `how_many` commitments over twenty years, the same ones for the same `seed`."""
    dice = random.Random(seed)  # made-up records, no secrets
    parties = Party.objects.bulk_create(
        Party(key=f"party-{number}", kind=PartyKind.COUNTRY, name=f"Party {number}")
        for number in range(20)
    )
    topics = Topic.objects.bulk_create(
        Topic(key=f"topic-{number}", name=f"Topic {number}") for number in range(15)
    )
    source = Source.objects.create(
        title="Statements", kind=SourceKind.TRANSCRIPT, date=RECORDED.date(), created_at=RECORDED
    )
    made = Commitment.objects.bulk_create(
        (_commitment(number, dice) for number in range(how_many)), batch_size=2_000
    )
    Citation.objects.bulk_create(
        (
            Citation(
                commitment=commitment,
                source=source,
                role=CitationRole.ANNOUNCES,
                locator=f"paragraph {number}",
                created_at=RECORDED,
            )
            for number, commitment in enumerate(made)
        ),
        batch_size=5_000,
    )
    Involvement.objects.bulk_create(
        (
            Involvement(
                commitment=commitment, party=dice.choice(parties), role=PartyRole.PROMISED_BY
            )
            for commitment in made
        ),
        batch_size=5_000,
    )
    link = Commitment.topics.through
    link.objects.bulk_create(
        (link(commitment=commitment, topic=dice.choice(topics)) for commitment in made),
        batch_size=5_000,
    )


def _commitment(number: int, dice: random.Random) -> Commitment:
    commitment = Commitment(
        public_id="".join(dice.choice(ALPHABET) for _place in range(LENGTH + 2)),
        title=f"Opening of facility number {number}, as agreed",
        kind=Kind.MILESTONE,
        wording="as planned",
        time_zone=dice.choice(["Asia/Almaty", "Europe/Moscow", "UTC"]),
        publication=Publication.PUBLISHED,
        status=dice.choice([Status.ANNOUNCED, Status.IN_PROGRESS, Status.DELIVERED]),
        created_at=RECORDED,
        changed_at=RECORDED,
        published_at=RECORDED,
    )
    commitment.set_window(made_up_window(dice))
    return commitment


def made_up_window(dice: random.Random) -> Window:
    """Days, months, seasons, years and spans, a few of them open, as statements have them."""
    day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    end = day + timedelta(days=dice.randrange(1, 900))
    texts = [
        f"{day}",
        f"{day:%Y-%m}",
        f"{day:%Y}-2{dice.randint(1, 4)}",
        f"{day:%Y}",
        f"{day}/{end}",
    ]
    texts += [f"{day:%Y-%m}/.."] if dice.random() < 0.1 else []  # one in ten
    return Window.parse(dice.choice(texts))


def make_versions(*, changes: int) -> None:
    """Give every commitment `changes` earlier versions, a month apart, that were all public.

    Copied by the database: a million rows through Python would take minutes.
    """
    state: dict[str, object] = {
        **dict.fromkeys(("summary", "note", "wording"), ""),
        "language": "en",
        "hemisphere": "north",
        "translations": {},
        "evidence_checked_on": None,
        "parent": None,
        "successor": None,
        "duplicate_of": None,
        "topics": [],
        "parties": [],
    }
    copied = ", ".join(
        f'"{name}"' for name in COPIED if name != "revision"
    )  # window is a word of SQL
    insert = (
        "INSERT INTO commitments_commitmentversion (commitment_id, axis, since, until, revision, "
        f"topics, parties, state, {copied}) "
        f"SELECT id, %s, %s, %s, %s, '|', '|', %s, {copied} FROM commitments_commitment"
    )
    with connection.cursor() as cursor:
        for number in range(changes + 1):
            since = RECORDED + timedelta(days=30 * number)
            until = STILL if number == changes else since + timedelta(days=30)
            instants = [connection.ops.adapt_datetimefield_value(one) for one in (since, until)]
            cursor.execute(insert, [Axis.KNOWN.value, *instants, number + 1, json.dumps(state)])


def make_readers(how_many: int, *, confirmed_at: datetime) -> None:
    """Subscribers of everything, each with one subscription that was planned.

    Whatever moves, all of them have to be planned for.
    """
    known = {"created_at": confirmed_at, "confirmed_at": confirmed_at}
    readers = Subscriber.objects.bulk_create(
        (
            Subscriber(
                address=f"reader{number}@example.org",
                language="en",
                time_zone="UTC",
                state_changed_at=confirmed_at,
                **known,
            )
            for number in range(how_many)
        ),
        batch_size=2_000,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(
                subscriber=reader, moments=[["last_day", -7]], needs_planning=False, **known
            )
            for reader in readers
        ),
        batch_size=2_000,
    )
