"""A table that is read and never written at the desk."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest

from commitments.admin.theme import ModelAdmin

Row = TypeVar("Row", bound=models.Model)


class ReadingAdmin(ModelAdmin[Row]):
    """No adding, no changing, no deleting; who may view sees all of it."""

    list_filter_submit = True
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the actions write here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the actions write here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was owed and what became of it stays on record."""
        return False
