"""What a button is, and the one view that serves all of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods

from commitments.admin.record_admin import RecordAdmin, person
from commitments.exceptions import NotAllowed, RecordError
from commitments.forms.refusals import show_error
from commitments.models import User
from commitments.roles import may

Record = TypeVar("Record", bound=models.Model)


class Button(Generic[Record]):
    """One thing that can be done with a record, on a page of its own.

    `name` is the last part of its address; `permission` is what its user needs. A subclass says
    when it is offered, builds its form, and presses: calls the action and returns the sentence
    that tells what was done.
    """

    name: str
    label: str | Promise
    icon: str
    permission: str
    explanation: str | Promise = ""
    is_grave: bool = False
    is_main: bool = False
    template: str = "commitments/admin/button_page.html"

    def is_offered(self, record: Record, user: User) -> bool:
        """Whether the button makes sense for `record` as it stands."""
        return True

    def needs(self, record: Record) -> Sequence[str | Promise]:
        """What is asked for, said before the click."""
        return ()

    def submit_label(self, record: Record) -> str | Promise:
        """The words on the button of the page."""
        return self.label

    def form(self, record: Record, request: HttpRequest) -> forms.Form:
        """The fields that the action needs, bound where the request is a POST."""
        raise NotImplementedError

    def press(self, record: Record, form: forms.Form, *, user: User, now: datetime) -> str:
        """Call the action; raises RecordError where the record refuses."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ButtonLink:
    """A button on the page of its record."""

    label: str | Promise
    icon: str
    url: str
    is_grave: bool = False
    is_main: bool = False


class ButtonsAdmin(RecordAdmin[Record]):
    """A record whose page has buttons."""

    buttons: ClassVar[Sequence[Button[Any]]] = ()

    def get_urls(self) -> list[URLPattern]:
        """The pages of the buttons before Django's own, which would take any address."""
        return [self._path(button) for button in self.buttons] + super().get_urls()

    def _path(self, button: Button[Any]) -> URLPattern:
        @require_http_methods(["GET", "HEAD", "POST"])
        def view(request: HttpRequest, object_id: int) -> HttpResponseBase:
            return self.button_view(request, object_id, button)

        return path(
            f"<int:object_id>/{button.name}/",
            self.admin_site.admin_view(view),
            name=self._url_name(button),
        )

    def _url_name(self, button: Button[Any]) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{button.name}"

    def button_links(self, record: Record, user: User) -> dict[str, ButtonLink]:
        """The buttons that `user` may press for `record` as it stands, by name."""
        return {
            button.name: ButtonLink(
                label=button.label,
                icon=button.icon,
                url=reverse(f"admin:{self._url_name(button)}", args=[record.pk]),
                is_grave=button.is_grave,
                is_main=button.is_main,
            )
            for button in self.buttons
            if may(user, button.permission) and button.is_offered(record, user)
        }

    def button_view(
        self, request: HttpRequest, object_id: int, button: Button[Any]
    ) -> HttpResponseBase:
        """Show the page of a button; on POST call its action."""
        user, now = person(request), timezone.now()
        if not (self.has_view_permission(request) and may(user, button.permission)):
            raise PermissionDenied
        record = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = button.form(record, request)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    done = button.press(record, form, user=user, now=now)
            except RecordError as error:
                show_error(form, error)
                status = 403 if isinstance(error, NotAllowed) else 200
            else:
                messages.success(request, done)
                return HttpResponseRedirect(self.url_after(record))
        return self._button_page(request, record, button, form, status=status)

    def url_after(self, record: Record) -> str:
        """Where a pressed button leads: back to the record."""
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk]
        )

    def _button_page(
        self,
        request: HttpRequest,
        record: Record,
        button: Button[Any],
        form: forms.Form,
        *,
        status: int,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": button.label,
            "subtitle": str(record),
            "opts": self.opts,
            "original": record,
            "button": button,
            "is_grave": button.is_grave,
            "submit_label": button.submit_label(record),
            "needs": button.needs(record),
            "form": form,
            "media": self.media + form.media,
            "back": self.url_after(record),
        }
        return TemplateResponse(request, button.template, context, status=status)
