"""Files as programs of many countries write them, and files made for harm."""

from __future__ import annotations

import time
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest

from commitments.exchange.reading import read_rows
from commitments.exchange.upload import MOST_ROWS, FileRefused
from tests.commitments.exchange.files import a_row, csv_file, xlsx_file


def sentence_for(data: bytes) -> str:
    """The sentence with which a file is refused, within a second."""
    start = time.perf_counter()
    with pytest.raises(FileRefused) as refused:
        read_rows(data)
    assert time.perf_counter() - start < 1
    assert refused.value.field == "file"
    return refused.value.message


def zip_file(**parts: bytes) -> bytes:
    """A ZIP file that says that it is a workbook."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_programs_write_it_api15(encoding: str, delimiter: str) -> None:
    data = csv_file(a_row(title="Аллея, дружбы; и"), encoding=encoding, delimiter=delimiter)
    (row,) = read_rows(data)
    assert (row.record, row.number) == ("commitment", 2)
    assert row.cells == {"title": "Аллея, дружбы; и", "kind": "milestone"}


def test_formula_is_its_own_text_in_both_formats_api12() -> None:
    (of_csv,) = read_rows(csv_file({"title": "'=1+1", "summary": "=2"}))
    assert of_csv.cells == {"title": "=1+1", "summary": "=2"}
    (of_xlsx,) = read_rows(xlsx_file({"Sheet1": [["title"], ["=1+1"]]}))
    assert of_xlsx.cells == {"title": "=1+1"}


def test_cells_of_a_workbook_become_text() -> None:
    values = [2025, 30.5, 7.0, True, date(2025, 5, 18), datetime(2025, 5, 18), None]  # noqa: DTZ001  # as cells are
    names = ["window", "goal", "baseline", "independent", "date", "effective", "note"]
    (row,) = read_rows(xlsx_file({"Sheet1": [names, values]}))
    assert list(row.cells.values()) == [
        *("2025", "30.5", "7", "yes", "2025-05-18", "2025-05-18", ""),
    ]


def test_json_has_a_list_for_each_record_and_plain_values_become_text() -> None:
    rows = read_rows(
        b'{"topics": [{"key": "space", "name": "=Space"}], "values": ['
        b'{"commitment": "a", "value": 30.50, "period": 2024, "source": "b", "locator": null}]}'
    )
    assert [(row.record, row.place) for row in rows] == [
        ("topic", "topics 1"),
        ("value", "values 1"),
    ]
    assert rows[0].cells == {"key": "space", "name": "=Space"}
    assert list(rows[1].cells.values()) == ["a", "30.50", "2024", "b", ""]


def test_each_sheet_has_its_record_and_empty_rows_count_but_are_left_out() -> None:
    rows = read_rows(
        xlsx_file(
            {
                "topics": [["key", "name"], ["space", "Space"]],
                "Commitments": [["title", "kind"], [None, None], ["A bridge", "event"]],
            }
        )
    )
    assert [(row.record, row.place) for row in rows] == [
        ("topic", "topics 2"),
        ("commitment", "Commitments 3"),
    ]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (csv_file(a_row(title="Café"), encoding="cp1252"), "Line 2 is not UTF-8"),
        (csv_file(a_row(title="Мост"), encoding="cp1251"), "Line 2 is not UTF-8"),
        (csv_file(a_row(title="a\0b")), "NUL character in line 2"),
        ("title\nМост".encode("utf-16-le"), "NUL character in line 1"),
        (b"title,kind,Title\na,b,c\n", "“title” is there twice"),
        (b"title,colour\na,b\n", "There is no column “colour”"),
        (b"title\na,b\n", "Row 2 has more cells"),
        (b'title\n"a\n', "Line 2 is not CSV"),
        (b"", "The first row has to name the columns"),
        (b'{"commitments": [', "Line 1 is not JSON"),
        (b'{"commitments": {}}', "is no list of rows"),
        (b'{"colours": []}', "“colours” is no list of rows. Known: commitments, citations"),
        (b'{"topics": ["a"]}', "topics 1: a row has to be an object of plain texts"),
        (b'{"topics": [{"key": ["a"]}]}', "topics 1: a row has to be an object of plain texts"),
        (b'{"topics": [{"colour": "red"}]}', "topics: There is no column “colour”"),
        (b'{"topics": []}', "There are no rows"),
        (b'{"topics": ' + b"[" * 100_000, "not JSON"),
        (b'{"topics": [' + b"{}," * 100_001 + b"{}]}", "more than 100000 rows"),
        (b"title\n", "There are no rows"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "old Excel file"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (b"title\n" + b"a" * 200_000, "a cell is too long"),
        (b"title\n" + b"a\n" * (MOST_ROWS + 1), "more than 100000 rows"),
        (b"title\n" + b"a\n" * 1_000_001, "more than 100000 rows"),
        (b"t" * 50_000_001, "50 MB are read"),
        (zip_file(a=b"x"), "cannot be read"),
        (zip_file(a=b"<!DOCTYPE bomb []>"), "entities"),
        (zip_file(**{f"part{n}": b"" for n in range(1_000)}), "unpacks"),
    ],
)
def test_harmful_file_is_refused_in_a_second_with_a_sentence_api15(data: bytes, part: str) -> None:
    assert part in sentence_for(data)


def test_zip_bomb_is_refused_by_its_declared_size_api13() -> None:
    bomb = zip_file(sheet=bytes(200_000_000))
    assert len(bomb) < 1_000_000
    start = time.perf_counter()
    with pytest.raises(FileRefused, match="unpacks to 200 MB"):
        read_rows(bomb)
    assert time.perf_counter() - start < 0.05


def test_as_many_rows_as_may_be_are_read() -> None:
    assert len(read_rows(b"title\n" + b"a\n" * MOST_ROWS)) == MOST_ROWS


def test_lone_cell_in_the_last_corner_is_refused_in_a_second() -> None:
    far = xlsx_file({"Sheet1": [["title"], ["a"]]})
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(far)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                part = part.replace(b"</sheetData>", corner)
            new.writestr(name, part)
    assert "more than 100000 rows, empty ones included" in sentence_for(file.getvalue())
