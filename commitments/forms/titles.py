"""The title of a commitment, beside which a script shows titles on record that are like it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy

from commitments.forms.theme import TextInput


class TitleInput(TextInput):
    """Asks the desk for similar titles while one types; without script they come on saving."""

    class Media:
        js = ("commitments/similar_titles.js",)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        address = reverse_lazy("admin:commitments_commitment_similar")
        super().__init__({"data-similar": address, **(attrs or {})})
