"""What tells people: pages, calendar feeds, mail and reminders, read from the record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    """Reads the record and never writes to it."""

    name = "timeline"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Timeline")
