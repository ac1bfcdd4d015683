"""The rule of phrases that count from another event: recomputed when the event moves."""

from __future__ import annotations

from datetime import date

import pytest

from commitments.exceptions import PhraseError
from commitments.phrases import AnchorRule, read_phrase


@pytest.mark.parametrize(
    ("amount", "unit", "day", "edtf"),
    [
        (40, "day", date(2024, 11, 27), "2024-11-27/2025-01-06"),
        (0, "day", date(2024, 11, 27), "2024-11-27/2024-11-27"),
        (2, "week", date(2024, 11, 27), "2024-11-27/2024-12-11"),
        (3, "month", date(2024, 11, 30), "2024-11-30/2025-02-28"),
        (1, "month", date(2024, 1, 31), "2024-01-31/2024-02-29"),
        (1, "month", date(2024, 12, 31), "2024-12-31/2025-01-31"),
        (1, "year", date(2024, 2, 29), "2024-02-29/2025-02-28"),
        (4, "year", date(2024, 2, 29), "2024-02-29/2028-02-29"),
    ],
)
def test_anchor_rule_counts_from_its_day(amount: int, unit: str, day: date, edtf: str) -> None:
    rule = AnchorRule("signing", amount, unit)  # type: ignore[arg-type]
    assert str(rule.window(day)) == edtf


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_anchor_rule_refuses_days_beyond_the_calendar(unit: str) -> None:
    rule = AnchorRule("signing", 999, unit)  # type: ignore[arg-type]
    with pytest.raises(PhraseError, match="beyond the year 9999"):
        rule.window(date(9999, 12, 31))


@pytest.mark.parametrize(
    ("language", "phrase", "amount", "unit"),
    [
        ("en", "within 40 days of the signing", 40, "day"),
        ("en", "within forty days after signing", 40, "day"),
        ("en", "within two months from the date of signature", 2, "month"),
        ("en", "within a year of its signing", 1, "year"),
        ("ru", "в течение 40 дней со дня подписания", 40, "day"),
        ("ru", "в течение сорока дней после подписания", 40, "day"),
        ("ru", "в течение двух месяцев с даты подписания договора", 2, "month"),
        ("ru", "в течение года с момента подписания", 1, "year"),
        ("kk", "қол қойылған күннен бастап 40 күн ішінде", 40, "day"),
        ("kk", "қол қойылғаннан кейін қырық күн ішінде", 40, "day"),
        ("kk", "қол қойылған соң екі ай ішінде", 2, "month"),
        ("kk", "қол қойылған күннен бастап бір жыл ішінде", 1, "year"),
    ],
)
def test_phrase_with_an_anchor_keeps_its_rule(
    language: str, phrase: str, amount: int, unit: str
) -> None:
    signing = date(2025, 3, 1)
    reading = read_phrase(phrase, said_on=None, language=language, anchors={"signing": signing})
    assert reading.is_relative
    assert reading.anchor == AnchorRule("signing", amount, unit)  # type: ignore[arg-type]
    assert reading.anchor is not None
    assert reading.window == reading.anchor.window(signing)


def test_phrase_counts_from_a_commitment_by_its_name() -> None:
    reading = read_phrase(
        "within 40 days of the first launch",
        said_on=None,
        language="en",
        anchors={"First launch": date(2025, 12, 1), "x" * 1000: date(2025, 1, 1)},
    )
    assert str(reading.window) == "2025-12-01/2026-01-10"
    assert reading.anchor == AnchorRule("First launch", 40, "day")


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("en", "within 40 days"),
        ("en", "within the next 40 days"),
        ("en", "within 40 days of this statement"),
        ("ru", "в течение 40 дней"),
        ("kk", "40 күн ішінде"),
    ],
)
def test_phrase_without_an_anchor_counts_from_the_source(language: str, phrase: str) -> None:
    reading = read_phrase(phrase, said_on=date(2024, 11, 27), language=language)
    assert str(reading.window) == "2024-11-27/2025-01-06"
    assert reading.anchor == AnchorRule("source", 40, "day")
    with pytest.raises(PhraseError, match="give the date of the source"):
        read_phrase(phrase, said_on=None, language=language)


def test_phrase_whose_anchor_has_no_day_is_refused() -> None:
    with pytest.raises(PhraseError, match=r"\(its entry into force\): give the date") as refused:
        read_phrase(
            "within 3 months of its entry into force",
            said_on=date(2024, 11, 27),
            language="en",
            anchors={"signing": date(2024, 11, 27)},
        )
    assert refused.value.field == "anchors"
