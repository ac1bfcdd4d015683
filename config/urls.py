"""Every address of the site. A page has its language in front (`/ru/`), an outlet has not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from commitments.api.front import UNKNOWN, UnknownAddress
from config.metrics import metrics
from timeline.views.feeds import one_commitment
from timeline.views.mail_events import mail_events

handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    # First: the other one answers for every address below that nobody knows.
    path("api/v1/", include("timeline.api.urls")),
    path("api/v1/", include("commitments.api.urls")),
    # Another version, say: a problem in DEBUG as well, where Django would show a page of its own.
    re_path(r"^api/(?P<path>[\s\S]*)\Z", UnknownAddress.as_view(), name=UNKNOWN),
    path("c/<str:public_id>.ics", one_commitment, name="commitment_calendar"),
    path("feeds/", include("timeline.urls.feeds")),
    path("mail/events/<str:provider>/", mail_events, name="mail_events"),
    path("", include("timeline.caldav.urls")),
    path("healthz/", include("timeline.urls.health")),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(path("", include("timeline.urls.pages")), prefix_default_language=False),
]
