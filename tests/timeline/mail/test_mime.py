"""A mail as bytes."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.mail.mime import address_header, one_line, write_message

LINK = f"<https://example.org/{'x' * 120}/>"


def written(text: str = "Hello", html: str = "<p>Hello</p>", **headers: str) -> bytes:
    return write_message(headers=headers.items(), text=text, html=html)


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def part(content: bytes, subtype: str) -> str:
    found = parsed(content).get_body(preferencelist=(subtype,))
    assert found is not None
    return str(found.get_content())


def test_parts_come_text_first_and_read_back() -> None:
    content = written("Сәлем\nworld", "<p>Сәлем</p>")
    types = [one.get_content_type() for one in parsed(content).walk()]
    assert types == ["multipart/alternative", "text/plain", "text/html"]
    assert part(content, "plain").splitlines() == ["Сәлем", "world"]
    assert part(content, "html").strip() == "<p>Сәлем</p>"


def test_bytes_are_seven_bit_with_crlf_and_short_lines() -> None:
    content = written(
        "я" * 5000 + "\n" + "a" * 5000, "<p>" + "é" * 3000 + "</p>", Subject="ё" * 200
    )
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert content.endswith(b"--\r\n")


def test_same_texts_make_the_same_bytes() -> None:
    assert written(Subject="One") == written(Subject="One")


def test_long_link_in_a_header_stays_in_one_piece() -> None:
    content = written(**{"List-Unsubscribe": LINK})
    assert f"List-Unsubscribe: {LINK}\r\n".encode() in content


@pytest.mark.parametrize("value", ["a\r\nBcc: x@y", "a\nb", "a\rb", "a\x00b", "a\x1bb", "a\x85b"])
def test_header_with_a_control_character_is_refused_eml01(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        written(Subject=value)


def test_one_line_cannot_begin_another_header_eml01() -> None:
    subject = one_line("Launch\r\nBcc: x@y\r\n\r\nbody" + "z" * 2000, most=900)
    message = parsed(written(Subject=subject))
    assert message.keys() == ["Subject", "MIME-Version", "Content-Type"]
    assert message["Subject"].startswith("Launch Bcc: x@y body")
    assert len(message["Subject"]) == 900


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_title_makes_one_subject_and_any_text_reads_back(title: str, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    subject = one_line(title.encode("utf-8", "ignore").decode(), most=200)
    content = written(text, "<p></p>", Subject=subject)
    message = parsed(content)
    assert message.keys() == ["Subject", "MIME-Version", "Content-Type"]
    assert " ".join(str(message["Subject"]).split()) == " ".join(subject.split())
    line_end = r"\r\n|\r|\n"
    assert re.split(line_end, part(content, "plain"))[:-1] == re.split(
        line_end, text.rstrip("\r\n")
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("desk@example.org", "desk@example.org"),
        ("Desk <desk@example.org>", "Desk <desk@example.org>"),
        ("Бюро <desk@example.org>", "=?utf-8?b?0JHRjtGA0L4=?= <desk@example.org>"),
    ],
)
def test_address_keeps_its_name(address: str, expected: str) -> None:
    assert address_header(address) == expected
