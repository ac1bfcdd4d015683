"""A mail as bytes: one text and one HTML part behind ASCII headers.

Written here and not by `email.message`: its modern policy turns a long `List-Unsubscribe` into an
RFC 2047 encoded word, which no mail program takes for a link, and its boundaries are random. Here
the same texts always make the same bytes, in lines that every host takes (7 bit, at most 998).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Final

CRLF: Final = "\r\n"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""All of Unicode's category Cc."""


def one_line(text: str, *, most: int) -> str:
    """`text` as one line of at most `most` letters: no line breaks, no control characters."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@lru_cache(maxsize=8)
def address_header(address: str) -> str:
    """A mailbox for From or To, its name encoded where it needs to be (RFC 5322, 3.4)."""
    name, bare = parseaddr(address)
    return formataddr((name, bare), charset="utf-8")


def write_message(*, headers: Iterable[tuple[str, str]], text: str, html: str) -> bytes:
    """The whole mail with CRLF line ends, the text part first (RFC 2046, 5.1.4: best part last).

    Raises ValueError for a header with a control character: it could begin another header.
    """
    digest = hashlib.sha256((text + "\0" + html).encode()).hexdigest()
    # "=_" stands in no quoted-printable and no base64 line (RFC 2045, 6.7).
    boundary = f"=_{digest[:24]}"
    lines = [_header(name, value) for name, value in headers]
    lines.append("MIME-Version: 1.0")
    lines.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
    for subtype, content in (("plain", text), ("html", html)):
        lines += ["", f"--{boundary}", *_part(subtype, content)]
    lines += ["", f"--{boundary}--", ""]
    return CRLF.join(lines).encode("ascii")


def _header(name: str, value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(f"The header {name} has a control character: clean it by one_line().")
    if value.isascii():
        # Not folded: 998 letters are allowed (RFC 5322, 2.1.1), and a link must stay in one piece.
        return f"{name}: {value}"
    return f"{name}: {_encoded(name, value)}"


@lru_cache(maxsize=128)
def _encoded(name: str, value: str) -> str:
    """RFC 2047; a subject stands in many mails."""
    return Header(value, "utf-8", maxlinelen=76, header_name=name).encode(linesep=CRLF)


def _part(subtype: str, content: str) -> list[str]:
    # Not splitlines(): it takes a dozen more characters for the end of a line.
    lines = _LINE_END.split(content.rstrip("\r\n"))
    data = "".join(f"{line}{CRLF}" for line in lines).encode(errors="replace")
    foreign = len(data) - len(data.decode("ascii", errors="ignore"))
    if foreign * 6 > len(data):
        encoding, body = "base64", base64.encodebytes(data)
    else:
        encoding, body = "quoted-printable", binascii.b2a_qp(data, istext=True)
    return [
        f"Content-Type: text/{subtype}; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        *body.decode("ascii").splitlines(),
    ]
