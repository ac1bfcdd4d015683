"""Recording and correcting commitments on their page."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from commitments.actions.targets import set_target
from commitments.enums import ChangeKind, Publication, Status
from commitments.models import Citation, Commitment, Involvement, Revision, Target, User
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.admin.pages import (
    as_shown,
    commitment_url,
    errors_in,
    formset,
    messages_of,
    new_commitment,
)

pytestmark = pytest.mark.django_db
ADD = "admin:commitments_commitment_add"


def test_commitment_is_recorded_with_its_citation_parties_topics_and_target(
    desk: Client, editor: User
) -> None:
    source = make_source(date=datetime.date(2024, 11, 27), text="We open it next year, as planned.")
    speaker, country, topic = make_party("president"), make_party("kz"), make_topic("roads")
    response = desk.post(
        reverse(ADD),
        new_commitment(
            title="A bridge over the Ural",
            when="next year",
            wording="next year, as planned",
            topics=[topic.pk],
            translations_ru_title="Мост через Урал",
            **formset(
                "citations",
                [
                    {
                        "source": source.pk,
                        "role": "announces",
                        "quote": "next year, as planned",
                        "locator": "paragraph 1",
                        "said_by": speaker.pk,
                    }
                ],
            ),
            **formset(
                "involvements",
                [
                    {"party": speaker.pk, "role": "promised_by"},
                    {"party": country.pk, "role": "responsible"},
                ],
            ),
            **formset(
                "target",
                [{"measure": "length", "unit": "m", "comparison": "at_least", "goal": "800"}],
            ),
        ),
        follow=True,
    )
    commitment = Commitment.objects.get()
    citation = Citation.objects.get()
    assert (commitment.window, commitment.wording) == ("2025", "next year, as planned")
    assert (commitment.publication, commitment.status) == (Publication.DRAFT, Status.ANNOUNCED)
    assert commitment.translations == {"ru": {"title": "Мост через Урал"}}
    assert list(commitment.topics.all()) == [topic]
    assert (citation.start, citation.end, citation.said_by) == (11, 32, speaker)
    assert set(Involvement.objects.values_list("party__key", "role")) == {
        ("president", "promised_by"),
        ("kz", "responsible"),
    }
    assert str(Target.objects.get()) == "length: ≥ 800 m"
    assert messages_of(response)[0] == (
        "Understood as 2025 (2025): from 1 January 2025 to 31 December 2025, "
        "overdue from 1 January 2026 (Asia/Almaty)."
    )
    rows = Revision.objects.filter(commitment=commitment).order_by("number")
    assert [(row.kind, row.actor) for row in rows] == [
        (ChangeKind.CREATED, editor),
        (ChangeKind.CITED, editor),
        (ChangeKind.CORRECTED, editor),
    ]


@pytest.mark.parametrize(
    ("when", "window"),
    [
        ("", ""),
        ("2026-04", "2026-04"),
        ("spring 2025", "2025-21"),
        ("by the end of 2026", "../2026"),
    ],
)
def test_date_is_entered_in_words_or_edtf(desk: Client, when: str, window: str) -> None:
    desk.post(reverse(ADD), new_commitment(when=when))
    assert Commitment.objects.get().window == window


def test_seasons_follow_the_hemisphere_of_the_place(desk: Client) -> None:
    desk.post(reverse(ADD), new_commitment(when="spring 2025", hemisphere="south"))
    assert Commitment.objects.get().earliest == datetime.date(2025, 9, 1)


def test_words_are_read_in_the_editors_language(desk: Client) -> None:
    desk.post(
        reverse(ADD), new_commitment(when="весной 2025 года"), headers={"accept-language": "ru"}
    )
    assert Commitment.objects.get().window == "2025-21"


def test_date_that_is_not_understood_is_said_beside_it_and_nothing_is_saved(desk: Client) -> None:
    source = make_source()
    sent = new_commitment(
        when="sprong 2025",
        **formset("citations", [{"source": source.pk, "role": "announces", "quote": "soon"}]),
    )
    response = desk.post(reverse(ADD), sent)
    errors = errors_in(response)
    assert list(errors) == ["when"]
    assert errors["when"][-1] == "Understood would be: spring 2025 · springtime 2025."
    assert not Commitment.objects.exists()
    page = response.content.decode()
    assert "sprong 2025" in page
    assert "soon" in page


def test_relative_date_without_a_source_asks_for_one(desk: Client) -> None:
    response = desk.post(reverse(ADD), new_commitment(when="next year"))
    assert list(errors_in(response)) == ["when"]
    assert not Commitment.objects.exists()


def test_quote_that_does_not_stand_in_the_text_is_said_beside_that_quote(desk: Client) -> None:
    source = make_source(text="We open it in spring.")
    rows = [
        {"source": source.pk, "role": "announces", "quote": "We open it"},
        {"source": source.pk, "role": "announces", "quote": "We open it in summer."},
    ]
    response = desk.post(reverse(ADD), new_commitment(**formset("citations", rows)))
    assert errors_in(response) == {
        "citations-1-quote": [
            "These words are not in the stored text. Nearest passage: “We open it in spring.”."
        ]
    }
    assert not Commitment.objects.exists()


def test_several_fields_at_fault_are_said_together(desk: Client) -> None:
    sent = new_commitment(title="", kind="", place="Alma\u202eta")
    assert set(errors_in(desk.post(reverse(ADD), sent))) == {"title", "kind", "place"}


def test_form_begins_in_the_editors_language_at_the_usual_place(desk: Client) -> None:
    form = desk.get(reverse(ADD), headers={"accept-language": "kk"}).context["adminform"].form
    assert (form["language"].value(), form["time_zone"].value()) == ("kk", "Asia/Almaty")


def test_correction_goes_through_the_action(desk: Client, editor: User) -> None:
    commitment = make_commitment(title="A brigde", translations={"de": {"title": "Brücke"}})
    sent = {**as_shown(commitment), "title": "A bridge", "translations_ru_title": "Мост"}
    response = desk.post(commitment_url(commitment), sent)
    assert response.status_code == 302
    corrected = Commitment.objects.get()
    row = corrected.revisions.latest("number")
    assert (corrected.title, corrected.revision) == ("A bridge", commitment.revision + 1)
    assert corrected.translations == {"de": {"title": "Brücke"}, "ru": {"title": "Мост"}}
    assert (row.kind, row.actor) == (ChangeKind.CORRECTED, editor)
    assert row.changes["title"] == ["A brigde", "A bridge"]


def test_language_that_is_not_one_of_the_site_stays(desk: Client) -> None:
    commitment = make_commitment(language="zh")
    page = desk.get(commitment_url(commitment))
    assert page.context["adminform"].form["language"].value() == "zh"
    sent = {**as_shown(commitment), "title": "A bridge"}
    assert desk.post(commitment_url(commitment), sent).status_code == 302
    assert Commitment.objects.get().language == "zh"


def test_page_holds_the_revision_that_was_read(desk: Client) -> None:
    commitment = make_commitment()
    page = desk.get(commitment_url(commitment)).content.decode()
    field = '<input type="hidden" name="expected_revision" value="3" id="id_expected_revision">'
    assert (commitment.revision, page.count(field)) == (3, 1)


def test_saving_without_a_change_writes_nothing(desk: Client) -> None:
    commitment = make_commitment(translations={"ru": {"title": "Мост"}})
    topic = make_topic()
    commitment.topics.add(topic)
    before = Revision.objects.count()
    response = desk.post(commitment_url(commitment), as_shown(commitment))
    assert response.status_code == 302
    assert Revision.objects.count() == before
    assert Commitment.objects.get().revision == commitment.revision


def test_parts_are_added_corrected_and_taken_away(desk: Client) -> None:
    commitment = make_commitment()
    kept, gone = commitment.citations.get(), make_citation(commitment)
    party, involvement = make_party("kz"), commitment.involvements.get()
    commitment.refresh_from_db()
    sent = as_shown(commitment)
    row_of = {sent[f"citations-{number}-id"]: number for number in (0, 1)}
    sent |= {
        f"citations-{row_of[kept.pk]}-locator": "page 2",
        f"citations-{row_of[gone.pk]}-DELETE": "on",
        "involvements-TOTAL_FORMS": "2",
        "involvements-0-DELETE": "on",
        "involvements-1-party": party.pk,
        "involvements-1-role": "responsible",
    }
    assert desk.post(commitment_url(commitment), sent).status_code == 302
    assert list(commitment.citations.values_list("pk", "locator")) == [(kept.pk, "page 2")]
    assert involvement.pk not in commitment.involvements.values_list("pk", flat=True)
    assert list(commitment.involvements.values_list("party__key", "role")) == [
        ("kz", "responsible")
    ]
    kinds = list(commitment.revisions.order_by("-number").values_list("kind", flat=True)[:3])
    assert kinds == [ChangeKind.CITED, ChangeKind.CITED, ChangeKind.CORRECTED]


def test_target_is_corrected_in_every_field(desk: Client) -> None:
    commitment = make_commitment()
    target = set_target(
        target=Target(commitment=commitment, measure="trade", unit="USD", goal=Decimal(30)),
        actor=None,
        now=NOW,
    )
    commitment.refresh_from_db()
    sent = {**as_shown(commitment), "target-0-baseline": "28", "target-0-baseline_period": "2024"}
    assert desk.post(commitment_url(commitment), sent).status_code == 302
    target.refresh_from_db()
    assert (target.baseline, target.baseline_period) == (Decimal(28), "2024")


def test_last_citation_of_a_published_one_is_not_taken_away(desk: Client) -> None:
    commitment = make_commitment()
    sent = {**as_shown(commitment), "title": "Another title", "citations-0-DELETE": "on"}
    response = desk.post(commitment_url(commitment), sent)
    assert errors_in(response) == {
        "": ["It is published: cite another source before you remove the last."]
    }
    unchanged = Commitment.objects.get()
    assert (unchanged.title, unchanged.revision) == (commitment.title, commitment.revision)
    assert unchanged.citations.count() == 1


def test_circle_of_programmes_is_said_beside_the_parent(desk: Client) -> None:
    programme = make_commitment()
    part = make_commitment(parent=programme)
    sent = {**as_shown(programme), "parent": part.pk}
    response = desk.post(commitment_url(programme), sent)
    assert errors_in(response) == {
        "parent": ["This would close a circle; choose another commitment."]
    }


@pytest.mark.parametrize("name", ["status", "publication", "window", "evidence", "successor"])
def test_what_moves_by_buttons_is_no_field_of_the_page(desk: Client, name: str) -> None:
    commitment = make_commitment(window="2025")
    sent = {**as_shown(commitment), name: "delivered", "when": "2031", "latest": "2031-01-01"}
    assert desk.post(commitment_url(commitment), sent).status_code == 302
    unchanged = Commitment.objects.get()
    assert (unchanged.revision, unchanged.window) == (commitment.revision, "2025")


def test_page_shows_where_it_stands_and_what_happened(desk: Client) -> None:
    commitment = make_commitment(window="2025", place="Aktau")
    context = desk.get(commitment_url(commitment)).context
    assert [(str(card.label), str(card.value)) for card in context["cards"]] == [
        ("Publication", "published"),
        ("When", "2025"),
        ("Status", "announced"),
        ("Evidence", "none found"),
    ]
    assert [row.what for row in context["history"]] == ["Published", "Source cited", "Created"]


@pytest.mark.parametrize("name", ["commitment", "source", "party", "topic"])
def test_nothing_of_the_record_is_deleted_in_the_admin(
    administrators_desk: Client, name: str
) -> None:
    commitment = make_commitment(topics=[make_topic()])
    record = {
        "commitment": commitment,
        "source": commitment.citations.get().source,
        "party": commitment.parties.get(),
        "topic": commitment.topics.get(),
    }[name]
    address = reverse(f"admin:commitments_{name}_delete", args=[record.pk])
    assert administrators_desk.get(address).status_code == 403
    assert administrators_desk.post(address, {"post": "yes"}).status_code == 403
    listed = reverse(f"admin:commitments_{name}_changelist")
    bulk = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    administrators_desk.post(listed, bulk)
    assert type(record)._default_manager.filter(pk=record.pk).exists()


def test_stranger_and_a_person_without_a_role_see_nothing(client: Client, editor: User) -> None:
    commitment = make_commitment()
    addresses = [commitment_url(commitment), commitment_url(commitment, "status")]
    for address in addresses:
        assert client.get(address).headers["location"].startswith("/admin/login/")
    editor.groups.clear()
    client.force_login(User.objects.get(pk=editor.pk))
    for address in addresses:
        assert client.get(address).status_code == 403
        assert client.post(address, as_shown(commitment)).status_code in {403, 405}
