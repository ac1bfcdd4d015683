"""The parts of a commitment on its page: citations, parties, the target."""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignKey, TextField
from django.db.models.query import QuerySet
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commitments.admin.autocomplete import KnownAutocomplete, show_known
from commitments.admin.theme import StackedInline, TabularInline
from commitments.forms.commitment import CitationForm, InvolvementForm, TargetForm
from commitments.forms.theme import Textarea
from commitments.models import Citation, Commitment, Involvement, Target


class KnownCitationForm(CitationForm):
    """A citation whose source and speaker are shown without a query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            show_known(self, source=self.instance.source, said_by=self.instance.said_by)


class KnownInvolvementForm(InvolvementForm):
    """A party's part whose party is shown without a query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            show_known(self, party=self.instance.party)


def with_known_autocomplete(
    names: tuple[str, ...], db_field: ForeignKey[Any, Any], admin_site: Any
) -> dict[str, Any]:
    """The widget for `db_field` if it is one of `names`, else nothing."""
    return {"widget": KnownAutocomplete(db_field, admin_site)} if db_field.name in names else {}


class CitationInline(StackedInline[Citation, Commitment]):
    """What a source says about it, word for word."""

    model = Citation
    form = KnownCitationForm
    extra = 0
    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 3})}}
    autocomplete_fields = ("source", "said_by")
    fieldsets = ((None, {"fields": ("source", ("role", "said_by"), "quote", "locator")}),)
    verbose_name = _("citation")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        """With all that is shown, in one query."""
        return super().get_queryset(request).select_related("source", "said_by")

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new commitment begins with an empty citation: it was said somewhere."""
        return 0 if obj else 1

    def get_formset(
        self, request: HttpRequest, obj: Commitment | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[Citation, Commitment, Any]]:
        """A draft may still lack its source; publishing asks for it."""
        return super().get_formset(request, obj, **{**kwargs, "validate_min": False})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Choose among many sources and parties."""
        widget = with_known_autocomplete(self.autocomplete_fields, db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **{**widget, **kwargs})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A citation is taken back by an action, which keeps it in the log."""
        return self.has_change_permission(request, obj)


class InvolvementInline(TabularInline[Involvement, Commitment]):
    """Who has what to do with it."""

    model = Involvement
    form = KnownInvolvementForm
    extra = 0
    autocomplete_fields = ("party",)
    fields = ("party", "role")
    hide_title = True  # the theme would repeat the party above its line
    verbose_name = _("party")
    verbose_name_plural = _("parties")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Involvement]:
        """With the parties, in one query."""
        return super().get_queryset(request).select_related("party")

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new commitment begins with an empty line: somebody promised it."""
        return 0 if obj else 1

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Choose among many parties."""
        widget = with_known_autocomplete(self.autocomplete_fields, db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **{**widget, **kwargs})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list of parties is corrected as a whole, by an action."""
        return self.has_change_permission(request, obj)


class TargetInline(StackedInline[Target, Commitment]):
    """What it is measured by, where that was said."""

    model = Target
    form = TargetForm
    extra = 0
    max_num = 1
    fields = (("measure", "unit"), ("comparison", "goal"), ("baseline", "baseline_period"))
    verbose_name = _("target")
    verbose_name_plural = _("target")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A target is corrected, not taken away."""
        return False
