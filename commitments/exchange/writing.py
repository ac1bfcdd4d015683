"""Rows as a file: CSV, XLSX and JSON. Equal rows give equal bytes, and no cell is a formula."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from commitments.exchange.columns import RECORD, SHEET_OF, written_columns
from commitments.exchange.formulas import neutralised

Rows = Mapping[str, Sequence[Mapping[str, str]]]

CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_BYTE_ORDER_MARK: Final = "\ufeff"
_ONE_DAY: Final = (1980, 1, 1, 0, 0, 0)
# What XML would change, and what looks like such an escape (ISO/IEC 29500-1, ST_Xstring).
_TO_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)|\r")


def written(rows: Rows, kind: str, *, languages: list[str]) -> bytes:
    """The bytes of a file of `kind` ("csv", "xlsx", "json"); `languages` have columns always."""
    return _WRITERS[kind](rows, languages)


def _columns_by_record(rows: Rows, languages: list[str]) -> dict[str, list[str]]:
    return {record: written_columns(record, rows[record], languages) for record in SHEET_OF}


def _csv(rows: Rows, languages: list[str]) -> bytes:
    """One table; the mark at its start lets Excel read other alphabets."""
    by_record = _columns_by_record(rows, languages).values()
    columns = list(dict.fromkeys([RECORD, *(name for names in by_record for name in names)]))
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    for record in SHEET_OF:
        for row in rows[record]:
            cells = {**row, RECORD: record}
            writer.writerow([neutralised(cells.get(name, "")) for name in columns])
    return (_BYTE_ORDER_MARK + file.getvalue()).encode()


def _json(rows: Rows, languages: list[str]) -> bytes:
    columns = _columns_by_record(rows, languages)
    listed = {
        SHEET_OF[record]: [
            {name: row.get(name, "") for name in columns[record]} for row in rows[record]
        ]
        for record in SHEET_OF
    }
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(rows: Rows, languages: list[str]) -> bytes:
    """A sheet for each kind of record; every cell is of the type text."""
    book = Workbook(write_only=True)
    columns = _columns_by_record(rows, languages)
    for record, title in SHEET_OF.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(columns[record])
        for row in rows[record]:
            sheet.append([_text_cell(sheet, row.get(name, "")) for name in columns[record]])
    file = BytesIO()
    book.save(file)
    return _without_clock(file.getvalue())


def _text_cell(sheet: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value="")
    cell._value = _TO_ESCAPE.sub(_escaped, text)  # noqa: SLF001  # the setter would find formulas
    cell.data_type = "s"
    return cell


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _without_clock(data: bytes) -> bytes:
    """The same workbook without the instant at which it was made."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", part)
            info = zipfile.ZipInfo(name, _ONE_DAY)
            new.writestr(info, part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_WRITERS: Final[Mapping[str, Callable[[Rows, list[str]], bytes]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
