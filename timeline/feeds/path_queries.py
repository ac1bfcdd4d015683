"""A query string as one part of a path: many calendar programs drop what follows a "?".

Base64 with "-" and "_" (RFC 4648 section 5), without padding: nothing on the way decodes or
re-encodes it, as happens to percent signs, and the same query has one address only.
"""

from __future__ import annotations

import base64
import re
from typing import Final

from django.http import QueryDict

LONGEST_PART: Final = 2000
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+")


def path_part_of(params: QueryDict) -> str:
    """`params`, sorted, as one part of a path; "" for none."""
    sorted_params = QueryDict(mutable=True)
    for name, values in sorted(params.lists()):
        sorted_params.setlist(name, sorted(map(str, values)))
    encoded = base64.urlsafe_b64encode(sorted_params.urlencode().encode())
    return encoded.rstrip(b"=").decode()


def params_of_path_part(part: str) -> QueryDict | None:
    """The parameters that `path_part_of` has written, or None for what it never wrote."""
    if len(part) > LONGEST_PART or not _ALPHABET.fullmatch(part):
        return None
    try:
        query = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
        params = QueryDict(query)
    except ValueError:  # no Base64, no UTF-8, too many parameters
        return None
    return params if path_part_of(params) == part else None
