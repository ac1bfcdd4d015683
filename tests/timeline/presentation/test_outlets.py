"""The addresses of the same list in other forms."""

from __future__ import annotations

from django.conf import settings
from django.http import QueryDict

from tests.timeline.ical.samples import make_entry
from timeline.presentation.outlets import (
    api_of_one,
    outlets_around,
    outlets_of_list,
    outlets_of_one,
    sharing_of_one,
)


def test_whole_list_has_plain_addresses() -> None:
    found = outlets_of_list(QueryDict(), language="en")
    assert found.calendar == f"{settings.SITE_URL}/feeds/commitments.ics"
    assert found.webcal == "webcal://" + found.calendar.partition("://")[2]
    assert (found.mail, found.api) == ("/subscribe/mail/", "/api/v1/commitments/")


def test_filter_goes_into_every_address_and_the_order_where_it_means_something() -> None:
    found = outlets_of_list(QueryDict("topic=space&topic=sport&ordering=title"), language="kk")
    assert found.calendar.endswith(".ics?topic=space&topic=sport&language=kk")
    assert found.subscribe == "/subscribe/?topic=space&topic=sport"
    assert found.mail.endswith("subscribe/mail/?topic=space&topic=sport")
    assert found.api == "/api/v1/commitments/?topic=space&topic=sport&ordering=title"


def test_one_commitment_has_an_address_for_programs_and_the_list_around_it() -> None:
    assert api_of_one("b2345678") == "/api/v1/commitments/b2345678/"
    assert outlets_of_one(make_entry(public_id="gc8sw89k")).mail.endswith("?id=gc8sw89k")
    assert outlets_around(make_entry()).mail.endswith("?topic=culture&topic=memory")
    assert outlets_around(make_entry(topics=())).mail.endswith("/subscribe/mail/")


def test_the_feed_of_changes_is_of_the_same_list_and_of_no_earlier_day() -> None:
    params = QueryDict("kind=event&ordering=title&as_of=2026-01-01")
    assert outlets_of_list(params, language="en").changes == "/feeds/changes.atom?kind=event"
    russian = outlets_of_list(QueryDict("kind=event"), language="ru").changes
    assert russian == "/feeds/changes.atom?kind=event&language=ru"


def test_a_list_by_its_place_in_time_has_no_changes() -> None:
    found = outlets_of_list(QueryDict("schedule=overdue"), language="en")
    assert (found.changes, found.changes_json, found.changed) == ("", "", "")
    assert found.csv == "/api/v1/commitments/?schedule=overdue&format=csv"


def test_code_to_copy_is_plain_text_with_the_title_escaped() -> None:
    sharing = sharing_of_one(make_entry(title='"><script>'))
    assert "<script>" not in sharing.frame_code
    assert type(sharing.frame_code) is str
    assert type(sharing.badge_code) is str
