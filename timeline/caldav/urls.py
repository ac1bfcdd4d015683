"""Addresses of the calendars over CalDAV; the same in every language, and for ever.

The home of a calendar lies above it: clients look for calendars in the home, and for the home at
the address that they were given.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from timeline.caldav import views
from timeline.caldav.finding import (
    calendar_by_password,
    calendar_by_path,
    list_calendar,
    public_calendar,
)

app_name = "dav"

_LIST = "dav/lists/<str:part>/"
_FEED = "dav/calendars/<str:public_id>/"
_BY_PATH = "dav/calendars/<str:public_id>/<str:secret>/"

urlpatterns: list[URLPattern] = [
    path(".well-known/caldav", views.well_known),
    path("dav/", views.home(public_calendar), name="home"),
    path("dav/all/", views.calendar(public_calendar), name="calendar"),
    path("dav/all/<str:name>", views.item(public_calendar), name="item"),
    path(_LIST, views.home(list_calendar), name="list-home"),
    path(f"{_LIST}calendar/", views.calendar(list_calendar), name="list-calendar"),
    path(f"{_LIST}calendar/<str:name>", views.item(list_calendar), name="list-item"),
    path("dav/calendars/", views.home(calendar_by_password), name="feed-home"),
    path(_FEED, views.calendar(calendar_by_password), name="feed-calendar"),
    path(f"{_FEED}<str:name>", views.item(calendar_by_password), name="feed-item"),
    path(_BY_PATH, views.home(calendar_by_path), name="secret-home"),
    path(f"{_BY_PATH}calendar/", views.calendar(calendar_by_path), name="secret-calendar"),
    path(f"{_BY_PATH}calendar/<str:name>", views.item(calendar_by_path), name="secret-item"),
]
