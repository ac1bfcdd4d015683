"""The addresses of the API, below `/api/v1/`. They are public: they are added to, never changed."""

from __future__ import annotations

from django.urls import path, re_path

from commitments.api import commitments, docs, front, named, windows

app_name = "api"

urlpatterns = [
    path("", front.Front.as_view(), name="front"),
    path("commitments/", commitments.CommitmentList.as_view(), name="commitments"),
    path(
        "commitments/<slug:public_id>/",
        commitments.CommitmentDetail.as_view(),
        name="commitment",
    ),
    path("parties/", named.PartyList.as_view(), name="parties"),
    path("parties/<slug:key>/", named.PartyDetail.as_view(), name="party"),
    path("topics/", named.TopicList.as_view(), name="topics"),
    path("topics/<slug:key>/", named.TopicDetail.as_view(), name="topic"),
    path("sources/", named.SourceList.as_view(), name="sources"),
    path("sources/<slug:public_id>/", named.SourceDetail.as_view(), name="source"),
    path("windows/", windows.PhraseReading.as_view(), name="windows"),
    path("problems/", front.ProblemList.as_view(), name="problems"),
    path("problems/<slug:name>/", front.ProblemDetail.as_view(), name="problem"),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Docs.as_view(), name="docs"),
    # Not a dot: it stops at a line break, and `%0A` may stand in an address.
    re_path(r"^(?P<path>[\s\S]*)\Z", front.UnknownAddress.as_view(), name=front.UNKNOWN),
]
