"""Addresses of the feeds; the same in every language, and for ever."""

from django.urls import URLPattern, path

from timeline.views import change_feeds, feeds

app_name = "feeds"

urlpatterns: list[URLPattern] = [
    path("commitments.ics", feeds.calendar_feed, name="commitments"),
    path("changes.atom", change_feeds.atom_feed, name="changes-atom"),
    path("changes.json", change_feeds.json_feed, name="changes-json"),
    path("<str:public_id>/<str:secret>.ics", feeds.personal_feed, name="personal"),
]
