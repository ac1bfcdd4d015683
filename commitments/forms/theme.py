"""The one door to the theme's widgets, and the base of the forms that edit a record.

The theme has no types: to the type checker its widgets are Django's own, which they extend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db import models

if TYPE_CHECKING:
    from django.contrib.admin.widgets import AdminDateWidget as DateInput
    from django.forms import (
        CheckboxInput,
        CheckboxSelectMultiple,
        NumberInput,
        Select,
        Textarea,
        TextInput,
    )
    from django.forms import Select as SearchableSelect
    from django.forms import SelectMultiple as SearchableSelectMultiple
else:
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple
    from unfold.widgets import UnfoldAdminDecimalFieldWidget as NumberInput
    from unfold.widgets import UnfoldAdminSelect2MultipleWidget as SearchableSelectMultiple
    from unfold.widgets import UnfoldAdminSelect2Widget as SearchableSelect
    from unfold.widgets import UnfoldAdminSelectWidget as Select
    from unfold.widgets import UnfoldAdminSingleDateWidget as DateInput
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput
    from unfold.widgets import UnfoldBooleanSwitchWidget as CheckboxInput

__all__ = [
    "CheckboxInput",
    "CheckboxSelectMultiple",
    "DateInput",
    "ModelForm",
    "ModelMultipleChoiceField",
    "NumberInput",
    "SearchableSelect",
    "SearchableSelectMultiple",
    "Select",
    "TextInput",
    "Textarea",
]

Record = TypeVar("Record", bound=models.Model)

if TYPE_CHECKING:

    class ModelForm(forms.ModelForm[Record]):
        """Django's own, with the model named in brackets."""

    class ModelMultipleChoiceField(forms.ModelMultipleChoiceField[Any]):
        """Django's own."""

else:
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField

    class ModelForm(forms.ModelForm):
        """Django's own, with the model named in brackets for the type checker."""

        def __class_getitem__(cls, _model: Any) -> type[ModelForm]:
            return cls
