"""Screenshots of a running site to look at: phone and desktop, light and dark, three languages.

    python -m benchmarks.screenshots http://localhost:8000 38

puts them into `var/screenshots`, their names begin with the second word: the front page in each of
these ways, and each other kind of page once. The clock is the site's.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import Final, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from playwright.sync_api import Browser, Page

from tests.services.browser import running_browser

FOLDER: Final = Path(__file__).resolve().parent.parent / "var" / "screenshots"
WIDTHS: Final = {"phone": 390, "small": 320, "desktop": 1440}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
LANGUAGES: Final = {"en": "/", "ru": "/ru/", "kk": "/kk/"}
OTHERS: Final = {
    "commitment": "h3 a",
    "topic": ".card .topic",
    "party": ".facts a[href*='/parties/']",
    "source": ".citation cite a",
}
"""Pages of other kinds, each by a link that leads to one: the first on the page before."""


def take(browser: Browser, site: str, name: str) -> None:
    """All of them, each front page from its top to the end of its picture."""
    for (device, width), scheme, (language, path) in product(
        WIDTHS.items(), SCHEMES, LANGUAGES.items()
    ):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(site.rstrip("/") + path)
        box = page.locator("figure.timeline").bounding_box()
        height = box["y"] + box["height"] + 24 if box else 900
        page.screenshot(
            path=FOLDER / f"{name}-{device}-{scheme}-{language}.png",
            clip={"x": 0, "y": 0, "width": width, "height": height},
            full_page=True,
        )
        page.close()


def take_others(browser: Browser, site: str, name: str) -> None:
    """The other kinds of pages, on a phone and on a desk."""
    for device, width in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(site)
        for kind, link in OTHERS.items():
            if not page.locator(link).count():
                continue
            _follow(page, link)
            page.screenshot(path=FOLDER / f"{name}-{kind}-{device}.png", full_page=True)
            if kind != "commitment":
                page.go_back()
        page.close()


def _follow(page: Page, link: str) -> None:
    address = page.locator(link).first.get_attribute("href")
    page.goto(str(page.evaluate("address => new URL(address, location.href).href", address)))


def main() -> None:
    site, name = sys.argv[1:3]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser:
        take(browser, site, name)
        take_others(browser, site, name)


if __name__ == "__main__":
    main()
