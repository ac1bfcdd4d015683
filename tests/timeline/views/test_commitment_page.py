"""The page of one commitment at `/c/<public id>/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commitments.actions.citations import cite_source, note_evidence_search
from commitments.actions.dates import move_date
from commitments.actions.status import StatusMove, approve_proposal, propose_status
from commitments.actions.targets import set_target
from commitments.enums import (
    CitationRole,
    Comparison,
    Kind,
    PartyKind,
    PartyRole,
    SourceKind,
    Status,
)
from commitments.models import Citation, Commitment, Target
from commitments.window import Window
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
from tests.timeline.views.page_reading import links_of, text_of, text_within

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client: Client, commitment: Commitment, prefix: str = "") -> str:
    response = client.get(f"{prefix}/c/{commitment.public_id}/")
    assert response.status_code == 200
    return response.content.decode()


def baiterek() -> Commitment:
    speaker = make_party("president", kind=PartyKind.PERSON, name="The President")
    source = make_source(title="Statements", url="https://example.org/statements")
    commitment = make_commitment(
        title="First launch",
        window="2025",
        wording="next year, as planned",
        place="Baikonur",
        topics=[make_topic("space")],
        parties=[
            (speaker, PartyRole.PROMISED_BY),
            (make_party("kz", name="Kazakhstan"), PartyRole.RESPONSIBLE),
        ],
        status=Status.IN_PROGRESS,
        source=source,
    )
    cite_source(
        citation=Citation(
            commitment=commitment,
            source=source,
            locator="paragraph 47",
            quote="We plan to launch it next year.",
            said_by=speaker,
        ),
        actor=None,
        now=NOW,
    )
    return Commitment.objects.get(pk=commitment.pk)


def test_window_stands_in_words_and_days_with_what_was_said(client: Client) -> None:
    html = page_of(client, baiterek())
    words = text_of(html)
    assert "Overdue since 1 January 2026, 328 days" in words
    assert "When 2025 1 January 2025 to 31 December 2025" in words
    assert "<q>next year, as planned</q>" in html
    said = text_within(html, 'class="said"')
    assert "We plan to launch it next year." in said
    assert "The President, Statements, paragraph 47, 27 November 2024" in said
    assert "https://example.org/statements" in links_of(html)


def test_overdue_is_told_without_a_verdict(client: Client) -> None:
    words = text_of(page_of(client, baiterek()))
    assert "The last possible day has passed without evidence. No verdict has been given." in words
    for judging in ("broken", "failed", "missed"):
        assert judging not in words.lower()


def test_facts_are_listed(client: Client) -> None:
    facts = text_within(page_of(client, baiterek()), 'class="facts"')
    assert "Status In progress" in facts
    assert "In time Overdue" in facts
    assert "Promised by The President" in facts
    assert "Responsible Kazakhstan" in facts
    assert "Place Baikonur" in facts


def test_party_and_topic_lead_to_their_pages(client: Client) -> None:
    links = links_of(page_of(client, baiterek(), "/ru"))
    assert {"/ru/topics/space/", "/ru/parties/kz/", "/ru/parties/president/"} <= set(links)


def test_evidence_is_none_found_as_of_a_day(client: Client) -> None:
    commitment = baiterek()
    assert "None found; nobody has recorded a search" in text_of(page_of(client, commitment))
    note_evidence_search(
        commitment=commitment, day=date(2026, 11, 20), actor=make_editor(), now=NOW
    )
    assert "None found as of 20 November 2026" in text_of(page_of(client, commitment))


def test_target_is_shown_in_words(client: Client) -> None:
    commitment = make_commitment(window="", kind=Kind.TARGET)
    target = Target(
        commitment=commitment,
        measure="mutual trade per year",
        unit="USD",
        baseline=Decimal(28_400_000_000),
        baseline_period="2023",
        goal=Decimal(30_000_000_000),
        comparison=Comparison.MORE_THAN,
    )
    set_target(target=target, actor=None, now=NOW)
    assert (
        "Target mutual trade per year: more than 30 billion USD (from 28.4 billion, 2023)"
        in text_of(page_of(client, commitment))
    )


def test_story_merges_what_was_said_moved_and_judged(client: Client) -> None:
    commitment, editor = baiterek(), make_editor()
    moved = make_citation(commitment, role=CitationRole.MOVES)
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        wording="next year",
        effective=Window.undated(),
        citations=[moved],
        actor=editor,
        now=NOW,
        reason="The complex is not ready.",
    )
    done = make_citation(
        commitment, make_source(kind=SourceKind.OFFICIAL_RECORD, date=date(2026, 11, 20))
    )
    move = StatusMove(Status.DELIVERED, Window.parse("2026-11-19"), citations=(done,))
    proposal = propose_status(commitment=commitment, move=move, actor=editor, now=NOW)
    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)
    html = page_of(client, commitment)
    story = text_within(html, 'class="story"')
    assert "Date: slipped From 2025 to 2026 The complex is not ready." in story
    assert "Status Delivered (19 November 2026) Agreed by a second person." in story
    assert story.index("Source: announces") < story.index("Date: slipped")
    assert "Delivered, 19 November 2026, on time, evidence: documented" in text_of(html)
    assert "Overdue" not in text_within(html, 'class="facts"')


def test_names_of_the_desk_are_not_shown(client: Client) -> None:
    commitment, editor = baiterek(), make_editor("secret-editor")
    note_evidence_search(commitment=commitment, day=date(2026, 11, 20), actor=editor, now=NOW)
    assert "secret-editor" not in page_of(client, commitment)


def test_links_lead_to_published_ones_only(client: Client) -> None:
    seen = make_commitment(title="The programme")
    hidden = make_commitment(title="The hidden one", published=False)
    part = make_commitment(title="Part", parent=seen)
    assert f"/c/{seen.public_id}/" in links_of(page_of(client, part))
    other = make_commitment(title="Other", parent=hidden)
    html = page_of(client, other)
    assert "The hidden one" not in html
    assert hidden.public_id not in html


def test_permanent_address_and_json_are_given(client: Client) -> None:
    commitment = baiterek()
    html = page_of(client, commitment, "/kk")
    address = f"{settings.SITE_URL}/c/{commitment.public_id}/"
    assert {address, f"/api/v1/commitments/{commitment.public_id}/"} <= set(links_of(html))
    assert f'<meta property="og:url" content="{address}">' in html


def test_list_of_its_topics_can_be_followed(client: Client) -> None:
    topics = [make_topic("space"), make_topic("sport")]
    html = page_of(client, make_commitment(topics=topics), "/ru")
    query = "?topic=space&topic=sport"
    calendar = f"{settings.SITE_URL}/feeds/commitments.ics{query}&language=ru"
    assert {f"/ru/subscribe/{query}", calendar.replace("http:", "webcal:")} <= set(links_of(html))
    assert client.get(calendar.removeprefix(settings.SITE_URL)).status_code == 200
    assert client.get(f"/ru/subscribe/{query}").status_code == 200


def test_undated_one_has_no_picture(client: Client) -> None:
    html = page_of(client, make_commitment(window="", wording="soon"))
    assert 'class="picture"' not in html
    assert "When Undated" in text_of(html)


def test_hostile_texts_are_shown_as_text(client: Client) -> None:
    html = page_of(client, make_commitment(title="<script>alert(1)</script>", wording="<b>x</b>"))
    assert "<script" not in html
    assert "<b>x</b>" not in html
    assert "&lt;script&gt;" in html


def test_number_of_queries_does_not_depend_on_what_hangs_on_it(client: Client) -> None:
    commitment = make_commitment(topics=[make_topic()])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, commitment)
        return len(captured)

    one = queries()
    for _ in range(2):
        make_citation(commitment)
    assert queries() == one
    assert one <= 8


def test_draft_retracted_and_unknown_look_the_same(client: Client) -> None:
    draft = make_commitment(title="The hidden one", published=False)
    answers = {
        (response.status_code, response.content.replace(public_id.encode(), b"ID"))
        for public_id in (draft.public_id, "bbbbbbbb")
        for response in [client.get(f"/c/{public_id}/")]
    }
    ((status, body),) = answers
    assert status == 404
    assert "Nothing is published here" in text_of(body.decode())


def test_unknown_address_gets_the_same_friendly_page(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    response = client.get("/ru/nowhere/")
    assert response.status_code == 404
    assert '<html lang="ru">' in response.content.decode()
    assert "timeline/pages.css" in response.content.decode()


def test_line_of_time_has_every_earlier_window_and_who_said_it(client: Client) -> None:
    commitment = make_commitment(window="2025")
    citation = make_citation(commitment)
    for window in ("2026", "2025-06"):
        move_date(
            commitment=Commitment.objects.get(pk=commitment.pk),
            window=Window.parse(window),
            actor=make_editor(),
            now=NOW,
            citations=(citation,),
        )
    html = page_of(client, commitment)
    line = html[html.index('<svg class="sheet bare"') : html.index("</figure>")]
    assert line.count('<rect class="old"') == 2
    # Later, then earlier: the heads of the arrows say which.
    assert line.count("m-5 1.500 5 3.500") == line.count("m5 1.500-5 3.500") == 1
    assert line.count('class="quote"') == 2
    assert "Below it are those that were named before" in line
    unmoved = page_of(client, make_commitment(window="2025"))
    assert 'class="old"' not in unmoved
    assert "Below it are those" not in unmoved


def test_target_is_told_in_the_language_of_the_reader(client: Client) -> None:
    texts = {"ru": {"measure": "взаимная торговля", "unit": "долл. США"}}
    commitment = make_commitment(window="2030", translations=texts)
    target = Target(commitment=commitment, measure="mutual trade", unit="USD", goal=Decimal(30))
    set_target(target=target, actor=make_editor(), now=NOW)
    assert "utual trade: at least 30 USD" in text_of(page_of(client, commitment))
    russian = text_of(page_of(client, commitment, "/ru"))
    assert "взаимная торговля" in russian
    assert "долл. США" in russian
