"""The filters of the list of commitments that the fields alone do not give."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.db.models.query import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.queues import ANY, REASONS, languages
from commitments.admin.record_admin import person
from commitments.admin.theme import SimpleListFilter
from commitments.enums import Schedule
from commitments.models import Commitment
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.looking_again import Look


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


class LookFilter(SimpleListFilter):
    """Why somebody should look at it again."""

    title = _("another look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Any reason, or a certain one."""
        reasons = [(reason.value, label) for reason, (label, _icon) in REASONS.items()]
        return [(ANY, _("For any reason")), *reasons]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Commitment]
    ) -> QuerySet[Commitment]:
        """Those that ask for it now."""
        value = self.value() or ""
        if not isinstance(queryset, CommitmentQuerySet) or value not in {ANY, *Look}:
            return queryset
        return queryset.to_look_at(timezone.now(), Look if value == ANY else [Look(value)])


class UntitledFilter(SimpleListFilter):
    """Published, and without a title in a language of the site."""

    title = _("title to translate")
    parameter_name = "untitled"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Any language, or a certain one."""
        return [(ANY, _("Into any language")), *settings.LANGUAGES]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Commitment]
    ) -> QuerySet[Commitment]:
        """Those that lack it."""
        value = self.value() or ""
        if not isinstance(queryset, CommitmentQuerySet) or value not in {ANY, *languages()}:
            return queryset
        return queryset.untitled_in(languages() if value == ANY else [value])


class MineFilter(SimpleListFilter):
    """What I have entered or changed and is not public yet."""

    title = _("whose work")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Mine, or no matter whose."""
        return [("1", _("My work"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Commitment]
    ) -> QuerySet[Commitment]:
        """Where I am among those who wrote."""
        if self.value() == "1" and isinstance(queryset, CommitmentQuerySet):
            return queryset.in_work_of(person(request))
        return queryset
