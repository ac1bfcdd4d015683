"""Responsible parties at the desk: who is asked about what, and what they have answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.admin.record_admin import person
from commitments.admin.theme import ChoicesFieldListFilter, ModelAdmin
from commitments.forms.theme import CheckboxSelectMultiple, ModelForm, Select, TextInput
from commitments.roles import CHANGE, may
from timeline.actions.owners import ask_owner, settle_owner_reports
from timeline.actions.subscribing import end_subscription
from timeline.admin.reading import ReadingAdmin
from timeline.enums import OwnerReportState, Purpose
from timeline.forms.subscriptions import AddressField, ReaderForm, SubscribeForm
from timeline.models import OwnerReport, Subscription


class AskOwnerForm(ModelForm[Subscription]):
    """Whom to ask, about what, and when."""

    address = AddressField(label=_("Address of the office"))
    query = forms.CharField(
        label=_("Asked about"),
        help_text=_("As in the lists: id=… for one commitment, party=…&role=responsible for all."),
    )
    lead_days = SubscribeForm.base_fields["lead_days"]
    also = SubscribeForm.base_fields["also"]
    time_zone = ReaderForm.base_fields["time_zone"]
    language = ReaderForm.base_fields["language"]

    class Meta:
        model = Subscription
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The public form's fields, as the desk looks; a widget takes its choices from its field.
        for name in ("address", "query", "lead_days"):
            self.fields[name].widget = TextInput()
        for name, widget in (
            ("also", CheckboxSelectMultiple()),
            ("time_zone", Select()),
            ("language", Select()),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                choices: Any = field.choices
                widget.choices = choices
                field.widget = widget

    def clean(self) -> dict[str, Any] | None:
        """Ask at once: what the action refuses is told beside its field."""
        cleaned = super().clean()
        if cleaned is None or self.errors:
            return cleaned
        if not cleaned["lead_days"] and not cleaned["also"]:
            self.add_error("lead_days", _("Choose at least one time."))
            return cleaned
        also = (value.split(":") for value in cleaned["also"])
        before = [["last_day", -days] for days in cleaned["lead_days"]]
        try:
            self.instance = ask_owner(
                address=cleaned["address"],
                query=cleaned["query"],
                moments=[*before, *([kind, int(days)] for kind, days in also)],
                language=cleaned["language"],
                time_zone=cleaned["time_zone"],
                now=timezone.now(),
            )
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


def _keeps_the_record(request: HttpRequest) -> bool:
    """Whether this is an editor: who keeps the record asks those it is about."""
    return may(person(request), CHANGE)


@admin.register(Subscription)
class OwnerSubscriptionAdmin(ModelAdmin[Subscription]):
    """Offices that are asked by mail; readers subscribe themselves and are not listed here."""

    actions = ("ask_no_more",)
    form = AskOwnerForm
    list_display = ("subscriber", "query", "moments", "created_at", "ended_at")
    list_select_related = ("subscriber",)
    search_fields = ("subscriber__address", "query")
    readonly_fields = ("subscriber", "query", "moments", "created_at", "ended_at")
    fieldsets = ((None, {"fields": readonly_fields}),)
    add_fieldsets = (
        (
            None,
            {"fields": ("address", "query", "lead_days", "also", "time_zone", "language")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        """Offices only."""
        return super().get_queryset(request).filter(purpose=Purpose.OWNER)

    def get_form(
        self,
        request: HttpRequest,
        obj: Subscription | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """What asks somebody new; what was asked is only read, and has none of its fields."""
        if obj is not None:
            kwargs["form"] = ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        """A form to add, and nothing to change."""
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        """All of it, once it is there."""
        return self.readonly_fields if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is usual here; a link from elsewhere may name the selection."""
        return {
            "lead_days": [30, settings.REMINDER_LEAD_DAYS],
            "also": ["last_day:1"],
            "language": settings.LANGUAGE_CODE,
            "time_zone": settings.DEFAULT_PLACE_TIME_ZONE,
            **super().get_changeform_initial_data(request),
        }

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Also for editors."""
        return super().has_module_permission(request) or _keeps_the_record(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Also for editors: the addresses are those of offices, which they have entered."""
        return super().has_view_permission(request, obj) or _keeps_the_record(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For editors."""
        return super().has_add_permission(request) or _keeps_the_record(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who wants it otherwise asks anew: the newest wish counts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was asked stays on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form has asked already."""

    def has_ask_no_more_permission(self, request: HttpRequest) -> bool:
        """Who may begin to ask may stop it."""
        return self.has_add_permission(request)

    @admin.action(description=_("Ask no more"), permissions=["ask_no_more"])
    def ask_no_more(self, request: HttpRequest, chosen: QuerySet[Subscription]) -> None:
        """End the chosen ones."""
        for one in chosen.filter(ended_at__isnull=True):
            end_subscription(subscription=one, now=timezone.now())


@admin.register(OwnerReport)
class OwnerReportAdmin(ReadingAdmin[OwnerReport]):
    """The queue of what responsible parties say; the record is changed on its own pages."""

    actions = ("take_up", "set_aside")
    list_display = (
        "commitment_link",
        "answer",
        "words",
        "address",
        "created_at",
        "state",
        "seen_by",
    )
    list_display_links = ("created_at",)
    list_filter = (("state", ChoicesFieldListFilter), ("answer", ChoicesFieldListFilter))
    list_select_related = ("commitment", "seen_by")
    search_fields = ("address", "words", "commitment__title", "=commitment__public_id")
    fields = (
        ("commitment_link", "about_revision"),
        ("answer", "address"),
        "words",
        ("created_at", "state"),
        ("seen_at", "seen_by"),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Also for editors."""
        return super().has_module_permission(request) or _keeps_the_record(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For editors: it is their queue."""
        return super().has_view_permission(request, obj) or _keeps_the_record(request)

    @admin.display(description=_("commitment"))
    def commitment_link(self, report: OwnerReport) -> str:
        """To the page where an editor can act on it."""
        url = reverse("admin:commitments_commitment_change", args=[report.commitment_id])
        return format_html('<a href="{}">{}</a>', url, report.commitment.title)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Who may read them may say what became of them."""
        return self.has_view_permission(request)

    @admin.action(description=_("Taken up: the record says what is true"), permissions=["settle"])
    def take_up(self, request: HttpRequest, chosen: QuerySet[OwnerReport]) -> None:
        """Out of the queue, as done."""
        self._settle(request, chosen, OwnerReportState.TAKEN_UP)

    @admin.action(description=_("Set aside: nothing to be done"), permissions=["settle"])
    def set_aside(self, request: HttpRequest, chosen: QuerySet[OwnerReport]) -> None:
        """Out of the queue, without consequence."""
        self._settle(request, chosen, OwnerReportState.SET_ASIDE)

    def _settle(
        self, request: HttpRequest, chosen: QuerySet[OwnerReport], state: OwnerReportState
    ) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        count = settle_owner_reports(
            ids=ids, state=state, actor=person(request), now=timezone.now()
        )
        sentence = ngettext(
            "%(count)d report was seen to.", "%(count)d reports were seen to.", count
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
