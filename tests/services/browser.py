"""A real Chromium: Debian's, or the one that Playwright has downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.services.requirements import require

FLAGS = [
    "--headless",
    "--no-sandbox",  # a sandbox cannot be made as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser without a window."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = [path for path in map(shutil.which, NAMES) if path]
        if Path(own).exists():
            found.append(own)
        require(found, "no Chromium: install the Debian package chromium")
        browser = playwright.chromium.launch(executable_path=found[0], args=FLAGS, timeout=30_000)
        try:
            yield browser
        finally:
            browser.close()
