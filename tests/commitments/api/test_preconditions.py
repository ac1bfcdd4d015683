"""If-Match: nobody writes over what somebody else wrote meanwhile."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client

from commitments.actions.commitments import correct_commitment
from commitments.models import Commitment
from tests.builders import NOW, make_approver, make_commitment, make_editor, make_user
from tests.commitments.api.keys import bearer, make_key
from tests.commitments.concurrency import at_once, many

pytestmark = pytest.mark.urls("tests.commitments.api.probe")


def patch(row: Commitment, secret: str, if_match: str | None, title: str = "Mine") -> Any:
    headers = bearer(secret) | ({} if if_match is None else {"If-Match": if_match})
    return Client().patch(
        f"/api/v1/probe/{row.public_id}/",
        {"title": title},
        content_type="application/json",
        headers=headers,
    )


def changed(row: Commitment, title: str = "Theirs") -> Commitment:
    return correct_commitment(commitment=row, fields={"title": title}, actor=make_editor(), now=NOW)


@pytest.mark.django_db
def test_without_the_header_a_write_is_asked_for_it_api04() -> None:
    row = make_commitment()
    answer = patch(row, make_key(), None)
    assert (answer.status_code, answer["Content-Type"]) == (428, "application/problem+json")
    assert answer["ETag"] == f'"{row.revision}"'
    body = answer.json()
    assert (body["code"], body["current"]) == ("precondition_required", row.revision)
    assert body["etag"] == f'"{row.revision}"'
    assert patch(row, make_key(), body["etag"]).status_code == 200


@pytest.mark.django_db
def test_the_tag_of_any_reading_lets_a_write_pass(client: Client) -> None:
    """The bytes differ by language and format; what is written to is the same."""
    path = f"/api/v1/commitments/{make_commitment().public_id}/"
    tags = {client.get(path, {"language": code})["ETag"] for code in ("en", "ru", "kk")}
    assert len(tags) == 3
    for tag in tags:
        row = make_commitment()
        own = client.get(f"/api/v1/commitments/{row.public_id}/?language=ru")["ETag"]
        assert own.partition("-")[0] == tag.partition("-")[0]
        assert patch(row, make_key(), own).status_code == 200


@pytest.mark.django_db
def test_what_was_read_before_somebody_wrote_is_stale(client: Client) -> None:
    row, secret = make_commitment(title="Before"), make_key()
    read = client.get(f"/api/v1/commitments/{row.public_id}/")["ETag"]
    now = changed(row)
    answer = patch(row, secret, read)
    assert (answer.status_code, answer["ETag"]) == (412, f'"{now.revision}"')
    body = answer.json()
    assert (body["code"], body["current"], body["etag"], body["changed"]) == (
        "stale_revision",
        now.revision,
        f'"{now.revision}"',
        {"title": ["Before", "Theirs"]},
    )
    assert Commitment.objects.get(pk=row.pk).title == "Theirs"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"{now}"', 200),
        ("*", 200),
        ('"other", "{now}"', 200),
        ('"{before}", "{now}"', 200),
        ('"{now}-0123456789abcdef0123456789abcdef"', 200),
        ('"{before}"', 412),
        ('"{after}"', 412),
        ('W/"{now}"', 412),  # RFC 9110, 13.1.1: strong comparison only
        ('"other"', 412),
        ("{now}", 412),
        ('"{now}-short"', 412),
        ('"*"', 412),
        ("", 412),
    ],
)
@pytest.mark.django_db
def test_if_match_is_read_as_the_standard_says(header: str, status: int) -> None:
    row = changed(make_commitment())
    sent = header.format(before=row.revision - 1, now=row.revision, after=row.revision + 1)
    answer = patch(row, make_key(), sent)
    assert answer.status_code == status
    if status == 412:
        assert answer.json()["current"] == row.revision
        assert Commitment.objects.get(pk=row.pk).title == "Theirs"


@pytest.mark.django_db
def test_a_star_matches_nothing_that_is_not_there() -> None:
    nothing = Commitment(public_id="zzzzzzzzzzzz")
    assert patch(nothing, make_key(), "*").status_code == 404


@pytest.mark.django_db
def test_a_draft_tells_its_revision_to_nobody_who_may_not_see_it() -> None:
    draft = make_commitment(published=False)
    assert patch(draft, make_key(make_approver()), None).status_code == 428
    for if_match in (None, "*", f'"{draft.revision}"', '"0"'):
        assert patch(draft, make_key(make_user()), if_match).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_who_have_read_the_same_one_writes_api03() -> None:
    row, secret = make_commitment(), make_key()
    tag = f'"{row.revision}"'
    answers = at_once([partial(patch, row, secret, tag, f"Title {n}") for n in range(many())])
    codes = Counter(getattr(one, "status_code", repr(one)) for one in answers)
    assert codes == {200: 1, 412: many() - 1}
    written = Commitment.objects.get(pk=row.pk)
    assert written.revision == row.revision + 1
    winner = next(one for one in answers if getattr(one, "status_code", 0) == 200)
    assert winner["ETag"] == f'"{written.revision}"'  # type: ignore[index]  # no exception
