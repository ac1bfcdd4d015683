"""The addresses of the API, below `/api/v1/`. They are public: they are added to, never changed."""

from __future__ import annotations

from django.urls import path, re_path

from commitments.api import docs, front, rows, statistics, windows
from commitments.api.writing.urls import writing_patterns

app_name = "api"

urlpatterns = [
    path("", front.Front.as_view(), name="front"),
    *writing_patterns,
    path("citations/", rows.CitationList.as_view(), name="citations"),
    path("status-changes/", rows.StatusChangeList.as_view(), name="status_changes"),
    path("date-moves/", rows.DateMoveList.as_view(), name="date_moves"),
    path("values/", rows.TargetValueList.as_view(), name="values"),
    path("statistics/", statistics.StatisticsOfPromises.as_view(), name="statistics"),
    path("windows/", windows.PhraseReading.as_view(), name="windows"),
    path("problems/", front.ProblemList.as_view(), name="problems"),
    path("problems/<slug:name>/", front.ProblemDetail.as_view(), name="problem"),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Docs.as_view(), name="docs"),
    # Not a dot: it stops at a line break, and `%0A` may stand in an address.
    re_path(r"^(?P<path>[\s\S]*)\Z", front.UnknownAddress.as_view(), name=front.UNKNOWN),
]
