"""Two editors on one party, topic or source: the second sees the first one's changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commitments.actions.parties import save_party, save_topic
from commitments.actions.sources import save_source
from commitments.models import Party, Revision, Source, Topic, User
from tests.builders import NOW, make_party, make_source, make_topic
from tests.commitments.admin.pages import as_read, errors_in

pytestmark = pytest.mark.django_db

TOLD = (
    "bolat changed this while you were writing. Nothing of yours is lost: what you have not "
    "touched shows their values now. Look at the changes, then save again."
)


def address(record: Party | Source | Topic) -> str:
    return reverse(f"admin:commitments_{record._meta.model_name}_change", args=[record.pk])


def shown(response: Any) -> list[tuple[str, str, str, str, str]]:
    return [
        (row.label, row.before, row.theirs, row.yours, row.choice)
        for row in response.context["versions"]
    ]


def again(response: Any) -> dict[str, Any]:
    """What the page that came back would send: its form, and the choices of its table."""
    form = response.context["adminform"].form
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, dict):
            continue
        if value not in (None, False):
            sent[name] = value
    for row in response.context["versions"]:
        for name, value in row.hidden:
            sent.setdefault(name, []).append(value)
        if row.field:
            sent[f"choose-{row.field}"] = row.choice
    return sent


PARTY = {"kind": "country", "country_code": "", "office": "", "body": ""}
SOURCE = {"kind": "transcript", "date": "2024-11-27", "language": "en", "place": "Astana"}


def test_second_editor_of_a_party_is_told_and_nothing_is_written(
    desk: Client, approver: User
) -> None:
    party, body = make_party("kz", name="Kazakhstan"), make_party("union", name="The union")
    opened = {**PARTY, "name": "Kazakhstan", **as_read(party)}
    party.name, party.body = "Republic of Kazakhstan", body
    save_party(party=party, actor=approver, now=NOW)
    response = desk.post(address(party), {**opened, "name": "Qazaqstan"})
    assert errors_in(response) == {"": [TOLD]}
    assert shown(response) == [
        ("Name", "Kazakhstan", "Republic of Kazakhstan", "Qazaqstan", "yours"),
        ("Of", "—", "union", "—", "theirs"),
    ]
    party.refresh_from_db()
    assert party.name == "Republic of Kazakhstan"
    desk.post(address(party), again(response))
    party.refresh_from_db()
    assert (party.name, party.body) == ("Qazaqstan", body)


def test_second_editor_of_a_topic_may_take_the_first_ones_words(
    desk: Client, approver: User
) -> None:
    topic = make_topic("space", name="Space")
    opened = {"name": "Outer space", **as_read(topic)}
    topic.name = "Space flight"
    save_topic(topic=topic, actor=approver, now=NOW)
    response = desk.post(address(topic), opened)
    assert shown(response) == [("Name", "Space", "Space flight", "Outer space", "yours")]
    assert 'name="choose-name"' in response.content.decode()
    desk.post(address(topic), {**again(response), "choose-name": "theirs"})
    topic.refresh_from_db()
    assert topic.name == "Space flight"


@pytest.mark.parametrize(
    ("own_text", "choice", "kept"),
    [("One.\r\nTwo.", "theirs", "One.\nTwo.\nThree."), ("Mine.", "yours", "Mine.")],
)
def test_text_of_a_source_is_never_lost_unseen(
    desk: Client, approver: User, own_text: str, choice: str, kept: str
) -> None:
    source = make_source(title="Talks", text="One.\nTwo.", date=date(2024, 11, 27))
    opened = {**SOURCE, "title": "Talks", "text": own_text, **as_read(source)}
    source.text, source.date = "One.\nTwo.\nThree.", date(2024, 11, 28)
    save_source(source=source, actor=approver, now=NOW)
    response = desk.post(address(source), opened)
    assert errors_in(response) == {"": [TOLD]}
    choices = {row.field: row.choice for row in response.context["versions"]}
    assert choices == {"date": "theirs", "text": choice}
    desk.post(address(source), again(response))
    source.refresh_from_db()
    assert (source.text, source.date) == (kept, date(2024, 11, 28))


def test_link_check_is_nobody_who_writes(desk: Client) -> None:
    source = make_source(title="Talks", url="https://a.example/")
    opened = {**SOURCE, "title": "The talks", "url": source.url, **as_read(source)}
    Source.objects.update(link_state="dead", link_checked_at=NOW)
    desk.post(address(source), opened)
    source.refresh_from_db()
    assert (source.title, source.link_state) == ("The talks", "dead")


def test_page_knows_how_far_the_history_has_come(desk: Client) -> None:
    topic = make_topic("space")
    page = desk.get(address(topic))
    number = Revision.objects.get(record_id="space").number
    assert page.context["adminform"].form.initial["expected_revision"] == number
    assert f'name="expected_revision" value="{number}"' in page.content.decode()
    assert (
        'name="expected_revision"'
        not in desk.get(reverse("admin:commitments_topic_add")).content.decode()
    )


def test_what_was_not_read_is_not_written_over(desk: Client) -> None:
    topic = make_topic("space", name="Space")
    response = desk.post(address(topic), {"name": "Mine"})
    assert "expected_revision" in errors_in(response)
    topic.refresh_from_db()
    assert topic.name == "Space"
