"""The outbox at the desk: what became of each mail, and why."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.admin.record_admin import person
from commitments.admin.theme import ChoicesFieldListFilter
from timeline.actions.alarms import acknowledge_emails, cancel_emails, retry_emails
from timeline.admin.front_page import alarm_sentence
from timeline.admin.reading import ReadingAdmin
from timeline.mail.mime import one_line
from timeline.models import OutboxEmail

SUBJECT_IN_LIST: Final = 60


class UnseenFilter(admin.SimpleListFilter):
    """Those that went wrong and that nobody has looked at yet."""

    title = _("alarms")
    parameter_name = "unseen"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        """One choice beside "all"."""
        return [("1", _("gone wrong, not seen yet"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutboxEmail]
    ) -> QuerySet[OutboxEmail]:
        """Only alarms, if asked for."""
        if self.value() != "1":
            return queryset
        return queryset.filter(pk__in=OutboxEmail.objects.alarming().values("pk"))


@admin.register(OutboxEmail)
class OutboxEmailAdmin(ReadingAdmin[OutboxEmail]):
    """Every mail with its state, its last reply and how many copies may have arrived."""

    actions = ("acknowledge", "retry", "cancel")
    date_hierarchy = "created_at"
    list_display = (
        "mail",
        "state",
        "what_happened",
        "maybe_delivered",
        "created_at",
        "acknowledged_at",
    )
    list_filter = (
        ("state", ChoicesFieldListFilter),
        ("purpose", ChoicesFieldListFilter),
        UnseenFilter,
    )
    search_fields = ("to_address", "subject", "=message_id", "last_text")
    fields = (
        ("to_address", "language", "purpose"),
        ("subject", "message_id"),
        ("state", "what_happened", "own_failures"),
        ("attempts", "maybe_delivered"),
        ("created_at", "next_try_at", "expires_at", "settled_at"),
        ("acknowledged_at", "acknowledged_by"),
        "items",
    )

    @admin.display(description=_("mail"), ordering="to_address")
    def mail(self, email: OutboxEmail) -> list[str]:
        """To whom, and beneath it what it says."""
        subject = email.subject or str(email.get_purpose_display())
        return [email.to_address, one_line(subject, most=SUBJECT_IN_LIST)]

    vars()["mail"].header = True  # the theme's: the second text stands beneath the first

    @admin.display(description=_("what happened"))
    def what_happened(self, email: OutboxEmail) -> str:
        """The last reply of the other host, with its code, or what went wrong on our side."""
        return f"{email.last_code or ''} {email.last_text}".strip() or "—"

    @admin.display(description=_("reminders"))
    def items(self, email: OutboxEmail) -> str:
        """What the mail was made for."""
        rows = email.reminders.select_related("commitment").order_by("due_date", "pk")
        pairs = ((row.commitment, row) for row in rows)
        return format_html_join("", "<div>{}: {}</div>", pairs) or "—"

    def has_acknowledge_permission(self, request: HttpRequest) -> bool:
        """Who may see a mail may say that it was seen."""
        return self.has_view_permission(request)

    @admin.action(description=_("Seen: no more alarm for these"), permissions=["acknowledge"])
    def acknowledge(self, request: HttpRequest, chosen: QuerySet[OutboxEmail]) -> None:
        """Take the chosen ones out of the count of alarms."""
        ids = list(chosen.values_list("pk", flat=True))
        count = acknowledge_emails(ids=ids, actor=person(request), now=timezone.now())
        sentence = ngettext("%(count)d alarm was seen.", "%(count)d alarms were seen.", count)
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """To see the mails is one thing, to send or stop them another."""
        return person(request).has_perm("timeline.change_outboxemail")

    @admin.action(description=_("Try again with the next tick"), permissions=["steer"])
    def retry(self, request: HttpRequest, chosen: QuerySet[OutboxEmail]) -> None:
        """Have the chosen ones tried again, as far as that may be."""
        ids = list(chosen.values_list("pk", flat=True))
        count = retry_emails(ids=ids, now=timezone.now())
        sentence = ngettext(
            "%(count)d mail will be tried again.", "%(count)d mails will be tried again.", count
        )
        self._tell(request, sentence % {"count": count}, left=len(ids) - count)

    @admin.action(description=_("Cancel: do not send these"), permissions=["steer"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[OutboxEmail]) -> None:
        """Stop the chosen ones that still wait."""
        ids = list(chosen.values_list("pk", flat=True))
        count = cancel_emails(ids=ids, actor=person(request), now=timezone.now())
        sentence = ngettext(
            "%(count)d mail was cancelled.", "%(count)d mails were cancelled.", count
        )
        self._tell(request, sentence % {"count": count}, left=len(ids) - count)

    def _tell(self, request: HttpRequest, sentence: str, *, left: int) -> None:
        self.message_user(request, sentence, messages.SUCCESS)
        if left:
            words = ngettext(
                "%(count)d mail was left as it is: it is sent, settled, or may have arrived.",
                "%(count)d mails were left as they are: sent, settled, or they may have arrived.",
                left,
            )
            self.message_user(request, words % {"count": left}, messages.WARNING)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With a warning above the list while there are alarms."""
        count = OutboxEmail.objects.alarming().count()
        if count and request.method == "GET":
            self.message_user(request, alarm_sentence(count), messages.WARNING)
        return super().changelist_view(request, extra_context)
