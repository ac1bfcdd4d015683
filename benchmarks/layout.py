"""The picture in time of 10,000 commitments: laying it out against the query that fetches them.

The layout may take at most five times as long as the query, so the ratio of calls per second has
to be at least 0.2. Both begin and end in Python: the query with the rows of all columns that are
drawn, the layout from those rows to the finished sheet. Each way to group, and once with windows
that were never parsed before. HOW_MANY=1000 to try it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, compare, finish, set_up_django

set_up_django()

from django.http import QueryDict
from django.utils import timezone

from benchmarks.made_up import make_commitments
from commitments import window
from timeline import picture_reader
from timeline.layout.placing import MOST_GROUPS, Sheet, lay_out
from timeline.list_reader import select_list
from timeline.picture_reader import LOOKS, Grouping, read_picture, rows_to_draw, spans_of

HOW_MANY = int(os.environ.get("HOW_MANY", "10000"))
TARGET = 0.2
"""At most five times the time."""


def fetch() -> list[tuple[Any, ...]]:
    """What the page reads for its picture, of everything that is published."""
    selected = select_list(QueryDict(), now=timezone.now())
    return list(rows_to_draw(selected.dated(), None, now=selected.now))


def layout_of(grouping: Grouping | None) -> Callable[[], Sheet | None]:
    """The way from rows to a sheet."""
    rows, now = fetch(), timezone.now()
    words = {one.value: str(one.label) for one in LOOKS}
    selected = select_list(QueryDict(), now=now)
    drawn = read_picture(selected, grouping=grouping, most=MOST_GROUPS, language="en")
    members = {row[0]: span.groups for row, span in zip(rows, drawn.spans, strict=True)}

    def lay_them_out() -> Sheet | None:
        spans = spans_of(rows, words, members, grouping, "en")
        return lay_out(spans, today=now.date(), language="en", names=drawn.names)

    return lay_them_out


def forgetting(call: Callable[[], Sheet | None]) -> Callable[[], Sheet | None]:
    """`call` as if no window had been met before."""

    def forget_and_call() -> Sheet | None:
        picture_reader.read_window.cache_clear()
        window._parse.cache_clear()  # noqa: SLF001
        return call()

    return forget_and_call


def main() -> None:
    with a_database():
        make_commitments(HOW_MANY)
        found = [
            compare(
                f"layout of {HOW_MANY} by {grouping or 'nothing'} / its query",
                layout_of(grouping),
                fetch,
                target=TARGET,
            )
            for grouping in (None, *Grouping)
        ]
        cold = forgetting(layout_of(None))
        found.append(
            compare(f"layout of {HOW_MANY}, windows not met before", cold, fetch, target=TARGET)
        )
    finish(all_ok=all(found))


if __name__ == "__main__":
    main()
