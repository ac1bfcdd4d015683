"""What no line, no text, no address and no translation may hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from commitments.validators import (
    BIDI_CONTROLS,
    validate_http_url,
    validate_language,
    validate_line,
    validate_text,
    validate_time_zone,
    validate_translations,
    validate_window,
)


def refusal(validate: Callable[[Any], None], value: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        validate(value)
    return caught.value


CONTROLS = [chr(code) for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\r\t"]
SURROGATES = ["\ud800", "\ud83d", "\udbff", "\udc00", "\udfff"]
NONCHARACTERS = ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"]


@pytest.mark.parametrize("validate", [validate_line, validate_text, validate_http_url])
@pytest.mark.parametrize("bad", [*CONTROLS, *SURROGATES, *NONCHARACTERS, *sorted(BIDI_CONTROLS)])
def test_control_characters_are_refused_everywhere(
    bad: str, validate: Callable[[str], None]
) -> None:
    for value, position in ((f"http://a.org/{bad}", 14), (f"{bad}http://a.org/", 1)):
        error = refusal(validate, value)
        assert error.code == "control_character"
        assert error.messages == [
            f"Remove the control character U+{ord(bad):04X} at position {position}."
        ]


@pytest.mark.parametrize("bad", ["\n", "\r", "\r\n", "\t", "\u2028", "\u2029"])
def test_a_line_is_one_line_and_a_text_may_have_several(bad: str) -> None:
    assert refusal(validate_line, f"a{bad}b").code == "control_character"
    validate_text(f"a{bad}b")


@pytest.mark.parametrize("validate", [validate_line, validate_text])
@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", "\u200d\ufeff", "\u2003 \u200e"])
def test_what_cannot_be_seen_is_no_text(blank: str, validate: Callable[[str], None]) -> None:
    assert refusal(validate, blank).code == "invisible"
    validate("")


@pytest.mark.parametrize(
    "good",
    [
        "Ұлттық ғарыш порты",
        "«Байтерек» – 2025",
        "العربية \u200f(عربي)\u200e",  # right to left, with the plain marks that such texts need
        "👨‍👩‍👧 family",
        "é and é",
        'a;b,c\\d:e"f',
        "<b>not markup</b>",
        "=1+1",
    ],
)
def test_every_script_and_sign_is_a_line(good: str) -> None:
    validate_line(good)
    validate_text(good)


@given(st.text())
def test_what_passes_as_a_line_can_be_stored_and_shown(value: str) -> None:
    try:
        validate_line(value)
    except ValidationError:
        return
    assert value.encode().decode() == value
    assert "\x00" not in value
    assert value.splitlines() in ([], [value])


@pytest.mark.parametrize("validate", [validate_line, validate_text])
def test_a_megabyte_is_checked_at_once(validate: Callable[[str], None]) -> None:
    begun = time.process_time()
    validate("ұ" * 1_000_000)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "https://example.org/a?b=c#d",
        "https://президент.рф/",
        "http://[::1]:8000/",
        "http://127.0.0.1/",
        "HTTPS://EXAMPLE.ORG/",
    ],
)
def test_addresses_of_the_web_are_taken(address: str) -> None:
    validate_http_url(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "ftp://example.org/",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "//example.org/",
        "example.org",
        "http://",
        "http://a b.org/",
        "http://example.org/ b",
        "http://[::1",
        "https://" + "a" * 3000 + ".org/",
        "vbscript:x",
        " http://example.org/",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    error = refusal(validate_http_url, address)
    assert error.code == "invalid"
    assert error.messages == ["Enter an address that starts with http:// or https://."]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Almaty", "America/Argentina/Ushuaia"])
def test_time_zones_of_the_database_are_taken(zone: str) -> None:
    validate_time_zone(zone)


@pytest.mark.parametrize(
    "zone",
    ["", "Almaty", "asia/almaty", "+05:00", "localtime", "Factory", "../../etc/passwd", "x\x00"],
)
def test_any_other_time_zone_is_refused(zone: str) -> None:
    assert refusal(validate_time_zone, zone).code == "time_zone"


@pytest.mark.parametrize("code", ["en", "kk", "pt-BR", "zh-Hant", "kaz"])
def test_codes_of_languages_are_taken(code: str) -> None:
    validate_language(code)


@pytest.mark.parametrize(
    "code", ["", "e", "EN", "en_GB", "english language", "en-", "\ud83d", "kк"]
)
def test_any_other_code_of_a_language_is_refused(code: str) -> None:
    assert refusal(validate_language, code).code == "language"


def test_a_window_is_edtf_or_nothing() -> None:
    for good in ("", "2026", "2025-21", "2026-04/..", "../2026"):
        validate_window(good)
    for bad in ("2025-02-30", "2026/2025", "soon", "2026-13", "12026", "x" * 1_000_000):
        assert refusal(validate_window, bad).code == "window_invalid"
    assert refusal(validate_window, "2025-02-30").messages == [
        "2025-02-30 is not a day: that month has 28 days. Correct the day or leave it out."
    ]


def test_translations_are_texts_by_language_and_field() -> None:
    validate_translations({})
    validate_translations(
        {
            "ru": {"title": "Запуск", "summary": "Раз.\nДва."},
            "kk": {"name": "Қазақстан", "office": "Президент"},
            "pt-BR": {},
        }
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "translations"),
        ([], "translations"),
        ("ru", "translations"),
        ({"ru": "Запуск"}, "translations"),
        ({"ru": ["title"]}, "translations"),
        ({"ru": {"title": None}}, "translations"),
        ({"ru": {"title": 5}}, "translations"),
        ({"ru": {"title": {"a": "b"}}}, "translations"),
        ({"ru": {"wording": "Астана"}}, "translations"),
        ({1: {"title": "x"}}, "translations"),
        ({"": {"title": "x"}}, "language"),
        ({"\ud83d": {"title": "x"}}, "language"),
        ({"ru\x00": {}}, "language"),
        ({"Russian": {}}, "language"),
        ({"ru": {"title": "a\nb"}}, "control_character"),
        ({"ru": {"title": "\ud83d"}}, "control_character"),
        ({"ru": {"summary": "\x07"}}, "control_character"),
        ({"ru": {"title": " "}}, "invisible"),
        ({"ru": {"title": "x" * 301}}, "max_length"),
        ({"ru": {"name": "x" * 201}}, "max_length"),
        ({"ru": {"office": "x" * 201}}, "max_length"),
        ({"ru": {"summary": "x" * 5001}}, "max_length"),
        ({"ru": {"note": "x" * 5001}}, "max_length"),
        ({"ru": {"place": "x" * 201}}, "max_length"),
        ({"ru": {"place": "a\nb"}}, "control_character"),
    ],
)
def test_translations_of_another_shape_are_refused(value: object, code: str) -> None:
    assert refusal(validate_translations, value).code == code


def test_translations_at_their_longest_are_taken() -> None:
    longest = dict.fromkeys(("place", "name", "office"), "x" * 200)
    longest |= {"title": "x" * 300} | dict.fromkeys(("summary", "note"), "x" * 5000)
    validate_translations({"ru": longest})
