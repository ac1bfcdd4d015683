"""Screenshots of a running site to look at: phone and desktop, light and dark, three languages.

    python -m benchmarks.screenshots http://localhost:8000 38

puts them into `var/screenshots`, their names begin with the second word. The clock is the site's.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import Final, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from playwright.sync_api import Browser

from tests.services.browser import running_browser

FOLDER: Final = Path(__file__).resolve().parent.parent / "var" / "screenshots"
WIDTHS: Final = {"phone": 390, "desktop": 1440}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
LANGUAGES: Final = {"en": "/", "ru": "/ru/", "kk": "/kk/"}


def take(browser: Browser, site: str, name: str) -> None:
    """All of them, each page from its top to the end of its picture."""
    for (device, width), scheme, (language, path) in product(
        WIDTHS.items(), SCHEMES, LANGUAGES.items()
    ):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=1
        )
        page.goto(site.rstrip("/") + path, wait_until="networkidle")
        box = page.locator("figure.timeline").bounding_box()
        height = box["y"] + box["height"] + 24 if box else 900
        page.screenshot(
            path=FOLDER / f"{name}-{device}-{scheme}-{language}.png",
            clip={"x": 0, "y": 0, "width": width, "height": height},
            full_page=True,
        )
        page.close()


def main() -> None:
    site, name = sys.argv[1:3]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser:
        take(browser, site, name)


if __name__ == "__main__":
    main()
