"""The OpenAPI document is true of every answer of this part of the API."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import time_machine
from django.conf import settings
from django.test import Client

from commitments.actions.links import merge_commitments
from commitments.api.docs import openapi
from tests.builders import NOW, make_admin, make_commitment, make_topic, make_user
from tests.commitments.api.keys import bearer, make_key
from tests.timeline.api.test_webhooks import owe
from tests.timeline.mail.builders import make_subscriber, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def strict() -> dict[str, Any]:
    """The document, with every object closed: a field that it does not name is an error."""
    document = copy.deepcopy(openapi())
    for component in document["components"]["schemas"].values():
        if "properties" in component:
            component["additionalProperties"] = False
    return document


def check(document: dict[str, Any], method: str, path: str, answer: Any) -> None:
    """Fail where `answer` is not what `document` says."""
    told = document["paths"][f"/api/v1/{path}"][method.lower()]["responses"]
    response = told[str(answer.status_code)]
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if "content" not in response:
        assert answer.content == b""
        return
    jsonschema.validate(
        answer.json(),
        response["content"][media_type]["schema"] | {"components": document["components"]},
        cls=jsonschema.Draft202012Validator,
        format_checker=jsonschema.FormatChecker(),
    )


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_public_answers_are_as_told(client: Client, strict: dict[str, Any], language: str) -> None:
    kept = make_commitment(topics=[make_topic()])
    make_commitment(window="")
    merge_commitments(
        duplicate=make_commitment(), kept=kept, actor=make_admin(), now=NOW, reason="The same."
    )
    for path, query, status in (
        ("changes/", "", 200),
        ("changes/", "limit=1&kind=milestone", 200),
        ("changes/", "colour=red", 400),
        ("timeline/", "page_size=2", 200),
        ("timeline/", "type=x", 400),
    ):
        answer = client.get(f"/api/v1/{path}?{query}&language={language}")
        assert answer.status_code == status
        check(strict, "GET", path, answer)


def test_answers_about_the_callers_own_are_as_told(strict: dict[str, Any]) -> None:
    user = make_user(email="reader@example.org")
    subscriber = make_subscriber("reader@example.org")
    subscription = make_subscription(subscriber)
    headers, client = bearer(make_key(user)), Client()

    def call(method: str, path: str, values: dict[str, Any], status: int, body: Any = None) -> Any:
        answer = client.generic(
            method,
            f"/api/v1/{path.format(**values)}",
            data=json.dumps(body).encode() if body is not None else b"",
            content_type="application/json",
            headers=headers,
        )
        assert answer.status_code == status, answer.content
        check(strict, method, path, answer)
        return answer

    hook = {"target_url": "https://example.org/hook"}
    made = call("POST", "webhooks/", {}, 201, hook).json()
    call("POST", "webhooks/", {}, 400, {})
    owe(1)
    one: dict[str, Any] = {"public_id": made["id"]}
    deliveries = call("GET", "webhooks/{public_id}/deliveries/", one, 200).json()
    one["number"] = deliveries["results"][0]["number"]
    call("POST", "webhooks/{public_id}/deliveries/{number}/replay/", one, 400)
    call("GET", "webhooks/", {}, 200)
    call("GET", "webhooks/{public_id}/", one, 200)
    call("GET", "webhooks/{public_id}/", {"public_id": "nothing"}, 404)
    call("GET", "webhooks/{public_id}/secret/", one, 200)
    call("POST", "webhooks/{public_id}/secret/", one, 204)
    call("DELETE", "webhooks/{public_id}/", one, 204)
    call("GET", "subscriptions/", {}, 200)
    call("POST", "subscriptions/", {}, 202, {"lead_days": [7]})
    call("GET", "subscriptions/{number}/", {"number": subscription.pk}, 200)
    call("DELETE", "subscriptions/{number}/", {"number": subscription.pk}, 204)


def test_every_filter_is_told_of() -> None:
    def parameters(path: str) -> set[str]:
        told = openapi()["paths"][f"/api/v1/{path}"]["get"]["parameters"]
        return {one["name"] for one in told if one["in"] == "query"}

    common = {"language", "format"}
    filters = parameters("commitments/") - {"cursor", "page_size", "as_of", "as_of_time"} - common
    filters -= {"fields", "expand", "publication"}
    assert parameters("changes/") == (filters - {"schedule"}) | {"since", "limit", "wait"} | common
    own = {"type", "starting", "cursor", "page_size"}
    assert parameters("timeline/") == filters | own | common


def test_the_front_leads_here(client: Client) -> None:
    front = client.get("/api/v1/").json()
    for name in ("changes", "timeline", "webhooks", "subscriptions"):
        assert front[name] == f"{settings.SITE_URL}/api/v1/{name}/"
