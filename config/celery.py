"""The Celery application. It only wakes people up: all that must not be lost is in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("commitments-tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)  # log lines of a task carry its id


@celeryd_init.connect
def wait_longer_in_the_worker(*, conf: Any, **_: Any) -> None:
    """A web request gives up on a silent broker after 2 s; a worker outlasts a restart of it."""
    conf.broker_transport_options = settings.WORKER_BROKER_TRANSPORT_OPTIONS
    conf.broker_connection_timeout = settings.WORKER_BROKER_CONNECTION_TIMEOUT


@setup_logging.connect
def keep_the_logging_of_the_settings(**_: Any) -> None:
    """A listener here is Celery's sign to leave logging alone: `LOGGING` has set it up already."""
