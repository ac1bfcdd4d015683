"""What a mail that came back says: reports of failures (RFC 3464), complaints (RFC 5965), noise.

It is written by strangers: whatever does not read is noise, and nothing here raises for it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

MOST_BYTES: Final = 1_000_000
_WHERE_IT_CAME: Final = ("Delivered-To", "X-Original-To", "To", "Return-Path", "X-Return-Path")
_STATUS: Final = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
_LINK: Final = re.compile(r"<(https?://[^>\s]+)>")
# Not `default`: what a stranger has folded wrongly must not raise.
_POLICY: Final = policy.compat32


class Verdict(enum.Enum):
    """What a returned mail is."""

    PERMANENT = "the address does not work"
    TEMPORARY = "it could not be delivered now"
    COMPLAINT = "it was marked as spam"
    IGNORED = "nothing to be done"


@dataclass(frozen=True, slots=True)
class Returned:
    """What is said, and where a signature of ours may stand: in addresses, or in links."""

    verdict: Verdict
    text: str = ""
    addresses: tuple[str, ...] = ()
    unsubscribe_links: tuple[str, ...] = ()


def read_returned(content: bytes) -> Returned:
    """Read a mail; what answers by itself (out of office) or says nothing clear is IGNORED."""
    message = message_from_bytes(content[:MOST_BYTES], policy=_POLICY)
    if message.get_content_type() != "multipart/report":
        return Returned(Verdict.IGNORED)
    parts = list(message.walk())
    verdict, text = _complaint(parts) or _failure(parts) or (Verdict.IGNORED, "")
    return Returned(
        verdict=verdict,
        text=text,
        addresses=tuple(_addresses(message, parts)),
        unsubscribe_links=tuple(_links(parts)),
    )


def _complaint(parts: list[Message]) -> tuple[Verdict, str] | None:
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            fields = _text_of(part)
            return Verdict.COMPLAINT, _field(fields, "Feedback-Type") or "abuse"
    return None


def _failure(parts: list[Message]) -> tuple[Verdict, str] | None:
    """The worst of what is reported for the recipients: RFC 3464, 2.3.3 and 2.3.4."""
    found = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            status = _STATUS.search(str(block.get("Status", "")))
            if str(block.get("Action", "")).strip().lower() != "failed" or status is None:
                continue
            verdict = Verdict.PERMANENT if status[1] == "5" else Verdict.TEMPORARY
            found.append((verdict, f"{status[0]} {block.get('Diagnostic-Code', '')}".strip()))
    # A full mailbox (5.2.2) and a refusal by policy (5.7.x) say nothing about the address.
    softened = [
        (Verdict.TEMPORARY if text.startswith(("5.2.2", "5.7.")) else verdict, text)
        for verdict, text in found
    ]
    return min(softened, key=lambda pair: pair[0] is not Verdict.PERMANENT, default=None)


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _text_of(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(one.as_string() for one in payload if isinstance(one, Message))
    return str(payload)


def _field(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(\S.*)$", text, re.MULTILINE | re.IGNORECASE)
    return found[1].strip() if found else ""


def _addresses(message: Message, parts: list[Message]) -> Iterator[str]:
    for headers in (message, *_brought_back(parts)):
        for name in _WHERE_IT_CAME:
            yield from (str(value) for value in headers.get_all(name, []))


def _links(parts: list[Message]) -> Iterator[str]:
    for headers in _brought_back(parts):
        for value in headers.get_all("List-Unsubscribe", []):
            yield from _LINK.findall(str(value))


def _brought_back(parts: list[Message]) -> Iterator[Message]:
    """The mail that it is about, in full or its headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            yield from _blocks(part)
        elif part.get_content_type() == "text/rfc822-headers":
            yield message_from_bytes(str(part.get_payload()).encode(), policy=_POLICY)
