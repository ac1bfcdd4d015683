"""The addresses of the same list in other forms."""

from __future__ import annotations

from django.conf import settings
from django.http import QueryDict

from tests.timeline.ical.samples import make_entry
from timeline.outlets import api_of_one, outlets_around, outlets_of_list, outlets_of_one


def test_whole_list_has_plain_addresses() -> None:
    found = outlets_of_list(QueryDict(), language="en")
    assert found.calendar == f"{settings.SITE_URL}/feeds/commitments.ics"
    assert found.webcal == "webcal://" + found.calendar.partition("://")[2]
    assert (found.mail, found.api) == ("/subscribe/", "/api/v1/commitments/")


def test_filter_goes_into_every_address_and_the_order_where_it_means_something() -> None:
    found = outlets_of_list(QueryDict("topic=space&topic=sport&ordering=title"), language="kk")
    assert found.calendar.endswith(".ics?topic=space&topic=sport&language=kk")
    assert found.mail.endswith("subscribe/?topic=space&topic=sport")
    assert found.api == "/api/v1/commitments/?topic=space&topic=sport&ordering=title"


def test_one_commitment_has_an_address_for_programs_and_the_list_around_it() -> None:
    assert api_of_one("b2345678") == "/api/v1/commitments/b2345678/"
    assert outlets_of_one(make_entry(public_id="gc8sw89k")).mail.endswith("?id=gc8sw89k")
    assert outlets_around(make_entry()).mail.endswith("?topic=culture&topic=memory")
    assert outlets_around(make_entry(topics=())).mail.endswith("/subscribe/")
