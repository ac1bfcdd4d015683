"""What no view answers: a problem for programs, a page for people."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from config import refusals

pytestmark = pytest.mark.once

TYPES = f"{site.SITE_URL}/api/v1/problems"


def problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["status"]) == (f"{TYPES}/{name}/", status)
    assert Client().get(body["type"].removeprefix(site.SITE_URL)).status_code == 200
    return body


@pytest.fixture(params=[True, False], ids=["debug", "live"])
def _debug(request: pytest.FixtureRequest, settings: Any) -> None:
    settings.DEBUG = request.param


@pytest.mark.usefixtures("_debug")
@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v2/", "/api/v2", "/api/v1x/", "/api/v11/commitments/", "/api/schema/"],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_no_version_of_the_api_has_this(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert "Location" not in answer.headers
    problem(answer, 404, "not_found")


@pytest.mark.parametrize("path", ["/apis/", "/api.html", "/nothing/", "/ru/api/"])
def test_elsewhere_people_see_a_page(client: Client, path: str, settings: Any) -> None:
    settings.DEBUG = False
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.usefixtures("_debug")
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80:80", "[", "a b", ""])
def test_a_wrong_host_is_a_problem_at_the_api(
    client: Client, settings: Any, host: str, caplog: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for path in ("/api/v1/commitments/", "/api/v2/"):
        answer = client.get(path, headers={"Host": host})
        assert problem(answer, 400, "malformed_request")["code"] == "malformed_request"
        assert "evil" not in answer.content.decode()
        assert "Content-Security-Policy" in answer
    told = [one.name for one in caplog.records if one.name.startswith("django.security")]
    assert told == ["django.security.DisallowedHost"] * 2


def test_elsewhere_a_wrong_host_is_a_page(client: Client, settings: Any) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["example.org"]
    page = client.get("/", headers={"Host": "evil.example"})
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")


def _broken(_request: HttpRequest) -> None:
    raise RuntimeError("secret")


def test_an_error_of_ours_tells_its_number_and_nothing_else(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    settings.DEBUG = False
    client.raise_request_exception = False
    monkeypatch.setattr("config.languages.LanguageMiddleware.process_request", _fail)
    body = problem_without_check(client.get("/api/v1/commitments/"), 500)
    assert body["code"] == "unexpected"
    assert "secret" not in str(body)
    told = [one for one in caplog.records if one.name == "commitments.api.errors"]
    assert [one.getMessage() for one in told] == [f"{body['instance']} at /api/v1/commitments/"]
    assert told[0].exc_info[0] is RuntimeError
    page = client.get("/")
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")


def _fail(_self: Any, _request: HttpRequest) -> None:
    raise RuntimeError("secret")


def problem_without_check(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(("path", "is_problem"), [("/api/v1/x/", True), ("/admin/x/", False)])
def test_what_is_forbidden_and_what_has_no_token(
    rf: RequestFactory, path: str, *, is_problem: bool
) -> None:
    request = rf.post(path)
    answers = [
        refusals.forbidden(request, PermissionDenied("no")),
        refusals.csrf_failure(request, "no cookie"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        kind = "application/problem+json" if is_problem else "text/html; charset=utf-8"
        assert answer["Content-Type"].replace('"utf-8"', "utf-8") == kind
    if is_problem:
        assert b'"csrf_failed"' in answers[1].content


def test_a_problem_is_in_the_language_that_was_asked_for(client: Client) -> None:
    answer = client.get("/api/v2/", headers={"Accept-Language": "ru"})
    assert answer["Content-Language"] == "ru"


def test_the_settings_name_these_handlers() -> None:
    assert site.CSRF_FAILURE_VIEW == "config.refusals.csrf_failure"
    assert logging.getLogger("commitments.api.errors").isEnabledFor(logging.ERROR)


@pytest.mark.parametrize("error", [OperationalError("the disk is full"), InterfaceError("closed")])
def test_a_database_that_is_away_is_told_as_such(
    error: Exception, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise error

    settings.DEBUG = False
    client.raise_request_exception = False
    monkeypatch.setattr("config.languages.LanguageMiddleware.process_request", fail)
    answer = client.get("/api/v1/commitments/")
    body = problem_without_check(answer, 503)
    assert (body["code"], answer["Retry-After"]) == ("unavailable", "10")
    page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Not available right now" in page.content.decode()
    assert "disk" not in f"{body}{page.content.decode()}"


def test_a_view_of_the_api_tells_so_as_well(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_view: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("commitments.api.commitments.CommitmentList.get_queryset", fail)
    client.raise_request_exception = False
    body = problem_without_check(client.get("/api/v1/commitments/"), 503)
    assert body["instance"].startswith("urn:uuid:")
