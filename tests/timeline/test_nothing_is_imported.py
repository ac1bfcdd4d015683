"""No calendar is taken in: whatever reads a body answers at once, and refuses one that is none.

A body of many folded lines has kept readers busy elsewhere that put lines together one by one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import Commitment
from tests.builders import make_editor
from tests.timeline.caldav.asking import ALL, SPACES, ask
from tests.timeline.ical.strict_checker import problems

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MANY = 200_000
FOLDED = "BEGIN:VCALENDAR\r\nSUMMARY:" + "\r\n " * MANY + "\r\nEND:VCALENDAR\r\n"
EMPTY = "BEGIN:VCALENDAR" + "\n" * MANY + "END:VCALENDAR"
IN_A_REPORT = (
    f"<C:calendar-query {SPACES}><D:prop><D:getetag/></D:prop>"
    '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter>'
    "<C:timezone>{body}</C:timezone></C:calendar-query>"
)


def upload(body: str) -> Any:
    """The import of the desk, which takes files."""
    client = Client()
    client.force_login(make_editor())
    file = SimpleUploadedFile("a.ics", body.encode(), content_type="text/calendar")
    return client.post("/admin/commitments/commitment/import/", {"file": file})


def post(path: str) -> Callable[[str], Any]:
    return lambda body: Client().post(path, body, content_type="text/calendar")


PLACES: dict[str, tuple[Callable[[str], Any], int]] = {
    "PUT of an item": (lambda body: ask("PUT", f"{ALL}aaaaaaaa.ics", body), 405),
    "PUT of a calendar": (lambda body: ask("PUT", ALL, body), 405),
    "REPORT": (lambda body: ask("REPORT", ALL, body), 400),
    "PROPFIND": (lambda body: ask("PROPFIND", ALL, body, Depth="0"), 400),
    "time zone of a REPORT": (
        lambda body: ask("REPORT", ALL, IN_A_REPORT.format(body=body), Depth="1"),
        207,
    ),
    "feed": (post("/feeds/commitments.ics"), 405),
    "API": (post("/api/v1/commitments/"), 401),
    "import of the desk": (upload, 200),
}


@pytest.mark.parametrize("body", [FOLDED, EMPTY], ids=["folded", "empty lines"])
@pytest.mark.parametrize(("send", "status"), PLACES.values(), ids=list(PLACES))
def test_cal33_many_lines_of_a_calendar_are_answered_at_once(
    send: Callable[[str], Any], status: int, body: str
) -> None:
    send("BEGIN:VCALENDAR")  # what is made once, as a translation, is not what is measured
    start = time.process_time()
    response = send(body)
    assert time.process_time() - start < 1
    assert response.status_code == status, response.content[:500]
    assert Commitment.objects.count() == 0


def test_cal33_import_says_that_a_calendar_is_no_table() -> None:
    text = upload(FOLDED).content.decode()
    assert "CSV, XLSX" in text
    assert 'name="token"' not in text


def test_cal33_our_own_checker_reads_folded_lines_in_one_go() -> None:
    start = time.process_time()
    problems(FOLDED.encode())
    problems(EMPTY.encode())
    assert time.process_time() - start < 1
