"""Every address of the site. A page has its language in front (`/ru/`), an outlet has not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("commitments.api.urls")),
    path("feeds/", include("timeline.feed_urls")),
    path("healthz/", include("timeline.health_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(path("", include("timeline.urls")), prefix_default_language=False),
]
