"""Import and export on the list of commitments: pages that work without script.

A file is first held against the record, row by row; only a second click writes. Both send their
page while they work, so that one sees how far they have come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import get_template, render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from import_export.tmp_storages import TempFolderStorage

from commitments.actions.exchange import ImportRefused, import_rows
from commitments.admin.record_admin import RecordAdmin, person
from commitments.exceptions import RecordError
from commitments.exchange.columns import FileRow
from commitments.exchange.comparing import Comparison
from commitments.exchange.entries import Entry, Outcome
from commitments.exchange.reading import read_rows
from commitments.exchange.rows import rows_of
from commitments.exchange.upload import LARGEST, FileRefused, refuse_size
from commitments.exchange.writing import CONTENT_TYPES, written
from commitments.filters import select_commitments
from commitments.models import Commitment, RecordHead, User
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.roles import CHANGE, PUBLISH, may

ROWS_A_STEP: Final = 250
MOST_SHOWN: Final = 2_000
"""Rows that a page shows; beyond them the wrong ones only, as many again."""
_SECONDS_TO_CONFIRM: Final = 3_600
_AROUND_THE_FILE: Final = 100_000
_SALT: Final = "commitments.exchange"
_ROWS: Final = "<!-- rows -->"
_END: Final = "<!-- end -->"
_FOLDER: Final = "commitments/admin/exchange"


class UploadForm(forms.Form):
    """The file, and whether its column "publication" counts."""

    file = forms.FileField(label=gettext_lazy("CSV or XLSX file"))
    publish = forms.BooleanField(
        label=gettext_lazy("Publish what the file says is published"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"
        if not may(user, PUBLISH):
            del self.fields["publish"]


class ExchangePages(RecordAdmin[Commitment]):
    """The pages "import" and "export" of the commitments."""

    list_before_template = f"{_FOLDER}/links.html"

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
        token = _keep(data, user, publish=publish)
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
        return TemplateResponse(request, f"{_FOLDER}/upload.html", context, status=status)

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
        )

        def body() -> Iterator[str]:
            shown = _Shown(len(rows))
            for entry in comparison.entries():
                yield from shown.add(entry)
            context = {"counts": shown.counts, "token": token, "hidden": shown.hidden}
            yield _End(render_to_string(f"{_FOLDER}/checked_end.html", context, request))

        context = {**self._context(request, _("What the import would do")), "note": note}
        return _streamed(request, f"{_FOLDER}/rows.html", context, body())

    def write_view(self, request: HttpRequest) -> HttpResponseBase:
        """Import the file that was checked, all of it or nothing."""
        user = _editor(request)
        token = request.POST.get("token", "")
        kept = _kept(token, user)
        if kept is None:
            messages.error(request, _("The checked file is no longer there: load it again."))
            return HttpResponseRedirect(reverse("admin:commitments_commitment_import"))
        rows = read_rows(kept["data"])
        if kept["head"] != _head():
            note = _("Somebody changed the record meanwhile: this is what the import would do now.")
            fresh = _signed(kept, user)
            return self._checked_page(request, rows, fresh, publish=kept["publish"], note=note)
        context = self._context(request, _("Import"))
        return _streamed(request, f"{_FOLDER}/rows.html", context, self._write(request, rows, kept))

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
                    yield _progress(done, len(rows))
        except ImportRefused as error:
            shown = _Shown(len(rows))
            for entry in error.entries:
                yield from shown.add(entry)
            context["refusal"] = error.message
        except RecordError as error:
            context["refusal"] = error.message
        else:
            with suppress(FileNotFoundError):
                TempFolderStorage(name=kept["name"]).remove()
        yield _End(render_to_string(f"{_FOLDER}/written_end.html", context, request))

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


# A checked file waits in the temporary folder; its token tells whose it is, and is signed.


def _keep(data: bytes, user: User, *, publish: bool) -> str:
    storage = TempFolderStorage(read_mode="rb")
    storage.save(data)
    kept = {
        "name": storage.name,
        "digest": hashlib.sha256(data).hexdigest(),
        "publish": publish,
    }
    return _signed(kept, user)


def _signed(kept: dict[str, Any], user: User) -> str:
    told = {name: kept[name] for name in ("name", "digest", "publish")}
    return signing.dumps({**told, "user": user.pk, "head": _head()}, salt=_SALT)


def _kept(token: str, user: User | None = None) -> dict[str, Any] | None:
    """What the token tells, with the bytes of the file; None where it is not to be had."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_SECONDS_TO_CONFIRM)
        if user is not None and told["user"] != user.pk:
            return None
        data = TempFolderStorage(name=told["name"], read_mode="rb").read()
    except (signing.BadSignature, FileNotFoundError):
        return None
    is_the_same = hashlib.sha256(data).hexdigest() == told["digest"]
    return {**told, "data": data} if is_the_same else None


def _head() -> int:
    """How far the record has come."""
    return RecordHead.objects.values_list("number", flat=True).first() or 0


# A page that is sent while it is made.


class _End(str):
    """What stands below the rows."""

    __slots__ = ()


class _Shown:
    """The rows of a page as they come: counted all, shown as far as a page can bear."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.counts = dict.fromkeys((outcome.value for outcome in Outcome), 0)
        self.hidden = 0
        self._template = get_template(f"{_FOLDER}/row.html")

    def add(self, entry: Entry) -> Iterator[str]:
        """The HTML of a row, and now and then how far it has come."""
        self.counts[entry.outcome.value] += 1
        done = sum(self.counts.values())
        is_wrong = entry.outcome is Outcome.WRONG
        if done <= MOST_SHOWN or (is_wrong and self.counts[Outcome.WRONG.value] <= MOST_SHOWN):
            yield self._template.render({"entry": entry, "outcome": entry.outcome})
        else:
            self.hidden += 1
        if done % ROWS_A_STEP == 0:
            yield _progress(done, self.total)


def _progress(done: int, total: int) -> str:
    return render_to_string(f"{_FOLDER}/progress.html", {"done": done, "total": total})


def _streamed(
    request: HttpRequest, template: str, context: dict[str, Any], body: Iterator[str]
) -> StreamingHttpResponse:
    """The page with the rows of `body` and its end at their marks, sent piece by piece."""
    head, _mark, rest = render_to_string(template, context, request).partition(_ROWS)
    middle, _mark, tail = rest.partition(_END)
    language = get_language()

    def pieces() -> Iterator[str]:
        yield head
        with override(language):
            for piece in body:
                yield middle + piece if isinstance(piece, _End) else piece
        yield tail

    response = StreamingHttpResponse(pieces())
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Cache-Control"] = "private, no-store"
    return response
