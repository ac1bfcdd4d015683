"""The list of commitments: its columns, filters and search."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commitments.admin.bulk import BulkAdmin
from commitments.admin.commitment_filters import (
    LookFilter,
    MineFilter,
    ScheduleFilter,
    UntitledFilter,
)
from commitments.admin.commitment_state import COLOUR_OF
from commitments.admin.diagram import DiagramAdmin
from commitments.admin.theme import ChoicesFieldListFilter, RelatedFieldListFilter
from commitments.enums import Schedule
from commitments.forms.windows import day_in_words, window_words
from commitments.models import Commitment
from commitments.querysets.commitments import CommitmentQuerySet


def coloured(value: str, text: str) -> str:
    """A value of the record as a word in its colour."""
    return format_html('<span class="word {}">{}</span>', COLOUR_OF.get(value, ""), text)


class CommitmentList(DiagramAdmin, BulkAdmin):
    """Each row is read in one query with all the others."""

    list_display = (
        "title",
        "window_column",
        "schedule_column",
        "status_column",
        "evidence_column",
        "publication_column",
        "changed_column",
    )
    list_filter = (
        ("publication", ChoicesFieldListFilter),
        ("status", ChoicesFieldListFilter),
        ScheduleFilter,
        LookFilter,
        UntitledFilter,
        MineFilter,
        ("evidence", ChoicesFieldListFilter),
        ("kind", ChoicesFieldListFilter),
        ("topics", RelatedFieldListFilter),
    )
    search_fields = ("title", "summary", "wording", "place", "public_id", "key")
    list_per_page = 50
    ordering = (F("latest").asc(nulls_last=True), "public_id")  # the undated last, everywhere

    def get_queryset(self, request: HttpRequest) -> CommitmentQuerySet:
        """With where each stands today."""
        found = cast("CommitmentQuerySet", super().get_queryset(request))
        return found.with_schedule(timezone.now())

    @admin.display(description=_("when"), ordering="latest")
    def window_column(self, commitment: Commitment) -> str:
        """The window in words."""
        return window_words(commitment.window_value)

    @admin.display(description=_("schedule"))
    def schedule_column(self, commitment: Commitment) -> str:
        """Where it stands in time."""
        schedule = Schedule(getattr(commitment, "schedule", ""))
        return coloured(schedule.value, str(schedule.label))

    @admin.display(description=_("status"), ordering="status")
    def status_column(self, commitment: Commitment) -> str:
        """What happened in the world."""
        return coloured(commitment.status, commitment.get_status_display())

    @admin.display(description=_("evidence"), ordering="evidence")
    def evidence_column(self, commitment: Commitment) -> str:
        """What the citations show."""
        return coloured(commitment.evidence, commitment.get_evidence_display())

    @admin.display(description=_("publication"), ordering="publication")
    def publication_column(self, commitment: Commitment) -> str:
        """Who may see it."""
        return coloured(commitment.publication, commitment.get_publication_display())

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed_column(self, commitment: Commitment) -> str:
        """The day of the last visible change, in the zone of the desk."""
        return day_in_words(timezone.localdate(commitment.changed_at))
