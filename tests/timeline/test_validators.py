"""Addresses and moments as people and programs give them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from timeline.validators import normalised_address, validate_moments, validate_stored_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ann@Example.ORG", "ann@example.org"),
        ("Ann@example.org", "Ann@example.org"),
        ("  ann@example.org ", "ann@example.org"),
        ("ann+tag@example.org", "ann+tag@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("ann@пример.рф", "ann@xn--e1afmkfd.xn--p1ai"),
        ("ann@ПРИМЕР.рф", "ann@xn--e1afmkfd.xn--p1ai"),
        ("ann@XN--E1AFMKFD.xn--p1ai", "ann@xn--e1afmkfd.xn--p1ai"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_address_has_one_stored_form_eml08(typed: str, stored: str) -> None:
    assert normalised_address(typed) == stored
    validate_stored_address(stored)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "a@b,c@d",
        "a@example.org,c@example.org",
        "a@example.org;c@example.org",
        "a@example.org c@example.org",
        '"a"@b\r\n',
        '"a"@example.org',
        "ann@example.org\r\n",
        "ann@example.org\nBcc: eve@example.org",
        "ann\r\nBcc: eve@example.org",
        "ann@example.org\x00",
        "Ann <ann@example.org>",
        "анна@example.org",
        "ann@straße.de",
        "ann@exa mple.org",
        "ann@-example.org",
        "ann@example..org",
        ".ann@example.org",
        f"{'a' * 65}@example.org",
        f"ann@{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 63}.org",
        f"{'a' * 290}@example.org",
    ],
)
def test_address_that_is_not_one_address_is_refused_eml08(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        normalised_address(typed)
    assert caught.value.code in {"mail_address", "invalid"}


def test_stored_address_in_another_form_is_refused() -> None:
    with pytest.raises(ValidationError):
        validate_stored_address("ann@Example.org")


@pytest.mark.parametrize(
    "moments",
    [
        [["last_day", -7]],
        [["last_day", -366], ["last_day", 366]],
        [["opens", 0], ["half_way", 0], ["status_changed", 0], ["date_moved", 0], ["weekly", 0]],
    ],
)
def test_moments_may_count_from_any_kind(moments: object) -> None:
    validate_moments(moments)


@pytest.mark.parametrize(
    "moments",
    [
        [],
        {},
        "last_day",
        [["last_day"]],
        [["last_day", "-7"]],
        [["last_day", True]],
        [["last_day", -367]],
        [["last_day", 367]],
        [["someday", 0]],
        [["status_changed", 1]],
        [["last_day", -7], ["last_day", -7]],
        [["last_day", -days] for days in range(21)],
    ],
)
def test_moments_that_make_no_sense_are_refused(moments: object) -> None:
    with pytest.raises(ValidationError):
        validate_moments(moments)
