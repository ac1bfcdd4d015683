"""The filter as a form and as links."""

from __future__ import annotations

from django.http import QueryDict

from tests.timeline.ical.samples import make_entry
from timeline.entries import EntryParty, EntryTopic
from timeline.presentation import filters

SPACE, SPORT = EntryTopic("space", "space"), EntryTopic("sport", "sport")
ENTRIES = [
    make_entry(topics=(SPACE,), status="announced", status_label="announced"),
    make_entry(topics=(SPACE, SPORT), status="delivered", status_label="delivered"),
]


def field(query: str, name: str) -> filters.Field:
    return next(one for one in filters.fields(QueryDict(query), ENTRIES) if one.name == name)


def test_choices_are_counted_and_the_chosen_one_is_ticked() -> None:
    assert field("topic=sport", "topic").choices == (
        filters.Choice("space", "Space", 2, is_chosen=False),
        filters.Choice("sport", "Sport", 1, is_chosen=True),
    )


def test_several_values_of_one_field_are_all_ticked() -> None:
    chosen = field("status=announced&status=delivered", "status")
    assert [choice.is_chosen for choice in chosen.choices] == [True, True]


def test_what_narrows_the_list_is_shown_even_where_nothing_bears_it() -> None:
    assert field("evidence=confirmed", "evidence").choices[-1] == filters.Choice(
        "confirmed", "Confirmed", 0, is_chosen=True
    )


def test_party_in_two_roles_counts_once() -> None:
    both = tuple(EntryParty("kz", "Kazakhstan", "country", role, role) for role in ("a", "b"))
    (found,) = filters.fields(QueryDict(), [make_entry(parties=both)])[1].choices
    assert (found.value, found.count) == ("kz", 1)


def test_fields_left_empty_are_dropped_and_nothing_else() -> None:
    params = QueryDict("q=&place=+&from=2026-01-01&topic=space&nonsense=&status=")
    left = filters.without_empty(params)
    assert left.urlencode() == "from=2026-01-01&topic=space&nonsense=&status="


def test_each_chosen_value_has_a_link_that_drops_it_alone() -> None:
    params = QueryDict("topic=space&topic=sport&q=launch&ordering=title")
    offered = filters.fields(params, ENTRIES)
    assert filters.chosen(params, offered) == (
        filters.Chosen("Topic", "Space", "topic=sport&q=launch&ordering=title"),
        filters.Chosen("Topic", "Sport", "topic=space&q=launch&ordering=title"),
        filters.Chosen("Search", "launch", "topic=space&topic=sport&ordering=title"),
    )


def test_what_the_form_has_no_control_for_is_sent_on() -> None:
    params = QueryDict("role=responsible&source=s2345678&q=a&topic=space&latest_before=2026-01-01")
    offered = filters.fields(params, ENTRIES)
    assert filters.hidden(params, offered) == (
        ("role", "responsible"),
        ("source", "s2345678"),
        ("latest_before", "2026-01-01"),
    )
