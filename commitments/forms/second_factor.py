"""The forms in which a code is typed: the login, the setting up of a device, new recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commitments.forms.theme import TextInput
from commitments.models import SecondFactor, User

if TYPE_CHECKING:
    from django.contrib.admin.forms import AdminAuthenticationForm as AuthenticationForm
else:
    from unfold.forms import AuthenticationForm

LONGEST_CODE = 40


def code_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A field for one code, which programs and phones offer to fill in."""
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_CODE,
        widget=TextInput(attrs=attrs),
    )


class LoginForm(AuthenticationForm):
    """Name and password, and a code where the site or anybody here has a second factor."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_with_code": _(
            "Name, password or code are wrong. Each code can be used once: wait for the next one."
        ),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if settings.REQUIRE_SECOND_FACTOR or SecondFactor.objects.exists():
            self.fields["code"] = code_field(
                _("Code"),
                _("From your device, or a recovery code. Empty as long as you have set up none."),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the person of all three; which of them was wrong is not said."""
        values = self.cleaned_data
        name, password = values.get("username"), values.get("password")
        if name is not None and password:
            user = authenticate(
                self.request, username=name, password=password, code=values.get("code", "")
            )
            if not isinstance(user, User):
                raise self.get_invalid_login_error()
            self.user_cache = user
            self.confirm_login_allowed(user)
        return values

    def get_invalid_login_error(self) -> forms.ValidationError:
        """The sentence that names the code as well, where one is asked for."""
        if "code" not in self.fields:
            return super().get_invalid_login_error()
        return forms.ValidationError(self.error_messages["invalid_with_code"], code="invalid_login")


class EnrolForm(forms.Form):
    """The first code of a new device, and one of the old device where there is one."""

    code = code_field(_("Code that the device shows now"))

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if replaces:
            self.fields["current_code"] = code_field(
                _("Code of the device that you have had so far"), _("Or a recovery code.")
            )


class CodeForm(forms.Form):
    """One code of the device."""

    code = code_field(_("Code that your device shows now"), _("Or a recovery code."))
