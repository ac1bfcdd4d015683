"""A window at the desk in a real browser, and what axe-core finds in it."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from commitments.models import User

# What the law of the European Union asks for (EN 301 549), and what axe-core calls good practice.
_ALL_RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch the style sheets again for rules on film
}
# The two themes differ in their colours, and in nothing else.
_COLOUR_RULES: Final = {**_ALL_RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}

# Ctrl+E is how a person changes the theme; colours are measured as they are after their fading.
_IN_THEME = """async ({ dark, rules }) => {
  const root = document.documentElement;
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let tries = 0; window.Alpine && tries < 3; tries++) {
    if (root.classList.contains("dark") === dark) break;
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "e", ctrlKey: true }));
    await frame();
  }
  const lasting = document.getAnimations().filter(
    (one) => Number.isFinite(one.effect.getComputedTiming().endTime),
  );
  lasting.forEach((one) => one.finish());
  if (window.Alpine && root.classList.contains("dark") !== dark) return ["the theme stayed"];
  const { violations } = await axe.run(document, rules);
  return violations.flatMap((one) => one.nodes.map(
    (node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 240)}`,
  ));
}"""


class Desk:
    """A browser window at the desk, and the complaints of its console."""

    def __init__(self, browser: Browser, address: str, *, script: bool = True) -> None:
        self.address = address
        self.context: Any = browser.new_context(
            base_url=address,
            locale="en-GB",
            viewport={"width": 1280, "height": 900},
            java_script_enabled=script,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.is_dark = False
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def log_in(self, name: str) -> None:
        """Through the form, and on to the front page."""
        self.page.goto("/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill("pw")
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Desk")).to_be_visible()

    def come_in(self, user: User) -> None:
        """Be logged in already: the form has a test of its own."""
        client = Client()
        client.force_login(user)
        self._set_cookie(
            settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value
        )

    def speak(self, language: str) -> None:
        """Choose the language of the desk, as its menu does."""
        self._set_cookie(settings.LANGUAGE_COOKIE_NAME, language)

    def _set_cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def choose(self, select: Locator, text: str) -> None:
        """Find a record while typing, in the choice that stands for `select`."""
        select.locator("xpath=following-sibling::*[contains(@class, 'select2')]").click()
        self.page.locator(".select2-search__field").last.fill(text)
        option = self.page.locator(".select2-results__option", has_text=text)
        option.first.click()

    def mark(self, words: str) -> None:
        """Mark words of a statement as a mouse does."""
        self.page.locator("#statement-text").evaluate(_MARK, words)

    def violations(self) -> list[str]:
        """What axe-core finds in both themes, one after the other; the next page has the last."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self._look(_ALL_RULES)
        self.is_dark = not self.is_dark
        self.page.emulate_media(color_scheme="dark" if self.is_dark else "light")
        return found + self._look(_COLOUR_RULES)

    def _look(self, rules: dict[str, Any]) -> list[str]:
        theme = "dark" if self.is_dark else "light"
        found = self.page.evaluate(_IN_THEME, {"dark": self.is_dark, "rules": rules})
        return [f"{theme} {one}" for one in found]


_MARK: Final = """(text, words) => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    break;
  }
  text.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""
