"""`manage.py find_commitments`: one JSON object for each candidate."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commitments.management.commands.find_commitments import MAX_BYTES

TEXT = "Mayor Ann Lee: Hello. The bridge will open next year.\n"
FOUND = {
    "start": 22,
    "end": 53,
    "quote": "The bridge will open next year.",
    "speaker": "Mayor Ann Lee",
    "date_words": "next year",
    "edtf": "2025",
    "kind": "milestone",
}


def _found(*args: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("find_commitments", *args, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_find_commitments_prints_one_object_a_line(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    found = _found(str(file), "--said-on", "2024-11-27", "--language", "en")
    assert found == [FOUND]
    assert list(found[0]) == list(FOUND)


def test_find_commitments_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Мост откроют весной 2025 года."
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    found = _found("-", "--language", "ru", "--said-on", "2024-11-27")
    assert [(one["quote"], one["edtf"]) for one in found] == [(text, "2025-21")]


def test_find_commitments_without_the_day_gives_relative_words_no_window(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert _found(str(file)) == [{**FOUND, "edtf": ""}]


def test_find_commitments_prints_nothing_where_nothing_is_promised(tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_bytes(b"")
    assert _found(str(file)) == []


@pytest.mark.parametrize(
    ("content", "args", "message"),
    [
        (None, (), "No such file or directory."),
        (b"a\xff", (), "not UTF-8 at byte 1: save the file as UTF-8."),
        (b"a" * (MAX_BYTES + 1), (), "larger than 5,000,000 bytes: cut it into parts."),
    ],
    ids=["missing", "encoding", "size"],
)
def test_find_commitments_says_in_one_line_what_is_wrong_with_a_file(
    tmp_path: Path, content: bytes | None, args: tuple[str, ...], message: str
) -> None:
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError) as error:
        _found(str(file), *args)
    assert str(error.value) == f"{file}: {message}"


def test_find_commitments_refuses_a_day_and_a_language_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as error:
        _found("-", "--said-on", "27.11.2024")
    assert str(error.value) == "--said-on: write the day as 2024-11-27, not 27.11.2024."
    with pytest.raises(CommandError, match="--language: invalid choice: 'kk'"):
        _found("-", "--language", "kk")
