"""Requests that no client sends: refused, quickly, and with nothing of ours in the answer."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeline.caldav.asking import ALL, D, ask, condition_of, propfind
from timeline.caldav.refusals import Refusal
from timeline.caldav.xml import BLOCK_OCTETS, MOST_OCTETS, document, make, make_named, parse

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
START = '<propfind xmlns="DAV:"><prop>'
END = "</prop></propfind>"


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><propfind xmlns="DAV:">&l9;</propfind>',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{START}&e;{END}',
        '<!DOCTYPE propfind SYSTEM "http://127.0.0.1:1/x.dtd"><propfind xmlns="DAV:"/>',
        f"<!DOCTYPE x>{START}{END}",
        "no XML",
        f"{START}",
        f"{START}&nbsp;{END}",
        "<a>" * 100_000,
        f"{START}\x01{END}",
    ],
)
@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
@pytest.mark.django_db
def test_what_is_no_honest_xml_is_a_bad_request(method: str, body: str) -> None:
    response = ask(method, ALL, body, Depth="0")
    assert condition_of(response) == (400, "")
    assert b"root:" not in response.content


def test_another_encoding_does_not_hide_a_document_type() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><propfind xmlns="DAV:"/>'
    for encoding in ("utf-16", "utf-16-le", "utf-7", "utf-32"):
        with pytest.raises(Refusal):
            parse(hidden.encode(encoding))


def test_an_included_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    body = (
        f'<propfind xmlns="DAV:"><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
        f'parse="text" href="{secret.as_uri()}"/></propfind>'
    )
    assert "secret" not in "".join(map(str, parse(body.encode()).itertext()))


@pytest.mark.parametrize(("more", "status"), [(-1, 0), (0, 0), (1, 413)])
def test_a_request_may_have_a_megabyte(more: int, status: int) -> None:
    frame = len(START + END)
    body = f"{START}{' ' * (MOST_OCTETS + more - frame)}{END}".encode()
    if not status:
        assert parse(body).tag == f"{D}propfind"
        return
    with pytest.raises(Refusal) as refused:
        parse(body)
    assert refused.value.status == status


@pytest.mark.django_db
def test_a_report_that_we_do_not_know_is_refused_by_name() -> None:
    body = '<D:expand-property xmlns:D="DAV:"/>'
    assert condition_of(ask("REPORT", ALL, body)) == (403, f"{D}supported-report")


@pytest.mark.django_db
def test_propfind_takes_a_propfind_only() -> None:
    assert condition_of(ask("PROPFIND", ALL, '<D:prop xmlns:D="DAV:"/>', Depth="0")) == (400, "")


@pytest.mark.django_db
def test_a_property_of_anybody_is_repeated_under_its_own_name() -> None:
    body = f'{START}<x:own xmlns:x="urn:x"/><plain xmlns=""/>{END}'
    response = ask("PROPFIND", ALL, body, Depth="0")
    assert (response.status_code, b"urn:x" in response.content) == (207, True)
    assert propfind(ALL, "D:getetag")[ALL].missing == [f"{D}getetag"]


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_back_as_it_was_but_for_what_xml_cannot_have(text: str) -> None:
    written = b"".join(document("D:prop", [make("D:href", text, title=text), make("D:set", text)]))
    href, other = ElementTree.fromstring(written)
    allowed = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    assert (href.text or "", href.get("title"), other.text or "") == (allowed,) * 3


@pytest.mark.parametrize("name", ['{urn:x"><&}own', "{DAV:}own", "own", "{urn:ключ}ключ"])
def test_a_name_of_anybody_comes_back_as_it_was(name: str) -> None:
    [own] = ElementTree.fromstring(b"".join(document("D:prop", [make_named(name)])))
    assert own.tag == name


@pytest.mark.parametrize(("octets", "blocks"), [(-1, 1), (0, 2), (1, 2)])
def test_a_document_comes_in_blocks(octets: int, blocks: int) -> None:
    around = b"".join(document("D:prop", []))
    head = around.removesuffix(b"</D:prop>")
    part = b"<D:x/>"
    first = BLOCK_OCTETS - len(part) + octets
    parts = [make("D:y", "a" * (first - len("<D:y></D:y>"))), part]
    written = list(document("D:prop", parts))
    assert len(written) == blocks
    assert b"".join(written) == head + b"".join(parts) + b"</D:prop>"
