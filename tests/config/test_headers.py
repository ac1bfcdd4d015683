"""The headers of every kind of answer, held against Mozilla's rules with production's settings."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.builders import make_admin
from tests.commitments.admin.addresses import address_of, furnish_the_desk, names_of_addresses
from tests.config.observatory import directives, marks, score
from tests.config.production import BY_TLS, HOST, browse_in_production

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LEAST = 120


@pytest.fixture(autouse=True)
def _production(settings: Any, tmp_path: Path) -> None:
    browse_in_production(settings, tmp_path)


def given_for(answer: Any) -> dict[str, int]:
    return marks(answer.headers, answer.cookies)


# What each kind of page comes to. A feed, the API and pictures are there for other sites (no
# marks for CORP); the theme of the desk computes in attributes and sets styles (-10).
PAGES = [
    ("/", 135),
    ("/ru/", 135),
    ("/methodology/", 135),
    ("/subscribe/", 135),
    ("/subscribe/mail/", 140),
    ("/calendars/", 135),
    ("/changes/", 135),
    ("/nothing/", 135),
    ("/healthz/live", 135),
    ("/feeds/commitments.ics", 125),
    ("/feeds/changes.atom", 125),
    ("/api/v1/", 125),
    ("/api/v1/commitments/", 125),
    ("/api/v1/nothing/", 125),
    ("/api/v1/docs/", 120),
    ("/api/v2/", 125),
    ("/admin/login/", 125),
    ("/admin/", 120),
]


@pytest.mark.parametrize(("path", "expected"), PAGES, ids=[path for path, _ in PAGES])
def test_each_kind_of_page_has_its_score(path: str, expected: int) -> None:
    answer = Client(headers=BY_TLS).get(path)
    assert score(given_for(answer)) == expected, given_for(answer)
    assert expected >= LEAST


def test_every_page_of_the_desk_reaches_the_score(settings: Any) -> None:
    furnish_the_desk()
    desk = Client(headers=BY_TLS)
    desk.force_login(make_admin())
    names = [name for name in names_of_addresses() if name != "logout/"]
    low = {}
    for name in names:
        answer = desk.get(address_of(name))
        if score(given_for(answer)) < LEAST:
            low[name] = given_for(answer)
    assert low == {}


def test_what_others_embed_gives_up_that_and_nothing_else() -> None:
    commitment = furnish_the_desk()
    answer = Client(headers=BY_TLS).get(f"/c/{commitment.public_id}/embed/")
    assert directives(answer["Content-Security-Policy"])["frame-ancestors"] == {"*", "'none'"} or (
        directives(answer["Content-Security-Policy"])["frame-ancestors"] == {"*"}
    )
    assert "X-Frame-Options" not in answer.headers
    assert score(given_for(answer)) >= LEAST


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/api/v1/", "/feeds/commitments.ics"])
def test_no_page_may_use_what_a_browser_can_do(path: str) -> None:
    policy = Client(headers=BY_TLS).get(path)["Permissions-Policy"]
    for power in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{power}=()" in policy.split(", ")


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/api/v1/", "/feeds/commitments.ics"])
def test_who_comes_without_tls_is_led_to_it(path: str) -> None:
    answer = Client(headers=BY_TLS | {"X-Forwarded-Proto": "http"}).get(path)
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}{path}")
    assert answer["Permissions-Policy"]


def test_who_watches_the_house_is_not_led_away() -> None:
    assert Client(headers={"Host": HOST}).get("/healthz/live").status_code == 200


def test_transport_is_promised_for_a_year_with_the_hosts_below(
    settings: Any, tmp_path: Path
) -> None:
    header = "Strict-Transport-Security"
    promise = Client(headers=BY_TLS).get("/healthz/live")[header]
    assert promise == "max-age=31536000; includeSubDomains; preload"
    browse_in_production(settings, tmp_path, HSTS_SUBDOMAINS="false")
    assert Client(headers=BY_TLS).get("/healthz/live")[header] == "max-age=31536000"


def test_cookies_belong_to_this_host_alone() -> None:
    make_admin(name="asel")
    client = Client(headers=BY_TLS)
    form = client.get("/admin/login/")
    assert list(form.cookies) == ["__Host-csrftoken"]
    answer = client.post("/admin/login/", {"username": "asel", "password": "pw"})
    assert answer.status_code == 302
    assert {"__Host-sessionid", "__Host-device"} <= set(answer.cookies)
    language = client.post("/i18n/setlang/", {"language": "ru"}).cookies
    assert list(language) == ["__Host-django_language"]
    for name, cookie in (form.cookies | answer.cookies | language).items():
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", ""), name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        # The documentation of the API reads the token, to try out a write.
        assert bool(cookie["httponly"]) == (name != "__Host-csrftoken"), name


def test_cookies_of_a_plain_address_have_plain_names(settings: Any, tmp_path: Path) -> None:
    browse_in_production(settings, tmp_path, SITE_URL="http://localhost:8000")
    answer = Client(headers={"Host": HOST}).get("/admin/login/")
    assert list(answer.cookies) == ["csrftoken"]
    assert "Strict-Transport-Security" not in answer.headers


# --- The rules themselves ---


def cookie(text: str) -> dict[str, Morsel[str]]:
    return dict(SimpleCookie(text))


RULES = [
    ("csp", {}, -25),
    ("csp", {"Content-Security-Policy": "default-src 'none'"}, 10),
    ("csp", {"Content-Security-Policy": "default-src 'self'; img-src data:"}, 5),
    ("csp", {"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"}, 0),
    ("csp", {"Content-Security-Policy": "default-src 'self'; script-src 'unsafe-eval'"}, -10),
    ("csp", {"Content-Security-Policy": "default-src 'self'; script-src 'unsafe-inline'"}, -20),
    ("csp", {"Content-Security-Policy": "script-src 'self'"}, -20),
    ("csp", {"Content-Security-Policy": "default-src 'self' http://example.org"}, -20),
    ("hsts", {}, -20),
    ("hsts", {"Strict-Transport-Security": "max-age=15767999"}, -10),
    ("hsts", {"Strict-Transport-Security": "max-age=15768000"}, 0),
    ("frames", {}, -20),
    ("frames", {"X-Frame-Options": "DENY"}, 5),
    ("referrer", {"Referrer-Policy": "unsafe-url"}, -5),
    ("corp", {"Cross-Origin-Resource-Policy": "nonsense"}, -5),
    ("coop", {"Cross-Origin-Opener-Policy": "same-origin"}, 10),
    ("coep", {"Cross-Origin-Embedder-Policy": "require-corp"}, 10),
    ("nosniff", {}, -5),
    ("cors", {"Access-Control-Allow-Origin": "*"}, 0),
    (
        "cors",
        {
            "Access-Control-Allow-Origin": "https://a.example",
            "Access-Control-Allow-Credentials": "true",
        },
        -50,
    ),
]


@pytest.mark.parametrize(("rule", "headers", "mark"), RULES)
def test_rules_give_and_take(rule: str, headers: dict[str, str], mark: int) -> None:
    assert marks(headers, {})[rule] == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("", 0),
        ("sessionid=1; Secure; HttpOnly; SameSite=Lax", 5),
        ("sessionid=1; Secure; HttpOnly", 0),
        ("sessionid=1; Secure; SameSite=Lax", -30),
        ("sessionid=1; HttpOnly; SameSite=Lax", -10),
        ("csrftoken=1; Secure", -20),
        ("language=ru; SameSite=Lax", -5),
    ],
)
def test_rules_for_cookies(text: str, mark: int) -> None:
    assert marks({}, cookie(text))["cookies"] == mark


@pytest.mark.parametrize(
    ("given", "total"),
    [({"a": 5, "b": 10}, 115), ({"a": -10, "b": 30}, 120), ({"a": -15, "b": 30}, 85)],
)
def test_extra_marks_count_from_ninety_on(given: dict[str, int], total: int) -> None:
    assert score(given) == total
