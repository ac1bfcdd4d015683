"""Working through one statement: its text, candidates, and one commitment after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from commitments.admin.statement_page import pieces_of
from commitments.admin.statement_words import date_words_in
from commitments.enums import PartyKind, PartyRole
from commitments.models import Commitment, Party, Source, Topic, User
from tests.builders import (
    make_citation,
    make_commitment,
    make_party,
    make_source,
    make_topic,
    make_user,
)
from tests.commitments.admin.pages import Fields, errors_in, messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ALLEY = "We shall open the Alley of Friendship in the spring of 2025."
GAMES = "The Games will be held in Kazakhstan in 2026."
LAUNCH = "The first launch will take place next year, as planned."
TEXT = f"President Tokayev: Dear friends,\n\n{ALLEY}\n\n{GAMES}\n\n{LAUNCH}\n"


@pytest.fixture
def source() -> Source:
    """A statement of 27 November 2024 with its text."""
    return make_source(title="Statements for the media", text=TEXT, place="Astana")


@pytest.fixture
def kz() -> Party:
    """Who promises."""
    return make_party("kz", name="Kazakhstan")


def address(source: Source, query: str = "") -> str:
    return f"/admin/commitments/source/{source.pk}/statement/{query}"


def span(quote: str) -> tuple[int, int]:
    start = TEXT.index(quote)
    return start, start + len(quote)


def filled_in(**changes: Any) -> Fields:
    """What a browser sends without script."""
    fields = {
        "quote": ALLEY,
        "when": "spring of 2025",
        "title": "Opening of the Alley",
        "kind": "milestone",
        "first_status": "announced",
        "strength": "promise",
        "language": "en",
        "time_zone": "Asia/Almaty",
        "hemisphere": "north",
        "place": "Astana",
    }
    return {**fields, **changes}


def test_page_of_a_source_leads_here_for_those_who_enter(desk: Client, source: Source) -> None:
    page = f"/admin/commitments/source/{source.pk}/change/"
    assert address(source) in desk.get(page).content.decode()
    viewer = make_user("viewer", permissions=["view_source"], is_staff=True)
    reading = Client()
    reading.force_login(viewer)
    assert address(source) not in reading.get(page).content.decode()


def test_screen_shows_the_text_its_hash_and_candidates(desk: Client, source: Source) -> None:
    response = desk.get(address(source))
    assert "".join(piece.text for piece in response.context["pieces"]) == TEXT
    assert source.text_sha256 in response.content.decode()
    shown = [(one.candidate.quote, one.when) for one in response.context["candidates"]]
    assert shown == [(ALLEY, "spring 2025"), (GAMES, "2026"), (LAUNCH, "2025")]


def test_commitment_is_entered_with_its_quote_in_place(
    desk: Client, editor: User, source: Source, kz: Party
) -> None:
    response = desk.post(address(source), filled_in(promised_by=[kz.pk]), follow=True)
    made = Commitment.objects.get()
    citation = made.citations.get()
    assert (made.window, made.publication, made.place) == ("2025-21", "draft", "Astana")
    assert (citation.source, citation.quote) == (source, ALLEY)
    assert (citation.start, citation.end) == span(ALLEY)
    assert [(one.party, one.role) for one in made.involvements.all()] == [
        (kz, PartyRole.PROMISED_BY)
    ]
    assert response.redirect_chain == [(f"{address(source)}#entry", 302)]
    assert messages_of(response) == [
        "Entered as a draft: “Opening of the Alley”.",
        (
            "Understood as spring 2025 (2025-21): from 1 March 2025 to 31 May 2025, "
            "overdue from 1 June 2025 (Asia/Almaty)."
        ),
    ]
    assert [one.commitment for one in response.context["cited"]] == [made]
    assert ALLEY not in [one.candidate.quote for one in response.context["candidates"]]
    assert made.revisions.first().actor == editor  # type: ignore[union-attr]


def test_next_one_begins_as_the_one_before(desk: Client, source: Source, kz: Party) -> None:
    speaker, topic = make_party("tokayev", kind=PartyKind.PERSON), make_topic("culture")
    sent = filled_in(promised_by=[kz.pk], said_by=speaker.pk, topics=[topic.pk])
    form = desk.post(address(source), sent, follow=True).context["form"]
    begun = {name: form[name].value() for name in ("promised_by", "topics", "said_by", "kind")}
    assert begun == {
        "promised_by": [kz.pk],
        "topics": [topic.pk],
        "said_by": speaker.pk,
        "kind": "milestone",
    }
    assert (form["place"].value(), form["quote"].value(), form["title"].value()) == (
        "Astana",
        None,
        None,
    )


def test_saving_can_lead_to_the_commitment(desk: Client, source: Source) -> None:
    response = desk.post(address(source), filled_in(_open="1"))
    made = Commitment.objects.get()
    assert response.headers["Location"] == f"/admin/commitments/commitment/{made.pk}/change/"


def test_relative_words_count_from_the_day_of_the_source(desk: Client, source: Source) -> None:
    desk.post(address(source), filled_in(quote=LAUNCH, when="next year, as planned"))
    assert Commitment.objects.get().window == "2025"


def test_date_words_may_be_in_the_language_of_the_source(desk: Client) -> None:
    source = make_source(language="ru", text="Откроем весной 2025 года.")
    sent = filled_in(quote="Откроем весной 2025 года", when="весной 2025 года")
    desk.post(address(source), sent)
    assert Commitment.objects.get().window == "2025-21"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"quote": "We shall close the Alley of Friendship"},
            "quote",
            "These words are not in the stored text.",
        ),
        ({"when": "sprng 2025"}, "when", "sprng 2025 is not understood as a date"),
        ({"title": ""}, "title", "This field is required."),
        ({"kind": ""}, "kind", "This field is required."),
        ({"title": "x" * 301}, "title", "Ensure this value has at most 300 characters"),
        ({"time_zone": "Mars/Base"}, "time_zone", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    desk: Client, source: Source, changes: Fields, field: str, sentence: str
) -> None:
    response = desk.post(address(source), filled_in(**changes))
    errors = errors_in(response)
    assert list(errors) == [field]
    assert errors[field][0].startswith(sentence)
    assert not Commitment.objects.exists()


def test_accepted_candidate_fills_the_form_and_saves_nothing(desk: Client, source: Source) -> None:
    speaker = make_party("tokayev", kind=PartyKind.PERSON, name="Tokayev", office="President")
    start, end = span(GAMES)
    response = desk.get(address(source, f"?start={start}&end={end}"))
    form = response.context["form"]
    values = {name: form[name].value() for name in ("quote", "when", "wording", "kind", "locator")}
    assert values == {
        "quote": GAMES,
        "when": "in 2026",
        "wording": "in 2026",
        "kind": "event",
        "locator": "paragraph 3",
    }
    assert form["said_by"].value() == speaker.pk
    assert [piece.text for piece in response.context["pieces"] if piece.mark == "chosen"] == [GAMES]
    assert not Commitment.objects.exists()


def test_dropped_candidate_stays_away_until_it_is_brought_back(
    desk: Client, source: Source
) -> None:
    start, end = span(GAMES)

    def shown() -> list[str]:
        context = desk.get(address(source)).context
        return [one.candidate.quote for one in context["candidates"]]

    desk.post(address(source), {"drop": f"{start}-{end}"})
    assert shown() == [ALLEY, LAUNCH]
    desk.post(address(source), {"drop": "x" * 5000})
    assert shown() == [ALLEY, LAUNCH]
    desk.post(address(source), {"bring_back": "1"})
    assert shown() == [ALLEY, GAMES, LAUNCH]
    assert not Commitment.objects.exists()


def test_marked_words_are_answered_with_proposals(desk: Client, source: Source) -> None:
    start, end = span(GAMES)
    answer = desk.get(address(source, f"marked/?start={start - 2}&end={end + 1}")).json()
    assert answer == {
        "start": start,
        "end": end,
        "quote": GAMES,
        "date_words": ["in 2026"],
        "title": GAMES,
        "kind": "event",
        "said_by": None,
        "locator": "paragraph 3",
        "place": f"characters {start} to {end}",
    }


@pytest.mark.parametrize(
    ("passage", "language", "found"),
    [
        (
            "In the spring of 2025, and in 2026 the rest.",
            "en",
            ["In the spring of 2025", "in 2026"],
        ),
        ("Весной 2025 года, а в 2026 году игры", "ru-RU", ["Весной 2025 года", "в 2026 году"]),
        ("Көпір 2026 жылы ашылады.", "kk", ["2026 жылы"]),
        ("It may cost 2000 tenge.", "en", []),
    ],
)
def test_date_words_are_found_in_a_passage(passage: str, language: str, found: list[str]) -> None:
    day = date(2024, 11, 27)
    assert list(date_words_in(passage, said_on=day, language=language)) == found


@pytest.mark.parametrize("query", ["", "?start=5", "?start=5&end=5", "?start=9999&end=99999"])
def test_marking_nothing_is_refused(desk: Client, source: Source, query: str) -> None:
    response = desk.get(address(source, f"marked/{query}"))
    assert response.status_code == 400
    assert response.json() == {"error": "Give the place of some words of the text."}


@pytest.mark.parametrize("page", ["", "marked/?start=0&end=9"])
def test_only_those_who_enter_may_work_here(client: Client, source: Source, page: str) -> None:
    assert client.get(address(source, page)).status_code == 302
    viewer = make_user("viewer", permissions=["view_source", "view_commitment"], is_staff=True)
    client.force_login(viewer)
    assert client.get(address(source, page)).status_code == 403
    if not page:
        assert client.post(address(source), filled_in()).status_code == 403
    assert not Commitment.objects.exists()


def test_unknown_source_is_not_found(desk: Client) -> None:
    assert desk.get("/admin/commitments/source/987654/statement/").status_code == 404


def test_without_a_text_one_can_enter_and_is_told_how_to_paste_it(desk: Client) -> None:
    source = make_source()
    assert "Paste it on the page of the source." in desk.get(address(source)).content.decode()
    desk.post(address(source), filled_in())
    assert Commitment.objects.get().citations.get().start is None


def test_language_without_rules_has_no_candidates(desk: Client) -> None:
    source = make_source(language="kk", text="Көпір 2026 жылы ашылады.")
    response = desk.get(address(source))
    assert response.context["candidates"] == []
    assert response.status_code == 200


def test_similar_title_is_told_on_saving(desk: Client, source: Source) -> None:
    make_commitment(title="Opening of the Alley")
    response = desk.post(address(source), filled_in(), follow=True)
    assert messages_of(response)[-1].startswith("On record already with a similar title")


def test_number_of_queries_stays_with_more_entered(
    desk: Client, source: Source, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        make_citation(make_commitment(source=make_source()), source, quote=ALLEY)
    desk.get(address(source))
    with django_assert_max_num_queries(25):
        desk.get(address(source))


def test_text_stays_whole_where_marks_overlap(source: Source) -> None:
    cited = [
        make_citation(make_commitment(), source, quote=ALLEY),
        make_citation(make_commitment(), source, quote="Alley of Friendship in the spring"),
    ]
    start, end = span(GAMES)
    pieces = pieces_of(TEXT, cited, [], (str(start), str(end)))
    assert "".join(piece.text for piece in pieces) == TEXT
    assert [(piece.text, piece.mark) for piece in pieces if piece.mark] == [
        (ALLEY, "entered"),
        (GAMES, "chosen"),
    ]


def test_topics_are_the_ones_on_record(desk: Client, source: Source) -> None:
    topic = make_topic("culture")
    desk.post(address(source), filled_in(topics=[topic.pk]))
    assert list(Commitment.objects.get().topics.all()) == list(Topic.objects.all())
