"""Reading a page as a person does: its sections, its words, its links."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any


def text_of(html: str) -> str:
    """The words of a page or of a part of it, without tags, blanks squeezed."""
    parser = _Words()
    parser.feed(html)
    return re.sub(r"\s+", " ", "".join(parser.words)).strip()


def text_within(html: str, selector: str) -> str:
    """The words of the first element whose opening tag holds `selector` (`id="overdue"`)."""
    at = html.index(selector)
    opening = html.rindex("<", 0, at)
    name = re.match(r"<(\w+)", html[opening:])
    assert name is not None
    end = html.index(f"</{name[1]}>", at)
    return text_of(html[opening:end])


def links_of(html: str) -> list[str]:
    """Every address that an `<a>` leads to."""
    parser = _Words()
    parser.feed(html)
    return parser.links


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words.append("" if tag in {"b", "strong", "span", "q", "tspan"} else " ")
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def error(self, message: str) -> Any:
        raise AssertionError(message)
