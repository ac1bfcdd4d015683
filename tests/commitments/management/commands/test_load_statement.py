"""The command `load_statement`: what a person at the command line sees."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from commitments.models import Commitment, Revision
from tests.commitments.record_state import changed_tables, whole_record
from tests.commitments.statement_files import as_file, whole_document

pytestmark = pytest.mark.django_db


def run(path: Path) -> list[str]:
    output = StringIO()
    call_command("load_statement", str(path), stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "statement.json"
    path.write_bytes(as_file(whole_document()))
    return path


def test_it_says_what_was_recorded_and_what_was_there(file: Path) -> None:
    assert run(file) == [
        "sources: 1 recorded, 0 already on record",
        "parties: 2 recorded, 0 already on record",
        "topics: 1 recorded, 0 already on record",
        "commitments: 2 recorded, 0 already on record",
    ]
    assert run(file) == [
        "sources: 0 recorded, 1 already on record",
        "parties: 0 recorded, 2 already on record",
        "topics: 0 recorded, 1 already on record",
        "commitments: 0 recorded, 2 already on record",
    ]


def test_it_writes_in_nobodys_name_and_at_the_time_zone_of_the_desk(
    file: Path, settings: Settings
) -> None:
    settings.DEFAULT_PLACE_TIME_ZONE = "Asia/Aqtau"
    run(file)
    assert set(Revision.objects.values_list("actor", flat=True)) == {None}
    assert set(Commitment.objects.values_list("time_zone", flat=True)) == {"Asia/Aqtau"}


def test_a_bad_file_is_told_and_loads_nothing(tmp_path: Path) -> None:
    document = whole_document()
    document["commitments"][1]["due"] = "2025-02-30"
    path = tmp_path / "statement.json"
    path.write_bytes(as_file(document))
    before = whole_record()
    with pytest.raises(CommandError) as caught:
        run(path)
    assert str(caught.value).splitlines() == [
        f"{path}: The file was not loaded; nothing was changed. Correct this:",
        (
            "line 40, commitments “launch”: due: 2025-02-30 is not a day: that month has 28 "
            "days. Correct the day or leave it out."
        ),
    ]
    assert changed_tables(before) == set()


def test_what_it_says_can_always_be_printed(tmp_path: Path) -> None:
    """A lone surrogate in the file must not break the error about it."""
    path = tmp_path / "statement.json"
    path.write_bytes(b'{"topics": [{"key": "\\ud83d", "name": "\\u001b[31m", "\\udfff": 1}]}')
    with pytest.raises(CommandError) as caught:
        run(path)
    message = str(caught.value).encode().decode()
    assert all(line.isprintable() for line in message.splitlines())


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_is_not_there_is_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path / name)
    assert str(caught.value) in {
        f"{tmp_path / name}: No such file or directory.",
        f"{tmp_path / name}: Is a directory.",
    }
