"""The keyed hash that chains the rows of the revision log.

Each row's digest is HMAC-SHA-256 (RFC 2104) over the digest before it and the row's own content
in canonical JSON, under `RECORD_KEY`. Whoever edits, deletes or reorders a row without the key
breaks the chain; a tail cut off shows when the head was published elsewhere.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from commitments.models import Revision

_CANONICAL: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class LoggedChange(NamedTuple):
    """A row of the log as it stands, with what `Revision` has under the same names.

    Whoever reads all of the log has no use for millions of models.
    """

    number: int
    record_type: str
    record_id: str
    revision: int | None
    kind: str
    changes: dict[str, Any]
    reason: str
    actor_id: int | None
    approver_id: int | None
    recorded_at: datetime
    digest: str


def row_content(row: Revision | LoggedChange) -> dict[str, Any]:
    """What of a row goes into its digest: everything that a reader could be misled about."""
    return {
        "number": row.number,
        "record": [row.record_type, row.record_id, row.revision],
        "kind": row.kind,
        "changes": row.changes,
        "reason": row.reason,
        "people": [row.actor_id, row.approver_id],
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def next_digest(previous: str, content: Mapping[str, Any], *, key: str) -> str:
    """The digest of a row after `previous` ("" for the first), 64 hexadecimal characters."""
    message = f"{previous}\n{canonical(content)}".encode()
    return hmac.digest(key.encode(), message, "sha256").hex()


def canonical(content: Mapping[str, Any]) -> str:
    """The one way in which `content` is written as JSON, whatever the order of its keys."""
    return _CANONICAL.encode(content)
