"""The one door to the admin theme: its classes, typed as Django's own, which they extend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.admin import (
        ChoicesFieldListFilter,
        ModelAdmin,
        RelatedFieldListFilter,
        SimpleListFilter,
        StackedInline,
        TabularInline,
    )
    from django.contrib.auth.forms import (
        AdminPasswordChangeForm,
        AdminUserCreationForm,
        UserChangeForm,
    )
else:
    from unfold.admin import ModelAdmin as ThemedModelAdmin
    from unfold.admin import StackedInline as ThemedStackedInline
    from unfold.admin import TabularInline as ThemedTabularInline
    from unfold.contrib.filters.admin import (
        ChoicesDropdownFilter as ChoicesFieldListFilter,
    )
    from unfold.contrib.filters.admin import DropdownFilter as SimpleListFilter
    from unfold.contrib.filters.admin import (
        RelatedDropdownFilter as RelatedFieldListFilter,
    )
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm
    from unfold.forms import UserCreationForm as AdminUserCreationForm

    class _NamesItsModel:
        """Lets a class name its model in brackets, for the type checker."""

        def __class_getitem__(cls, _model: Any) -> type:
            return cls

    class ModelAdmin(_NamesItsModel, ThemedModelAdmin):
        """The theme's."""

    class StackedInline(_NamesItsModel, ThemedStackedInline):
        """The theme's."""

    class TabularInline(_NamesItsModel, ThemedTabularInline):
        """The theme's."""


__all__ = [
    "AdminPasswordChangeForm",
    "AdminUserCreationForm",
    "ChoicesFieldListFilter",
    "ModelAdmin",
    "RelatedFieldListFilter",
    "SimpleListFilter",
    "StackedInline",
    "TabularInline",
    "UserChangeForm",
]
