from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.ical.content_lines import (
    clean_text,
    content_line,
    escape_text,
    fold,
    text_line,
    uri_line,
)

FAMILY = "👩‍👩‍👧‍👦"


def unfold(data: bytes) -> str:
    """The one logical line in `data`, undone by the letter of RFC 5545 section 3.1."""
    assert data.endswith(b"\r\n")
    return data[:-2].replace(b"\r\n ", b"").decode()


def unescape(value: str) -> str:
    """The text of a TEXT value, undone by the letter of RFC 5545 section 3.3.11."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), value)


def test_text_line_with_a_line_break_stays_one_property() -> None:
    line = text_line("SUMMARY", "a\r\nATTENDEE:mailto:x@y")

    assert line == b"SUMMARY:a\\nATTENDEE:mailto:x@y\r\n"


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break_becomes_one_escaped_newline(line_break: str) -> None:
    assert escape_text(f"a{line_break}b") == "a\\nb"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x0c", "\x1d", "\x7f", "\x9f"])
def test_control_characters_are_removed(character: str) -> None:
    assert text_line("SUMMARY", f"a{character}b") == b"SUMMARY:ab\r\n"


@pytest.mark.parametrize(
    ("before", "kept_or_not"), [("\x1f", ""), (" ", " "), ("~", "~"), ("\x7f", ""), ("\x80", "")]
)
def test_control_characters_end_where_the_rfc_says(before: str, kept_or_not: str) -> None:
    assert clean_text(f"a{before}b") == f"a{kept_or_not}b"


def test_a_tab_is_text_and_stays() -> None:
    assert text_line("SUMMARY", "a\tb") == b"SUMMARY:a\tb\r\n"


@pytest.mark.parametrize(
    "code", [0xD800, 0xD83D, 0xDFFF, 0xFFFE, 0xFFFF, 0x202A, 0x202E, 0x2066, 0x2069]
)
def test_what_is_no_text_or_turns_the_reading_order_is_removed(code: int) -> None:
    assert text_line("SUMMARY", f"a{chr(code)}b") == b"SUMMARY:ab\r\n"


def test_marks_of_direction_and_joiners_stay() -> None:
    assert clean_text("a\u200e\u200f\u061c\u200db") == "a\u200e\u200f\u061c\u200db"


def test_text_is_escaped_as_the_rfc_says_and_no_further() -> None:
    assert escape_text('a;b,c\\d:e"f') == 'a\\;b\\,c\\\\d:e"f'


@pytest.mark.parametrize("text", ["\\n", "\\N", "\\\\n", "\\;", "a\\"])
def test_a_literal_backslash_never_becomes_a_line_break(text: str) -> None:
    assert unescape(escape_text(text)) == text


def test_outer_space_goes_and_nothing_left_is_no_line() -> None:
    assert text_line("LOCATION", " \t Astana\n") == b"LOCATION:Astana\r\n"
    assert text_line("LOCATION", " \n\x00 ") == b""


@pytest.mark.parametrize(("octets", "lines"), [(74, 1), (75, 1), (76, 2), (149, 2), (150, 3)])
def test_fold_leaves_lines_of_75_octets_and_cuts_longer_ones(octets: int, lines: int) -> None:
    folded = fold(b"x" * octets)

    assert folded.count(b"\r\n") == lines
    assert max(map(len, folded.split(b"\r\n"))) == min(octets, 75)
    assert unfold(folded) == "x" * octets


@pytest.mark.parametrize("character", ["é", "日", "𝕏", FAMILY])
@pytest.mark.parametrize("shift", range(8))
def test_fold_cuts_between_characters_only(character: str, shift: int) -> None:
    text = "x" * shift + character * 200

    line = text_line("SUMMARY", text)

    for physical in line.split(b"\r\n"):
        assert len(physical) <= 75
        physical.decode()
    assert unfold(line) == f"SUMMARY:{text}"


@given(st.text(st.characters(), max_size=400))
@example("a\r\n b")
@example("\ud83d\ude00")
@example("é" * 33 + "\\" * 60)
def test_any_text_comes_back_and_keeps_to_its_line(text: str) -> None:
    line = text_line("SUMMARY", f"x{text}x")

    physical_lines = line.split(b"\r\n")
    assert physical_lines.pop() == b""
    assert max(map(len, physical_lines)) <= 75
    assert not re.search(
        "[\x00-\x08\x0a-\x1f\x7f-\x9f]", "".join(map(bytes.decode, physical_lines))
    )
    assert [one[:1] for one in physical_lines[1:]] == [b" "] * (len(physical_lines) - 1)
    assert unescape(unfold(line).removeprefix("SUMMARY:")) == clean_text(f"x{text}x")


@given(st.text(st.characters(), max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Cf")), max_size=99))
def test_cleaning_leaves_visible_text_alone(text: str) -> None:
    assert clean_text(text) == text


@given(st.text(st.characters(), max_size=200))
def test_a_raw_value_never_holds_a_line_break(value: str) -> None:
    assert re.fullmatch("X:[^\r\n]*", unfold(content_line("X", value)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("a,b", '"a,b"'),
        ("a;b:c", '"a;b:c"'),
        ('say "x"', "say ^'x^'"),
        ("a^b", "a^^b"),
        ("0\t=", '"0\t="'),
        ("a\\n \\", "a＼n ＼"),
        ("a\r\nATTENDEE:x", '"a^nATTENDEE:x"'),
        ("a\x00\ud83db", "ab"),
    ],
)
def test_parameters_are_quoted_and_encoded(text: str, written: str) -> None:
    line = content_line("LINK", "v", [("LABEL", text)])

    assert line == f"LINK;LABEL={written}:v\r\n".encode()


@given(st.text(st.characters(), max_size=60))
def test_a_parameter_comes_back(text: str) -> None:
    line = unfold(content_line("LINK", "v", [("LABEL", text)]))

    match = re.fullmatch(r'LINK;LABEL=(?:"([^"\r\n]*)"|([^";:,\t\r\n]*)):v', line)
    assert match is not None
    decoded = {"^": "^", "n": "\n", "'": '"'}
    value = re.sub(r"\^([\^n'])", lambda found: decoded[found[1]], match[1] or match[2] or "")
    assert value == clean_text(text).replace("\\", "＼")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://a.org/x?y=1&z=%20#t", "https://a.org/x?y=1&z=%20#t"),
        ("https://a.org/x, y", "https://a.org/x,%20y"),
        ("https://a.org/қ", "https://a.org/%D2%9B"),
        ('https://a.org/"<>', "https://a.org/%22%3C%3E"),
        ("https://a.org/\r\nATTENDEE:x", "https://a.org/%0AATTENDEE:x"),
        ("https://a.org/\ud83d\x00", "https://a.org/"),
    ],
)
def test_uris_are_percent_encoded(address: str, written: str) -> None:
    assert uri_line("URL", address) == f"URL:{written}\r\n".encode()


def test_no_address_is_no_line() -> None:
    assert uri_line("URL", "") == b""
