"""A client of WebDAV for the tests, and what is in its answers."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse, QueryDict
from django.test import Client

from timeline.feeds.path_queries import path_part_of

D, C, CS = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:CS="http://calendarserver.org/ns/"'
)
ALL = "/dav/all/"


@dataclass
class Told:
    """What a multistatus tells of one resource: the properties it has, and those it has not."""

    status: str
    found: dict[str, ElementTree.Element]
    missing: list[str]

    def text(self, name: str) -> str:
        return self.found[name].text or ""


def list_path(text: str) -> str:
    """The address of the list of a query string, as a calendar."""
    return f"/dav/lists/{path_part_of(QueryDict(text))}/calendar/"


def ask(method: str, path: str, body: str = "", **headers: str) -> HttpResponse:
    """One request; `headers` by name, as `Depth="1"`. CSRF is checked as for a stranger."""
    client: Any = Client(enforce_csrf_checks=True, headers=headers)
    response: HttpResponse = client.generic(method, path, body, content_type="application/xml")
    assert response.cookies == {}
    return response


def multistatus(response: HttpResponse) -> dict[str, Told]:
    """The answer by href."""
    assert response.status_code == 207, (response.status_code, response.content)
    told = {}
    for one in ElementTree.fromstring(response.content).findall(f"{D}response"):
        found: dict[str, ElementTree.Element] = {}
        missing: list[str] = []
        for propstat in one.findall(f"{D}propstat"):
            properties = list(propstat.find(f"{D}prop") or [])
            if propstat.findtext(f"{D}status") == "HTTP/1.1 200 OK":
                found |= {prop.tag: prop for prop in properties}
            else:
                missing += [prop.tag for prop in properties]
        told[one.findtext(f"{D}href") or ""] = Told(
            one.findtext(f"{D}status") or "", found, missing
        )
    return told


def propfind(path: str, *names: str, depth: str = "0", **headers: str) -> dict[str, Told]:
    """The properties `names`, as "D:getetag", of what is at `path`."""
    asked = "".join(f"<{name}/>" for name in names)
    body = f"<D:propfind {SPACES}><D:prop>{asked}</D:prop></D:propfind>"
    return multistatus(ask("PROPFIND", path, body, Depth=depth, **headers))


def query(inner: str, *, path: str = ALL, wanted: str = "<D:getetag/>") -> HttpResponse:
    """A calendar-query with the filter `inner` in VCALENDAR."""
    return ask(
        "REPORT",
        path,
        f"<C:calendar-query {SPACES}><D:prop>{wanted}</D:prop>"
        f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
        "</C:calendar-query>",
        Depth="1",
    )


def multiget(*hrefs: str, path: str = ALL) -> HttpResponse:
    asked = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    return ask(
        "REPORT",
        path,
        f"<C:calendar-multiget {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>{asked}"
        "</C:calendar-multiget>",
    )


def sync(token: str = "", *, path: str = ALL, extra: str = "") -> HttpResponse:
    return ask(
        "REPORT",
        path,
        f"<D:sync-collection {SPACES}><D:sync-token>{token}</D:sync-token>"
        f"<D:sync-level>1</D:sync-level>{extra}<D:prop><D:getetag/></D:prop></D:sync-collection>",
        Depth="0",
    )


def token_in(response: HttpResponse) -> str:
    return ElementTree.fromstring(response.content).findtext(f"{D}sync-token") or ""


def condition_of(response: HttpResponse) -> tuple[int, str]:
    """The status of a refusal and the name of its precondition, "" for none."""
    if not response["Content-Type"].startswith("application/xml"):
        return response.status_code, ""
    [condition] = ElementTree.fromstring(response.content)
    return response.status_code, condition.tag


def basic(user: str, password: str) -> str:
    """The value of the header Authorization."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
