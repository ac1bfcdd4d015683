"""The record: parties, sources, commitments, and everything that happened to them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    """The record knows nothing of calendars, mail or Celery."""

    name = "commitments"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Record")
