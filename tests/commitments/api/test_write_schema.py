"""What the OpenAPI document says of the writes is true of requests and of answers."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client

from commitments.api.docs import openapi
from commitments.api.serializers.batch import BatchInput
from commitments.api.writing.batch import OPERATIONS
from commitments.api.writing.examples import EXAMPLES
from commitments.api.writing.urls import writing_patterns
from commitments.models import Commitment
from tests.builders import make_approver, make_editor
from tests.commitments.api.callers import calls_for, tag
from tests.commitments.api.keys import make_key
from tests.commitments.api.test_write_guide import COMMANDS, learn, read

pytestmark = pytest.mark.once

SAFE = {"get", "head", "options"}


@pytest.fixture(scope="module")
def strict() -> dict[str, Any]:
    """The document, with every object closed: a field that it does not name is an error."""
    document = copy.deepcopy(openapi())
    for component in document["components"]["schemas"].values():
        if "properties" in component:
            component["additionalProperties"] = False
    return document


def operation_of(document: dict[str, Any], method: str, address: str) -> dict[str, Any]:
    """What the document tells of `method` at `address`."""
    path = address.removeprefix(settings.SITE_URL).partition("?")[0]
    for told, methods in document["paths"].items():
        if method in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", told), path):
            found: dict[str, Any] = methods[method]
            return found
    raise AssertionError(f"{method} {path} is not in the document")


def validate(document: dict[str, Any], schema: Any, value: Any) -> None:
    jsonschema.validate(
        value,
        schema | {"components": document["components"]},
        cls=jsonschema.Draft202012Validator,
        format_checker=jsonschema.FormatChecker(),
    )


@pytest.mark.django_db
def test_the_requests_and_answers_of_the_guide_are_as_told(
    client: Client, strict: dict[str, Any]
) -> None:
    known = {
        "SITE": settings.SITE_URL,
        "KEY": make_key(make_editor()),
        "APPROVER": make_key(make_approver()),
        "CITATIONS": "",
    }
    done = set()
    for command, _status in COMMANDS:
        asked = read(command, known)
        method = asked.request or ("POST" if asked.json else "GET")
        told = operation_of(strict, method.lower(), asked.address)
        headers = dict(header.split(": ", 1) for header in asked.header)
        wanted = [one["name"] for one in told.get("parameters", []) if one.get("required")]
        assert {name for name in wanted if name == "If-Match"} <= set(headers)
        answer: Any = client.generic(
            method,
            asked.address.removeprefix(settings.SITE_URL),
            asked.json or "",
            content_type="application/json",
            headers=headers,
        )
        if asked.json:
            body = told["requestBody"]["content"]["application/json"]["schema"]
            validate(strict, body, json.loads(asked.json))
        content = told["responses"][str(answer.status_code)]["content"]
        validate(strict, content["application/json"]["schema"], answer.json())
        learn(known, answer)
        done.add(told["operationId"])
    assert done >= set(OPERATIONS) - {"reject", "take_back", "correct_topic", "correct_source"}


@pytest.mark.django_db
def test_refusals_are_as_told(strict: dict[str, Any]) -> None:
    calls = calls_for(make_approver())
    made = calls.post("commitments/", {"title": "T", "kind": "event", "window": "2025"})
    where = made["Location"]
    for method, address, body, if_match, status in (
        ("POST", "commitments/", {"title": 1}, None, 400),
        ("POST", "commitments/", {"title": "T", "kind": "event", "window": "soonish"}, None, 400),
        ("PATCH", where, {"title": "T"}, None, 428),
        ("PATCH", where, {"title": "T"}, '"7"', 412),
        ("POST", f"{where}status-changes/", {"to_status": "stalled"}, "*", 409),
        ("POST", f"{where}publish/", None, "*", 409),
        ("POST", "commitments/zzzzzzzz/publish/", None, "*", 404),
        ("POST", "batch/", {"mode": "all", "operations": [{"operation": "x"}]}, None, 400),
    ):
        answer = calls.send(method, address, body, if_match=if_match)
        full = address if address.startswith("http") else f"/api/v1/{address}"
        told = operation_of(strict, method.lower(), full)["responses"][str(status)]
        assert answer.status_code == status
        schema = told["content"]["application/problem+json"]["schema"]
        open_schema = {**schema, "components": openapi()["components"]}
        jsonschema.validate(answer.json(), open_schema, cls=jsonschema.Draft202012Validator)
    assert tag(Commitment.objects.get()) == '"1"'


def test_every_write_has_its_name_its_scope_and_an_example() -> None:
    paths = openapi()["paths"]
    named = {
        operation["operationId"]: operation
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method not in SAFE
    }
    assert set(OPERATIONS) | {"batch"} <= set(named)
    for name in {*OPERATIONS, "batch"}:
        body = named[name].get("requestBody")
        if body is None:
            continue
        content = body["content"]["application/json"]
        component = content["schema"]["$ref"].rpartition("/")[2]
        schema = openapi()["components"]["schemas"][component]
        assert schema["additionalProperties"] is False
        if schema.get("properties"):
            assert content["examples"], name


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_good_body(name: str) -> None:
    if name == "batch":
        assert BatchInput(data=EXAMPLES[name]).is_valid()
    else:
        assert set(OPERATIONS[name].checked(EXAMPLES[name])) >= set(EXAMPLES[name])


def test_every_view_that_writes_is_one_of_the_house() -> None:
    for pattern in writing_patterns:
        view: Any = pattern.callback
        post: Callable[..., Any] | None = getattr(view.view_class, "post", None)
        assert post is None or getattr(post, "is_idempotent", False)
