"""Users and groups: Django's own pages in the theme. Nobody is deleted; an account is closed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.second_factors import reset_second_factor
from commitments.admin.record_admin import person
from commitments.admin.theme import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    ModelAdmin,
    UserChangeForm,
)
from commitments.exceptions import NotAllowed
from commitments.models import User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin[User]):  # type: ignore[type-arg]  # Django's has none when it runs
    """A person of the desk; who has left is made inactive, for the history names them."""

    form = UserChangeForm
    add_form = AdminUserCreationForm
    change_password_form = AdminPasswordChangeForm
    actions = ("reset_second_factor",)
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "has_second_factor")
    list_select_related = ("second_factor",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The history would lose its names."""
        return False

    def has_reset_permission(self, request: HttpRequest) -> bool:
        """An administrator."""
        return person(request).is_superuser

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether a device was set up."""
        return hasattr(user, "second_factor")

    @admin.action(
        description=gettext_lazy("Reset the second factor (device lost)"), permissions=["reset"]
    )
    def reset_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Take the devices of the chosen away; each stands in the history of the account."""
        for user in chosen:
            try:
                done = reset_second_factor(user=user, actor=person(request))
            except NotAllowed as error:
                self.message_user(request, str(error), messages.ERROR)
                continue
            values = {"name": user.get_username()}
            if done:
                sentence = _("%(name)s sets up another device at the next login.") % values
                self.log_change(request, user, _("Reset the second factor."))
                self.message_user(request, sentence, messages.SUCCESS)
            else:
                sentence = _("%(name)s has no second factor.") % values
                self.message_user(request, sentence, messages.INFO)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin[Group]):
    """A role of the desk."""

    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is emptied instead."""
        return False
