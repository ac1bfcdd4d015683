"""Import and export in a real browser: the file is checked, shown in colours, and imported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commitments.models import Commitment
from tests.builders import make_commitment, make_editor
from tests.commitments.admin.desk import Desk
from tests.commitments.exchange.files import a_row, csv_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


FILE = "CSV, XLSX or JSON file"


@pytest.fixture
def ainur(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[bool], Desk]]:
    """A window of an editor, with or without script."""
    cache.clear()
    windows = []

    def open_window(script: bool) -> Desk:
        windows.append(Desk(browser, live_server.url, script=script))
        windows[-1].come_in(make_editor("ainur"))
        return windows[-1]

    yield open_window
    for window in windows:
        window.context.close()


def load(page: Page, data: bytes, name: str = "plans.csv") -> None:
    """Choose a file and have it checked."""
    page.goto("/admin/commitments/commitment/import/")
    file: Any = {"name": name, "mimeType": "text/plain", "buffer": data}
    page.get_by_label(FILE).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.parametrize("script", [True, False])
def test_editor_imports_a_file_with_and_without_script(
    ainur: Callable[[bool], Desk], script: bool
) -> None:
    there = make_commitment(title="Old title")
    page = ainur(script).page
    load(page, csv_file({"id": there.public_id, "title": "New title"}, a_row(window="soon")))
    expect(page.locator("tr.exchange-wrong")).to_contain_text("window")
    expect(page.get_by_role("button", name="Import all of it")).to_have_count(0)
    page.get_by_role("link", name="Another file").click()
    rows = csv_file(
        {"id": there.public_id, "title": "New title", "kind": "milestone"},
        *[a_row(title=f"Plan {number}", window="2027") for number in range(300)],
    )
    file: Any = {"name": "plans.csv", "mimeType": "text/csv", "buffer": rows}
    page.get_by_label(FILE).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("tr.exchange-changed del")).to_have_text("Old title")
    expect(page.locator("tr.exchange-new")).to_have_count(300)
    expect(page.get_by_role("status")).to_contain_text("New: 300. Changed: 1.")
    assert not Commitment.objects.filter(title="Plan 1").exists()


def test_small_file_is_imported_and_exported_again(
    ainur: Callable[[bool], Desk],
) -> None:
    desk = ainur(True)
    page = desk.page
    load(page, csv_file(a_row(title="=A bridge"), a_row(title="A road", window="soon")))
    expect(page.locator("tr.exchange-wrong")).to_have_count(1)
    assert desk.violations() == []
    load(page, csv_file(a_row(title="=A bridge"), a_row(title="A road")))
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_role("status")).to_have_text("Imported: all 2 rows.")
    assert desk.violations() == []
    page.get_by_role("link", name="To the list").click()
    page.goto("/admin/commitments/commitment/?q=bridge")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export JSON").click()
    found = json.loads(Path(downloading.value.path()).read_bytes())
    assert [row["title"] for row in found["commitments"]] == ["=A bridge"]
