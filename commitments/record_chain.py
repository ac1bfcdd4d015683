"""The keyed hash that chains the rows of the revision log.

Each row's digest is HMAC-SHA-256 (RFC 2104) over the digest before it and the row's own content
in canonical JSON, under `RECORD_KEY`. Whoever edits, deletes or reorders a row without the key
breaks the chain; a tail cut off shows when the head was published elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from commitments.models import Revision


def row_content(row: Revision) -> dict[str, Any]:
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
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    message = f"{previous}\n{canonical}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
