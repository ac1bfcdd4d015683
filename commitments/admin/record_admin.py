"""What every record of the desk has in common: writes go through actions, nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from django.contrib.admin.options import InlineModelAdmin
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm, TypedChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commitments.admin.both_versions import BothVersions, chosen, version_rows
from commitments.admin.theme import ModelAdmin
from commitments.admin.two_editors import taken_over, told
from commitments.exceptions import RecordError, StaleRevision
from commitments.forms.refusals import Refusal
from commitments.forms.theme import Textarea
from commitments.models import Revision, User

Record = TypeVar("Record", bound=models.Model)

_REFUSAL: Final = "commitments.refusal"


def person(request: HttpRequest) -> User:
    """Who is working here; the admin lets nobody in without a name."""
    return cast("User", request.user)


@contextmanager
def refusing(prefix: str | None = "") -> Iterator[None]:
    """Turn what the record refuses in this block into a Refusal of the form with `prefix`."""
    try:
        yield
    except RecordError as error:
        raise Refusal(error, prefix=prefix or "") from error


def both_versions(
    request: HttpRequest,
    error: StaleRevision,
    form: ModelForm[Any],
    formsets: Iterable[BaseInlineFormSet[Any, Any, Any]] = (),
    *,
    rows: models.QuerySet[Revision],
) -> Refusal:
    """The refusal of the second editor's page, which is shown again with both versions.

    `rows` are those of the log since the editor has read the record.
    """
    versions = version_rows(request.POST, error, form, formsets, rows=rows)
    shown = taken_over(request.POST, error, form, formsets)
    request.POST = shown  # type: ignore[assignment]  # Django lets it be replaced
    return Refusal(BothVersions(told(error, rows, listed=False), versions))


class RecordAdmin(ModelAdmin[Record]):
    """A record that is written through actions only, and never deleted.

    A subclass writes in `save_model` or `save_related` and raises `Refusal` where the record
    refuses: then the same page comes back with the reason beside its field, and nothing is
    written, for the whole page is one transaction.
    """

    actions = None
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3})}}
    list_filter_submit = True
    show_full_result_count = False
    warn_unsaved_form = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of the record can be deleted: it is retracted or corrected."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the page again, with the reason, where the record refuses what was filled in.

        What counts is what the second editor has chosen, where two wrote at once.
        """
        if request.method == "POST":
            request.POST = chosen(request.POST)  # type: ignore[assignment]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            request.META[_REFUSAL] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Record | None = None,
    ) -> HttpResponse:
        """With both versions, where two wrote at once."""
        refusal = request.META.get(_REFUSAL)
        error = refusal.error if isinstance(refusal, Refusal) else None
        context["versions"] = error.rows if isinstance(error, BothVersions) else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_form(
        self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Record]]:
        """Let the form know what was refused."""
        form = super().get_form(request, obj, change, **kwargs)
        if refusal := request.META.get(_REFUSAL):
            setattr(form, "refusal", refusal)  # noqa: B010  # the class is made for this request
        return form

    def formfield_for_choice_field(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField | None:
        """Let nobody take the first kind there is only because it was chosen already."""
        if not db_field.has_default():
            kwargs["choices"] = [("", _("Choose")), *(db_field.choices or ())]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Record, inline: InlineModelAdmin[Any, Record], prefix: str
    ) -> dict[str, Any]:
        """Let the forms of the inlines know it as well."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if refusal := request.META.get(_REFUSAL):
            kwargs["form_kwargs"] = {"refusal": refusal}
        return kwargs
