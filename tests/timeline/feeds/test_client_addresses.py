"""Which sites others can reach, and the picture of an address."""

from __future__ import annotations

import re

import pytest
import segno
from django.http import QueryDict
from django.test import override_settings

from timeline.feeds.client_addresses import GOOGLE_TAKES, addresses_of, is_local, qr_code


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8000", True),
        ("http://site.localhost", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.20", True),
        ("http://10.0.0.1", True),
        ("http://printer", True),
        ("http://desk.local", True),
        ("http://desk.lan.", True),
        ("https://commitments.example", False),
        ("http://93.184.216.34", False),
        ("https://local.example", False),
    ],
)
def test_a_site_is_local_by_its_host(url: str, expected: bool) -> None:
    assert is_local(url) is expected


@pytest.mark.parametrize(("more", "is_too_long"), [(-1, False), (0, False), (1, True)])
@override_settings(SITE_URL="https://commitments.example")
def test_an_address_is_as_long_as_google_takes(more: int, is_too_long: bool) -> None:
    base = len("webcal://commitments.example/feeds/commitments.ics?q=")
    found = addresses_of(QueryDict("q=" + "a" * (GOOGLE_TAKES - base + more)), name="All")
    assert len(found.webcal) == GOOGLE_TAKES + more
    assert found.is_too_long_for_google is is_too_long


def test_the_picture_is_of_the_address() -> None:
    address = "https://commitments.example/subscribe/?topic=space&show=window"
    svg = qr_code(address, title="Title <1>")
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)
    size = len(segno.make_qr(address, error="m").matrix) + 8
    assert path is not None
    assert f'viewBox="0 0 {size} {size}"' in svg
    assert "<title>Title &lt;1&gt;</title>" in svg
    assert ("style" in svg, "width=" in svg) == (False, False)


@pytest.mark.parametrize(("length", "has_picture"), [(2331, True), (2332, False)])
def test_an_address_is_drawn_up_to_what_a_code_can_hold(length: int, has_picture: bool) -> None:
    assert bool(qr_code("a" * length, title="")) is has_picture
