"""Which format an answer has: the header Accept, or `?format=` for who cannot set it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer

from commitments.exceptions import InvalidInput


class Negotiation(DefaultContentNegotiation):
    """As the framework does it, but an unknown format is an error that lists the known ones."""

    def filter_renderers(
        self,
        renderers: Iterable[BaseRenderer],
        format: str,  # noqa: A002 - its name there
    ) -> list[BaseRenderer]:
        offered: Sequence[Any] = list(renderers)
        chosen = [renderer for renderer in offered if renderer.format == format]
        if chosen:
            return chosen
        known = ", ".join(sorted({str(renderer.format) for renderer in offered}))
        sentence = _("There is no such format here. Known: %(known)s.") % {"known": known}
        raise InvalidInput(sentence, field="format", code="unknown_format")


class OnlyFormat(DefaultContentNegotiation):
    """For a page that has one format: whoever asks for it gets it."""

    def select_renderer(self, _request: Any, renderers: Any, _suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
