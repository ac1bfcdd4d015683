"""The OpenAPI document: valid, complete, and true of every answer."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from commitments.actions.status import StatusMove, change_status
from commitments.api.docs import openapi
from commitments.api.urls import urlpatterns
from commitments.enums import Status
from commitments.filters import known_parameters
from commitments.window import Window
from tests.builders import NOW, make_citation, make_commitment, make_editor, make_party
from tests.commitments.api.full_record import make_full
from timeline.api.urls import urlpatterns as patterns_above

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def strict() -> dict[str, Any]:
    """The document, with every object closed: a field that it does not name is an error."""
    document = copy.deepcopy(openapi())
    for component in document["components"]["schemas"].values():
        if "properties" in component:
            component["additionalProperties"] = False
    return document


def check(document: dict[str, Any], path: str, answer: Any) -> None:
    """Fail where `answer` is not what `document` says of GET `path`."""
    told = document["paths"][path]["get"]["responses"][str(answer.status_code)]
    media_type = answer["Content-Type"].partition(";")[0]
    schema = told["content"][media_type]["schema"]
    jsonschema.validate(
        answer.json(),
        schema | {"components": document["components"]},
        cls=jsonschema.Draft202012Validator,
        format_checker=jsonschema.FormatChecker(),
    )


def test_the_document_is_valid_and_nothing_in_it_is_a_guess(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    assert yaml.safe_load(file.read_text()) == openapi()


def test_the_document_in_the_tree_is_that_of_the_code(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(file))
    kept = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
    assert kept.read_text() == file.read_text(), "The API is another one: run make schema."


def test_every_address_is_in_the_document() -> None:
    told = {path.removeprefix("/api/v1/") for path in openapi()["paths"]}
    left_out = {"schema/", "docs/"}
    converters = {"<slug:": "{", "<int:": "{", ">": "}"}
    known = set()
    for pattern in [*urlpatterns[:-1], *patterns_above]:
        route = str(pattern.pattern)
        for before, after in converters.items():
            route = route.replace(before, after)
        known.add(route)
    assert told == known - left_out


def test_every_filter_is_in_the_document() -> None:
    parameters = openapi()["paths"]["/api/v1/commitments/"]["get"]["parameters"]
    told = {one["name"] for one in parameters}
    own = {"cursor", "page_size", "language", "format", "as_of", "as_of_time", "expand"}
    own |= {"publication"}
    assert told == {*known_parameters(), *own}


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/problems/"])
def test_plain_answers_are_as_told(client: Client, strict: dict[str, Any], path: str) -> None:
    check(strict, path, client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_answers_are_as_told(client: Client, strict: dict[str, Any], language: str) -> None:
    editor = make_editor()
    full = make_full(editor, of_each=2)
    replaced = make_commitment(window="")
    change_status(
        commitment=replaced,
        move=StatusMove(
            to_status=Status.SUPERSEDED,
            effective=Window.parse(""),
            successor=full,
            citations=(make_citation(replaced),),
        ),
        actor=editor,
        now=NOW,
    )
    source = full.citations.all()[0].source
    party = full.parties.all()[0]
    topic = full.topics.all()[0]
    for path, value in (
        ("commitments/", None),
        ("commitments/{public_id}/", full.public_id),
        ("commitments/{public_id}/", replaced.public_id),
        ("parties/", None),
        ("parties/{key}/", party.key),
        ("topics/", None),
        ("topics/{key}/", topic.key),
        ("sources/", None),
        ("sources/{public_id}/", source.public_id),
        ("problems/{name}/", "not_found"),
    ):
        address = path.replace(path[path.find("{") : path.find("}") + 1], value) if value else path
        answer = client.get(f"/api/v1/{address}?language={language}")
        assert answer.status_code == 200
        check(strict, f"/api/v1/{path}", answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "commitments/?expand=parties,topics,sources",
        "commitments/?expand=date_moves,status_changes,target,parent,successor",
        "citations/",
        "citations/?expand=commitment,parties,sources",
        "status-changes/?expand=commitment",
        "date-moves/",
        "values/",
        "values/?expand=commitment,sources",
        "statistics/",
        "statistics/?by=party",
    ],
)
def test_what_is_expanded_is_as_told(client: Client, strict: dict[str, Any], address: str) -> None:
    make_full(make_editor(), of_each=2)
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200
    check(strict, f"/api/v1/{address.partition('?')[0]}", answer)


@pytest.mark.django_db
def test_problems_are_as_told(client: Client, strict: dict[str, Any]) -> None:
    make_party()
    for path, address, status in (
        ("commitments/", "commitments/?x=1&y=2", 400),
        ("commitments/", "commitments/?kind=x&from=y", 400),
        ("commitments/{public_id}/", "commitments/zzzzzzzz/", 404),
        ("windows/", "windows/?text=springg", 400),
        ("windows/", "windows/?text=2026", 200),
    ):
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == status
        check(strict, f"/api/v1/{path}", answer)


def test_the_document_is_served_as_json_and_as_yaml(client: Client) -> None:
    path = "/api/v1/schema/"
    for query, accept, media_type in (
        ("", "*/*", "application/vnd.oai.openapi+json"),
        ("", "application/json", "application/json"),
        ("?format=json", "*/*", "application/vnd.oai.openapi+json"),
        ("?format=yaml", "*/*", "application/vnd.oai.openapi; charset=utf-8"),
        ("", "application/yaml", "application/yaml; charset=utf-8"),
    ):
        answer = client.get(f"{path}{query}", headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
        assert yaml.safe_load(answer.content) == openapi()


def test_the_document_is_the_same_in_every_language(client: Client) -> None:
    answers = {
        client.get("/api/v1/schema/", headers={"Accept-Language": code}).content
        for code in ("en", "ru", "kk")
    }
    assert len(answers) == 1


def test_the_front_leads_to_every_list(client: Client) -> None:
    answer = client.get("/api/v1/")
    assert set(answer.json()) == {
        "commitments",
        "parties",
        "topics",
        "sources",
        "windows",
        "problems",
        "schema",
        "docs",
        "changes",
        "timeline",
        "webhooks",
        "subscriptions",
        "citations",
        "status_changes",
        "date_moves",
        "values",
        "statistics",
    }
    assert answer["Link"] == f'<{settings.SITE_URL}/api/v1/schema/>; rel="service-desc"'
