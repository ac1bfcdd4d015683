"""The mails of the embedded way to run, which land in a folder of this machine.

They hold secret links of their readers. So the page is there while debugging, and else for who may
see the outbox; and it is not there where mail leaves the house.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from timeline.mail.maildir import StoredMail, find_mail, newest_mails

View = Callable[..., HttpResponse]
MOST_SHOWN: Final = 50
BACKEND: Final = "timeline.mail.maildir.MaildirBackend"
PERMISSION: Final = "timeline.view_outboxemail"
# Styles of the mail itself and nothing else: no script runs and no host is asked.
OF_A_MAIL: Final = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
_HEAD: Final = re.compile(r"<head[^>]*>", re.IGNORECASE)


def _of_this_machine(view: View) -> View:
    """Answer 404 to everybody else, and where no mail lands here."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        may_see = settings.DEBUG or (user.is_staff and user.has_perm(PERMISSION))
        if settings.EMAIL_BACKEND != BACKEND or not may_see:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@never_cache
@require_safe
@_of_this_machine
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    shown = newest_mails(_folder(), limit=MOST_SHOWN)
    context = {"mails": shown, "folder": _folder(), "most": MOST_SHOWN}
    return render(request, "timeline/mailbox/list.html", context)


@never_cache
@require_safe
@_of_this_machine
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its text, and its HTML in a frame that can do nothing."""
    return render(request, "timeline/mailbox/mail.html", {"mail": _found(key)})


@never_cache
@require_safe
@xframe_options_sameorigin
@csp_replace(OF_A_MAIL)
@_of_this_machine
def mail_html(_request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail as it is, with links that open beside the frame."""
    html = _HEAD.sub(lambda head: head[0] + '<base target="_blank">', _found(key).html, count=1)
    return HttpResponse(html)


def _folder() -> Path:
    return Path(settings.MAILDIR_PATH)


def _found(key: str) -> StoredMail:
    found = find_mail(_folder(), key)
    if found is None:
        raise Http404
    return found
