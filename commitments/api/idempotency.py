"""Idempotency-Key: a POST that was sent twice is done once (draft-ietf-httpapi-idempotency-key).

Only what succeeded is kept, for 24 hours: an error has written nothing, so the same key may be
tried again, with the body put right. Around each attempt there is one transaction, which holds
what the view wrote and the answer to it.
"""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.actions.idempotency import (
    Answer,
    Claim,
    ClaimLost,
    KeyUsedOtherwise,
    StillRunning,
    claim_request,
    give_back,
    keep_answer,
)
from commitments.api.base import PublicView
from commitments.api.limits import client_address
from commitments.api.refusals import KeyReused, RequestInProgress
from commitments.exceptions import InvalidInput
from commitments.models.idempotent_request import LONGEST_KEY

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_HEADERS: Final = ("Content-Type", "Content-Language", "ETag", "Location", "Link")
_SUCCESS: Final = range(200, 400)
# A string of RFC 9651, 3.3.3, or the same characters without quotes, as most programs send them.
_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
_BARE: Final = re.compile(r"[!#-+\--:<-\[\]-~]+")

View = TypeVar("View", bound=PublicView)
Rest = ParamSpec("Rest")


def idempotent(
    post: Callable[Concatenate[View, Request, Rest], HttpResponseBase],
) -> Callable[Concatenate[View, Request, Rest], HttpResponseBase]:
    """Let a view's `post` be repeated: with the header, the same request has the same answer.

    What the view does goes into one transaction; it must not wait for anybody else in there.
    """

    @functools.wraps(post)
    def once(
        view: View, request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        key = idempotency_key(request)
        if key is None:
            return post(view, request, *args, **kwargs)
        claim = _claim(view, request, key)
        if isinstance(claim, Answer):
            return _again(view, claim)
        return _first(claim, view, request, lambda: post(view, request, *args, **kwargs))

    once.is_idempotent = True  # type: ignore[attr-defined]  # a test looks for it at every POST
    return once


def idempotency_key(request: Request) -> str | None:
    """The key without its quotes; None without the header; InvalidInput for what is none."""
    header = request.headers.get(HEADER)
    if header is None:
        return None
    quoted = _QUOTED.fullmatch(header)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header
    if len(key) > LONGEST_KEY or not (quoted or _BARE.fullmatch(header)):
        sentence = _("Send 1 to %(longest)d visible ASCII characters in quotes, such as a UUID.")
        raise InvalidInput(
            sentence % {"longest": LONGEST_KEY}, field=HEADER, code="idempotency_key_invalid"
        )
    return key


def fingerprint(request: Request) -> str:
    """What makes two requests the same one: method, address and the bytes of the body."""
    wire = request._request  # noqa: SLF001 - DRF names Django's own request so
    digest = hashlib.sha256()
    for part in (wire.method, wire.get_full_path(), wire.content_type, wire.body):
        content = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(content).to_bytes(8) + content)
    return digest.hexdigest()


def _claim(view: PublicView, request: Request, key: str) -> Claim | Answer:
    caller = view.caller or f"address-{client_address(request._request)}"  # noqa: SLF001
    try:
        return claim_request(caller=caller, key=key, fingerprint=fingerprint(request), now=view.now)
    except KeyUsedOtherwise as error:
        raise KeyReused from error
    except StillRunning as error:
        left = (error.until - view.now).total_seconds()
        raise RequestInProgress(max(1, min(math.ceil(left), 5))) from error


def _first(
    claim: Claim, view: PublicView, request: Request, act: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    try:
        with transaction.atomic():
            response = act()
            if response.status_code in _SUCCESS:
                keep_answer(claim=claim, answer=_answer(view, request, response))
                return response
            transaction.set_rollback(True)
    except ClaimLost as error:
        raise RequestInProgress(1) from error
    except BaseException:
        give_back(claim=claim)
        raise
    give_back(claim=claim)
    return response


def _answer(view: PublicView, request: Request, response: HttpResponseBase) -> Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response.headers}
    headers |= {"Content-Language": view.language}
    if not isinstance(response, Response):
        body = response.content if isinstance(response, HttpResponse) else b""
        return Answer(response.status_code, headers, body)
    renderer: Any = request.accepted_renderer
    body = b"" if response.data is None else renderer.render(response.data)
    return Answer(response.status_code, headers | {"Content-Type": renderer.media_type}, body)


def _again(view: PublicView, answer: Answer) -> HttpResponse:
    view.language = answer.headers["Content-Language"]  # the text is in that one
    again = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    again[REPLAYED] = "true"
    return again
