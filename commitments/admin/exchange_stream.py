"""A page of rows that is sent while it is made, so that one sees how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language, override

from commitments.exchange.entries import Entry, Outcome

FOLDER: Final = "commitments/admin/exchange"
ROWS_A_STEP: Final = 250
MOST_SHOWN: Final = 2_000
"""Rows that a page shows; beyond them the wrong ones only, as many again."""
_ROWS: Final = "<!-- rows -->"
_END: Final = "<!-- end -->"


class End(str):
    """What stands below the rows."""

    __slots__ = ()


class Shown:
    """The rows of a page as they come: counted all, shown as far as a page can bear."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.counts = dict.fromkeys((outcome.value for outcome in Outcome), 0)
        self.hidden = 0
        self._template = get_template(f"{FOLDER}/row.html")

    def add(self, entry: Entry) -> Iterator[str]:
        """The HTML of a row, and now and then how far it has come."""
        self.counts[entry.outcome.value] += 1
        done = sum(self.counts.values())
        is_wrong = entry.outcome is Outcome.WRONG
        if done <= MOST_SHOWN or (is_wrong and self.counts[Outcome.WRONG.value] <= MOST_SHOWN):
            yield self._template.render({"entry": entry, "outcome": entry.outcome})
        else:
            self.hidden += 1
        if done % ROWS_A_STEP == 0:
            yield progress(done, self.total)


def progress(done: int, total: int) -> str:
    """How far it has come, as HTML."""
    return render_to_string(f"{FOLDER}/progress.html", {"done": done, "total": total})


def streamed(
    request: HttpRequest, template: str, context: dict[str, Any], body: Iterator[str]
) -> StreamingHttpResponse:
    """The page with the rows of `body` and its end at their marks, sent piece by piece."""
    head, _mark, rest = render_to_string(template, context, request).partition(_ROWS)
    middle, _mark, tail = rest.partition(_END)
    language = get_language()

    def pieces() -> Iterator[str]:
        yield head
        with override(language):
            for piece in body:
                yield middle + piece if isinstance(piece, End) else piece
        yield tail

    response = StreamingHttpResponse(pieces())
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Cache-Control"] = "private, no-store"
    return response
