"""XML of WebDAV, in and out: a parser that trusts nobody, and the multistatus answer.

The parser resolves no entity, loads nothing and takes no document type at all: no request of WebDAV
has one, and it is the door to every known attack on XML parsers.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, TypeAlias

from lxml import etree

from timeline.caldav.refusals import Refusal

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml has no public name for the type

DAV: Final = "DAV:"
CALDAV: Final = "urn:ietf:params:xml:ns:caldav"
CALENDAR_SERVER: Final = "http://calendarserver.org/ns/"
APPLE_ICAL: Final = "http://apple.com/ns/ical/"
MOST_OCTETS: Final = 1024 * 1024
XML_TYPE: Final = "application/xml; charset=utf-8"

_PREFIXES: Final = {"D": DAV, "C": CALDAV, "CS": CALENDAR_SERVER, "A": APPLE_ICAL}
_SPACES: Final = {space: prefix for prefix, space in _PREFIXES.items()}


def tag(name: str) -> str:
    """The full name for a short one: "D:href" is "{DAV:}href"."""
    prefix, _colon, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def short_name(element: Element) -> str:
    """The short name of an element, "D:href"; its full one where we know no prefix for it."""
    name = etree.QName(element)
    prefix = _SPACES.get(name.namespace or "")
    return f"{prefix}:{name.localname}" if prefix else str(element.tag)


def children_of(element: Element) -> list[Element]:
    """The elements directly under `element`."""
    return list(element.iterchildren("*"))


def make(name: str, /, *children: Element | str, **attributes: str) -> Element:
    """A new element, with elements or one text in it."""
    element = etree.Element(tag(name), attributes, nsmap=_PREFIXES)
    for child in children:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def make_named(full_name: str) -> Element:
    """A new empty element by its full name, as a client has sent it."""
    return etree.Element(full_name, nsmap=_PREFIXES)


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


def write(root: Element) -> bytes:
    """The document with `root`; a carriage return in a text is written as `&#13;` and survives."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["D"])
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


class Multistatus:
    """An answer about several resources (RFC 4918 section 13)."""

    def __init__(self) -> None:
        self.root = make("D:multistatus")

    def add(self, href: str, found: Iterable[Element], missing: Iterable[Element] = ()) -> None:
        """The properties of the resource at `href`: those it has, and those it has not."""
        response = make("D:response", make("D:href", href))
        groups = ((HTTPStatus.OK, list(found)), (HTTPStatus.NOT_FOUND, list(missing)))
        for status, properties in groups:
            if properties:
                prop = make("D:prop", *properties)
                response.append(make("D:propstat", prop, make("D:status", status_line(status))))
        if len(response) == 1:
            # A response needs a status or a propstat, also where nothing was asked for.
            response.append(make("D:status", status_line(HTTPStatus.OK)))
        self.root.append(response)

    def add_gone(self, href: str) -> None:
        """That there is nothing at `href`, or no more."""
        status = make("D:status", status_line(HTTPStatus.NOT_FOUND))
        self.root.append(make("D:response", make("D:href", href), status))

    def add_sync_token(self, token: str) -> None:
        """The token for the next synchronisation (RFC 6578 section 6.4)."""
        self.root.append(make("D:sync-token", token))

    def write(self) -> bytes:
        """The document."""
        return write(self.root)


def status_line(status: HTTPStatus) -> str:
    """The status of a part of an answer, as HTTP writes it."""
    return f"HTTP/1.1 {status.value} {status.phrase}"
