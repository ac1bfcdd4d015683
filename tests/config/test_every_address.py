"""Every address of the resolver is in a matrix of who may do what; a new one without a row fails.

The desk (`tests/commitments/admin/test_roles_matrix.py`) and the writes of the API
(`tests/commitments/api/test_key_matrix.py`) have matrices of their own. Here is all the rest: what
each method is answered, to nobody and to each role of the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from commitments.models import Commitment, Party, Revision, Source, Topic, User
from tests.builders import NOW, make_commitment, make_source, make_topic
from tests.commitments.admin.addresses import names_of_addresses
from tests.commitments.admin.test_roles_matrix import ROLES, person_with
from tests.commitments.api.test_key_matrix import ROUTES as API_WRITES
from tests.commitments.api.test_key_matrix import address_of as api_address_of
from tests.timeline.mail.builders import make_subscriber
from timeline.actions.personal_feeds import create_feed
from timeline.mail.links import manage_url, unsubscribe_url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

METHODS = ("get", "post", "put", "delete")
# A route, then GET POST PUT DELETE for nobody and for each role of the desk. The forms are sent
# empty; PUT and DELETE are for nobody anywhere but at the API, which has its own matrix.
MATRIX = r"""
/                                                          200 405 405 405  200 405 405 405
/.well-known/caldav                                        301 301 301 301  301 301 301 301
/^api/(?P<path>[\s\S]*)\Z                                  404 404 404 404  404 404 404 404
/c/<str:public_id>.ics                                     200 405 405 405  200 405 405 405
/c/<str:public_id>/                                        200 405 405 405  200 405 405 405
/c/<str:public_id>/badge.svg                               200 405 405 405  200 405 405 405
/c/<str:public_id>/card.png                                200 405 405 405  200 405 405 405
/c/<str:public_id>/embed/                                  200 405 405 405  200 405 405 405
/calendars/                                                302 302 302 302  200 400 405 405
/calendars/<str:public_id>/                                302 302 302 302  404 404 405 405
/changes/                                                  200 405 405 405  200 405 405 405
/corrections/                                              200 405 405 405  200 405 405 405
/dav/                                                      200 405 405 405  200 405 405 405
/dav/all/                                                  200 405 405 405  200 405 405 405
/dav/all/<str:name>                                        404 405 405 405  404 405 405 405
/dav/calendars/                                            401 405 405 405  401 405 405 405
/dav/calendars/<str:public_id>/                            401 405 405 405  401 405 405 405
/dav/calendars/<str:public_id>/<str:name>                  401 405 405 405  401 405 405 405
/dav/calendars/<str:public_id>/<str:secret>/               200 405 405 405  200 405 405 405
/dav/calendars/<str:public_id>/<str:secret>/calendar/      200 405 405 405  200 405 405 405
/dav/calendars/<str:public_id>/<str:secret>/calendar/<str:name> 404 405 405 405  404 405 405 405
/dav/lists/<str:part>/                                     404 405 405 405  404 405 405 405
/dav/lists/<str:part>/calendar/                            404 405 405 405  404 405 405 405
/dav/lists/<str:part>/calendar/<str:name>                  404 405 405 405  404 405 405 405
/feeds/<str:public_id>/<str:secret>.ics                    200 405 405 405  200 405 405 405
/feeds/changes.atom                                        200 405 405 405  200 405 405 405
/feeds/changes.json                                        200 405 405 405  200 405 405 405
/feeds/commitments.ics                                     200 405 405 405  200 405 405 405
/healthz/live                                              200 405 405 405  200 405 405 405
/healthz/ready                                             503 405 405 405  503 405 405 405
/i18n/setlang/                                             302 302 302 302  302 302 302 302
/mail/events/<str:provider>/                               404 404 404 404  404 404 404 404
/mailbox/                                                  404 405 405 405  404 405 405 405
/mailbox/<str:key>/                                        404 405 405 405  404 405 405 405
/mailbox/<str:key>/html/                                   404 405 405 405  404 405 405 405
/methodology/                                              200 405 405 405  200 405 405 405
/metrics                                                   404 405 405 405  404 405 405 405
/parties/                                                  200 405 405 405  200 405 405 405
/parties/<str:key>/                                        200 405 405 405  200 405 405 405
/parties/<str:key>/picture.svg                             200 405 405 405  200 405 405 405
/parties/<str:key>/picture/                                200 405 405 405  200 405 405 405
/picture.svg                                               200 405 405 405  200 405 405 405
/picture/                                                  200 405 405 405  200 405 405 405
/sources/                                                  200 405 405 405  200 405 405 405
/sources/<str:key>/                                        200 405 405 405  200 405 405 405
/sources/<str:key>/picture.svg                             200 405 405 405  200 405 405 405
/sources/<str:key>/picture/                                200 405 405 405  200 405 405 405
/subscribe/                                                200 405 405 405  200 405 405 405
/subscribe/mail/                                           200 400 405 405  200 400 405 405
/subscriptions/answer/<str:token>/                         404 404 405 405  404 404 405 405
/subscriptions/confirm/<str:token>/                        404 404 405 405  404 404 405 405
/subscriptions/manage/<str:token>/                         200 400 405 405  200 400 405 405
/subscriptions/unsubscribe/<str:token>/                    200 200 405 405  200 200 405 405
/topics/                                                   200 405 405 405  200 405 405 405
/topics/<str:key>/                                         200 405 405 405  200 405 405 405
/topics/<str:key>/picture.svg                              200 405 405 405  200 405 405 405
/topics/<str:key>/picture/                                 200 405 405 405  200 405 405 405
"""
ROWS = {
    name: [int(cell) for cell in cells]
    for name, *cells in map(str.split, MATRIX.strip().splitlines())
}


def routes(part: URLPattern | URLResolver, before: str = "") -> Iterator[str]:
    """Every route; the languages of the pages are one."""
    if isinstance(part, URLPattern):
        yield "/" + before + str(part.pattern)
        return
    for one in part.url_patterns:
        yield from routes(one, before + str(part.pattern).lstrip("^/"))


ALL = sorted(set(routes(get_resolver())))
OF_THE_API = [route for route in ALL if route.startswith("/api/v1/")]
OF_THE_DESK = [route for route in ALL if route.startswith("/admin/")]
REST = [route for route in ALL if route not in {*OF_THE_API, *OF_THE_DESK}]


@pytest.fixture
def commitment() -> Commitment:
    return make_commitment(title="A bridge", topics=[make_topic("bridges")])


@pytest.fixture
def examples() -> dict[str, str]:
    """An address for each route, about something that is there, of somebody else."""
    commitment = make_commitment(
        title="A bridge", topics=[make_topic("bridges")], source=make_source(text="Said.")
    )
    owner = person_with("editor")
    feed, secret = create_feed(name="Mine", params=QueryDict(), user=owner, now=NOW)
    reader = make_subscriber()
    values = {
        "/c/": commitment.public_id,
        "/sources/": Source.objects.latest("pk").public_id,
        "/parties/": Party.objects.latest("pk").key,
        "/topics/": Topic.objects.latest("pk").key,
        "/calendars/": feed.public_id,
        "/feeds/": feed.public_id,
    }
    found = {}
    for route in REST:
        path = route.replace("<str:public_id>/<str:secret>", f"{feed.public_id}/{secret}")
        for before, value in values.items():
            if before in path:
                path = re.sub("<str:(public_id|key)>", value, path, count=1)
        path = path.replace("lists/<str:part>", "lists/all").replace("<str:provider>", "postmark")
        path = path.replace("<str:name>", "nothing.ics").replace("<str:token>", "nothing")
        found[route] = path.replace(r"^api/(?P<path>[\s\S]*)\Z", "api/v2/")
    host = "http://localhost:8000"
    found["/subscriptions/manage/<str:token>/"] = manage_url(reader).removeprefix(host)
    found["/subscriptions/unsubscribe/<str:token>/"] = unsubscribe_url(reader).removeprefix(host)
    return found


def answers(client: Client, path: str) -> list[int]:
    return [getattr(client, method)(path).status_code for method in METHODS]


def test_every_route_is_in_a_matrix() -> None:
    assert sorted(ROWS) == REST
    desk = {route.removeprefix("/admin/") for route in OF_THE_DESK}
    assert len(desk) == len(set(names_of_addresses()))
    assert {f"/{route}" for _method, route in API_WRITES} <= set(OF_THE_API)


# What is not public at the API, and so asks who is there.
ASKS = {
    "/api/v1/commitments/<slug:public_id>/proposals/",
    "/api/v1/commitments/<slug:public_id>/proposals/<int:number>/",
    "/api/v1/subscriptions/",
    "/api/v1/subscriptions/<int:number>/",
    "/api/v1/subscriptions/settings/",
    "/api/v1/webhooks/",
    "/api/v1/webhooks/<slug:public_id>/",
    "/api/v1/webhooks/<slug:public_id>/deliveries/",
    "/api/v1/webhooks/<slug:public_id>/secret/",
}


@pytest.mark.parametrize("route", OF_THE_API)
def test_reading_the_api_needs_a_login_there_and_only_there(
    route: str, client: Client, commitment: Commitment
) -> None:
    path = api_address_of(route.lstrip("/"), commitment)
    path = path.replace(r"^(?P<path>[\s\S]*)\Z", "nothing/")
    alone = client.get(path).status_code
    assert (alone == 401) == (route in ASKS)
    assert alone in {200, 400, 401, 404, 405}
    client.force_login(person_with("administrator"))
    at_the_desk = client.get(path).status_code
    assert at_the_desk in ({200, 404} if route in ASKS else {alone})


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_each_role_at_each_address(role: str, examples: dict[str, str], client: Client) -> None:
    if role != "nobody":
        client.force_login(person_with(role))
    before = state()
    found = {route: answers(client, examples[route]) for route in REST}
    first = 0 if role == "nobody" else len(METHODS)
    assert found == {route: cells[first : first + len(METHODS)] for route, cells in ROWS.items()}
    assert state() == before


def state() -> tuple[Any, ...]:
    """What no request of the matrix may change; a link out of a mail does unsubscribe."""
    return (
        Revision.objects.count(),
        list(Commitment.objects.values_list("pk", "revision", "publication", "status")),
        User.objects.filter(is_superuser=True).count(),
    )
