"""Bodies of requests: JSON (RFC 8259), and where it is wrong, by line and column."""

from __future__ import annotations

import json
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser

from commitments.api.refusals import MalformedBody


class JsonParser(JSONParser):
    """Strict: UTF-8 only, no NaN, no name twice in one object (RFC 7493), no body without end."""

    def parse(self, stream: IO[Any], *_media_type_and_context: Any) -> Any:
        """The value; MalformedBody (400) or RequestDataTooBig (413) where there is none."""
        content = _content(stream)
        try:
            text = content.decode()
            return json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
        except json.JSONDecodeError as error:
            raise MalformedBody(error.msg, line=error.lineno, column=error.colno) from error
        except UnicodeDecodeError as error:
            before = content[: error.start].decode()
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            raise MalformedBody(_("This is not UTF-8."), line=line, column=column) from error
        except ValueError as error:  # a number of thousands of digits
            raise MalformedBody(str(error)) from error
        except RecursionError as error:
            raise MalformedBody(_("It is nested too deeply.")) from error


def _content(stream: IO[Any]) -> bytes:
    longest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    content = bytes(stream.read(longest + 1))
    if len(content) > longest:
        raise RequestDataTooBig
    return content


def _no_number(name: str) -> NoReturn:
    raise MalformedBody(_("“%(name)s” is no number of JSON.") % {"name": name})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedBody(_("“%(name)s” stands twice in one object.") % {"name": twice[:100]})
    return found
