"""A person who works at the desk: editor, approver or administrator."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's own user; a model of ours from the start, since it cannot be swapped later."""
