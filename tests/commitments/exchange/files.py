"""Files for tests of import: rows as a person types them, and the record made from them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook

from commitments.actions.exchange import import_rows
from commitments.exchange.comparing import Comparison
from commitments.exchange.entries import Entry
from commitments.exchange.reading import read_rows
from commitments.exchange.rows import rows_of
from commitments.exchange.writing import written
from commitments.models import Commitment, User
from tests.builders import NOW

LANGUAGES = ["ru", "kk"]
Row = Mapping[str, str]


def csv_file(*rows: Row, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A table with the columns of all `rows`."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return file.getvalue().encode(encoding)


def xlsx_file(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook with `sheets`, each a list of rows of cells."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def a_row(**cells: str) -> dict[str, str]:
    """A row about a new commitment."""
    return {"title": "A bridge", "kind": "milestone", **cells}


def compared(data: bytes, *, publish: bool = False) -> list[Entry]:
    """What each row of a file would do."""
    rows = read_rows(data)
    return list(Comparison(rows, now=NOW, time_zone="Asia/Almaty", publish=publish).entries())


def problems(data: bytes, *, publish: bool = False) -> list[tuple[int, str, str]]:
    """What is wrong: row, column, sentence."""
    return [
        (entry.row.number, problem.column, problem.sentence)
        for entry in compared(data, publish=publish)
        for problem in entry.problems
    ]


def load(data: bytes, actor: User, *, publish: bool = False) -> int:
    """Import a file; returns how many rows were done."""
    rows = read_rows(data)
    done = import_rows(rows=rows, actor=actor, now=NOW, time_zone="Asia/Almaty", publish=publish)
    return list(done)[-1]


def exported(kind: str) -> bytes:
    """All of the record as a file."""
    return written(rows_of(Commitment.objects.all()), kind, languages=LANGUAGES)
