"""The language of an answer: `?language=`, else the header Accept-Language.

A cookie does not decide here: the same request must have the same answer for every program, and
a cache must be able to keep it.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from commitments.exceptions import InvalidInput

PARAMETER = "language"


def known_languages() -> list[str]:
    """The codes of the languages that the record is shown in: en, ru, kk."""
    return [code for code, _name in settings.LANGUAGES]


def asked_language(request: HttpRequest, *, by_parameter: bool = True) -> str:
    """The language to answer in (RFC 9110, 12.5.4); an unknown one is left to the checks."""
    asked = _parameter(request) if by_parameter else ""
    if asked in known_languages():
        return asked
    for code, _priority in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def refuse_unknown_language(params: QueryDict) -> None:
    """Raise InvalidInput, code "unknown_language", for one that nothing is shown in."""
    asked, known = params.get(PARAMETER, ""), known_languages()
    if asked and asked not in known:
        sentence = _("“%(value)s” is not known here. Known: %(known)s.")
        values = {"value": asked, "known": ", ".join(known)}
        raise InvalidInput(sentence % values, field=PARAMETER, code="unknown_language")


def _parameter(request: HttpRequest) -> str:
    try:
        return request.GET.get(PARAMETER, "")
    except SuspiciousOperation:  # a thousand parameters: the view will refuse them
        return ""
