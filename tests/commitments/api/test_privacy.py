"""Drafts never leak: not by address, list, filter, count, cursor, tag, language or error."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.actions.publication import retract_commitment, submit_for_review
from commitments.enums import Kind, PartyKind, PartyRole
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

SECRET = "xylophone"


def make_secret(*, publication: str) -> Commitment:
    """A commitment that is not public, with the secret word in everything that belongs to it."""
    body = make_party(f"{SECRET}-body", name=f"{SECRET} body")
    party = make_party(
        f"{SECRET}-party",
        name=f"{SECRET} party",
        kind=PartyKind.PERSON,
        office=SECRET,
        body=body,
    )
    made = make_commitment(
        title=f"{SECRET} title",
        summary=SECRET,
        note=SECRET,
        wording=SECRET,
        place=SECRET,
        translations={"ru": {"title": SECRET}},
        kind=Kind.TARGET,
        window="2031-05-17",
        published=publication == "retracted",
        parties=[(party, PartyRole.PROMISED_BY)],
        topics=[make_topic(f"{SECRET}-topic", name=SECRET)],
        source=make_source(title=f"{SECRET} source", publisher=SECRET),
    )
    make_citation(made, quote=SECRET, said_by=make_party(f"{SECRET}-speaker", name=SECRET))
    if publication == "in_review":
        submit_for_review(commitment=made, actor=make_editor(), now=NOW)
    if publication == "retracted":
        retract_commitment(commitment=made, actor=make_approver(), now=NOW, reason=SECRET)
    made.refresh_from_db()
    assert made.publication == publication
    return made


@pytest.fixture(params=["draft", "in_review", "retracted"])
def secret(request: pytest.FixtureRequest) -> Commitment:
    return make_secret(publication=request.param)


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_what_is_not_public_answers_like_what_is_not_there(
    client: Client, secret: Commitment, method: str
) -> None:
    source = secret.citations.all()[0].source
    for there, nowhere in (
        (f"commitments/{secret.public_id}", "commitments/zzzzzzzz"),
        (f"sources/{source.public_id}", "sources/zzzzzzzz"),
        (f"parties/{SECRET}-party", "parties/nobody"),
        (f"parties/{SECRET}-body", "parties/nobody"),
        (f"parties/{SECRET}-speaker", "parties/nobody"),
        (f"topics/{SECRET}-topic", "topics/nothing"),
    ):
        answer = getattr(client, method)(f"/api/v1/{there}/")
        other = getattr(client, method)(f"/api/v1/{nowhere}/")
        # They can be read and corrected, so these two methods look for the record.
        assert answer.status_code == (404 if method in {"get", "head", "patch"} else 405)
        assert (answer.status_code, answer.content) == (other.status_code, other.content)
        assert "ETag" not in answer.headers


def test_lists_are_those_without_it(client: Client) -> None:
    made = make_commitment(title="public", window="2030")
    paths = ["commitments", "parties", "topics", "sources"]
    before = {path: client.get(f"/api/v1/{path}/").content for path in paths}
    make_secret(publication="draft")
    after = {path: client.get(f"/api/v1/{path}/").content for path in paths}
    assert after == before
    assert made.public_id.encode() in after["commitments"]


@pytest.mark.parametrize(
    "query",
    [
        f"q={SECRET}",
        f"place={SECRET}",
        "kind=target",
        "from=2031-05-17&to=2031-05-17",
        "schedule=upcoming",
        "latest_before=2031-05-18&from=2031-01-01",
        "evidence=documented",
        "role=promised_by&from=2031-01-01",
        "ordering=-latest&from=2031-01-01",
    ],
)
def test_no_filter_finds_it(client: Client, secret: Commitment, query: str) -> None:
    answer = client.get(f"/api/v1/commitments/?{query}")
    assert answer.json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_no_address_shows_its_word(client: Client, secret: Commitment, language: str) -> None:
    make_commitment(title="public", parent=secret)
    public = Commitment.objects.get(title="public")
    for path in (
        "commitments/",
        f"commitments/{public.public_id}/",
        f"commitments/{secret.public_id}/",
        "parties/",
        "topics/",
        "sources/",
    ):
        answer = client.get(f"/api/v1/{path}?language={language}")
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("name", ["party", "topic", "source"])
def test_an_error_does_not_tell_a_secret_name_from_a_wrong_one(
    client: Client, secret: Commitment, name: str
) -> None:
    source = secret.citations.all()[0].source.public_id
    value = {"party": f"{SECRET}-party", "topic": f"{SECRET}-topic", "source": source}[name]
    answer = client.get("/api/v1/commitments/", {name: value})
    other = client.get("/api/v1/commitments/", {name: "zzzzzzzz"})
    assert answer.status_code == other.status_code == 400
    assert answer.content == other.content.replace(b"zzzzzzzz", value.encode())


def test_a_shared_party_shows_only_what_is_public(client: Client) -> None:
    kz = make_party("kz")
    make_commitment(title="public", parties=[(kz, PartyRole.PROMISED_BY)])
    make_commitment(title="secret", parties=[(kz, PartyRole.PROMISED_BY)], published=False)
    found = client.get("/api/v1/commitments/?party=kz").json()["results"]
    assert [row["title"] for row in found] == ["public"]


def test_the_stored_text_of_a_source_is_not_given_away(client: Client) -> None:
    source = make_source(text="Every word that was said.")
    made = make_commitment(source=source)
    for path in (f"sources/{source.public_id}/", "sources/", f"commitments/{made.public_id}/"):
        assert "Every word" not in client.get(f"/api/v1/{path}").content.decode()
    told = client.get(f"/api/v1/sources/{source.public_id}/").json()
    assert told["text_sha256"] == source.text_sha256
