"""Content lines, the atoms of iCalendar: escaping, quoting, folding (RFC 5545 section 3.1).

Nothing that a text holds can break out of its line: control characters are removed here once
more, whatever was let in at the input, so that one bad title never takes a feed down.
Names of properties and parameters are constants of this program and are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

MAX_OCTETS: Final = 75  # of a physical line without its CRLF (RFC 5545 section 3.1)

# What fits behind the space that begins a continuation, up to where a character ends in UTF-8.
_CONTINUATIONS: Final = re.compile(rb".{1,74}(?![\x80-\xBF])", re.DOTALL)

_LINE_BREAKS: Final = re.compile("\r\n?|\x85|\u2028|\u2029")

# Control characters but tab and newline (RFC 5545 CONTROL; the C1 block as well, since readers
# split lines at some of them), lone surrogates (no UTF-8), U+FFFE and U+FFFF (no XML, and a
# CalDAV answer is XML), and what turns the reading order of the text around it (Unicode TR 36).
_FORBIDDEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters
    "\ud800-\udfff\ufffe\uffff"  # not text
    "\u202a-\u202e\u2066-\u2069"  # order of reading
)
_UNSAFE: Final = re.compile(f"[{_FORBIDDEN}]")
_SUSPECT: Final = re.compile(f"[{_FORBIDDEN}\u2028\u2029]")
_PLAIN: Final = bytes([*range(0x20, 0x7F), 0x0A])  # what can stand in a text as it is, and newline
_NEEDS_QUOTES: Final = re.compile("[:;,\t]")  # icalendar loses a tab of what is not quoted
_URI: Final = re.compile(r"[A-Za-z0-9%:/?#\[\]@!$&'()*+,;=~._-]*")
_URI_KEEPS: Final = "%:/?#[]@!$&'()*+,;=~-._"  # the signs of RFC 3986, and "%"


def clean_text(text: str) -> str:
    """`text` with every kind of line break as a newline, and without forbidden characters."""
    # Printable text has nothing of it, and a newline is all right: that test is by far the cheaper.
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    if _SUSPECT.search(text) is None:
        return text
    return _UNSAFE.sub("", _LINE_BREAKS.sub("\n", text))


def escape_text(text: str) -> str:
    """The value of type TEXT for `text`, cleaned and without space around it.

    RFC 5545 section 3.3.11. Outer space goes because libical drops it, and then sees an error
    in a value that has nothing else.
    """
    return escaped(text).decode()


def escaped(text: str) -> bytes:
    """The same in UTF-8, which is what is written in the end, and several times as fast to search.

    What is left without the plain octets is looked at as text: nothing, or the few letters that are
    not ASCII. Only where one of them is no letter (or a space of another kind) all is cleaned.
    """
    try:
        octets = text.encode()
        others = octets.translate(None, _PLAIN)
        if others and not others.decode().isprintable():
            octets = clean_text(text).strip().encode()
    except UnicodeEncodeError:  # a lone surrogate
        octets = clean_text(text).strip().encode()
    return (
        octets.strip()
        .replace(b"\\", b"\\\\")
        .replace(b";", b"\\;")
        .replace(b",", b"\\,")
        .replace(b"\n", b"\\n")
    )


def content_line(name: str, value: str, params: Sequence[tuple[str, str]] = ()) -> bytes:
    """The folded bytes, with CRLF, of one property.

    `value` is in iCalendar form already: pass a text through `escape_text` first, or use
    `text_line`. What is left of line breaks in it is removed, never written.
    """
    one_line = clean_text(value).replace("\n", "")
    return fold(f"{_head(name, params)}:{one_line}".encode())


def text_line(name: str, text: str) -> bytes:
    """The folded bytes, with CRLF, of a property with one value of type TEXT; b"" without one."""
    value = escaped(text)
    return fold(b"%b:%b" % (name.encode(), value)) if value else b""


def uri_line(name: str, address: str, params: Sequence[tuple[str, str]] = ()) -> bytes:
    """The folded bytes, with CRLF, of a property with a value of type URI; b"" without one.

    What no URI may hold, as a space or a letter outside ASCII, is percent-encoded (RFC 3986).
    """
    value = address
    if not _URI.fullmatch(address):
        value = quote(clean_text(address), safe=_URI_KEEPS)
    return fold(f"{_head(name, params)}:{value}".encode()) if value else b""


def fold(line: bytes) -> bytes:
    """`line` cut into physical lines of at most 75 octets, each of whole characters, with CRLF.

    A cut may fall between the code points of one emoji, as the RFC allows, but never inside
    one: some readers decode each physical line by itself.
    """
    if len(line) <= MAX_OCTETS:
        return line + b"\r\n"
    end = MAX_OCTETS
    while line[end] & 0xC0 == 0x80:  # a continuation byte of UTF-8
        end -= 1
    return b"\r\n ".join([line[:end], *_CONTINUATIONS.findall(line, end)]) + b"\r\n"


def _head(name: str, params: Sequence[tuple[str, str]]) -> str:
    if not params:
        return name
    return name + "".join([f";{key}={_parameter_value(text)}" for key, text in params])


def without_backslash(text: str) -> str:
    """`text` with a sign in place of each backslash that looks like one and has no meaning.

    Two places are misread by good readers though they are written by the letter: in a parameter
    icalendar and ical.js take a backslash for the sign of TEXT (one at the end takes the colon with
    it, and the line is lost); among several categories ical and ical.js take the comma after an
    escaped one for a part of the name.
    """
    return text.replace("\\", "\uff3c")


def _parameter_value(text: str) -> str:
    """A parameter's value: quotes and line breaks as RFC 6868 writes them, quoted if need be."""
    value = without_backslash(clean_text(text))
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if _NEEDS_QUOTES.search(value) else value
