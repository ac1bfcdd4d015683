"""Import and export on the list of commitments: pages that work without script.

A file is first held against the record, row by row; only a second click writes. Both send their
page while they work, so that one sees how far they have come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.exchange import ImportRefused, decides_alone, import_rows
from commitments.admin.exchange_files import drop, head_number, keep, keep_on, kept_file
from commitments.admin.exchange_stream import (
    FOLDER,
    ROWS_A_STEP,
    End,
    Shown,
    progress,
    streamed,
)
from commitments.admin.record_admin import RecordAdmin, person
from commitments.exceptions import RecordError
from commitments.exchange.columns import FileRow
from commitments.exchange.comparing import Comparison
from commitments.exchange.reading import read_rows
from commitments.exchange.rows import rows_of
from commitments.exchange.upload import LARGEST, FileRefused, refuse_size
from commitments.exchange.writing import CONTENT_TYPES, written
from commitments.filters import select_commitments
from commitments.models import Commitment, User
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.roles import CHANGE, PUBLISH, may

_AROUND_THE_FILE: Final = 100_000


class UploadForm(forms.Form):
    """The file, and whether its column "publication" counts."""

    file = forms.FileField(label=gettext_lazy("CSV, XLSX or JSON file"))
    publish = forms.BooleanField(
        label=gettext_lazy("Publish what the file says is published"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx,.json"
        if not may(user, PUBLISH):
            del self.fields["publish"]


class ExchangePages(RecordAdmin[Commitment]):
    """The pages "import" and "export" of the commitments."""

    list_before_template = f"{FOLDER}/links.html"

    def get_urls(self) -> list[URLPattern]:
        """Before Django's own, which would take any address."""
        pages: list[tuple[str, Callable[..., Any], str]] = [
            ("import/", self._guarded(self.import_view), "import"),
            ("import/write/", require_POST(self.write_view), "import_write"),
            ("export/<str:kind>/", require_safe(self.export_view), "export"),
            (
                "export/<str:kind>/selected/",
                require_safe(self.export_selected_view),
                "export_selected",
            ),
        ]
        own = [
            path(address, _served(self.admin_site, view), name=f"commitments_commitment_{name}")
            for address, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Look at the declared size first: the check against forgery reads the body."""
        protected = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))

        @csrf_exempt
        def size_first(request: HttpRequest) -> HttpResponseBase:
            try:
                refuse_size(int(request.META.get("CONTENT_LENGTH") or 0) - _AROUND_THE_FILE)
            except FileRefused as error:
                return self._too_large(request, error)
            return protected(request)

        return size_first

    def _too_large(self, request: HttpRequest, error: FileRefused) -> HttpResponse:
        if not self.admin_site.has_permission(request):
            raise PermissionDenied
        return self._form_page(request, UploadForm(user=person(request)), error.message, status=413)

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form; on POST hold its file against the record, and write nothing."""
        user = _editor(request)
        form = UploadForm(request.POST or None, request.FILES or None, user=user)
        if request.method != "POST" or not form.is_valid():
            return self._form_page(request, form)
        upload = form.cleaned_data["file"]
        try:
            refuse_size(upload.size)
            data = upload.read()
            rows = read_rows(data)
        except FileRefused as error:
            return self._form_page(request, form, error.message)
        publish = form.cleaned_data.get("publish", False)
        token = keep(data, user, publish=publish, now=timezone.now())
        return self._checked_page(request, rows, token, publish=publish)

    def _form_page(
        self, request: HttpRequest, form: UploadForm, refusal: str = "", *, status: int = 200
    ) -> HttpResponse:
        context = {
            **self._context(request, _("Import commitments")),
            "form": form,
            "refusal": refusal,
            "most_megabytes": LARGEST // 1_000_000,
        }
        return TemplateResponse(request, f"{FOLDER}/upload.html", context, status=status)

    def _checked_page(
        self,
        request: HttpRequest,
        rows: list[FileRow],
        token: str,
        *,
        publish: bool,
        note: str = "",
    ) -> StreamingHttpResponse:
        comparison = Comparison(
            rows,
            now=timezone.now(),
            time_zone=settings.DEFAULT_PLACE_TIME_ZONE,
            publish=publish,
            decides=decides_alone(person(request)),
        )

        def body() -> Iterator[str]:
            shown = Shown(len(rows))
            for entry in comparison.entries():
                yield from shown.add(entry)
            context = {"counts": shown.counts, "token": token, "hidden": shown.hidden}
            yield End(render_to_string(f"{FOLDER}/checked_end.html", context, request))

        context = {**self._context(request, _("What the import would do")), "note": note}
        return streamed(request, f"{FOLDER}/rows.html", context, body())

    def write_view(self, request: HttpRequest) -> HttpResponseBase:
        """Import the file that was checked, all of it or nothing."""
        user = _editor(request)
        token = request.POST.get("token", "")
        kept = kept_file(token, user)
        if kept is None:
            messages.error(request, _("The checked file is no longer there: load it again."))
            return HttpResponseRedirect(reverse("admin:commitments_commitment_import"))
        rows = read_rows(kept["data"])
        if kept["head"] != head_number():
            note = _("Somebody changed the record meanwhile: this is what the import would do now.")
            fresh = keep_on(kept, user, now=timezone.now())
            return self._checked_page(request, rows, fresh, publish=kept["publish"], note=note)
        context = self._context(request, _("Import"))
        return streamed(request, f"{FOLDER}/rows.html", context, self._write(request, rows, kept))

    def _write(
        self, request: HttpRequest, rows: list[FileRow], kept: dict[str, Any]
    ) -> Iterator[str]:
        writing = import_rows(
            rows=rows,
            actor=person(request),
            now=timezone.now(),
            time_zone=settings.DEFAULT_PLACE_TIME_ZONE,
            publish=kept["publish"],
        )
        context: dict[str, Any] = {"count": len(rows)}
        try:
            for done in writing:
                if done % ROWS_A_STEP == 0:
                    yield progress(done, len(rows))
        except ImportRefused as error:
            shown = Shown(len(rows))
            for entry in error.entries:
                yield from shown.add(entry)
            context["refusal"] = error.message
        except RecordError as error:
            context["refusal"] = error.message
        else:
            drop(kept)
        yield End(render_to_string(f"{FOLDER}/written_end.html", context, request))

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The list as it is filtered and searched in the admin, all pages of it, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:commitments_commitment_changelist"))
        return _file(Commitment.objects.filter(pk__in=listed.values("pk")), kind)

    def export_selected_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What the filters of page, API and feeds select among all commitments, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            selected = select_commitments(
                request.GET, queryset=Commitment.objects.all(), now=timezone.now()
            )
        except RecordError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(reverse("admin:commitments_commitment_changelist"))
        return _file(selected, kind)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "back": reverse("admin:commitments_commitment_changelist"),
        }


def _served(site: Any, view: Callable[..., Any]) -> Callable[..., Any]:
    """`view` for people of the desk; one that is guarded already stays as it is."""
    return view if getattr(view, "csrf_exempt", False) else cast("Any", site.admin_view(view))


def _editor(request: HttpRequest) -> User:
    user = person(request)
    if not may(user, CHANGE):
        raise PermissionDenied
    return user


def _file(commitments: CommitmentQuerySet, kind: str) -> HttpResponse:
    if kind not in CONTENT_TYPES:
        raise Http404
    languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    response = HttpResponse(
        written(rows_of(commitments), kind, languages=languages), content_type=CONTENT_TYPES[kind]
    )
    name = f"commitments-{timezone.localdate():%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
