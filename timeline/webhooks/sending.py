"""One message to one webhook: its body, its signature (Standard Webhooks), and the request.

A message says that something has changed, and not what: number, kind, id, address. The receiver
fetches how it stands now. So a message that comes late, twice or out of order does no harm, and no
text that was taken back meanwhile is on its way for three days.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from commitments.open_net import NoSuchHostError, RefusedError, addresses_to_ask, exchange

TIMEOUT_SECONDS: Final = 10.0
USER_AGENT: Final = "commitments-webhooks/1"
LONGEST_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of one change; `webhook_id` is the same in every attempt."""

    webhook_id: str
    number: int
    record: str
    record_id: str
    kind: str
    is_gone: bool
    recorded_at: datetime
    url: str

    @property
    def event(self) -> str:
        """The `type` of the message: "commitment.changed", "commitment.gone"."""
        return f"{self.record}.{'gone' if self.is_gone else 'changed'}"

    def body(self) -> str:
        """The JSON that is signed and sent: the same bytes in every attempt."""
        data = {"number": self.number, "record": self.record, "id": self.record_id}
        if not self.is_gone:
            data |= {"kind": self.kind, "url": self.url}
        recorded = self.recorded_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        message = {"type": self.event, "timestamp": recorded, "data": data}
        return json.dumps(message, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt; `status` is None where nobody has answered."""

    status: int | None
    text: str
    milliseconds: int

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it: any status from 200 to 299."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more (RFC 9110, 15.5.11)."""
        return self.status == http.client.GONE


def signed_headers(message: Message, secrets: Sequence[str], *, at: datetime) -> dict[str, str]:
    """The headers of an attempt at the instant `at`, with a signature for each secret."""
    instant = at.astimezone(UTC)
    body = message.body()
    signatures = (Webhook(secret).sign(message.webhook_id, instant, body) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message.webhook_id,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def send(
    message: Message,
    *,
    url: str,
    secrets: Sequence[str],
    at: datetime,
    allow_private: bool,
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """Post `message` to `url`; never raises for what the other host does.

    No redirect is followed: what a receiver sends elsewhere is a failure, and it has to say its new
    address here. `timeout` is in seconds and holds for the attempt as a whole.
    """
    begun = time.monotonic()
    try:
        parts = urlsplit(url)
        addresses = addresses_to_ask(parts, allow_private=allow_private)
        status, onward = exchange(
            "POST",
            parts,
            addresses,
            timeout=timeout,
            headers=signed_headers(message, secrets, at=at),
            body=message.body().encode(),
        )
        text = f"redirected, not followed: {onward}" if onward else ""
    except (RefusedError, NoSuchHostError) as error:
        status, text = None, str(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, text = None, f"{type(error).__name__}: {error}"
        if time.monotonic() - begun >= timeout:  # what breaks then was broken off by us
            text = f"no answer within {timeout:g} seconds"
    milliseconds = round((time.monotonic() - begun) * 1000)
    return Answer(status, _line(text), milliseconds)


def _line(text: str) -> str:
    """What another host wrote, as one short line that every database takes."""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST_TEXT]
