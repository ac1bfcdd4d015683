"""The pages of a source, a party and a topic, the scoreboards, changes and corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import move_date
from commitments.actions.publication import retract_commitment
from commitments.actions.status import StatusMove, change_status
from commitments.enums import CitationRole, PartyKind, PartyRole, Status, Strength
from commitments.models import Citation, Commitment, Party
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
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


def html_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def kz() -> Party:
    """A party with one promise of each outcome that counts, and some that do not."""
    party = make_party("kz", name="Kazakhstan")
    of_kz: dict[str, Any] = {
        "parties": [(party, PartyRole.PROMISED_BY)],
        "topics": [make_topic("space")],
    }
    make_commitment_in(Status.DELIVERED, window="2026", **of_kz)
    make_commitment_in(Status.NOT_DELIVERED, window="2025", **of_kz)
    make_commitment(window="2025", title="Launch", **of_kz)
    make_commitment(window="", **of_kz)
    make_commitment(window="2025", strength=Strength.PROPOSAL, **of_kz)
    make_commitment(window="2025", title="Another's")
    return party


@pytest.mark.parametrize("address", ["/parties/kz/", "/topics/space/"])
def test_page_has_its_list_and_its_scoreboard_with_the_criteria(
    client: Client, kz: Party, address: str
) -> None:
    html = html_of(client, address)
    score = text_within(html, 'class="score"')
    assert "On time 33% 1 of 3" in score
    assert "Slip no slip 0 moves" in score
    assert "Promises 4" in score
    assert "1 overdue, no verdict yet" in score
    assert "Delivered early or on time." in score
    assert "5 public commitments." in text_of(html)
    assert "Launch" in html
    assert "Another" not in html


def test_slip_is_the_sum_of_the_moves(client: Client) -> None:
    party = make_party("kz")
    commitment = make_commitment(window="2025", parties=[(party, PartyRole.PROMISED_BY)])
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        citations=(make_citation(commitment),),
        actor=make_editor(),
        now=NOW,
    )
    assert "Slip 365 days later 1 move" in text_within(html_of(client, "/parties/kz/"), "score")


def test_scoreboard_as_of_a_day_is_that_of_the_day(client: Client, kz: Party) -> None:
    before = text_within(html_of(client, "/parties/kz/?as_of=2025-12-31"), 'class="score"')
    assert "On time — nothing to count yet" in before
    assert "Promises 4" in before
    html_of(client, "/parties/kz/?as_of=2024-11-26", status=404)


def test_indexes_name_everybody_with_the_same_figures(client: Client, kz: Party) -> None:
    html = html_of(client, "/parties/")
    assert "Kazakhstan country 4 33% 1 of 3 1 no slip" in text_of(html)
    assert "/parties/kz/" in links_of(html)
    assert "Space 4 33%" in text_of(html_of(client, "/topics/"))
    assert "Statement" in text_of(html_of(client, "/sources/"))


def test_source_shows_where_it_can_be_read_and_what_became_of_it(client: Client) -> None:
    source = make_source(
        title="Rede", language="de", url="https://example.org/rede", publisher="Amt", text="Ja."
    )
    make_commitment(title="Launch", source=source)
    html = html_of(client, f"/sources/{source.public_id}/")
    assert '<h1 lang="de">Rede</h1>' in html
    assert "https://example.org/rede" in links_of(html)
    assert source.text_sha256 in html
    assert "It stands behind 1 commitment." in text_of(html)
    assert "Launch" in html


def test_person_leads_to_the_body_of_the_office(client: Client) -> None:
    country = make_party("kz", name="Kazakhstan")
    person = make_party("p", kind=PartyKind.PERSON, name="A. B.", office="Minister", body=country)
    make_commitment(parties=[(person, PartyRole.PROMISED_BY)])
    html = html_of(client, "/parties/p/")
    assert "Parties Minister Kazakhstan A. B." in text_of(html)
    assert "/parties/kz/" in links_of(html)
    html_of(client, "/parties/kz/")


@pytest.mark.parametrize("address", ["/parties/no/", "/topics/no/", "/sources/bbbbbbbb/"])
def test_what_nobody_names_is_not_found(client: Client, address: str) -> None:
    assert "Nothing is published here" in html_of(client, address, status=404)


def test_methodology_is_the_table_itself(client: Client, settings: Settings) -> None:
    words = text_of(html_of(client, "/methodology/"))
    assert (
        "Any without a verdict Withdrawn Cite the source of the withdrawal. "
        "an editor proposes, another person approves"
    ) in words
    assert "A verdict takes two people" in words
    settings.REQUIRE_SECOND_PERSON = False
    words = text_of(html_of(client, "/methodology/"))
    assert "A verdict takes two people" not in words
    assert "an editor proposes and may approve it alone" in words
    assert words.count("one person may both judge a commitment and approve the verdict") == 2


def corrected(before: str, *, now: datetime, **fields: str) -> Commitment:
    commitment = make_commitment(title=before)
    return correct_commitment(
        commitment=commitment, fields=fields, actor=None, now=now, reason="A slip of the pen."
    )


def test_changes_are_told_by_day_since_a_day(client: Client) -> None:
    corrected("Old", now=datetime(2026, 11, 3, 12, tzinfo=UTC), title="New")
    html = html_of(client, "/changes/?since=2026-11-03")
    assert "Since 3 November 2026, the newest first." in text_of(html)
    assert "New: corrected" in text_of(html)
    assert "27 November 2024" not in text_of(html)
    assert "27 November 2024" in text_of(html_of(client, "/changes/"))
    assert "Nothing has changed." in text_of(html_of(client, "/changes/?since=2026-11-04"))
    assert "since: " in text_of(html_of(client, "/changes/?since=yesterday", status=400))
    assert "schedule: " in text_of(html_of(client, "/changes/?schedule=overdue", status=400))


def test_corrections_tell_what_was_wrong_and_what_it_says_now(client: Client) -> None:
    corrected("Old title", now=NOW, title="New title")
    words = text_of(html_of(client, "/corrections/"))
    assert "24 November 2026 New title Corrected: A slip of the pen. Title Old title" in words


def test_corrections_tell_of_dates_verdicts_and_what_was_taken_back(client: Client) -> None:
    commitment = make_commitment(title="Dated", window="2025")
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        is_correction=True,
        reason="Misread.",
        actor=make_editor(),
        now=NOW,
    )
    reopened = make_commitment_in(Status.NOT_DELIVERED, title="Reopened")
    change_status(
        commitment=reopened,
        move=StatusMove(
            to_status=Status.IN_PROGRESS,
            effective=Window.undated(),
            reason="It was built.",
            citations=(make_citation(reopened, make_document(date(2026, 11, 20))),),
        ),
        actor=make_approver(),
        now=NOW,
    )
    gone = make_commitment(title="Zephyr")
    retract_commitment(commitment=gone, reason="Zephyr reason", actor=make_approver(), now=NOW)
    words = text_of(html_of(client, "/corrections/"))
    assert "Dated Date corrected: Misread. Date 2025 → 2026" in words
    assert "Reopened Verdict opened again: It was built." in words
    assert f"{gone.public_id} Taken back" in words
    assert "Zephyr" not in words


def test_corrections_of_none_say_so(client: Client) -> None:
    make_commitment()
    assert "Nothing has been corrected so far." in text_of(html_of(client, "/corrections/"))


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/parties/", "Kazakhstan country 4 — 0 no slip"),
        ("/topics/", "Space 4 — 0 no slip"),
    ],
)
def test_index_of_a_day_is_that_of_the_day(
    client: Client, kz: Party, address: str, line: str
) -> None:
    html = html_of(client, f"{address}?as_of=2025-12-31")
    assert "You see the record as of 31 December 2025." in text_within(html, 'class="as-of"')
    assert line in text_of(html)
    assert f"{address}{'kz' if 'part' in address else 'space'}/?as_of=2025-12-31" in links_of(html)
    today = html_of(client, f"{address}?as_of=2026-11-24")
    assert text_of(today).count("4 33% 1 of 3 1 no slip") == 1
    assert "Nothing is on record yet." in text_of(html_of(client, f"{address}?as_of=2024-11-26"))
    assert "as_of: This day is yet to come." in text_of(
        html_of(client, f"{address}?as_of=2026-11-25", status=400)
    )


def test_index_of_sources_counts_what_was_cited_by_then(client: Client) -> None:
    source = make_source(title="Statements")
    commitment = make_commitment(source=source, window="2027")
    later = make_source(title="A report", date=date(2026, 11, 24))
    citation = Citation(commitment=commitment, source=later, role=CitationRole.REPORTS)
    cite_source(citation=citation, actor=None, now=NOW)
    text = text_of(html_of(client, "/sources/?as_of=2026-11-23"))
    assert "Statements" in text
    assert "A report" not in text
    assert "A report" in text_of(html_of(client, "/sources/?as_of=2026-11-24"))
    effective = html_of(client, "/sources/?as_of=2026-11-24&as_of_time=effective")
    assert f"/sources/{source.public_id}/?as_of=2026-11-24&amp;as_of_time=effective" in effective


def test_name_that_only_an_earlier_day_has_leads_nowhere(client: Client) -> None:
    topic = make_topic("space")
    commitment = make_commitment(topics=[topic], now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    correct_commitment(
        commitment=commitment,
        fields={},
        topics=[make_topic("sport")],
        actor=None,
        now=datetime(2026, 6, 1, 12, tzinfo=UTC),
        reason="A slip of the pen.",
    )
    html = html_of(client, "/topics/?as_of=2026-05-31")
    assert "Space" in text_within(html, 'class="board"')
    assert not [link for link in links_of(html) if link.startswith("/topics/space/")]


def test_changes_as_of_a_day_tell_what_stood_then(client: Client) -> None:
    kept = make_commitment(title="Launch", window="2025", now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    gone = make_commitment(title="Secret", now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    correct_commitment(
        commitment=kept,
        fields={"title": "Start"},
        actor=None,
        now=datetime(2026, 6, 1, 12, tzinfo=UTC),
        reason="A slip of the pen.",
    )
    retract_commitment(commitment=gone, actor=make_approver(), reason="Not theirs.", now=NOW)
    html = html_of(client, "/changes/?as_of=2026-05-31")
    assert "You see the record as of 31 May 2026." in text_within(html, 'class="as-of"')
    assert f"/c/{kept.public_id}/?as_of=2026-05-31" in links_of(html)
    assert "Launch" in html
    assert "Start" not in html
    # What was taken back since is left out of every earlier day.
    assert "Secret" not in html
    assert gone.public_id not in html
    assert "Launch" not in html_of(client, "/changes/?as_of=2026-02-28")
    assert "Launch" not in html_of(client, "/changes/?as_of=2026-05-31&q=start")
    refused = html_of(client, "/changes/?as_of=2026-05-31&as_of_time=effective", status=400)
    assert "as_of_time: What changed is told by when it was recorded. Leave this out." in text_of(
        refused
    )
