"""Known ways in which APIs of this kind have failed; most have their number at a test elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Source
from tests.commitments.api.callers import editor

pytestmark = pytest.mark.django_db

ARTICLE = {"title": "A speech", "kind": "article", "date": "2026-11-24"}


@pytest.mark.parametrize("field", ["url", "archive_url"])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/"])
def test_an_address_of_another_scheme_is_refused_api18(field: str, url: str) -> None:
    answer = editor().post("sources/", {**ARTICLE, field: url})
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{field}"]
    assert not Source.objects.exists()


def test_what_is_written_is_not_fetched_by_the_request_api18(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def connect(*_args: object, **_options: object) -> None:
        raise AssertionError("the request went out to the net")

    monkeypatch.setattr("socket.create_connection", connect)
    monkeypatch.setattr("socket.socket.connect", connect)
    answer = editor().post("sources/", {**ARTICLE, "url": "http://169.254.169.254/"})
    assert answer.status_code in {201, 400}


def test_nobody_gets_past_the_door_and_no_page_of_django_api19(client: Client) -> None:
    admin = client.get("/admin/")
    assert (admin.status_code, admin["Location"]) == (302, "/admin/login/?next=/admin/")
    unknown = client.get("/api/v1/nothing/")
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    assert b"urlpatterns" not in unknown.content
    # The document is public by choice: it tells of the API and of nothing that is in the record.
    assert client.get("/api/v1/schema/").status_code == 200
