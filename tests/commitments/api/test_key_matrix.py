"""Every write of the API, by who sends it: nobody gets in without both scope and right.

The routes are taken from the resolver, so that a new one is in the matrix before anybody thinks
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from commitments.models import Commitment, Party, Revision, Source, Topic
from tests.builders import make_admin, make_commitment, make_topic, make_user
from tests.commitments.api.keys import bearer, make_key

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BATCH = "api/v1/batch/"
WRITES = ("post", "put", "patch", "delete")
# What only a key with the scope `approve` may, as the last part of its address.
APPROVING = {"publish/", "retract/", "approve/", "reject/"}


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Each method that writes, with its route."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif route.startswith("api/v1/") and "(?P" not in route:
            view = getattr(one.callback, "cls", None)
            yield from ((method, route) for method in WRITES if hasattr(view, method))


ROUTES = sorted(set(routes(get_resolver())))


@pytest.fixture
def commitment() -> Commitment:
    return make_commitment(title="A bridge", topics=[make_topic("bridges")])


def address_of(route: str, commitment: Commitment) -> str:
    """The address of a route about what is published."""
    names = {
        "parties/<slug:key>": f"parties/{Party.objects.latest('pk').key}",
        "topics/<slug:key>": f"topics/{Topic.objects.latest('pk').key}",
        "sources/<slug:public_id>": f"sources/{Source.objects.latest('pk').public_id}",
        "commitments/<slug:public_id>": f"commitments/{commitment.public_id}",
    }
    for name, value in names.items():
        route = route.replace(name, value)
    return "/" + re.sub("<int:[a-z_]+>", "1", re.sub("<(slug|str):[a-z_]+>", "nothing", route))


def send(method: str, path: str, **headers: str) -> Any:
    answer = Client().generic(
        method.upper(),
        path,
        b'{"reason": "Because."}',
        content_type="application/json",
        headers={"If-Match": "*", **headers},
    )
    assert answer["Content-Type"] == "application/problem+json", (method, path)
    return answer


def test_the_matrix_has_all_of_the_writes() -> None:
    methods = [method for method, _route in ROUTES]
    assert {"post", "patch"} <= set(methods)
    assert ("post", "api/v1/commitments/") in ROUTES
    assert ("post", BATCH) in ROUTES
    assert len(ROUTES) >= 25


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_nobody_writes(method: str, route: str, commitment: Commitment) -> None:
    before = Revision.objects.count()
    path = address_of(route, commitment)
    assert send(method, path).status_code in {401, 404}
    bad = send(method, path, **bearer("nonsense"))
    assert (bad.status_code, bad.json()["code"]) == (401, "key_unknown")
    assert Revision.objects.count() == before


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_a_key_for_reading_writes_nothing_whoever_it_is_of(
    method: str, route: str, commitment: Commitment
) -> None:
    before = Revision.objects.count()
    reader = bearer(make_key(make_admin(), scopes=["read"]))
    answer = send(method, address_of(route, commitment), **reader)
    # The rows of a batch ask for a scope each, and this batch has none.
    assert answer.status_code in ({400} if route == BATCH else {403, 404})
    if answer.status_code == 403:
        assert answer.json()["code"] == "scope_missing"
    assert Revision.objects.count() == before


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_a_key_with_every_scope_gives_nothing_that_its_user_has_not(
    method: str, route: str, commitment: Commitment
) -> None:
    before = Revision.objects.count()
    stranger = bearer(make_key(make_user()))
    send(method, address_of(route, commitment), **stranger)
    assert Revision.objects.count() == before


@pytest.mark.parametrize(
    ("method", "route"), [one for one in ROUTES if one[1].split("/")[-2] + "/" in APPROVING]
)
@pytest.mark.parametrize("scopes", [("write",), ("read", "write")], ids=" ".join)
def test_deciding_needs_its_own_scope(
    method: str, route: str, scopes: tuple[str, ...], commitment: Commitment
) -> None:
    before = Revision.objects.count()
    writer = bearer(make_key(make_admin(), scopes=scopes))
    answer = send(method, address_of(route, commitment), **writer)
    assert answer.status_code in {403, 404}
    if answer.status_code == 403:
        assert answer.json()["code"] == "scope_missing"
    assert Revision.objects.count() == before


@pytest.mark.parametrize(
    ("method", "route"), [one for one in ROUTES if "commitments/<slug:public_id>" in one[1]]
)
def test_a_draft_looks_like_nothing(method: str, route: str, commitment: Commitment) -> None:
    draft = make_commitment(published=False)
    stranger = bearer(make_key(make_user()))
    nothing = Commitment(public_id="zzzzzzzzzzzz")
    for headers in ({}, stranger):
        there, nowhere = (
            send(method, address_of(route, one), **headers) for one in (draft, nothing)
        )
        assert there.status_code == nowhere.status_code
        assert there.status_code in {401, 404}
        assert there.content == nowhere.content
