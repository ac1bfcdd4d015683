"""`manage.py read_date`: one JSON object for each phrase."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

SPRING = {
    "edtf": "2025-21",
    "earliest": "2025-03-01",
    "latest": "2025-05-31",
    "words": {"en": "spring 2025", "ru": "весна 2025 года", "kk": "2025 жылдың көктемі"},
}


def _answers(*args: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("read_date", *args, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _give_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_read_date_prints_one_object() -> None:
    args = ("spring 2025", "--said-on", "2024-11-27", "--language", "en")
    assert _answers(*args) == [SPRING]


def test_read_date_reads_other_languages() -> None:
    assert _answers("весной 2025 года", "--language", "ru") == [SPRING]
    assert _answers("2025 жылдың көктемінде", "--language", "kk") == [SPRING]


@pytest.mark.parametrize(
    ("args", "edtf", "earliest", "latest"),
    [
        (("next year", "--said-on", "2024-11-27"), "2025", "2025-01-01", "2025-12-31"),
        (("by the end of 2026",), "../2026", None, "2026-12-31"),
        (("from April 2026",), "2026-04/..", "2026-04-01", None),
        (("soon",), "", None, None),
        (("",), "", None, None),
        (("2025-22", "--hemisphere", "south"), "2025-30", "2025-12-01", "2026-02-28"),
        (("in May", "--said-on", "2024-11-27"), "2025-05", "2025-05-01", "2025-05-31"),
        (("in May", "--said-on", "2024-11-27", "--past"), "2024-05", "2024-05-01", "2024-05-31"),
        (
            ("within 40 days of the signing", "--anchor", "signing=2024-11-27"),
            "2024-11-27/2025-01-06",
            "2024-11-27",
            "2025-01-06",
        ),
    ],
)
def test_read_date_gives_bounds(
    args: tuple[str, ...], edtf: str, earliest: str | None, latest: str | None
) -> None:
    (answer,) = _answers(*args)
    assert (answer["edtf"], answer["earliest"], answer["latest"]) == (edtf, earliest, latest)
    assert set(answer) == {"edtf", "earliest", "latest", "words"}


def test_read_date_refuses_one_phrase_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("read_date", "sprng 2025")
    assert ended.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"error", "nearest"}
    assert answer["error"].startswith("sprng 2025 is not understood as a date")
    assert answer["nearest"][0] == "spring 2025"


def test_read_date_answers_each_line_of_input(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["spring 2025\r\n", "sprng 2025\n", "\n", "весной\n", "a\x00b\n"]
    _give_input(monkeypatch, "".join(lines).encode() + b"\xff\n2026")
    answers = _answers()
    assert [answer.get("edtf") for answer in answers] == [
        "2025-21",
        None,
        "",
        None,
        None,
        None,
        "2026",
    ]
    assert answers[0] == SPRING
    assert "U+DCFF" in answers[5]["error"]


def test_read_date_survives_a_line_of_a_megabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    _give_input(monkeypatch, b"2" * 1_000_000 + b"\nspring 2025\n")
    first, second = _answers()
    assert first["error"].startswith("This is too long for a date")
    assert second == SPRING


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("x", "--said-on", "27.11.2024"), "--said-on: write the day as 2024-11-27"),
        (("x", "--anchor", "signing"), "--anchor: write a name and a day"),
        (("x", "--anchor", "=2024-11-27"), "--anchor: write a name and a day"),
        (("x", "--anchor", "signing=soon"), "--anchor: write the day as 2024-11-27"),
        (("x", "--language", "de"), "invalid choice"),
    ],
)
def test_read_date_refuses_bad_options(args: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("read_date", *args)
