"""Every error is a problem (RFC 9457), with a stable type and code and the place of the fault."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import exceptions as django
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions as rest
from rest_framework import serializers
from rest_framework.views import APIView

from commitments import exceptions as record
from commitments.api import errors
from commitments.api.commitments import CommitmentList
from commitments.api.errors import problem_response
from commitments.api.problems import KINDS, PROBLEMS, kind_of
from commitments.phrases import read_phrase
from tests.builders import make_commitment

pytestmark = pytest.mark.once

TYPES = f"{settings.SITE_URL}/api/v1/problems"


def problem(error: Exception, method: str = "POST") -> dict[str, Any]:
    """The body of the answer to `error`."""
    request = RequestFactory().generic(method, "/api/v1/")
    answer = problem_response(error, {"request": request})
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == answer.status_code
    return body


def classes(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for one in root.__subclasses__():
        if one.__module__ == root.__module__:
            yield from classes(one)


@pytest.mark.parametrize("error", list(classes(record.RecordError)))
def test_every_error_of_the_record_has_a_kind_and_is_nobodys_fault_of_ours(
    error: type[Exception],
) -> None:
    kind = next(PROBLEMS[one] for one in error.__mro__ if one in PROBLEMS)
    assert 400 <= kind.status < 500


@pytest.mark.parametrize("error", sorted(classes(rest.APIException), key=str))
def test_every_error_of_http_keeps_its_status(error: type[rest.APIException]) -> None:
    if error is rest.APIException:
        assert KINDS["unexpected"].status == error.status_code
    else:
        assert PROBLEMS[error].status == error.status_code


def test_names_of_kinds_are_the_public_ones() -> None:
    assert {name: kind.status for name, kind in KINDS.items()} == {
        "idempotency_key_reused": 422,
        "invalid_input": 400,
        "malformed_request": 400,
        "method_not_allowed": 405,
        "not_acceptable": 406,
        "not_allowed": 403,
        "not_authenticated": 401,
        "not_found": 404,
        "precondition_failed": 412,
        "precondition_required": 428,
        "refused": 400,
        "request_in_progress": 409,
        "stale_revision": 412,
        "statement_invalid": 400,
        "throttled": 429,
        "too_large": 413,
        "transition_refused": 409,
        "unavailable": 503,
        "unexpected": 500,
        "unsupported_media_type": 415,
        "window_invalid": 400,
    }


@pytest.mark.parametrize(
    ("error", "name", "status"),
    [
        (Http404(), "not_found", 404),
        (django.PermissionDenied(), "not_allowed", 403),
        (django.TooManyFieldsSent(), "malformed_request", 400),
        (django.DisallowedHost(), "malformed_request", 400),
        (record.CircleError("x"), "invalid_input", 400),
        (record.PhraseError("x"), "window_invalid", 400),
        (ZeroDivisionError(), "unexpected", 500),
    ],
)
def test_an_error_without_a_row_has_that_of_its_nearest_class(
    error: Exception, name: str, status: int
) -> None:
    kind = kind_of(error)
    assert (kind.name, kind.status) == (name, status)


# What a problem says


def test_an_invalid_input_points_at_each_field_of_the_body() -> None:
    error = record.InvalidInput(
        "Too long.",
        field="title",
        code="too_long",
        errors={"title": ["Too long.", "Not visible."], "": ["Contradiction."]},
    )
    assert problem(error) == {
        "type": f"{TYPES}/invalid_input/",
        "title": "The input is not valid",
        "status": 400,
        "detail": "Too long.",
        "code": "too_long",
        "errors": [
            {"pointer": "#/title", "code": "too_long", "detail": "Too long."},
            {"pointer": "#/title", "code": "too_long", "detail": "Not visible."},
            {"pointer": "#", "code": "too_long", "detail": "Contradiction."},
        ],
    }


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_of_a_reading_request_it_names_the_parameter(method: str) -> None:
    error = record.InvalidInput("No.", errors={"from": ["No."], "": ["Nor that."]})
    assert problem(error, method)["errors"] == [
        {"parameter": "from", "code": "invalid_input", "detail": "No."},
        {"code": "invalid_input", "detail": "Nor that."},
    ]


def test_a_stale_revision_tells_what_the_other_did() -> None:
    error = record.StaleRevision("Stale.", current=4, changed={"title": ["a", "b"]})
    assert problem(error) == {
        "type": f"{TYPES}/stale_revision/",
        "title": "Somebody else changed it",
        "status": 412,
        "detail": "Stale.",
        "code": "stale_revision",
        "current": 4,
        "etag": '"4"',
        "changed": {"title": ["a", "b"]},
    }


def test_a_refused_transition_names_the_unmet_need() -> None:
    error = record.TransitionRefused("Cite a document.", code="needs_documented_evidence")
    body = problem(error)
    assert (body["status"], body["code"]) == (409, "needs_documented_evidence")
    assert body["type"] == f"{TYPES}/transition_refused/"


def test_nearest_are_given_for_phrases_and_quotes() -> None:
    assert problem(record.PhraseError("No.", nearest=("spring 2025",)))["nearest"] == [
        "spring 2025"
    ]
    assert problem(record.QuoteNotFound("No.", nearest="we shall"))["nearest"] == ["we shall"]
    assert problem(record.QuoteNotFound("No."))["nearest"] == []


def test_a_statement_names_each_of_its_problems() -> None:
    error = record.StatementInvalid("Not loaded.", problems=("row 1: a", "row 2: b"))
    assert [item["detail"] for item in problem(error)["errors"]] == ["row 1: a", "row 2: b"]


SENTENCE = (
    "%(text)s is not understood as a date: write it in other words, or as EDTF such as 2026-04."
)


def test_the_sentence_of_a_room_without_django_is_translated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(record.PhraseError) as caught:
        read_phrase("springg 2025", said_on=None, language="en")
    monkeypatch.setattr(errors, "_", {SENTENCE: "%(text)s: түсініксіз"}.__getitem__)
    assert problem(caught.value, "GET")["detail"] == "springg 2025: түсініксіз"


class Inner(serializers.Serializer[Any]):
    quote = serializers.CharField()


class Outer(serializers.Serializer[Any]):
    title = serializers.CharField()
    citations = Inner(many=True)

    def validate(self, _attrs: Any) -> Any:
        raise serializers.ValidationError("Contradiction.")


def test_a_serializer_points_into_nested_lists() -> None:
    outer = Outer(data={"citations": [{"quote": "a"}, {}]})
    with pytest.raises(rest.ValidationError) as caught:
        outer.is_valid(raise_exception=True)
    assert problem(caught.value)["errors"] == [
        {"pointer": "#/title", "code": "required", "detail": "This field is required."},
        {"pointer": "#/citations/1/quote", "code": "required", "detail": "This field is required."},
    ]


def test_what_is_wrong_with_the_whole_points_at_the_whole() -> None:
    outer = Outer(data={"title": "a", "citations": []})
    with pytest.raises(rest.ValidationError) as caught:
        outer.is_valid(raise_exception=True)
    assert problem(caught.value)["errors"] == [
        {"pointer": "#", "code": "invalid", "detail": "Contradiction."}
    ]


def test_throttling_says_how_long_to_wait() -> None:
    request = RequestFactory().get("/api/v1/")
    answer = problem_response(rest.Throttled(wait=29.5), {"request": request})
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")


def test_no_text_breaks_the_answer_that_tells_of_it() -> None:
    assert problem(record.InvalidInput("\ud800", field="\ud800"))["detail"] == "?"


# Over HTTP


def check(answer: Any, status: int, name: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["status"]) == (f"{TYPES}/{name}/", status)
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "path",
    [
        "xyz/",
        "xyz",
        "commitments/%00/",
        "commitments/../x/",
        "a/b/c",
        "%FF/",
        "%E2%80%AE/",
        "//",
        "x%0D%0Ay/",
    ],
)
@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
def test_an_unknown_address_is_a_problem(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("accept", ["text/html", "text/csv", "", "*/*", "nonsense"])
def test_an_unknown_address_is_a_problem_whatever_is_accepted(client: Client, accept: str) -> None:
    check(client.get("/api/v1/xyz/?a=1", headers={"Accept": accept}), 404, "not_found")


def test_a_forgotten_slash_is_put_right(client: Client) -> None:
    answer = client.get("/api/v1/commitments?q=a%26b")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/commitments/?q=a%26b")


def test_a_slash_that_would_not_help_is_not_tried(client: Client) -> None:
    check(client.get("/api/v1/nothing"), 404, "not_found")
    check(client.post("/api/v1/commitments"), 404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_a_method_that_is_not_there_is_a_problem(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/windows/?nonsense=1")
    check(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("query", ["expand=commitment&as_of=2000-01-01", "fields=x", "as_of=x"])
def test_a_method_that_is_not_there_is_told_before_what_it_asks(client: Client, query: str) -> None:
    answer = client.trace(f"/api/v1/citations/?{query}")
    check(answer, 405, "method_not_allowed")


def test_a_format_that_is_not_there_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/problems/", headers={"Accept": "text/csv"})
    assert check(answer, 406, "not_acceptable")["available"] == ["application/json"]


def test_a_format_parameter_that_is_not_known_lists_the_known(client: Client) -> None:
    answer = client.get("/api/v1/problems/?format=csv")
    assert check(answer, 400, "invalid_input")["errors"] == [
        {
            "parameter": "format",
            "code": "unknown_format",
            "detail": "There is no such format here. Known: json.",
        }
    ]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "commitments/",
        "commitments/zzzzzzzz/",
        "parties/",
        "parties/a/",
        "topics/",
        "topics/a/",
        "sources/",
        "sources/a/",
        "windows/",
        "problems/",
        "problems/not_found/",
        "schema/",
        "docs/",
    ],
)
@pytest.mark.parametrize("query", ["search=x", "page=-1", "page=1e9", "%00=1"])
@pytest.mark.django_db
def test_an_unknown_parameter_is_refused_everywhere(client: Client, path: str, query: str) -> None:
    body = check(client.get(f"/api/v1/{path}?{query}"), 400, "invalid_input")
    assert body["code"] == "unknown_parameter"


@pytest.mark.parametrize("name", ["q", "search", "place", "party", "cursor", "page_size", "from"])
@pytest.mark.django_db
def test_100_kilobytes_are_refused_api09(client: Client, name: str) -> None:
    check(client.get("/api/v1/commitments/", {name: "a" * 100_000}), 400, "invalid_input")


@pytest.mark.parametrize("name", ["q", "place", "party", "topic", "source", "from", "cursor"])
@pytest.mark.parametrize("value", ["%00", "a%00b", "%1F"])
@pytest.mark.django_db
def test_control_characters_are_refused_api09(client: Client, name: str, value: str) -> None:
    check(client.get(f"/api/v1/commitments/?{name}={value}"), 400, "invalid_input")


@pytest.mark.parametrize("value", ["%ED%A0%80", "%FF", "%", "%u0000", "%C0%80"])
@pytest.mark.django_db
def test_what_is_no_utf8_is_looked_for_and_not_found(client: Client, value: str) -> None:
    make_commitment()
    answer = client.get(f"/api/v1/commitments/?q={value}")
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_thousand_parameters_are_a_malformed_request(client: Client) -> None:
    query = "&".join(f"a{place}=1" for place in range(1001))
    check(client.get(f"/api/v1/commitments/?{query}"), 400, "malformed_request")


def test_an_unforeseen_error_is_a_problem_that_tells_nothing_but_its_number(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_view: APIView) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(CommitmentList, "get_queryset", fail)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/v1/commitments/")
    body = check(answer, 500, "unexpected")
    assert b"secret" not in answer.content
    assert body["instance"].startswith("urn:uuid:")
    (entry,) = [one for one in caplog.records if one.name == "commitments.api.errors"]
    assert entry.getMessage() == f"{body['instance']} at /api/v1/commitments/"
    assert entry.exc_info is not None
    assert str(entry.exc_info[1]) == "a secret of the house"


def test_a_test_client_raises_what_nobody_foresaw(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommitmentList, "get_queryset", lambda _view: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get("/api/v1/commitments/")


# What the problems mean


def test_each_kind_is_explained_at_its_type(client: Client) -> None:
    listed = client.get("/api/v1/problems/").json()["results"]
    assert {row["name"] for row in listed} == set(KINDS)
    for row in listed:
        assert client.get(row["url"].removeprefix(settings.SITE_URL)).json() == row


def test_an_unknown_kind_is_a_problem(client: Client) -> None:
    check(client.get("/api/v1/problems/boredom/"), 404, "not_found")
