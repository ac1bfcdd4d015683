"""What hostile visitors send: ways elsewhere, foreign hosts and forms, broken paths and headers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commitments.models import User
from tests.builders import make_admin, make_commitment, make_user
from tests.config.production import BY_TLS, HOST, browse_in_production

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:///evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    f"http://{HOST}@evil.example/",
    f"https://{HOST}.evil.example/",
    " //evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "%2f%2fevil.example/",
]


@pytest.fixture(autouse=True)
def _production(settings: Any, tmp_path: Path) -> None:
    browse_in_production(settings, tmp_path)


def stays_here(location: str) -> bool:
    """As a browser reads it (WHATWG URL): it drops tabs and line breaks, `\\` counts as `/`."""
    read = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", read, re.IGNORECASE)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_choosing_a_language_leads_nowhere_else(target: str, method: str) -> None:
    client = Client(headers=BY_TLS)
    answer = getattr(client, method)(
        f"/i18n/setlang/?next={target}" if method == "get" else "/i18n/setlang/",
        {"language": "ru", "next": target},
        headers={"Referer": target.strip()},
    )
    assert answer.status_code == 302
    assert stays_here(answer["Location"]), answer["Location"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_leads_nowhere_else(target: str) -> None:
    make_user("asel", is_staff=True)
    form = {"username": "asel", "password": "pw", "next": target}
    answer = Client(headers=BY_TLS).post("/admin/login/", form)
    assert answer.status_code == 302
    assert stays_here(answer["Location"]), answer["Location"]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example", "/\\evil.example", "/%2fevil.example"]
)
def test_a_missing_slash_leads_nowhere_else(path: str) -> None:
    answer = Client(headers=BY_TLS).get("/", PATH_INFO=path)
    assert answer.status_code in {301, 404}
    assert stays_here(answer.headers.get("Location", "/"))


@pytest.mark.parametrize(
    "host", ["evil.example", f"{HOST}.evil.example", f"{HOST}@evil.example", "", "a b", f"{HOST}:x"]
)
@pytest.mark.parametrize(
    "path", ["/", "/admin/login/", "/api/v1/commitments/", "/feeds/commitments.ics"]
)
def test_a_foreign_host_is_refused_and_never_repeated(host: str, path: str) -> None:
    answer = Client(headers=BY_TLS | {"Host": host}).get(path)
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


def test_a_forwarded_host_is_not_believed() -> None:
    client = Client(
        headers=BY_TLS | {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    for path in ("/", "/feeds/commitments.ics", "/api/v1/", "/subscribe/"):
        assert b"evil.example" not in client.get(path).content


FORMS = ["/admin/login/", "/i18n/setlang/", "/subscribe/mail/", "/calendars/", "/admin/logout/"]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", f"http://{HOST}"])
@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_site_is_refused(path: str, origin: str | None) -> None:
    client = Client(enforce_csrf_checks=True, headers=BY_TLS)
    client.force_login(make_admin())
    headers = {"Origin": origin} if origin else {}
    answer = client.post(path, {"language": "ru", "csrfmiddlewaretoken": "a" * 64}, headers=headers)
    assert answer.status_code == 403, (path, origin)


def test_an_own_form_with_its_token_is_taken() -> None:
    client = Client(enforce_csrf_checks=True, headers=BY_TLS)
    page = client.get("/admin/login/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    make_user("asel", is_staff=True)
    form = {"username": "asel", "password": "pw", "csrfmiddlewaretoken": token[1]}
    answer = client.post("/admin/login/", form, headers={"Origin": f"https://{HOST}"})
    assert answer.status_code == 302


@pytest.mark.parametrize("path", ["/", "/admin/", "/admin/login/", "/api/v1/docs/", "/calendars/"])
def test_no_page_with_a_button_stands_in_a_foreign_frame(path: str) -> None:
    client = Client(headers=BY_TLS)
    client.force_login(make_admin())
    answer = client.get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


BROKEN = [
    "/../../etc/passwd",
    "/static/../../config/settings.py",
    "/static/%2e%2e/%2e%2e/config/settings.py",
    "/static/..%2f..%2fconfig/settings.py",
    "/static/....//config/settings.py",
    "/c/..%2f..%2fetc%2fpasswd/",
    "/c/%00/",
    "/c/%0d%0aSet-Cookie:%20x=1/",
    "/c/<script>alert(1)<%2fscript>/",
    "/c/' OR 1=1 --/",
    "/sources/%ff%fe/",
    "/parties/" + "a" * 5000 + "/",
    "/feeds/%00/%00.ics",
    "/dav/calendars/%00/%00/calendar/",
    "/subscriptions/manage/%00/",
    "/admin/commitments/commitment/%00/change/",
    "/admin/commitments/commitment/9999999999999999999999/change/",
    "/api/v1/commitments/%00/",
    "/api/v1/webhooks/x/deliveries/99999999999999999999999/replay/",
    "/.git/config",
    "/.env",
]


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_path_finds_nothing_and_breaks_nothing(path: str) -> None:
    client = Client(headers=BY_TLS)
    client.force_login(make_admin())
    answer = client.generic("GET", path)
    assert answer.status_code in {301, 302, 400, 401, 404, 405}
    assert "x=1" not in str(answer.cookies)
    assert b"<script>alert" not in answer.content
    assert b"root:" not in answer.content
    assert b"SECRET_KEY =" not in answer.content


@pytest.mark.parametrize(
    "value", ["a\r\nSet-Cookie: x=1", "a\nX-Evil: 1", "a\0b", "я" * 50, "%0d%0aX-Evil:1"]
)
@pytest.mark.parametrize(
    "path",
    ["/", "/feeds/commitments.ics", "/feeds/changes.atom", "/api/v1/commitments/", "/subscribe/"],
)
def test_what_is_asked_for_adds_no_header(path: str, value: str) -> None:
    make_commitment()
    for name in ("q", "topic", "language", "name", "next"):
        answer = Client(headers=BY_TLS).get(path, {name: value})
        assert answer.status_code in {200, 400, 404}, (name, answer.status_code)
        assert "X-Evil" not in answer.headers
        assert not any("\n" in text or "\r" in text for text in answer.headers.values())


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "x" * 10_000},
        {"Accept-Language": "../../../etc/passwd"},
        {"Accept": "\x00"},
        {"If-None-Match": '"' * 5000},
        {"If-Modified-Since": "nonsense"},
        {"Range": "bytes=0-"},
        {"Cookie": "__Host-sessionid=%00; __Host-django_language=../x; __Host-device=x:y:z"},
        {"Authorization": "Basic " + "A" * 5000},
        {"Authorization": "Bearer \x00"},
        {"X-Forwarded-For": "'; DROP TABLE x; --"},
        {"User-Agent": "<script>\x00" + "a" * 5000},
        {"X-Http-Method-Override": "DELETE"},
    ],
    ids=lambda headers: next(iter(headers)),
)
@pytest.mark.parametrize(
    "path",
    ["/", "/admin/login/", "/api/v1/commitments/", "/feeds/commitments.ics", "/dav/calendars/"],
)
def test_a_broken_header_breaks_nothing(path: str, headers: dict[str, str]) -> None:
    answer = Client(headers=BY_TLS | headers).get(path)
    assert answer.status_code in {200, 400, 401, 406}
    assert User.objects.count() == 0
