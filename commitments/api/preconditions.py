"""No write over what somebody else wrote meanwhile: If-Match (RFC 9110, 13.1.1; RFC 6585, 3).

The ETag of a commitment is `"REVISION-HASH"`. The hash is that of the bytes, so it differs by
language, format and `expand`; a write changes none of these but the record behind them, so here
only the revision counts. So the tag of any representation of the present revision lets a write
pass, and so does the bare `"REVISION"`, which answers to writes carry.
"""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request

from commitments.actions.recording import lock_commitment
from commitments.api.refusals import PreconditionRequired, revision_tag
from commitments.exceptions import StaleRevision
from commitments.models import Commitment

__all__ = ["expected_revision", "revision_tag"]

_REVISION: Final = re.compile(r'"([0-9]{1,9})(-[0-9a-f]{32})?"')


def expected_revision(request: Request, commitment: Commitment) -> int | None:
    """The revision that the caller has read, for an action's `expected_revision`.

    None means `If-Match: *`: whatever it is now. Raises PreconditionRequired (428) without the
    header, and StaleRevision (412), which tells what has changed, where no tag is that of the
    present revision. The action asks again under its lock; so nothing is lost between the two.
    """
    known = _known_revisions(request, commitment.revision)
    if known is None:
        return None
    if commitment.revision in known:
        return commitment.revision
    _refuse(commitment, [revision for revision in known if revision < commitment.revision])
    return None


def demand_version(request: Request, version: int) -> None:
    """As `expected_revision`, for a party, topic or source, which is at `version` now.

    The caller holds the lock of the record, so that it stays there until it is written.
    """
    known = _known_revisions(request, version)
    if known is not None and version not in known:
        raise _none_of_these(version)


def _known_revisions(request: Request, current: int) -> list[int] | None:
    """Those that If-Match names; None for `*`."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None:
        raise PreconditionRequired(current=current)
    tags = parse_etags(header)
    if tags == ["*"]:
        return None
    return [int(found[1]) for found in map(_REVISION.fullmatch, tags) if found]


def _refuse(commitment: Commitment, earlier: list[int]) -> None:
    if earlier:
        with transaction.atomic():  # it tells what has changed since the last that was read
            lock_commitment(commitment, expected_revision=max(earlier))
    raise _none_of_these(commitment.revision)


def _none_of_these(current: int) -> StaleRevision:
    sentence = _("No tag in If-Match is one of this record; its revision is %(current)d now.")
    return StaleRevision(sentence % {"current": current}, current=current, changed={})
