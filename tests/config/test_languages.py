"""In which language an answer is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [("", "ru,en;q=0.5", "ru"), ("kk", "ru", "kk"), ("", "fr", "en"), ("xx", "", "en")],
)
def test_desk_speaks_the_language_that_was_chosen_or_the_browsers(
    client: Client, cookie: str, header: str, language: str
) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    page = client.get(reverse("admin:login"), headers={"accept-language": header})
    assert page.headers["content-language"] == language


@pytest.mark.parametrize(("address", "language"), [("/", "en"), ("/ru/", "ru"), ("/kk/", "kk")])
def test_page_outside_the_desk_keeps_the_language_of_its_address(
    client: Client, address: str, language: str
) -> None:
    client.cookies["django_language"] = "kk"
    page = client.get(address, headers={"accept-language": "ru"})
    assert page.headers["content-language"] == language
