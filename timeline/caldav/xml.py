"""XML of WebDAV, in and out: a parser that trusts nobody, and answers that are sent as they grow.

The parser resolves no entity, loads nothing and takes no document type at all: no request of WebDAV
has one, and it is the door to every known attack on XML parsers.

What is written is octets from the start, and text only ever gets in through `escape`: a tree of
10,000 items would have to be held in memory whole before its first octet could leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from http import HTTPStatus
from typing import Final, TypeAlias

from lxml import etree

from timeline.caldav.refusals import Refusal

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml has no public name for the type
Markup: TypeAlias = bytes
"""A finished piece of XML; a text that is still to be escaped is a `str`."""

DAV: Final = "DAV:"
CALDAV: Final = "urn:ietf:params:xml:ns:caldav"
CALENDAR_SERVER: Final = "http://calendarserver.org/ns/"
APPLE_ICAL: Final = "http://apple.com/ns/ical/"
MOST_OCTETS: Final = 1024 * 1024
BLOCK_OCTETS: Final = 64 * 1024  # what is sent at once
XML_TYPE: Final = "application/xml; charset=utf-8"

_PREFIXES: Final = {"D": DAV, "C": CALDAV, "CS": CALENDAR_SERVER, "A": APPLE_ICAL}
_SPACES: Final = {space: prefix for prefix, space in _PREFIXES.items()}
_HEAD: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'
_DECLARED: Final = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _PREFIXES.items())
# What no document of XML 1.0 can have, not even escaped (section 2.2).
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def tag(name: str) -> str:
    """The full name for a short one: "D:href" is "{DAV:}href"."""
    prefix, _colon, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def short_name(element: Element) -> str:
    """The short name of an element, "D:href"; its full one where we know no prefix for it."""
    return _shortened(str(element.tag))


def children_of(element: Element) -> list[Element]:
    """The elements directly under `element`."""
    return list(element.iterchildren("*"))


def make(name: str, /, *children: Markup | str, **attributes: str) -> Markup:
    """The element with the short name `name`, and in it elements or texts, which are escaped."""
    start = name.encode()
    given = b"".join([b" %b=%b" % (key.encode(), _quote(text)) for key, text in attributes.items()])
    if not children:
        return b"<%b%b/>" % (start, given)
    inner = b"".join([child if isinstance(child, bytes) else escape(child) for child in children])
    return b"<%b%b>%b</%b>" % (start, given, inner, start)


def make_named(full_name: str) -> Markup:
    """An empty element by its full name, as a client has sent it."""
    name = _shortened(full_name)
    space, closing, local = full_name.removeprefix("{").rpartition("}")
    if not closing:
        return f"<{full_name}/>".encode()
    if name != full_name:
        return f"<{name}/>".encode()
    return b"<x:%b xmlns:x=%b/>" % (local.encode(), _quote(space))


def escape(text: str) -> Markup:
    """`text` as the content of an element: read back, it is the same to the sign."""
    clean = text if text.isprintable() else _NO_XML.sub("", text)
    shown = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # One that stood for itself would come out as a newline (XML 1.0 section 2.11).
    return shown.replace("\r", "&#13;").encode()


def parse(body: bytes) -> Element:
    """The root of a request; raises Refusal (400, 413) for what no client would send."""
    if len(body) > MOST_OCTETS:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Ask for less at once.")
    if b"<!DOCTYPE" in body:
        raise Refusal(HTTPStatus.BAD_REQUEST, "Leave the document type out.")
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the document says: in another one the check above is blind
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, "This is no well-formed XML in UTF-8.") from error


def document(name: str, parts: Iterable[Markup]) -> Iterator[bytes]:
    """The document whose root is `name`, with `parts` in it, in blocks of `BLOCK_OCTETS`."""
    block, size = [_HEAD, f"<{name}{_DECLARED}>".encode()], 0
    for part in parts:
        block.append(part)
        size += len(part)
        if size >= BLOCK_OCTETS:
            yield b"".join(block)
            block, size = [], 0
    block.append(f"</{name}>".encode())
    yield b"".join(block)


def told(href: str, found: Sequence[Markup], missing: Sequence[Markup] = ()) -> Markup:
    """A part of a multistatus (RFC 4918 section 13): what one resource has, and what it has not."""
    propstats = [
        make("D:propstat", make("D:prop", *properties), _status(status))
        for status, properties in ((HTTPStatus.OK, found), (HTTPStatus.NOT_FOUND, missing))
        if properties
    ]
    # A response needs a status or a propstat, also where nothing was asked for.
    return make("D:response", make("D:href", href), *(propstats or [_status(HTTPStatus.OK)]))


def told_gone(href: str) -> Markup:
    """The part that says that there is nothing at `href`, or no more."""
    return make("D:response", make("D:href", href), _status(HTTPStatus.NOT_FOUND))


@cache
def _status(status: HTTPStatus) -> Markup:
    return make("D:status", f"HTTP/1.1 {status.value} {status.phrase}")


def _shortened(full_name: str) -> str:
    space, closing, local = full_name.removeprefix("{").rpartition("}")
    prefix = _SPACES.get(space) if closing else None
    return f"{prefix}:{local}" if prefix else full_name


def _quote(text: str) -> Markup:
    """`text` as the value of an attribute, where white space would become a plain space."""
    value = escape(text).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")
    return b'"%b"' % value
