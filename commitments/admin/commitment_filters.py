"""The filters of the list of commitments that the fields alone do not give."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models.query import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.theme import SimpleListFilter
from commitments.enums import Schedule
from commitments.models import Commitment
from commitments.querysets.commitments import CommitmentQuerySet


class ScheduleFilter(SimpleListFilter):
    """Where it stands in time today, at its own place."""

    title = _("schedule")
    parameter_name = "schedule"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Every schedule there is."""
        return [(one.value, one.label) for one in Schedule]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Commitment]
    ) -> QuerySet[Commitment]:
        """Those that stand there now."""
        if self.value() in Schedule.values and isinstance(queryset, CommitmentQuerySet):
            return queryset.where_schedule([str(self.value())], timezone.now())
        return queryset
