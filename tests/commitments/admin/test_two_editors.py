"""Two editors on one page at once: the second sees the first one's changes and loses nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from commitments.actions.citations import cite_source, note_evidence_search
from commitments.actions.commitments import correct_commitment
from commitments.enums import PartyRole
from commitments.models import Commitment, User
from tests.builders import NOW, make_citation, make_commitment, make_party, make_topic
from tests.commitments.admin.pages import Fields, as_shown, commitment_url, errors_in, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment() -> Commitment:
    """What both have open."""
    return make_commitment(title="A bridge", place="Aktau", translations={"ru": {"title": "Мост"}})


def correct(commitment: Commitment, actor: User, **fields: object) -> None:
    """What the first one does meanwhile."""
    correct_commitment(commitment=commitment, fields=fields, actor=actor, now=NOW)


def test_second_editor_is_told_what_the_first_changed_and_nothing_is_written(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    correct(commitment, approver, title="A long bridge", place="Atyrau")
    response = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"})
    opening = (
        "bolat changed this while you were writing. Nothing of yours is lost: what you have "
        "not touched shows their values now. Look at the changes, then save again."
    )
    assert errors_in(response) == {"": [opening]}
    rows = [
        (row.label, row.before, row.theirs, row.yours, row.field, row.choice)
        for row in response.context["versions"]
    ]
    assert rows == [
        ("Title", "A bridge", "A long bridge", "A tunnel", "title", "yours"),
        ("Place", "Aktau", "Atyrau", "Aktau", "place", "theirs"),
    ]
    assert Commitment.objects.get().title == "A long bridge"


def test_second_editor_keeps_their_words_and_gets_the_rest_of_the_first(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    topic = make_topic("roads")
    correct_commitment(
        commitment=commitment,
        fields={
            "title": "A long bridge",
            "place": "Atyrau",
            "translations": {"ru": {"title": "Длинный мост"}},
        },
        topics=[topic],
        actor=approver,
        now=NOW,
    )
    response = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"})
    form = response.context["adminform"].form
    assert form["title"].value() == "A tunnel"
    assert form["place"].value() == "Atyrau"
    assert list(map(int, form["topics"].value())) == [topic.pk]
    assert form["translations"].value() == [*[""] * 6, "Длинный мост", *[""] * 11]
    assert form["expected_revision"].value() == str(Commitment.objects.get().revision)


def sent_again(response: Any, opened: Fields, **changes: Any) -> Fields:
    """What a browser sends from the page that shows both versions."""
    form = response.context["adminform"].form
    again: Fields = {**opened, "expected_revision": form["expected_revision"].value()}
    for row in response.context["versions"]:
        again |= {f"choose-{row.field}": row.choice} if row.field else {}
        for name, value in row.hidden:
            again.setdefault(name, []).append(value)
            if name == f"{row.choice}-{row.field}":  # the field itself shows this version
                again[row.field] = value
    return {**again, **changes}


@pytest.mark.parametrize(
    ("choices", "title", "place"),
    [
        ({}, "A tunnel", "Atyrau"),
        ({"choose-title": "theirs"}, "A long bridge", "Atyrau"),
        ({"choose-place": "yours"}, "A tunnel", "Aktau"),
        ({"choose-title": "theirs", "title": "A third"}, "A third", "Atyrau"),
        ({"choose-title": "neither"}, "A tunnel", "Atyrau"),
    ],
)
def test_second_editor_chooses_field_by_field(
    desk: Client,
    approver: User,
    commitment: Commitment,
    choices: dict[str, str],
    title: str,
    place: str,
) -> None:
    opened = as_shown(commitment)
    correct(commitment, approver, title="A long bridge", place="Atyrau")
    response = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"})
    again = sent_again(response, opened, **choices)
    assert desk.post(commitment_url(commitment), again).status_code == 302
    saved = Commitment.objects.get()
    assert (saved.title, saved.place) == (title, place)


def test_choice_of_topics_and_of_parts_counts_as_well(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    citation = make_citation(commitment, locator="page 1")
    commitment.refresh_from_db()
    opened = as_shown(commitment)
    topics = [make_topic("roads"), make_topic("bridges")]
    correct_commitment(commitment=commitment, fields={}, topics=topics, actor=approver, now=NOW)
    citation.locator = "page 9"
    cite_source(citation=citation, actor=approver, now=NOW)
    number = [one.pk for one in commitment.citations.all()].index(citation.pk)
    field = f"citations-{number}-locator"
    response = desk.post(commitment_url(commitment), {**opened, field: "page 5"})
    rows = {row.field: row for row in response.context["versions"]}
    assert (rows[field].before, rows[field].theirs, rows[field].yours) == (
        "page 1",
        "page 9",
        "page 5",
    )
    assert rows["topics"].theirs == "bridges, roads"
    theirs = [str(topic.pk) for topic in topics]
    again = sent_again(response, opened, **{f"choose-{field}": "theirs", "topics": theirs})
    assert desk.post(commitment_url(commitment), again).status_code == 302
    citation.refresh_from_db()
    assert (citation.locator, set(commitment.topics.all())) == ("page 9", set(topics))


def test_what_a_button_changed_is_told_without_a_choice(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    note_evidence_search(commitment=commitment, day=date(2026, 11, 2), actor=approver, now=NOW)
    response = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"})
    (row,) = response.context["versions"]
    assert (row.field, row.yours) == ("", "—")
    again = sent_again(response, opened, title="A tunnel")
    assert desk.post(commitment_url(commitment), again).status_code == 302
    assert Commitment.objects.get().evidence_checked_on == date(2026, 11, 2)


def test_second_editor_saves_again_knowingly(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    correct(commitment, approver, title="A long bridge", place="Atyrau")
    shown = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"}).context
    again = {**opened, "title": "A tunnel"}
    form = shown["adminform"].form
    again |= {name: form[name].value() for name in ("place", "expected_revision")}
    assert desk.post(commitment_url(commitment), again).status_code == 302
    saved = Commitment.objects.get()
    assert (saved.title, saved.place) == ("A tunnel", "Atyrau")
    assert saved.revisions.latest("number").changes == {"title": ["A long bridge", "A tunnel"]}


def test_citation_of_the_first_editor_is_taken_over_and_a_new_one_stays(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    citation = commitment.citations.get()
    citation.locator = "page 9"
    cite_source(citation=citation, actor=approver, now=NOW)
    added = make_citation(commitment)
    response = desk.post(commitment_url(commitment), {**opened, "title": "A tunnel"})
    inline = response.context["inline_admin_formsets"][0].formset
    assert inline.forms[0]["locator"].value() == "page 9"
    again = {
        **opened,
        "title": "A tunnel",
        "citations-0-locator": "page 9",
        "expected_revision": response.context["adminform"].form["expected_revision"].value(),
    }
    assert desk.post(commitment_url(commitment), again).status_code == 302
    citation.refresh_from_db()
    assert citation.locator == "page 9"
    assert set(commitment.citations.all()) == {citation, added}


def test_party_that_the_first_editor_has_added_stays(
    desk: Client, approver: User, commitment: Commitment
) -> None:
    opened = as_shown(commitment)
    present = [(one.party, PartyRole(one.role)) for one in commitment.involvements.all()]
    added = make_party("kz")
    correct_commitment(
        commitment=commitment,
        fields={},
        parties=[*present, (added, PartyRole.RESPONSIBLE)],
        actor=approver,
        now=NOW,
    )
    revision = str(Commitment.objects.get().revision)
    again = {**opened, "title": "A tunnel", "expected_revision": revision}
    assert desk.post(commitment_url(commitment), again).status_code == 302
    assert set(commitment.parties.all()) == {present[0][0], added}


def test_page_without_the_revision_that_was_read_is_refused(
    desk: Client, commitment: Commitment
) -> None:
    sent = {**as_shown(commitment), "title": "A tunnel", "expected_revision": ""}
    response = desk.post(commitment_url(commitment), sent)
    assert errors_in(response) == {"expected_revision": ["This field is required."]}
    assert Commitment.objects.get().title == "A bridge"


def test_button_on_a_revision_that_was_not_read_is_refused_once(
    approvers_desk: Client, editor: User
) -> None:
    commitment = make_commitment(published=False)
    read = commitment.revision
    correct(commitment, editor, title="<b>Something else")
    response = press(approvers_desk, commitment, "publish", expected_revision=read)
    form = response.context["form"]
    (told,) = errors_in(response)[""]
    assert told.endswith(f"<ul><li>Title: {commitment.title} → &lt;b&gt;Something else</li></ul>")
    assert Commitment.objects.get(pk=commitment.pk).publication == "draft"
    press(
        approvers_desk,
        commitment,
        "publish",
        expected_revision=form["expected_revision"].value(),
    )
    assert Commitment.objects.get(pk=commitment.pk).publication == "published"
