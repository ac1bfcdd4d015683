"""Addresses of the feeds; the same in every language, and for ever."""

from django.urls import URLPattern, path

from timeline.views import feeds

app_name = "feeds"

urlpatterns: list[URLPattern] = [
    path("commitments.ics", feeds.calendar_feed, name="commitments"),
]
