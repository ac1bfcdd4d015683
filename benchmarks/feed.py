"""The calendar feed of 1,000 events against a view that does nothing.

Served whole from the cache, as 304, and made anew after each change of the record.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, compare, finish, set_up_django

set_up_django()

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, override_settings
from django.urls import path

from benchmarks.made_up import make_commitments
from config.urls import urlpatterns as site_patterns

FEED = "/feeds/commitments.ics"


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path("nothing/", nothing), *site_patterns]


def main() -> None:
    """Print the three figures."""
    with a_database(), override_settings(ROOT_URLCONF=__name__):
        make_commitments(1_000)
        client = Client()
        etag = client.get(FEED)["ETag"]

        def baseline() -> HttpResponseBase:
            return client.get("/nothing/")

        def not_modified() -> None:
            if client.get(FEED, headers={"if-none-match": etag}).status_code != 304:
                raise AssertionError("the feed changed")

        def made_anew() -> None:
            cache.clear()
            client.get(FEED)

        results = [
            compare("feed of 1,000, kept", lambda: client.get(FEED), baseline, target=0.3),
            compare("feed of 1,000, 304", not_modified, baseline, target=0.3),
            compare("feed of 1,000, made anew", made_anew, baseline, target=0.001, seconds=2),
        ]
    finish(all_ok=all(results))


if __name__ == "__main__":
    main()
