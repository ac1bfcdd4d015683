"""The page of a commitment: its words are corrected here, all else moves by buttons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.forms import BaseInlineFormSet, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments.admin.buttons.dates import AnchorDate, MoveDate
from commitments.admin.buttons.evidence import LookedForEvidence, RemoveTarget, ReportValue
from commitments.admin.buttons.links import AddOccurrences, Merge, Split
from commitments.admin.buttons.publication import Publish, Retract, ReturnToDraft, SendToReview
from commitments.admin.buttons.status import CHANGE_STATUS, status_choices
from commitments.admin.commitment_inlines import (
    CitationInline,
    InvolvementInline,
    TargetInline,
)
from commitments.admin.commitment_list import CommitmentList
from commitments.admin.commitment_saving import CommitmentPage
from commitments.admin.commitment_state import cards, waiting_proposal
from commitments.admin.exchange import ExchangePages
from commitments.admin.history import history_rows
from commitments.admin.read_back import read_back_view
from commitments.admin.record_admin import both_versions, person
from commitments.admin.similar_titles import similar_view, warning_with_links
from commitments.exceptions import RecordError, StaleRevision
from commitments.forms.commitment import CommitmentForm, NewCommitmentForm
from commitments.forms.refusals import Refusal
from commitments.forms.titles import TitleInput
from commitments.forms.windows import understood
from commitments.models import Commitment
from commitments.roles import CHANGE, may

ROWS_OF_HISTORY: Final = 50

_WHAT: Final = ("title", "summary", ("kind", "strength"), "language")
_WHERE: Final = ("wording", "place", ("time_zone", "hemisphere"))
_ABOUT: Final = ("topics", "parent", "duplicate_of", "note")
_OTHER_LANGUAGES: Final[Any] = (
    _("In other languages"),
    {"fields": ("translations",), "classes": ("collapse",)},
)


@admin.register(Commitment)
class CommitmentAdmin(ExchangePages, CommitmentList):
    """What was promised, by whom, by when."""

    buttons = (
        SendToReview(),
        ReturnToDraft(),
        Publish(),
        Retract(),
        Merge(),
        Split(),
        MoveDate(),
        AnchorDate(),
        AddOccurrences(),
        LookedForEvidence(),
        ReportValue(),
        RemoveTarget(),
        *CHANGE_STATUS.values(),
    )
    change_form_template = "commitments/admin/commitment_page.html"
    inlines = (CitationInline, InvolvementInline, TargetInline)
    autocomplete_fields = ("topics", "parent", "duplicate_of")
    fieldsets = (
        (_("What was promised"), {"fields": _WHAT}),
        (_("Where"), {"fields": _WHERE}),
        (_("What it is about"), {"fields": _ABOUT}),
        _OTHER_LANGUAGES,
    )
    add_fieldsets = (
        (_("What was promised"), {"fields": _WHAT}),
        (_("When and where"), {"fields": ("when", *_WHERE, "first_status")}),
        (_("What it is about"), {"fields": _ABOUT}),
        _OTHER_LANGUAGES,
    )

    def get_form(
        self,
        request: HttpRequest,
        obj: Commitment | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm[Commitment]]:
        """Recording asks for more than correcting."""
        kwargs.setdefault("form", CommitmentForm if change else NewCommitmentForm)
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        """Let the title ask for similar ones."""
        if db_field.name == "title":
            kwargs["widget"] = TitleInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin in the editor's language, at the place of most of the record."""
        return {
            "language": get_language() or settings.LANGUAGE_CODE,
            "time_zone": settings.DEFAULT_PLACE_TIME_ZONE,
            **super().get_changeform_initial_data(request),
        }

    def save_model(
        self, request: HttpRequest, obj: Commitment, form: ModelForm[Commitment], change: bool
    ) -> None:
        """Nothing yet: `save_related` has all the parts at hand."""

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Commitment],
        formsets: Iterable[BaseInlineFormSet[Any, Commitment, Any]],
        change: bool,
    ) -> None:
        """Save the whole page through the actions, or show what they refuse."""
        page, user, now = CommitmentPage(form, list(formsets)), person(request), timezone.now()
        if not change:
            commitment = page.record(actor=user, now=now)
            window = commitment.window_value
            messages.info(request, understood(window, time_zone=commitment.time_zone))
            if alike := warning_with_links(commitment.title, besides=commitment.pk):
                messages.warning(request, alike)
            return
        try:
            page.correct(actor=user, now=now)
        except StaleRevision as error:
            read = form.cleaned_data["expected_revision"]
            since = form.instance.revisions.filter(revision__gt=read)
            raise both_versions(request, error, form, page.formsets, rows=since) from error
        except RecordError as error:
            raise Refusal(error) from error

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Commitment | None = None,
    ) -> HttpResponse:
        """With where it stands, what can be done, and its history."""
        if obj is not None:
            user, links = person(request), self.button_links(obj, person(request))
            context |= {
                "cards": cards(obj, links, user, timezone.now()),
                "waiting": waiting_proposal(obj),
                "history": history_rows(obj.revisions.all(), most=ROWS_OF_HISTORY),
                "whole_history": _log_of(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        """With the page where one chooses the next status, and what a script asks."""
        choose = self.admin_site.admin_view(require_safe(self.choose_status_view))
        address = path("<int:object_id>/status/", choose, name="commitments_commitment_status")
        read_back = path(
            "read-back/",
            self.admin_site.admin_view(read_back_view),
            name="commitments_commitment_read_back",
        )
        similar = path(
            "similar/",
            self.admin_site.admin_view(similar_view),
            name="commitments_commitment_similar",
        )
        return [address, read_back, similar, *super().get_urls()]

    def choose_status_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """The moves that the table has from here, each with what it needs."""
        user = person(request)
        if not may(user, CHANGE):
            raise PermissionDenied
        commitment = get_object_or_404(Commitment, pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the status"),
            "opts": self.opts,
            "original": commitment,
            "choices": status_choices(commitment, user),
            "waiting": waiting_proposal(commitment),
            "media": self.media,
            "back": self.url_after(commitment),
        }
        return TemplateResponse(request, "commitments/admin/choose_status.html", context)


def _log_of(commitment: Commitment) -> str:
    address = reverse("admin:commitments_revision_changelist")
    return f"{address}?q={commitment.public_id}"
