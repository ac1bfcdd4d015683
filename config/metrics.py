"""Figures for Prometheus at /metrics: requests, polls of feeds, mails, ticks, reminders.

Requests are counted by django-prometheus in each process. With more than one process give them
PROMETHEUS_MULTIPROC_DIR, an empty folder, or each answer is that of one. What stands in the
database is asked at each scrape, so it is the same from whichever host.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.conf import settings
from django.db import Error
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.middleware import PrometheusAfterMiddleware
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from commitments.api.limits import client_address
from timeline.enums import MailState, ReminderState
from timeline.feed_clients import family_of
from timeline.models import OutboxEmail, Reminder, SendingHold, TickState

FEED_POLLS: Final = Counter(
    "commitments_feed_polls",
    "Requests for calendars and feeds, by the family of the program; nginx answers others itself.",
    ("outlet", "client", "status"),
)
_OUTLETS: Final = re.compile(r"/(?:(?P<caldav>dav)/|feeds/|c/[^/]+\.ics\Z)")
_KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class CountedRequests(PrometheusAfterMiddleware):  # type: ignore[misc]  # it has no types
    """django-prometheus's middleware; a method that somebody made up is no label of its own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Count the answer."""
        if request.method not in _KNOWN_METHODS:
            vars(request).pop("prometheus_after_middleware_event", None)
        return super().process_response(request, response)


def count_feed_polls(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: count each request for a calendar or a feed."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        outlet = _OUTLETS.match(request.path_info)
        if outlet:
            FEED_POLLS.labels(
                outlet="caldav" if outlet["caldav"] else "feed",
                client=family_of(request.headers.get("User-Agent", "")).value,
                status=response.status_code,
            ).inc()
        return response

    return answer


class RecordCollector(Collector):
    """What stands in the database at the moment of a scrape; four questions to it."""

    def describe(self) -> list[Metric]:
        """Nothing: who registers it need not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures; none, and `commitments_database_up 0`, where the database is gone."""
        up = GaugeMetricFamily("commitments_database_up", "1 if the database answers.")
        try:
            figures = [_outbox(), _reminders(), _hold(), *_tick()]
        except Error:
            figures = []
        up.add_metric([], 1 if figures else 0)
        yield from [up, *figures]


def _outbox() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "commitments_outbox_emails", "Mails of the outbox, by state.", labels=["state"]
    )
    rows = OutboxEmail.objects.order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict.fromkeys(MailState.values, 0) | dict(rows)
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


def _reminders() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "commitments_planned_reminders", "Reminders that wait for their day."
    )
    family.add_metric([], Reminder.objects.filter(state=ReminderState.PLANNED).count())
    return family


def _hold() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "commitments_sending_on_hold", "1 after a restore, until a postmaster lets mail leave."
    )
    family.add_metric([], int(SendingHold.objects.open().exists()))
    return family


def _tick() -> Iterator[GaugeMetricFamily]:
    last = TickState.objects.values_list("last_ok_at", flat=True).first()
    if last is None:
        return
    at = GaugeMetricFamily(
        "commitments_last_tick_timestamp_seconds", "When the last tick was good."
    )
    at.add_metric([], last.timestamp())
    yield at
    age = GaugeMetricFamily("commitments_tick_age_seconds", "How long ago the last good tick was.")
    age.add_metric([], (timezone.now() - last).total_seconds())  # noqa: TID251 - asked by a view
    yield age


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text, for who comes from METRICS_NETWORKS or has METRICS_TOKEN; else 404."""
    if not _may_see(request):
        raise Http404
    figures = generate_latest(_requests()) + generate_latest(_record)
    return HttpResponse(figures, content_type=CONTENT_TYPE_LATEST)


def _may_see(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    if expected and scheme.lower() == "bearer" and constant_time_compare(token.strip(), expected):
        return True
    try:
        address = ipaddress.ip_address(client_address(request).split("/")[0])
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS)


def _requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


_record: Final = CollectorRegistry()
_record.register(RecordCollector())
