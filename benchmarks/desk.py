"""The desk on a large record: its front page with every queue, and the similar titles.

The baselines are the limits that are promised: a front page in a second, an answer while one types
in half of one. A third of the commitments have evidence, some only a claim, some stand still.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, finish, report, set_up_django

os.environ.setdefault("DEBUG", "true")  # static files as they are: nothing collects them here
set_up_django()

from django.db import connection
from django.db.models import F
from django.test import Client

from benchmarks.made_up import make_commitments
from commitments.admin.similar_titles import similar_to
from commitments.enums import CitationRole, Evidence, Status
from commitments.models import Citation, Commitment, User

HOW_MANY = int(os.environ.get("HOW_MANY", "100000"))
TURNS = 5
TITLES = (
    "Opening of facility number 777, as agreed",
    "First launch from the Baiterek complex with partners",
    "Строительство моста через Урал и открытие движения",
)


def in_a_second(call: Callable[[], object]) -> float:
    """How many calls a second would hold, by the median of a few."""
    call()
    seconds = []
    for _turn in range(TURNS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return 1 / statistics.median(seconds)


def furnish() -> None:
    """Commitments in every state that a queue looks for."""
    make_commitments(HOW_MANY)
    numbered = Commitment.objects.annotate(
        third=F("pk") % 3, seventh=F("pk") % 7, part=F("pk") % 50
    )
    numbered.filter(third=0).update(evidence=Evidence.DOCUMENTED)
    numbered.filter(seventh=0).update(evidence=Evidence.CLAIMED)
    numbered.filter(part=0).update(status=Status.STALLED)
    Citation.objects.annotate(third=F("pk") % 3).filter(third=0).update(role=CitationRole.REPORTS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself after a while


def main() -> None:
    """Measure both."""
    with a_database():
        furnish()
        client = Client()
        client.force_login(User.objects.create(username="desk", is_staff=True, is_superuser=True))
        pages = in_a_second(lambda: client.get("/admin/"))
        results = [
            report("desk front page", value=pages, unit="pages/s", baseline=1, target=1),
        ]
        for number, title in enumerate(TITLES, start=1):
            answers = in_a_second(lambda one=title: similar_to(one))  # type: ignore[misc]
            name = f"similar titles {number}"
            results.append(report(name, value=answers, unit="answers/s", baseline=2, target=1))
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
