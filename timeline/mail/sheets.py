"""The words of a mail with blanks where each reader's own links go.

Many readers get the same words: they are rendered, and their style sheet is put into them, once;
only the blanks are filled in for each. A blank is a word that nobody can guess, so no title of the
record can hold one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from timeline.mail.mime import one_line

SUBJECT_LENGTH: Final = 200
_SECRET: Final = secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Subject, text and HTML; some may still have blanks."""

    subject: str
    text: str
    html: str

    def filled(self, values: Mapping[str, str]) -> Sheet:
        """The same with each blank (by its name) filled in."""
        text, html = self.text, self.html
        for name, value in values.items():
            text = text.replace(blank(name), value)
            html = html.replace(blank(name), escape(value))
        return Sheet(self.subject, text, html)


def blank(name: str) -> str:
    """What stands in a sheet for a value that is to come."""
    return f"{_SECRET}-{name}-"


def render_sheet(template: str, subject: str, context: Mapping[str, Any]) -> Sheet:
    """Text and HTML of a template of `timeline/mail/` in the active language."""
    subject = one_line(subject, most=SUBJECT_LENGTH)
    everything = {
        **context,
        "subject": subject,
        "language": translation.get_language(),
        "site_url": settings.SITE_URL,
    }
    text = render_to_string(f"timeline/mail/{template}.txt", everything)
    html = render_to_string(f"timeline/mail/{template}.html", everything)
    return Sheet(subject, text, _inliner().inline(html))


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # At-rules stay: the colours for a dark screen cannot be said inline. Nothing is ever fetched.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
