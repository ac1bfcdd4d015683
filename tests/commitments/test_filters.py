"""The one filter language: what each filter finds, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.actions.dates import move_date
from commitments.enums import CitationRole, Kind, PartyKind, PartyRole, Status
from commitments.exceptions import InvalidInput
from commitments.filters import (
    ORDERINGS,
    CommitmentFilter,
    known_parameters,
    order_of,
    repeatable_parameters,
    select_commitments,
)
from commitments.models import Commitment
from commitments.parameters import LONGEST_VALUE
from commitments.window import Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    """The titles that `query` finds among the published commitments, in order."""
    published = Commitment.objects.published()
    chosen = select_commitments(QueryDict(query), queryset=published, now=NOW)
    return [one.title for one in chosen]


def refusal(query: str | QueryDict) -> InvalidInput:
    params = QueryDict(query) if isinstance(query, str) else query
    with pytest.raises(InvalidInput) as caught:
        select_commitments(params, queryset=Commitment.objects.published(), now=NOW)
    return caught.value


# What each filter finds


def test_without_a_parameter_all_are_found_with_the_undated_last() -> None:
    make_commitment(title="undated", window="")
    make_commitment(title="2027", window="2027")
    make_commitment(title="2026", window="2026")
    make_commitment(title="open end", window="2025/..")
    assert titles("")[:2] == ["2026", "2027"]
    assert sorted(titles("")[2:]) == ["open end", "undated"]


def test_drafts_are_not_found_in_what_is_published() -> None:
    make_commitment(title="draft", published=False)
    assert titles("") == []


def test_values_of_one_parameter_are_any_and_parameters_are_all() -> None:
    make_commitment(title="a", kind=Kind.EVENT, window="2026")
    make_commitment(title="b", kind=Kind.TARGET, window="2027")
    make_commitment(title="c", kind=Kind.PROGRAMME, window="2028")
    assert titles("kind=event&kind=target") == ["a", "b"]
    assert titles("kind=event&kind=target&from=2027-01-01") == ["b"]


def test_status_strength_and_evidence_are_read() -> None:
    make_commitment(title="a", status=Status.IN_PROGRESS, strength="proposal")
    cited = make_commitment(title="b")
    make_citation(cited)
    assert titles("status=in_progress") == ["a"]
    assert titles("strength=promise") == ["b"]
    assert titles("evidence=documented") == ["b"]


def test_schedule_is_that_of_now() -> None:
    make_commitment(title="overdue", window="2025")
    make_commitment(title="upcoming", window="2027")
    make_commitment(title="undated", window="")
    assert titles("schedule=overdue") == ["overdue"]
    assert titles("schedule=undated&schedule=upcoming") == ["upcoming", "undated"]


def test_party_with_role_is_that_role_of_that_party() -> None:
    kz, ru = make_party("kz"), make_party("ru")
    make_commitment(title="a", parties=[(kz, PartyRole.PROMISED_BY), (ru, PartyRole.RESPONSIBLE)])
    assert titles("party=kz") == ["a"]
    assert titles("party=kz&role=promised_by") == ["a"]
    assert titles("party=kz&role=responsible") == []
    assert titles("role=responsible") == ["a"]
    assert titles("role=counterpart") == []


def test_a_commitment_that_is_found_twice_is_listed_once() -> None:
    kz, ru = make_party("kz"), make_party("ru")
    both = [(party, role) for party in (kz, ru) for role in PartyRole]
    source = make_source()
    made = make_commitment(
        title="a",
        parties=both,
        topics=[make_topic("space"), make_topic("trade")],
        source=source,
    )
    make_citation(made, source=source, role=CitationRole.CONFIRMS)
    query = f"party=kz&party=ru&role=responsible&role=counterpart&source={source.public_id}"
    assert titles(query) == ["a"]
    assert titles("topic=space&topic=trade") == ["a"]
    assert titles("role=responsible&role=counterpart") == ["a"]


def test_no_filter_asks_for_distinct_rows() -> None:
    kz, space, source = make_party("kz"), make_topic("space"), make_source()
    make_commitment(
        parties=[(kz, PartyRole.PROMISED_BY)], topics=[space], source=source, place="Astana"
    )
    query = QueryDict(
        f"party=kz&topic=space&source={source.public_id}&role=promised_by&place=a&q=c"
        "&status=announced&kind=milestone&strength=promise&evidence=none&schedule=open"
        "&from=2026-01-01&to=2026-12-31&latest_before=2027-01-01&moved_after=2020-01-01"
    )
    chosen = select_commitments(query, queryset=Commitment.objects.published(), now=NOW)
    assert chosen.query.distinct is False
    assert set(chosen.query.alias_map) == {"commitments_commitment"}


def test_ids_are_found_and_those_that_are_not_there_are_no_error() -> None:
    first, second = make_commitment(title="a", window="2025"), make_commitment(title="b")
    draft = make_commitment(title="c", published=False)
    assert titles(f"id={first.public_id}") == ["a"]
    ids = f"{second.public_id},{first.public_id}, {draft.public_id},zzzzzzzz"
    assert titles(f"id={ids}") == ["a", "b"]
    assert titles("id=zzzzzzzz") == []


def test_source_is_found_by_its_public_id() -> None:
    source = make_source()
    make_commitment(title="a", source=source)
    make_commitment(title="b")
    assert titles(f"source={source.public_id}") == ["a"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2025-05-31", True),
        ("from=2025-06-01", False),
        ("to=2025-02-28", False),
        ("to=2025-03-01", True),
        ("from=2025-04-01&to=2025-04-01", True),
        ("latest_before=2025-05-31", False),
        ("latest_before=2025-06-01", True),
    ],
)
def test_a_window_is_found_while_it_overlaps(query: str, found: bool) -> None:
    make_commitment(title="spring 2025", window="2025-21")
    make_commitment(title="undated", window="")
    assert titles(query) == (["spring 2025"] if found else [])


def test_open_windows_overlap_everything_on_their_open_side() -> None:
    make_commitment(title="from April on", window="2026-04/..")
    assert titles("from=9999-12-31") == ["from April on"]
    assert titles("to=2026-03-31") == []


def test_moved_after_is_the_day_on_which_it_was_recorded() -> None:
    commitment = make_commitment(title="moved", window="2025")
    make_commitment(title="stayed")
    citation = make_citation(commitment, role=CitationRole.MOVES)
    move_date(
        commitment=commitment,
        window=Window.parse("2027"),
        actor=make_editor(),
        now=NOW,
        citations=[citation],
    )
    yesterday, today = NOW.date() - timedelta(days=1), NOW.date()
    assert titles(f"moved_after={yesterday}") == ["moved"]
    assert titles(f"moved_after={today}") == []
    assert titles("moved_after=9999-12-31") == []


@pytest.mark.parametrize(
    "query",
    [
        "q=alley",
        "q=ALLEY",
        "q=friendship+alley",
        "q=аллея",
        "q=АЛЛЕЯ+дружбы",
        "q=Достық",
        "q=достық",
        "q=весной",
        "q=100%25",
        "q=a_b",
        "q=(now)",
        "q=back\\slash",
        "place=astana",
        "place=Астана",
        "place=астана",
    ],
)
def test_search_is_blind_to_capitals_in_every_alphabet(query: str) -> None:
    make_commitment(
        title="The Alley of Friendship",
        summary="100% a_b (now) back\\slash",
        wording="весной",
        place="Astana (Астана)",
        translations={"ru": {"title": "Аллея дружбы"}, "kk": {"title": "Достық аллеясы"}},
    )
    make_commitment(title="Something else", summary="100 ab now backslash", place="Almaty")
    assert titles(query) == ["The Alley of Friendship"]


def test_every_word_of_a_search_has_to_be_found() -> None:
    make_commitment(title="The Alley")
    assert titles("q=alley+missing") == []


def test_search_does_not_find_the_names_of_fields() -> None:
    make_commitment(title="x", translations={"ru": {"title": "у"}})
    assert titles("q=title") == []


# The order


def in_order(name: str, column: str = "window") -> list[str]:
    chosen = select_commitments(
        QueryDict(f"ordering={name}"), queryset=Commitment.objects.published(), now=NOW
    )
    return list(chosen.values_list(column, flat=True))


@pytest.mark.parametrize("name", [name for name in ORDERINGS if not name.startswith("-")])
def test_every_order_is_total_and_turns_round_exactly(name: str) -> None:
    for window in ("", "2025", "2026", "2025", "../2024", "2027/..", ""):
        make_commitment(window=window)
    upwards = in_order(name, "public_id")
    assert len(set(upwards)) == 7
    assert in_order(f"-{name}", "public_id") == upwards[::-1]


def test_open_ends_stand_where_they_belong_and_the_undated_last() -> None:
    for window in ("", "2025", "2024/2026", "../2024", "2023/.."):
        make_commitment(window=window)
    assert in_order("latest") == ["../2024", "2025", "2024/2026", "2023/..", ""]
    assert in_order("earliest") == ["../2024", "2023/..", "2024/2026", "2025", ""]


def test_the_order_of_the_list_can_be_asked_for() -> None:
    assert [str(key) for key in order_of(QueryDict("ordering=-title"))] == ["-title", "-public_id"]
    assert [str(key) for key in order_of(QueryDict(""))] == ["last_day", "public_id"]


# What is refused


def test_an_unknown_parameter_is_refused_and_the_known_are_listed() -> None:
    error = refusal("statuss=delivered&x=1")
    assert error.specific_code == "unknown_parameter"
    assert error.errors == {
        name: [f"There is no parameter “{name}”. Known: {', '.join(known_parameters())}."]
        for name in ("statuss", "x")
    }


def test_an_unknown_value_is_refused_and_the_known_are_listed() -> None:
    error = refusal("kind=event&kind=party&ordering=size")
    assert error.specific_code == "invalid_parameter"
    assert error.errors == {
        "kind": ["“party” is not known here. Known: event, milestone, target, programme."],
        "ordering": [f"“size” is not known here. Known: {', '.join(ORDERINGS)}."],
    }


@pytest.mark.parametrize("day", ["11/27/2024", "27.11.2024", "2025-02-30", "2025", "tomorrow"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_day_has_one_notation_in_every_language(day: str, language: str) -> None:
    with translation.override(language):
        error = refusal(f"from={day}")
    assert list(error.errors) == ["from"]


@pytest.mark.parametrize("name", ["party", "topic", "source"])
def test_an_unknown_name_is_refused(name: str) -> None:
    assert refusal(f"{name}=nobody").errors == {name: [f"There is no {name} “nobody” here."]}


def test_what_only_a_draft_names_is_refused_like_the_unknown() -> None:
    secret, topic, source = make_party("secret"), make_topic("secret"), make_source()
    make_commitment(
        published=False,
        parties=[(secret, PartyRole.PROMISED_BY)],
        topics=[topic],
        source=source,
    )
    for name, value in (("party", "secret"), ("topic", "secret"), ("source", source.public_id)):
        assert refusal(f"{name}={value}").errors == {name: [f"There is no {name} “{value}” here."]}


def test_the_desk_can_ask_for_what_its_drafts_name() -> None:
    make_commitment(
        title="draft", published=False, parties=[(make_party("kz"), PartyRole.PROMISED_BY)]
    )
    chosen = select_commitments(QueryDict("party=kz"), queryset=Commitment.objects.all(), now=NOW)
    assert [one.title for one in chosen] == ["draft"]


def test_a_body_of_a_named_person_may_be_asked_for_and_has_nothing_of_its_own() -> None:
    country = make_party("kz")
    minister = make_party("minister", kind=PartyKind.PERSON, body=country)
    make_commitment(title="a", parties=[(minister, PartyRole.PROMISED_BY)])
    assert titles("party=minister") == ["a"]
    assert titles("party=kz") == []


def test_one_value_where_one_is_meant() -> None:
    single = set(known_parameters()) - set(repeatable_parameters())
    assert single == {
        "id",
        "from",
        "to",
        "latest_before",
        "moved_after",
        "place",
        "q",
        "ordering",
    }
    query = "&".join(f"{name}=&{name}=" for name in known_parameters())
    assert refusal(query).errors == {key: ["Give one value, not several."] for key in single}


@pytest.mark.parametrize("blank", ["", "+", "+++"])
def test_blank_values_are_no_filters(blank: str) -> None:
    make_commitment(title="a")
    assert titles("&".join(f"{name}={blank}" for name in known_parameters())) == ["a"]


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\ud800", "\u202e", "\n"])
def test_an_unreadable_value_is_refused_before_any_database(character: str) -> None:
    params = QueryDict(mutable=True)
    for name in known_parameters():
        params[name] = f"a{character}"
    error = refusal(params)
    assert error.specific_code == "unreadable_parameter"
    assert sorted(error.errors) == known_parameters()


def test_a_value_may_have_so_many_characters_and_no_more() -> None:
    params = QueryDict(mutable=True)
    for name in known_parameters():
        params[name] = "a" * (LONGEST_VALUE + 1)
    sentence = f"Shorten this to {LONGEST_VALUE} characters."
    assert refusal(params).errors == {key: [sentence] for key in known_parameters()}


def test_the_longest_value_is_searched_for() -> None:
    make_commitment(title="a" * LONGEST_VALUE)
    assert titles(f"q={'a' * LONGEST_VALUE}") == ["a" * LONGEST_VALUE]


def test_unknown_names_are_repeated_short_and_writable() -> None:
    params = QueryDict(mutable=True)
    params["\ud800" + "x" * 100_000] = "1"
    (name,) = refusal(params).errors
    assert name == "?" + "x" * 59


def test_every_filter_is_public_by_its_own_name() -> None:
    assert "from" in CommitmentFilter.base_filters
    assert "from_" not in CommitmentFilter.base_filters


# Whatever is asked


values: st.SearchStrategy[str] = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "null",
            "event",
            "announced",
            "overdue",
            "promise",
            "latest",
            "2026-12-31",
            "0001-01-01",
            "9999-12-31",
            "\x00",
            "%",
            "_",
            "\\",
            "(?P<",
            "[",
        ]
    ),
    st.dates().map(str),
)
queries: st.SearchStrategy[list[tuple[str, str]]] = st.lists(
    st.tuples(st.one_of(st.sampled_from(known_parameters()), st.text(max_size=8)), values),
    max_size=5,
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pairs=queries)
def test_whatever_is_asked_is_answered_or_refused(pairs: list[tuple[str, Any]]) -> None:
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    asked: InvalidInput | None = None
    try:
        list(select_commitments(params, queryset=Commitment.objects.published(), now=NOW))
    except InvalidInput as error:
        asked = error
    assert asked is None or all(asked.errors.values())
