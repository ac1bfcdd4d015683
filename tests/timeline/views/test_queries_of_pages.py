"""How often a page asks the database: never more than twelve times, whatever it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.enums import Kind, PartyRole
from commitments.models import Party, Source, Topic
from tests.builders import NOW, make_commitment, make_party, make_source, make_topic

pytestmark = pytest.mark.django_db

MOST = 12
DAYS = ("", "as_of=2026-11-24")
GROUPS = ("", "group=topic", "group=party", "group=status")
THREE = "party=kz&topic=space&source={source}"
FILTERS = (
    "party=kz",
    "topic=space",
    "source={source}",
    "role=promised_by",
    "q=Launch",
    "status=announced",
    "schedule=open",
    "kind=event",
    "strength=promise",
    "evidence=none",
    "place=Astana",
    "from=2020-01-01",
    "to=2030-01-01",
    "latest_before=2030-01-01",
    "ordering=title",
)
GROUPED = (*GROUPS, *(f"{group}&{THREE}".strip("&") for group in GROUPS))
LOOKS = (*GROUPED, *FILTERS)
PAGES = ("/", "/parties/kz/", "/topics/space/", "/sources/{source}/")
ALONE = tuple(f"{page}picture/" for page in PAGES)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def source() -> Source:
    return make_source(title="Statements", date=NOW.date())


def add(source: Source) -> None:
    """One that every filter finds."""
    kz = Party.objects.filter(key="kz").first() or make_party("kz")
    space = Topic.objects.filter(key="space").first() or make_topic("space")
    make_commitment(
        title="Launch",
        kind=Kind.EVENT,
        window="2026",
        place="Astana",
        parties=[(kz, PartyRole.PROMISED_BY)],
        topics=[space],
        source=source,
        now=NOW,
    )


def walk(client: Client, source: Source, looks: tuple[str, ...]) -> dict[str, int]:
    """How many queries each address takes; each is a page with something on it."""
    found = {}
    for page, day, look in product(PAGES, DAYS, looks):
        query = "&".join(filter(None, (day, look)))
        address = f"{page}?{query}".format(source=source.public_id)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(address)
        assert response.status_code == 200, address
        found[address] = len(asked)
    return found


@pytest.mark.once
def test_no_list_asks_more_than_twelve_times_whatever_is_asked_for(
    client: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a page reads is read before its template; hundreds of templates take a minute.
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_given: "")
    add(source)
    one = walk(client, source, (GROUPED[0], GROUPED[-3]))
    add(source)
    add(source)
    three = walk(client, source, LOOKS)
    assert {address: three[address] for address in one} == one
    assert {address: count for address, count in three.items() if count > MOST} == {}
    assert len(three) == len(PAGES) * len(DAYS) * len(LOOKS)
    # Each found all three, so that nothing was left to ask for.
    assert min(three.values()) >= 9


def test_templates_ask_nothing(client: Client, source: Source) -> None:
    add(source)
    for page in (*PAGES, *ALONE):
        for query in ("", "as_of=2026-11-24&group=topic"):
            address = f"{page}?{query}".format(source=source.public_id)
            with CaptureQueriesContext(connection) as asked:
                html = client.get(address).content.decode()
            assert "Launch" in html, address
            assert len(asked) <= MOST, address


@pytest.mark.parametrize("page", ["/", "/picture/", "/topics/space/"])
@pytest.mark.parametrize("day", ["", "&as_of=2026-11-24"])
def test_names_that_are_not_on_record_are_refused(
    client: Client, source: Source, page: str, day: str
) -> None:
    """Also where one of several is, and where only a draft names them."""
    add(source)
    draft = make_source(title="Draft")
    parties, topics = [(make_party("mn"), PartyRole.PROMISED_BY)], [make_topic("sport")]
    make_commitment(published=False, parties=parties, topics=topics, source=draft)
    for name, known, unknown in (
        ("party", "kz", "mn"),
        ("topic", "space", "sport"),
        ("source", source.public_id, draft.public_id),
    ):
        if page.startswith(f"/{name}"):
            continue
        assert client.get(f"{page}?{name}={known}{day}").status_code == 200
        for value in (unknown, "nothing", "KZ", "%", "_", "kz|promised_by:kz"):
            refused = client.get(f"{page}?{urlencode({name: value})}{day}")
            assert refused.status_code == 400, (name, value)
            assert f"<code>{name}</code>: " in refused.content.decode()
        assert client.get(f"{page}?{name}={known}&{name}={unknown}{day}").status_code == 400


def test_role_is_that_of_the_party_that_is_named(client: Client, source: Source) -> None:
    """On the page of a party, too, and as of a day."""
    kz, mn = make_party("kz"), make_party("mn")
    make_commitment(
        title="Launch", parties=[(kz, PartyRole.PROMISED_BY), (mn, PartyRole.RESPONSIBLE)], now=NOW
    )
    for day in ("", "&as_of=2026-11-24"):
        for address, total in (
            ("/?party=kz&role=promised_by", 1),
            ("/?party=kz&role=responsible", 0),
            ("/?party=kz&role=responsible&role=promised_by", 1),
            ("/parties/mn/?role=responsible", 1),
            ("/parties/mn/?role=promised_by", 0),
        ):
            assert client.get(address + day).context["total"] == total, address + day
