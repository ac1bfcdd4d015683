"""Import and export in a real browser: the file is checked, shown in colours, and imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commitments.models import Commitment
from tests.builders import make_commitment, make_editor
from tests.commitments.exchange.files import a_row, csv_file

pytestmark = pytest.mark.django_db(transaction=True)


def desk_page(browser: Browser, address: str, *, script: bool) -> Page:
    """A window at the desk, logged in as an editor."""
    cache.clear()
    make_editor("ainur")
    context: Any = browser.new_context(base_url=address, java_script_enabled=script)
    context.set_default_timeout(15_000)
    page: Page = context.new_page()
    page.goto("/admin/login/?next=/admin/commitments/commitment/")
    page.get_by_label("Username").fill("ainur")
    page.get_by_label("Password").fill("pw")
    page.get_by_role("button", name="Log in").click()
    return page


def load(page: Page, data: bytes) -> None:
    """Choose a file and have it checked."""
    page.goto("/admin/commitments/commitment/import/")
    file: Any = {"name": "plans.csv", "mimeType": "text/csv", "buffer": data}
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.parametrize("script", [True, False])
def test_editor_imports_a_file_with_and_without_script(
    browser: Browser, live_server: LiveServer, *, script: bool
) -> None:
    there = make_commitment(title="Old title")
    page = desk_page(browser, live_server.url, script=script)
    load(page, csv_file({"id": there.public_id, "title": "New title"}, a_row(window="soon")))
    expect(page.locator("tr.exchange-wrong")).to_contain_text("window")
    expect(page.get_by_role("button", name="Import all of it")).to_have_count(0)
    page.get_by_role("link", name="Another file").click()
    rows = csv_file(
        {"id": there.public_id, "title": "New title", "kind": "milestone"},
        *[a_row(title=f"Plan {number}", window="2027") for number in range(600)],
    )
    file: Any = {"name": "plans.csv", "mimeType": "text/csv", "buffer": rows}
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("tr.exchange-changed del")).to_have_text("Old title")
    expect(page.locator("tr.exchange-new")).to_have_count(600)
    expect(page.get_by_role("status")).to_contain_text("New: 600. Changed: 1.")
    assert not Commitment.objects.filter(title="Plan 1").exists()


def test_small_file_is_imported_and_exported_again(
    browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    page = desk_page(browser, live_server.url, script=True)
    load(page, csv_file(a_row(title="=A bridge"), a_row(title="A road")))
    page.screenshot(path=tmp_path / "checked.png", full_page=True)
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_role("status")).to_have_text("Imported: all 2 rows.")
    page.get_by_role("link", name="To the list").click()
    page.goto("/admin/commitments/commitment/?q=bridge")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export JSON").click()
    found = json.loads(Path(downloading.value.path()).read_bytes())
    assert [row["title"] for row in found["commitments"]] == ["=A bridge"]
