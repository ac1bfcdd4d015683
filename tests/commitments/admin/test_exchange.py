"""Import and export at the desk: who may, what a page shows, and nothing written unasked."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from commitments.models import Commitment, Revision, User
from tests.builders import make_commitment, make_editor, make_user
from tests.commitments.exchange.files import a_row, csv_file

pytestmark = pytest.mark.django_db

IMPORT = "/admin/commitments/commitment/import/"


def text_of(response: Any) -> str:
    """A page that comes in pieces."""
    return str(response.getvalue().decode())


def check(desk: Client, data: bytes, **fields: str) -> str:
    """Load a file; returns the page that tells what it would do."""
    response = desk.post(IMPORT, {"file": SimpleUploadedFile("a.csv", data), **fields})
    assert response.status_code == 200
    return text_of(response) if response.streaming else response.content.decode()


def token_in(page: str) -> str:
    """What the button "Import all of it" sends."""
    (token,) = re.findall(r'name="token" value="([^"]+)"', page)
    return str(token)


def test_editor_sees_what_a_file_would_do_and_then_imports_it(desk: Client, editor: User) -> None:
    before = Revision.objects.count()
    page = check(desk, csv_file(a_row(summary="<b>=1</b>"), a_row(title="Another")))
    assert "New: 2. Changed: 0. The same: 0. Wrong: 0." in page
    assert page.count('class="exchange-new"') == 2
    assert "<ins>&lt;b&gt;=1&lt;/b&gt;</ins>" in page
    assert page.count("</tbody>") == 1
    assert Revision.objects.count() == before
    done = desk.post(
        reverse("admin:commitments_commitment_import_write"), {"token": token_in(page)}
    )
    assert "Imported: all 2 rows." in text_of(done)
    assert [one.title for one in Commitment.objects.order_by("title")] == ["A bridge", "Another"]
    assert {row.actor for row in Revision.objects.all()} == {editor}


def test_wrong_rows_are_told_and_offer_no_button(desk: Client) -> None:
    page = check(desk, csv_file(a_row(), a_row(window="some day")))
    assert "New: 1. Changed: 0. The same: 0. Wrong: 1." in page
    assert "<strong>window</strong>" in page
    assert 'name="token"' not in page


def test_changed_row_shows_before_and_after(desk: Client) -> None:
    there = make_commitment(title="Old")
    page = check(desk, csv_file({"id": there.public_id, "title": "New"}))
    assert "<del>Old</del> <ins>New</ins>" in page
    assert 'class="exchange-changed"' in page


def test_refused_file_is_told_beside_the_form(desk: Client) -> None:
    page = check(desk, b"title\n\xe9\n")
    assert "Line 2 is not UTF-8" in page
    assert 'type="file"' in page


def test_200_megabytes_are_refused_before_the_body_is_read(desk: Client) -> None:
    response = desk.generic(
        "POST",
        IMPORT,
        b"not read",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="200000000",
    )
    assert response.status_code == 413
    assert "at most 50 MB are read" in response.content.decode()


def test_record_that_changed_meanwhile_is_shown_again(desk: Client) -> None:
    there = make_commitment(title="Old")
    page = check(desk, csv_file({"id": there.public_id, "title": "New"}))
    make_commitment()
    write = reverse("admin:commitments_commitment_import_write")
    again = text_of(desk.post(write, {"token": token_in(page)}))
    assert "Somebody changed the record meanwhile" in again
    assert Commitment.objects.get(pk=there.pk).title == "Old"
    assert "Imported" in text_of(desk.post(write, {"token": token_in(again)}))
    assert Commitment.objects.get(pk=there.pk).title == "New"


@pytest.mark.parametrize("change", ["other", "forged", "", "twice"])
def test_token_serves_its_own_person_once(
    desk: Client, approvers_desk: Client, change: str
) -> None:
    token = token_in(check(desk, csv_file(a_row())))
    write = reverse("admin:commitments_commitment_import_write")
    client = approvers_desk if change == "other" else desk
    if change == "twice":
        text_of(desk.post(write, {"token": token}))
    sent = {"forged": token + "x", "": ""}.get(change, token)
    assert client.post(write, {"token": sent}).status_code == 302
    assert Commitment.objects.count() == (1 if change == "twice" else 0)


def test_only_approvers_are_asked_about_publication(desk: Client, approvers_desk: Client) -> None:
    assert 'name="publish"' not in desk.get(IMPORT).content.decode()
    assert 'name="publish"' in approvers_desk.get(IMPORT).content.decode()
    page = check(desk, csv_file(a_row(publication="published")), publish="on")
    assert "It comes in as a draft." in page


def test_viewer_exports_and_does_not_import(client: Client) -> None:
    client.force_login(make_user(permissions=["view_commitment"], is_staff=True))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"file": SimpleUploadedFile("a.csv", b"a")}).status_code == 403
    assert client.get("/admin/commitments/commitment/export/csv/").status_code == 200
    page = client.get("/admin/commitments/commitment/").content.decode()
    assert "Export CSV" in page
    assert IMPORT not in page


def test_strangers_and_staff_without_permission_export_nothing(client: Client) -> None:
    address = "/admin/commitments/commitment/export/csv/"
    assert client.get(address).status_code == 302
    client.force_login(make_user(is_staff=True))
    assert client.get(address).status_code == 403
    assert client.get(f"{address}selected/").status_code == 403


def test_get_never_writes_and_forged_posts_are_refused() -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_editor())
    write = reverse("admin:commitments_commitment_import_write")
    assert careful.get(write).status_code == 405
    assert careful.post(write, {"token": "x"}).status_code == 403
    sent = {"file": SimpleUploadedFile("a.csv", csv_file(a_row()))}
    assert careful.post(IMPORT, sent).status_code == 403


def test_export_is_the_filtered_and_searched_list(desk: Client) -> None:
    make_commitment(title="Bridge one", window="2025")
    make_commitment(title="Bridge two", window="2026", published=False)
    make_commitment(title="Tunnel")
    address = "/admin/commitments/commitment/export/json/?q=bridge&publication__exact=published"
    response = desk.get(address)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="commitments-')
    assert [row["title"] for row in json.loads(response.content)["commitments"]] == ["Bridge one"]


def test_export_takes_the_filter_of_all_outlets(desk: Client) -> None:
    make_commitment(title="One", window="2025")
    make_commitment(title="Two", window="2030", published=False)
    address = "/admin/commitments/commitment/export/json/selected/"
    rows = json.loads(desk.get(f"{address}?from=2026-01-01").content)["commitments"]
    assert [row["title"] for row in rows] == ["Two"]
    assert desk.get(f"{address}?colour=red").status_code == 302
    assert desk.get("/admin/commitments/commitment/export/pdf/").status_code == 404


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula_in_csv_and_xlsx(desk: Client, text: str) -> None:
    make_commitment(summary=text)
    table = desk.get("/admin/commitments/commitment/export/csv/").content.decode()
    assert f"'{text}" in table
    book = desk.get("/admin/commitments/commitment/export/xlsx/").content
    sheet = load_workbook(BytesIO(book))["commitments"]
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].value == text.replace("\r", "_x000D_")


def test_export_asks_as_many_questions_for_three_as_for_one(desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get("/admin/commitments/commitment/export/csv/")
        return len(captured)

    make_commitment()
    one = queries()
    make_commitment()
    make_commitment()
    assert queries() == one
