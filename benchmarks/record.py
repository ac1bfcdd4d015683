"""Lists of 100,000 commitments: what a filter by window costs, first page and deep page, and as-of.

On SQLite and on PostgreSQL; with DATABASE_URL on that database alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, compare, finish, set_up_django

set_up_django()

from datetime import UTC, datetime

from django.db import connection
from django.http import QueryDict

from benchmarks.made_up import make_commitments, make_versions
from commitments.api.keyset import Cursor, cut_page
from commitments.as_of import read_as_of, select_versions
from commitments.filters import order_of, select_commitments
from commitments.models import Commitment
from tests.services.postgresql import start_postgresql

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOW_MANY = int(os.environ.get("HOW_MANY", "100000"))
PAGE = 50
DEEP = 40
RANGE = "from=2024-03-01&to=2026-02-28"


class Pages:
    """Reads pages of one list, each as the API does."""

    def __init__(self, query: str) -> None:
        self.as_of, self.params = read_as_of(QueryDict(query), now=NOW)
        self.order = order_of(self.params)

    def read(self, cursor: Cursor | None = None) -> Cursor | None:
        """Read the page beyond `cursor`; returns the place of the next one."""
        chosen = (
            select_versions(self.as_of, self.params)
            if self.as_of
            else select_commitments(self.params, queryset=Commitment.objects.published(), now=NOW)
        )
        page = cut_page(chosen, self.order, cursor=cursor, size=PAGE)
        if len(page.rows) != PAGE:
            raise AssertionError(f"a page of {len(page.rows)} rows")
        return page.next

    def deep(self) -> Cursor | None:
        """The place after `DEEP` pages."""
        cursor = None
        for _page in range(DEEP):
            cursor = self.read(cursor)
        return cursor


def measure() -> bool:
    """Print the figures for the database that is set."""
    with a_database():
        make_commitments(HOW_MANY)
        make_versions(changes=10)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        on = connection.vendor
        plain, overlap = Pages("ordering=latest"), Pages(f"{RANGE}&ordering=latest")
        earlier = Pages("as_of=2025-06-01&ordering=latest")
        place = overlap.deep()
        results = [
            compare(f"{on}: page of 50 in a range", overlap.read, plain.read, target=0.5),
            compare(
                f"{on}: page {DEEP} in a range",
                lambda: overlap.read(place),
                overlap.read,
                target=0.8,
            ),
            compare(f"{on}: page of 50 as of a day", earlier.read, plain.read, target=0.2),
        ]
    return all(results)


def measure_on_postgresql() -> bool:
    """The same in a process of its own, on a PostgreSQL that is started for it."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        url = start_postgresql(Path(folder) / "postgresql")
        done = subprocess.run(
            [sys.executable, __file__], env={**os.environ, "DATABASE_URL": url}, check=False
        )
    return done.returncode == 0


def main() -> None:
    """Measure on SQLite and on PostgreSQL, or on the database that DATABASE_URL names."""
    all_ok = measure()
    if "DATABASE_URL" not in os.environ:
        all_ok = measure_on_postgresql() and all_ok
    finish(all_ok=all_ok)


if __name__ == "__main__":
    main()
