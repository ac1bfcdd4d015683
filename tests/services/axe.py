"""What a real browser finds wrong on many pages, each opened once.

Axe-core comes with the document, and begins as soon as the page has loaded: while the answer of one
page is waited for, the next ones load. Every page is seen in both colour schemes (the second time
by the rules of colour only), and measured at widths of phones and tablets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS: Final = (320, 768)
AT_ONCE: Final = 3

_ALL: Final = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
_COLOURS: Final = {**_ALL, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
_WHEN_LOADED: Final = """
window.lookFor = async (rules) => {
  const { violations } = await axe.run(document, rules);
  return violations.flatMap((one) => one.nodes.map(
    (node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 240)}`,
  ));
};
window.looked = new Promise((done) => addEventListener("load", () => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  done(lookFor(allRules));
}));
"""


def wrong_on(browser: Browser, addresses: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong on the pages at `addresses`, by address; what is right is left out.

    That is what axe-core finds in light and in dark, what runs out of a narrow window, and what the
    console says. All `details` are open.
    """
    context = browser.new_context()
    context.set_default_timeout(30_000)
    rules = f"const allRules = {json.dumps(_ALL)};"
    context.add_init_script(AXE_SCRIPT + rules + _WHEN_LOADED)
    windows = [_Window(context.new_page()) for _number in range(min(AT_ONCE, len(addresses)))]
    found: dict[str, list[str]] = {}
    for begin in range(0, len(addresses), AT_ONCE):
        batch = list(zip(windows, addresses[begin : begin + AT_ONCE], strict=False))
        for window, address in batch:
            window.open(address)
        for window, address in batch:
            if problems := list(window.problems()):
                found[address] = problems
    context.close()
    return found


class _Window:
    """A page that is opened again and again, each time in the scheme that it was left in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_dark = False
        self.heard: list[str] = []
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("requestfailed", lambda request: self.heard.append(f"failed: {request.url}"))

    def open(self, address: str) -> None:
        self.heard.clear()
        self.page.goto(address, wait_until="commit")

    def problems(self) -> Iterator[str]:
        yield from self._in_scheme(self.page.evaluate("window.looked"))
        self.is_dark = not self.is_dark
        self.page.emulate_media(color_scheme="dark" if self.is_dark else "light")
        yield from self._in_scheme(self.page.evaluate("rules => lookFor(rules)", _COLOURS))
        size: Any = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide != width:
                yield f"{wide} pixels wide in a window of {width}"
        self.page.set_viewport_size(size)
        # A refused page is told by the console as well, and is no fault.
        yield from (text for text in self.heard if "status of 40" not in text)

    def _in_scheme(self, found: list[str]) -> Iterator[str]:
        scheme = "dark" if self.is_dark else "light"
        return (f"{scheme} {one}" for one in found)
