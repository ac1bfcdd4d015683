"""Addresses of the public pages, each in every language (`/ru/c/…`)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from timeline.views import (
    my_feeds,
    pages,
    pages_about,
    pages_records,
    pages_sharing,
    picture,
    picture_file,
    subscribe,
)

app_name = "timeline"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("picture/", picture.picture, name="picture"),
    path("picture.svg", picture_file.picture_file_of_all, name="picture_file"),
    path("c/<str:public_id>/", pages.commitment, name="commitment"),
    path("c/<str:public_id>/embed/", pages_sharing.embed, name="embed"),
    path("c/<str:public_id>/badge.svg", pages_sharing.badge, name="badge"),
    path("c/<str:public_id>/card.png", pages_sharing.share_card, name="card"),
    path("sources/", pages_records.sources, name="sources"),
    path("sources/<str:key>/", pages_records.source, name="source"),
    path("sources/<str:key>/picture/", picture.picture_about("source"), name="source_picture"),
    path(
        "sources/<str:key>/picture.svg",
        picture_file.picture_file_about("source"),
        name="source_picture_file",
    ),
    path("parties/", pages_records.parties, name="parties"),
    path("parties/<str:key>/", pages_records.party, name="party"),
    path("parties/<str:key>/picture/", picture.picture_about("party"), name="party_picture"),
    path(
        "parties/<str:key>/picture.svg",
        picture_file.picture_file_about("party"),
        name="party_picture_file",
    ),
    path("topics/", pages_records.topics, name="topics"),
    path("topics/<str:key>/", pages_records.topic, name="topic"),
    path("topics/<str:key>/picture/", picture.picture_about("topic"), name="topic_picture"),
    path(
        "topics/<str:key>/picture.svg",
        picture_file.picture_file_about("topic"),
        name="topic_picture_file",
    ),
    path("changes/", pages_about.changes, name="changes"),
    path("corrections/", pages_about.corrections, name="corrections"),
    path("methodology/", pages_about.methodology, name="methodology"),
    path("subscribe/", subscribe.subscribe_page, name="subscribe_page"),
    path("calendars/", my_feeds.my_feeds, name="my_feeds"),
    path("calendars/<str:public_id>/", my_feeds.my_feed, name="my_feed"),
    path("", include("timeline.urls.subscriptions")),
]
